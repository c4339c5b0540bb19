import type { AlignedText, Match } from './aligned-text.js';
import { byteLetters } from './byte-letters.js';
import { damaged, flagOf, integerOf, type JsonObject, listOf, stringOf, typed, unsupported } from './json.js';
import { literal, type Matcher, matcherOf, readPattern } from './patterns.js';
import { PUNCTUATION, WHITE_SPACE, WORD_CHARACTERS } from './unicode-classes.js';

/*
 * What cuts a text into words, with the place of every character. As with the normalisers, the library's own give no
 * places and differ from the original (punctuation is not set apart, behaviours are left out, words are those of ASCII).
 */

/** Cuts a stretch of text that is normalised already; words are tokenised each by itself. */
export type PreTokenizer = (text: AlignedText) => readonly AlignedText[];

type Reader = (config: JsonObject) => PreTokenizer;

const READERS: Readonly<Record<string, Reader>> = {
  BertPreTokenizer: () =>
    inTurn([splitter(matcherOf(WHITE_SPACE), 'Removed'), splitter(matcherOf(PUNCTUATION), 'Isolated')]),
  ByteLevel: byteLevel,
  CharDelimiterSplit: config => splitter(literal(stringOf(config['delimiter'], 'delimiter')), 'Removed'),
  Digits: config =>
    splitter(matcherOf(/\p{N}/gu), flagOf(config['individual_digits'], false) ? 'Isolated' : 'Contiguous'),
  FixedLength: config => splitter(pieces(integerOf(config['length'], 'length of pieces')), 'Isolated'),
  Metaspace: metaspace,
  Punctuation: config => splitter(matcherOf(PUNCTUATION), behaviorOf(config['behavior'] ?? 'Isolated')),
  Sequence: config => inTurn(listOf(config['pretokenizers'], 'list of pre-tokenizers').map(readPreTokenizer)),
  Split: config => {
    const matches = readPattern(config['pattern']);
    return splitter(flagOf(config['invert'], false) ? inverted(matches) : matches, behaviorOf(config['behavior']));
  },
  Whitespace: () => splitter(inverted(matcherOf(WORDS)), 'Removed'),
  WhitespaceSplit: () => splitter(matcherOf(WHITE_SPACE), 'Removed'),
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

/** What lies between the matches. */
function inverted(matches: Matcher): Matcher {
  return text => {
    const gaps: Match[] = [];
    let at = 0;
    for (const [from, to] of matches(text)) {
      if (from > at) gaps.push([at, from]);
      at = to;
    }
    if (at < text.length) gaps.push([at, text.length]);
    return gaps;
  };
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

function splitter(matches: Matcher, behavior: Behavior): PreTokenizer {
  return text => {
    const found = matches(text.text);
    if (found.length === 0) return text.text === '' ? [] : [text];
    return cuts(found, text.text.length, behavior).map(([from, to]) => text.slice(from, to));
  };
}

/** The stretches that remain; none is empty. */
function cuts(found: readonly Match[], length: number, behavior: Behavior): Match[] {
  const result: Match[] = [];
  const put = (from: number, to: number): void => {
    if (to > from) result.push([from, to]);
  };
  let at = 0;
  switch (behavior) {
    case 'Removed':
    case 'Isolated':
      for (const [from, to] of found) {
        put(at, from);
        if (behavior === 'Isolated') put(from, to);
        at = to;
      }
      break;
    case 'Contiguous':
      for (let index = 0; index < found.length; ) {
        const from = found[index]![0];
        let to = found[index]![1];
        while (++index < found.length && found[index]![0] === to) to = found[index]![1];
        put(at, from);
        put(from, to);
        at = to;
      }
      break;
    case 'MergedWithPrevious':
      // A match that follows another directly stands alone: it joins only what is no match.
      for (const [, to] of found) {
        put(at, to);
        at = to;
      }
      break;
    case 'MergedWithNext':
      found.forEach(([from], index) => {
        if (index === 0) put(0, from);
        at = from;
        const next = found[index + 1]?.[0];
        if (next !== undefined) put(from, next);
      });
      break;
  }
  put(at, length);
  return result;
}
