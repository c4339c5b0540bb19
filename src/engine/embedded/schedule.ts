import { InframeError, messageOf } from '../../frame/errors.js';
import { ProgressSlot, type ScoreRequest, type ScoreResult } from './messages.js';
import type { WorkerPool } from './pool.js';

/** How often a task is tried when its worker dies. Errors of the data or the model are not tried again: they would recur. */
const ATTEMPTS = 3;

/** How often running tasks are asked how far they are. */
const PROGRESS_MILLISECONDS = 100;

/** How long a function that was asked to stop may go on with the batch it has. */
const FUNCTION_MILLISECONDS = 1000;

/** One task as the scheduler sees it. */
export interface ScheduledTask {
  readonly index: number;
  /** A request for one attempt; each attempt writes to a place of its own. */
  readonly request: (attempt: number, progress: SharedArrayBuffer) => ScoreRequest;
  /** Called with the result, on the main thread; several may be under way at once. */
  readonly done: (result: ScoreResult, request: ScoreRequest) => Promise<void>;
}

export interface ScheduleHooks {
  readonly signal: AbortSignal | undefined;
  /** Rows of running tasks that are scored, and of those the failed ones. */
  readonly onProgress: (rows: number, failedRows: number) => void;
  readonly onRetry: (task: number, attempt: number, reason: string) => void;
}

/**
 * Runs tasks on the pool, in order of their index, at most `lanes` at a time and never more than the pool has threads. The first error stops the rest:
 * running tasks are asked to stop and waited for, so that no thread is torn out of a native call. A thread that is in a user's
 * function, and stays in it, is ended: such a function may never come back.
 *
 * @throws InframeError the first task's error, or JOB_ABORTED
 */
export async function runTasks(
  tasks: readonly ScheduledTask[],
  pool: WorkerPool,
  lanes: number,
  hooks: ScheduleHooks,
): Promise<void> {
  const running = new Map<Int32Array, AbortController>();
  let stopped = Number.POSITIVE_INFINITY;
  let failure: InframeError | undefined;
  let next = 0;
  const finishing: Promise<void>[] = [];
  const stop = (error: InframeError): void => {
    if (failure === undefined) stopped = performance.now();
    failure ??= error;
    for (const progress of running.keys()) Atomics.store(progress, ProgressSlot.cancelled, 1);
  };
  const abort = (): void => stop(aborted());
  if (hooks.signal?.aborted) throw aborted();
  hooks.signal?.addEventListener('abort', abort, { once: true });
  const timer = setInterval(() => {
    let rows = 0;
    let failed = 0;
    const late = performance.now() - stopped > FUNCTION_MILLISECONDS;
    for (const [progress, kill] of running) {
      rows += Atomics.load(progress, ProgressSlot.rows);
      failed += Atomics.load(progress, ProgressSlot.failedRows);
      if (late && Atomics.load(progress, ProgressSlot.inFunction) > 0) kill.abort();
    }
    hooks.onProgress(rows, failed);
  }, PROGRESS_MILLISECONDS);

  const runOne = async (task: ScheduledTask): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      const shared = new SharedArrayBuffer(ProgressSlot.length * Int32Array.BYTES_PER_ELEMENT);
      const progress = new Int32Array(shared);
      const kill = new AbortController();
      running.set(progress, kill);
      const request = task.request(attempt, shared);
      try {
        const answer = await pool.run<ScoreResult>(request, kill.signal);
        if ('cancelled' in answer) return;
        // The thread goes on with the next task while this one's result is put on record.
        finishing.push(task.done(answer.ok, request).catch(error => stop(asInframeError(error))));
        if (finishing.length > pool.size) await finishing.shift();
        return;
      } catch (error) {
        const known = asInframeError(error);
        if (known.code !== 'WORKER_FAILED' || attempt >= ATTEMPTS || failure !== undefined) throw known;
        hooks.onRetry(task.index, attempt + 1, known.message);
      } finally {
        running.delete(progress);
      }
    }
  };
  const lane = async (): Promise<void> => {
    while (next < tasks.length && failure === undefined) {
      try {
        await runOne(tasks[next++]!);
      } catch (error) {
        stop(asInframeError(error));
      }
    }
  };

  try {
    await Promise.all(Array.from({ length: Math.min(pool.size, lanes, tasks.length) }, lane));
    await Promise.all(finishing);
  } finally {
    clearInterval(timer);
    hooks.signal?.removeEventListener('abort', abort);
  }
  if (failure !== undefined) throw failure;
}

function asInframeError(error: unknown): InframeError {
  return error instanceof InframeError ? error : new InframeError('INTERNAL', messageOf(error), {}, error);
}

export function aborted(): InframeError {
  return new InframeError(
    'JOB_ABORTED',
    'job was stopped; start it again with the same words and it goes on where it stopped',
  );
}
