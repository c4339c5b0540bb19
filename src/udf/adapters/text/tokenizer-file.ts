import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InframeError, shown } from '../../../frame/errors.js';
import { isObject, type JsonObject } from './json.js';
import type { TruncationStrategy } from './truncation.js';

/** A larger tokenizer.json is refused: the largest published ones have 30 MB. */
export const LARGEST_FILE = 64 * 1024 * 1024;

/** A tokenizer.json that was read, and what it and the tokenizer_config.json beside it say of lengths and padding. */
export interface TokenizerFile {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
  readonly json: JsonObject;
  /** Tokens a row, where the files say it. */
  readonly maxLength: number | undefined;
  readonly truncationSide: 'end' | 'start';
  readonly strategy: TruncationStrategy;
  readonly padId: number;
  readonly padType: number;
  readonly padSide: 'end' | 'start';
}

/**
 * Reads a tokenizer.json and sees that it is one. What its parts are is seen when it is opened.
 *
 * @param path of the file, or of a folder that holds one of that name
 * @throws InframeError SOURCE_NOT_FOUND, SOURCE_UNREADABLE, or MODEL_INVALID and MODEL_UNSUPPORTED if it is no tokenizer
 *   or one of a kind that inframe does not know
 */
export function readTokenizerFile(path: string): TokenizerFile {
  const file = fileAt(resolve(path));
  const bytes = read(file);
  const json = parse(file, bytes.toString('utf8'));
  checkTokenizer(file, json);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path: file, sha256, json, ...settingsOf(json, configBeside(file)) };
}

function fileAt(path: string): string {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) {
    throw new InframeError('SOURCE_NOT_FOUND', `tokenizer '${path}' is not there; give the path of a tokenizer.json`);
  }
  if (!entry.isDirectory()) return path;
  const inside = join(path, 'tokenizer.json');
  if (statSync(inside, { throwIfNoEntry: false })?.isFile()) return inside;
  throw new InframeError('SOURCE_NOT_FOUND', `folder '${path}' holds no tokenizer.json; give the path of the file`);
}

function read(path: string): Buffer {
  const size = statSync(path).size;
  if (size > LARGEST_FILE) {
    throw new InframeError(
      'MODEL_INVALID',
      `file '${path}' has ${size} bytes; a tokenizer has ${LARGEST_FILE} at most`,
    );
  }
  try {
    return readFileSync(path);
  } catch (error) {
    throw new InframeError('SOURCE_UNREADABLE', `tokenizer '${path}' cannot be read`, {}, error);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notATokenizer(path, 'it is not JSON');
  }
}

const MODEL_TYPES = ['WordPiece', 'BPE', 'Unigram', 'WordLevel'];

function checkTokenizer(path: string, json: unknown): asserts json is JsonObject {
  if (!isObject(json)) throw notATokenizer(path, `it holds ${shown(json)}, not an object`);
  const { model } = json;
  if (model === undefined) throw notATokenizer(path, "it has no 'model'");
  if (!isObject(model)) throw notATokenizer(path, `its 'model' is ${shown(model)}, not an object`);
  const type = model['type'];
  if (type !== undefined && !MODEL_TYPES.some(each => each === type)) {
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `tokenizer '${path}' has a model of type ${shown(type)}; inframe knows: ${MODEL_TYPES.join(', ')}`,
    );
  }
  const { vocab } = model;
  if (!Array.isArray(vocab) && !isObject(vocab)) throw notATokenizer(path, "its 'model' has no 'vocab'");
  if (type === 'Unigram' ? !Array.isArray(vocab) : type !== undefined && Array.isArray(vocab)) {
    throw notATokenizer(path, `the vocabulary of its ${type} model is ${shown(vocab)}`);
  }
  if (Array.isArray(vocab)) {
    const wrong = vocab.find(
      each => !Array.isArray(each) || typeof each[0] !== 'string' || typeof each[1] !== 'number',
    );
    if (vocab.length === 0 || wrong !== undefined) {
      throw notATokenizer(path, `its vocabulary holds ${shown(wrong)}, not pairs of a piece and its score`);
    }
  } else {
    const wrong = Object.entries(vocab).find(([, id]) => !Number.isInteger(id) || (id as number) < 0);
    if (wrong !== undefined)
      throw notATokenizer(path, `its vocabulary gives ${shown(wrong[0])} the id ${shown(wrong[1])}`);
  }
  if (type === 'BPE' && !Array.isArray(model['merges'])) throw notATokenizer(path, "its BPE model has no 'merges'");
}

