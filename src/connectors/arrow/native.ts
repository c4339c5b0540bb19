import { createRequire } from 'node:module';
import type { DuckDBDataChunk } from '@duckdb/node-api';

/**
 * DuckDB's C API as the Node client sees it. The client's vector classes make an object a value for strings, lists and
 * decimals; a columnar copy needs the buffers themselves, which only this layer gives.
 *
 * Memory rule M1: what {@link Native.vector_get_data} and {@link Native.vector_get_validity} return is DuckDB's memory
 * and dies with the chunk; copy before the chunk is dropped.
 * Memory rule M2: `copy_data_to_vector` and `copy_data_to_vector_validity` trust their arguments; sizes are checked by
 * the caller (check.ts) before a byte is copied.
 *
 * C API: https://duckdb.org/docs/stable/clients/c/vector
 */
export interface Native {
  vector_size(): number;
  data_chunk_get_vector(chunk: NativeChunk, column: number): NativeVector;
  vector_get_column_type(vector: NativeVector): NativeType;
  vector_get_data(vector: NativeVector, byteCount: number): Uint8Array;
  /** Null where every row is valid. */
  vector_get_validity(vector: NativeVector, byteCount: number): Uint8Array | null;
  vector_ensure_validity_writable(vector: NativeVector): void;
  vector_assign_string_element_len(vector: NativeVector, index: number, data: Uint8Array): void;
  list_vector_get_child(vector: NativeVector): NativeVector;
  list_vector_get_size(vector: NativeVector): number;
  list_vector_set_size(vector: NativeVector, size: number): void;
  list_vector_reserve(vector: NativeVector, capacity: number): void;
  struct_vector_get_child(vector: NativeVector, index: number): NativeVector;
  array_vector_get_child(vector: NativeVector): NativeVector;
  get_type_id(type: NativeType): number;
  decimal_width(type: NativeType): number;
  enum_dictionary_size(type: NativeType): number;
  array_type_array_size(type: NativeType): number;
  struct_type_child_count(type: NativeType): number;
  get_data_from_pointer(buffer: ArrayBufferLike, pointerOffset: number, byteCount: number): Uint8Array;
  copy_data_to_vector(
    vector: NativeVector,
    targetOffset: number,
    source: ArrayBufferLike,
    sourceOffset: number,
    byteCount: number,
  ): void;
  copy_data_to_vector_validity(
    vector: NativeVector,
    targetOffset: number,
    source: ArrayBufferLike,
    sourceOffset: number,
    byteCount: number,
  ): void;
}

/** Opaque handles: made and read by the binding only. */
export type NativeChunk = DuckDBDataChunk['chunk'];
export interface NativeVector {
  readonly __duckdb_type: 'duckdb_vector';
}
export interface NativeType {
  readonly __duckdb_type: 'duckdb_logical_type';
}

// The binding is the client's dependency, not ours: it is resolved from where the client stands, so that a strict
// package manager (pnpm) finds it and its version is always the client's.
const here = createRequire(import.meta.url);
const client = createRequire(here.resolve('@duckdb/node-api'));

/** The binding the client itself uses. */
export const native = client('@duckdb/node-bindings') as Native;
