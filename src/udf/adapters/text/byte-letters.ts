/*
 * The letters that byte-level tokenizers write bytes with: those of Latin-1 that can be seen stand for themselves, the
 * others are numbered on from U+0100 (https://github.com/openai/gpt-2/blob/master/src/encoder.py, bytes_to_unicode).
 */

const LETTERS: readonly string[] = (() => {
  const letters: string[] = [];
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const visible = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    letters.push(String.fromCharCode(visible ? byte : next++));
  }
  return letters;
})();

/** What a space is written as. */
export const SPACE_LETTER = 'Ġ';

/** One character in UTF-8, a letter a byte. */
export function byteLetters(char: string): string {
  const code = char.codePointAt(0)!;
  if (code < 0x80) return LETTERS[code]!;
  if (code < 0x800) return LETTERS[0xc0 | (code >> 6)]! + continuation(code);
  if (code < 0x10000) return LETTERS[0xe0 | (code >> 12)]! + continuation(code >> 6) + continuation(code);
  return LETTERS[0xf0 | (code >> 18)]! + continuation(code >> 12) + continuation(code >> 6) + continuation(code);
}

function continuation(bits: number): string {
  return LETTERS[0x80 | (bits & 0x3f)]!;
}
