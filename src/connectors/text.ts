/*
 * Bytes as text in DuckDB's SQL. DuckDB's own `decode` either fails, or puts `?` for what is not UTF-8.
 */

/** A pair of hexadecimal digits for each byte: one character as UTF-8 (The Unicode Standard, table 3-7). */
const CHARACTER = [
  '[0-7].',
  '(?:C[2-9A-F]|D.)[89AB].',
  'E0[AB].[89AB].',
  'E[1-9A-CEF](?:[89AB].){2}',
  'ED[89].[89AB].',
  'F0[9AB].(?:[89AB].){2}',
  'F[1-3](?:[89AB].){3}',
  'F48.(?:[89AB].){2}',
].join('|');

/** The longest beginning of a character, or one byte that begins none: what one U+FFFD stands for (section 3.9, "U+FFFD Substitution of Maximal Subparts"). */
const BROKEN = [
  'E0[AB].',
  'E[1-9A-CEF][89AB].',
  'ED[89].',
  'F0[9AB].(?:[89AB].)?',
  'F[1-3][89AB].(?:[89AB].)?',
  'F48.(?:[89AB].)?',
  '..',
].join('|');

/**
 * A blob as text, with U+FFFD wherever it is not UTF-8, as `TextDecoder` does it. A byte order mark at its beginning is
 * left out.
 *
 * @param blob SQL of a blob; it is written several times, so it should be a column
 */
export function replacingText(blob: string): string {
  // The byte FF, which no text has, ends the last run of characters; what is put for it is cut off again.
  const hex = `regexp_replace(hex(${blob}) || 'FF', '((?:${CHARACTER})*)(?:${BROKEN})', '\\1EFBFBD', 'g')[:-7]`;
  return withoutMark(`coalesce(try(decode(${blob})), CASE WHEN ${blob} IS NOT NULL THEN decode(unhex(${hex})) END)`);
}

/** A blob as text, null where it is not UTF-8. */
export function validText(blob: string): string {
  return withoutMark(`try(decode(${blob}))`);
}

function withoutMark(text: string): string {
  return `regexp_replace(${text}, '^\\x{FEFF}', '')`;
}
