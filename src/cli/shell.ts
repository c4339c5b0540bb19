import { ExitCode } from './failure.js';
import { History, historyPath } from './history.js';
import { Interrupt } from './interrupt.js';
import { Progress } from './progress.js';
import { Repl } from './repl.js';
import { Sink } from './sink.js';
import { openSqlSession, type SqlFlags, statementOptions } from './sql-session.js';
import { runStatement, withProgress } from './statements.js';

/** `inframe sql` at a terminal: a session in which a person gives one statement after the other. */
export async function runShell(flags: SqlFlags): Promise<number> {
  let repl: Repl | undefined;
  let progress = new Progress({ stream: process.stderr, quiet: flags.quiet === true });
  // Ctrl-C is a key here; what comes as a signal comes from outside and ends the shell.
  const interrupt = new Interrupt(undefined, () => {
    progress.stop();
    repl?.close();
  });
  try {
    const session = await openSqlSession(flags, progress);
    progress.stop();
    try {
      const results = new Sink(process.stdout, () => progress.pause());
      const options = statementOptions(flags, results, sentence => {
        progress.pause();
        process.stdout.write(`${sentence}\n`);
      });
      process.stdout.write('Statements end with ;  .help says more, .exit leaves.\n');
      repl = new Repl({
        input: process.stdin,
        output: process.stdout,
        terminal: process.stdout.isTTY === true,
        history: History.open(historyPath()),
        names: () => session.catalog,
        run: async (statement, signal) => {
          progress = new Progress({ stream: process.stderr, quiet: flags.quiet === true });
          try {
            const run = { signal, onEvent: progress.onEvent };
            return await withProgress(progress, () => runStatement(session, statement, options, run));
          } finally {
            progress.stop();
          }
        },
        quit: () => process.kill(process.pid, 'SIGINT'),
      });
      await repl.run();
      return ExitCode.ok;
    } finally {
      await session.close();
    }
  } finally {
    progress.stop();
    interrupt.release();
  }
}
