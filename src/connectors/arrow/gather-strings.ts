import { bitAt } from './bits.js';
import { native } from './native.js';
import type { Part } from './parts.js';

/**
 * Variable-length values out of DuckDB's `string_t`: 16 bytes a value, `length u32` then either up to 12 bytes in place
 * or `prefix u32, pointer u64`. Bytes are copied from DuckDB's memory to Arrow's without a JavaScript string between.
 *
 * Layout: https://github.com/duckdb/duckdb/blob/main/src/include/duckdb/common/types/string_type.hpp
 */
const INLINE = 12;

/**
 * Two strings that lie this close are fetched in one native call, gap included. Memory is mapped in pages of 4 096 bytes
 * or more, so the bytes between two live strings less than a page apart are always readable.
 */
const GAP = 64;

/** Offsets (one more than values) and the bytes they point into, as Arrow wants them. */
export interface VarBytes {
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

/**
 * The strings of all parts end to end; a value that `validity` rules out has length 0 and is never looked at, since its
 * `string_t` may hold anything.
 *
 * @param validity of the output, `count` bits, or null where all are valid
 * @throws RangeError where the bytes exceed 2 GiB, the reach of 32-bit offsets
 */
export function gatherStrings(parts: readonly Part[], count: number, validity: Uint8Array | null): VarBytes {
  const offsets = new Int32Array(count + 1);
  const entries = parts.map(part => native.vector_get_data(part.vector, part.size * 16));
  let total = 0;
  let row = 0;
  parts.forEach((part, index) => {
    const words = wordsOf(entries[index]!);
    for (let r = 0; r < part.ranges.length; r += 2) {
      const end = part.ranges[r]! + part.ranges[r + 1]!;
      for (let item = part.ranges[r]!; item < end; item++) {
        if (validity === null || bitAt(validity, row)) total += words[item * 4]!;
        offsets[++row] = total;
      }
    }
  });
  if (total > 0x7fffffff) throw new RangeError(`strings of one batch take ${total} bytes, more than 2 GiB`);
  const bytes = new Uint8Array(total);
  row = 0;
  parts.forEach((part, index) => {
    row = copyPart(part, entries[index]!, offsets, bytes, row);
  });
  return { offsets, bytes };
}

function wordsOf(entries: Uint8Array): Uint32Array {
  return new Uint32Array(entries.buffer, entries.byteOffset, entries.byteLength >>> 2);
}

/** Copies one part's strings to where `offsets` puts them; returns the row after the part's last. */
function copyPart(part: Part, entries: Uint8Array, offsets: Int32Array, out: Uint8Array, firstRow: number): number {
  const words = wordsOf(entries);
  const items: number[] = [];
  const targets: number[] = [];
  let row = firstRow;
  for (let r = 0; r < part.ranges.length; r += 2) {
    const end = part.ranges[r]! + part.ranges[r + 1]!;
    for (let item = part.ranges[r]!; item < end; item++, row++) {
      const target = offsets[row]!;
      const length = offsets[row + 1]! - target;
      if (length === 0) continue;
      if (length > INLINE) {
        items.push(item);
        targets.push(target);
        continue;
      }
      const from = item * 16 + 4;
      for (let i = 0; i < length; i++) out[target + i] = entries[from + i]!;
    }
  }
  copyLong(items, targets, words, entries, out);
  return row;
}

/**
 * Copies the strings behind pointers. DuckDB puts a vector's strings one after the other in an arena (or leaves them in
 * the Parquet page, 4 bytes apart), so neighbours are joined to segments and a segment is one native call: 0.6 us a call
 * saved a string. Pointers that do not ascend (dictionary pages) are sorted first.
 */
function copyLong(
  items: readonly number[],
  targets: readonly number[],
  words: Uint32Array,
  entries: Uint8Array,
  out: Uint8Array,
): void {
  const count = items.length;
  const pointers = new Float64Array(count);
  let ascending = true;
  for (let i = 0; i < count; i++) {
    const at = items[i]! * 4;
    // User-space addresses have 48 bits (57 at most in use by no allocator here): a double holds them exactly.
    pointers[i] = words[at + 3]! * 0x1_0000_0000 + words[at + 2]!;
    if (i > 0 && pointers[i]! < pointers[i - 1]!) ascending = false;
  }
  const order = ascending ? null : Uint32Array.from(pointers.keys()).sort((a, b) => pointers[a]! - pointers[b]!);
  for (let first = 0; first < count; ) {
    const head = order === null ? first : order[first]!;
    const start = pointers[head]!;
    let end = start + words[items[head]! * 4]!;
    let next = first + 1;
    for (; next < count; next++) {
      const i = order === null ? next : order[next]!;
      if (pointers[i]! > end + GAP) break;
      end = Math.max(end, pointers[i]! + words[items[i]! * 4]!);
    }
    const segment = native.get_data_from_pointer(
      entries.buffer,
      entries.byteOffset + items[head]! * 16 + 8,
      end - start,
    );
    for (let n = first; n < next; n++) {
      const i = order === null ? n : order[n]!;
      const from = pointers[i]! - start;
      const length = words[items[i]! * 4]!;
      const target = targets[i]!;
      if (length < 32) for (let b = 0; b < length; b++) out[target + b] = segment[from + b]!;
      else out.set(segment.subarray(from, from + length), target);
    }
    first = next;
  }
}
