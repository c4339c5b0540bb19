import type { RecordBatch } from 'apache-arrow';
import type { Expr } from './expr.js';
import type { JobEvent, JobReport } from './job.js';
import type { ModelReference, reference } from './model.js';
import type { Names } from './names.js';
import type { Format, Plan, QueryNode, ScanNode, StatementReads } from './plan.js';
import type { MemoryTable } from './plan-verbs.js';
import type { QueryRelation, Relation, ScanRelation } from './relation.js';
import type { Schema } from './schema.js';
import type { DataType } from './types.js';

/**
 * What a frame needs of whoever carries it out. The frame is engine-agnostic: this interface is the only way down.
 */
export interface Engine {
  /** Functions of the engine's SQL, in lower case, whose names models cannot take. */
  readonly reservedFunctions?: ReadonlySet<string>;
  /** Functions that every session has, by name in lower case; their names are reserved too. */
  readonly builtins?: ReadonlyMap<string, ModelReference>;
  /** Finds the files and their columns. @throws InframeError SOURCE_NOT_FOUND, SOURCE_EMPTY, SOURCE_UNREADABLE */
  scan(node: ScanNode): Promise<ScanRelation>;
  /** The types that checked expressions have over a table of that schema; nothing is read. @throws InframeError */
  typesOf(schema: Schema, exprs: readonly Expr[]): Promise<readonly DataType[]>;
  /** A user's SQL expression, parsed, as a `fragment` over the columns it names. @throws InframeError EXPRESSION_INVALID */
  parseExpression(text: string, names: Names): Promise<Expr>;
  /**
   * A query as a plan of its parts: models are called in expressions of the plan, and what is left are statements in which
   * none is called.
   *
   * @param schemaOf the columns of a plan, as analysis finds them
   * @throws InframeError EXPRESSION_INVALID, and where a model call cannot be taken out, MODEL_CALL_MISPLACED
   */
  planQuery(query: QueryNode, names: Names, schemaOf: (plan: Plan) => Promise<Schema>): Promise<Plan>;
  /** A statement in which no model is called, over checked inputs, with the columns it gives; nothing is read. */
  statement(
    text: string,
    names: readonly string[],
    inputs: readonly Relation[],
    reads: StatementReads,
  ): Promise<QueryRelation>;
  /** The type that values of several types take together, or undefined if there is none. */
  commonType(types: readonly DataType[]): Promise<DataType | undefined>;
  /** Keeps a table that is in memory as one that can be read like files, until the session closes. */
  store(table: MemoryTable): Promise<ScanRelation>;
  /** Computes a plan once and keeps its rows until the session closes. */
  materialize(
    relation: Relation,
    options: RunOptions,
  ): Promise<{ readonly relation: ScanRelation; readonly report: JobReport }>;
  /** Reads a model file and checks that it can be run. */
  loadModel(path: string, options: object): Promise<{ readonly [reference]: ModelReference }>;
  /** The rows of a checked, optimized plan as Arrow batches, in order. */
  batches(relation: Relation, options: RunOptions): AsyncIterable<RecordBatch>;
  /** The same rows as plain objects, in blocks. */
  rows(relation: Relation, options: RunOptions): AsyncIterable<readonly Row[]>;
  write(relation: Relation, target: WriteTarget, options: RunOptions): Promise<JobReport>;
  /** A function of bytes, for pages that people look at: a struct `thumbnail`, `width`, `height`, `problem` a picture. */
  readonly thumbnails: ModelReference;
  /**
   * Finds out, before any work is done for it, whether a page may be written.
   *
   * @param overwrite a file that is no report of inframe's may be replaced
   * @throws InframeError TARGET_EXISTS, TARGET_NOT_WRITABLE
   */
  openPage(path: string, overwrite: boolean): Promise<PageFile>;
  /** The stages a plan is carried out in, for a person. */
  explain(relation: Relation): Promise<string>;
  close(): Promise<void>;
}

/** A page that is about to be written. */
export interface PageFile {
  /** Puts the page in its place, whole. @throws InframeError TARGET_EXISTS, TARGET_NOT_WRITABLE, DISK_FULL */
  save(html: string): Promise<void>;
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
