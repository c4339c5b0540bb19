import { InframeError } from '../../../frame/errors.js';
import type { TextAdapter } from '../adapter.js';
import { Pipeline, type TokenSequence } from './pipeline.js';
import { specialCount, type TemplatePart } from './templates.js';
import { readTokenizerFile, type TokenizerFile } from './tokenizer-file.js';
import { keptLengths } from './truncation.js';

/** What a network is fed for a text, or a pair of texts; not padded. */
export interface EncodedText {
  readonly ids: Int32Array;
  readonly types: Uint8Array;
  /** 1 for the tokens that the tokenizer puts around texts. */
  readonly special: Uint8Array;
  /** 0 for tokens of the text, 1 for those of the second of a pair, -1 for special tokens. */
  readonly sequences: Int8Array;
  /** UTF-16 indices into the token's own text; 0 and 0 for special tokens. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Why a row cannot be tokenised. */
export interface TextFailure {
  readonly failure: string;
}

/** A tokenizer as one adapter wants it. */
export interface TextTokenizer {
  /** Tokens a row at most, special tokens included. */
  readonly maxLength: number;
  readonly padId: number;
  /** The token type of padding. */
  readonly padType: number;
  readonly padSide: 'end' | 'start';
  /**
   * A text as tokens. Lone surrogates become U+FFFD, as they do on their way into UTF-8.
   *
   * @param pair the second text, where the network takes pairs; an empty one is one, too
   */
  encode(text: string, pair?: string): EncodedText | TextFailure;
}

/** Tokens a row where neither the adapter nor the network nor the tokenizer says how many. */
const USUAL_LENGTH = 512;

interface OpenTokenizer {
  readonly file: TokenizerFile;
  readonly pipeline: Pipeline;
}

/** Of this worker, by hash: a vocabulary is read once, and words are remembered between batches. */
const open = new Map<string, OpenTokenizer>();

/** So many stay open in a worker; the one that was opened first goes. */
const MOST_OPEN = 8;

/**
 * Opens the tokenizer of an adapter; one that is open already is shared. Only workers do this.
 *
 * @param networkLength the length of a row where the network's signature fixes it; longer ones are cut to it
 * @throws InframeError MODEL_CHANGED if the file is no longer the one that the adapter was made with, MODEL_INVALID or
 *   MODEL_UNSUPPORTED for what it holds, ARGUMENT_INVALID if special tokens alone fill a row
 */
export function openTokenizer(adapter: TextAdapter, networkLength?: number): TextTokenizer {
  const { file, pipeline } = opened(adapter.tokenizer, adapter.sha256);
  const length = adapter.maxLength ?? networkLength ?? file.maxLength ?? USUAL_LENGTH;
  return new AdaptedTokenizer(file, pipeline, adapter, Math.min(length, networkLength ?? length));
}

function opened(path: string, sha256: string): OpenTokenizer {
  const known = open.get(sha256);
  if (known !== undefined) return known;
  const file = readTokenizerFile(path);
  if (file.sha256 !== sha256) {
    throw new InframeError(
      'MODEL_CHANGED',
      `tokenizer '${path}' has changed since it was loaded; load the model again with session.model()`,
      { path },
    );
  }
  const made = { file, pipeline: new Pipeline(file.json) };
  if (open.size >= MOST_OPEN) open.delete(open.keys().next().value!);
  open.set(sha256, made);
  return made;
}

class AdaptedTokenizer implements TextTokenizer {
  readonly maxLength: number;
  readonly padId: number;
  readonly padType: number;
  readonly padSide: 'end' | 'start';
  readonly #file: TokenizerFile;
  readonly #pipeline: Pipeline;
  readonly #truncation: TextAdapter['truncation'];
  readonly #single: readonly TemplatePart[];
  readonly #pair: readonly TemplatePart[];

  constructor(file: TokenizerFile, pipeline: Pipeline, adapter: TextAdapter, maxLength: number) {
    const { template } = pipeline;
    this.#file = file;
    this.#pipeline = pipeline;
    this.#truncation = adapter.truncation;
    this.#single = adapter.specialTokens ? template.single : template.plain;
    this.#pair = adapter.specialTokens ? template.pair : template.plainPair;
    this.maxLength = maxLength;
    this.padId = adapter.padId ?? file.padId;
    this.padType = file.padType;
    this.padSide = file.padSide;
    const specials = specialCount(this.#single);
    if (specials >= maxLength) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `maxLength ${maxLength} leaves no room for a text: the tokenizer puts ${specials} special tokens around it; ` +
          `give a larger one, or specialTokens: false`,
        { maxLength },
      );
    }
  }

  encode(text: string, pair?: string): EncodedText | TextFailure {
    const template = pair === undefined ? this.#single : this.#pair;
    const room = this.maxLength - specialCount(template);
    if (room < 0) return { failure: `${this.maxLength} tokens have no room for the special tokens of a pair` };
    // Which tokens are the last ones is known only at the end of the text.
    const most = this.#truncation === 'start' ? Number.POSITIVE_INFINITY : room + 1;
    const first = this.#pipeline.encode(wellFormed(text), most);
    const second = pair === undefined ? undefined : this.#pipeline.encode(wellFormed(pair), most);
    if (this.#truncation === 'fail' && first.ids.length + (second?.ids.length ?? 0) > room) {
      return { failure: `a text has more tokens than the ${this.maxLength} that fit` };
    }
    const kept = keptLengths(first.ids.length, second?.ids.length, room, this.#file.strategy);
    if (kept === undefined) {
      const which = this.#file.strategy === 'only_first' ? 'first' : 'second';
      return { failure: `of a pair of texts the ${which} is too short to be cut to ${this.maxLength} tokens in all` };
    }
    return this.#assemble(template, [first, second], kept);
  }

  #assemble(
    template: readonly TemplatePart[],
    texts: readonly [TokenSequence, TokenSequence | undefined],
    kept: readonly [number, number],
  ): EncodedText {
    let length = 0;
    for (const { sequence, ids } of template) length += sequence === undefined ? ids.length : kept[sequence];
    const encoded = {
      ids: new Int32Array(length),
      types: new Uint8Array(length),
      special: new Uint8Array(length),
      sequences: new Int8Array(length),
      starts: new Int32Array(length),
      ends: new Int32Array(length),
    };
    let at = 0;
    for (const { sequence, ids, type } of template) {
      if (sequence === undefined) {
        for (const id of ids) {
          encoded.ids[at] = id;
          encoded.types[at] = type;
          encoded.special[at] = 1;
          encoded.sequences[at++] = -1;
        }
        continue;
      }
      const tokens = texts[sequence];
      if (tokens === undefined) continue;
      const count = kept[sequence];
      const skipped = this.#truncation === 'start' ? tokens.ids.length - count : 0;
      for (let index = skipped; index < skipped + count; index++) {
        encoded.ids[at] = tokens.ids[index]!;
        encoded.types[at] = type;
        encoded.sequences[at] = sequence;
        encoded.starts[at] = tokens.starts[index]!;
        encoded.ends[at++] = tokens.ends[index]!;
      }
    }
    return encoded;
  }
}

const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATES, '\ufffd');
}
