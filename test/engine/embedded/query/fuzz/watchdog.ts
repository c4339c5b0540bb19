import { Worker } from 'node:worker_threads';

/** What the watching thread runs. Lines of code, since a test has no worker files of its own. */
const WATCH = `
  const { parentPort } = require('node:worker_threads');
  const { writeSync } = require('node:fs');
  let timer;
  parentPort.on('message', ({ work, bound }) => {
    clearTimeout(timer);
    if (work === undefined) return;
    timer = setTimeout(() => {
      writeSync(2, 'still at it after ' + bound / 1000 + ' s: ' + work + '\\n');
      process.kill(process.pid, 'SIGKILL');
    }, bound);
  });
`;

/**
 * Ends the whole process, with a word on what it was at, when one piece of work takes longer than a generous bound. It watches
 * from another thread, so it also sees a loop that never gives the thread back, which a timer of the test would not.
 */
export class Watchdog {
  readonly #worker = new Worker(WATCH, { eval: true });
  readonly #bound: number;

  /** @param bound milliseconds */
  constructor(bound: number) {
    this.#bound = bound;
    this.#worker.unref();
  }

  async watch<T>(work: string, run: () => Promise<T>): Promise<T> {
    this.#worker.postMessage({ work, bound: this.#bound });
    try {
      return await run();
    } finally {
      this.#worker.postMessage({ work: undefined, bound: this.#bound });
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
