import { InframeError } from '../frame/errors.js';
import { type DataType, isInteger, typeName } from '../frame/types.js';
import type { Dtype } from './signature.js';

/** Values of a numeric tensor or column, as the native libraries hand them over. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** A new array for elements of a tensor that is not of strings. float16 never comes here: graphs cast it (GraphEdits). */
export function numericArray(dtype: Dtype, length: number): NumericArray {
  switch (dtype) {
    case 'float32':
      return new Float32Array(length);
    case 'float64':
      return new Float64Array(length);
    case 'int8':
      return new Int8Array(length);
    case 'int16':
      return new Int16Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'int64':
      return new BigInt64Array(length);
    case 'uint8':
    case 'bool':
      return new Uint8Array(length);
    case 'uint16':
      return new Uint16Array(length);
    case 'uint32':
      return new Uint32Array(length);
    case 'uint64':
      return new BigUint64Array(length);
    case 'float16':
    case 'string':
      throw new InframeError('INTERNAL', `tensor type ${dtype} has no numeric array`);
  }
}

const COLUMN_TYPES: Readonly<Record<Dtype, DataType>> = {
  float16: { kind: 'float32' },
  float32: { kind: 'float32' },
  float64: { kind: 'float64' },
  int8: { kind: 'int8' },
  int16: { kind: 'int16' },
  int32: { kind: 'int32' },
  int64: { kind: 'int64' },
  uint8: { kind: 'uint8' },
  uint16: { kind: 'uint16' },
  uint32: { kind: 'uint32' },
  uint64: { kind: 'uint64' },
  bool: { kind: 'boolean' },
  string: { kind: 'string' },
};

/** The column type that holds elements of a tensor. */
export function columnTypeOf(dtype: Dtype): DataType {
  return COLUMN_TYPES[dtype];
}

/** How a column travels to a tensor. */
export interface Transport {
  /** The type the column is read as; it may be cast to it on the way out of the file. */
  readonly type: DataType;
  /** True if the cast can fail for a value that does not fit; such a row is a failed row. */
  readonly narrowing: boolean;
}

const FLOATS: ReadonlySet<Dtype> = new Set<Dtype>(['float16', 'float32', 'float64']);
const INTEGERS: ReadonlySet<Dtype> = new Set<Dtype>([
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
]);

/** Integer kinds whose arrays JavaScript converts to floats by itself; wider ones are cast to float64 first. */
const NATIVE: ReadonlySet<string> = new Set(['int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32']);

/** Every value of the first fits the second. */
const WIDENS: Readonly<Record<string, readonly string[]>> = {
  int8: ['int16', 'int32', 'int64'],
  int16: ['int32', 'int64'],
  int32: ['int64'],
  int64: [],
  uint8: ['uint16', 'uint32', 'uint64', 'int16', 'int32', 'int64'],
  uint16: ['uint32', 'uint64', 'int32', 'int64'],
  uint32: ['uint64', 'int64'],
  uint64: [],
};

/**
 * How values of a column type reach a tensor of a dtype, or undefined where they cannot without a person's decision
 * (a string to a number, a float to an integer, a timestamp to anything).
 */
export function transportOf(type: DataType, dtype: Dtype): Transport | undefined {
  const target = columnTypeOf(dtype);
  if (type.kind === 'null') return { type: target, narrowing: false };
  if (FLOATS.has(dtype)) {
    if (type.kind === 'float32' || type.kind === 'float64' || NATIVE.has(type.kind)) return { type, narrowing: false };
    if (type.kind === 'boolean') return { type: { kind: 'uint8' }, narrowing: false };
    if (isInteger(type) || type.kind === 'decimal') return { type: { kind: 'float64' }, narrowing: false };
    return undefined;
  }
  if (INTEGERS.has(dtype)) {
    if (type.kind === 'boolean') return { type: target, narrowing: false };
    if (!isInteger(type)) return undefined;
    const wide = type.kind === target.kind || (WIDENS[type.kind]?.includes(target.kind) ?? false);
    return { type: target, narrowing: !wide };
  }
  if (dtype === 'bool') return type.kind === 'boolean' ? { type, narrowing: false } : undefined;
  if (type.kind === 'string' || type.kind === 'enum' || type.kind === 'uuid') {
    return { type: { kind: 'string' }, narrowing: false };
  }
  return undefined;
}

/** Column types that {@link transportOf} accepts for a dtype, as a phrase for messages and `inspect`. */
export function acceptedTypes(dtype: Dtype): string {
  if (FLOATS.has(dtype)) return 'numbers and booleans';
  if (INTEGERS.has(dtype)) return 'integers and booleans';
  return dtype === 'bool' ? 'booleans' : 'strings';
}

/** The error for a column whose type cannot feed an input. */
export function typeMismatch(what: string, type: DataType, input: string): InframeError {
  return new InframeError(
    'TYPE_MISMATCH',
    `column '${what}' is ${typeName(type)}, which cannot feed ${input}; cast it or choose another column`,
    { column: what, type: typeName(type) },
  );
}
