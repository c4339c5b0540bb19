import { DataType as ArrowTypes, type Data, DateUnit, IntervalUnit, Precision, TimeUnit } from 'apache-arrow';
import { InframeError } from '../../frame/errors.js';
import type { DataType } from '../../frame/types.js';
import { bitAt } from './bits.js';
import { decimalWidth } from './widen.js';

/** Bytes ready to be copied into a DuckDB vector. */
export interface Bytes {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
}

/**
 * The values `start` to `start + count` of a fixed-width Arrow column in DuckDB's layout: a view of the Arrow buffer where
 * the layouts agree, a converted copy where they do not.
 *
 * @param validity of those values, or null; only valid values can be out of range
 * @throws InframeError TYPE_MISMATCH where a value does not fit DuckDB's type
 */
export function fixedBytes(
  data: Data,
  type: DataType,
  start: number,
  count: number,
  validity: Uint8Array | null,
  name: string,
): Bytes {
  const arrow = data.type;
  const values = data.values as ArrayBufferView & { subarray(start: number, end: number): Bytes };
  const { stride } = data;
  const plain = values.subarray(start * stride, (start + count) * stride);
  const scaled = (source: ArrayLike<number | bigint>, multiply: bigint, divide: bigint) =>
    scale(source, count, multiply, divide, validity, name);
  if (ArrowTypes.isBool(arrow)) {
    const out = new Uint8Array(count);
    const bits = data.values as Uint8Array;
    const first = data.offset + start;
    for (let i = 0; i < count; i++) out[i] = (bits[(first + i) >>> 3]! >>> ((first + i) & 7)) & 1;
    return out;
  }
  if (ArrowTypes.isFloat(arrow) && arrow.precision === Precision.HALF) {
    return Float32Array.from(plain as unknown as Uint16Array, halfToNumber);
  }
  if (ArrowTypes.isDecimal(arrow) && type.kind === 'decimal') {
    return narrowDecimals(plain as unknown as Uint32Array, stride, type.precision, count, validity, name);
  }
  if (ArrowTypes.isDate(arrow) && arrow.unit === DateUnit.MILLISECOND) {
    const days = scaled(plain as unknown as BigInt64Array, 1n, 86_400_000n);
    return Int32Array.from(days, Number);
  }
  if (ArrowTypes.isTime(arrow)) {
    if (arrow.unit === TimeUnit.SECOND) return scaled(plain as unknown as Int32Array, 1_000_000n, 1n);
    if (arrow.unit === TimeUnit.MILLISECOND) return scaled(plain as unknown as Int32Array, 1000n, 1n);
    return plain;
  }
  if (ArrowTypes.isTimestamp(arrow) && type.kind === 'timestamp' && type.zone) {
    const source = plain as unknown as BigInt64Array;
    if (arrow.unit === TimeUnit.SECOND) return scaled(source, 1_000_000n, 1n);
    if (arrow.unit === TimeUnit.MILLISECOND) return scaled(source, 1000n, 1n);
    if (arrow.unit === TimeUnit.NANOSECOND) return scaled(source, 1n, 1000n);
    return plain;
  }
  if (ArrowTypes.isDuration(arrow)) {
    const source = plain as unknown as BigInt64Array;
    const [multiply, divide] = DURATION[arrow.unit]!;
    return intervals(count, i => [0, 0, floorDivide(source[i]! * multiply, divide)], validity, name);
  }
  if (ArrowTypes.isInterval(arrow)) {
    const words = plain as unknown as Int32Array;
    if (arrow.unit === IntervalUnit.YEAR_MONTH) return intervals(count, i => [words[i]!, 0, 0n], validity, name);
    if (arrow.unit === IntervalUnit.DAY_TIME) {
      return intervals(count, i => [0, words[2 * i]!, BigInt(words[2 * i + 1]!) * 1000n], validity, name);
    }
    const nanos = (i: number) => (BigInt(words[4 * i + 3]!) << 32n) | BigInt(words[4 * i + 2]! >>> 0);
    return intervals(count, i => [words[4 * i]!, words[4 * i + 1]!, floorDivide(nanos(i), 1000n)], validity, name);
  }
  return plain;
}

/** Multiplier and divisor from each unit to microseconds. */
const DURATION: readonly (readonly [bigint, bigint])[] = [
  [1_000_000n, 1n],
  [1000n, 1n],
  [1n, 1n],
  [1n, 1000n],
];

/** Rounds towards the past, so that an instant before 1970 does not move into the next microsecond or day. */
function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function scale(
  source: ArrayLike<number | bigint>,
  count: number,
  multiply: bigint,
  divide: bigint,
  validity: Uint8Array | null,
  name: string,
): BigInt64Array {
  const out = new BigInt64Array(count);
  for (let i = 0; i < count; i++) {
    const value = floorDivide(BigInt(source[i]!) * multiply, divide);
    if (BigInt.asIntN(64, value) !== value && (validity === null || bitAt(validity, i))) {
      throw outOfRange(name, String(source[i]), 'microseconds of 64 bits');
    }
    out[i] = value;
  }
  return out;
}

function intervals(
  count: number,
  at: (index: number) => readonly [months: number, days: number, micros: bigint],
  validity: Uint8Array | null,
  name: string,
): Uint8Array {
  const out = new Uint8Array(count * 16);
  const view = new DataView(out.buffer);
  for (let i = 0; i < count; i++) {
    const [months, days, micros] = at(i);
    if (BigInt.asIntN(64, micros) !== micros && (validity === null || bitAt(validity, i))) {
      throw outOfRange(name, String(micros), 'microseconds of 64 bits');
    }
    view.setInt32(i * 16, months, true);
    view.setInt32(i * 16 + 4, days, true);
    view.setBigInt64(i * 16 + 8, micros, true);
  }
  return out;
}

/**
 * Decimals of `stride` 32-bit words, lowest first, in DuckDB's 2, 4, 8 or 16 bytes. The words left out must be the sign.
 */
function narrowDecimals(
  words: Uint32Array,
  stride: number,
  precision: number,
  count: number,
  validity: Uint8Array | null,
  name: string,
): Bytes {
  const width = decimalWidth(precision);
  const out = new Uint8Array(count * width);
  const view = new DataView(out.buffer);
  const kept = Math.max(1, width >>> 2);
  for (let i = 0; i < count; i++) {
    const top = words[i * stride + Math.min(kept, stride) - 1]! | 0;
    const sign = top >> 31;
    let fits = true;
    for (let w = kept; w < stride; w++) fits &&= (words[i * stride + w]! | 0) === sign;
    if (width === 2) {
      fits &&= top === (top << 16) >> 16;
      view.setInt16(i * 2, top, true);
    } else {
      for (let w = 0; w < kept; w++) {
        view.setInt32(i * width + w * 4, w < stride ? words[i * stride + w]! : sign, true);
      }
    }
    if (!fits && (validity === null || bitAt(validity, i))) {
      throw outOfRange(name, `row ${i}`, `its ${precision} digits`);
    }
  }
  return out;
}

/** IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfToNumber(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function outOfRange(name: string, value: string, room: string): InframeError {
  return new InframeError(
    'TYPE_MISMATCH',
    `column '${name}' has a value (${value}) that does not fit ${room}; cast the column in the program that writes the file`,
    { column: name, value },
  );
}
