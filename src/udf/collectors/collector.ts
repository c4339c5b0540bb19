import type { BatchPacker } from '../pack.js';
import type { Tensor } from '../runtime.js';

/** The rows of a run: where each stands in its batch, and in the task. */
export interface RunRows {
  readonly count: number;
  /** Position in the task of the batch's first row. */
  readonly base: number;
  /** Rows of the batch that were run, in order; undefined where it was the whole batch. */
  readonly rows: readonly number[] | undefined;
  readonly batch: Pick<BatchPacker, 'input'>;
}

/** Keeps what a network says of the rows of a task, as one column. Rows may come in any order. */
export interface OutputCollector {
  /**
   * Keeps the results of a run.
   *
   * @throws InframeError SHAPE_MISMATCH if the network gave something else than its signature says
   */
  put(results: Readonly<Record<string, Tensor>>, run: RunRows): void;
  /** Makes room for rows that nothing is put into. */
  skipTo(rows: number): void;
}

/** The place in the batch of a run's row. */
export function batchRow({ rows }: RunRows, index: number): number {
  return rows === undefined ? index : rows[index]!;
}
