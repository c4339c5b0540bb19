import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What the compiler says of a program. */
export interface Compiled {
  /** `line` counts from 1; `text` is the whole message, with the lines that explain it. */
  readonly errors: readonly { readonly line: number; readonly text: string }[];
  /** How many types were made of generic ones: the compiler's work, whatever the machine. */
  readonly instantiations: number;
}

const ROOT = resolve('.');

/**
 * Compiles a program that uses the library: `import ... from 'inframe'` are the declarations that were built with the tests,
 * and `'src/...'` and `'test/...'` those of single files. Nothing is run.
 */
export function compile(program: string): Compiled {
  const folder = mkdtempSync(join(tmpdir(), 'inframe-types-'));
  try {
    writeFileSync(join(folder, 'program.ts'), program);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(CONFIGURATION));
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const args = [tsc, '--project', folder, '--extendedDiagnostics', '--pretty', 'false'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    const instantiations = /^Instantiations:\s+(\d+)/m.exec(stdout)?.[1];
    if (instantiations === undefined) throw new Error(`the compiler did not run: ${stdout}${stderr}`);
    return { errors: errorsIn(stdout), instantiations: Number(instantiations) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const CONFIGURATION = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023'],
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules', '@types')],
    paths: {
      inframe: [join(ROOT, 'build', 'src', 'index.d.ts')],
      'src/*': [join(ROOT, 'build', 'src', '*.d.ts')],
      'test/*': [join(ROOT, 'build', 'test', '*.d.ts')],
    },
  },
  files: ['program.ts'],
};

/** An error of another file has the line 0: there should be none. */
function errorsIn(output: string): Compiled['errors'] {
  const errors: { line: number; text: string }[] = [];
  for (const line of output.split('\n')) {
    const found = /^(\S.*?)\((\d+),\d+\): (error .*)$/.exec(line);
    if (found !== null) {
      errors.push({ line: found[1] === 'program.ts' ? Number(found[2]) : 0, text: found[3]! });
    } else if (/^error /.test(line)) {
      errors.push({ line: 0, text: line });
    } else if (/^ {2,}\S/.test(line) && errors.length > 0) {
      errors.at(-1)!.text += `\n${line}`;
    }
  }
  return errors;
}

/** A value as TypeScript writes it, so that the compiler can be asked whether it is of a type. */
export function valueLiteral(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'bigint') return value < 0n ? `(${value}n)` : `${value}n`;
  if (typeof value === 'number') return Number.isFinite(value) ? `(${value})` : `Number('${value}')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Uint8Array) return `Uint8Array.from([${[...value].join(', ')}])`;
  if (Array.isArray(value)) return `[${value.map(valueLiteral).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, member]) => `${JSON.stringify(name)}: ${valueLiteral(member)}`)
      .join(', ')} }`;
  }
  return JSON.stringify(value);
}
