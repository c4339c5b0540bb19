import type { Column } from '../expr.js';
import type { Plan } from '../plan.js';
import { notEmpty, toNamed } from './arguments.js';

/** Only these columns, in this order; `'*'` stands for all of the input's. */
export function select(input: Plan, columns: readonly (string | Column)[]): Plan {
  const named = notEmpty('select', columns).map(column => (column === '*' ? ('*' as const) : toNamed(column)));
  return { kind: 'select', input, columns: named };
}
