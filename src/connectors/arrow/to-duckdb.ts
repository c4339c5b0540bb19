import { randomUUID } from 'node:crypto';
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBTableFunction } from '@duckdb/node-api';
import type { RecordBatch } from 'apache-arrow';
import { InframeError, messageOf } from '../../frame/errors.js';
import type { Schema } from '../../frame/schema.js';
import { type DataType, type Field, sameType } from '../../frame/types.js';
import { toDuckDBType } from '../duckdb/types.js';
import { checkBatch } from './check.js';
import { fillVector, notTheSchema } from './fill.js';
import { IpcSource } from './ipc.js';
import { native } from './native.js';
import { fromArrowSchema } from './types.js';

/** Rows a Parquet row group: DuckDB's own default, spelled out because readers split work by it. */
const ROW_GROUP = 122_880;

/** Arrow data that DuckDB can select from, until it is dropped. */
export interface ArrowTable {
  /** The quoted name to put into SQL. */
  readonly sql: string;
  /**
   * What a scan of this table threw. DuckDB passes on an error's text only, so whoever ran the statement and saw it fail
   * asks here first for the error itself.
   */
  failure(): InframeError | undefined;
  /** Removes the name, ends open iterators and lets go of the batches. */
  drop(): Promise<void>;
}

/**
 * Makes Arrow record batches a table of the connection: `SELECT ... FROM name`. Rows stream into DuckDB's vectors column
 * by column, 2 048 at a time; memory is one batch.
 *
 * Each scan asks `batches` for a new iterator, so an array (or any iterable that can start again) may be scanned many
 * times, a running generator once. The iterator must be synchronous: DuckDB asks for rows in synchronous callbacks, on
 * the thread that called this function.
 *
 * A null-typed column becomes INTEGER, as everywhere in DuckDB.
 *
 * @param name the table's name, any text; a temporary view of the connection, which hides a table of the same name
 * @param schema must be `fromArrowSchema` of every batch's schema
 * @throws InframeError TYPE_MISMATCH for a schema DuckDB cannot hold; QUERY_FAILED where the connection refuses the view
 */
export async function arrowTable(
  connection: DuckDBConnection,
  name: string,
  schema: Schema,
  batches: Iterable<RecordBatch>,
): Promise<ArrowTable> {
  const types = schema.fields.map(field => toDuckDBType(holdable(field.type)));
  const fields = schema.fields.map(field => ({ name: field.name, type: holdable(field.type) }));
  const scans = new Set<Scan>();
  let source: Iterable<RecordBatch> | undefined = batches;
  let failure: InframeError | undefined;
  const fail = (error: unknown): string => {
    failure ??=
      error instanceof InframeError ? error : new InframeError('SOURCE_UNREADABLE', sentence(name, error), {}, error);
    return failure.message;
  };
  // DuckDB's client cannot unregister a function: its name is unique, and it holds the batches only until drop().
  const functionName = `inframe_arrow_${randomUUID().replaceAll('-', '')}`;
  const scanFunction = DuckDBTableFunction.create({
    name: functionName,
    bindFunction: info => {
      for (const [index, field] of fields.entries()) info.addResultColumn(field.name, types[index]!);
    },
    initFunction: info => {
      if (source === undefined) throw new Error(`table '${name}' was dropped`);
      info.setMaxThreads(1);
      const scan = new Scan(name, fields, schema, source);
      scans.add(scan);
      info.setInitData(scan);
    },
    mainFunction: (info, chunk) => {
      const scan = info.initData as Scan;
      try {
        scan.fill(chunk);
      } catch (error) {
        chunk.rowCount = 0;
        scan.end();
        info.setError(fail(error));
      }
      if (scan.ended) scans.delete(scan);
    },
  });
  const sql = `"${name.replaceAll('"', '""')}"`;
  try {
    connection.registerTableFunction(scanFunction);
    await connection.run(`CREATE OR REPLACE TEMP VIEW ${sql} AS SELECT * FROM ${functionName}()`);
    // The client drops a result column whose type DuckDB refuses, without a word.
    const { currentRowCount } = await connection.runAndReadAll(`DESCRIBE ${sql}`);
    if (currentRowCount !== fields.length) throw new Error('DuckDB refused the type of a column');
  } catch (error) {
    source = undefined;
    throw new InframeError('QUERY_FAILED', sentence(name, error), { table: name }, error);
  }
  return {
    sql,
    failure: () => failure,
    drop: async () => {
      source = undefined;
      for (const scan of scans) scan.end();
      scans.clear();
      await connection.run(`DROP VIEW IF EXISTS temp.${sql}`);
    },
  };
}

