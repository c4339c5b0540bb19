import { InframeError } from '../frame/errors.js';
import { isFileFormat } from '../frame/file-formats.js';
import type { CsvOptions } from '../frame/plan.js';
import type { ScanRelation, SourceFile } from '../frame/relation.js';
import { quote, quotePath, quoteText } from './duckdb/quote.js';
import { toSql } from './duckdb/types.js';
import { fileRowsSql } from './file-rows.js';

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
  const { format } = scan;
  if (isFileFormat(format) && format !== 'lines') return fileRowsSql({ ...scan, format }, files);
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
    default:
      throw new InframeError('INTERNAL', `${scan.format} files are read through Parquet`);
  }
}

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
