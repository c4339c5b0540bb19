import type { DuckDBConnection } from '@duckdb/node-api';
import { isVolatile } from '../../../frame/optimizer/volatile.js';
import { query } from '../duckdb.js';
import { functionName, someNode, type SyntaxNode } from './syntax.js';

const aggregates = new WeakMap<DuckDBConnection, Promise<ReadonlySet<string>>>();

/** The names of DuckDB's aggregate functions, in lower case. */
export function aggregateNames(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  let names = aggregates.get(connection);
  if (names === undefined) {
    names = query(
      connection,
      "SELECT list(DISTINCT lower(function_name)) FROM duckdb_functions() WHERE function_type = 'aggregate'",
    ).then(result => {
      const list = result.getChunk(0).getColumnVector(0).getItem(0) as { readonly items: readonly string[] };
      return new Set([...list.items, 'count_star', 'grouping', 'grouping_id']);
    });
    aggregates.set(connection, names);
  }
  return names;
}

/** True of a call that aggregates the rows of a group. */
export function isAggregate(node: SyntaxNode, names: ReadonlySet<string>): boolean {
  const name = functionName(node);
  if (node.class === 'OPERATOR' && node.type === 'GROUPING_FUNCTION') return true;
  return name !== undefined && names.has(name);
}

/** True if something in an expression may differ between two evaluations on the same row. */
export function isVolatileTree(node: unknown): boolean {
  return someNode(
    node,
    part => {
      const name = functionName(part);
      return name !== undefined && isVolatile({ kind: 'call', name, args: [], distinct: false });
    },
    true,
  );
}

/** Functions that give several rows for one. */
const ROW_MAKERS: ReadonlySet<string> = new Set(['unnest', 'unlist', 'generate_subscripts']);

/** True if an expression gives one value for each row and needs nothing but that row. */
export function isRowWise(node: unknown, names: ReadonlySet<string>): boolean {
  return !someNode(
    node,
    part =>
      part.class === 'SUBQUERY' ||
      part.class === 'WINDOW' ||
      part.class === 'STAR' ||
      part.class === 'PARAMETER' ||
      part.class === 'DEFAULT' ||
      part.class === 'POSITIONAL_REFERENCE' ||
      isAggregate(part, names) ||
      ROW_MAKERS.has(functionName(part) ?? ''),
  );
}
