import { inStatement } from '../frame/sql/script.js';
import type { ScriptStatement } from '../frame/sql/statement.js';
import type { InframeSession, LiteralValue, RunOptions } from '../index.js';
import { wrongUse } from './failure.js';
import type { Pairs } from './flags.js';
import { type Printed, printRows, type ResultFormat, TABLE_ROWS } from './print-rows.js';
import type { Progress } from './progress.js';
import type { Sink } from './sink.js';

/** How statements are run, and where their results go. */
export interface StatementOptions {
  readonly format: ResultFormat;
  /** The most rows of a result; where nothing is said a table's first, and all of the other formats. */
  readonly rows: number | undefined;
  readonly params: Pairs;
  readonly results: Sink;
  /** Says what a command has done that has no rows to give. */
  readonly say: (sentence: string) => void;
}

/**
 * Runs a statement and writes its rows.
 *
 * @returns undefined for a command that has none
 */
export async function runStatement(
  session: InframeSession,
  { statement, text, parameters }: ScriptStatement,
  options: StatementOptions,
  run: RunOptions,
): Promise<Printed | undefined> {
  const { format, results } = options;
  const frame = session.sql(text, valuesFor(parameters, options.params), run);
  if (format === 'table' && statement.kind === 'explain') {
    const lines = await frame.collect(run);
    await results.write(`${lines.map(line => String(line['plan'])).join('\n')}\n`);
    return undefined;
  }
  const isQuery = statement.kind === 'query';
  if (!isQuery && format !== 'json' && /^(?:create|drop)/.test(statement.kind)) {
    const [row] = await frame.collect(run);
    options.say(String(row!['status']));
    return undefined;
  }
  const most = options.rows ?? (isQuery && format === 'table' ? TABLE_ROWS : undefined);
  return printRows(frame, format, isQuery ? most : undefined, results, run);
}

/** Seconds after which a statement that has nothing to tell yet says that it runs. */
const QUIET_SECONDS = 0.5;

/** Does something that tells of its progress; a bar comes only where it takes a while. */
export async function withProgress<T>(progress: Progress, act: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => {
    if (progress.watch.stages === 0) progress.begin('running');
  }, QUIET_SECONDS * 1000);
  try {
    return await act();
  } finally {
    clearTimeout(timer);
  }
}

/** Runs the statements of a script in order; an error says which of several it was. */
export async function runStatements(
  session: InframeSession,
  statements: readonly ScriptStatement[],
  options: StatementOptions,
  run: RunOptions,
): Promise<void> {
  checkParams(statements, options.params);
  for (const [index, statement] of statements.entries()) {
    if (options.results.gone) return;
    run.signal?.throwIfAborted();
    try {
      await runStatement(session, statement, options, run);
    } catch (error) {
      throw statements.length === 1 ? error : inStatement(error, index + 1, statement.line);
    }
  }
}

/** @throws InframeError for a value that no statement has a place for */
function checkParams(statements: readonly ScriptStatement[], params: Pairs): void {
  const named = new Set(statements.flatMap(({ parameters }) => positionsAsNames(parameters)));
  const unused = [...params.keys()].find(name => !named.has(name));
  if (unused === undefined) return;
  const known = [...named].map(name => `$${name}`).join(', ') || '(none)';
  throw wrongUse(`--param ${unused}=... has no place in the text; its parameters are: ${known}`);
}

/** Each `?` by its place. */
function positionsAsNames(parameters: readonly string[]): readonly string[] {
  let place = 0;
  return parameters.map(name => (name === '' ? String(++place) : name));
}

/** The values that a statement asks for: by name, or a list where it counts them. */
function valuesFor(
  parameters: readonly string[],
  params: Pairs,
): readonly LiteralValue[] | Readonly<Record<string, LiteralValue>> {
  const names = [...new Set(positionsAsNames(parameters))];
  const missing = names.find(name => !params.has(name));
  if (missing !== undefined)
    throw wrongUse(`parameter $${missing} has no value; give it one: --param ${missing}=VALUE`);
  const value = (name: string): LiteralValue => literal(params.get(name)!);
  if (!names.every(name => /^\d+$/.test(name))) return Object.fromEntries(names.map(name => [name, value(name)]));
  const count = Math.max(0, ...names.map(Number));
  return Array.from({ length: count }, (_, index) => {
    const name = String(index + 1);
    return params.has(name) ? value(name) : null;
  });
}

/** `5`, `-1.5e3`, `true` and `null` are what they look like, and a text in single quotes is that text; all else is text. */
export function literal(text: string): LiteralValue {
  if (/^[+-]?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (/^null$/i.test(text)) return null;
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return /^'.*'$/s.test(text) && text.length > 1 ? text.slice(1, -1).replaceAll("''", "'") : text;
}
