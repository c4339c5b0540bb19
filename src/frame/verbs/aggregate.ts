import type { Column } from '../expr.js';
import type { GroupingSets, Plan } from '../plan.js';
import { notEmpty, toNamed } from './arguments.js';

/**
 * One row a group of equal keys (one row in all where there is no key): the keys and what is computed of the group.
 *
 * @param sets groups by several choices of the keys, one after the other
 */
export function aggregate(
  input: Plan,
  keys: readonly (string | Column)[],
  aggregates: readonly (string | Column)[],
  sets?: GroupingSets,
): Plan {
  return {
    kind: 'aggregate',
    input,
    keys: keys.map(toNamed),
    aggregates: notEmpty('agg', aggregates).map(toNamed),
    ...(sets && { sets }),
  };
}
