import type { Plan } from '../plan.js';
import { nameList } from './arguments.js';

/** One row of each set of equal rows. */
export function distinct(input: Plan): Plan {
  return { kind: 'distinct', input, subset: undefined };
}

/** One row of each set of rows that are equal in some columns, in all where none is named. */
export function dropDuplicates(input: Plan, subset: string | readonly string[] | undefined): Plan {
  return { kind: 'distinct', input, subset: nameList('dropDuplicates', subset) };
}
