import type { JobReport } from '../../frame/job.js';
import type { ScoreResult } from './messages.js';
import type { CommittedTask } from './store.js';
import { sum } from './sum.js';

/** What a job has done so far, for its report. */
export class Tally {
  readonly #started = performance.now();
  readonly #failures = new Set<string>();
  #scoredRows = 0;
  #nullRows = 0;
  #failedRows = 0;
  #modelRuns = 0;
  #tasks = 0;
  #reusedTasks = 0;
  #retries = 0;

  /** Tasks of a stage, before they run. */
  planned(tasks: number, reused: number): void {
    this.#tasks += tasks;
    this.#reusedTasks += reused;
  }

  /** A task that this run has scored. */
  scored({ modelRuns, scoredRows }: ScoreResult): void {
    this.#modelRuns += modelRuns;
    this.#scoredRows += scoredRows;
  }

  retried(): void {
    this.#retries += 1;
  }

  /** A task of the result, whichever run has done it. */
  count(task: CommittedTask): void {
    this.#nullRows += task.nullRows;
    this.#failedRows += task.failedRows;
    for (const reason of task.failures) this.#failures.add(reason);
  }

  /** @param tasks whose rows are the result */
  report(tasks: readonly CommittedTask[], files: readonly string[]): JobReport {
    const seconds = (performance.now() - this.#started) / 1000;
    return Object.freeze({
      rows: sum(tasks.map(task => task.rows)),
      scoredRows: this.#scoredRows,
      failedRows: this.#failedRows,
      nullRows: this.#nullRows,
      failures: [...this.#failures].slice(0, 5),
      seconds,
      rowsPerSecond: this.#scoredRows / seconds,
      // In kilobytes on every system Node runs on.
      peakMemory: process.resourceUsage().maxRSS * 1024,
      tasks: this.#tasks,
      reusedTasks: this.#reusedTasks,
      retries: this.#retries,
      modelRuns: this.#modelRuns,
      files,
    });
  }
}
