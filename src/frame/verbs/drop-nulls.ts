import { InframeError, shown } from '../errors.js';
import type { Plan } from '../plan.js';
import { nameList, record, wholeNumber } from './arguments.js';

/** Which rows are left out for what they miss. */
export interface DropNullsOptions {
  /** `'any'`: rows in which a value is missing (the default); `'all'`: rows in which every value is. */
  readonly how?: 'any' | 'all';
  /** The columns that are looked at; all of them where nothing is said. */
  readonly subset?: string | readonly string[];
  /** How many values a row must have to stay, whatever `how` is. */
  readonly threshold?: number;
}

/** Only rows that miss nothing, or not too much. */
export function dropNulls(input: Plan, options: DropNullsOptions): Plan {
  const { how = 'any', threshold } = record('dropNulls', options);
  if (how !== 'any' && how !== 'all') {
    throw new InframeError('ARGUMENT_INVALID', `how ${shown(how)} of dropNulls is not known; there are: any, all`);
  }
  const least = threshold === undefined ? (how === 'any' ? 'all' : 1) : wholeNumber('threshold', threshold, 0);
  return { kind: 'dropNulls', input, subset: nameList('dropNulls', options.subset), least };
}