function notATokenizer(path: string, why: string): InframeError {
  return new InframeError(
    'MODEL_INVALID',
    `file '${path}' is not a tokenizer: ${why}; give the tokenizer.json that Hugging Face's tokenizers library saves`,
    { path },
  );
}

/** The tokenizer_config.json in the same folder; nothing where there is none, or where it is of no use. */
function configBeside(path: string): JsonObject {
  const beside = join(dirname(path), 'tokenizer_config.json');
  if ((statSync(beside, { throwIfNoEntry: false })?.size ?? LARGEST_FILE) >= LARGEST_FILE) return {};
  try {
    const config: unknown = JSON.parse(readFileSync(beside, 'utf8'));
    return isObject(config) ? config : {};
  } catch {
    return {};
  }
}

/** Tokenizers without a limit state a number of thirty digits. */
const NO_LIMIT = 1_000_000;

const STRATEGIES: Readonly<Record<string, TruncationStrategy>> = {
  LongestFirst: 'longest_first',
  OnlyFirst: 'only_first',
  OnlySecond: 'only_second',
};

type Settings = Omit<TokenizerFile, 'path' | 'sha256' | 'json'>;

function settingsOf(json: JsonObject, config: JsonObject): Settings {
  const truncation = isObject(json['truncation']) ? json['truncation'] : {};
  const padding = isObject(json['padding']) ? json['padding'] : {};
  const strategy = truncation['strategy'];
  return {
    maxLength: lengthOf(truncation['max_length']) ?? lengthOf(config['model_max_length']),
    truncationSide: sideOf(truncation['direction'] ?? config['truncation_side']),
    strategy: (typeof strategy === 'string' ? STRATEGIES[strategy] : undefined) ?? 'longest_first',
    padId: idOf(padding['pad_id']) ?? tokenId(json, contentOf(config['pad_token'])) ?? commonPad(json) ?? 0,
    padType: idOf(padding['pad_type_id']) ?? 0,
    padSide: sideOf(padding['direction'] ?? config['padding_side']),
  };
}

function lengthOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 1 && value <= NO_LIMIT ? Math.floor(value) : undefined;
}

function sideOf(value: unknown): 'end' | 'start' {
  return typeof value === 'string' && value.toLowerCase() === 'left' ? 'start' : 'end';
}

function idOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

function contentOf(token: unknown): string | undefined {
  const content = isObject(token) ? token['content'] : token;
  return typeof content === 'string' ? content : undefined;
}

function commonPad(json: JsonObject): number | undefined {
  return tokenId(json, '[PAD]') ?? tokenId(json, '<pad>');
}

function tokenId(json: JsonObject, content: string | undefined): number | undefined {
  if (content === undefined) return undefined;
  const added = json['added_tokens'];
  if (Array.isArray(added)) {
    const found: unknown = added.find(each => isObject(each) && each['content'] === content);
    if (isObject(found)) return idOf(found['id']);
  }
  const model = json['model'] as JsonObject;
  const { vocab } = model;
  if (Array.isArray(vocab)) {
    const index = vocab.findIndex(each => Array.isArray(each) && each[0] === content);
    return index < 0 ? undefined : index;
  }
  return isObject(vocab) && Object.hasOwn(vocab, content) ? idOf(vocab[content]) : undefined;
}
