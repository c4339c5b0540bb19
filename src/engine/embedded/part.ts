import { readdir, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { chunksToBatch } from '../../connectors/arrow/from-duckdb.js';
import { ArrowFileWriter } from '../../connectors/arrow/write.js';
import { quote, quoteText } from '../../connectors/duckdb/quote.js';
import { InframeError } from '../../frame/errors.js';
import { translate } from './duckdb.js';
import type { PartFile, PartRequest } from './messages.js';
import { RowStream } from './stream.js';

/**
 * Writes the rows of a SELECT as one part. That it is on the disk is seen to by whoever records it.
 *
 * @returns the number of rows and the part's files
 * @throws InframeError DISK_FULL, TARGET_NOT_WRITABLE, or what the SELECT fails with
 */
export async function writePart(
  connection: DuckDBConnection,
  select: string,
  part: PartRequest,
): Promise<{ readonly rows: number; readonly files: readonly PartFile[] }> {
  try {
    const rows =
      part.format === 'arrow' ? await writeArrow(connection, select, part) : await copyTo(connection, select, part);
    const files = await listPart(part.path);
    return { rows, files };
  } catch (error) {
    await rm(part.path, { recursive: true, force: true });
    throw writeError(error, part.path);
  }
}

async function copyTo(connection: DuckDBConnection, select: string, part: PartRequest): Promise<number> {
  const result = await connection.run(
    `COPY (${storedSelect(select, part)}) TO ${quoteText(part.path)} (${copyOptions(part).join(', ')})`,
  );
  return Number(result.getChunk(0).getRows()[0]?.[0] ?? 0);
}

/** The rows with the types that the file holds. */
function storedSelect(select: string, part: PartRequest): string {
  const casts = Object.entries(part.storedTypes).map(
    ([name, type]) => `CAST(${quote(name)} AS ${type}) AS ${quote(name)}`,
  );
  return part.format !== 'parquet' || casts.length === 0
    ? select
    : `SELECT * REPLACE (${casts.join(', ')}) FROM (${select})`;
}

function copyOptions(part: PartRequest): readonly string[] {
  const partitions = part.partitionBy.length === 0 ? [] : [`PARTITION_BY (${part.partitionBy.map(quote).join(', ')})`];
  switch (part.format) {
    case 'parquet':
      return [
        'FORMAT parquet',
        `COMPRESSION ${part.compression}`,
        `ROW_GROUP_SIZE ${part.rowGroupRows}`,
        ...partitions,
      ];
    case 'csv':
      return ['FORMAT csv', 'HEADER true', ...partitions];
    case 'jsonl':
      return ['FORMAT json', ...partitions];
    case 'arrow':
      throw new InframeError('INTERNAL', 'Arrow is not written by COPY');
  }
}

async function writeArrow(connection: DuckDBConnection, select: string, part: PartRequest): Promise<number> {
  if (part.partitionBy.length > 0) {
    throw new InframeError('ARGUMENT_INVALID', 'partitionBy is not possible with Arrow files; write Parquet');
  }
  const stream = await RowStream.open(connection, select);
  const { schema } = stream;
  const writer = await ArrowFileWriter.open(part.path, schema);
  let rows = 0;
  try {
    for await (const chunk of stream.chunks()) {
      await writer.write(chunksToBatch(schema, [chunk]));
      rows += chunk.rowCount;
    }
    await writer.close();
    return rows;
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

async function listPart(path: string): Promise<readonly PartFile[]> {
  const info = await stat(path);
  if (info.isFile()) return [{ path: '', bytes: info.size }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const names = entries
    .filter(entry => entry.isFile())
    .map(entry => relative(path, join(entry.parentPath, entry.name)));
  const files: PartFile[] = [];
  for (const name of names.sort()) files.push({ path: name, bytes: (await stat(join(path, name))).size });
  return files;
}

/** Errors of writing, told apart from errors of what is written. */
export function writeError(error: unknown, path: string): InframeError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || /No space left on device|Disk quota/i.test(text)) {
    return new InframeError(
      'DISK_FULL',
      `disk is full: '${path}' could not be written; free some space and start the job again, it goes on where it stopped`,
      { path },
    );
  }
  if (
    code === 'EACCES' ||
    code === 'EPERM' ||
    code === 'EROFS' ||
    /Permission denied|Read-only file system/i.test(text)
  ) {
    return new InframeError(
      'TARGET_NOT_WRITABLE',
      `target '${path}' may not be written to; choose another or change its rights`,
      {
        path,
      },
    );
  }
  return translate(error);
}
