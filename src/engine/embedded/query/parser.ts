import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteText } from '../../../connectors/duckdb/quote.js';
import { query } from '../duckdb.js';
import { Memo } from '../memo.js';
import { fromJson, nodeIn, nodesIn, type SyntaxNode, toJson } from './syntax.js';

/** The outcome of reading a text: its trees, one a statement, or why it is none. */
export type Parsed =
  | { readonly nodes: readonly SyntaxNode[] }
  | { readonly error: string; readonly position: number | undefined };

/** Reads statements that give rows with DuckDB's own parser. Nothing is bound and nothing is run. */
export async function parse(connection: DuckDBConnection, text: string): Promise<Parsed> {
  const [json] = await pureTexts(connection, `SELECT json_serialize_sql(${quoteText(text)})`);
  const tree = fromJson(json!);
  if (tree['error'] === true) {
    const position = Number(tree['position']);
    return {
      error: String(tree['error_message']).split('\n')[0]!,
      position: Number.isFinite(position) ? position : undefined,
    };
  }
  return { nodes: nodesIn(tree, 'statements').map(statement => nodeIn(statement, 'node')!) };
}

/** Queries as text again. */
export async function queryTexts(
  connection: DuckDBConnection,
  nodes: readonly SyntaxNode[],
): Promise<readonly string[]> {
  if (nodes.length === 0) return [];
  const columns = nodes.map(node => {
    const tree = { error: false, statements: [{ node, named_param_map: [] }] };
    return `json_deserialize_sql(${quoteText(toJson(tree))})`;
  });
  const texts = await pureTexts(connection, `SELECT ${columns.join(', ')}`);
  return texts.map(text => text.replace(/;?\s*$/, ''));
}

/** Expressions as text again. */
export async function expressionTexts(
  connection: DuckDBConnection,
  nodes: readonly SyntaxNode[],
): Promise<readonly string[]> {
  const texts = await queryTexts(
    connection,
    nodes.map(node => selectOf([{ ...node, alias: '' }])),
  );
  return texts.map(text => text.replace(/^SELECT /, ''));
}

/** `SELECT list FROM from`, everything else left out. */
export function selectOf(list: readonly SyntaxNode[], from: SyntaxNode = { type: 'EMPTY', ...TABLE }): SyntaxNode {
  return {
    type: 'SELECT_NODE',
    modifiers: [],
    cte_map: { map: [] },
    select_list: list,
    from_table: from,
    where_clause: null,
    group_expressions: [],
    group_sets: [],
    aggregate_handling: 'STANDARD_HANDLING',
    having: null,
    sample: null,
    qualify: null,
  };
}

const TABLE = { alias: '', sample: null, query_location: 0 } as const;

const MOST_KEPT = 300;
const kept = new WeakMap<DuckDBConnection, Memo<readonly string[]>>();

/** The row of a SELECT of texts that depends on nothing but itself: asked for once. */
function pureTexts(connection: DuckDBConnection, sql: string): Promise<readonly string[]> {
  let memo = kept.get(connection);
  if (memo === undefined) {
    memo = new Memo(MOST_KEPT);
    kept.set(connection, memo);
  }
  return memo.get(sql, async () => {
    const result = await query(connection, sql);
    const chunk = result.getChunk(0);
    return Array.from({ length: result.columnCount }, (_, index) => String(chunk.getColumnVector(index).getItem(0)));
  });
}
