import ort from 'onnxruntime-node';
import { graph, type ModelSpec } from '../../../../src/udf/onnx/build.js';
import type { Dim } from '../../../../src/udf/onnx/dims.js';
import type { Dtype } from '../../../../src/udf/onnx/dtype.js';
import type { ModelProto } from '../../../../src/udf/onnx/onnx_pb.js';

/** Versions of ONNX's own operators in which something we use changed, and those around them. */
export const OPSETS = [7, 8, 9, 10, 11, 12, 13, 17, 18, 21] as const;

/** A network that gives what it is fed, as another type if told: what stands before or behind it shows as it is. */
export function passing(
  dims: readonly Dim[] | undefined,
  options: { readonly opset?: number; readonly dtype?: Dtype; readonly gives?: Dtype } = {},
): ModelProto {
  const { opset = 17, dtype = 'float32', gives = dtype } = options;
  const inner: ModelSpec['nodes'][number] =
    dtype === gives
      ? { op: 'Identity', inputs: ['x'], outputs: ['y'] }
      : { op: 'Cast', inputs: ['x'], outputs: ['y'], attributes: { to: CODES[gives]! } };
  return graph({
    opset,
    inputs: [{ name: 'x', dtype, dims }],
    outputs: [{ name: 'y', dtype: gives, dims }],
    nodes: [inner],
  });
}

/** TensorProto.DataType. */
const CODES: Partial<Record<Dtype, number>> = { float32: 1, uint8: 2, int64: 7, float16: 10, float64: 11 };

export function bytes(dims: readonly number[], data: ArrayLike<number>): ort.Tensor {
  return new ort.Tensor('uint8', Uint8Array.from(data), [...dims]);
}

export function longs(dims: readonly number[], data: readonly number[]): ort.Tensor {
  return new ort.Tensor('int64', BigInt64Array.from(data, BigInt), [...dims]);
}

export function doubles(dims: readonly number[], data: ArrayLike<number>): ort.Tensor {
  return new ort.Tensor('float64', Float64Array.from(data), [...dims]);
}
