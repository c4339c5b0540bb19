import { DataType as ArrowTypes, type Data, makeData, type Vector } from 'apache-arrow';
import { InframeError } from '../../frame/errors.js';
import type { DataType } from '../../frame/types.js';
import { allValid, andBits, bitAt, bitmapBytes, clearBit, repeatBits, sliceBits } from './bits.js';
import { fixedBytes } from './narrow.js';
import { type NativeVector, native } from './native.js';
import { spansOf, spansOfDictionary, takeSpans, writeSpans } from './strings-out.js';

/**
 * Writes the values `start` to `start + count` of an Arrow column to the front of a DuckDB vector of `type`, nested
 * levels included. The column must have passed `checkBatch` (Memory rule M2), and the vector must have room.
 *
 * Invariant A1, as on the way out: a null struct or array makes its children null, which DuckDB relies on.
 *
 * @param parent validity imposed by the level above, `count` bits, or null
 * @param name the column, for errors
 * @throws InframeError TYPE_MISMATCH, SOURCE_UNREADABLE for values DuckDB cannot hold
 */
export function fillVector(
  vector: NativeVector,
  type: DataType,
  data: Data,
  start: number,
  count: number,
  parent: Uint8Array | null,
  name: string,
): void {
  if (count === 0) return;
  const arrow = data.type;
  if (ArrowTypes.isNull(arrow)) {
    writeValidity(vector, new Uint8Array(bitmapBytes(count)), count);
    return;
  }
  if (ArrowTypes.isDictionary(arrow)) {
    fillDictionary(vector, type, data, start, count, parent, name);
    return;
  }
  const bitmap: Uint8Array | undefined = data.nullBitmap;
  const own = bitmap === undefined || bitmap.length === 0 ? null : sliceBits(bitmap, data.offset + start, count);
  const validity = andBits(own, parent);
  writeValidity(vector, validity, count);
  switch (type.kind) {
    case 'string':
    case 'binary':
      writeSpans(vector, spansOf(data, start, count, validity), type.kind === 'string', name);
      return;
    case 'list':
      fillList(vector, type.element, data, start, count, validity, name);
      return;
    case 'map': {
      const fields = [
        { name: 'key', type: type.key },
        { name: 'value', type: type.value },
      ];
      fillList(vector, { kind: 'struct', fields }, data, start, count, validity, name);
      return;
    }
    case 'array': {
      const { element, length } = type;
      const below = repeatBits(validity, count, length);
      const child = native.array_vector_get_child(vector);
      fillVector(child, element, data.children[0]!, start * length, count * length, below, name);
      return;
    }
    case 'struct':
      type.fields.forEach((field, index) => {
        const child = native.struct_vector_get_child(vector, index);
        fillVector(child, field.type, data.children[index]!, start, count, validity, name);
      });
      return;
    default: {
      const bytes = fixedBytes(data, type, start, count, validity, name);
      native.copy_data_to_vector(vector, 0, bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
  }
}

function writeValidity(vector: NativeVector, validity: Uint8Array | null, count: number): void {
  // Written even where all are valid if the vector has a bitmap: a child vector may keep one from the chunk before.
  const bits = validity ?? (native.vector_get_validity(vector, 8) === null ? null : allValid(count));
  if (bits === null) return;
  native.vector_ensure_validity_writable(vector);
  native.copy_data_to_vector_validity(vector, 0, bits.buffer, bits.byteOffset, bitmapBytes(count));
}

/**
 * Lists and maps. Arrow's lists of neighbouring rows are neighbours in the child, so the child is one range; lists of
 * null rows may still have elements, which are left out by pointing no entry at them.
 */
function fillList(
  vector: NativeVector,
  element: DataType,
  data: Data,
  start: number,
  count: number,
  validity: Uint8Array | null,
  name: string,
): void {
  const offsets = data.valueOffsets as Int32Array | BigInt64Array;
  const first = Number(offsets[start]);
  const total = Number(offsets[start + count]) - first;
  const entries = new Uint32Array(count * 4);
  for (let i = 0; i < count; i++) {
    if (validity !== null && !bitAt(validity, i)) continue;
    const from = Number(offsets[start + i]);
    entries[i * 4] = from - first;
    entries[i * 4 + 2] = Number(offsets[start + i + 1]) - from;
  }
  native.list_vector_reserve(vector, total);
  native.list_vector_set_size(vector, total);
  native.copy_data_to_vector(vector, 0, entries.buffer, 0, entries.byteLength);
  // Asked for only now: reserving may have moved it.
  fillVector(native.list_vector_get_child(vector), element, data.children[0]!, first, total, null, name);
}

/** Decodes: DuckDB gets the values themselves. */
function fillDictionary(
  vector: NativeVector,
  type: DataType,
  data: Data,
  start: number,
  count: number,
  parent: Uint8Array | null,
  name: string,
): void {
  const dictionary = data.dictionary as Vector;
  const keys = data.values as ArrayLike<number | bigint>;
  const bitmap: Uint8Array | undefined = data.nullBitmap;
  const own = bitmap === undefined || bitmap.length === 0 ? null : sliceBits(bitmap, data.offset + start, count);
  let validity = andBits(own, parent);
  /** Index into the dictionary, or -1 for null. */
  const indices = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    indices[i] = validity === null || bitAt(validity, i) ? Number(keys[start + i]) : -1;
  }
  const hide = (i: number) => {
    // A copy: the parent's bitmap may be shared with other members.
    validity = validity === null || validity === parent ? andBits(validity, allValid(count))!.slice() : validity;
    clearBit(validity, i);
    indices[i] = -1;
  };
  if (type.kind === 'string' || type.kind === 'binary') {
    const { spans, nulls } = spansOfDictionary(dictionary);
    for (let i = 0; i < count; i++) if (indices[i]! >= 0 && nulls[indices[i]!] === 1) hide(i);
    writeValidity(vector, validity, count);
    writeSpans(vector, takeSpans(spans, indices), type.kind === 'string', name);
    return;
  }
  // Fixed-width values: gathered to a plain column, then filled like one.
  const values = gatherDictionary(dictionary, indices, hide);
  const plain = makeData({ type: dictionary.type, length: count, nullCount: 0, data: values } as Parameters<
    typeof makeData
  >[0]);
  writeValidity(vector, validity, count);
  const bytes = fixedBytes(plain as Data, type, 0, count, validity, name);
  native.copy_data_to_vector(vector, 0, bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function gatherDictionary(dictionary: Vector, indices: Int32Array, hide: (i: number) => void): Uint8Array {
  const chunks = dictionary.data.map(chunk => {
    const values = chunk.values as ArrayBufferView & { readonly length: number; readonly BYTES_PER_ELEMENT: number };
    const width = chunk.stride * values.BYTES_PER_ELEMENT;
    return { chunk, width, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
  });
  const width = chunks[0]?.width ?? 1;
  const out = new Uint8Array(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    let index = indices[i]!;
    if (index < 0) continue;
    let at = 0;
    while (index >= chunks[at]!.chunk.length) index -= chunks[at++]!.chunk.length;
    const { chunk, bytes } = chunks[at]!;
    if (!chunk.getValid(index)) hide(i);
    else out.set(bytes.subarray(index * width, (index + 1) * width), i * width);
  }
  return out;
}

/** @throws InframeError TYPE_MISMATCH: the batch is not of the schema its table was declared with */
export function notTheSchema(name: string): InframeError {
  return new InframeError('TYPE_MISMATCH', `table '${name}' was given a batch whose columns are not the table's`, {
    table: name,
  });
}
