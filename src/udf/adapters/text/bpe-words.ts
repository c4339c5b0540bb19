import { byteTokens } from './byte-tokens.js';
import { damaged } from './json.js';
import { type LibraryBpe, library } from './library.js';
import type { Pieces } from './word-models.js';

/**
 * A longer stretch is tokenised in windows of so many characters: the library makes objects of every character, and two
 * texts of every pair.
 */
const WINDOW = 1024;

/**
 * Of a window that does not end its stretch, the tokens that end within this many characters of its end are thrown away
 * and made again by the next window.
 */
export const MARGIN = 256;

/**
 * Byte-pair encoding of words.
 *
 * Characters that the vocabulary does not have are set apart first (no merge can hold them), because the library tells
 * neither how many of them one unknown token stands for, nor drops or joins them as the original does.
 *
 * Windows give what the whole gives: where no merge goes across a border between two characters, the two sides are merged
 * as if each stood alone, so starting anew at the border between two tokens is exact. Only the end of a window is cut
 * blindly. What is merged near it reaches back by as many characters as merges hang together, each needing a pair that the
 * one before made, in the order of their ranks: a few tokens, where MARGIN leaves hundreds of characters.
 */
export class BpeWords {
  readonly #model: LibraryBpe;
  readonly #suffix: string;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #bytes: readonly number[] | undefined;
  #withoutSuffix: LibraryBpe | undefined;

  constructor(model: LibraryBpe) {
    // Words are remembered by the pipeline.
    model.max_length_to_cache = 0;
    this.#model = model;
    this.#suffix = model.end_of_word_suffix ?? '';
    this.#ids = model.tokens_to_ids;
    this.#bytes = model.byte_fallback ? byteTokens(model.tokens_to_ids) : undefined;
  }

  /**
   * True if words may be cut before every run of `mark` (the `▁` that stands for a space): the vocabulary has it, and no
   * merge goes across such a border, so the sides are tokenised as if each stood alone. Tokenizers without a pre-tokenizer
   * take a whole text for one word; this makes words of it.
   */
  cutsBefore(mark: string): boolean {
    const { ignore_merges: ignoresMerges, merges } = this.#model;
    if (ignoresMerges || this.#suffix !== '' || !this.#ids.has(mark)) return false;
    return !merges.some(([left, right]) => right.startsWith(mark) && !left.endsWith(mark));
  }

  readonly pieces = (word: string): Pieces => {
    const whole = this.#model.ignore_merges ? this.#ids.get(word) : undefined;
    if (whole !== undefined) return { ids: [whole], starts: [0], ends: [word.length] };
    const made = { ids: [] as number[], starts: [] as number[], ends: [] as number[] };
    let known = 0;
    let at = 0;
    let joins = false;
    for (const char of word) {
      const to = at + char.length;
      if (this.#ids.has(to === word.length ? char + this.#suffix : char)) {
        at = to;
        joins = false;
        continue;
      }
      this.#merge(word, known, at, made);
      joins = this.#unknown(char, at, to, joins, made);
      at = to;
      known = to;
    }
    this.#merge(word, known, at, made);
    return made;
  };

  /** @returns whether the next character, if unknown too, joins this one */
  #unknown(char: string, from: number, to: number, joins: boolean, made: Made): boolean {
    if (this.#bytes !== undefined) {
      for (const byte of Buffer.from(char, 'utf8')) put(made, this.#bytes[byte]!, from, to);
      return false;
    }
    const id = this.#model.unk_token_id;
    // Without a token for them they are left out.
    if (id === undefined) return false;
    if (joins) made.ends[made.ends.length - 1] = to;
    else put(made, id, from, to);
    return this.#model.fuse_unk;
  }

  /** The tokens of a stretch of known characters. */
  #merge(word: string, from: number, to: number, made: Made): void {
    const ends = to === word.length;
    const model = ends || this.#suffix === '' ? this.#model : this.#inner();
    let at = from;
    while (at < to) {
      let until = to - at > WINDOW + MARGIN ? at + WINDOW : to;
      if (until < to && isHighSurrogate(word, until - 1)) until++;
      const last = until === to;
      const start = at;
      for (const token of model.bpe(word.slice(at, until))) {
        const closes = ends && last && at + token.length - this.#suffix.length === to;
        const next = at + token.length - (closes ? this.#suffix.length : 0);
        if (!last && next > until - MARGIN && at > start) break;
        const id = this.#ids.get(token);
        if (id === undefined) throw damaged(`its merges make '${token}', which its vocabulary does not have`);
        put(made, id, at, next);
        at = next;
      }
    }
  }

  /** The same for stretches that do not end their word. */
  #inner(): LibraryBpe {
    this.#withoutSuffix ??= new library.BPE({ ...this.#model.config, end_of_word_suffix: '' });
    return this.#withoutSuffix;
  }
}

interface Made {
  readonly ids: number[];
  readonly starts: number[];
  readonly ends: number[];
}

function put(made: Made, id: number, from: number, to: number): void {
  made.ids.push(id);
  made.starts.push(from);
  made.ends.push(to);
}

function isHighSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code < 0xdc00;
}
