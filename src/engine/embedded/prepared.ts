import type { DuckDBConnection } from '@duckdb/node-api';
import { fromDuckDBType, toSql } from '../../connectors/duckdb/types.js';
import type { DataType, Field } from '../../frame/types.js';

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

/** The types of the columns a SELECT gives. @throws DuckDB's error */
export async function preparedTypes(connection: DuckDBConnection, sql: string): Promise<readonly DataType[]> {
  return (await preparedFields(connection, sql)).map(({ type }) => type);
}

/** A null of a type: what an expression is typed over, without a table. */
export function nullOf(type: DataType): string {
  return type.kind === 'other' || type.kind === 'null' ? 'NULL' : `CAST(NULL AS ${toSql(type)})`;
}
