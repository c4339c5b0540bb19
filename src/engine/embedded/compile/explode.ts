import { quote } from '../../../connectors/duckdb/quote.js';
import type { Relation } from '../../../frame/relation.js';

/**
 * Lists as rows. Several `unnest` of one SELECT go side by side, so elements and their places are counted off together.
 *
 * @param input the SELECT the lists are in
 */
export function explodeSql(relation: Relation & { readonly kind: 'explode' }, input: string): string {
  const column = quote(relation.column);
  const isArray = relation.input.schema.type(relation.column).kind === 'array';
  const list = isArray ? `${column}[:]` : column;
  const orNull = (elements: string): string =>
    relation.outer ? `CASE WHEN len(${column}) > 0 THEN ${elements} ELSE [NULL] END` : elements;
  const elements = `unnest(${orNull(list)}) AS ${column}`;
  const places =
    relation.position === undefined
      ? ''
      : `, unnest(${orNull(`range(len(${column}))`)}) AS ${quote(relation.position)}`;
  return `SELECT * REPLACE (${elements})${places} FROM (${input})`;
}
