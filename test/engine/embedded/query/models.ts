import type { InframeSession } from '../../../../src/index.js';
import { graph } from '../../../../src/udf/onnx/build.js';
import type { ModelProto } from '../../../../src/udf/onnx/onnx_pb.js';
import { LINEAR, linear } from '../../../support/models.js';
import { saveModel } from '../../../support/tables.js';

/*
 * The models that the statements call, each with its closed form as a macro of plain DuckDB. Arithmetic is in float32 on
 * both sides and in the same order, so that answers are equal to the last bit; a null argument gives a null.
 */

const { a, c, b } = LINEAR;

/** `2x + 4z + 1` over two inputs, so that arguments have names. */
function pair(): ModelProto {
  return graph({
    inputs: ['x', 'z'].map(name => ({ name, dtype: 'float32', dims: ['N'] })),
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N'] }],
    nodes: [
      { op: 'Mul', inputs: ['x', 'a'], outputs: ['ax'] },
      { op: 'Mul', inputs: ['z', 'c'], outputs: ['cz'] },
      { op: 'Add', inputs: ['ax', 'cz'], outputs: ['sum'] },
      { op: 'Add', inputs: ['sum', 'b'], outputs: ['y'] },
    ],
    initializers: Object.entries({ a, c, b }).map(([name, value]) => ({
      name,
      dtype: 'float32',
      dims: [1],
      data: [value],
    })),
  });
}

/** Two outputs: `a` is 2x and `b` is x + 1. */
function twoOutputs(): ModelProto {
  return graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N'] }],
    outputs: ['a', 'b'].map(name => ({ name, dtype: 'float32', dims: ['N'] })),
    nodes: [
      { op: 'Add', inputs: ['x', 'x'], outputs: ['a'] },
      { op: 'Add', inputs: ['x', 'one'], outputs: ['b'] },
    ],
    initializers: [{ name: 'one', dtype: 'float32', dims: [1], data: [1] }],
  });
}

/** A list of three: x, 2x and x + 1. */
function embedding(): ModelProto {
  return graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 1] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 3] }],
    nodes: [
      { op: 'MatMul', inputs: ['x', 'w'], outputs: ['product'] },
      { op: 'Add', inputs: ['product', 'b'], outputs: ['y'] },
    ],
    initializers: [
      { name: 'w', dtype: 'float32', dims: [1, 3], data: [1, 2, 1] },
      { name: 'b', dtype: 'float32', dims: [3], data: [0, 0, 1] },
    ],
  });
}

const MODELS: Readonly<Record<string, { readonly model: () => ModelProto; readonly macro: string }>> = {
  // Two numbers, or a list of two.
  m: {
    model: () => linear(),
    macro: `(px, pz) AS (${a} * px::FLOAT + ${c} * pz::FLOAT + ${b})::FLOAT,
            (list) AS (${a} * list[1]::FLOAT + ${c} * list[2]::FLOAT + ${b})::FLOAT`,
  },
  n: { model: () => linear('N', 8), macro: `(px, pz) AS (8 * px::FLOAT + ${c} * pz::FLOAT + ${b})::FLOAT` },
  pair: { model: pair, macro: `(x, z) AS (${a} * x::FLOAT + ${c} * z::FLOAT + ${b})::FLOAT` },
  m2: {
    model: twoOutputs,
    macro: `(x) AS CASE WHEN x IS NOT NULL
              THEN {'a': (2 * x::FLOAT)::FLOAT, 'b': (x::FLOAT + 1)::FLOAT} END`,
  },
  emb: {
    model: embedding,
    macro: `(x) AS (CASE WHEN x IS NOT NULL
              THEN [x::FLOAT, (2 * x::FLOAT)::FLOAT, (x::FLOAT + 1)::FLOAT] END)::FLOAT[3]`,
  },
};

export const MODEL_NAMES: readonly string[] = Object.keys(MODELS);

/** One macro a model, under its name. */
export const MACROS: readonly string[] = Object.entries(MODELS).map(
  ([name, { macro }]) => `CREATE MACRO ${name}${macro}`,
);

/** Saves all of them in a folder and makes them callable in the session. */
export async function registerModels(session: InframeSession, folder: string): Promise<void> {
  for (const [name, { model }] of Object.entries(MODELS)) {
    session.register(name, await session.model(await saveModel(folder, `${name}.onnx`, model())));
  }
}
