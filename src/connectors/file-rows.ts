import { fileURLToPath } from 'node:url';
import { InframeError } from '../frame/errors.js';
import { contentColumn, type FileFormat, fileColumns, REASON } from '../frame/file-formats.js';
import type { ScanRelation, SourceFile } from '../frame/relation.js';
import type { DataType, Field } from '../frame/types.js';
import { quote, quotePath, quoteText } from './duckdb/quote.js';
import { toSql } from './duckdb/types.js';
import { replacingText, validText } from './text.js';

/*
 * Files as rows: each is one row of a path, a date, a size and what it holds, and the columns of its `name=value` folders.
 */

type FileScan = Pick<ScanRelation, 'content' | 'partitions' | 'schema'> & { readonly format: FileFormat };

/** The SELECT that reads files as rows, in their order. What a file holds is read only where the column is asked for. */
export function fileRowsSql(scan: FileScan, files: readonly SourceFile[]): string {
  const columns = scan.schema.fields.map(
    ({ name, type }) => `CAST(${quote(name)} AS ${toSql(type)}) AS ${quote(name)}`,
  );
  const own = fileColumns(scan.format, scan.content);
  const folders = scan.partitions.map(field => `${folderValueSql(field)} AS ${quote(field.name)}`);
  const rows = runsOf(files).map(run =>
    run[0]!.problem === undefined ? readSql(scan, own, run) : problemsSql(scan, own, run),
  );
  if (rows.length === 0) rows.push(`${problemsSql(scan, own, [{ path: '', bytes: 0, modified: 0 }])} LIMIT 0`);
  return `SELECT ${columns.join(', ')} FROM (SELECT ${['*', ...folders].join(', ')} FROM (${rows.join(' UNION ALL ')}))`;
}

/** Files side by side that can be opened, or that cannot. */
function runsOf(files: readonly SourceFile[]): readonly (readonly SourceFile[])[] {
  const runs: SourceFile[][] = [];
  for (const file of files) {
    const last = runs.at(-1);
    if (last !== undefined && (last[0]!.problem === undefined) === (file.problem === undefined)) last.push(file);
    else runs.push([file]);
  }
  return runs;
}

/** Columns that DuckDB's reader of blobs has; a folder `size=3` would take the place of one, and bring DuckDB down. */
const TAKEN = /[/\\](?:filename|content|size|last_modified)=/i;

/**
 * DuckDB makes columns of `name=value` folders where all files have the same, and its reader of blobs cannot be told not to.
 * A file that stands in no such folder (this one) ends that; its row is left out, and it is not read.
 */
const OWN_PATH = fileURLToPath(import.meta.url);

function readSql(scan: FileScan, own: readonly Field[], files: readonly SourceFile[]): string {
  const paths = files.map(file => quotePath(file.path));
  const guarded = files.some(file => TAKEN.test(file.path));
  const list = guarded ? [quotePath(OWN_PATH), ...paths] : paths;
  const where = guarded ? ` WHERE filename <> ${quoteText(OWN_PATH)}` : '';
  const columns = own.map(({ name }) => `${sourceOf(name, scan)} AS ${quote(name)}`);
  return `SELECT ${columns.join(', ')} FROM read_blob([${list.join(', ')}])${where}`;
}

function sourceOf(name: string, { format, content }: FileScan): string {
  if (name === 'path') return 'filename';
  if (name === 'modified') return 'last_modified';
  if (name === 'size') return 'size';
  if (name === REASON) return 'CAST(NULL AS VARCHAR)';
  if (format === 'text') return textSql(content?.onInvalid ?? 'replace');
  return 'content';
}

function textSql(policy: 'replace' | 'null' | 'fail'): string {
  if (policy === 'replace') return replacingText('content');
  if (policy === 'null') return validText('content');
  const failure = `error('file ''' || filename || ''' cannot be read: it is not UTF-8')`;
  return `CASE WHEN try(decode(content)) IS NULL AND content IS NOT NULL THEN ${failure} ELSE ${validText('content')} END`;
}

/** Rows of files that cannot be opened: their path, and why. */
function problemsSql({ format }: FileScan, own: readonly Field[], files: readonly SourceFile[]): string {
  const rows = files.map(({ path, problem = '' }) => `(${quoteText(path)}, ${quoteText(problem)})`);
  const nothing = (type: DataType): string => `CAST(NULL AS ${toSql(type)})`;
  const columns = own.map(({ name, type }) => {
    if (name === 'path') return 'path AS path';
    if (name === REASON) return `problem AS ${quote(REASON)}`;
    // Of text that is decoded, and of all else, nothing.
    return `${nothing(name === contentColumn(format).name ? contentColumn(format).type : type)} AS ${quote(name)}`;
  });
  return `SELECT ${columns.join(', ')} FROM (VALUES ${rows.join(', ')}) AS problems(path, problem)`;
}

/** SQL of the value of the innermost `name=value` folder of that name in the column `path`, as DuckDB and Hive write it: escaped as in a URL. */
export function folderValueSql({ name, type }: Field): string {
  const pattern = `.*[/\\\\]${escapePattern(name)}=([^/\\\\]*)[/\\\\]`;
  const value = `url_decode(regexp_extract(path, ${quoteText(pattern)}, 1, 'i'))`;
  return `CAST(nullif(${value}, '__HIVE_DEFAULT_PARTITION__') AS ${toSql(type)})`;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The columns that `name=value` folders give, with the types their values have: whole numbers, dates, texts. */
export function folderColumns(names: readonly string[], files: readonly SourceFile[]): readonly Field[] {
  return names.map(name => {
    const values = files.map(file => folderValue(name, file.path)).filter(value => value !== DEFAULT_PARTITION);
    return { name, type: typeOfAll(values) };
  });
}

const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__';

function folderValue(name: string, path: string): string {
  const found = new RegExp(`.*[/\\\\]${escapePattern(name)}=([^/\\\\]*)[/\\\\]`, 'is').exec(path);
  if (found === null) throw new InframeError('INTERNAL', `file '${path}' stands in no folder '${name}=...'`);
  return found[1]!;
}

/** As DuckDB tells the types of such folders, but for timestamps, which a folder's name cannot hold unescaped. */
function typeOfAll(values: readonly string[]): DataType {
  if (values.length === 0) return { kind: 'string' };
  if (values.every(value => /^[-+]?\d{1,18}$/.test(value))) return { kind: 'int64' };
  if (values.every(value => /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))))
    return { kind: 'date' };
  return { kind: 'string' };
}
