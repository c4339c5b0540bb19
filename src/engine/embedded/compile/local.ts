import { quote } from '../../../connectors/duckdb/quote.js';
import { toSql } from '../../../connectors/duckdb/types.js';
import type { LocalNode } from '../../../frame/plan.js';
import type { DataType } from '../../../frame/types.js';
import { localLiteral } from '../sql.js';

/** Rows in memory as a SELECT: for few of them, since each is text. */
export function localSql({ schema, rows }: LocalNode): string {
  const nulls = schema.fields.map(({ name, type }) => `${typedSql('NULL', type)} AS ${quote(name)}`).join(', ');
  if (rows.length === 0) return `SELECT ${nulls} WHERE false`;
  const names = schema.names.map(name => quote(name));
  const values = rows.map(
    row => `(${row.map((value, at) => typedSql(localLiteral(value), schema.fields[at]!.type)).join(', ')})`,
  );
  return `SELECT * FROM (VALUES ${values.join(', ')}) AS t(${names.join(', ')})`;
}

function typedSql(value: string, type: DataType): string {
  return type.kind === 'other' || type.kind === 'null' ? value : `CAST(${value} AS ${toSql(type)})`;
}
