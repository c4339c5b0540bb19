import type { DuckDBConnection } from '@duckdb/node-api';
import { fromDuckDBType, toSql } from '../../connectors/duckdb/types.js';
import type { DataType, Field } from '../../frame/types.js';
import { Memo } from './memo.js';

/** The columns a SELECT gives: it is bound, not run. @throws DuckDB's error */
export async function preparedFields(connection: DuckDBConnection, sql: string): Promise<readonly Field[]> {
  const prepared = await connection.prepare(sql);
  try {
    return Array.from({ length: prepared.columnCount }, (_, index) => ({
      name: prepared.columnName(index),
      type: fromDuckDBType(prepared.columnType(index)),
    }));
  } finally {
    prepared.destroySync();
  }
}

const MOST_KEPT = 1000;
const kept = new WeakMap<DuckDBConnection, Memo<readonly Field[]>>();

/**
 * The columns of a SELECT that reads nothing but constants, which are always the same: asked for once.
 *
 * @throws DuckDB's error
 */
export function constantFields(connection: DuckDBConnection, sql: string): Promise<readonly Field[]> {
  let memo = kept.get(connection);
  if (memo === undefined) {
    memo = new Memo(MOST_KEPT);
    kept.set(connection, memo);
  }
  return memo.get(sql, () => preparedFields(connection, sql));
}

/** A null of a type: what an expression is typed over, without a table. */
export function nullOf(type: DataType): string {
  return type.kind === 'other' || type.kind === 'null' ? 'NULL' : `CAST(NULL AS ${toSql(type)})`;
}
