import { pathToFileURL } from 'node:url';
import { InframeError, listNames, messageOf, shown } from '../../frame/errors.js';
import type { FunctionCallDescriptor } from './descriptor.js';
import { compileText, hashOfModule } from './source.js';

/** A user's function, ready to be called in this thread. Only workers hold one (Rule 1). */
export type LoadedFunction = (columns: unknown, rows: number) => unknown;

/** Functions of this thread, so that a worker that gets the next task of a job has its function already. */
export class FunctionCache {
  readonly #loaded = new Map<string, Promise<LoadedFunction>>();
  readonly #most: number;
  #failures = 0;

  constructor(most = 64) {
    this.#most = most;
  }

  /** @throws InframeError FUNCTION_CHANGED, FUNCTION_INVALID */
  get(call: FunctionCallDescriptor): Promise<LoadedFunction> {
    const key = JSON.stringify(call.source);
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    const loading = load(call, this.#failures);
    this.#loaded.set(key, loading);
    loading.catch(() => {
      this.#failures += 1;
      this.#loaded.delete(key);
    });
    if (this.#loaded.size > this.#most) {
      const [oldest] = this.#loaded.keys();
      this.#loaded.delete(oldest!);
    }
    return loading;
  }
}

async function load(call: FunctionCallDescriptor, attempt: number): Promise<LoadedFunction> {
  const { source, name } = call;
  // Made of a function's own text.
  if (source.kind === 'text') return compileText(source.text)() as LoadedFunction;
  const label = `function '${name}'`;
  const { path, exportName, sha256 } = source;
  if (hashOfModule(label, path) !== sha256) {
    throw new InframeError(
      'FUNCTION_CHANGED',
      `module '${path}' of ${label} has changed since it was named to udf(); call udf() again`,
      { module: path },
    );
  }
  // A thread keeps what it has imported, and that an import failed; the query makes another text, or try, another module.
  const url = `${pathToFileURL(path).href}?sha256=${sha256}&attempt=${attempt}`;
  const invalid = (problem: string, remedy: string, cause?: unknown): InframeError =>
    new InframeError('FUNCTION_INVALID', `module '${path}' of ${label} ${problem}; ${remedy}`, { module: path }, cause);
  const exports = await import(url).then(
    // What a module exports has no type.
    module => module as Readonly<Record<string, unknown>>,
    (error: unknown) => {
      throw invalid(`cannot be imported: ${messageOf(error)}`, 'see that it can be imported on its own', error);
    },
  );
  const value = exports[exportName];
  if (typeof value === 'function') return value as LoadedFunction;
  const found = value === undefined ? 'has no' : `has ${shown(value)} as its`;
  throw invalid(
    `${found} export '${exportName}'`,
    `export a function under that name; it exports: ${listNames(Object.keys(exports))}`,
  );
}
