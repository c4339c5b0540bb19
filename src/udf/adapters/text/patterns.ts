import { messageOf } from '../../../frame/errors.js';
import type { Match } from './aligned-text.js';
import { damaged, isObject, stringOf } from './json.js';
import { library } from './library.js';

/** Where in a text something is, in order and without overlap. */
export type Matcher = (text: string) => Match[];

/** All matches of a regular expression (with the flag g). Empty ones are left out. */
export function matcherOf(pattern: RegExp): Matcher {
  return text => {
    const found: Match[] = [];
    for (const match of text.matchAll(pattern)) {
      if (match[0].length > 0) found.push([match.index, match.index + match[0].length]);
    }
    return found;
  };
}

/**
 * A pattern of a tokenizer.json: `{ String }` is looked for as it is, `{ Regex }` is in Oniguruma's language
 * (https://github.com/kkos/oniguruma/blob/master/doc/RE), which the tokenizers library puts into JavaScript's.
 */
export function readPattern(value: unknown): Matcher {
  if (!isObject(value)) throw damaged('a pattern of it is not an object of String or Regex');
  if (value['String'] !== undefined) return literal(stringOf(value['String'], 'pattern'));
  const source = stringOf(value['Regex'], 'pattern');
  try {
    const { pattern } = new library.SplitPreTokenizer({
      type: 'Split',
      pattern: { Regex: source },
      behavior: 'Isolated',
    });
    if (pattern !== null) return matcherOf(pattern);
  } catch (error) {
    throw damaged(`its pattern '${source}' cannot be read: ${messageOf(error)}`);
  }
  throw damaged(`its pattern '${source}' cannot be read`);
}

export function literal(wanted: string): Matcher {
  return text => {
    const found: Match[] = [];
    if (wanted === '') return found;
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      found.push([at, at + wanted.length]);
    }
    return found;
  };
}
