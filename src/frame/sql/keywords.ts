/**
 * Words that cannot be names unless they stand in double quotes.
 *
 * Source: DuckDB's `duckdb_keywords()`, category `reserved`; a test compares.
 */
export const RESERVED_WORDS: readonly string[] = Object.freeze(
  (
    'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default ' +
    'deferrable desc describe distinct do else end except false fetch for foreign from group having in initially intersect ' +
    'into lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider placing primary ' +
    'qualify references returning select show some summarize symmetric table then to trailing true union unique unpivot ' +
    'using variadic when where window with'
  ).split(' '),
);

const RESERVED: ReadonlySet<string> = new Set(RESERVED_WORDS);

export function isReserved(word: string): boolean {
  return RESERVED.has(word.toLowerCase());
}

/** A name as SQL text. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
