import { type DuckDBConnection, DuckDBInstance, type DuckDBMaterializedResult } from '@duckdb/node-api';
import { columnNotFound, type ErrorCode, InframeError, messageOf } from '../../frame/errors.js';
import type { SourceFile } from '../../frame/relation.js';
import { CREATE_VECTOR_FUNCTIONS, refusedVectorFunction } from './vector-functions.js';

/** Settings of a DuckDB instance. */
export interface DatabaseOptions {
  readonly threads: number;
  /** Bytes. */
  readonly memoryLimit: number;
  /** Where sorts and joins that outgrow the memory spill to. */
  readonly tempDirectory: string;
}

/** Opens a private in-memory instance that loads nothing from the internet, with the vector functions in it. */
export async function openDatabase(options: DatabaseOptions): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads),
    memory_limit: `${Math.floor(options.memoryLimit / 1024)}KiB`,
    temp_directory: options.tempDirectory,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    // It moves what a join asks for below a limit, which then takes other rows: https://github.com/duckdb/duckdb/pull/22963
    disabled_optimizers: 'join_filter_pushdown',
  });
  const connection = await instance.connect();
  for (const statement of CREATE_VECTOR_FUNCTIONS) await connection.run(statement);
  connection.closeSync();
  return instance;
}

/**
 * Settings of every connection: times are UTC whatever the machine's zone, and file footers are kept, since every task of
 * a job reads its file's. File contents are not: the system caches them already, and a copy of ours only grows (Rule 6).
 */
export async function openConnection(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run('SET parquet_metadata_cache = true');
  await connection.run('SET enable_external_file_cache = false');
  return connection;
}

/** Runs a statement whole. @throws InframeError, never DuckDB's own */
export async function query(connection: DuckDBConnection, sql: string): Promise<DuckDBMaterializedResult> {
  try {
    return await connection.run(sql);
  } catch (error) {
    throw translate(error);
  }
}

/**
 * DuckDB's errors in our words and codes. Its text begins with a kind (`IO Error: ...`); what it says after is kept to its
 * first sentence.
 *
 * @param columns the columns that exist where the statement ran, for "did you mean"
 */
export function translate(error: unknown, columns: readonly string[] = []): InframeError {
  if (error instanceof InframeError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const line = messageOf(error);
  const missing = /Referenced column "(.+?)" (?:not found|was not found)/.exec(text)?.[1];
  if (missing !== undefined) {
    return columns.length > 0
      ? columnNotFound(missing, columns)
      : new InframeError('COLUMN_NOT_FOUND', `column '${missing}' is not in the table`, { column: missing });
  }
  const unknown = /(?:Scalar|Aggregate|Table|Macro)(?: \w+)? Function with name "?(.+?)"? does not exist/i.exec(
    text,
  )?.[1];
  if (unknown !== undefined) {
    const guess = /Did you mean "(.+?)"/.exec(text)?.[1];
    return new InframeError(
      'FUNCTION_NOT_FOUND',
      `function '${unknown}' does not exist${guess === undefined ? '; check its name, or register the model' : ` (did you mean '${guess}'?)`}`,
      { function: unknown },
    );
  }
  const refused = refusedVectorFunction(text);
  if (refused !== undefined) {
    return new InframeError(
      'TYPE_MISMATCH',
      `function '${refused}' takes two vectors, which are lists or arrays of numbers; cast what is something else`,
      { function: refused },
    );
  }
  const file =
    /^ *file = (.+)$/m.exec(text)?.[1] ??
    /(?:file|File) ['"](.+?)['"]/.exec(text)?.[1] ??
    /"([^"]+\.\w+)"/.exec(text)?.[1];
  const code = codeOf(text);
  const clean = line.replace(/^[\w ]+ Error: (?:[\w ]+ Error: )?/, '');
  switch (code) {
    case 'DISK_FULL':
      return new InframeError(code, `disk is full while writing: ${clean}; free some space and start the job again`);
    case 'SOURCE_UNREADABLE':
      return unreadable(file, sourceReason(text, clean));
    default:
      return new InframeError(code, `query failed: ${clean}`, {}, error);
  }
}

function unreadable(file: string | undefined, reason: string): InframeError {
  return file === undefined
    ? new InframeError('SOURCE_UNREADABLE', `source cannot be read: ${reason}; check its files`, { reason })
    : new InframeError(
        'SOURCE_UNREADABLE',
        `file '${file}' cannot be read: ${reason}; check the file or leave it out`,
        { file },
      );
}

/** DuckDB does not always say which file it could not read; where only one was being read, it is that. */
export function nameFile(error: unknown, files: readonly SourceFile[]): unknown {
  if (!(error instanceof InframeError) || error.code !== 'SOURCE_UNREADABLE' || files.length !== 1) return error;
  const { file, reason } = error.details;
  return file === undefined && typeof reason === 'string' ? unreadable(files[0]!.path, reason) : error;
}

function codeOf(message: string): ErrorCode {
  // Behind it, DuckDB shows the statement, whose words say nothing of the error.
  const [text] = message.split(/\n+LINE \d+:/) as [string];
  if (/No space left on device|disk is full|ENOSPC|max_temp_directory_size/i.test(text)) return 'DISK_FULL';
  if (
    /CSV Error|Malformed JSON|JSON transform error|don't know what type|Invalid Input Error: (?:No magic bytes|File '|Failed to (?:read|cast)|Prefetch)|parquet|thrift|TProtocol|Snappy|ZSTD|Could not read|too small to be|No files found|Corrupt/i.test(
      text,
    )
  ) {
    return 'SOURCE_UNREADABLE';
  }
  if (/^(?:Binder|Parser|Catalog) Error/.test(text)) return 'EXPRESSION_INVALID';
  return 'QUERY_FAILED';
}

/** CSV errors come as several lines: the line number, what it holds, and what is wrong with it. */
function sourceReason(text: string, clean: string): string {
  const at = /Error on Line: (\d+)/i.exec(text)?.[1];
  const wrong =
    /(Expected Number of Columns: \d+ Found: \d+|(?:Error when converting column .+\. )?Could not convert .+|Value with unterminated quote[^.]*)/i.exec(
      text,
    )?.[1];
  return at === undefined ? clean : `line ${at}: ${wrong ?? clean}`;
}
