/*
 * The classes of characters that tokenizers cut and clean by, as Hugging Face's library has them. Its tables of
 * punctuation and combining marks are those of Unicode 8 (the Rust crates unicode_categories and
 * unicode-normalization-alignments): a mark that came later is none to it, and models were trained that way. What JavaScript
 * knows beside that is taken away here. Every code point was compared with what the Python package `tokenizers` 0.23 does
 * to `a${char}b`.
 */

const LATER_MARKS =
  '\\u07fd\\u0897-\\u08e1\\u09fe\\u0afa-\\u0aff\\u0b55\\u0c04-\\u0c3c\\u0d00\\u0d3b-\\u0d3c\\u0d81\\u0eba\\u0ece\\u180f-\\u1886' +
  '\\u1abf-\\u1aeb\\u1df6-\\u1dfb\\ua82c\\ua8c5\\ua8ff\\ua9bd\\u{10d24}-\\u{10f85}\\u{11070}-\\u{11074}\\u{110c2}\\u{111c9}' +
  '\\u{111cf}\\u{1123e}-\\u{11241}\\u{1133b}\\u{113bb}-\\u{1145e}\\u{1182f}-\\u{1612f}\\u{16f4f}\\u{16fe4}\\u{1cf00}-\\u{1cf46}' +
  '\\u{1e000}-\\u{1e6f5}\\u{1e944}-\\u{1e94a}';

const LATER_COMBINING =
  '\\u07fd\\u0897-\\u08d3\\u09fe\\u0afa-\\u0aff\\u0b55\\u0c04-\\u0c3c\\u0cf3-\\u0d00\\u0d3b-\\u0d3c\\u0d81\\u0eba\\u0ece\\u1715\\u180f' +
  '\\u1abf-\\u1aeb\\u1cf7\\u1df6-\\u1dfa\\ua82c\\ua8ff\\u{10d24}-\\u{10f85}\\u{11070}-\\u{11074}\\u{110c2}\\u{11145}-\\u{11146}' +
  '\\u{111c9}\\u{111ce}-\\u{111cf}\\u{11241}\\u{1133b}\\u{113b8}-\\u{113e2}\\u{1145e}\\u{1182c}-\\u{11b67}\\u{11d31}-\\u{1612f}' +
  '\\u{16f4f}\\u{16f7f}-\\u{16f87}\\u{16fe4}-\\u{16ff1}\\u{1cf00}-\\u{1cf46}\\u{1e08f}-\\u{1e6f5}';

const LATER_PUNCTUATION =
  '\\u061d\\u09fd-\\u0a76\\u0c77-\\u0c84\\u1b4e-\\u1b4f\\u1b7d-\\u1b7f\\u2e43-\\u2e5d\\u{10d6e}-\\u{10f89}\\u{113d4}-\\u{1145d}' +
  '\\u{11660}-\\u{116b9}\\u{1183b}-\\u{11fff}\\u{12ff1}-\\u{12ff2}\\u{16d6d}-\\u{16fe2}\\u{1e5ff}-\\u{1e95f}';

/** One character or several: nonspacing marks (category Mn). */
export const NONSPACING_MARKS = new RegExp(`(?![${LATER_MARKS}])[\\p{Mn}\\u1734\\u{1171e}]`, 'gu');

/** Combining marks (category M). */
export const COMBINING_MARKS = new RegExp(`(?![${LATER_COMBINING}])[\\p{M}\\u1cf2-\\u1cf3]`, 'gu');

const PUNCTUATION_CHARACTER = `(?:(?![${LATER_PUNCTUATION}])[\\p{P}!-\\/:-@\\[-\\x60{-~\\u166d\\u{111c9}])`;

/** What ends a word for BERT: category P, and whatever of ASCII is neither letter, digit, space nor control. */
export const PUNCTUATION = new RegExp(PUNCTUATION_CHARACTER, 'gu');

/** What BERT takes out of a text. */
export const CONTROLS = /(?![\t\n\r\u0890-\u08e2\u{110cd}-\u{1343f}])[\p{Cc}\p{Cf}\p{Co}\0\ufffd]/gu;

export const WHITE_SPACE = /\p{White_Space}/gu;

/** Letters, digits, marks and connectors: Unicode's \w (https://www.unicode.org/reports/tr18/#Compatibility_Properties). */
export const WORD_CHARACTERS = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';

const CHINESE = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
] as const;

/** True for the ideographs that BERT sets apart, each a word. (U+2B820 to U+2B91F are left out in the original as well.) */
export function isChinese(char: string): boolean {
  const code = char.codePointAt(0)!;
  if (code < 0x3400) return false;
  return CHINESE.some(([from, to]) => code >= from && code <= to);
}

/** True for texts whose every character is one UTF-16 unit, a letter of its own, and in every normal form: ASCII. */
export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}
