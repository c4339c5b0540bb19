/*
 * Offsets come with the tokens: every step from text to tokens keeps the place of every character (aligned-text.ts), and a
 * token's place is that of its characters. What is left to do for byte-level tokenizers, whose tokens hold the space
 * before a word, is leaving that space out.
 */

import { SPACE_LETTER } from './byte-letters.js';
import { isSpace } from './normalizers.js';

/** Spaces a token begins or ends with, as they are written in tokens. */
export function leadingSpaces(token: string): number {
  let count = 0;
  while (count < token.length && isWritten(token[count]!)) count++;
  return count;
}

export function trailingSpaces(token: string): number {
  let count = 0;
  while (count < token.length && isWritten(token[token.length - 1 - count]!)) count++;
  return count;
}

function isWritten(char: string): boolean {
  return char === SPACE_LETTER || isSpace(char);
}

/**
 * Leaves spaces out of a token's place, as Hugging Face's byte-level post-processors do with `trim_offsets`
 * (https://github.com/huggingface/tokenizers, tokenizers/src/pre_tokenizers/byte_level.rs, process_offsets).
 *
 * @param spaces how many the token begins and ends with
 * @param prefixed true for the first token of a text that a space was put before: that one is not in the text
 */
export function trimmed(
  start: number,
  end: number,
  spaces: readonly [leading: number, trailing: number],
  prefixed: boolean,
): readonly [start: number, end: number] {
  // The space that was put before the text is a token of its own: it has the place of the first character, and no text.
  if (prefixed && spaces[0] === 1 && spaces[1] === 1) return [start, start];
  const leading = prefixed && spaces[0] > 0 ? spaces[0] - 1 : spaces[0];
  const from = Math.min(start + leading, end);
  return [from, spaces[1] > 0 && end >= spaces[1] ? Math.max(end - spaces[1], from) : end];
}
