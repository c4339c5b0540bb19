import type { PartFile, ScoreResult } from './messages.js';

/** What is known of a finished task. Its files are relative to the part's place. */
export interface CommittedTask extends Omit<ScoreResult, 'files' | 'modelRuns'> {
  readonly key: string;
  readonly files: readonly PartFile[];
}

/**
 * Where tasks put their parts, and who remembers them. A job that writes has a {@link TargetStore}, which survives the
 * process; one that only shows its rows has a {@link ScratchStore}.
 */
export interface PartStore {
  /** A path nobody else uses, for a part that is being written. Its name begins with `_`, so readers pass it over. */
  temporary(): string;
  /** The task of that key, if an earlier run has finished it and its files are still there. */
  find(key: string): Promise<CommittedTask | undefined>;
  /** Records a finished part, once it is whole and on the disk. */
  commit(task: CommittedTask, temporary: string): Promise<void>;
  /** Absolute paths of a committed task's files, in order. */
  locate(task: CommittedTask): Promise<readonly string[]>;
  /** A folder for what DuckDB and converters leave behind while the job runs. */
  readonly scratch: string;
}
