import type { DuckDBConnection } from '@duckdb/node-api';
import { InframeError } from '../../frame/errors.js';
import type { Expr } from '../../frame/expr.js';
import type { Names } from '../../frame/names.js';
import { toExpressions } from './query/fragment.js';
import { parse } from './query/parser.js';
import { nodesIn, type SyntaxNode, walk } from './query/syntax.js';

/**
 * Parses one scalar expression with DuckDB's own parser, and writes it anew from the tree: what is used is what was
 * understood, whatever the text was.
 *
 * @throws InframeError EXPRESSION_INVALID for anything but one expression over the table's columns
 */
export async function parseExpression(connection: DuckDBConnection, text: string, names: Names): Promise<Expr> {
  const refuse = (reason: string): InframeError =>
    new InframeError('EXPRESSION_INVALID', `expression '${text}' ${reason}`, { expression: text });
  const parsed = await parse(connection, `SELECT (${text}\n)`);
  if ('error' in parsed) throw refuse(`cannot be parsed: ${parsed.error}; write it as in a SQL WHERE clause`);
  const [select] = parsed.nodes;
  const list = select === undefined ? [] : nodesIn(select, 'select_list');
  const from = select?.['from_table'] as SyntaxNode | undefined;
  const plain =
    parsed.nodes.length === 1 &&
    select?.type === 'SELECT_NODE' &&
    list.length === 1 &&
    from?.type === 'EMPTY' &&
    ['where_clause', 'having', 'qualify', 'sample'].every(part => select[part] === null) &&
    nodesIn(select, 'modifiers').length === 0 &&
    nodesIn(select, 'group_expressions').length === 0;
  if (!plain) throw refuse('is more than one expression; give a condition or value such as price > 1000');
  let forbidden = '';
  walk(list[0], node => {
    if (node.class === 'SUBQUERY') forbidden = 'a subquery';
    if (node.class === 'STAR') forbidden = 'a *';
    if (node.class === 'WINDOW') forbidden = 'a window function';
    if (node.class === 'PARAMETER') forbidden = 'a parameter';
    return forbidden === '';
  });
  if (forbidden !== '') throw refuse(`holds ${forbidden}, which cannot stand here; use a frame's verbs for it`);
  const [expr] = await toExpressions(connection, list, names);
  return expr!;
}
