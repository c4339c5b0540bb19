import { create } from '@bufbuild/protobuf';
import { InframeError } from '../../frame/errors.js';
import { type Dtype, dtypeCode } from './dtype.js';
import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType, TensorProtoSchema } from './onnx_pb.js';

/** What {@link tensor} accepts as elements: a typed array of the very type, numbers, bigints, booleans or strings. */
export type TensorData =
  | ArrayBufferView
  | readonly number[]
  | readonly bigint[]
  | readonly boolean[]
  | readonly string[];

type ArrayType = {
  readonly name: string;
  from(values: ArrayLike<number> & ArrayLike<bigint>): ArrayBufferView;
  readonly prototype: object;
};

/** The typed array whose memory is ONNX raw_data for a type (little-endian, which every platform of Node is). */
const ARRAYS: Readonly<Record<Exclude<Dtype, 'string'>, unknown>> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
};

/**
 * A constant tensor (TensorProto) from plain values. Strings go into string_data as UTF-8, everything else into
 * raw_data. float16 is given as its 16-bit patterns (Uint16Array), bool as 0/1 or booleans.
 *
 * @throws InframeError ARGUMENT_INVALID when the number of elements is not the product of `dims`, or a typed array is
 *   of another type than `dtype`.
 */
export function tensor(name: string, dtype: Dtype, dims: readonly number[], data: TensorData): TensorProto {
  const elements = dims.reduce((product, dim) => product * dim, 1);
  const given = 'length' in data ? (data.length as number) : Number.NaN;
  if (given !== elements) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `tensor '${name}' has ${given} elements, but its dimensions [${dims.join(', ')}] ask for ${elements}`,
    );
  }
  const head = { name, dims: dims.map(BigInt), dataType: dtypeCode(dtype) };
  if (dtype === 'string') {
    const encoder = new TextEncoder();
    return create(TensorProtoSchema, {
      ...head,
      stringData: Array.from(data as readonly string[], text => encoder.encode(text)),
    });
  }
  return create(TensorProtoSchema, { ...head, rawData: rawBytes(name, dtype, data) });
}

function rawBytes(name: string, dtype: Exclude<Dtype, 'string'>, data: TensorData): Uint8Array {
  const arrayType = ARRAYS[dtype] as ArrayType;
  if (ArrayBuffer.isView(data)) {
    if (Object.getPrototypeOf(data) !== arrayType.prototype) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `tensor '${name}' is ${dtype} and takes a ${arrayType.name}, not a ${data.constructor.name}`,
      );
    }
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  const wide = dtype === 'int64' || dtype === 'uint64';
  const values = Array.from(data as readonly unknown[], value =>
    wide ? BigInt(value as bigint | number) : Number(value),
  );
  const array = arrayType.from(values as unknown as ArrayLike<number> & ArrayLike<bigint>);
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/**
 * The values of a small int64 constant such as Reshape's shape, wherever the file keeps them (raw_data or int64_data).
 * Undefined when the tensor is of another type, kept in another file, or says it has another number of values than it
 * holds.
 */
export function int64Values(source: TensorProto): bigint[] | undefined {
  if (source.dataType !== TensorProto_DataType.INT64) return undefined;
  if (source.dataLocation === TensorProto_DataLocation.EXTERNAL) return undefined;
  const values = source.rawData.length > 0 ? readInt64s(source.rawData) : source.int64Data;
  return values !== undefined && BigInt(values.length) === elementCount(source.dims) ? [...values] : undefined;
}

function readInt64s(bytes: Uint8Array): bigint[] | undefined {
  if (bytes.length % 8 !== 0) return undefined;
  // A DataView, because raw_data begins anywhere in the file and a BigInt64Array must begin at a multiple of 8.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 8 }, (_, index) => view.getBigInt64(index * 8, true));
}

/** How many elements a tensor of these dimensions has; 0 when a dimension is negative, which no valid file says. */
export function elementCount(dims: readonly bigint[]): bigint {
  return dims.reduce((product, dim) => product * (dim < 0n ? 0n : dim), 1n);
}
