import type { Plan } from '../plan.js';
import { wholeNumber } from './arguments.js';

/** The first `count` rows after the first `offset`. */
export function limit(input: Plan, count: number, offset: number): Plan {
  return {
    kind: 'limit',
    input,
    count: wholeNumber('limit', count, 0),
    offset: wholeNumber('offset', offset, 0),
  };
}

/** All rows after the first `count`. */
export function offset(input: Plan, count: number): Plan {
  return limit(input, Number.MAX_SAFE_INTEGER - wholeNumber('offset', count, 0), count);
}
