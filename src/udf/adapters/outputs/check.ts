import { InframeError, listNames, nearest, shown } from '../../../frame/errors.js';

/*
 * Checks of what makers of adapters are given: callers without a compiler, and SQL, can give anything.
 */

/** @throws InframeError ARGUMENT_INVALID for what is no object, or has a member that the maker does not know */
export function checkMembers(maker: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `options ${shown(options)} of ${maker}() are no object; write ${maker}(${known.length === 0 ? '' : `{ ${known[0]}: ... }`})`,
    );
  }
  const unknown = Object.keys(options).find(key => !known.includes(key));
  if (unknown === undefined) return;
  const guess = nearest(unknown, known);
  const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `option '${unknown}' of ${maker}() is not known; there are: ${listNames(known)}${hint}`,
  );
}

/** What is wrong with an option, as an error. */
export function refused(maker: string, key: string, value: unknown, remedy: string): InframeError {
  return new InframeError('ARGUMENT_INVALID', `option '${key}' of ${maker}() is ${shown(value)}; ${remedy}`);
}

/** One of a few words; the first is the default. */
export function oneOf<T extends string>(maker: string, key: string, value: T | undefined, choices: readonly T[]): T {
  if (value === undefined) return choices[0]!;
  if (choices.includes(value)) return value;
  const guess = typeof value === 'string' ? nearest(value, choices) : undefined;
  const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
  throw refused(maker, key, value, `there are: ${listNames(choices)}${hint}`);
}

export function flag(maker: string, key: string, value: boolean | undefined, preset: boolean): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? preset;
  throw refused(maker, key, value, 'give true or false');
}

/** A whole number from `least`; undefined where nothing is said. */
export function whole(maker: string, key: string, value: number | undefined, least = 1): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return value;
  throw refused(maker, key, value, `give a whole number from ${least}`);
}

/** A number from 0 to 1. */
export function fraction(maker: string, key: string, value: number | undefined, preset: number): number {
  if (value === undefined) return preset;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw refused(maker, key, value, 'give a number from 0 to 1');
}

/** A number or several, as a frozen list. */
export function numbers(
  maker: string,
  key: string,
  value: number | readonly number[] | undefined,
  preset: number,
): readonly number[] {
  if (value === undefined) return Object.freeze([preset]);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > 0 && list.every((item): item is number => Number.isFinite(item))) return Object.freeze([...list]);
  throw refused(maker, key, value, 'give a finite number, or a list of them');
}

/** A name that is not empty; undefined where nothing is said. */
export function nameOf(maker: string, key: string, value: string | undefined): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw refused(maker, key, value, 'give a name');
}
