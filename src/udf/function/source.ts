import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InframeError, messageOf, shown } from '../../frame/errors.js';
import type { FunctionSource } from './descriptor.js';

/*
 * What is handed to `udf()` as code, made into plain data that can travel. Nothing of it runs here (Rule 1).
 */

/**
 * A text as an expression in strict mode, as in a module. Compiled, and evaluated only by calling what is returned.
 *
 * @throws SyntaxError
 */
export function compileText(text: string): () => unknown {
  // Some compilers wrap inner functions in a helper of this name, which stays behind when only the function travels.
  return new Function(`'use strict'; return (__name => (${text}\n))(value => value);`) as () => unknown;
}

/**
 * A function as its own text.
 *
 * @throws InframeError ARGUMENT_INVALID for what has no text that stands alone: native and bound functions, methods
 */
export function textSource(label: string, value: unknown): FunctionSource {
  const refuse = (what: string, remedy: string): InframeError =>
    new InframeError('ARGUMENT_INVALID', `${label} ${what}; ${remedy}`);
  if (typeof value !== 'function') {
    throw refuse(
      `is given ${shown(value)} for its code`,
      'give a function of (columns, rows), or the path of a module: { module }',
    );
  }
  const text = Function.prototype.toString.call(value);
  if (/\{\s*\[native code\]\s*\}$/.test(text)) {
    throw refuse('is native or bound, so its code cannot be sent to a worker', 'wrap it: x => f(x)');
  }
  if (/^class\b/.test(text)) throw refuse('is a class', 'give a function of (columns, rows)');
  if (/Generator/.test(Object.prototype.toString.call(value))) {
    throw refuse('is a generator', 'return the values of a batch as one array');
  }
  try {
    compileText(text);
  } catch (error) {
    throw refuse(
      `is not one that can be written on its own (${messageOf(error)})`,
      'a method has to be written as an arrow function or with the word function',
    );
  }
  return { kind: 'text', text };
}

/**
 * A module by its path, with the hash of what it holds now.
 *
 * @param module a path (against the current folder) or a `file:` URL
 * @throws InframeError ARGUMENT_INVALID, FUNCTION_INVALID if there is no such file
 */
export function moduleSource(label: string, module: unknown, exportName: unknown): FunctionSource {
  const path = modulePath(module);
  if (path === undefined) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `module ${shown(module instanceof URL ? module.href : module)} of ${label} is not a file; give a path, or a file: URL`,
    );
  }
  const name = exportName ?? 'default';
  if (typeof name !== 'string' || name === '') {
    throw new InframeError('ARGUMENT_INVALID', `export ${shown(exportName)} of ${label} is not a name; give a text`);
  }
  return { kind: 'module', path, exportName: name, sha256: hashOfModule(label, path) };
}

/** @throws InframeError FUNCTION_INVALID if the file cannot be read */
export function hashOfModule(label: string, path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    throw new InframeError(
      'FUNCTION_INVALID',
      `module '${path}' of ${label} cannot be read: ${messageOf(error)}; check the path`,
      { module: path },
      error,
    );
  }
}

function modulePath(module: unknown): string | undefined {
  try {
    if (module instanceof URL) return fileURLToPath(module);
    if (typeof module !== 'string' || module === '') return undefined;
    if (module.startsWith('file:')) return fileURLToPath(module);
    return /^[a-z][a-z+.-]+:/i.test(module) ? undefined : resolve(module);
  } catch {
    return undefined;
  }
}

/** What a function is called where nobody named it: its own name, the export's, or the module's file's. */
export function defaultName(code: unknown, module: unknown, exportName: unknown): string {
  if (typeof code === 'function' && code.name !== '') return code.name;
  if (typeof exportName === 'string' && exportName !== '' && exportName !== 'default') return exportName;
  const path = modulePath(module);
  return path === undefined ? 'udf' : basename(path, extname(path));
}
