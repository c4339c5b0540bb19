import { columnsOf, type Expr } from '../expr.js';
import type { Schema } from '../schema.js';

/** The names of all columns that expressions read. */
export function reads(exprs: readonly Expr[]): Set<string> {
  const names = new Set<string>();
  for (const expr of exprs) columnsOf(expr, names);
  return names;
}

/** True if the expression reads columns of this schema alone. Names are spelt as in it (R1). */
export function readsOnly(expr: Expr, schema: Schema): boolean {
  return [...columnsOf(expr)].every(name => schema.find(name)?.name === name);
}
