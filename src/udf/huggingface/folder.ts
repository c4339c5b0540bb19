import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InframeError, messageOf } from '../../frame/errors.js';
import { invalid, isObject, type JsonObject, readJson, readJsonObject, Settings } from './json.js';
import { chooseModelFile } from './model-file.js';

/** A folder as Hugging Face lays models out, read: small files whole, of the others where they are. */
export interface FolderModel {
  /** Absolute. */
  readonly folder: string;
  /** What it is called in messages. */
  readonly name: string;
  /** The network; absolute. */
  readonly file: string;
  readonly config: Settings;
  /** Of pictures or sound; undefined where there is none. */
  readonly preprocessor: Settings | undefined;
  readonly tokenizer: Tokenizer | undefined;
  /** What sentence-transformers does with the network's vectors; undefined where the model is not one of its. */
  readonly sentence: SentenceModules | undefined;
}

/** A `tokenizer.json`, and what stands about it in other files. */
export interface Tokenizer {
  /** Absolute. */
  readonly path: string;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
  readonly config: Settings;
  readonly specialTokens: Settings;
}

/** The steps of a sentence-transformers model, as `modules.json` lists them. */
export interface SentenceModules {
  readonly pooling: Settings | undefined;
  /** True if vectors are brought to length 1. */
  readonly normalize: boolean;
  /** Kinds of steps that are none of the above. */
  readonly others: readonly string[];
  /** `sentence_bert_config.json` */
  readonly text: Settings;
  /** `config_sentence_transformers.json` */
  readonly prompts: Settings;
}

export interface FolderOptions {
  /** Which of several networks, such as `'quantized'`. */
  readonly variant?: string | undefined;
  /** What it is called in messages; the folder's name where nothing is said. */
  readonly name?: string | undefined;
}

/** The files that configure a model, beside the network itself; those of steps are `1_Pooling/config.json` and the like. */
export const CONFIGURATION_FILES: readonly string[] = Object.freeze([
  'config.json',
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'modules.json',
  'sentence_bert_config.json',
  'config_sentence_transformers.json',
]);

const MOST_TOKENIZER_BYTES = 256 * 1024 * 1024;
const MOST_MODULES = 32;

/**
 * Reads a folder that holds a published model: a network in ONNX, and beside it how it wants to be fed and what it answers.
 *
 * @throws InframeError MODEL_NOT_FOUND where there is no such folder or no network in it; MODEL_INVALID for files that are not
 *   what they are called, or that lead out of the folder
 * @example
 * const folder = await readModelFolder('models/all-MiniLM-L6-v2', { variant: 'quantized' });
 */
export async function readModelFolder(path: string, options: FolderOptions = {}): Promise<FolderModel> {
  const folder = resolve(path);
  const name = options.name ?? nameOf(folder);
  const { variant } = options;
  if (
    variant !== undefined &&
    (typeof variant !== 'string' || !/^[\w.-]{1,100}$/.test(variant) || variant.includes('..'))
  ) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `variant ${JSON.stringify(variant)} of model '${name}' is not possible; give what stands behind model_ in the file's name, such as 'quantized'`,
    );
  }
  const file = join(folder, chooseModelFile(await networksIn(folder, path), variant, name));
  const whatOf = (part: string): string => `file '${part}' of model '${name}'`;
  const settings = async (part: string): Promise<Settings | undefined> => {
    const members = await readJsonObject(join(folder, part), whatOf(part));
    return members === undefined ? undefined : new Settings(whatOf(part), members);
  };
  const none = (part: string): Settings => new Settings(whatOf(part), undefined);
  return Object.freeze({
    folder,
    name,
    file,
    config: (await settings('config.json')) ?? none('config.json'),
    preprocessor: await settings('preprocessor_config.json'),
    tokenizer: await tokenizerIn(folder, whatOf, settings),
    sentence: await sentenceModules(folder, whatOf, settings),
  });
}

type ReadSettings = (part: string) => Promise<Settings | undefined>;

/** `models--org--name/snapshots/<commit>` of Hugging Face's own cache is `name`. */
function nameOf(folder: string): string {
  if (basename(dirname(folder)) !== 'snapshots') return basename(folder);
  return basename(dirname(dirname(folder)))
    .split('--')
    .at(-1)!;
}

async function networksIn(folder: string, path: string): Promise<readonly string[]> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw new InframeError(
      'MODEL_NOT_FOUND',
      `model folder '${path}' cannot be read: ${messageOf(error)}; check the path`,
    );
  }
  const within = await readdir(join(folder, 'onnx')).catch(() => []);
  return [...names, ...within.map(name => `onnx/${name}`)];
}

async function tokenizerIn(
  folder: string,
  whatOf: (part: string) => string,
  settings: ReadSettings,
): Promise<Tokenizer | undefined> {
  const path = join(folder, 'tokenizer.json');
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  const what = whatOf('tokenizer.json');
  if (!found.isFile()) throw invalid(`${what} is not a file; put the model's own there, or take it away`);
  if (found.size > MOST_TOKENIZER_BYTES) {
    throw invalid(`${what} has ${found.size} bytes; a tokenizer has at most ${MOST_TOKENIZER_BYTES}`);
  }
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  } catch (error) {
    throw invalid(`${what} cannot be read: ${messageOf(error)}; check that it is readable`);
  }
  return {
    path,
    sha256: hash.digest('hex'),
    config: (await settings('tokenizer_config.json')) ?? new Settings(whatOf('tokenizer_config.json'), undefined),
    specialTokens:
      (await settings('special_tokens_map.json')) ?? new Settings(whatOf('special_tokens_map.json'), undefined),
  };
}

async function sentenceModules(
  folder: string,
  whatOf: (part: string) => string,
  settings: ReadSettings,
): Promise<SentenceModules | undefined> {
  const what = whatOf('modules.json');
  const modules = await readJson(join(folder, 'modules.json'), what);
  if (modules !== undefined && !(Array.isArray(modules) && modules.length <= MOST_MODULES && modules.every(isObject))) {
    throw invalid(`${what} is not a list of modules; download it again`);
  }
  const listed = ((modules ?? []) as readonly JsonObject[]).map(members => new Settings(what, members));
  const kinds = listed.map(module => kindOf(module));
  const at = kinds.indexOf('Pooling');
  const place = at < 0 ? '1_Pooling' : plainFolder(listed[at]!);
  const pooling = await settings(`${place}/config.json`);
  if (modules === undefined && pooling === undefined) return undefined;
  return {
    pooling,
    normalize: kinds.includes('Normalize'),
    others: kinds.filter(kind => !['Transformer', 'Pooling', 'Normalize'].includes(kind)),
    text: (await settings('sentence_bert_config.json')) ?? new Settings(whatOf('sentence_bert_config.json'), undefined),
    prompts:
      (await settings('config_sentence_transformers.json')) ??
      new Settings(whatOf('config_sentence_transformers.json'), undefined),
  };
}

/** `sentence_transformers.models.Pooling` is `Pooling`. */
function kindOf(module: Settings): string {
  return (module.text('type') ?? 'module without a type').split('.').at(-1)!;
}

/** The folder a module says it is in: one name, so that nothing outside is read. */
function plainFolder(module: Settings): string {
  const path = module.text('path') ?? '';
  if (/^[\w-][\w.-]{0,99}$/.test(path)) return path;
  throw module.refused('path', "a folder beside it, such as '1_Pooling'");
}
