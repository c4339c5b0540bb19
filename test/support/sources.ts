import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** One import, export-from or `new URL(..., import.meta.url)` of a source file. */
export interface Import {
  /** `static` is loaded with the file, `dynamic` when it is asked for, `type` never, `url` in another thread. */
  readonly kind: 'static' | 'dynamic' | 'type' | 'url';
  /** A path below src/ such as `frame/expr.ts`, or a package's name such as `node:fs`. */
  readonly target: string;
  readonly inside: boolean;
}

/** The source files of the package: what they say, and what they import. Tests run from the root of the clone. */
export interface Source {
  /** Below src/, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const ROOT = resolve('src');

export function readSources(): readonly Source[] {
  return readdirSync(ROOT, { recursive: true })
    .map(String)
    .filter(name => name.endsWith('.ts'))
    .sort()
    .map(name => {
      const text = readFileSync(join(ROOT, name), 'utf8');
      return { path: name.replaceAll('\\', '/'), text, imports: importsOf(join(ROOT, name), text) };
    });
}

const STATEMENT = /^(?:import|export)\s+(type\s+)?([^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
const WORKER = /new URL\(\s*['"]([^'"]+)['"]\s*,\s*import\.meta\.url/g;

function importsOf(file: string, text: string): readonly Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
  const found: Import[] = [];
  const add = (kind: Import['kind'], specifier: string): void => {
    const inside = specifier.startsWith('.');
    const path = relative(ROOT, resolve(dirname(file), specifier))
      .replaceAll('\\', '/')
      .replace(/\.js$/, '.ts');
    found.push({ kind, target: inside ? path : packageOf(specifier), inside });
  };
  for (const [, type, names = '', specifier] of code.matchAll(STATEMENT)) {
    // `import { type A, type B } from` loads nothing either (verbatimModuleSyntax keeps the empty import, though).
    add(type === undefined || names === '' ? 'static' : 'type', specifier!);
  }
  for (const [, specifier] of code.matchAll(DYNAMIC)) add('dynamic', specifier!);
  for (const [, specifier] of code.matchAll(WORKER)) add('url', specifier!);
  return found;
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