/** One run over the batches. */
class Scan {
  readonly #name: string;
  readonly #fields: readonly Field[];
  readonly #schema: Schema;
  readonly #iterator: Iterator<RecordBatch>;
  #batch: RecordBatch | undefined;
  #row = 0;
  ended = false;

  constructor(name: string, fields: readonly Field[], schema: Schema, batches: Iterable<RecordBatch>) {
    this.#name = name;
    this.#fields = fields;
    this.#schema = schema;
    this.#iterator = batches[Symbol.iterator]();
  }

  /** Writes the next rows into the chunk; none at the end. */
  fill(chunk: DuckDBDataChunk): void {
    while (this.#batch === undefined || this.#row >= this.#batch.numRows) {
      const next = this.ended ? undefined : this.#iterator.next();
      if (next === undefined || next.done === true) {
        this.ended = true;
        this.#batch = undefined;
        chunk.rowCount = 0;
        return;
      }
      this.#accept(next.value);
    }
    const batch = this.#batch;
    const rows = Math.min(native.vector_size(), batch.numRows - this.#row);
    chunk.rowCount = rows;
    this.#fields.forEach((field, index) => {
      const vector = native.data_chunk_get_vector(chunk.chunk, index);
      fillVector(vector, field.type, batch.data.children[index]!, this.#row, rows, null, field.name);
    });
    this.#row += rows;
  }

  /** Stops early: gives the iterator the chance to release what it holds. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#batch = undefined;
    this.#iterator.return?.();
  }

  #accept(batch: RecordBatch): void {
    const actual = fromArrowSchema(batch.schema);
    if (actual !== this.#schema) {
      const expected = this.#schema.fields;
      const same =
        actual.length === expected.length && actual.fields.every((f, i) => sameType(f.type, expected[i]!.type));
      if (!same) throw notTheSchema(this.#name);
    }
    checkBatch(batch);
    this.#batch = batch;
    this.#row = 0;
  }
}

/** DuckDB has no columns of the null type: it makes them INTEGER wherever they would become visible. */
function holdable(type: DataType): DataType {
  switch (type.kind) {
    case 'null':
      return { kind: 'int32' };
    case 'list':
    case 'array':
      return { ...type, element: holdable(type.element) };
    case 'map':
      return { ...type, key: holdable(type.key), value: holdable(type.value) };
    case 'struct':
      return { ...type, fields: type.fields.map(field => ({ name: field.name, type: holdable(field.type) })) };
    default:
      return type;
  }
}

/**
 * Copies an Arrow IPC file or stream to a Parquet file, with bounded memory and row groups of 122 880 rows.
 *
 * The connection must have no streaming result open: a second statement would end it silently.
 *
 * @returns the rows written
 * @throws InframeError as `openArrow`; QUERY_FAILED where DuckDB cannot write the target
 */
export async function arrowToParquet(
  path: string,
  target: string,
  connection: DuckDBConnection,
): Promise<{ readonly rows: number }> {
  const source = IpcSource.open(path);
  try {
    const batches: Iterable<RecordBatch> = { [Symbol.iterator]: () => source.batches() };
    return await batchesToParquet(source.columns, batches, target, connection, `file '${path}'`);
  } finally {
    source.close();
  }
}

/**
 * Copies record batches to a Parquet file, as {@link arrowToParquet} does those of a file.
 *
 * @param schema must be `fromArrowSchema` of every batch's schema
 * @param what the batches are called in errors
 */
export async function batchesToParquet(
  schema: Schema,
  batches: Iterable<RecordBatch>,
  target: string,
  connection: DuckDBConnection,
  what = 'table in memory',
): Promise<{ readonly rows: number }> {
  const table = await arrowTable(connection, `inframe_${randomUUID()}`, schema, batches);
  try {
    const to = `'${target.replaceAll("'", "''")}'`;
    const result = await connection.run(
      `COPY (SELECT * FROM ${table.sql}) TO ${to} (FORMAT parquet, ROW_GROUP_SIZE ${ROW_GROUP})`,
    );
    return { rows: result.rowsChanged };
  } catch (error) {
    throw (
      table.failure() ??
      new InframeError(
        'QUERY_FAILED',
        `${what} could not be copied to '${target}': ${messageOf(error)}`,
        { target },
        error,
      )
    );
  } finally {
    await table.drop();
  }
}

function sentence(name: string, error: unknown): string {
  return `table '${name}' cannot be read: ${messageOf(error)}`;
}
