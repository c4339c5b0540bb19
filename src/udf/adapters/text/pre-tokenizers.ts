import type { AlignedText, Match } from './aligned-text.js';
import { byteLetters } from './byte-letters.js';
import { damaged, flagOf, integerOf, type JsonObject, listOf, stringOf, typed, unsupported } from './json.js';
import { literal, type Matcher, matcherOf, readPattern } from './patterns.js';
import { PUNCTUATION, WORD_CHARACTERS } from './unicode-classes.js';

/*
 * What cuts a text into words, with the place of every character. As with the normalisers, the library's own give no
 * places and differ from the original (punctuation is not set apart, behaviours are left out, words are those of ASCII).
 */

/** Cuts a stretch of text that is normalised already; words are tokenised each by itself. */
export type PreTokenizer = (text: AlignedText) => readonly AlignedText[];

type Reader = (config: JsonObject) => PreTokenizer;

const READERS: Readonly<Record<string, Reader>> = {
  BertPreTokenizer: () =>
    inTurn([splitter(matcherOf(WHITE_SPACE_RUNS), 'Removed'), splitter(matcherOf(PUNCTUATION), 'Isolated')]),
  ByteLevel: byteLevel,
  CharDelimiterSplit: config => splitter(literal(stringOf(config['delimiter'], 'delimiter')), 'Removed'),
  Digits: config =>
    splitter(matcherOf(/\p{N}/gu), flagOf(config['individual_digits'], false) ? 'Isolated' : 'Contiguous'),
  FixedLength: config => splitter(pieces(integerOf(config['length'], 'length of pieces')), 'Isolated'),
  Metaspace: metaspace,
  Punctuation: config => splitter(matcherOf(PUNCTUATION), behaviorOf(config['behavior'] ?? 'Isolated')),
  Sequence: config => inTurn(listOf(config['pretokenizers'], 'list of pre-tokenizers').map(readPreTokenizer)),
  Split: config =>
    splitter(readPattern(config['pattern']), behaviorOf(config['behavior']), flagOf(config['invert'], false)),
  Whitespace: () => splitter(matcherOf(WORDS), 'Removed', true),
  WhitespaceSplit: () => splitter(matcherOf(WHITE_SPACE_RUNS), 'Removed'),
};

export const PRE_TOKENIZERS: readonly string[] = Object.keys(READERS);

/** @param value what stands under `pre_tokenizer` of a tokenizer.json; nothing is cut where that is null */
export function readPreTokenizer(value: unknown): PreTokenizer {
  if (value === null || value === undefined) return text => [text];
  const config = typed(value, 'pre-tokenizer');
  const reader = Object.hasOwn(READERS, config.type) ? READERS[config.type] : undefined;
  if (reader === undefined) throw unsupported('pre-tokenizer', config.type, PRE_TOKENIZERS);
  return reader(config);
}

function inTurn(steps: readonly PreTokenizer[]): PreTokenizer {
  return text => steps.reduce<readonly AlignedText[]>((words, step) => words.flatMap(step), [text]);
}

const WHITE_SPACE_RUNS = /\p{White_Space}+/gu;

const WORDS = new RegExp(`[${WORD_CHARACTERS}]+|[^${WORD_CHARACTERS}\\p{White_Space}]+`, 'gu');

/** GPT-2's words (https://github.com/openai/gpt-2/blob/master/src/encoder.py), with Unicode's white space. */
const GPT2_WORDS =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

function byteLevel(config: JsonObject): PreTokenizer {
  const prefixes = flagOf(config['add_prefix_space'], true);
  const cut = flagOf(config['use_regex'], true) ? splitter(matcherOf(GPT2_WORDS), 'Isolated') : undefined;
  return source => {
    const text = prefixes && !source.text.startsWith(' ') ? source.prepended(' ') : source;
    return (cut?.(text) ?? [text]).map(word => word.mapped(byteLetters));
  };
}

