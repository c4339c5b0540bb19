import { type Expr, mapChildren, type Named, some } from '../expr.js';
import type { Relation } from '../relation.js';
import { ascending, identifyRows } from './row-identity.js';

/** Aggregates whose value depends on which row comes first. */
const ORDERED: ReadonlySet<string> = new Set(['first', 'last', 'list', 'string_agg']);

/**
 * Aggregates that go by the order of the rows, with that order said: engines take the rows of a group as they come, from
 * several threads and files (Rule 9). An order that the user gives stays as it is.
 *
 * @returns the table, with what tells its rows apart where that is needed, and the aggregates over it
 */
export function withRowOrder(
  input: Relation,
  aggregates: readonly Named[],
): { readonly input: Relation; readonly aggregates: readonly Named[] } {
  if (!aggregates.some(({ expr }) => some(expr, isUnordered))) return { input, aggregates };
  const { relation, key } = identifyRows(input);
  const orderBy = key.map(ascending);
  const order = (expr: Expr): Expr => {
    const inner = mapChildren(expr, order);
    return isUnordered(inner) ? { ...inner, orderBy } : inner;
  };
  return { input: relation, aggregates: aggregates.map(({ name, expr }) => ({ name, expr: order(expr) })) };
}

/** Of different values, an order by something else is not possible, nor of use: they are sorted afterwards. */
function isUnordered(expr: Expr): expr is Expr & { readonly kind: 'call' } {
  return (
    expr.kind === 'call' &&
    expr.aggregate === true &&
    !expr.distinct &&
    ORDERED.has(expr.name) &&
    (expr.orderBy ?? []).length === 0
  );
}
