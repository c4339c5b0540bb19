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
});

export type ModelName = keyof typeof MODELS;
