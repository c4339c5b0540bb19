import { isUtf8 } from 'node:buffer';
import { DataType as ArrowTypes, type Data, type Vector } from 'apache-arrow';
import { InframeError } from '../../frame/errors.js';
import { bitAt } from './bits.js';
import { type NativeVector, native } from './native.js';

/** Where the bytes of some values lie: `begin` and `size` into `sources[source]`; size 0 for nulls. */
export interface Spans {
  readonly count: number;
  readonly begin: Float64Array;
  readonly size: Int32Array;
  /** Index into `sources` per value, or null where there is one source. */
  readonly source: Int32Array | null;
  readonly sources: readonly Uint8Array[];
}

/** The values `start` to `start + count` of a string or bytes column of any of Arrow's layouts; nulls become empty. */
export function spansOf(data: Data, start: number, count: number, validity: Uint8Array | null): Spans {
  const begin = new Float64Array(count);
  const size = new Int32Array(count);
  const valid = (i: number) => validity === null || bitAt(validity, i);
  const values = data.values as Uint8Array;
  const { type } = data;
  if (ArrowTypes.isFixedSizeBinary(type)) {
    for (let i = 0; i < count; i++) {
      begin[i] = (start + i) * type.byteWidth;
      size[i] = valid(i) ? type.byteWidth : 0;
    }
    return { count, begin, size, source: null, sources: [values] };
  }
  if (ArrowTypes.isUtf8View(type) || ArrowTypes.isBinaryView(type)) {
    const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
    const source = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const at = (start + i) * 16;
      const length = valid(i) ? view.getInt32(at, true) : 0;
      size[i] = length;
      // Source 0 is the views themselves, where short values lie; the others are the column's own buffers.
      source[i] = length > 12 ? view.getInt32(at + 8, true) + 1 : 0;
      begin[i] = length > 12 ? view.getInt32(at + 12, true) : at + 4;
    }
    return { count, begin, size, source, sources: [values, ...(data.variadicBuffers as readonly Uint8Array[])] };
  }
  const offsets = data.valueOffsets as Int32Array | BigInt64Array;
  for (let i = 0; i < count; i++) {
    if (!valid(i)) continue;
    begin[i] = Number(offsets[start + i]);
    size[i] = Number(offsets[start + i + 1]) - begin[i]!;
  }
  return { count, begin, size, source: null, sources: [values] };
}

/** The whole of a dictionary's values as spans, made once for each dictionary and not for each chunk. */
const dictionarySpans = new WeakMap<Vector, { readonly spans: Spans; readonly nulls: Uint8Array }>();

/** The values that `indices` choose from a dictionary of strings. A null in the dictionary is recorded in `nulls`. */
export function spansOfDictionary(dictionary: Vector): { readonly spans: Spans; readonly nulls: Uint8Array } {
  let made = dictionarySpans.get(dictionary);
  if (made === undefined) {
    const count = dictionary.length;
    const begin = new Float64Array(count);
    const size = new Int32Array(count);
    const source = new Int32Array(count);
    const sources: Uint8Array[] = [];
    const nulls = new Uint8Array(count);
    let at = 0;
    for (const chunk of dictionary.data) {
      const part = spansOf(chunk, 0, chunk.length, null);
      for (let i = 0; i < chunk.length; i++) nulls[at + i] = chunk.getValid(i) ? 0 : 1;
      begin.set(part.begin, at);
      size.set(part.size, at);
      for (let i = 0; i < chunk.length; i++) source[at + i] = sources.length + (part.source?.[i] ?? 0);
      sources.push(...part.sources);
      at += chunk.length;
    }
    made = { spans: { count, begin, size, source, sources }, nulls };
    dictionarySpans.set(dictionary, made);
  }
  return made;
}

/** The spans that `indices` choose. */
export function takeSpans(from: Spans, indices: Int32Array): Spans {
  const count = indices.length;
  const begin = new Float64Array(count);
  const size = new Int32Array(count);
  const source = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const index = indices[i]!;
    if (index < 0) continue;
    begin[i] = from.begin[index]!;
    size[i] = from.size[index]!;
    source[i] = from.source?.[index] ?? 0;
  }
  return { count, begin, size, source, sources: from.sources };
}

/**
 * Writes values into a VARCHAR or BLOB vector as `string_t`s. DuckDB is handed one block with all the bytes, through the
 * vector's first value; each long value then points into that block, which the vector owns. So a chunk costs one native
 * call for its bytes and one for its entries, not one a value.
 *
 * @param text refuse what is not UTF-8, which DuckDB would otherwise turn to null without a word
 * @throws InframeError SOURCE_UNREADABLE for strings that are not UTF-8
 */
export function writeSpans(vector: NativeVector, spans: Spans, text: boolean, columnName: string): void {
  const { count, begin, size, source, sources } = spans;
  let total = 0;
  for (let i = 0; i < count; i++) total += size[i]!;
  const heap = new Uint8Array(total);
  let at = 0;
  for (let i = 0; i < count; ) {
    // Neighbours in the source are neighbours here: a plain column is one copy.
    const bytes = sources[source === null ? 0 : source[i]!]!;
    const from = begin[i]!;
    let end = from + size[i]!;
    let next = i + 1;
    for (; next < count; next++) {
      if (size[next] === 0) continue;
      if (begin[next] !== end || (source !== null && source[next] !== source[i])) break;
      end += size[next]!;
    }
    if (end - from < 32) for (let b = from; b < end; b++) heap[at++] = bytes[b]!;
    else {
      heap.set(bytes.subarray(from, end), at);
      at += end - from;
    }
    i = next;
  }
  if (text) checkUtf8(heap, size, columnName);
  const entries = new Uint8Array(count * 16);
  const words = new Uint32Array(entries.buffer);
  let low = 0;
  let high = 0;
  let placed = false;
  at = 0;
  for (let i = 0; i < count; i++) {
    const length = size[i]!;
    words[i * 4] = length;
    if (length <= 12) for (let b = 0; b < length; b++) entries[i * 16 + 4 + b] = heap[at + b]!;
    else {
      if (!placed) {
        // The heap holds a value of more than 12 bytes, so DuckDB stores it behind a pointer and not in place.
        native.vector_assign_string_element_len(vector, 0, heap);
        const first = native.vector_get_data(vector, 16);
        [low, high] = new Uint32Array(first.buffer, first.byteOffset + 8, 2) as unknown as [number, number];
        placed = true;
      }
      for (let b = 0; b < 4; b++) entries[i * 16 + 4 + b] = heap[at + b]!;
      const pointer = low + at;
      words[i * 4 + 2] = pointer >>> 0;
      words[i * 4 + 3] = high + (pointer >= 0x1_0000_0000 ? Math.floor(pointer / 0x1_0000_0000) : 0);
    }
    at += length;
  }
  native.copy_data_to_vector(vector, 0, entries.buffer, 0, entries.byteLength);
}

/** All bytes are UTF-8 and no value begins inside a character: then each value is UTF-8. */
function checkUtf8(heap: Uint8Array, size: Int32Array, name: string): void {
  let good = isUtf8(heap);
  let at = 0;
  for (let i = 0; good && i < size.length; i++) {
    if (size[i] === 0) continue;
    good = (heap[at]! & 0xc0) !== 0x80;
    at += size[i]!;
  }
  if (!good) {
    throw new InframeError(
      'SOURCE_UNREADABLE',
      `column '${name}' has strings that are not UTF-8; declare it as binary in the program that writes the file`,
      { column: name },
    );
  }
}
