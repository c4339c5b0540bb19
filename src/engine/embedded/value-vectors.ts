import duckdb, { type Vector } from '@duckdb/node-bindings';
import type { ListsOutput, OutputColumn } from '../../udf/function/output-columns.js';

/*
 * The answers of functions as DuckDB's vectors. Numbers are copied in blocks; texts and bytes are handed over one by one.
 */

/** Writes rows `from` to `from + count` of a column to the beginning of a vector. */
export function writeValues(vector: Vector, column: OutputColumn, from: number, count: number): void {
  writeNulls(vector, column, from, count);
  switch (column.kind) {
    case 'numbers': {
      const values = column.values.subarray(from, from + count);
      duckdb.copy_data_to_vector(vector, 0, values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
      return;
    }
    case 'string':
    case 'binary':
      for (let row = 0; row < count; row++) {
        const value = column.values[from + row];
        if (typeof value === 'string') duckdb.vector_assign_string_element(vector, row, value);
        else if (value instanceof Uint8Array) duckdb.vector_assign_string_element_len(vector, row, value);
      }
      return;
    case 'lists':
      writeLists(vector, column, from, count);
      return;
    case 'structs':
      column.fields.forEach(([, field], index) => {
        writeValues(duckdb.struct_vector_get_child(vector, index), field, from, count);
      });
  }
}

function writeLists(vector: Vector, column: ListsOutput, from: number, count: number): void {
  const { offsets, child, size } = column;
  const first = offsets[from]!;
  const total = offsets[from + count]! - first;
  if (size !== undefined) {
    writeValues(duckdb.array_vector_get_child(vector), child, first, total);
    return;
  }
  duckdb.list_vector_reserve(vector, total);
  duckdb.list_vector_set_size(vector, total);
  const entries = new BigUint64Array(count * 2);
  for (let row = 0; row < count; row++) {
    const begin = offsets[from + row]!;
    entries[row * 2] = BigInt(begin - first);
    entries[row * 2 + 1] = BigInt(offsets[from + row + 1]! - begin);
  }
  duckdb.copy_data_to_vector(vector, 0, entries.buffer, 0, entries.byteLength);
  // Asked for after the reserve, which may move it.
  writeValues(duckdb.list_vector_get_child(vector), child, first, total);
}

/** DuckDB's bits: 1 where there is a value. */
function writeNulls(vector: Vector, { nulls }: OutputColumn, from: number, count: number): void {
  if (!nulls.any) return;
  const bits = new Uint8Array(Math.ceil(count / 64) * 8).fill(255);
  for (let row = 0; row < count; row++) if (nulls.has(from + row)) bits[row >> 3]! &= ~(1 << (row & 7));
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer, bits.byteOffset, bits.byteLength);
}
