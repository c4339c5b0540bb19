import { FunctionCache } from '../../udf/function/load.js';
import { type CallWatch, FunctionScorer } from '../../udf/function/scorer.js';
import { SessionCache } from '../../udf/runtime.js';
import { CallScorer } from '../../udf/scorer.js';
import type { ScoreRequestCall } from './messages.js';

/** Runs the rows of one task through one call. */
export type RowScorer = CallScorer | FunctionScorer;

/** The scorers of a task, in the order of its calls. */
export interface TaskScorers {
  readonly scorers: readonly RowScorer[];
  /** Runs of networks, and calls of functions, since the scorers were made. */
  runs(): number;
}

/** What a worker keeps open from task to task: networks and functions. */
export class OpenCalls {
  readonly #sessions = new SessionCache();
  readonly #functions = new FunctionCache();

  /**
   * @param rows an upper bound of the task's rows
   * @param watch told when users' code runs, that of loading a module included
   */
  async scorersOf(calls: readonly ScoreRequestCall[], rows: number, watch: CallWatch): Promise<TaskScorers> {
    const before = new Map<{ readonly runs: number }, number>();
    const scorers = await Promise.all(
      calls.map(async ({ descriptor }): Promise<RowScorer> => {
        if (descriptor.kind === 'model') {
          const session = await this.#sessions.get(descriptor.model);
          before.set(session, session.runs);
          return new CallScorer(descriptor, session, rows);
        }
        watch.enter();
        try {
          const scorer = new FunctionScorer(descriptor, await this.#functions.get(descriptor), rows, watch);
          before.set(scorer, 0);
          return scorer;
        } finally {
          watch.leave();
        }
      }),
    );
    return { scorers, runs: () => [...before].reduce((total, [each, runs]) => total + each.runs - runs, 0) };
  }

  /** Closes what has not been used for longest. Only between tasks: a task's own networks are in use. */
  trim(): Promise<void> {
    return this.#sessions.trim();
  }
}
