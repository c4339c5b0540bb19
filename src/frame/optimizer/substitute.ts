import { type Expr, mapChildren, type Named } from '../expr.js';

/**
 * The expression with columns replaced by what a projection computes for them, or undefined where that cannot be written:
 * SQL text keeps its own names, so it can only be moved where they are passed through unchanged.
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
  return possible ? result : undefined;
}
