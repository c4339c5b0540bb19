import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { RecordBatch } from 'apache-arrow';
import { valuesToBatches } from '../../connectors/arrow/from-values.js';
import { batchesToParquet } from '../../connectors/arrow/to-duckdb.js';
import { fromArrowSchema } from '../../connectors/arrow/types.js';
import { InframeError } from '../../frame/errors.js';
import type { MemoryTable } from '../../frame/plan-verbs.js';
import { type ScanRelation, stageResult } from '../../frame/relation.js';
import type { Schema } from '../../frame/schema.js';

/**
 * Writes a table that is in memory as a Parquet file, which tasks can read in slices like any other. The file is known by
 * its content: the same rows are the same source, also in the next process.
 *
 * @param folder where files stay until the session closes
 */
export async function storeTable(
  table: MemoryTable,
  folder: string,
  connection: DuckDBConnection,
): Promise<ScanRelation> {
  const schema = schemaOf(table);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `memory-${randomUUID()}.parquet`);
  await batchesToParquet(schema, batchesOf(table), path, connection);
  const { size, mtimeMs } = await stat(path);
  return stageResult(schema, [{ path, bytes: size, modified: mtimeMs }], await contentOf(path));
}

function schemaOf(table: MemoryTable): Schema {
  if (table.kind === 'values') return table.schema;
  const [first] = table.batches;
  if (first !== undefined) return fromArrowSchema(first.schema);
  throw new InframeError('INTERNAL', 'Arrow table has no batch; an empty one tells its columns');
}

function batchesOf(table: MemoryTable): Iterable<RecordBatch> {
  if (table.kind === 'arrow') return table.batches;
  return { [Symbol.iterator]: () => valuesToBatches(table.schema, table.columns) };
}

async function contentOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
