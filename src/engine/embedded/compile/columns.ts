import { quote } from '../../../connectors/duckdb/quote.js';
import type { Named } from '../../../frame/expr.js';
import { expressionSql } from '../sql.js';

/** `expr AS "name", ...` */
export function columnList(columns: readonly Named[]): string {
  return columns.map(({ name, expr }) => `${expressionSql(expr)} AS ${quote(name)}`).join(', ');
}
