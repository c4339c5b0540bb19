import { InframeError, shown } from '../errors.js';
import { text, whole } from './declare.js';

/*
 * Regular expressions. Both here and in Java they are the same in what is common; replacements are written in two ways.
 */

/**
 * The number of a group of a pattern; 0 is the whole match.
 *
 * @throws InframeError ARGUMENT_INVALID if the pattern has no such group: the engine would take it for one that is empty
 */
export function groupOf(name: string, pattern: string, group: number): number {
  const last = groupsIn(text(name, 'pattern', pattern));
  if (whole(name, 'group', group, 0) <= last) return group;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `group ${group} of ${name}() is not in the pattern ${shown(pattern)}; its groups are 0 to ${last}, where 0 is the whole match`,
  );
}

/** What is passed over whole, or else a parenthesis that opens a group: `(`, `(?<name>` or `(?P<name>`. */
const GROUP = /\\Q.*?(?:\\E|$)|\\.|\[\]?(?:\\.|\[:\w+:\]|[^\]])*\]|(\((?!\?)|\(\?P?<(?![=!]))/gs;

function groupsIn(pattern: string): number {
  return [...pattern.matchAll(GROUP)].filter(([, opening]) => opening !== undefined).length;
}

/** A replacement in Java's words in the engine's: `$1` is a group there and `\1` here. */
export function replacementOf(name: string, replacement: string): string {
  text(name, 'replacement', replacement);
  return replacement.replace(/\\(.)|\$(\d)|\\/gs, (_, escaped: string | undefined, group: string | undefined) => {
    if (group !== undefined) return `\\${group}`;
    return escaped === undefined || escaped === '\\' ? '\\\\' : escaped;
  });
}
