import { isReserved, quoteName, RESERVED_WORDS } from '../frame/sql/keywords.js';

/** What the shell knows beside SQL. */
export const SHELL_COMMANDS: readonly string[] = Object.freeze(['.tables', '.models', '.help', '.exit', '.quit']);

const MORE_WORDS = [
  ...['between', 'copy', 'cross', 'drop', 'exists', 'explain', 'format', 'full', 'if', 'inner', 'is', 'join', 'left'],
  ...[
    'like',
    'model',
    'models',
    'natural',
    'outer',
    'over',
    'partition',
    'replace',
    'right',
    'tables',
    'temp',
    'values',
  ],
  ...['view', 'by'],
];

const WORDS: readonly string[] = [...new Set([...RESERVED_WORDS, ...MORE_WORDS])].sort();

/** Names that can be completed beside the words of SQL. */
export interface KnownNames {
  readonly tableNames: readonly string[];
  readonly modelNames: readonly string[];
}

/**
 * What the word at the end of a line may become, in the form readline wants.
 *
 * @returns the candidates, and the part of the line that they take the place of
 */
export function complete(line: string, names: KnownNames): [candidates: string[], part: string] {
  if (/^\s*\.\w*$/.test(line)) {
    const part = line.trimStart();
    return [SHELL_COMMANDS.filter(command => command.startsWith(part)), part];
  }
  const part = /"?[\p{L}\p{N}_$]*$/u.exec(line)![0];
  if (part === '') return [[], ''];
  const begins = (text: string): boolean => text.toLowerCase().startsWith(part.toLowerCase());
  const upper = part === part.toUpperCase();
  const words = WORDS.map(word => (upper ? word.toUpperCase() : word));
  const known = [...names.tableNames, ...names.modelNames].map(asWritten);
  return [[...new Set([...known, ...words])].filter(begins), part];
}

/** A name as it must stand in SQL. */
function asWritten(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(name) && !isReserved(name) ? name : quoteName(name);
}
