import { InframeError, messageOf } from '../../../frame/errors.js';
import { BpeWords, MARGIN } from './bpe-words.js';
import { damaged, flagOf, isObject, type JsonObject, stringOf, unsupported } from './json.js';
import { library } from './library.js';
import { UnigramWords } from './unigram-words.js';

/** The tokens of a word. */
export interface Pieces {
  readonly ids: readonly number[];
  /** Of each token: the UTF-16 units of the word it stands for. Tokens of the bytes of one character share its place. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** What makes tokens of words. */
export interface WordModel {
  readonly pieces: (word: string) => Pieces;
  /** True if a word may be cut before every run of `▁` and its parts tokenised each by itself. */
  readonly cutsBeforeSpaces: boolean;
  /**
   * Tokens that end so many units or more before the end of their word are the same however the word goes on; undefined
   * where any token may depend on the whole word.
   */
  readonly settledBefore: number | undefined;
}

/** What SentencePiece writes a space as. */
export const SPACE_MARK = '▁';

export const MODELS: readonly string[] = ['WordPiece', 'BPE', 'Unigram', 'WordLevel'];

/**
 * The model of a tokenizer.json, by the tokenizers library, word by word: it gives no places, but of a single word they
 * follow from the lengths of the tokens.
 */
export function readModel(value: unknown): WordModel {
  if (!isObject(value)) throw damaged('its model is not an object');
  const type = modelType(value);
  try {
    switch (type) {
      case 'WordPiece':
        return wordPiece(value);
      case 'BPE':
        if ((value['continuing_subword_prefix'] ?? '') !== '') {
          throw unsupported('model', 'BPE with continuing_subword_prefix', MODELS);
        }
        return bpe(value);
      case 'Unigram':
        return unigram(value);
      case 'WordLevel':
        return wordLevel(value);
    }
  } catch (error) {
    if (error instanceof InframeError) throw error;
    throw damaged(`its ${type} model cannot be read: ${messageOf(error)}`);
  }
}

function modelType(model: JsonObject): 'WordPiece' | 'BPE' | 'Unigram' | 'WordLevel' {
  const { type } = model;
  if (type === 'WordPiece' || type === 'BPE' || type === 'Unigram' || type === 'WordLevel') return type;
  if (type !== undefined) throw unsupported('model', String(type), MODELS);
  // Files of before 2020 do not say it.
  if (Array.isArray(model['vocab'])) return 'Unigram';
  if (model['merges'] !== undefined) return 'BPE';
  return model['continuing_subword_prefix'] !== undefined ? 'WordPiece' : 'WordLevel';
}

function bpe(config: JsonObject): WordModel {
  const words = new BpeWords(new library.BPE(config));
  return { pieces: words.pieces, cutsBeforeSpaces: words.cutsBefore(SPACE_MARK), settledBefore: 2 * MARGIN };
}

function unigram(config: JsonObject): WordModel {
  const model = new library.Unigram(config, '');
  const { pieces } = new UnigramWords(model, flagOf(config['byte_fallback'], false));
  return { pieces, cutsBeforeSpaces: false, settledBefore: undefined };
}

function wordPiece(config: JsonObject): WordModel {
  const model = new library.WordPiece(config);
  const prefix = stringOf(config['continuing_subword_prefix'] ?? '##', 'prefix').length;
  const pieces = (word: string): Pieces => {
    const tokens = model.encode([word]);
    const ids = tokens.map(token => model.tokens_to_ids.get(token) ?? model.unk_token_id ?? -1);
    if (ids.includes(-1)) throw damaged(`its vocabulary has no '${model.unk_token}' for unknown words`);
    const starts: number[] = [];
    const ends: number[] = [];
    // A word that cannot be written with the vocabulary is one unknown token as a whole.
    if (tokens.length === 1) return { ids, starts: [0], ends: [word.length] };
    let at = 0;
    for (const token of tokens) {
      starts.push(at);
      at += at === 0 ? token.length : token.length - prefix;
      ends.push(at);
    }
    return { ids, starts, ends };
  };
  return { pieces, cutsBeforeSpaces: false, settledBefore: undefined };
}

function wordLevel(config: JsonObject): WordModel {
  const { vocab } = config;
  if (!isObject(vocab)) throw damaged('its vocabulary is not an object');
  const ids = new Map(Object.entries(vocab));
  const unknown = stringOf(config['unk_token'], 'unknown token');
  const pieces = (word: string): Pieces => {
    const id = ids.get(word) ?? ids.get(unknown);
    if (typeof id !== 'number') throw damaged(`its vocabulary has no '${unknown}' for unknown words`);
    return { ids: [id], starts: [0], ends: [word.length] };
  };
  return { pieces, cutsBeforeSpaces: false, settledBefore: undefined };
}
