import { InframeError } from '../../frame/errors.js';

/** `"name"`, with quotes inside doubled: an identifier, whatever it holds. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `'text'`, with quotes inside doubled. NUL cannot be written in SQL and is refused. */
export function quoteText(text: string): string {
  if (text.includes('\0')) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      'text with a NUL character cannot be used as a value; remove the character',
    );
  }
  return `'${text.replaceAll("'", "''")}'`;
}

/** The path of one file, for DuckDB's readers: they take `*`, `?` and `[` for a pattern, but a listed file is meant to the letter. */
export function quotePath(path: string): string {
  return quoteText(path.replace(/[*?[]/g, character => `[${character}]`));
}
