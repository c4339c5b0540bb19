import { type DuckDBConnection, DuckDBTableFunction } from '@duckdb/node-api';
import duckdb, { type Vector } from '@duckdb/node-bindings';
import { toDuckDBType } from '../../connectors/duckdb/types.js';
import type { DataType, Field } from '../../frame/types.js';
import type { NumericArray } from '../../udf/dtypes.js';
import type { OutputColumn } from '../../udf/function/output-columns.js';
import type { OutputStore } from '../../udf/outputs.js';
import type { CallScorer } from '../../udf/scorer.js';
import { OUTPUTS_FUNCTION, type ScoreRequestCall } from './messages.js';
import type { RowScorer } from './open-calls.js';
import { writeValues } from './value-vectors.js';

/** Rows DuckDB takes in one chunk. */
const CHUNK = 2048;

/**
 * The outputs of a task as a table that DuckDB can join to the rows they belong to. Whole columns are copied into
 * DuckDB's vectors; strings and rows of unlike length are handed over one by one.
 *
 * One function is registered on a connection; {@link OutputTable.show} says whose outputs it gives next.
 */
export class OutputTable {
  #columns: readonly OutputTableColumn[] = [];
  #rows = 0;

  constructor(connection: DuckDBConnection) {
    let position = 0;
    connection.registerTableFunction(
      DuckDBTableFunction.create({
        name: OUTPUTS_FUNCTION,
        bindFunction: bind => {
          for (const { name, type } of this.#columns) bind.addResultColumn(name, toDuckDBType(type));
          bind.setCardinality(this.#rows, true);
        },
        initFunction: init => {
          position = 0;
          // One thread asks, so chunks come in order.
          init.setMaxThreads(1);
        },
        mainFunction: (_, chunk) => {
          const count = Math.min(CHUNK, this.#rows - position);
          this.#columns.forEach((column, index) => {
            if (count > 0) column.write(duckdb.data_chunk_get_vector(chunk.chunk, index), position, count);
          });
          chunk.rowCount = count;
          position += count;
        },
      }),
    );
  }

  /** The outputs of these calls, until the next `show`. */
  show(calls: readonly ScoreRequestCall[], scorers: readonly RowScorer[]): void {
    this.#rows = scorers[0]?.rows ?? 0;
    this.#columns = calls.map((call, index) => {
      const scorer = scorers[index]!;
      return 'result' in scorer ? valuesOf(call, scorer.result) : columnOf(call, scorer);
    });
  }

  /** Lets go of the outputs. */
  clear(): void {
    this.#columns = [];
    this.#rows = 0;
  }
}

interface OutputTableColumn extends Field {
  write(vector: Vector, from: number, count: number): void;
}

/** What a function gave. */
function valuesOf(call: ScoreRequestCall, values: OutputColumn): OutputTableColumn {
  return { ...call.column, write: (vector, from, count) => writeValues(vector, values, from, count) };
}

/** A network's result: its only output, or a struct of all of them. */
function columnOf(call: ScoreRequestCall, scorer: CallScorer): OutputTableColumn {
  const { column } = call;
  const validity = scorer.validity();
  const { type } = column;
  const members = scorer.outputs.map((store, index) =>
    valueWriter(store, scorer.outputs.length === 1 || type.kind !== 'struct' ? type : type.fields[index]!.type),
  );
  const [only] = members;
  return {
    ...column,
    write: (vector, from, count) => {
      writeValidity(vector, validity, from, count);
      if (members.length === 1) {
        only!(vector, from, count);
        return;
      }
      members.forEach((write, index) => {
        const child = duckdb.struct_vector_get_child(vector, index);
        write(child, from, count);
        // DuckDB's rule: where a struct is null, its members are.
        writeValidity(child, validity, from, count);
      });
    },
  };
}

type ValueWriter = (vector: Vector, from: number, count: number) => void;

function valueWriter(store: OutputStore, type: DataType): ValueWriter {
  if (type.kind === 'list') return (vector, from, count) => writeRagged(vector, store, from, count);
  const size = store.size!;
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

function writeRagged(vector: Vector, store: OutputStore, from: number, count: number): void {
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

/** @param validity of the whole task; chunks begin at multiples of 2048, so at whole bytes */
function writeValidity(vector: Vector, validity: Uint8Array | undefined, from: number, count: number): void {
  if (validity === undefined) return;
  const bits = validity.subarray(from >> 3, (from >> 3) + Math.ceil(count / 64) * 8);
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer as ArrayBuffer, bits.byteOffset, bits.byteLength);
}
