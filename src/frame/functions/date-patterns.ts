import { InframeError, shown } from '../errors.js';

/*
 * Spark writes the form of a date with letters (`yyyy-MM-dd`), the engine's `strftime` with directives (`%Y-%m-%d`).
 */

const DIRECTIVES: Readonly<Record<string, string>> = {
  y: '%Y',
  yy: '%y',
  yyyy: '%Y',
  u: '%Y',
  uuuu: '%Y',
  M: '%-m',
  MM: '%m',
  MMM: '%b',
  MMMM: '%B',
  L: '%-m',
  LL: '%m',
  d: '%-d',
  dd: '%d',
  D: '%-j',
  DDD: '%j',
  E: '%a',
  EE: '%a',
  EEE: '%a',
  EEEE: '%A',
  H: '%-H',
  HH: '%H',
  h: '%-I',
  hh: '%I',
  m: '%-M',
  mm: '%M',
  s: '%-S',
  ss: '%S',
  SSS: '%g',
  SSSSSS: '%f',
  a: '%p',
};

/** A run of one letter, text between quotes, two quotes for one, or any other character. */
const TOKEN = /([A-Za-z])\1*|''|'((?:[^']|'')*)'|./gs;

/**
 * The engine's form of a pattern such as `dd.MM.yyyy HH:mm`; text stands in quotes.
 *
 * @throws InframeError ARGUMENT_INVALID for a letter that has no counterpart
 */
export function directives(name: string, pattern: string): string {
  if (typeof pattern !== 'string' || pattern === '') {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `pattern ${shown(pattern)} of ${name}() is not a pattern of dates; write one such as 'yyyy-MM-dd'`,
    );
  }
  return pattern.replace(TOKEN, (token: string, letter: string | undefined, quoted: string | undefined) => {
    if (letter === undefined)
      return (quoted?.replaceAll("''", "'") ?? (token === "''" ? "'" : token)).replaceAll('%', '%%');
    const directive = DIRECTIVES[token];
    if (directive !== undefined) return directive;
    throw new InframeError(
      'ARGUMENT_INVALID',
      `pattern ${shown(pattern)} of ${name}() holds '${token}', which is not known; it may hold ${Object.keys(DIRECTIVES).join(', ')}, and text in quotes`,
    );
  });
}
