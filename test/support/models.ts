import { graph } from '../../src/udf/onnx/build.js';
import type { ModelProto } from '../../src/udf/onnx/onnx_pb.js';

/*
 * Small models whose answers have a closed form. Coefficients are powers of two and small whole numbers, so that float32
 * arithmetic is exact and answers can be compared with ===.
 */

/** y = 2x + 4z + 1, over one input `in` of two values a row. */
export const LINEAR = { a: 2, c: 4, b: 1 } as const;

export function linear(batch: string | number = 'N', slope: number = LINEAR.a): ModelProto {
  return graph({
    inputs: [{ name: 'in', dtype: 'float32', dims: [batch, 2] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: [batch, 1] }],
    nodes: [
      { op: 'MatMul', inputs: ['in', 'w'], outputs: ['product'] },
      { op: 'Add', inputs: ['product', 'b'], outputs: ['y'] },
    ],
    initializers: [
      { name: 'w', dtype: 'float32', dims: [2, 1], data: [slope, LINEAR.c] },
      { name: 'b', dtype: 'float32', dims: [1], data: [LINEAR.b] },
    ],
  });
}

/**
 * The same function behind a Reshape to `[batch, 2]`, as exporters bake it in. With `tied` the constant also takes part
 * in arithmetic by row position, so that it cannot be made free: row i of every batch is told by its position.
 */
export function baked(batch: number): ModelProto {
  return graph({
    inputs: [{ name: 'in', dtype: 'float32', dims: [batch, 2] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: [batch, 1] }],
    nodes: [
      { op: 'Reshape', inputs: ['in', 'shape'], outputs: ['flat'] },
      { op: 'MatMul', inputs: ['flat', 'w'], outputs: ['product'] },
      { op: 'Add', inputs: ['product', 'b'], outputs: ['y'] },
    ],
    initializers: [
      { name: 'shape', dtype: 'int64', dims: [2], data: [BigInt(batch), 2n] },
      { name: 'w', dtype: 'float32', dims: [2, 1], data: [LINEAR.a, LINEAR.c] },
      { name: 'b', dtype: 'float32', dims: [1], data: [LINEAR.b] },
    ],
  });
}

/** The same function over a batch that cannot be made free: a constant of the batch's shape is added. */
export function stuck(batch: number): ModelProto {
  return graph({
    inputs: [{ name: 'in', dtype: 'float32', dims: [batch, 2] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: [batch, 1] }],
    nodes: [
      { op: 'MatMul', inputs: ['in', 'w'], outputs: ['product'] },
      { op: 'Add', inputs: ['product', 'ones'], outputs: ['y'] },
    ],
    initializers: [
      { name: 'w', dtype: 'float32', dims: [2, 1], data: [LINEAR.a, LINEAR.c] },
      { name: 'ones', dtype: 'float32', dims: [batch, 1], data: Array.from({ length: batch }, () => LINEAR.b) },
    ],
  });
}

/** y = table[k]: fails on a row whose `k` is not in 0 ... size-1 (or -size ... -1). */
export function lookup(size = 4, batch: string | number = 'N'): ModelProto {
  return graph({
    inputs: [{ name: 'k', dtype: 'int64', dims: [batch] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: [batch] }],
    nodes: [{ op: 'Gather', inputs: ['table', 'k'], outputs: ['y'], attributes: { axis: 0 } }],
    initializers: [
      { name: 'table', dtype: 'float32', dims: [size], data: Array.from({ length: size }, (_, index) => index * 10) },
    ],
  });
}

/** One operator over one input, the output of the same type and shape unless told. */
export function unary(
  op: string,
  dtype: Parameters<typeof graph>[0]['inputs'][number]['dtype'],
  dims: readonly (string | number)[] = ['N'],
  out: { readonly dtype?: typeof dtype; readonly dims?: readonly (string | number)[] | undefined } = {},
  attributes: NonNullable<Parameters<typeof graph>[0]['nodes'][number]['attributes']> = {},
): ModelProto {
  return graph({
    inputs: [{ name: 'x', dtype, dims }],
    outputs: [{ name: 'y', dtype: out.dtype ?? dtype, ...('dims' in out ? { dims: out.dims } : { dims }) }],
    nodes: [{ op, inputs: ['x'], outputs: ['y'], attributes }],
  });
}
