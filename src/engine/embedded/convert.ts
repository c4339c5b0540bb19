import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { arrowToParquet } from '../../connectors/arrow/to-duckdb.js';
import type { Relation, ScanRelation } from '../../frame/relation.js';
import { hashOf } from '../../udf/hash.js';
import { VERSION } from './keys.js';
import type { CommittedTask, PartStore } from './store.js';

/*
 * Files that DuckDB has no reader for become Parquet before anything reads them.
 */

/** Does something unless an earlier run has, and records it. */
export type Once = (
  key: string,
  temporary: string,
  work: () => Promise<Pick<CommittedTask, 'rows' | 'files'>>,
) => Promise<CommittedTask>;

/** Arrow files, one task a file. */
export async function convertArrow(
  { files }: ScanRelation,
  connection: DuckDBConnection,
  store: PartStore,
  once: Once,
): Promise<readonly CommittedTask[]> {
  const tasks: CommittedTask[] = [];
  for (const file of files) {
    const temporary = store.temporary();
    const convert = async () => {
      const { rows } = await arrowToParquet(file.path, temporary, connection);
      const { size } = await stat(temporary);
      return { rows, files: [{ path: '', bytes: size }] };
    };
    tasks.push(await once(hashOf({ VERSION, convert: file }), temporary, convert));
  }
  return tasks;
}

/** How many rows of its input a node needs at most, where no more than `rows` of its own are wanted. */
export function rowsWanted(relation: Relation, rows: number | undefined): number | undefined {
  if (relation.kind === 'limit') {
    const own = relation.offset + relation.count;
    return rows === undefined ? own : Math.min(own, relation.offset + rows);
  }
  // A window or a filter looks at rows that it does not give.
  return relation.kind === 'project' || relation.kind === 'score' ? rows : undefined;
}
