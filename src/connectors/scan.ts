import { InframeError } from '../frame/errors.js';
import { contentColumn, type FileFormat, isFileFormat } from '../frame/file-formats.js';
import type { CsvOptions } from '../frame/plan.js';
import type { ScanRelation, SourceFile } from '../frame/relation.js';
import type { Field } from '../frame/types.js';
import { quote, quotePath, quoteText } from './duckdb/quote.js';
import { toSql } from './duckdb/types.js';

/** Rows `from` (counted from 0, included) to `to` (not included) of a file. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The SELECT that reads files of a scan, with the scan's columns and types whatever the single file has.
 *
 * @param range of one Parquet file; DuckDB skips row groups outside it by `file_row_number`
 */
export function scanSql(scan: ScanRelation, files: readonly SourceFile[], range: RowRange | undefined): string {
  const columns = scan.schema.fields.map(({ name, type }) => {
    // A type DuckDB knows under another name cannot be cast to by ours; such columns pass as they are.
    if (type.kind === 'other' || type.kind === 'null') return quote(name);
    return `CAST(${quote(name)} AS ${toSql(type)}) AS ${quote(name)}`;
  });
  const rows = range === undefined ? '' : ` WHERE file_row_number >= ${range.from} AND file_row_number < ${range.to}`;
  const read = `FROM ${tableFunction(scan, files, range !== undefined)}${rows}`;
  if (scan.format !== 'parquet' || scan.files.length === 1) return `SELECT ${columns.join(', ')} ${read}`;
  // Of several files one may lack a column that others have: it is null there. DuckDB's optimizer takes the empty side out
  // again, and filters and projections still reach the reader.
  const nulls = typedNulls(scan);
  if (nulls.length === 0) return `SELECT ${columns.join(', ')} ${read}`;
  const own = `SELECT *${range === undefined ? '' : ' EXCLUDE (file_row_number)'} ${read}`;
  return `SELECT ${columns.join(', ')} FROM (SELECT ${nulls.join(', ')} WHERE false UNION ALL BY NAME ${own})`;
}

/** A null of each column's type; types that DuckDB knows under another name are left out. */
function typedNulls(scan: ScanRelation): readonly string[] {
  return scan.schema.fields.flatMap(({ name, type }) =>
    type.kind === 'other'
      ? []
      : [`${type.kind === 'null' ? 'NULL' : `CAST(NULL AS ${toSql(type)})`} AS ${quote(name)}`],
  );
}

/** DuckDB's reader of a format, for the given files. */
export function tableFunction(
  scan: Pick<ScanRelation, 'format' | 'csv' | 'partitions'>,
  files: readonly SourceFile[],
  rowNumbers: boolean,
): string {
  const list = `[${files.map(file => quotePath(file.path)).join(', ')}]`;
  if (isFileFormat(scan.format)) return fileRows(scan.format, list, scan.partitions);
  const options = [list, ...partitionOptions(scan)];
  switch (scan.format) {
    case 'parquet':
      if (rowNumbers) options.push('file_row_number = true');
      else if (files.length > 1) options.push('union_by_name = true');
      return `read_parquet(${options.join(', ')})`;
    case 'csv':
      return `read_csv(${[...options, ...csvOptions(scan.csv)].join(', ')})`;
    case 'jsonl':
      return `read_json(${[...options, "format = 'newline_delimited'"].join(', ')})`;
    case 'arrow':
      throw new InframeError('INTERNAL', 'Arrow files are read through Parquet');
  }
}

/** Files as rows, with the columns of their formats and those of `name=value` folders, which are texts. */
function fileRows(format: FileFormat, list: string, partitions: readonly Field[]): string {
  const folders = partitions.map(({ name }) => {
    const pattern = `^.*[/\\\\]${name.replace(/[^\w]/g, '\\$&')}=([^/\\\\]*)[/\\\\]`;
    const value = `url_decode(regexp_extract(filename, ${quoteText(pattern)}, 1))`;
    return `, nullif(${value}, '__HIVE_DEFAULT_PARTITION__') AS ${quote(name)}`;
  });
  const content = `AS ${quote(contentColumn(format).name)}`;
  if (format === 'lines') {
    return `(SELECT filename AS path, coalesce(text, '') ${content}${folders.join('')} FROM read_csv(${[list, ...LINES].join(', ')}))`;
  }
  const reader = format === 'text' ? 'read_text' : 'read_blob';
  return `(SELECT filename AS path, last_modified AS modified, size, content ${content}${folders.join('')} FROM ${reader}(${list}))`;
}

/**
 * A text file as a CSV file of one column: nothing is a quote, and what parts columns is the last character that Unicode will
 * never assign, which texts do not hold.
 */
const LINES: readonly string[] = [
  'hive_partitioning = false',
  'header = false',
  'auto_detect = false',
  "delim = '\u{10ffff}'",
  "quote = ''",
  "escape = ''",
  "columns = {text: 'VARCHAR'}",
  'filename = true',
  'max_line_size = 33554432',
  "nullstr = ['\u{10fffe}']",
];

function partitionOptions(scan: Pick<ScanRelation, 'partitions'>): readonly string[] {
  if (scan.partitions.length === 0) return ['hive_partitioning = false'];
  const types = scan.partitions.map(({ name, type }) => `${quoteText(name)}: ${toSql(type)}`);
  return ['hive_partitioning = true', `hive_types = {${types.join(', ')}}`];
}

function csvOptions(csv: CsvOptions): readonly string[] {
  const options: string[] = [];
  if (csv.header !== undefined) options.push(`header = ${csv.header}`);
  if (csv.delimiter !== undefined) options.push(`delim = ${quoteText(csv.delimiter)}`);
  if (csv.quote !== undefined) options.push(`quote = ${quoteText(csv.quote)}`);
  if (csv.nullValues !== undefined) options.push(`nullstr = [${['', ...csv.nullValues].map(quoteText).join(', ')}]`);
  if (csv.columns !== undefined) options.push(`names = [${csv.columns.map(quoteText).join(', ')}]`);
  return options;
}
