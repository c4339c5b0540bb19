import type { AlignedText } from './aligned-text.js';
import { damaged, flagOf, integerOf, isObject, listOf, stringOf } from './json.js';
import { isSpace } from './normalizers.js';
import { WORD_CHARACTERS } from './unicode-classes.js';

/** A token that is looked for in the text itself, before the model sees it: `[MASK]`, `<|endoftext|>`, a person's own. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Found only where no letter or digit stands beside it. */
  readonly singleWord: boolean;
  /** It takes the white space before, or behind it, too. */
  readonly takesLeft: boolean;
  readonly takesRight: boolean;
  /** It is looked for, in its own normal form, after the text is normalised. */
  readonly normalized: boolean;
  readonly special: boolean;
}

export function readAddedTokens(value: unknown): readonly AddedToken[] {
  return listOf(value, 'list of added tokens').map(each => {
    if (!isObject(each)) throw damaged('an added token of it is not an object');
    const special = flagOf(each['special'], false);
    return {
      id: integerOf(each['id'], 'id of an added token'),
      content: stringOf(each['content'], 'added token'),
      singleWord: flagOf(each['single_word'], false),
      takesLeft: flagOf(each['lstrip'], false),
      takesRight: flagOf(each['rstrip'], false),
      normalized: flagOf(each['normalized'], !special),
      special,
    };
  });
}

/** A stretch of a text: an added token, or what lies between them. */
export interface Section {
  readonly text: AlignedText;
  /** Undefined for what is no added token. */
  readonly id: number | undefined;
}

/** Finds added tokens in a text: the leftmost, and of those that begin at one place the longest. */
export class AddedTokenFinder {
  readonly #byContent: ReadonlyMap<string, AddedToken>;
  readonly #pattern: RegExp | undefined;

  /** @param contents what each token is looked for as */
  constructor(contents: readonly (readonly [content: string, token: AddedToken])[]) {
    const found = contents.filter(([content]) => content !== '');
    this.#byContent = new Map(found);
    const longestFirst = [...this.#byContent.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
    const source = longestFirst.map(content => content.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|');
    this.#pattern = source === '' ? undefined : new RegExp(source, 'gu');
  }

  split(text: AlignedText): readonly Section[] {
    const whole = text.text;
    if (this.#pattern === undefined || whole === '') return [{ text, id: undefined }];
    const sections: Section[] = [];
    let at = 0;
    for (const match of whole.matchAll(this.#pattern)) {
      const token = this.#byContent.get(match[0])!;
      let from = match.index;
      let to = from + match[0].length;
      if (
        token.singleWord &&
        (ENDS_IN_WORD.test(whole.slice(Math.max(0, from - 2), from)) || BEGINS_WITH_WORD.test(whole.slice(to, to + 2)))
      ) {
        continue;
      }
      if (token.takesLeft) while (from > at && isSpace(whole[from - 1]!)) from--;
      if (token.takesRight) while (to < whole.length && isSpace(whole[to]!)) to++;
      if (from > at) sections.push({ text: text.slice(at, from), id: undefined });
      sections.push({ text: text.slice(from, to), id: token.id });
      at = to;
    }
    if (at < whole.length) sections.push({ text: text.slice(at, whole.length), id: undefined });
    return sections;
  }
}

const ENDS_IN_WORD = new RegExp(`[${WORD_CHARACTERS}]$`, 'u');
const BEGINS_WITH_WORD = new RegExp(`^[${WORD_CHARACTERS}]`, 'u');
