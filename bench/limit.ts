import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Tensors to run a model on, again and again: as a worker takes them. */
export interface LimitRequest {
  readonly model: string;
  readonly feeds: Readonly<
    Record<string, { readonly dtype: string; readonly data: unknown; readonly dims: readonly number[] }>
  >;
  readonly rowsPerRun: number;
  /** How many rows to run in all. */
  readonly rows: number;
}

export interface LimitOptions {
  /** One session whose runs use every core, or one session a core whose runs use one thread. */
  readonly layout: 'one session' | 'one session a core';
}

/**
 * The rate of ONNX Runtime alone: the model on tensors that are in memory already, nothing read, nothing written. What a
 * scoring job could at most reach.
 *
 * @returns rows per second
 */
export async function measureLimit(request: LimitRequest, { layout }: LimitOptions): Promise<number> {
  const cores = availableParallelism();
  const sessions = layout === 'one session' ? 1 : cores;
  const threads = layout === 'one session' ? cores : 1;
  const workers = Array.from({ length: sessions }, () => {
    const share = { ...request, rows: request.rows / sessions, threads };
    return new Worker(fileURLToPath(new URL('./limit-worker.js', import.meta.url)), { workerData: share });
  });
  try {
    await Promise.all(workers.map(answer));
    const started = performance.now();
    const finished = workers.map(answer);
    for (const worker of workers) worker.postMessage('go');
    await Promise.all(finished);
    return request.rows / ((performance.now() - started) / 1000);
  } finally {
    await Promise.all(workers.map(worker => worker.terminate()));
  }
}

function answer(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
