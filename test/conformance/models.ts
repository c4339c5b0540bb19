import { graph } from '../../src/udf/onnx/build.js';
import type { ModelProto } from '../../src/udf/onnx/onnx_pb.js';
import { baked, linear, lookup, stuck, unary } from '../support/models.js';

/*
 * The networks that operations call: all have a closed form, exact in float32.
 */

/** Of two numbers: `sum` and `difference`, [N] each, and both as one list `[N, 2]`. */
function several(): ModelProto {
  const inputs = (['a', 'b'] as const).map(name => ({ name, dtype: 'float32' as const, dims: ['N', 1] }));
  return graph({
    inputs,
    outputs: [
      { name: 'sum', dtype: 'float32', dims: ['N', 1] },
      { name: 'difference', dtype: 'float32', dims: ['N', 1] },
      { name: 'both', dtype: 'float32', dims: ['N', 2] },
    ],
    nodes: [
      { op: 'Add', inputs: ['a', 'b'], outputs: ['sum'] },
      { op: 'Sub', inputs: ['a', 'b'], outputs: ['difference'] },
      { op: 'Concat', inputs: ['a', 'b'], outputs: ['both'], attributes: { axis: 1 } },
    ],
  });
}

/** The mean of each channel of pictures of 2 x 2 pixels, as networks that classify end: `[N, 3, 1, 1]`. */
function colours(): ModelProto {
  return graph({
    inputs: [{ name: 'pixels', dtype: 'float32', dims: ['N', 3, 2, 2] }],
    outputs: [{ name: 'means', dtype: 'float32', dims: ['N', 3, 1, 1] }],
    nodes: [{ op: 'GlobalAveragePool', inputs: ['pixels'], outputs: ['means'] }],
  });
}

/** Two boxes in every picture: its left half, as sure as 3/4 of the first channel, and its right half, as 1/8 of it. */
function halves(): ModelProto {
  return graph({
    inputs: [{ name: 'pixels', dtype: 'float32', dims: ['N', 3, 2, 2] }],
    outputs: [
      { name: 'boxes', dtype: 'float32', dims: ['N', 2, 4] },
      { name: 'scores', dtype: 'float32', dims: ['N', 2, 1] },
    ],
    nodes: [
      { op: 'GlobalAveragePool', inputs: ['pixels'], outputs: ['means'] },
      { op: 'Flatten', inputs: ['means'], outputs: ['flat'], attributes: { axis: 1 } },
      { op: 'MatMul', inputs: ['flat', 'surety'], outputs: ['sure'] },
      { op: 'Reshape', inputs: ['sure', 'scoresShape'], outputs: ['scores'] },
      { op: 'MatMul', inputs: ['flat', 'nothing'], outputs: ['zeros'] },
      { op: 'Add', inputs: ['zeros', 'corners'], outputs: ['placed'] },
      { op: 'Reshape', inputs: ['placed', 'boxesShape'], outputs: ['boxes'] },
    ],
    initializers: [
      { name: 'surety', dtype: 'float32', dims: [3, 2], data: [0.75, 0.125, 0, 0, 0, 0] },
      { name: 'nothing', dtype: 'float32', dims: [3, 8], data: Array.from({ length: 24 }, () => 0) },
      { name: 'corners', dtype: 'float32', dims: [8], data: [0, 0, 1, 2, 1, 0, 2, 2] },
      { name: 'scoresShape', dtype: 'int64', dims: [3], data: [0n, 2n, 1n] },
      { name: 'boxesShape', dtype: 'int64', dims: [3], data: [0n, 2n, 4n] },
    ],
  });
}

/** Some numbers for each token, looked up by its id. */
function ofTokens(output: string, width: number, numbers: (id: number) => readonly number[]): ModelProto {
  const ids = Array.from({ length: VOCABULARY }, (_, id) => id);
  return graph({
    inputs: ['input_ids', 'attention_mask'].map(name => ({ name, dtype: 'int64', dims: ['N', 'L'] })),
    outputs: [{ name: output, dtype: 'float32', dims: ['N', 'L', width] }],
    nodes: [{ op: 'Gather', inputs: ['table', 'input_ids'], outputs: [output], attributes: { axis: 0 } }],
    initializers: [{ name: 'table', dtype: 'float32', dims: [VOCABULARY, width], data: ids.flatMap(numbers) }],
  });
}

/** Tokens of `test/udf/adapters/text/data/bert-uncased.json`. */
const VOCABULARY = 420;
/** Of the same file: `ca` and `##t`. */
const [CA, T] = [219, 123];

export const MODELS = Object.freeze({
  /** 2a + 4b + 1 of two numbers. */
  linear: linear(),
  /** The same with a batch that is fixed in the file, in three ways. */
  'linear of 1': linear(1),
  'linear of 3, reshaped': baked(3),
  'linear of 3, stuck': stuck(3),
  /** 10k for k from 0 to 3; fails on others. */
  lookup: lookup(),
  several: several(),
  /** The same, element by element. */
  'identity of texts': unary('Identity', 'string'),
  'identity of booleans': unary('Identity', 'bool'),
  'identity of float64': unary('Identity', 'float64'),
  'negation of int64': unary('Neg', 'int64'),
  'negation of vectors': unary('Neg', 'float32', ['N', 3]),
  'negation of matrices': unary('Neg', 'float32', ['N', 2, 2]),
  /** Rows may be of any length. */
  'negation of lists': unary('Neg', 'float32', ['N', 'M']),
  colours: colours(),
  halves: halves(),
  /** For each token its id, and 1. */
  'ids of tokens': ofTokens('last_hidden_state', 2, id => [id, 1]),
  /** For each token: 16 for the second class of `ca`, the third of `##t`, and the first of all others; else 0. */
  cats: ofTokens('logits', 3, id => [id === CA || id === T ? 0 : 16, id === CA ? 16 : 0, id === T ? 16 : 0]),
  'four samples': unary('Identity', 'float32', ['N', 4]),
});

export type ModelName = keyof typeof MODELS;
