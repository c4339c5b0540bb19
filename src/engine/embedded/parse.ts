import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteText } from '../../connectors/duckdb/quote.js';
import { InframeError } from '../../frame/errors.js';
import { query } from './duckdb.js';

/** The parts of DuckDB's syntax tree that are looked at here; the rest is passed through. */
interface SyntaxNode {
  readonly class?: string;
  readonly column_names?: readonly string[];
  readonly [member: string]: unknown;
}

/**
 * Parses one scalar expression with DuckDB's own parser, and writes it anew from the tree: what is used is what was
 * understood, whatever the text was.
 *
 * @throws InframeError EXPRESSION_INVALID for anything but one expression over the table's columns
 */
export async function parseExpression(
  connection: DuckDBConnection,
  text: string,
): Promise<{ readonly text: string; readonly columns: readonly string[] }> {
  const refuse = (reason: string): InframeError =>
    new InframeError('EXPRESSION_INVALID', `expression '${text}' ${reason}`, { expression: text });
  const { json, tree } = await serialize(connection, `SELECT (${text}\n)`, refuse);
  const statements = tree['statements'] as readonly { readonly node: SyntaxNode }[];
  const select = statements[0]?.node;
  const list = select?.['select_list'] as readonly SyntaxNode[] | undefined;
  const from = select?.['from_table'] as SyntaxNode | undefined;
  const plain =
    statements.length === 1 &&
    select?.['type'] === 'SELECT_NODE' &&
    list?.length === 1 &&
    from?.['type'] === 'EMPTY' &&
    ['where_clause', 'having', 'qualify', 'sample'].every(part => select[part] === null) &&
    (select['modifiers'] as readonly unknown[]).length === 0 &&
    (select['group_expressions'] as readonly unknown[]).length === 0;
  if (!plain) throw refuse('is more than one expression; give a condition or value such as price > 1000');
  const found = { columns: new Set<string>(), forbidden: '' };
  visit(list[0]!, found, new Set());
  if (found.forbidden !== '')
    throw refuse(`holds ${found.forbidden}, which cannot stand here; use a frame's verbs for it`);
  const written = await firstValue(connection, `SELECT json_deserialize_sql(${quoteText(json)})`);
  return { text: written.replace(/^SELECT /, '').replace(/;?\s*$/, ''), columns: [...found.columns] };
}

async function serialize(
  connection: DuckDBConnection,
  statement: string,
  refuse: (reason: string) => InframeError,
): Promise<{ readonly json: string; readonly tree: SyntaxNode }> {
  const json = await firstValue(connection, `SELECT json_serialize_sql(${quoteText(statement)})`);
  const tree = JSON.parse(json) as SyntaxNode;
  if (tree['error'] === true) {
    throw refuse(
      `cannot be parsed: ${String(tree['error_message']).split('\n')[0]}; write it as in a SQL WHERE clause`,
    );
  }
  // The text goes back as it came: positions in it are 64-bit numbers, which a tree in JavaScript rounds.
  return { json, tree };
}

async function firstValue(connection: DuckDBConnection, sql: string): Promise<string> {
  const result = await query(connection, sql);
  return String(result.getChunk(0).getColumnVector(0).getItem(0));
}

/** Collects the columns an expression reads; parameters of lambdas are not columns. */
function visit(node: unknown, found: { columns: Set<string>; forbidden: string }, bound: ReadonlySet<string>): void {
  if (Array.isArray(node)) {
    for (const part of node) visit(part, found, bound);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const part = node as SyntaxNode;
  if (part.class === 'SUBQUERY') found.forbidden = 'a subquery';
  if (part.class === 'STAR') found.forbidden = 'a *';
  if (part.class === 'WINDOW') found.forbidden = 'a window function';
  if (part.class === 'COLUMN_REF') {
    const [first] = part.column_names ?? [];
    if (first !== undefined && !bound.has(first.toLowerCase())) found.columns.add(first);
    return;
  }
  if (part.class === 'LAMBDA') {
    const inner = new Set(bound);
    const names: { columns: Set<string>; forbidden: string } = { columns: new Set(), forbidden: '' };
    visit(part['lhs'], names, new Set());
    for (const name of names.columns) inner.add(name.toLowerCase());
    visit(part['expr'], found, inner);
    return;
  }
  for (const member of Object.values(part)) visit(member, found, bound);
}
