import type { AlignedText } from './aligned-text.js';
import { byteLetters } from './byte-letters.js';
import { CharsMap } from './charsmap.js';
import { flagOf, type JsonObject, listOf, stringOf, typed, unsupported } from './json.js';
import { toNormalForm } from './normal-forms.js';
import { readPattern } from './patterns.js';
import { COMBINING_MARKS, CONTROLS, isAscii, isChinese, NONSPACING_MARKS, WHITE_SPACE } from './unicode-classes.js';

/*
 * The normalisers of tokenizer.json, with the place of every character. The tokenizers library has them too, but gives no
 * places, and differs from the original: it lowers whole words (a final sigma), knows no ideographs beyond U+FFFF, takes
 * ligatures and marks out by other rules, and stands in for SentencePiece's table with NFKC.
 */

export type Normalizer = (text: AlignedText) => AlignedText;

type Reader = (config: JsonObject) => Normalizer;

const READERS: Readonly<Record<string, Reader>> = {
  BertNormalizer: bert,
  ByteLevel: () => text => text.mapped(byteLetters),
  Lowercase: () => lowercase,
  NFC: () => text => toNormalForm(text, 'NFC'),
  NFD: () => text => toNormalForm(text, 'NFD'),
  NFKC: () => text => toNormalForm(text, 'NFKC'),
  NFKD: () => text => toNormalForm(text, 'NFKD'),
  Nmt: () => text => text.mapped(nmt),
  Precompiled: precompiled,
  Prepend: prepend,
  Replace: replace,
  Sequence: sequence,
  Strip: strip,
  StripAccents: () => text => without(text, COMBINING_MARKS),
};

export const NORMALIZERS: readonly string[] = Object.keys(READERS);

/** @param value what stands under `normalizer` of a tokenizer.json; nothing is done where that is null */
export function readNormalizer(value: unknown): Normalizer {
  if (value === null || value === undefined) return text => text;
  const config = typed(value, 'normalizer');
  const reader = Object.hasOwn(READERS, config.type) ? READERS[config.type] : undefined;
  if (reader === undefined) throw unsupported('normalizer', config.type, NORMALIZERS);
  return reader(config);
}

function sequence(config: JsonObject): Normalizer {
  const steps = listOf(config['normalizers'], 'list of normalizers').map(readNormalizer);
  return text => steps.reduce((done, step) => step(done), text);
}

function bert(config: JsonObject): Normalizer {
  const cleans = flagOf(config['clean_text'], true);
  const chinese = flagOf(config['handle_chinese_chars'], true);
  const lowers = flagOf(config['lowercase'], true);
  const strips = flagOf(config['strip_accents'], lowers);
  return source => {
    let text = source;
    if (cleans) text = spacesOf(without(text, CONTROLS));
    if (isAscii(text.text)) return lowers ? lowercase(text) : text;
    if (chinese && /[\u3400-\uffff]/.test(text.text))
      text = text.mapped(char => (isChinese(char) ? ` ${char} ` : char));
    if (strips) text = without(toNormalForm(text, 'NFD'), NONSPACING_MARKS);
    return lowers ? lowercase(text) : text;
  };
}

function without(text: AlignedText, what: RegExp): AlignedText {
  const found = [...text.text.matchAll(what)];
  if (found.length === 0) return text;
  return text.replaced(
    found.map(match => [match.index, match.index + match[0].length]),
    '',
  );
}

/** Every white space is one unit, so places stay. */
function spacesOf(text: AlignedText): AlignedText {
  const spaced = text.text.replace(WHITE_SPACE, ' ');
  return spaced === text.text ? text : text.relabelled(spaced);
}

/** Character by character: a sigma at the end of a word is lowered like the others. */
function lowercase(text: AlignedText): AlignedText {
  if (isAscii(text.text)) {
    const lowered = text.text.toLowerCase();
    return lowered === text.text ? text : text.relabelled(lowered);
  }
  // A sigma depends on what is around it, and a dotted I becomes two; all others stay one unit or two.
  if (!/[\u03a3\u0130]/.test(text.text)) {
    const lowered = text.text.toLowerCase();
    if (lowered.length === text.text.length) return text.relabelled(lowered);
  }
  return text.mapped(char => char.toLowerCase());
}

function strip(config: JsonObject): Normalizer {
  const left = flagOf(config['strip_left'], true);
  const right = flagOf(config['strip_right'], true);
  return source => {
    const { text } = source;
    let from = 0;
    let to = text.length;
    if (left) while (from < to && isSpace(text[from]!)) from++;
    if (right) while (to > from && isSpace(text[to - 1]!)) to--;
    const ends = (
      [
        [0, from],
        [to, text.length],
      ] as const
    ).filter(([start, end]) => end > start);
    return ends.length === 0 ? source : source.replaced(ends, '');
  };
}

export function isSpace(char: string): boolean {
  return char === ' ' || char === '\u0085' || (char !== '\ufeff' && char.trim() === '');
}

function replace(config: JsonObject): Normalizer {
  const matches = readPattern(config['pattern']);
  const content = stringOf(config['content'], 'replacement');
  return text => {
    const found = matches(text.text);
    return found.length === 0 ? text : text.replaced(found, content);
  };
}

function prepend(config: JsonObject): Normalizer {
  const what = stringOf(config['prepend'], 'prefix');
  return text => text.prepended(what);
}

function precompiled(config: JsonObject): Normalizer {
  const map = new CharsMap(stringOf(config['precompiled_charsmap'], 'table of characters'));
  return text => map.normalize(text);
}

const GONE = '\\u0001-\\u0008\\u000b\\u000e-\\u001f\\u007f\\u008f\\u009f';
const SPACES = '\\u0009\\u000a\\u000c\\u000d\\u1680\\u200b-\\u200f\\u2028\\u2029\\u2581\\ufeff\\ufffd';

/** What SentencePiece's rules nmt_nfkc take out or make a space of. */
const NMT_GONE = new RegExp(`[${GONE}]`);
const NMT_SPACE = new RegExp(`[${SPACES}]`);

function nmt(char: string): string {
  if (NMT_GONE.test(char)) return '';
  return NMT_SPACE.test(char) ? ' ' : char;
}
