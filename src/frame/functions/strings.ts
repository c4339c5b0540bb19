import { InframeError, shown } from '../errors.js';
import type { Column, ColumnOrValue } from '../expr.js';
import {
  binary,
  callOf,
  choose,
  countOf,
  FLOAT64,
  INT32,
  type Like,
  type List,
  labelled,
  type Numeric,
  type Plain,
  ternary,
  text,
  toColumn,
  typed,
  unary,
  variadic,
  whole,
} from './declare.js';
import { lambda } from './lambda.js';
import { groupOf, replacementOf } from './patterns.js';

/*
 * Characters are Unicode code points, and positions count from 1, as in Spark. Regular expressions are RE2's: as in Java,
 * but for backreferences and looking around.
 */

/** A text, a regular expression, and the number of a group in it. */
type Grouped = [text: string, pattern: Plain<string>, group?: Plain<number>];

/** A whole number that may come from a column; below 0 it counts as 0. */
const notNegative = (value: ColumnOrValue): ColumnOrValue =>
  typeof value === 'number' ? Math.max(value, 0) : callOf('greatest', value, 0);

export const strings = {
  /** `lower(text)`: in small letters. */
  lower: unary<string, string>('lower'),

  /** `upper(text)`: in capital letters. */
  upper: unary<string, string>('upper'),

  /** `initcap(text)`: each word, where words are parted by spaces, with a capital first letter and small others. */
  initcap: unary<string, string>('initcap', value => {
    const word = (each: Column): Column =>
      callOf('upper', callOf('left', each, 1)).concat(callOf('substring', each, 2));
    const words = callOf(
      'list_transform',
      callOf('string_split', callOf('lower', value), ' '),
      lambda('initcap', word, 1),
    );
    return callOf('array_to_string', words, ' ');
  }),

  /** `length(text)`: the number of characters. */
  length: unary<string, number>('length', countOf('length')),

  /** `ascii(text)`: the code of the first character, 0 of an empty text. */
  ascii: unary<string, number>('ascii'),

  /** `trim(text)`: without spaces at both ends. */
  trim: unary<string, string>('trim'),

  /** `ltrim(text)`: without spaces at the beginning. */
  ltrim: unary<string, string>('ltrim'),

  /** `rtrim(text)`: without spaces at the end. */
  rtrim: unary<string, string>('rtrim'),

  /** `reverse(text)`: from the last character to the first. Of a list: `arrayReverse`. */
  reverse: unary<string, string>('reverse'),

  /** `concat(value, ...)`: one after the other; null if one is null. */
  concat: variadic<unknown, string>('concat', (...values) =>
    values.map(value => value.cast({ kind: 'string' })).reduce((all, value) => all.concat(value)),
  ),

  /** `concatWs(separator, value, ...)`: one after the other with a separator between; nulls are left out. */
  concatWs: typed<[separator: string, ...values: unknown[]], Like<'concatenated'>>((separator, ...values) =>
    labelled(
      'concatWs',
      [separator, ...values],
      values.length === 0 ? choose(toColumn(separator).isNotNull(), '') : callOf('concat_ws', separator, ...values),
    ),
  ),

  /** `repeat(text, times)`: so many times; empty below 1. */
  repeat: binary<string, Numeric, string>('repeat', (value, times) => callOf('repeat', value, times)),

  /** `substring(text, position, length?)`: from a position that counts from 1, or from the end if it is below 0. Position 0 is 1. */
  substring: typed<[text: string, position: Numeric, length?: Numeric], string>((value, position, length?) => {
    const from = typeof position === 'number' ? position || 1 : choose(toColumn(position).eq(0), 1, position);
    const args = length === undefined ? [value, from] : [value, from, notNegative(length)];
    return labelled('substring', [value, position, length], callOf('substring', ...args));
  }),

  /** `left(text, length)`: the first characters; none for a length below 1. */
  left: typed<[text: string, length: Numeric], string>((value, length) =>
    labelled('left', [value, length], callOf('left', value, notNegative(length))),
  ),

  /** `right(text, length)`: the last characters; none for a length below 1. */
  right: typed<[text: string, length: Numeric], string>((value, length) =>
    labelled('right', [value, length], callOf('right', value, notNegative(length))),
  ),

  /** `lpad(text, length, padding = ' ')`: filled up on the left to a length; what is longer is cut. */
  lpad: typed<[text: string, length: Numeric, padding?: Plain<string>], string>((value, length, padding = ' ') =>
    labelled('lpad', [value, length, padding], pad('lpad', value, length, padding)),
  ),

  /** `rpad(text, length, padding = ' ')`: filled up on the right to a length; what is longer is cut. */
  rpad: typed<[text: string, length: Numeric, padding?: Plain<string>], string>((value, length, padding = ' ') =>
    labelled('rpad', [value, length, padding], pad('rpad', value, length, padding)),
  ),

  /** `startsWith(text, part)`: true if it begins so. */
  startsWith: binary<string, string, boolean>('startsWith', 'starts_with'),

  /** `endsWith(text, part)`: true if it ends so. */
  endsWith: binary<string, string, boolean>('endsWith', 'ends_with'),

  /** `contains(text, part)`: true if the part is somewhere in it. */
  contains: binary<string, string, boolean>('contains'),

  /** `instr(text, part)`: the position of the part, counted from 1; 0 if it is not there. */
  instr: binary<string, string, number>('instr', countOf('instr')),

  /** `replace(text, part, by)`: every such part replaced. */
  replace: ternary<string, string, string, string>('replace'),

  /** `translate(text, from, to)`: every character of `from` replaced by that at its place in `to`, or left out where there is none. */
  translate: ternary<string, string, string, string>('translate'),

  /** `split(text, pattern)`: the list of what stands between the matches of a regular expression. */
  split: typed<[text: string, pattern: Plain<string>], List<string>>((value, pattern) =>
    labelled('split', [value, pattern], callOf('string_split_regex', value, text('split', 'pattern', pattern))),
  ),

  /** `splitPart(text, delimiter, part)`: what stands between two delimiters, counted from 1, or from the end if below 0; empty where there is none. */
  splitPart: typed<[text: string, delimiter: string, part: Numeric], string>((value, delimiter, part) => {
    if (part === 0) throw new InframeError('ARGUMENT_INVALID', 'part 0 of splitPart() is none; parts count from 1');
    return labelled('splitPart', [value, delimiter, part], callOf('split_part', value, delimiter, part));
  }),

  /** `regexpLike(text, pattern)`: true if a regular expression matches somewhere. */
  regexpLike: typed<[text: string, pattern: Plain<string>], boolean>((value, pattern) =>
    labelled('regexpLike', [value, pattern], callOf('regexp_matches', value, text('regexpLike', 'pattern', pattern))),
  ),

  /** `regexpCount(text, pattern)`: how often a regular expression matches. */
  regexpCount: typed<[text: string, pattern: Plain<string>], number>((value, pattern) => {
    const matches = callOf('regexp_extract_all', value, text('regexpCount', 'pattern', pattern));
    return labelled('regexpCount', [value, pattern], countOf('len')(matches));
  }),

  /** `regexpExtract(text, pattern, group = 1)`: a group of the first match, 0 for the whole match; empty where nothing matches. */
  regexpExtract: typed<Grouped, string>((value, pattern, group = 1) => {
    const at = groupOf('regexpExtract', pattern, group);
    return labelled('regexpExtract', [value, pattern, group], callOf('regexp_extract', value, pattern, at));
  }),

  /** `regexpExtractAll(text, pattern, group = 1)`: a group of every match, as a list. */
  regexpExtractAll: typed<Grouped, List<string>>((value, pattern, group = 1) => {
    const at = groupOf('regexpExtractAll', pattern, group);
    return labelled('regexpExtractAll', [value, pattern, group], callOf('regexp_extract_all', value, pattern, at));
  }),

  /** `regexpReplace(text, pattern, replacement)`: every match replaced; `$1` in the replacement is the first group, `\$` a dollar. */
  regexpReplace: typed<[text: string, pattern: Plain<string>, replacement: Plain<string>], string>(
    (value, pattern, replacement) => {
      const [from, to] = [text('regexpReplace', 'pattern', pattern), replacementOf('regexpReplace', replacement)];
      return labelled('regexpReplace', [value, pattern, replacement], callOf('regexp_replace', value, from, to, 'g'));
    },
  ),

  /** `levenshtein(first, second)`: how many characters are to be changed, added or removed to make one of the other. Unlike Spark's, it counts a character beyond ASCII as its bytes in UTF-8. */
  levenshtein: binary<string, string, number>('levenshtein', countOf('levenshtein')),

  /** `md5(text)`: the checksum as 32 hexadecimal digits. */
  md5: unary<string, string>('md5'),

  /** `sha1(text)`: the checksum as 40 hexadecimal digits. */
  sha1: unary<string, string>('sha1'),

  /** `sha2(text, bits = 256)`: the checksum in hexadecimal digits; only that of 256 bits. */
  sha2: typed<[value: string | Uint8Array, bits?: Plain<number>], string>((value, bits = 256) => {
    if (bits === 256 || bits === 0) return labelled('sha2', [value, bits], callOf('sha256', value));
    throw new InframeError('ARGUMENT_INVALID', `length ${shown(bits)} of sha2() is not possible; give 256`);
  }),

  /** `encode(text)`: its bytes in UTF-8. */
  encode: unary<string, Uint8Array>('encode'),

  /** `decode(bytes)`: the text whose bytes in UTF-8 they are; others fail the job. */
  decode: unary<Uint8Array, string>('decode'),

  /** `base64(bytes)`: as text in base 64. */
  base64: unary<Uint8Array, string>('base64'),

  /** `unbase64(text)`: the bytes of a text in base 64. */
  unbase64: unary<string, Uint8Array>('unbase64', 'from_base64'),

  /** `hex(value)`: a text, bytes or a whole number in hexadecimal digits. */
  hex: unary<string | Uint8Array | Numeric, string>('hex'),

  /** `unhex(text)`: the bytes of hexadecimal digits; null of what is none. */
  unhex: unary<string, Uint8Array | null>('unhex', value => callOf('try', callOf('unhex', value))),

  /** `formatNumber(value, digits)`: with so many digits behind the point and commas between thousands. */
  formatNumber: typed<[value: Numeric, digits: Plain<number>], string>((value, digits) => {
    const format = `{:,.${whole('formatNumber', 'digits', digits, 0)}f}`;
    return labelled('formatNumber', [value, digits], callOf('format', format, toColumn(value).cast(FLOAT64)));
  }),

  /** `getJsonObject(text, path)`: what stands in a JSON text at a path such as `$.a[0].b`; null where there is nothing, or the text is not JSON. */
  getJsonObject: typed<[text: string, path: Plain<string>], string | null>((value, path) =>
    labelled(
      'getJsonObject',
      [value, path],
      choose(callOf('json_valid', value), callOf('json_extract_string', value, jsonPath(path))),
    ),
  ),
};

function pad(name: string, value: ColumnOrValue, length: ColumnOrValue, padding: string): Column {
  // The engine cannot fill up with nothing.
  if (text(name, 'padding', padding) === '') return callOf('left', value, notNegative(length));
  return callOf(name, value, toColumn(length).cast(INT32), padding);
}

/** The engine takes what does not begin with `$` or `/` for a name. */
function jsonPath(path: string): string {
  if (text('getJsonObject', 'path', path).startsWith('$')) return path;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `path ${shown(path)} of getJsonObject() does not begin at the root; write it as in $.name`,
  );
}
