import { type Column, SortColumn, type SortKey } from '../expr.js';
import type { Plan } from '../plan.js';
import { notEmpty, toNamed } from './arguments.js';

/** Rows in the order of these values, the first counting most. */
export function orderBy(input: Plan, keys: readonly (string | Column | SortColumn)[]): Plan {
  return { kind: 'sort', input, keys: notEmpty('orderBy', keys).map(toKey) };
}

/** A name, a column or a column with a direction, as what to sort by. */
export function toKey(key: string | Column | SortColumn): SortKey {
  if (key instanceof SortColumn) {
    return { expr: key.column.expr, descending: key.descending, nullsFirst: key.nullsFirst };
  }
  return { expr: toNamed(key).expr, descending: false, nullsFirst: false };
}
