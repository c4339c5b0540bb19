import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { valuesToBatches } from '../../connectors/arrow/from-values.js';
import { arrowTable } from '../../connectors/arrow/to-duckdb.js';
import { quote, quoteText } from '../../connectors/duckdb/quote.js';
import { folderValueSql } from '../../connectors/file-rows.js';
import { readLines } from '../../connectors/lines.js';
import { Schema } from '../../frame/schema.js';
import type { LinesRequest, LinesResult, PartFile } from './messages.js';
import { writeError } from './part.js';
import { checkUnchanged } from './unchanged.js';

/** Characters and lines of a part: what is in memory at once. */
const PART_CHARACTERS = 8 * 1024 * 1024;
const PART_LINES = 500_000;

const SCHEMA = new Schema([
  { name: 'file', type: { kind: 'int32' } },
  // Numbers take no room of their own, as bigints do; 0 stands for none.
  { name: 'line', type: { kind: 'float64' } },
  { name: 'text', type: { kind: 'string' } },
]);

/** Lines that wait to be written. */
interface Block {
  /** Of each line, the place of its file among the request's, from 1. */
  readonly files: number[];
  readonly lines: number[];
  readonly texts: (string | null)[];
  characters: number;
}

/**
 * Makes text files a folder of Parquet files, a row a line, in order.
 *
 * @throws InframeError SOURCE_UNREADABLE, SOURCE_CHANGED, DISK_FULL
 */
export async function linesTask(request: LinesRequest, connection: DuckDBConnection): Promise<LinesResult> {
  await checkUnchanged(request.files);
  await mkdir(request.folder);
  try {
    const parts: PartFile[] = [];
    let rows = 0;
    for await (const block of blocksOf(request)) {
      const name = `part-${String(parts.length).padStart(6, '0')}.parquet`;
      await writeBlock(block, request, join(request.folder, name), connection);
      parts.push({ path: name, bytes: (await stat(join(request.folder, name))).size });
      rows += block.texts.length;
    }
    await checkUnchanged(request.files);
    return { rows, files: parts };
  } catch (error) {
    await rm(request.folder, { recursive: true, force: true });
    throw writeError(error, request.folder);
  }
}

/** The lines of all files, part by part; one part at least, for the columns. */
async function* blocksOf({ files, onInvalid, most }: LinesRequest): AsyncGenerator<Block> {
  let block = emptyBlock();
  let left = most ?? Number.POSITIVE_INFINITY;
  let written = false;
  for (const [index, file] of files.entries()) {
    if (left <= 0) break;
    if (file.problem !== undefined) {
      push(block, index + 1, 0, null);
      left -= 1;
      continue;
    }
    let line = 0;
    for await (const texts of readLines(file.path, onInvalid)) {
      for (const text of texts.length > left ? texts.slice(0, left) : texts) {
        line += 1;
        push(block, index + 1, line, text);
        if (block.characters < PART_CHARACTERS && block.texts.length < PART_LINES) continue;
        yield block;
        written = true;
        block = emptyBlock();
      }
      left -= texts.length;
      if (left <= 0) break;
    }
  }
  if (block.texts.length > 0 || !written) yield block;
}

function emptyBlock(): Block {
  return { files: [], lines: [], texts: [], characters: 0 };
}

function push(block: Block, file: number, line: number, text: string | null): void {
  block.files.push(file);
  block.lines.push(line);
  block.texts.push(text);
  block.characters += text?.length ?? 0;
}

async function writeBlock(
  block: Block,
  { files, partitions }: LinesRequest,
  target: string,
  connection: DuckDBConnection,
): Promise<void> {
  const columns = [Int32Array.from(block.files), Float64Array.from(block.lines), block.texts];
  const table = await arrowTable(connection, 'inframe_lines', SCHEMA, {
    [Symbol.iterator]: () => valuesToBatches(SCHEMA, columns),
  });
  // Constants: a line carries only the number of its file.
  const paths = `[${files.map(file => quoteText(file.path)).join(', ')}]`;
  const folders = partitions.map(
    field => `list_transform(${paths}, lambda path: ${folderValueSql(field)})[file] AS ${quote(field.name)}`,
  );
  const select = [`${paths}[file] AS path`, 'nullif(line, 0)::BIGINT AS line', '"text"', ...folders].join(', ');
  try {
    await connection.run(`COPY (SELECT ${select} FROM ${table.sql}) TO ${quoteText(target)} (FORMAT parquet)`);
  } catch (error) {
    throw table.failure() ?? error;
  } finally {
    await table.drop();
  }
}
