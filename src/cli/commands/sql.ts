import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { messageOf } from '../../frame/errors.js';
import { parseScript, type ScriptStatement } from '../../frame/sql/statement.js';
import { InframeError } from '../../index.js';
import { ExitCode, isAborted, wrongUse } from '../failure.js';
import { Interrupt } from '../interrupt.js';
import { say } from '../io.js';
import { Progress } from '../progress.js';
import { runShell } from '../shell.js';
import { Sink } from '../sink.js';
import { openSqlSession, type SqlFlags, statementOptions } from '../sql-session.js';
import { runStatements, withProgress } from '../statements.js';

/** `inframe sql`: statements from the command line, a file or a pipe; from a person at a terminal where there are none. */
export async function sql(text: string | undefined, flags: SqlFlags): Promise<number> {
  if (text !== undefined && flags.file !== undefined) {
    throw wrongUse('statement and --file are both given; leave one of them out');
  }
  if (flags.json && flags.csv) throw wrongUse('--json and --csv are both given; leave one of them out');
  if (text === undefined && flags.file === undefined && process.stdin.isTTY) return runShell(flags);
  const statements = parseScript(text ?? (await scriptOf(flags.file)));
  if (statements.length === 0) throw wrongUse("statement is missing; write inframe sql 'SELECT ...'");
  return runAll(statements, flags);
}

async function scriptOf(file: string | undefined): Promise<string> {
  if (file === undefined) return readAll(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing ? 'does not exist' : `cannot be read: ${messageOf(error)}`;
    throw new InframeError('SOURCE_NOT_FOUND', `script '${file}' ${why}; check the path`, { path: file });
  }
}

async function runAll(statements: readonly ScriptStatement[], flags: SqlFlags): Promise<number> {
  const progress = new Progress({ stream: process.stderr, quiet: flags.quiet === true });
  const interrupt = new Interrupt(
    () => {
      progress.stop();
      say('stopping (once more to quit at once)');
    },
    () => progress.stop(),
  );
  try {
    const session = await openSqlSession(flags, progress);
    try {
      // The bar goes before anything else is written, so that they do not mix on a terminal.
      const results = new Sink(process.stdout, () => progress.pause());
      const speak = (sentence: string): void => {
        progress.pause();
        if (!flags.quiet) say(sentence);
      };
      const run = { signal: interrupt.signal, onEvent: progress.onEvent };
      const options = statementOptions(flags, results, speak);
      progress.pause();
      await withProgress(progress, () => runStatements(session, statements, options, run));
    } finally {
      progress.stop();
      await session.close();
    }
    return ExitCode.ok;
  } catch (error) {
    progress.stop();
    if (interrupt.exitCode === undefined || !isAborted(error)) throw error;
    say('stopped');
    return interrupt.exitCode;
  } finally {
    interrupt.release();
  }
}
