import type { InframeError } from './errors.js';

/** What a job did. Times in seconds, sizes in bytes. */
export interface JobReport {
  /** Rows in the result. */
  readonly rows: number;
  /** Rows that a model was run on in this run; what an earlier run had committed is not among them. */
  readonly scoredRows: number;
  /** Rows whose prediction is null because the model or its input failed on them, in the whole result. */
  readonly failedRows: number;
  /** Rows whose prediction is null because an input was null, in the whole result. */
  readonly nullRows: number;
  /** The first few reasons why rows failed. */
  readonly failures: readonly string[];
  readonly seconds: number;
  /** Rows scored in this run, per second of the whole run. */
  readonly rowsPerSecond: number;
  /** Highest resident memory of the process so far. */
  readonly peakMemory: number;
  readonly tasks: number;
  /** Tasks taken over from an earlier run of the same job. */
  readonly reusedTasks: number;
  readonly retries: number;
  /** Runs of networks and calls of functions, all workers together. */
  readonly modelRuns: number;
  readonly files: readonly string[];
}

/** What happens while a job runs, in order. `rows` counts source rows. */
export type JobEvent =
  | { readonly kind: 'jobStarted'; readonly stages: number }
  | {
      readonly kind: 'stageStarted';
      readonly stage: number;
      readonly description: string;
      readonly tasks: number;
      readonly reusedTasks: number;
      /** Rows the stage reads, where that is known before reading. */
      readonly rows: number | undefined;
      readonly reusedRows: number;
    }
  | { readonly kind: 'progress'; readonly stage: number; readonly rows: number; readonly failedRows: number }
  | { readonly kind: 'taskFinished'; readonly stage: number; readonly task: number; readonly rows: number }
  | {
      readonly kind: 'taskRetried';
      readonly stage: number;
      readonly task: number;
      readonly attempt: number;
      readonly reason: string;
    }
  | { readonly kind: 'stageFinished'; readonly stage: number; readonly seconds: number }
  | { readonly kind: 'jobFinished'; readonly report: JobReport }
  | { readonly kind: 'jobFailed'; readonly error: InframeError };
