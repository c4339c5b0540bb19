import type { Column } from '../expr.js';
import type { Plan } from '../plan.js';
import { notEmpty, toNamed } from './arguments.js';

/** One row a group of equal keys (one row in all where there is no key): the keys and what is computed of the group. */
export function aggregate(input: Plan, keys: readonly (string | Column)[], aggregates: readonly Column[]): Plan {
  return {
    kind: 'aggregate',
    input,
    keys: keys.map(toNamed),
    aggregates: notEmpty('agg', aggregates).map(toNamed),
  };
}
