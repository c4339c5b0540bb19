import { DataType as ArrowTypes, type Data, type RecordBatch, type Vector } from 'apache-arrow';
import { bitAt } from './bits.js';

/** Batches found sound before: a reader checks what it reads, and the table it is handed to need not do so again. */
const sound = new WeakSet<RecordBatch>();

/**
 * Looks whether every buffer of a batch holds what its lengths and offsets promise. apache-arrow does not: a truncated
 * buffer reads as `undefined`, and a copy into DuckDB (Memory rule M2) would run past its end.
 *
 * @throws RangeError naming the column and what is wrong
 */
export function checkBatch(batch: RecordBatch): void {
  if (sound.has(batch)) return;
  const checked = new Set<Vector>();
  batch.data.children.forEach((child, index) => {
    const name = batch.schema.fields[index]?.name ?? String(index);
    if (child.length < batch.numRows) throw new RangeError(`column '${name}' is shorter than its batch`);
    checkData(child, name, checked);
  });
  sound.add(batch);
}

function checkData(data: Data, name: string, checked: Set<Vector>): void {
  const { type, length } = data;
  const wrong = (what: string) => new RangeError(`column '${name}' has ${what}`);
  const bitmap: Uint8Array | undefined = data.nullBitmap;
  if (bitmap !== undefined && bitmap.length > 0 && bitmap.length * 8 < data.offset + length)
    throw wrong('a short bitmap');
  if (ArrowTypes.isNull(type) || length === 0) return;
  if (ArrowTypes.isStruct(type)) {
    if (data.children.length !== type.children.length) throw wrong('missing members');
    for (const child of data.children) {
      if (child.length < length) throw wrong('a short member');
      checkData(child, name, checked);
    }
    return;
  }
  if (ArrowTypes.isFixedSizeList(type)) {
    const child = data.children[0];
    if (child === undefined || child.length < length * type.listSize) throw wrong('short lists');
    checkData(child, name, checked);
    return;
  }
  if (ArrowTypes.isList(type) || ArrowTypes.isLargeList(type) || ArrowTypes.isMap(type)) {
    const child = data.children[0];
    if (child === undefined) throw wrong('no elements');
    checkOffsets(data.valueOffsets, length, child.length, wrong);
    checkData(child, name, checked);
    if (ArrowTypes.isMap(type) && child.children[0]!.nullCount > 0) throw wrong('a map with a null key');
    return;
  }
  const values = data.values as { readonly length: number } | undefined;
  if (ArrowTypes.isUtf8View(type) || ArrowTypes.isBinaryView(type)) {
    checkViews(data, wrong);
    return;
  }
  if (data.valueOffsets !== undefined && (data.valueOffsets as { length: number }).length > 0) {
    checkOffsets(data.valueOffsets, length, values?.length ?? 0, wrong);
    return;
  }
  if (ArrowTypes.isBool(type)) {
    if ((values?.length ?? 0) * 8 < data.offset + length) throw wrong('a short buffer');
    return;
  }
  if (ArrowTypes.isUtf8(type) || ArrowTypes.isBinary(type) || ArrowTypes.isLargeUtf8(type)) throw wrong('no offsets');
  if (ArrowTypes.isLargeBinary(type)) throw wrong('no offsets');
  if ((values?.length ?? 0) < length * data.stride) throw wrong('a short buffer');
  if (ArrowTypes.isDictionary(type)) checkIndices(data, checked, name, wrong);
}

type Wrong = (what: string) => RangeError;

function checkOffsets(offsets: Int32Array | BigInt64Array | undefined, length: number, limit: number, wrong: Wrong) {
  if (offsets === undefined || offsets.length < length + 1) throw wrong('short offsets');
  // One loop for both widths: comparisons of bigints are exact as they are.
  let previous: number | bigint = offsets[0]!;
  if (previous < 0) throw wrong('a negative offset');
  for (let i = 1; i <= length; i++) {
    const offset: number | bigint = offsets[i]!;
    if (offset < previous) throw wrong('descending offsets');
    previous = offset;
  }
  if (previous > limit) throw wrong('offsets beyond its values');
}

function checkViews(data: Data, wrong: Wrong): void {
  const views = data.values as Uint8Array;
  if (views.length < data.length * 16) throw wrong('short views');
  const view = new DataView(views.buffer, views.byteOffset, views.byteLength);
  const buffers = data.variadicBuffers as readonly Uint8Array[];
  for (let i = 0; i < data.length; i++) {
    if (isNull(data, i)) continue;
    const size = view.getInt32(i * 16, true);
    if (size < 0) throw wrong('a negative length');
    if (size <= 12) continue;
    const buffer = buffers[view.getInt32(i * 16 + 8, true)];
    const start = view.getInt32(i * 16 + 12, true);
    if (buffer === undefined || start < 0 || start + size > buffer.length) throw wrong('a view beyond its buffers');
  }
}

function checkIndices(data: Data, checked: Set<Vector>, name: string, wrong: Wrong): void {
  const dictionary = data.dictionary as Vector | undefined;
  if (dictionary === undefined) throw wrong('no dictionary');
  if (!checked.has(dictionary)) {
    checked.add(dictionary);
    for (const chunk of dictionary.data) checkData(chunk, name, checked);
  }
  const indices = data.values as ArrayLike<number | bigint>;
  const limit = dictionary.length;
  for (let i = 0; i < data.length; i++) {
    const index = indices[i]!;
    if ((index < 0 || index >= limit) && !isNull(data, i)) throw wrong('an index beyond its dictionary');
  }
}

function isNull(data: Data, index: number): boolean {
  const bitmap: Uint8Array | undefined = data.nullBitmap;
  return bitmap !== undefined && bitmap.length > 0 && !bitAt(bitmap, data.offset + index);
}
