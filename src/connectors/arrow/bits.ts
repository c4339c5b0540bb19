/**
 * Bitmaps, least significant bit first, as Arrow and DuckDB both lay them out.
 *
 * https://arrow.apache.org/docs/format/Columnar.html#validity-bitmaps
 */

/** Bytes of a bitmap of `count` bits, padded to whole 64-bit words: DuckDB copies validity by words. */
export function bitmapBytes(count: number): number {
  return ((count + 63) >>> 6) << 3;
}

/** A bitmap of `count` ones. */
export function allValid(count: number): Uint8Array {
  return new Uint8Array(bitmapBytes(count)).fill(0xff);
}

export function bitAt(bitmap: Uint8Array, index: number): boolean {
  return (bitmap[index >>> 3]! & (1 << (index & 7))) !== 0;
}

export function clearBit(bitmap: Uint8Array, index: number): void {
  bitmap[index >>> 3]! &= ~(1 << (index & 7));
}

/**
 * Copies `count` bits. Whole bytes where the target starts on a byte (all but the rarest case: chunks hold 2 048 rows),
 * bit by bit otherwise.
 */
export function copyBits(
  source: Uint8Array,
  sourceBit: number,
  target: Uint8Array,
  targetBit: number,
  count: number,
): void {
  let done = 0;
  if ((targetBit & 7) === 0) {
    const bytes = count >>> 3;
    const from = sourceBit >>> 3;
    const to = targetBit >>> 3;
    const shift = sourceBit & 7;
    if (shift === 0) target.set(source.subarray(from, from + bytes), to);
    else {
      for (let i = 0; i < bytes; i++) {
        target[to + i] = (source[from + i]! >>> shift) | (source[from + i + 1]! << (8 - shift));
      }
    }
    done = bytes << 3;
  }
  for (; done < count; done++) {
    const at = targetBit + done;
    const mask = 1 << (at & 7);
    if (bitAt(source, sourceBit + done)) target[at >>> 3]! |= mask;
    else target[at >>> 3]! &= ~mask;
  }
}

/** Bits `start` to `start + count` moved to the front of a bitmap of their own. */
export function sliceBits(source: Uint8Array, start: number, count: number): Uint8Array {
  const out = new Uint8Array(bitmapBytes(count));
  copyBits(source, start, out, 0, count);
  return out;
}

/** `a AND b`; an absent bitmap means all valid. */
export function andBits(a: Uint8Array | null, b: Uint8Array | null): Uint8Array | null {
  if (a === null) return b;
  if (b === null) return a;
  const out = new Uint8Array(Math.min(a.length, b.length));
  for (let i = 0; i < out.length; i++) out[i] = a[i]! & b[i]!;
  return out;
}

/** Each bit `times` over: the validity of fixed-size lists as the validity of their elements. */
export function repeatBits(bitmap: Uint8Array | null, count: number, times: number): Uint8Array | null {
  if (bitmap === null) return null;
  const out = allValid(count * times);
  for (let i = 0; i < count; i++) {
    if (bitAt(bitmap, i)) continue;
    for (let j = i * times; j < (i + 1) * times; j++) clearBit(out, j);
  }
  return out;
}
