import { AddedTokenFinder, readAddedTokens } from './added-tokens.js';
import { AlignedText, type Match } from './aligned-text.js';
import type { JsonObject } from './json.js';
import { type Normalizer, readNormalizer } from './normalizers.js';
import { leadingSpaces, trailingSpaces, trimmed } from './offsets.js';
import { type PreTokenizer, readPreTokenizer } from './pre-tokenizers.js';
import { readTemplate, type Template } from './templates.js';
import { type Pieces, readModel, SPACE_MARK, type WordModel } from './word-models.js';

/** The tokens of one text, without special tokens. */
export interface TokenSequence {
  readonly ids: readonly number[];
  /** UTF-16 indices into the text. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

interface Made {
  readonly ids: number[];
  readonly starts: number[];
  readonly ends: number[];
  /** How many tokens there were before each word. */
  readonly words: number[];
  /** How many tokens of long words cannot be changed by what follows. */
  settled: number;
  readonly prefixSpace: boolean;
}

/** Words of so many units, and so many of them, are remembered: most words of a table are few. */
const REMEMBERED_LENGTH = 64;
const REMEMBERED_WORDS = 32_768;

/** A text is looked at whole up to so many units; of a longer one as much as is needed. */
const SHORT = 4096;

/**
 * What is cut off can change what stands before it by so many words: an accent that would have joined, a token that lies
 * across, a pattern that looks ahead.
 */
const UNSETTLED_WORDS = 16;

/** From a text to tokens: added tokens, normaliser, words, model. */
export class Pipeline {
  readonly template: Template;
  readonly #normalize: Normalizer;
  readonly #cut: PreTokenizer;
  readonly #model: WordModel;
  readonly #before: AddedTokenFinder;
  readonly #after: AddedTokenFinder;
  readonly #known = new Map<string, Pieces>();

  /** @throws InframeError MODEL_INVALID or MODEL_UNSUPPORTED for what the file holds */
  constructor(file: JsonObject) {
    this.#normalize = readNormalizer(file['normalizer']);
    this.#cut = readPreTokenizer(file['pre_tokenizer']);
    this.#model = readModel(file['model']);
    this.template = readTemplate(file['post_processor']);
    const added = readAddedTokens(file['added_tokens']);
    this.#before = new AddedTokenFinder(added.filter(each => !each.normalized).map(each => [each.content, each]));
    this.#after = new AddedTokenFinder(
      added.filter(each => each.normalized).map(each => [this.#normalize(AlignedText.of(each.content)).text, each]),
    );
  }

  /**
   * The tokens of a text, or its first `most` and perhaps some more.
   *
   * Words are tokenised each by itself, so the tokens of a text's beginning are those of the whole but for the last few
   * words. A long text is taken from its beginning, in stretches that grow, until there are `most` tokens before those: so
   * much that the time is that of the tokens wanted, and the tokens are those of the whole text.
   *
   * @param text well-formed: without lone surrogates
   */
  encode(text: string, most: number): TokenSequence {
    for (let length = Math.max(SHORT, most * 8); length < text.length; length *= 4) {
      const begun = this.#run(text.slice(0, isHighSurrogate(text, length - 1) ? length - 1 : length));
      if (Math.max(begun.words.at(-UNSETTLED_WORDS) ?? 0, begun.settled) >= most) return begun;
    }
    return this.#run(text);
  }

  #run(text: string): Made {
    const prefixSpace = this.template.trimsOffsets?.prefixSpace ?? false;
    const made: Made = { ids: [], starts: [], ends: [], words: [], settled: 0, prefixSpace };
    for (const section of this.#before.split(AlignedText.of(text))) {
      if (section.id !== undefined) {
        this.#put(made, section.text, { ids: [section.id], starts: [0], ends: [section.text.text.length] });
        continue;
      }
      for (const part of this.#after.split(this.#normalize(section.text))) {
        if (part.id !== undefined) {
          this.#put(made, part.text, { ids: [part.id], starts: [0], ends: [part.text.text.length] });
          continue;
        }
        if (part.text.text === '') continue;
        for (const word of this.#cut(part.text)) this.#word(made, word);
      }
    }
    return made;
  }

  #word(made: Made, word: AlignedText): void {
    if (!this.#model.cutsBeforeSpaces || word.text.length < 2) {
      this.#put(made, word, this.#pieces(word.text));
      return;
    }
    for (const [from, to] of beforeSpaces(word.text)) {
      const part = word.slice(from, to);
      this.#put(made, part, this.#pieces(part.text));
    }
  }

  #pieces(word: string): Pieces {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    const pieces = this.#model.pieces(word);
    if (word.length <= REMEMBERED_LENGTH) {
      if (this.#known.size >= REMEMBERED_WORDS) this.#known.clear();
      this.#known.set(word, pieces);
    }
    return pieces;
  }

  #put(made: Made, word: AlignedText, pieces: Pieces): void {
    const trims = this.template.trimsOffsets !== undefined;
    made.words.push(made.ids.length);
    const { settledBefore } = this.#model;
    const settled = settledBefore === undefined ? -1 : word.text.length - settledBefore;
    for (let index = 0; index < pieces.ids.length; index++) {
      const from = pieces.starts[index]!;
      const to = pieces.ends[index]!;
      let start = word.startOf(from);
      let end = word.endBefore(to);
      if (trims) {
        const token = word.text.slice(from, to);
        const prefixed = made.prefixSpace && (made.ids.length === 0 || start === 0);
        [start, end] = trimmed(start, end, [leadingSpaces(token), trailingSpaces(token)], prefixed);
      }
      made.ids.push(pieces.ids[index]!);
      made.starts.push(start);
      made.ends.push(end);
      if (to <= settled) made.settled = made.ids.length;
    }
  }
}

/** The stretches that begin where a run of `▁` does. */
function beforeSpaces(word: string): Match[] {
  const parts: Match[] = [];
  let from = 0;
  for (let at = word.indexOf(SPACE_MARK, 1); at >= 0; at = word.indexOf(SPACE_MARK, at + 1)) {
    if (word[at - 1] === SPACE_MARK) continue;
    parts.push([from, at]);
    from = at;
  }
  parts.push([from, word.length]);
  return parts;
}

function isHighSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code < 0xdc00;
}
