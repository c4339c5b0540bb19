import { children, type Expr, mapChildren, type Named } from '../expr.js';

/** Parts an expression may gain in one substitution. */
const MOST_GROWTH = 1000;

/** Puts what a projection computes in the place of its columns. */
export type Substitution = (expr: Expr) => Expr | undefined;

/**
 * The expression with columns replaced by what a projection computes for them, or undefined where that would grow beyond
 * measure: thirty steps of `x = x + x` written as one would be a billion parts.
 */
export function substitute(expr: Expr, columns: readonly Named[]): Expr | undefined {
  return substitution(columns)(expr);
}

const known = new WeakMap<readonly Named[], Substitution>();

/** The same for many expressions over one projection: its columns are looked at once. */
export function substitution(columns: readonly Named[]): Substitution {
  let substituted = known.get(columns);
  if (substituted === undefined) {
    substituted = makeSubstitution(columns);
    known.set(columns, substituted);
  }
  return substituted;
}

function makeSubstitution(columns: readonly Named[]): Substitution {
  const byName = new Map(columns.map(column => [column.name, column.expr]));
  let largest: number | undefined;
  const replace = (part: Expr): Expr =>
    part.kind === 'column' ? (byName.get(part.name) ?? part) : mapChildren(part, replace);
  return expr => {
    const result = replace(expr);
    // A column alone, or a constant, does not grow.
    if (expr.kind === 'column' || expr.kind === 'literal') return result;
    largest ??= columns.reduce((most, column) => Math.max(most, partsOf(column.expr)), 0);
    return partsOf(result) <= Math.max(largest, partsOf(expr)) + MOST_GROWTH ? result : undefined;
  };
}

const counted = new WeakMap<Expr, number>();

/** How many parts an expression has when it is written out; what stands in it several times is counted once. */
function partsOf(expr: Expr): number {
  if (expr.kind === 'column' || expr.kind === 'literal') return 1;
  let parts = counted.get(expr);
  if (parts === undefined) {
    parts = children(expr).reduce((total, child) => total + partsOf(child), 1);
    counted.set(expr, parts);
  }
  return parts;
}
