import { InframeError, shown } from '../errors.js';
import type { Plan } from '../plan.js';
import { wholeNumber } from './arguments.js';

/** About this fraction of the rows, each drawn independently; the same seed draws the same rows. */
export function sample(input: Plan, fraction: number, seed: number): Plan {
  if (typeof fraction !== 'number' || !(fraction >= 0 && fraction <= 1)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `fraction ${shown(fraction)} is not possible; give a number from 0 to 1`,
    );
  }
  return { kind: 'sample', input, from: 0, to: fraction, seed: wholeNumber('seed', seed, 0) };
}
