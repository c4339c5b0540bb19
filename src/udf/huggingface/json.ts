import { readFile, stat } from 'node:fs/promises';
import { InframeError, shown } from '../../frame/errors.js';

/*
 * Configuration files are written by strangers: a file is looked at by its size first, a member only where it is the object's
 * own, and nothing of a file that cannot be read is quoted.
 */

/** An object of a configuration file. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Far more than labels of a hundred thousand classes need. */
export const MOST_CONFIG_BYTES = 16 * 1024 * 1024;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a JSON file holds; undefined where there is none.
 *
 * @param path absolute
 * @param what the file in messages: `file 'config.json' of model 'vit'`
 * @throws InframeError MODEL_INVALID where it is too large, is no file or is no JSON
 */
export async function readJson(path: string, what: string): Promise<unknown> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) {
    if (found.code === 'ENOENT' || found.code === 'ENOTDIR') return undefined;
    throw invalid(`${what} cannot be read: ${found.code ?? 'unknown reason'}; check that it is readable`);
  }
  if (!found.isFile()) throw invalid(`${what} is not a file; put the model's own there, or take it away`);
  if (found.size > MOST_CONFIG_BYTES) {
    throw invalid(`${what} has ${found.size} bytes; a configuration has at most ${MOST_CONFIG_BYTES}`);
  }
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw invalid(`${what} cannot be read: ${error.code ?? 'unknown reason'}; check that it is readable`);
  });
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    const lfs = text.startsWith('version https://git-lfs');
    throw invalid(
      `${what} is not JSON; ${lfs ? 'it stands for a file of Git LFS: fetch that with git lfs pull' : 'download it again'}`,
    );
  }
}

/** As {@link readJson}, of a file that holds an object. */
export async function readJsonObject(path: string, what: string): Promise<JsonObject | undefined> {
  const value = await readJson(path, what);
  if (value === undefined || isObject(value)) return value;
  throw invalid(`${what} holds ${shown(value)} and not an object; download it again`);
}

export function invalid(message: string): InframeError {
  return new InframeError('MODEL_INVALID', message);
}

/**
 * Makes an adapter of what a file says: where that is not possible the file is at fault, and not the caller.
 *
 * @param what names the part of the file, for messages
 */
export function madeFrom<T>(what: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof InframeError && error.code === 'ARGUMENT_INVALID') throw invalid(`${what}: ${error.message}`);
    throw error;
  }
}

/** Members of one file, each of the type that is asked for or an error that names it. Null is what is not said. */
export class Settings {
  /** `file 'config.json' of model 'vit'` */
  readonly what: string;
  readonly #members: JsonObject;

  constructor(what: string, members: JsonObject | undefined) {
    this.what = what;
    this.#members = members ?? {};
  }

  get names(): readonly string[] {
    return Object.keys(this.#members);
  }

  get(name: string): unknown {
    return Object.hasOwn(this.#members, name) ? (this.#members[name] ?? undefined) : undefined;
  }

  text(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || (typeof value === 'string' && value.length <= 1000)) return value;
    throw this.refused(name, 'a text');
  }

  flag(name: string): boolean | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.refused(name, 'true or false');
  }

  number(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
    throw this.refused(name, 'a number');
  }

  /** A whole number from `least`, of at most nine digits. */
  whole(name: string, least = 0): number | undefined {
    const value = this.number(name);
    if (value === undefined || (Number.isInteger(value) && value >= least && value < 1e9)) return value;
    throw this.refused(name, `a whole number from ${least}`);
  }

  /** A number, or a few of them. */
  numbers(name: string): number | readonly number[] | undefined {
    const value = this.get(name);
    if (!Array.isArray(value)) return this.number(name);
    if (value.length <= 16 && value.every(each => Number.isFinite(each))) return value as readonly number[];
    throw this.refused(name, 'a list of numbers');
  }

  /** An object within, whose name joins the path: `size.height`. */
  object(name: string): Settings | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (isObject(value)) return new Settings(`${name} in ${this.what}`, value);
    throw this.refused(name, 'an object');
  }

  refused(name: string, expected: string): InframeError {
    return invalid(
      `setting '${name}' in ${this.what} is ${shown(this.get(name))} and not ${expected}; download it again, or correct it`,
    );
  }

  /** A setting that is understood and cannot be followed. */
  unsupported(name: string, why: string, remedy: string): InframeError {
    return new InframeError(
      'MODEL_UNSUPPORTED',
      `setting '${name}' in ${this.what} is ${shown(this.get(name))}, ${why}; ${remedy}`,
      { setting: name },
    );
  }
}
