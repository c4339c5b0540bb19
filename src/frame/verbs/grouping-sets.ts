import { InframeError, listNames, shown } from '../errors.js';
import type { GroupingSets } from '../plan.js';
import { notEmpty } from './arguments.js';

/** More keys than this would be thousands of groupings. */
const MOST_CUBED = 12;

/** By all keys, by all but the last, and so on down to the whole table as one group. */
export function rollupSets(keys: readonly unknown[]): GroupingSets {
  const places = notEmpty('rollup', keys).map((_, place) => place);
  return Object.freeze([...places.map((_, at) => places.slice(0, places.length - at)), []]);
}

/** By every choice of the keys. */
export function cubeSets(keys: readonly unknown[]): GroupingSets {
  const count = notEmpty('cube', keys).length;
  if (count > MOST_CUBED) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `cube of ${count} keys would be ${2 ** count} groupings; give at most ${MOST_CUBED}, or name the sets: groupingSets([['a'], ['a', 'b']])`,
    );
  }
  const sets = Array.from({ length: 2 ** count }, (_, choice) =>
    Array.from({ length: count }, (__, place) => place).filter(place => (choice & (1 << (count - 1 - place))) === 0),
  );
  return Object.freeze(sets);
}

/** The keys of sets of names, each once, and the sets as their places. */
export function namedSets(sets: readonly (readonly string[])[]): {
  readonly keys: readonly string[];
  readonly sets: GroupingSets;
} {
  if (!Array.isArray(sets) || sets.some(set => !Array.isArray(set))) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `sets ${shown(sets)} of groupingSets are not lists of names; write groupingSets([['a', 'b'], ['a'], []])`,
    );
  }
  const names: readonly string[] = sets.flat();
  const wrong = names.find(name => typeof name !== 'string' || name === '');
  if (wrong !== undefined || names.length === 0) {
    const others = names.filter(name => name !== wrong);
    throw new InframeError(
      'ARGUMENT_INVALID',
      `key ${shown(wrong)} of groupingSets is not a name; there are: ${listNames(others)}; give at least one`,
    );
  }
  const keys = [...new Set(names)];
  const places = (set: readonly string[]): readonly number[] => [...new Set(set.map(name => keys.indexOf(name)))];
  return { keys, sets: sets.map(places) };
}
