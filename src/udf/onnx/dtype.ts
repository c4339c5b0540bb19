import { TensorProto_DataType as T } from './onnx_pb.js';

/**
 * Element types of tensors that inframe can put into or take out of a model; the names are ONNX Runtime's for
 * JavaScript.
 */
export type Dtype =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'bool'
  | 'string';

const CODES: Readonly<Record<Dtype, T>> = {
  float32: T.FLOAT,
  float64: T.DOUBLE,
  float16: T.FLOAT16,
  int8: T.INT8,
  int16: T.INT16,
  int32: T.INT32,
  int64: T.INT64,
  uint8: T.UINT8,
  uint16: T.UINT16,
  uint32: T.UINT32,
  uint64: T.UINT64,
  bool: T.BOOL,
  string: T.STRING,
};

const NAMES: ReadonlyMap<number, Dtype> = new Map(
  (Object.entries(CODES) as [Dtype, T][]).map(([name, code]) => [code, name]),
);

/**
 * Names of the remaining element types, for error messages.
 * Source: enum TensorProto.DataType in https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
const OTHERS: Readonly<Record<number, string>> = {
  0: 'undefined',
  14: 'complex64',
  15: 'complex128',
  16: 'bfloat16',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
};

/** The number that stands for an element type in an ONNX file (TensorProto.DataType). */
export function dtypeCode(dtype: Dtype): T {
  return CODES[dtype];
}

/** The element type behind a TensorProto.DataType number; undefined for those inframe does not handle. */
export function dtypeOfCode(code: number): Dtype | undefined {
  return NAMES.get(code);
}

/** What to call any TensorProto.DataType number in a message to a person. */
export function codeName(code: number): string {
  return NAMES.get(code) ?? OTHERS[code] ?? `element type ${code}`;
}

/** Every {@link Dtype}, for messages that say what there is. */
export const DTYPES: readonly Dtype[] = Object.keys(CODES) as Dtype[];
