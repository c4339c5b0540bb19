import duckdb, { type Vector } from '@duckdb/node-bindings';
import { InframeError } from '../../frame/errors.js';
import type { DataType } from '../../frame/types.js';
import { ClassificationCollector } from '../../udf/collectors/classification.js';
import type { OutputCollector } from '../../udf/collectors/collector.js';
import { ListsCollector } from '../../udf/collectors/lists.js';
import { TensorCollector } from '../../udf/collectors/tensor.js';
import { type NumericArray, numericArray } from '../../udf/dtypes.js';
import { writeValues } from './value-vectors.js';

/*
 * What networks said, as DuckDB's vectors. Numbers are copied in blocks; texts are handed over one by one.
 */

/** Writes rows `from` to `from + count` to the beginning of a vector. */
export type VectorWriter = (vector: Vector, from: number, count: number) => void;

export function collectedWriter(output: OutputCollector, type: DataType): VectorWriter {
  if (output instanceof TensorCollector) return tensorWriter(output, type);
  if (output instanceof ClassificationCollector) {
    return (vector, from, count) => writeClasses(vector, output, from, count);
  }
  if (output instanceof ListsCollector) {
    return (vector, from, count) => writeValues(vector, output.column, from, count);
  }
  throw new InframeError('INTERNAL', 'an output has no way into a vector');
}

function tensorWriter(store: TensorCollector, type: DataType): VectorWriter {
  if (type.kind === 'list') return (vector, from, count) => writeRagged(vector, store, from, count);
  const size = store.size!;
  if (type.kind === 'struct') return (vector, from, count) => writeMembers(vector, store, from, count);
  const leafOf = (vector: Vector): Vector => {
    let leaf = vector;
    for (let inner: DataType = type; inner.kind === 'array'; inner = inner.element)
      leaf = duckdb.array_vector_get_child(leaf);
    return leaf;
  };
  const { values } = store;
  if (!ArrayBuffer.isView(values)) {
    return (vector, from, count) => {
      const leaf = leafOf(vector);
      for (let index = 0; index < count * size; index++) {
        duckdb.vector_assign_string_element(leaf, index, values[from * size + index]!);
      }
    };
  }
  return (vector, from, count) => copy(leafOf(vector), values.subarray(from * size, (from + count) * size));
}

function copy(vector: Vector, values: NumericArray): void {
  duckdb.copy_data_to_vector(vector, 0, values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
}

function writeRagged(vector: Vector, store: TensorCollector, from: number, count: number): void {
  const rows = store.ragged.slice(from, from + count);
  const total = rows.reduce((sum, row) => sum + (row?.length ?? 0), 0);
  duckdb.list_vector_reserve(vector, total);
  duckdb.list_vector_set_size(vector, total);
  const child = duckdb.list_vector_get_child(vector);
  const entries = new BigUint64Array(count * 2);
  let offset = 0;
  rows.forEach((row, index) => {
    entries[index * 2] = BigInt(offset);
    entries[index * 2 + 1] = BigInt(row?.length ?? 0);
    if (row === undefined) return;
    if (ArrayBuffer.isView(row)) {
      duckdb.copy_data_to_vector(
        child,
        offset * row.BYTES_PER_ELEMENT,
        row.buffer as ArrayBuffer,
        row.byteOffset,
        row.byteLength,
      );
    } else {
      for (const [position, text] of row.entries()) duckdb.vector_assign_string_element(child, offset + position, text);
    }
    offset += row.length;
  });
  duckdb.copy_data_to_vector(vector, 0, entries.buffer as ArrayBuffer, 0, entries.byteLength);
}

/** The values of a row as members of a struct, each a column of its own. */
function writeMembers(vector: Vector, { values, size, binding }: TensorCollector, from: number, count: number): void {
  const numbers = values as Float32Array;
  for (let member = 0; member < size!; member++) {
    const own = numericArray(binding.dtype, count) as Float32Array;
    for (let row = 0; row < count; row++) own[row] = numbers[(from + row) * size! + member]!;
    copy(duckdb.struct_vector_get_child(vector, member), own);
  }
}

/** Labels and scores, as a struct or as lists of structs of one length. */
function writeClasses(vector: Vector, output: ClassificationCollector, from: number, count: number): void {
  const { count: each, list, labels } = output.binding;
  const total = count * each;
  if (list) {
    duckdb.list_vector_reserve(vector, total);
    duckdb.list_vector_set_size(vector, total);
    const entries = new BigUint64Array(count * 2);
    for (let row = 0; row < count; row++) {
      entries[row * 2] = BigInt(row * each);
      entries[row * 2 + 1] = BigInt(each);
    }
    copy(vector, entries);
  }
  // Asked for after the reserve, which may move it.
  const element = list ? duckdb.list_vector_get_child(vector) : vector;
  const classes = output.classes.subarray(from * each, from * each + total);
  const names = duckdb.struct_vector_get_child(element, 0);
  if (labels === undefined) copy(names, classes);
  else {
    for (let index = 0; index < total; index++) {
      duckdb.vector_assign_string_element(names, index, labels[Number(classes[index])]!);
    }
  }
  copy(duckdb.struct_vector_get_child(element, 1), output.scores.subarray(from * each, from * each + total));
}

/**
 * DuckDB's bits, 1 where there is a value; where a struct is null, its members are.
 *
 * @param validity of the whole task; chunks begin at multiples of 2048, so at whole bytes
 */
export function writeValidity(
  vector: Vector,
  type: DataType,
  validity: Uint8Array | undefined,
  from: number,
  count: number,
): void {
  if (validity === undefined) return;
  const bits = validity.subarray(from >> 3, (from >> 3) + Math.ceil(count / 64) * 8);
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer as ArrayBuffer, bits.byteOffset, bits.byteLength);
  if (type.kind !== 'struct') return;
  type.fields.forEach((field, index) => {
    writeValidity(duckdb.struct_vector_get_child(vector, index), field.type, validity, from, count);
  });
}
