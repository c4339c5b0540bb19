import assert from 'node:assert/strict';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { fromDuckDBType } from '../../../../src/connectors/duckdb/types.js';
import type { DataFrame } from '../../../../src/index.js';

/** What a statement gives: its columns with their types, and its rows with one value a column. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Values for `?` and `$1`, or for `$name`. */
export type ParameterValues = readonly DuckDBValue[] | Readonly<Record<string, DuckDBValue>>;

/** The answer of a lazy frame. */
export async function answerOf(frame: DataFrame): Promise<Answer> {
  const { fields } = await frame.schema();
  const rows = await frame.collect();
  return {
    columns: fields.map(({ name, type }) => `${name}: ${JSON.stringify(type)}`),
    rows: rows.map(row => fields.map(({ name }) => row[name])),
  };
}

/** Plain DuckDB, one thread: what every answer is held against. */
export class Oracle {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** @param setUp statements that make its views and macros */
  static async open(setUp: readonly string[]): Promise<Oracle> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    for (const statement of ["SET TimeZone = 'UTC'", ...setUp]) await connection.run(statement);
    return new Oracle(instance, connection);
  }

  async run(statement: string): Promise<void> {
    await this.#connection.run(statement);
  }

  /** @throws DuckDB's error */
  async answer(sql: string, params?: ParameterValues): Promise<Answer> {
    const values = Array.isArray(params) ? [...params] : params && { ...(params as Record<string, DuckDBValue>) };
    const reader = await this.#connection.runAndReadAll(sql, values);
    // As a table has them: of two columns of a name, the second gets another.
    const names = (await this.#connection.run(`SELECT * FROM (${sql}) LIMIT 0`, values)).columnNames();
    const columns = reader
      .columnTypes()
      .map((type, index) => `${names[index]}: ${JSON.stringify(fromDuckDBType(type))}`);
    return { columns, rows: reader.getRowsJS() };
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/**
 * Holds an answer against another: names and types of the columns, and the rows, as a multiset unless they are ordered.
 * Floats may differ by 1e-9 of their size, since sums depend on the order of their terms.
 */
export function assertSameAnswer(actual: Answer, expected: Answer, ordered: boolean, statement: string): void {
  assert.deepEqual(actual.columns, expected.columns, `columns of ${statement}`);
  const found = ordered ? actual.rows : sorted(actual.rows);
  const wanted = ordered ? expected.rows : sorted(expected.rows);
  const at = wanted.findIndex((row, index) => !close(found[index], row));
  if (at < 0 && found.length === wanted.length) return;
  const row = at < 0 ? wanted.length : at;
  const show = (rows: Answer['rows']) =>
    rows
      .slice(row, row + 3)
      .map(keyOf)
      .join('\n  ');
  assert.fail(
    `${found.length} rows, expected ${wanted.length}; from row ${row}:\n  ${show(found)}\nexpected:\n  ${show(wanted)}\nof ${statement}`,
  );
}

function sorted(rows: Answer['rows']): Answer['rows'] {
  return rows
    .map(row => ({ row, key: keyOf(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row);
}

/** A text by which rows are put in order; numbers that differ by a rounding have the same. */
function keyOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`;
    if (typeof part === 'number') return Number.isFinite(part) ? Number(part.toPrecision(8)) + 0 : String(part);
    return part;
  });
}

function close(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
  }
  if (a instanceof Date || b instanceof Date)
    return a instanceof Date && b instanceof Date && a.getTime() === b.getTime();
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const names = Object.keys(a);
  if (Array.isArray(a) !== Array.isArray(b) || names.length !== Object.keys(b).length) return false;
  const other = b as Readonly<Record<string, unknown>>;
  return names.every(name => name in other && close((a as Readonly<Record<string, unknown>>)[name], other[name]));
}
