import { InframeError, shown } from '../errors.js';
import type { Plan } from '../plan.js';
import { wholeNumber } from './arguments.js';

/** What decides about chance; the same draws the same rows of the same table. */
export type Seed = number | { readonly seed?: number };

/** About this fraction of the rows, each drawn independently. */
export function sample(input: Plan, fraction: number, seed: Seed): Plan {
  if (typeof fraction !== 'number' || !(fraction >= 0 && fraction <= 1)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `fraction ${shown(fraction)} is not possible; give a number from 0 to 1`,
    );
  }
  return { kind: 'sample', input, from: 0, to: fraction, seed: seedOf(seed) };
}

/** Every row in exactly one part; how many rows a part has is about as its weight is to the others'. */
export function randomSplit(input: Plan, weights: readonly number[], seed: Seed): readonly Plan[] {
  if (!Array.isArray(weights) || weights.length === 0) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `weights ${shown(weights)} are not a list; write randomSplit([0.8, 0.2])`,
    );
  }
  const wrong = weights.find(weight => typeof weight !== 'number' || !(weight >= 0 && Number.isFinite(weight)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (wrong !== undefined || !(total > 0) || !Number.isFinite(total)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `weight ${shown(wrong ?? total)} of randomSplit is not possible; give numbers from 0, not all of them 0`,
    );
  }
  const bounds = [0];
  for (const weight of weights) bounds.push(bounds.at(-1)! + weight / total);
  // Where the rest is of weight 0 the end is there already: rounding must not leave a gap before it.
  const last = weights.findLastIndex(weight => weight > 0);
  const own = seedOf(seed);
  const bound = (at: number): number => (at > last ? 1 : Math.min(1, bounds[at]!));
  return weights.map((_, at) => ({ kind: 'sample', input, from: bound(at), to: bound(at + 1), seed: own }));
}

function seedOf(seed: Seed): number {
  return wholeNumber('seed', typeof seed === 'object' && seed !== null ? (seed.seed ?? 0) : seed, 0);
}
