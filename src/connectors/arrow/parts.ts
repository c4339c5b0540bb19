import { copyBits } from './bits.js';
import { type NativeVector, native } from './native.js';

/**
 * Some items of one DuckDB vector, in the order they are wanted: `ranges` is start, length, start, length ... A column
 * of a batch is the parts of its chunks; the elements of a list column are the parts of the child vectors, where lists
 * that were filtered, sliced or null leave gaps.
 */
export interface Part {
  readonly vector: NativeVector;
  /** Items that may be read: every range ends at or before it. */
  readonly size: number;
  readonly ranges: readonly number[];
}

/** How many items the parts hold together. */
export function countItems(parts: readonly Part[]): number {
  let count = 0;
  for (const { ranges } of parts) for (let r = 1; r < ranges.length; r += 2) count += ranges[r]!;
  return count;
}

/** Fixed-width values end to end: one `set` a range, and a chunk is one range. */
export function gatherFixed(parts: readonly Part[], count: number, width: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(count * width);
  let at = 0;
  for (const part of parts) {
    if (part.size === 0) continue;
    const data = native.vector_get_data(part.vector, part.size * width);
    for (let r = 0; r < part.ranges.length; r += 2) {
      const start = part.ranges[r]! * width;
      const bytes = part.ranges[r + 1]! * width;
      out.set(data.subarray(start, start + bytes), at);
      at += bytes;
    }
  }
  return out;
}

/** The parts' validity end to end, or null where no part has a null. */
export function gatherValidity(parts: readonly Part[], count: number): Uint8Array | null {
  let out: Uint8Array | null = null;
  let at = 0;
  for (const part of parts) {
    const bits = part.size === 0 ? null : native.vector_get_validity(part.vector, ((part.size + 63) >>> 6) << 3);
    for (let r = 0; r < part.ranges.length; r += 2) {
      const length = part.ranges[r + 1]!;
      if (bits !== null) {
        out ??= new Uint8Array(((count + 63) >>> 6) << 3).fill(0xff);
        copyBits(bits, part.ranges[r]!, out, at, length);
      }
      at += length;
    }
  }
  return out;
}
