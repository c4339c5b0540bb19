import { InframeError, listNames, nearest } from '../../frame/errors.js';
import { isOptionCall, type OptionCall } from '../../frame/sql/options.js';
import type { InputAdapter, OutputAdapter } from './adapter.js';
import { audio } from './audio/options.js';
import { image } from './image/options.js';
import { anomaly } from './outputs/anomaly.js';
import { classification } from './outputs/classification.js';
import { detection } from './outputs/detection.js';
import { embedding } from './outputs/embedding.js';
import { raw } from './outputs/raw.js';
import { regression } from './outputs/regression.js';
import { tokens } from './outputs/tokens.js';
import { text } from './text/options.js';

/*
 * Adapters in words, as SQL and the command line have them: `image(width = 224, shorter_side = 256)`.
 */

/** How an adapter is made of words. */
interface Maker {
  readonly feeds: 'input' | 'output';
  /** The option that a first value without a key stands for; undefined where there is none. */
  readonly first: string | undefined;
  readonly make: (options: object) => InputAdapter | OutputAdapter;
}

const MAKERS: Readonly<Record<string, Maker>> = Object.freeze({
  image: { feeds: 'input', first: 'preset', make: image },
  text: { feeds: 'input', first: 'tokenizer', make: text as (options: object) => InputAdapter },
  audio: { feeds: 'input', first: 'preset', make: audio },
  classification: { feeds: 'output', first: 'labels', make: classification },
  regression: { feeds: 'output', first: undefined, make: regression },
  embedding: { feeds: 'output', first: 'pooling', make: embedding },
  detection: { feeds: 'output', first: 'format', make: detection },
  tokens: { feeds: 'output', first: 'labels', make: tokens },
  anomaly: { feeds: 'output', first: 'error', make: anomaly },
  raw: { feeds: 'output', first: undefined, make: raw as (options: object) => OutputAdapter },
});

/** What adapters are called, of inputs first. */
export const ADAPTER_NAMES: readonly string[] = Object.freeze(Object.keys(MAKERS));

/**
 * The adapter that a call in words stands for. Names go without regard to case, keys also without underscores where the maker
 * has letters in upper case: `shorter_side` is `shorterSide`.
 *
 * @throws InframeError ARGUMENT_INVALID for a name that is no adapter's, and as the makers do
 */
export function adapterFromCall(call: OptionCall): InputAdapter | OutputAdapter {
  const maker = makerOf(call, ADAPTER_NAMES);
  return maker.make(optionsOf(call, maker));
}

/**
 * What feeds an input, or makes a column of an output, where it is said in words; anything else stays as it is.
 *
 * @param feeds which of the two it is said of
 * @param name of the input or output, for messages
 * @throws InframeError as {@link adapterFromCall} does, and for an adapter of the other kind
 */
export function fromWords<T>(feeds: 'input', name: string, value: T | OptionCall): T | InputAdapter;
export function fromWords<T>(feeds: 'output', name: string, value: T | OptionCall): T | OutputAdapter;
export function fromWords<T>(
  feeds: 'input' | 'output',
  name: string,
  value: T | OptionCall,
): T | InputAdapter | OutputAdapter {
  if (!isOptionCall(value)) return value;
  const fitting = ADAPTER_NAMES.filter(known => MAKERS[known]!.feeds === feeds);
  const maker = makerOf(value, fitting);
  if (maker.feeds !== feeds) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `adapter '${value.call}' of ${feeds} '${name}' is one of ${maker.feeds}s; of ${feeds}s there are: ${listNames(fitting)}`,
    );
  }
  return maker.make(optionsOf(value, maker));
}

function makerOf({ call }: OptionCall, fitting: readonly string[]): Maker {
  const name = ADAPTER_NAMES.find(known => known === call.toLowerCase());
  if (name !== undefined) return MAKERS[name]!;
  const guess = nearest(call, fitting);
  const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
  throw new InframeError('ARGUMENT_INVALID', `adapter '${call}' is not known; there are: ${listNames(fitting)}${hint}`);
}

function optionsOf({ call, arguments: given, options }: OptionCall, { first }: Maker): object {
  const entries = Object.entries(options).flatMap(([key, value]): (readonly [string, unknown])[] =>
    // SQL says null of what is not said.
    value === null ? [] : [[camelCase(key), value]],
  );
  const twice = entries.find(([key], at) => entries.findIndex(([other]) => other === key) !== at);
  if (twice !== undefined)
    throw new InframeError('ARGUMENT_INVALID', `option '${twice[0]}' of ${call}() is given twice; give it once`);
  const [value, ...others] = given;
  if (value === undefined || value === null) return Object.fromEntries(entries);
  if (first === undefined || others.length > 0) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `adapter '${call}' is given ${given.length} values without a key, and takes ${first === undefined ? 'none' : `one, its ${first}`}; write key = value`,
    );
  }
  if (entries.some(([key]) => key === first)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `option '${first}' of ${call}() is given twice, once without its key; give it once`,
    );
  }
  return Object.fromEntries([[first, value], ...entries]);
}

/** `shorter_side` and `SHORTER_SIDE` are `shorterSide`; what is in camelCase stays so. */
function camelCase(key: string): string {
  const lower = /[a-z]/.test(key) ? key : key.toLowerCase();
  return lower.replace(/_([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
}