function metaspace(config: JsonObject): PreTokenizer {
  const replacement = stringOf(config['replacement'] ?? '▁', 'replacement of spaces');
  const scheme = config['prepend_scheme'] ?? (config['add_prefix_space'] === false ? 'never' : 'always');
  if (scheme !== 'always' && scheme !== 'first' && scheme !== 'never') {
    throw damaged(`its prepend_scheme is ${JSON.stringify(scheme)}, not always, first or never`);
  }
  const spaces = literal(' ');
  const cut = flagOf(config['split'], true) ? splitter(literal(replacement), 'MergedWithNext') : undefined;
  return source => {
    const found = spaces(source.text);
    let text = source;
    if (found.length > 0) {
      text =
        replacement.length === 1
          ? text.relabelled(text.text.replaceAll(' ', replacement))
          : text.replaced(found, replacement);
    }
    const prefixes = scheme === 'always' || (scheme === 'first' && text.origin === 0);
    if (prefixes && !text.text.startsWith(replacement)) text = text.prepended(replacement);
    return cut?.(text) ?? [text];
  };
}

/** What becomes of the matches: they go, stand alone, join the stretch before or behind, or join each other. */
type Behavior = 'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';

const BEHAVIORS: readonly Behavior[] = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'];

function behaviorOf(value: unknown): Behavior {
  const behavior = BEHAVIORS.find(each => each === value);
  if (behavior === undefined) throw unsupported('behavior', String(value), BEHAVIORS);
  return behavior;
}

/** Pieces of so many characters. */
function pieces(length: number): Matcher {
  if (length < 1) throw damaged('its pieces are 0 characters long');
  return text => {
    const found: Match[] = [];
    let from = 0;
    let at = 0;
    let count = 0;
    for (const char of text) {
      at += char.length;
      if (++count % length !== 0) continue;
      found.push([from, at]);
      from = at;
    }
    return found;
  };
}

/** @param inverts true if the matches are what is to stay, and what lies between them is what is to be cut at */
function splitter(matches: Matcher, behavior: Behavior, inverts = false): PreTokenizer {
  return text => {
    const whole = text.text;
    if (whole === '') return [];
    const found = matches(whole);
    if (found.length === 0 && !(inverts && behavior === 'Removed')) return [text];
    return joined(stretches(found, whole.length, inverts), behavior).map(({ from, to }) => text.slice(from, to));
  };
}

interface Stretch {
  from: number;
  to: number;
  readonly cut: boolean;
}

/** The whole text as matches and what lies between them. */
function stretches(found: readonly Match[], length: number, inverts: boolean): Stretch[] {
  const result: Stretch[] = [];
  let at = 0;
  for (const [from, to] of found) {
    if (from > at) result.push({ from: at, to: from, cut: inverts });
    result.push({ from, to, cut: !inverts });
    at = to;
  }
  if (at < length) result.push({ from: at, to: length, cut: inverts });
  return result;
}

/** A stretch to be cut at joins what is beside it only if that is none: of two in a row the outer one stands alone. */
function joined(all: readonly Stretch[], behavior: Behavior): readonly Stretch[] {
  const result: Stretch[] = [];
  switch (behavior) {
    case 'Isolated':
      return all;
    case 'Removed':
      return all.filter(({ cut }) => !cut);
    case 'Contiguous':
      for (const stretch of all) {
        const last = result.at(-1);
        if (last !== undefined && last.cut === stretch.cut) last.to = stretch.to;
        else result.push(stretch);
      }
      return result;
    case 'MergedWithPrevious':
      all.forEach((stretch, index) => {
        if (stretch.cut && all[index - 1]?.cut === false) result.at(-1)!.to = stretch.to;
        else result.push(stretch);
      });
      return result;
    case 'MergedWithNext':
      all.forEach((stretch, index) => {
        const before = all[index - 1];
        if (!stretch.cut && before?.cut === true) result.at(-1)!.to = stretch.to;
        else result.push(stretch);
      });
      return result;
  }
}
