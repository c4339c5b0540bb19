import { writeFile } from 'node:fs/promises';
import type { Expr } from '../frame/expr.js';
import type { ModelCall } from '../frame/model.js';
import type { Metric } from '../frame/plan-verbs.js';
import type { DataType } from '../frame/types.js';
import { outputType } from './adapters/output-types.js';
import type { NetworkCallDescriptor } from './descriptor.js';
import { callHash } from './model-reference.js';
import { graph, type ModelSpec } from './onnx/build.js';
import { readModel, serializeModel } from './onnx/file.js';

/** Vectors of some rows, one behind the other in rows of `size`, and the numbers of these rows; -1 where there is none. */
export interface VectorBlock {
  readonly size: number;
  /** Ready for {@link blockModel}: of length 1 for `cosine`. */
  readonly vectors: Float32Array;
  readonly numbers: BigInt64Array;
}

/** Bytes of scores that one run of the network gives before the best are chosen. */
const SCORE_BYTES = 32 * 1024 * 1024;

const MOST_BATCH_ROWS = 1024;

/**
 * A network that compares a vector with all of a block and gives the best `kept`: their row numbers, and for each
 *
 * - `dot`: q·v
 * - `cosine`: q·v, v being of length 1: the cosine times the length of q
 * - `l2`: 2 q·v - |v|², which is |q|² less the square of the distance
 *
 * so that the greatest is nearest. It is a matrix product, for which ONNX Runtime uses all there is in a processor.
 */
export function blockModel({ size, vectors, numbers }: VectorBlock, metric: Metric, kept: number): ModelSpec {
  const rows = numbers.length;
  const factors = metric === 'l2' ? vectors.map(value => 2 * value) : vectors;
  const bias =
    metric === 'l2'
      ? [{ name: 'squares', dtype: 'float32', dims: [rows], data: negativeSquares(vectors, size) } as const]
      : [];
  return {
    inputs: [{ name: 'vector', dtype: 'float32', dims: ['N', size] }],
    outputs: [
      { name: 'row', dtype: 'int64', dims: ['N', kept] },
      { name: 'score', dtype: 'float32', dims: ['N', kept] },
    ],
    nodes: [
      {
        op: 'Gemm',
        inputs: ['vector', 'block', ...bias.map(({ name }) => name)],
        outputs: ['scores'],
        attributes: { transB: 1 },
      },
      { op: 'TopK', inputs: ['scores', 'kept'], outputs: ['score', 'place'] },
      { op: 'Gather', inputs: ['numbers', 'place'], outputs: ['row'] },
    ],
    initializers: [
      { name: 'block', dtype: 'float32', dims: [rows, size], data: factors },
      ...bias,
      { name: 'kept', dtype: 'int64', dims: [1], data: [BigInt(kept)] },
      { name: 'numbers', dtype: 'int64', dims: [rows], data: numbers },
    ],
  };
}

function negativeSquares(vectors: Float32Array, size: number): Float32Array {
  const squares = new Float32Array(vectors.length / size);
  for (let row = 0; row < squares.length; row++) {
    let sum = 0;
    for (let at = row * size; at < (row + 1) * size; at++) sum += vectors[at]! * vectors[at]!;
    squares[row] = -sum;
  }
  return squares;
}

/**
 * Writes the network of a block and gives the call of it on a column of vectors, `list<float64>`, all of the block's size.
 *
 * @param threads inside one run; no other worker runs it at the same time
 */
export async function blockCall(
  block: VectorBlock,
  metric: Metric,
  kept: number,
  path: string,
  vector: Expr,
  threads: number,
): Promise<ModelCall> {
  await writeFile(path, serializeModel(graph(blockModel(block, metric, kept))));
  const { sha256, bytes } = await readModel(path);
  const outputs = [
    { name: 'row', dtype: 'int64', rowDims: [kept] },
    { name: 'score', dtype: 'float32', rowDims: [kept] },
  ] as const;
  const rest = {
    kind: 'model',
    model: {
      path,
      sha256,
      bytes,
      threads,
      workers: 1,
      edits: {
        batch: { kind: 'free', freed: false },
        transposedInputs: [],
        encodedInputs: [],
        widenedInputs: [],
        widenedOutputs: [],
        outputs: outputs.map(({ name }) => name),
      },
    },
    modelName: 'nearest',
    inputs: [{ name: 'vector', dtype: 'float32', layout: 'list', columns: 1, rowDims: [block.size] }],
    outputs,
    misfits: 0,
    nulls: 'null',
    onError: 'fail',
    batchRows: Math.max(1, Math.min(MOST_BATCH_ROWS, Math.floor(SCORE_BYTES / (4 * block.numbers.length)))),
  } as const satisfies Omit<NetworkCallDescriptor, 'key'>;
  const descriptor: NetworkCallDescriptor = { ...rest, key: callHash(rest) };
  const fields = outputs.map(output => ({ name: output.name, type: outputType(output) }));
  const type: DataType = { kind: 'struct', fields };
  const argTypes: readonly DataType[] = [{ kind: 'list', element: { kind: 'float64' } }];
  return { modelName: 'nearest', deterministic: true, args: [vector], argTypes, descriptor, outputs: fields, type };
}
