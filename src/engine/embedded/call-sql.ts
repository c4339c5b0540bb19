import { quote } from '../../connectors/duckdb/quote.js';
import { describe } from '../../frame/describe.js';
import { InframeError } from '../../frame/errors.js';
import type { CallExpr, Expr, FrameBound, SortKey, WindowExpr } from '../../frame/expr.js';
import { WINDOW_FUNCTIONS } from './window-functions.js';

/*
 * Calls of functions, aggregates and window functions as DuckDB SQL.
 */

/** How the expressions inside a call are written. */
export type ExpressionWriter = (expr: Expr) => string;

/** Words of DuckDB's grammar that look like functions and cannot be quoted. */
const SYNTAX: ReadonlySet<string> = new Set(['coalesce']);

/** @throws InframeError EXPRESSION_INVALID if the function's name is not one, or it has no window and needs one */
export function callSql(call: CallExpr, write: ExpressionWriter): string {
  const { ignoreNulls, filter } = call;
  if (WINDOW_FUNCTIONS.has(call.name.toLowerCase())) {
    throw new InframeError(
      'EXPRESSION_INVALID',
      `function '${describe(call)}' has no window; give it one, as in .over(Window.orderBy('column'))`,
    );
  }
  const conditions = filter === undefined ? [] : [write(filter)];
  // IGNORE NULLS is for windows alone; over a group it is a condition like others.
  if (ignoreNulls) conditions.push(`${write(call.args[0]!)} IS NOT NULL`);
  return `${invocation(call, '', write)}${filterSql(conditions)}`;
}

export function windowSql({ call, partitionBy, orderBy, frame }: WindowExpr, write: ExpressionWriter): string {
  if (call.kind !== 'call') throw new InframeError('INTERNAL', `window is over a ${call.kind}, not over a call`);
  const parts: string[] = [];
  if (partitionBy.length > 0) parts.push(`PARTITION BY ${partitionBy.map(write).join(', ')}`);
  if (orderBy.length > 0) parts.push(`ORDER BY ${sortKeysSql(orderBy, write)}`);
  if (frame) parts.push(`${frame.unit.toUpperCase()} BETWEEN ${boundSql(frame.start)} AND ${boundSql(frame.end)}`);
  const invoked = invocation(call, call.ignoreNulls ? ' IGNORE NULLS' : '', write);
  return `(${invoked}${filterSql(call.filter ? [write(call.filter)] : [])} OVER (${parts.join(' ')}))`;
}

export function sortKeysSql(keys: readonly SortKey[], write: ExpressionWriter): string {
  return keys
    .map(
      ({ expr, descending, nullsFirst }) =>
        `${write(expr)} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`,
    )
    .join(', ');
}

/** The name and what stands in its parentheses. */
function invocation(call: CallExpr, nulls: string, write: ExpressionWriter): string {
  const { name, args, argNames = [], distinct, orderBy = [] } = call;
  if (name === 'count_star') return 'count(*)';
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new InframeError('EXPRESSION_INVALID', `function name '${name}' is not a name; use letters, digits and _`);
  }
  const called = SYNTAX.has(name.toLowerCase()) ? name.toLowerCase() : quote(name);
  const named = args.length - argNames.length;
  const list = args.map((arg, at) => (at < named ? write(arg) : `${quote(argNames[at - named]!)} := ${write(arg)}`));
  const order = orderBy.length === 0 ? '' : ` ORDER BY ${sortKeysSql(orderBy, write)}`;
  return `${called}(${distinct ? 'DISTINCT ' : ''}${list.join(', ')}${nulls}${order})`;
}

function filterSql(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` FILTER (WHERE ${conditions.join(' AND ')})`;
}

function boundSql(bound: FrameBound): string {
  switch (bound) {
    case 'unboundedPreceding':
      return 'UNBOUNDED PRECEDING';
    case 'unboundedFollowing':
      return 'UNBOUNDED FOLLOWING';
    case 'currentRow':
      return 'CURRENT ROW';
    default:
      return `${Math.abs(bound)} ${bound < 0 ? 'PRECEDING' : 'FOLLOWING'}`;
  }
}
