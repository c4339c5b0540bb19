import type { DuckDBConnection } from '@duckdb/node-api';
import type { SourceFile } from '../frame/relation.js';
import { quotePath } from './duckdb/quote.js';

/** A run of rows that is stored together; reading part of it costs decoding what stands before. */
export interface RowGroup {
  readonly rows: number;
  /** Uncompressed, all columns. */
  readonly bytes: number;
}

/** Files asked for in one statement: enough to be quick, few enough for a statement's length. */
const FILES_A_QUERY = 256;

/**
 * The row groups of Parquet files, from their footers.
 *
 * @returns for each file, its row groups in order
 * @throws Error of DuckDB, where a file is not Parquet
 */
export async function readRowGroups(
  connection: DuckDBConnection,
  files: readonly SourceFile[],
): Promise<readonly (readonly RowGroup[])[]> {
  const groups = new Map<string, RowGroup[]>(files.map(file => [file.path, []]));
  for (let start = 0; start < files.length; start += FILES_A_QUERY) {
    const list = files.slice(start, start + FILES_A_QUERY).map(file => quotePath(file.path));
    const reader = await connection.runAndReadAll(
      `SELECT file_name, row_group_id, any_value(row_group_num_rows), sum(total_uncompressed_size)::BIGINT
       FROM parquet_metadata([${list.join(', ')}]) GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    for (const [name, , rows, bytes] of reader.getRows()) {
      groups.get(String(name))?.push({ rows: Number(rows), bytes: Number(bytes) });
    }
  }
  return files.map(file => groups.get(file.path) ?? []);
}
