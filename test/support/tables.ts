import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { quoteText } from '../../src/connectors/duckdb/quote.js';
import { serializeModel } from '../../src/udf/onnx/file.js';
import type { ModelProto } from '../../src/udf/onnx/onnx_pb.js';

let database: Promise<DuckDBInstance> | undefined;

/**
 * Runs statements in a DuckDB of the test's own: what makes the source files, and the independent reader of results.
 *
 * @returns the rows of the last statement: 64-bit integers are `bigint`
 */
export async function duck(...statements: readonly string[]): Promise<readonly (readonly unknown[])[]> {
  database ??= DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await (await database).connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    let rows: readonly (readonly unknown[])[] = [];
    for (const statement of statements) rows = (await connection.runAndReadAll(statement)).getRowsJS();
    return rows;
  } finally {
    connection.closeSync();
  }
}

/** Writes the rows of a SELECT to a file; row groups are of at least 2048 rows, as DuckDB has it. */
export async function makeFile(path: string, select: string, options = 'FORMAT parquet'): Promise<string> {
  await duck(`COPY (${select}) TO ${quoteText(path)} (${options})`);
  return path;
}

/** A table of `n` rows: `id` counts from 0, `x` is id / 8 and `z` is id % 7, all exact in a float32 while n < 2^20. */
export function numbersSql(count: number, from = 0): string {
  return `SELECT i::BIGINT AS id, (i / 8.0)::FLOAT AS x, (i % 7)::FLOAT AS z, 'name ' || i AS name
          FROM range(${from}, ${from + count}) r(i)`;
}

/** Saves a model that a test has built. */
export async function saveModel(folder: string, name: string, model: ModelProto): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, serializeModel(model));
  return path;
}

/** All rows of the Parquet files of a result folder, in the order of the file names. */
export function readResult(folder: string, columns = '*'): Promise<readonly (readonly unknown[])[]> {
  return duck(`SELECT ${columns} FROM read_parquet(${quoteText(`${folder}/*.parquet`)})`);
}
