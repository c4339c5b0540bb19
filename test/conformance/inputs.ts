import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFile } from '../support/tables.js';
import type { TableData } from './types.js';

/** A table that is too long to be written by hand. */
export interface Generated {
  readonly rows: number;
  /** DuckDB's SELECT of some of the rows. */
  readonly sql: (from: number, to: number) => string;
}

/** What an operation reads. */
export type Input = TableData | Generated;

/** How tables lie in files, and who reads them: no answer depends on it (Rule 9). */
export interface Layout {
  readonly name: string;
  readonly workers: number;
  readonly files: number;
  /** Rows of a row group; all rows of the file where nothing is said. */
  readonly group?: number;
}

export const LAYOUTS: readonly Layout[] = Object.freeze([
  { name: '1 worker, 1 file', workers: 1, files: 1 },
  { name: '3 workers, 3 files', workers: 3, files: 3 },
  { name: '1 worker, 3 files of row groups of 2 rows', workers: 1, files: 3, group: 2 },
  { name: '3 workers, 1 file of row groups of 2 rows', workers: 3, files: 1, group: 2 },
]);

/** DuckDB makes no smaller row group of a long table. */
const VECTOR = 2048;

/** Writes tables to folders of Parquet files, each table once a layout. */
export class Inputs {
  readonly #folder: string;
  readonly #made = new Map<Input, { readonly number: number; readonly layouts: Map<string, Promise<string>> }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The folder of a table's files. */
  folder(input: Input, { files, group }: Layout): Promise<string> {
    const table = this.#made.get(input) ?? { number: this.#made.size, layouts: new Map<string, Promise<string>>() };
    this.#made.set(input, table);
    const { number, layouts } = table;
    const key = `${files} files of ${group ?? 'all'}`;
    const known = layouts.get(key);
    if (known !== undefined) return known;
    const folder = join(this.#folder, `table-${number}`, key);
    const made = write(input, folder, files, group);
    layouts.set(key, made);
    return made;
  }
}

async function write(input: Input, folder: string, files: number, group: number | undefined): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let file = 0; file < files; file++) {
    const from = Math.floor((input.rows * file) / files);
    const to = Math.floor((input.rows * (file + 1)) / files);
    const path = join(folder, `${file}.parquet`);
    if ('sql' in input) {
      const size = group === undefined ? '' : `, ROW_GROUP_SIZE ${VECTOR}`;
      await makeFile(path, input.sql(from, to), `FORMAT parquet${size}`);
      continue;
    }
    // Rows that come in chunks of their own are not put together again where one row is enough for a group.
    const step = group ?? Math.max(1, to - from);
    const chunks = Array.from({ length: Math.ceil((to - from) / step) }, (_, at) => from + at * step);
    const selects = chunks.map(start => selectOf(input, start, Math.min(to, start + step)));
    const text = selects.length === 0 ? selectOf(input, 0, 0) : selects.join(' UNION ALL ');
    await makeFile(path, text, `FORMAT parquet${group === undefined ? '' : ', ROW_GROUP_SIZE 1'}`);
  }
  return folder;
}

/** Some rows of a table as DuckDB's SELECT. */
function selectOf({ columns }: TableData, from: number, to: number): string {
  const entries = Object.entries(columns);
  const names = entries.map(([name]) => `"${name}"`);
  if (from === to) {
    const nulls = entries.map(([name, { type }]) => `CAST(NULL AS ${type.sql}) AS "${name}"`);
    return `SELECT ${nulls.join(', ')} WHERE false`;
  }
  const rows = Array.from({ length: to - from }, (_, at) => {
    const values = entries.map(([, { type, values }]) => type.literal(values[from + at]));
    return `(${values.join(', ')})`;
  });
  return `SELECT * FROM (VALUES ${rows.join(', ')}) rows(${names.join(', ')})`;
}
