import type { DuckDBConnection } from '@duckdb/node-api';
import { openArrow } from '../../connectors/arrow/read.js';
import { fromDuckDBType } from '../../connectors/duckdb/types.js';
import { listFiles } from '../../connectors/files.js';
import { tableFunction } from '../../connectors/scan.js';
import { InframeError } from '../../frame/errors.js';
import { isFileFormat } from '../../frame/file-formats.js';
import type { CsvOptions, ScanNode } from '../../frame/plan.js';
import type { ScanRelation } from '../../frame/relation.js';
import { Schema } from '../../frame/schema.js';
import type { Field } from '../../frame/types.js';
import { translate } from './duckdb.js';
import { resolveFileScan } from './file-scan.js';

/** What DuckDB calls a row's number in its file; a file that has such a column itself cannot be read by ranges. */
const ROW_NUMBER = 'file_row_number';

/**
 * Finds a scan's files and their columns; only footers, and the first lines of text files, are read.
 *
 * @throws InframeError SOURCE_NOT_FOUND, SOURCE_EMPTY, SOURCE_UNREADABLE
 */
export async function resolveScan(connection: DuckDBConnection, node: ScanNode): Promise<ScanRelation> {
  if (isFileFormat(node.format)) return resolveFileScan(node, node.format);
  const { files: listed, partitions } = await listFiles(node.paths, node.format);
  // A text file without a byte is a table without rows, which tells nothing of its columns; other files may.
  const filled = listed.filter(file => file.bytes > 0);
  const isText = node.format === 'csv' || node.format === 'jsonl';
  const files = isText && filled.length > 0 ? filled : listed;
  const empty = files.find(file => file.bytes === 0);
  if (empty !== undefined) {
    throw new InframeError(
      'SOURCE_UNREADABLE',
      `file '${empty.path}' is empty (0 bytes); remove it or write it again`,
      {
        file: empty.path,
      },
    );
  }
  const base = { kind: 'scan', format: node.format, files, csv: node.csv, identity: undefined } as const;
  if (node.format === 'arrow') {
    return { ...base, schema: await arrowSchema(files[0]!.path), partitions: [], splittable: false };
  }
  const { fields, csv } = await describeSplit(connection, { ...base, partitions: [] }, partitions.length > 0);
  const folded = new Set(partitions.map(name => name.toLowerCase()));
  return {
    ...base,
    csv,
    schema: new Schema(fields),
    partitions: fields.filter(field => folded.has(field.name.toLowerCase())),
    splittable: node.format === 'parquet' && !fields.some(field => field.name.toLowerCase() === ROW_NUMBER),
  };
}

async function arrowSchema(path: string): Promise<Schema> {
  const file = await openArrow(path);
  try {
    return file.schema;
  } finally {
    await file.close();
  }
}

/**
 * The columns, and how a CSV file is split into them. DuckDB takes a file whose lines it cannot make sense of for one of a
 * single column; where that column's name holds what looks like a delimiter, the file is read by it, so that the line which
 * does not fit is an error instead of a table nobody meant.
 */
async function describeSplit(
  connection: DuckDBConnection,
  scan: Pick<ScanRelation, 'format' | 'csv' | 'partitions' | 'files'>,
  hive: boolean,
): Promise<{ readonly fields: readonly Field[]; readonly csv: CsvOptions }> {
  const fields = await describe(connection, scan, hive);
  const { csv } = scan;
  const delimiter = fields.length === 1 ? /[,;\t|]/.exec(fields[0]!.name)?.[0] : undefined;
  if (scan.format !== 'csv' || csv.delimiter !== undefined || delimiter === undefined) return { fields, csv };
  const split = { ...csv, delimiter };
  return { fields: await describe(connection, { ...scan, csv: split }, hive), csv: split };
}

/** The columns as DuckDB sees them when it reads all files together; partition columns come with the types it finds. */
async function describe(
  connection: DuckDBConnection,
  scan: Pick<ScanRelation, 'format' | 'csv' | 'partitions' | 'files'>,
  hive: boolean,
): Promise<readonly Field[]> {
  const reader = tableFunction(scan, scan.files, false).replace(
    'hive_partitioning = false',
    `hive_partitioning = ${hive}`,
  );
  try {
    const prepared = await connection.prepare(`SELECT * FROM ${reader}`);
    try {
      return Array.from({ length: prepared.columnCount }, (_, index) => ({
        name: prepared.columnName(index),
        type: fromDuckDBType(prepared.columnType(index)),
      }));
    } finally {
      prepared.destroySync();
    }
  } catch (error) {
    throw await blame(connection, scan, error);
  }
}

/** Of several files, the one that cannot be read: DuckDB does not always name it. */
async function blame(
  connection: DuckDBConnection,
  scan: Pick<ScanRelation, 'format' | 'csv' | 'partitions' | 'files'>,
  error: unknown,
): Promise<InframeError> {
  for (const file of scan.files) {
    try {
      const prepared = await connection.prepare(`SELECT * FROM ${tableFunction(scan, [file], false)}`);
      prepared.destroySync();
    } catch (own) {
      const reason = translate(own).message.replace(
        /^(?:file '.*?' cannot be read|source cannot be read|query failed): /,
        '',
      );
      return new InframeError(
        'SOURCE_UNREADABLE',
        `file '${file.path}' cannot be read as ${scan.format}: ${reason.replace(/; check (?:its files|the file or leave it out)$/, '')}; check the file or leave it out`,
        { file: file.path },
      );
    }
  }
  return translate(error);
}
