import { type Cursor, isSymbol } from './cursor.js';

/** The words that begin a statement which gives rows, by DuckDB's parser. */
export const QUERY_WORDS: readonly string[] = Object.freeze([
  'SELECT',
  'WITH',
  'FROM',
  'VALUES',
  'TABLE',
  'PIVOT',
  'PIVOT_WIDER',
  'UNPIVOT',
  'PIVOT_LONGER',
  'SUMMARIZE',
]);

/** True if a query begins at the token `ahead` of the next. */
export function atQuery(cursor: Cursor, ahead = 0): boolean {
  const token = cursor.peek(ahead);
  return isSymbol(token, '(') || (token.kind === 'word' && QUERY_WORDS.includes(token.value.toUpperCase()));
}

/** The rest of the statement, which must be a query. @throws InframeError STATEMENT_INVALID */
export function restAsQuery(cursor: Cursor): string {
  if (!atQuery(cursor)) throw cursor.unexpected('a query');
  return cursor.rest();
}

/** A query in parentheses, without these. @throws InframeError STATEMENT_INVALID */
export function queryInParentheses(cursor: Cursor): string {
  if (isSymbol(cursor.peek(), '(') && !atQuery(cursor, 1)) {
    cursor.take();
    throw cursor.unexpected('a query');
  }
  return cursor.parenthesised('a query in parentheses');
}

/** A table, a file in quotes or a function that gives rows, as a query of all it has; to the end of the statement. */
export function tableQuery(cursor: Cursor): string {
  const { start, kind } = cursor.peek();
  if (kind === 'text') cursor.take();
  else cursor.expectName('a table');
  if (kind === 'word' && isSymbol(cursor.peek(), '(')) cursor.parenthesised('arguments');
  const text = cursor.source.slice(start, cursor.behind);
  cursor.expectEnd();
  return `SELECT * FROM ${text}`;
}
