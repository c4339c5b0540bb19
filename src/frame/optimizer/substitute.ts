import { children, type Expr, mapChildren, type Named } from '../expr.js';

/** Parts an expression may gain in one substitution. */
const MOST_GROWTH = 1000;

/**
 * The expression with columns replaced by what a projection computes for them, or undefined where that cannot be written:
 * SQL text keeps its own names, so it can only be moved where they are passed through unchanged; and thirty steps of
 * `x = x + x` written as one would be a billion parts.
 */
export function substitute(expr: Expr, columns: readonly Named[]): Expr | undefined {
  const byName = new Map(columns.map(column => [column.name, column.expr]));
  let possible = true;
  const replace = (part: Expr): Expr => {
    if (part.kind === 'column') return byName.get(part.name) ?? part;
    if (part.kind === 'sql') {
      const same = (part.columns ?? []).every(name => {
        const source = byName.get(name);
        return source?.kind === 'column' && source.name === name;
      });
      possible &&= same;
      return part;
    }
    return mapChildren(part, replace);
  };
  const result = replace(expr);
  const largest = columns.reduce((most, column) => Math.max(most, partsOf(column.expr)), partsOf(expr));
  return possible && partsOf(result) <= largest + MOST_GROWTH ? result : undefined;
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
