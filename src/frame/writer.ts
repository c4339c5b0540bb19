import { COMPRESSIONS, type Engine, type ParquetCompression, type RunOptions, type WriteTarget } from './engine.js';
import { InframeError, listNames, shown } from './errors.js';
import type { JobReport } from './job.js';
import type { Format } from './plan.js';
import type { Relation } from './relation.js';

/** How a table is written. @typeParam N the names of its columns */
export interface WriteOptions<N extends string = string> extends RunOptions {
  /**
   * What to do where the target holds something already. `'error'` (the default) refuses, except where it is this very
   * job, unfinished or finished: then the job goes on, or finds that it is done. `'overwrite'` replaces it at the moment
   * the new result is whole.
   */
  readonly mode?: 'error' | 'overwrite';
  /** Columns that become folders: `partitionBy: ['year']` writes `year=2024/part-00000.parquet`. */
  readonly partitionBy?: readonly N[];
  /** Of Parquet files; `'snappy'` where nothing is said. */
  readonly compression?: ParquetCompression;
}

/**
 * Writes a frame as a folder of part files with `_SUCCESS` beside them when all is there.
 *
 * A job that is killed and started again with the same words goes on where it stopped; see docs/jobs.md.
 */
export class DataFrameWriter<N extends string = string> {
  readonly #engine: Engine;
  readonly #relation: () => Promise<Relation>;

  constructor(engine: Engine, relation: () => Promise<Relation>) {
    this.#engine = engine;
    this.#relation = relation;
    Object.freeze(this);
  }

  parquet(path: string, options: WriteOptions<N> = {}): Promise<JobReport> {
    return this.#write('parquet', path, options);
  }

  csv(path: string, options: WriteOptions<N> = {}): Promise<JobReport> {
    return this.#write('csv', path, options);
  }

  /** JSON lines: one object a row. */
  jsonl(path: string, options: WriteOptions<N> = {}): Promise<JobReport> {
    return this.#write('jsonl', path, options);
  }

  /** Arrow IPC files (Feather version 2). */
  arrow(path: string, options: WriteOptions<N> = {}): Promise<JobReport> {
    return this.#write('arrow', path, options);
  }

  async #write(format: Format, path: string, options: WriteOptions): Promise<JobReport> {
    if (typeof path !== 'string' || path.trim() === '') {
      throw new InframeError('ARGUMENT_INVALID', `target ${shown(path)} is not a folder; give a path`);
    }
    const mode = oneOf('mode', options.mode ?? 'error', ['error', 'overwrite']);
    const compression = oneOf('compression', options.compression ?? 'snappy', COMPRESSIONS);
    const folders = options.partitionBy ?? [];
    if (!Array.isArray(folders)) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `partitionBy ${shown(folders)} is not a list of names; write partitionBy: ['year']`,
      );
    }
    const relation = await this.#relation();
    const partitionBy = [...new Set(folders.map((name: string) => relation.schema.field(name).name))];
    if (partitionBy.length === relation.schema.length) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `partitionBy ${partitionBy.join(', ')} names every column; leave at least one for the files`,
      );
    }
    const target: WriteTarget = { path, format, mode, partitionBy, compression };
    return this.#engine.write(relation, target, { signal: options.signal, onEvent: options.onEvent });
  }
}

function oneOf<T extends string>(what: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value;
  throw new InframeError('ARGUMENT_INVALID', `${what} ${shown(value)} is not known; there are: ${listNames(allowed)}`);
}
