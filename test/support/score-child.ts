/*
 * A job in a process of its own, for tests that kill it: `node score-child.js '{"source": ..., "model": ..., "target": ...}'`.
 * Prints every event as a line of JSON, and the report or the error at the end.
 */

import { writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { col, connect, InframeError } from '../../src/index.js';

/** What the child is to do. */
export interface ChildJob {
  readonly source: string;
  readonly model: string;
  /** Its parent, which exists, is also where temporary files go: a killed process leaves them. */
  readonly target: string;
  readonly workers?: number;
  readonly mode?: 'error' | 'overwrite';
}

export type ChildLine =
  | { readonly event: string }
  | { readonly report: { readonly rows: number; readonly scoredRows: number; readonly reusedTasks: number } }
  | { readonly error: { readonly code: string; readonly message: string } };

/** Past the stream's buffer: what has been said is heard even if the process is killed right after. */
function say(line: ChildLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

async function main(job: ChildJob): Promise<void> {
  const session = await connect({ workers: job.workers ?? 2, threads: 1, tempDirectory: dirname(job.target) });
  try {
    const model = await session.model(job.model);
    const report = await session.read
      .parquet(job.source)
      .withColumn('p', model(col('x'), col('z')))
      .write.parquet(job.target, {
        mode: job.mode ?? 'error',
        onEvent: event => {
          if (event.kind !== 'progress' && event.kind !== 'jobFinished') say({ event: event.kind });
        },
      });
    const { rows, scoredRows, reusedTasks } = report;
    say({ report: { rows, scoredRows, reusedTasks } });
  } catch (error) {
    if (!(error instanceof InframeError)) throw error;
    say({ error: { code: error.code, message: error.message } });
  } finally {
    await session.close();
  }
}

const words = process.argv[2];
if (words !== undefined) await main(JSON.parse(words) as ChildJob);
