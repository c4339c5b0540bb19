import { connect, type InframeSession } from '../index.js';
import type { Pairs } from './flags.js';
import type { ResultFormat } from './print-rows.js';
import type { Progress } from './progress.js';
import type { Sink } from './sink.js';
import { readTables } from './source.js';
import type { StatementOptions } from './statements.js';

/** The flags of `inframe sql`. */
export interface SqlFlags {
  readonly file?: string;
  readonly model?: Pairs;
  readonly table?: Pairs;
  readonly param?: Pairs;
  readonly rows?: number;
  readonly workers?: number;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly quiet?: boolean;
}

/** A session with the models and tables that the flags name. */
export async function openSqlSession(flags: SqlFlags, progress: Progress): Promise<InframeSession> {
  const session = await connect(flags.workers === undefined ? {} : { workers: flags.workers });
  try {
    for (const [name, path] of flags.model ?? []) {
      progress.begin(`loading ${name}`);
      session.register(name, await session.model(path, { name }));
    }
    for (const [name, path] of flags.table ?? []) {
      progress.begin(`looking at ${name}`);
      await (await readTables(session, [path], undefined)).createView(name);
    }
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** What the flags say of results. */
export function statementOptions(flags: SqlFlags, results: Sink, say: (sentence: string) => void): StatementOptions {
  const format: ResultFormat = flags.json ? 'json' : flags.csv ? 'csv' : 'table';
  return { format, rows: flags.rows, params: flags.param ?? new Map(), results, say };
}
