import type { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb, { type Vector } from '@duckdb/node-bindings';
import { InframeError } from '../../frame/errors.js';
import type { DataType } from '../../frame/types.js';
import { typeName } from '../../frame/types.js';
import type { BinaryColumn, ColumnView, NumericColumn, StringColumn, Validity } from '../../udf/columns.js';
import type { NumericArray } from '../../udf/dtypes.js';

/*
 * DuckDB's vectors as column views, over DuckDB's own memory: what is read here is good until the next chunk is asked for.
 * The client's vector classes copy and box what they hand out, so this reads below them.
 */

/** The columns of a chunk. @param types how each was read; see `transportOf` */
export function viewColumns(chunk: DuckDBDataChunk, types: readonly DataType[]): readonly ColumnView[] {
  const rows = chunk.rowCount;
  return types.map((type, index) => view(duckdb.data_chunk_get_vector(chunk.chunk, index), type, rows));
}

function view(vector: Vector, type: DataType, rows: number): ColumnView {
  if (type.kind === 'struct') {
    const fields = type.fields.map((field, index) =>
      view(duckdb.struct_vector_get_child(vector, index), field.type, rows),
    );
    return { kind: 'struct', fields, validity: validityOf(vector, rows) };
  }
  if (type.kind !== 'list') return viewScalar(vector, type, rows);
  const entries = vectorBytes(vector, rows * 16);
  const child = duckdb.list_vector_get_child(vector);
  return {
    kind: 'list',
    entries: new BigUint64Array(entries.buffer, entries.byteOffset, rows * 2),
    child: view(child, type.element, duckdb.list_vector_get_size(vector)),
    validity: validityOf(vector, rows),
  };
}

function viewScalar(vector: Vector, type: DataType, rows: number): NumericColumn | StringColumn | BinaryColumn {
  const validity = validityOf(vector, rows);
  if (type.kind === 'binary') return { kind: 'binary', at: bytesReader(vector, rows), validity };
  if (type.kind === 'string') return { kind: 'string', at: stringReader(vector, rows), validity };
  return { kind: 'numeric', values: numbers(vector, type, rows), validity };
}

function validityOf(vector: Vector, rows: number): Validity {
  return (duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8) as Uint8Array | null) ?? undefined;
}

function vectorBytes(vector: Vector, bytes: number): Uint8Array {
  return duckdb.vector_get_data(vector, bytes);
}

function numbers(vector: Vector, type: DataType, rows: number): NumericArray {
  const array = <T>(make: new (buffer: ArrayBufferLike, offset: number, length: number) => T, width: number): T => {
    const bytes = vectorBytes(vector, rows * width);
    return new make(bytes.buffer, bytes.byteOffset, rows);
  };
  switch (type.kind) {
    case 'float32':
      return array(Float32Array, 4);
    case 'float64':
      return array(Float64Array, 8);
    case 'int8':
      return array(Int8Array, 1);
    case 'int16':
      return array(Int16Array, 2);
    case 'int32':
    case 'date':
      return array(Int32Array, 4);
    case 'int64':
    case 'timestamp':
      return array(BigInt64Array, 8);
    case 'uint8':
    case 'boolean':
      return array(Uint8Array, 1);
    case 'uint16':
      return array(Uint16Array, 2);
    case 'uint32':
      return array(Uint32Array, 4);
    case 'uint64':
      return array(BigUint64Array, 8);
    default:
      throw new InframeError('INTERNAL', `column type ${typeName(type)} is not one that is read from vectors`);
  }
}

/** Texts of up to four bytes (codes, flags) are decoded once; the table of them is bounded. */
const SHORT_TEXTS = new Map<number, string>();
const MOST_SHORT_TEXTS = 65536;

/**
 * Reads DuckDB's 16-byte strings: 4 bytes of length, then up to 12 bytes of text, or 4 bytes of prefix and a pointer.
 * Layout: https://duckdb.org/docs/stable/clients/c/vector ("Strings").
 */
function stringReader(vector: Vector, rows: number): (index: number) => string {
  const bytes = vectorBytes(vector, rows * 16);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, rows * 4);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return index => {
    const length = words[index * 4]!;
    if (length > 12) {
      const text = duckdb.get_data_from_pointer(bytes.buffer as ArrayBuffer, bytes.byteOffset + index * 16 + 8, length);
      return Buffer.from(text.buffer, text.byteOffset, length).toString('utf8');
    }
    const start = index * 16 + 4;
    if (length > 4) return buffer.toString('utf8', start, start + length);
    if (length === 0) return '';
    // DuckDB pads short texts with zero bytes, so four bytes and the length tell them apart but for trailing NULs.
    const key = words[index * 4 + 1]! * 8 + length;
    const known = SHORT_TEXTS.get(key);
    if (known !== undefined) return known;
    const text = buffer.toString('utf8', start, start + length);
    if (SHORT_TEXTS.size < MOST_SHORT_TEXTS) SHORT_TEXTS.set(key, text);
    return text;
  };
}

/** Copies bytes out, which DuckDB keeps as it keeps texts. */
function bytesReader(vector: Vector, rows: number): (index: number) => Uint8Array {
  const bytes = vectorBytes(vector, rows * 16);
  const lengths = new Uint32Array(bytes.buffer, bytes.byteOffset, rows * 4);
  return index => {
    const length = lengths[index * 4]!;
    if (length <= 12) return bytes.slice(index * 16 + 4, index * 16 + 4 + length);
    const from = bytes.byteOffset + index * 16 + 8;
    return duckdb.get_data_from_pointer(bytes.buffer as ArrayBuffer, from, length).slice();
  };
}
