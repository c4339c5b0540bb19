import type { RecordBatch } from 'apache-arrow';
import type { Expr } from './expr.js';
import type { JobEvent, JobReport } from './job.js';
import type { ModelReference } from './model.js';
import type { Format, ScanNode } from './plan.js';
import type { Relation, ScanRelation } from './relation.js';
import type { Schema } from './schema.js';
import type { DataType } from './types.js';

/**
 * What a frame needs of whoever carries it out. The frame is engine-agnostic: this interface is the only way down.
 */
export interface Engine {
  /** Finds the files and their columns. @throws InframeError SOURCE_NOT_FOUND, SOURCE_EMPTY, SOURCE_UNREADABLE */
  scan(node: ScanNode): Promise<ScanRelation>;
  /** The types that checked expressions have over a table of that schema; nothing is read. @throws InframeError */
  typesOf(schema: Schema, exprs: readonly Expr[]): Promise<readonly DataType[]>;
  /** A user's SQL expression, parsed: its normal form and the columns it names. @throws InframeError EXPRESSION_INVALID */
  parseExpression(text: string): Promise<{ readonly text: string; readonly columns: readonly string[] }>;
  /** Reads a model file and checks that it can be run. */
  loadModel(path: string, options: object): Promise<ModelReference>;
  /** The rows of a checked, optimized plan as Arrow batches, in order. */
  batches(relation: Relation, options: RunOptions): AsyncIterable<RecordBatch>;
  /** The same rows as plain objects, in blocks. */
  rows(relation: Relation, options: RunOptions): AsyncIterable<readonly Row[]>;
  write(relation: Relation, target: WriteTarget, options: RunOptions): Promise<JobReport>;
  /** The stages a plan is carried out in, for a person. */
  explain(relation: Relation): Promise<string>;
  close(): Promise<void>;
}

/** A row as `collect()` gives it: a member a column. */
export type Row = Readonly<Record<string, unknown>>;

export interface RunOptions {
  /** Stops the job; it then fails with JOB_ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** Called with every {@link JobEvent}, in order, while the job runs. */
  readonly onEvent?: ((event: JobEvent) => void) | undefined;
}

/** Where a written table goes. */
export interface WriteTarget {
  readonly path: string;
  readonly format: Format;
  /** What to do where the target holds something else than this job's own unfinished work. */
  readonly mode: 'error' | 'overwrite';
  /** Columns that become folders `name=value`. */
  readonly partitionBy: readonly string[];
  readonly compression: ParquetCompression;
}

export type ParquetCompression = 'snappy' | 'zstd' | 'gzip' | 'lz4' | 'uncompressed';

export const COMPRESSIONS: readonly ParquetCompression[] = Object.freeze([
  'snappy',
  'zstd',
  'gzip',
  'lz4',
  'uncompressed',
] as const);
