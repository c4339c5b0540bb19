import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { InframeError, messageOf } from '../../frame/errors.js';
import type { WorkerRequest, WorkerResponse, WorkerSettings } from './messages.js';

/** What a worker answered, or that it stopped because it was asked to. */
export type Answer<T> = { readonly ok: T } | { readonly cancelled: true };

/** Long enough that the next action of a session finds its workers, and their networks, still there. */
const IDLE_MILLISECONDS = 600_000;

/**
 * The threads that run models. Piscina has no back-pressure of its own: whoever calls {@link WorkerPool.run} keeps no more
 * than `size` requests under way.
 */
export class WorkerPool {
  readonly size: number;
  readonly #settings: WorkerSettings;
  #pool: Piscina<WorkerRequest, WorkerResponse<unknown>> | undefined;

  constructor(size: number, settings: WorkerSettings) {
    this.size = size;
    this.#settings = settings;
  }

  /**
   * @param kill ends the thread, whatever it is doing; for users' code that does not come back
   * @throws InframeError the worker's own, or WORKER_FAILED if the thread died
   */
  async run<T>(request: WorkerRequest, kill?: AbortSignal): Promise<Answer<T>> {
    this.#pool ??= new Piscina({
      filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
      minThreads: 0,
      maxThreads: this.size,
      idleTimeout: IDLE_MILLISECONDS,
      // Waiting in Atomics would keep a worker from freeing native memory between tasks.
      atomics: 'disabled',
      workerData: this.#settings,
    });
    let response: WorkerResponse<unknown>;
    try {
      response = await this.#pool.run(request, kill === undefined ? {} : { signal: kill });
    } catch (error) {
      throw new InframeError('WORKER_FAILED', `worker stopped before it had finished: ${messageOf(error)}`, {}, error);
    }
    if ('error' in response) throw InframeError.fromJSON(response.error);
    // The request's kind says what comes back; a message channel does not carry types.
    return response as Answer<T>;
  }

  /** Waits for what is under way, then stops the threads. */
  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.close();
  }
}
