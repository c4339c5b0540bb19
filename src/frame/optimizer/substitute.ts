import { children, type Expr, mapChildren, type Named } from '../expr.js';

/** Parts an expression may gain in one substitution. */
const MOST_GROWTH = 1000;

/**
 * The expression with columns replaced by what a projection computes for them, or undefined where that would grow beyond
 * measure: thirty steps of `x = x + x` written as one would be a billion parts.
 */
export function substitute(expr: Expr, columns: readonly Named[]): Expr | undefined {
  const byName = new Map(columns.map(column => [column.name, column.expr]));
  const replace = (part: Expr): Expr =>
    part.kind === 'column' ? (byName.get(part.name) ?? part) : mapChildren(part, replace);
  const result = replace(expr);
  const largest = columns.reduce((most, column) => Math.max(most, partsOf(column.expr)), partsOf(expr));
  return partsOf(result) <= largest + MOST_GROWTH ? result : undefined;
}

const counted = new WeakMap<Expr, number>();

/** How many parts an expression has when it is written out; what stands in it several times is counted once. */
function partsOf(expr: Expr): number {
  let parts = counted.get(expr);
  if (parts === undefined) {
    parts = children(expr).reduce((total, child) => total + partsOf(child), 1);
    counted.set(expr, parts);
  }
  return parts;
}
