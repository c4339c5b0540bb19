import { type DuckDBConnection, DuckDBTableFunction } from '@duckdb/node-api';
import duckdb, { type Vector } from '@duckdb/node-bindings';
import { toDuckDBType } from '../../connectors/duckdb/types.js';
import type { Field } from '../../frame/types.js';
import type { OutputColumn } from '../../udf/function/output-columns.js';
import type { CallScorer } from '../../udf/scorer.js';
import { collectedWriter, writeValidity } from './collected-vectors.js';
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
  if (scorer.outputs.length === 1 || type.kind !== 'struct') {
    const write = collectedWriter(scorer.outputs[0]!, type);
    return {
      ...column,
      write: (vector, from, count) => {
        writeValidity(vector, type, validity, from, count);
        write(vector, from, count);
      },
    };
  }
  const members = scorer.outputs.map((output, index) => collectedWriter(output, type.fields[index]!.type));
  return {
    ...column,
    write: (vector, from, count) => {
      writeValidity(vector, type, validity, from, count);
      members.forEach((write, index) => {
        write(duckdb.struct_vector_get_child(vector, index), from, count);
      });
    },
  };
}
