import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
import type { RecordBatch } from 'apache-arrow';
import { chunksToBatch } from '../../../src/connectors/arrow/from-duckdb.js';
import { IpcSource } from '../../../src/connectors/arrow/ipc.js';
import { arrowTable } from '../../../src/connectors/arrow/to-duckdb.js';
import { ArrowFileWriter } from '../../../src/connectors/arrow/write.js';
import { fromDuckDBType } from '../../../src/connectors/duckdb/types.js';
import { InframeError } from '../../../src/frame/errors.js';
import { Schema } from '../../../src/frame/schema.js';

/** A database and a folder for one test file. */
export class Bench {
  readonly folder: string;
  readonly connection: DuckDBConnection;
  readonly #instance: DuckDBInstance;

  private constructor(folder: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.folder = folder;
    this.#instance = instance;
    this.connection = connection;
  }

  static async open(): Promise<Bench> {
    const folder = await mkdtemp(join(tmpdir(), 'inframe-arrow-'));
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    return new Bench(folder, instance, connection);
  }

  async close(): Promise<void> {
    this.connection.closeSync();
    this.#instance.closeSync();
    await rm(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** DuckDB's text of every value of a query: the judge of every comparison. */
  async texts(from: string, columns: readonly string[]): Promise<readonly (readonly (string | null)[])[]> {
    const list = columns.map(name => `CAST("${name.replaceAll('"', '""')}" AS VARCHAR)`).join(', ');
    return (await this.connection.runAndReadAll(`SELECT ${list} FROM ${from}`)).getRows() as (string | null)[][];
  }

  /** A query's schema and its rows as Arrow batches of `group` chunks each. */
  async batches(sql: string, group = 1): Promise<{ schema: Schema; batches: RecordBatch[] }> {
    const result = await this.connection.stream(sql);
    const names = result.deduplicatedColumnNames();
    const schema = new Schema(
      result.columnTypes().map((type, index) => ({ name: names[index]!, type: fromDuckDBType(type) })),
    );
    const batches: RecordBatch[] = [];
    let held: DuckDBDataChunk[] = [];
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      held.push(chunk);
      if (held.length === group) {
        batches.push(chunksToBatch(schema, held));
        held = [];
      }
    }
    if (held.length > 0) batches.push(chunksToBatch(schema, held));
    return { schema, batches };
  }

  /** Writes a query to an Arrow file. */
  async write(sql: string, path: string, group = 1): Promise<Schema> {
    const { schema, batches } = await this.batches(sql, group);
    const writer = await ArrowFileWriter.open(path, schema);
    for (const batch of batches) await writer.write(batch);
    await writer.close();
    return schema;
  }

  /** Reads an Arrow file through DuckDB: the text of every value. */
  async readBack(path: string): Promise<readonly (readonly (string | null)[])[]> {
    const source = IpcSource.open(path);
    try {
      const table = await arrowTable(this.connection, 'read_back', source.columns, {
        [Symbol.iterator]: () => source.batches(),
      });
      try {
        return await this.texts(table.sql, source.columns.names);
      } catch (error) {
        throw table.failure() ?? error;
      } finally {
        await table.drop();
      }
    } finally {
      source.close();
    }
  }
}

/** For `assert.throws` and `assert.rejects`. */
export function inframe(code: string, pattern: RegExp = /./): (error: unknown) => boolean {
  return error => {
    if (error instanceof InframeError && error.code === code && pattern.test(error.message)) return true;
    throw error;
  };
}
