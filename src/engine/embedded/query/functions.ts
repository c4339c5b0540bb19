import type { DuckDBConnection } from '@duckdb/node-api';
import { InframeError, listNames, nearest } from '../../../frame/errors.js';
import type { Names } from '../../../frame/names.js';
import { isVolatile } from '../../../frame/optimizer/volatile.js';
import { query } from '../duckdb.js';
import { WINDOW_FUNCTIONS } from '../window-functions.js';
import { functionName, type SyntaxNode, someNode, walk } from './syntax.js';

/** The names of DuckDB's functions, in lower case. */
export interface FunctionNames {
  readonly all: ReadonlySet<string>;
  readonly aggregates: ReadonlySet<string>;
}

const known = new WeakMap<DuckDBConnection, Promise<FunctionNames>>();

/** The functions DuckDB has; asked for once. */
export function functionNames(connection: DuckDBConnection): Promise<FunctionNames> {
  let names = known.get(connection);
  if (names === undefined) {
    names = readNames(connection);
    known.set(connection, names);
  }
  return names;
}

async function readNames(connection: DuckDBConnection): Promise<FunctionNames> {
  const result = await query(
    connection,
    `SELECT list(DISTINCT lower(function_name)), list(DISTINCT lower(function_name)) FILTER (WHERE function_type = 'aggregate')
     FROM duckdb_functions()`,
  );
  const chunk = result.getChunk(0);
  const list = (column: number): readonly string[] =>
    (chunk.getColumnVector(column).getItem(0) as { readonly items: readonly string[] }).items;
  const plain = (names: readonly string[]): readonly string[] => names.filter(name => !WINDOW_FUNCTIONS.has(name));
  const aggregates = [...plain(list(1)), 'count_star', 'grouping', 'grouping_id'];
  return { all: new Set([...plain(list(0)), ...aggregates]), aggregates: new Set(aggregates) };
}

/**
 * Finds calls of functions that nobody knows, and of models that are called like a function of SQL.
 *
 * @throws InframeError FUNCTION_NOT_FOUND, with the model or function of the nearest name; NAME_TAKEN
 */
export function checkFunctions(root: SyntaxNode, all: ReadonlySet<string>, names: Names): void {
  walk(root, node => {
    const name = functionName(node);
    const plain = name !== undefined && node['is_operator'] !== true && node['schema'] === '' && /^\w+$/.test(name);
    if (plain && all.has(name) && names.model(name) !== undefined) {
      throw new InframeError(
        'NAME_TAKEN',
        `name '${name}' of a model is that of a function of SQL; register the model under another one`,
        { name },
      );
    }
    if (plain && !all.has(name) && names.model(name) === undefined) {
      const guess = nearest(name, visibleNames(names)) ?? nearest(name, [...all]);
      throw new InframeError(
        'FUNCTION_NOT_FOUND',
        `function '${String(node['function_name'])}' does not exist; registered models are: ${listNames(names.modelNames)}${guess === undefined ? '' : ` (did you mean '${guess}'?)`}`,
        { function: name },
      );
    }
    return true;
  });
}

/** Models and functions that a statement may call. */
export function visibleNames({ modelNames, builtinNames }: Names): readonly string[] {
  return [...modelNames, ...builtinNames.filter(name => !name.startsWith('__'))];
}

/** True of a call that aggregates the rows of a group. */
export function isAggregate(node: SyntaxNode, names: ReadonlySet<string>): boolean {
  const name = functionName(node);
  if (node.class === 'OPERATOR' && node.type === 'GROUPING_FUNCTION') return true;
  return name !== undefined && names.has(name);
}

/** True if something in an expression may differ between two evaluations on the same row. */
export function isVolatileTree(node: unknown, names: Names): boolean {
  return someNode(
    node,
    part => {
      const name = functionName(part);
      if (name === undefined) return false;
      return (
        isVolatile({ kind: 'call', name, args: [], distinct: false }) || names.model(name)?.deterministic === false
      );
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
