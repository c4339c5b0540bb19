import type { RegressionAdapter } from '../adapter.js';
import { checkMembers, numbers, refused } from './check.js';

export interface RegressionOptions {
  /** What the network's numbers are multiplied by: one number, or one a target; 1 where nothing is said. */
  readonly scale?: number | readonly number[];
  /** What is added then; 0 where nothing is said. */
  readonly offset?: number | readonly number[];
  /** Names of several targets: the column is then a struct. */
  readonly names?: readonly string[];
}

/**
 * An output of numbers as numbers, turned back into the unit of what was learnt: `value * scale + offset`.
 *
 * @throws InframeError ARGUMENT_INVALID
 * @example
 * regression({ scale: 12.5, offset: 40 })
 */
export function regression(options: RegressionOptions = {}): RegressionAdapter {
  const maker = 'regression';
  checkMembers(maker, options, ['scale', 'offset', 'names']);
  const scale = numbers(maker, 'scale', options.scale, 1);
  const offset = numbers(maker, 'offset', options.offset, 0);
  const names = targetNames(maker, options.names);
  const lengths = [scale.length, offset.length].filter(length => length > 1);
  const expected = names?.length ?? lengths[0];
  if (lengths.some(length => length !== expected)) {
    throw refused(maker, 'scale', [...scale], `scale, offset and names of several targets are lists of one length`);
  }
  return Object.freeze({ adapter: maker, scale, offset, names });
}

function targetNames(maker: string, names: readonly string[] | undefined): readonly string[] | undefined {
  if (names === undefined) return undefined;
  const valid =
    Array.isArray(names) && names.length > 0 && names.every(name => typeof name === 'string' && name !== '');
  if (!valid) throw refused(maker, 'names', names, "give a list of names, such as ['height', 'weight']");
  // Fields of a struct are found without regard to case.
  const twice = names.find((name, at) => names.findIndex(other => other.toLowerCase() === name.toLowerCase()) !== at);
  if (twice !== undefined)
    throw refused(maker, 'names', names, `'${twice}' is there twice; give each target its own name`);
  return Object.freeze([...names]);
}
