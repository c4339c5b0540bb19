import { InframeError } from '../../frame/errors.js';
import { bitAt } from './bits.js';
import type { VarBytes } from './gather-strings.js';

/** Fixed-width values whose layout differs between DuckDB and Arrow: loops over words, no object a value. */

/** DuckDB booleans (a byte each) as a bitmap. */
export function packBooleans(bytes: Uint8Array, count: number): Uint8Array {
  const out = new Uint8Array(((count + 63) >>> 6) << 3);
  for (let i = 0; i < count; i++) if (bytes[i] !== 0) out[i >>> 3]! |= 1 << (i & 7);
  return out;
}

/** The bytes of a value of DECIMAL(precision, ...) in DuckDB. */
export function decimalWidth(precision: number): 2 | 4 | 8 | 16 {
  if (precision <= 4) return 2;
  if (precision <= 9) return 4;
  return precision <= 18 ? 8 : 16;
}

/** Decimals of 2, 4 or 8 bytes as the 16 bytes of Decimal128, sign extended. */
export function widenDecimals(bytes: Uint8Array, width: 2 | 4 | 8 | 16, count: number): Uint32Array {
  if (width === 16) return new Uint32Array(bytes.buffer, bytes.byteOffset, count * 4);
  const out = new Int32Array(count * 4);
  if (width === 8) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, count * 2);
    for (let i = 0; i < count; i++) {
      const high = words[2 * i + 1]!;
      out[4 * i] = words[2 * i]!;
      out[4 * i + 1] = high;
      out[4 * i + 2] = high >> 31;
      out[4 * i + 3] = high >> 31;
    }
  } else {
    const values =
      width === 4
        ? new Int32Array(bytes.buffer, bytes.byteOffset, count)
        : new Int16Array(bytes.buffer, bytes.byteOffset, count);
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      out[4 * i] = value;
      out[4 * i + 1] = out[4 * i + 2] = out[4 * i + 3] = value >> 31;
    }
  }
  return new Uint32Array(out.buffer);
}

const LIMIT_38 = 10n ** 38n;
const LIMIT_38_TOP = Number(LIMIT_38 >> 96n);

/**
 * Refuses integers of 39 digits, which Decimal128(38, 0) has no room for by its definition.
 *
 * @throws InframeError TYPE_MISMATCH
 */
export function check38Digits(words: Uint32Array, validity: Uint8Array | null, count: number): void {
  for (let i = 0; i < count; i++) {
    const top = words[4 * i + 3]! | 0;
    // The top word alone decides for all but the few values next to the limit.
    if (top < LIMIT_38_TOP && top > -LIMIT_38_TOP) continue;
    if (validity !== null && !bitAt(validity, i)) continue;
    const value = int128At(words, i);
    if (value < LIMIT_38 && value > -LIMIT_38) continue;
    throw new InframeError(
      'TYPE_MISMATCH',
      `value ${value} has 39 digits and Arrow's integers beyond 64 bits end at 38; cast the column: CAST(column AS VARCHAR) or DOUBLE`,
      { value: String(value) },
    );
  }
}

function int128At(words: Uint32Array, index: number): bigint {
  const high = (BigInt(words[4 * index + 3]! | 0) << 32n) | BigInt(words[4 * index + 2]!);
  return (high << 64n) | (BigInt(words[4 * index + 1]!) << 32n) | BigInt(words[4 * index]!);
}

/**
 * DuckDB intervals (months i32, days i32, microseconds i64) as Arrow's MonthDayNano (months i32, days i32, nanoseconds i64).
 *
 * @throws InframeError TYPE_MISMATCH where the microseconds reach beyond 292 years, the most 64 bits of nanoseconds hold
 */
export function widenIntervals(bytes: Uint8Array, validity: Uint8Array | null, count: number): Int32Array {
  const long = new BigInt64Array(bytes.buffer, bytes.byteOffset, count * 2);
  for (let i = 0; i < count; i++) {
    const micros = long[2 * i + 1]!;
    const nanos = micros * 1000n;
    if (BigInt.asIntN(64, nanos) !== nanos && (validity === null || bitAt(validity, i))) {
      throw new InframeError(
        'TYPE_MISMATCH',
        `interval of ${micros} microseconds does not fit Arrow's nanoseconds; cast the column: CAST(column AS VARCHAR)`,
        { microseconds: String(micros) },
      );
    }
    long[2 * i + 1] = nanos;
  }
  return new Int32Array(bytes.buffer, bytes.byteOffset, count * 4);
}

const HEX = new TextEncoder().encode('0123456789abcdef');

/** DuckDB's UUIDs (a 128-bit integer with the sign bit turned over) as their 36 letters each. */
export function uuidTexts(bytes: Uint8Array, validity: Uint8Array | null, count: number): VarBytes {
  const offsets = new Int32Array(count + 1);
  const out = new Uint8Array(count * 36);
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (validity === null || bitAt(validity, i)) {
      for (let b = 15; b >= 0; b--) {
        const byte = bytes[i * 16 + b]! ^ (b === 15 ? 0x80 : 0);
        out[at++] = HEX[byte >>> 4]!;
        out[at++] = HEX[byte & 15]!;
        if (b === 12 || b === 10 || b === 8 || b === 6) out[at++] = 0x2d;
      }
    }
    offsets[i + 1] = at;
  }
  return { offsets, bytes: out.subarray(0, at) };
}

/** Texts made one by one: only for the types that have no Arrow type of their own. */
export function textsOf(count: number, textAt: (index: number) => string | null): VarBytes {
  const offsets = new Int32Array(count + 1);
  const pieces: Buffer[] = [];
  let total = 0;
  for (let i = 0; i < count; i++) {
    const text = textAt(i);
    if (text !== null) {
      const piece = Buffer.from(text, 'utf8');
      pieces.push(piece);
      total += piece.length;
    }
    offsets[i + 1] = total;
  }
  return { offsets, bytes: Buffer.concat(pieces, total) };
}

/** Unsigned 128-bit integers as decimal text. */
export function uint128Texts(words: Uint32Array, validity: Uint8Array | null, count: number): VarBytes {
  return textsOf(count, i =>
    validity !== null && !bitAt(validity, i) ? null : String(BigInt.asUintN(128, int128At(words, i))),
  );
}
