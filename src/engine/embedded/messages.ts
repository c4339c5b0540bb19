import type { ParquetCompression } from '../../frame/engine.js';
import type { SerializedError } from '../../frame/errors.js';
import type { InvalidTextPolicy } from '../../frame/file-formats.js';
import type { Format } from '../../frame/plan.js';
import type { SourceFile } from '../../frame/relation.js';
import type { DataType, Field } from '../../frame/types.js';
import type { CallDescriptor } from '../../udf/descriptor.js';
import type { ProbedModel } from '../../udf/model.js';

/*
 * What goes to a worker and comes back: plain data (Rule 3).
 */

/** Settings a worker is started with. */
export interface WorkerSettings {
  readonly memoryLimit: number;
  readonly tempDirectory: string;
}

export type WorkerRequest = ProbeRequest | ScoreRequest | LinesRequest;

/** Look at a model file and try it. */
export interface ProbeRequest {
  readonly kind: 'probe';
  readonly path: string;
  readonly threads: number;
}

/** Make text files a folder of Parquet files, a row a line. */
export interface LinesRequest {
  readonly kind: 'lines';
  readonly files: readonly SourceFile[];
  /** Where the Parquet files go; it is not there yet. */
  readonly folder: string;
  readonly onInvalid: InvalidTextPolicy;
  /** Columns of `name=value` folders. */
  readonly partitions: readonly Field[];
  /** No more lines are wanted; null where all are. */
  readonly most: number | null;
}

/** Score the rows of one slice and write them as one part. */
export interface ScoreRequest {
  readonly kind: 'score';
  /** The SELECT of the arguments of all calls, call by call. */
  readonly inputSql: string;
  /** Read the arguments in one go rather than as a stream. */
  readonly buffered: boolean;
  readonly calls: readonly ScoreRequestCall[];
  /** The SELECT of the part's rows; it reads the outputs from the table function {@link OUTPUTS_FUNCTION}. */
  readonly outputSql: string;
  readonly part: PartRequest;
  /** Source rows in the slice, before filters. */
  readonly rows: number;
  /** Files as they were when the job was planned; a task whose source has changed fails. */
  readonly files: readonly SourceFile[];
  /** See {@link ProgressSlot}. */
  readonly progress: SharedArrayBuffer;
}

export interface ScoreRequestCall {
  readonly descriptor: CallDescriptor;
  /** How the call's arguments are read. */
  readonly types: readonly DataType[];
  /** The column of the output table that holds the call's result. */
  readonly column: Field;
}

/** How a part is written. */
export interface PartRequest {
  /** A file, or a folder where `partitionBy` is not empty. */
  readonly path: string;
  readonly format: Format;
  readonly compression: ParquetCompression;
  readonly partitionBy: readonly string[];
  readonly rowGroupRows: number;
  /** Columns that Parquet holds as another type, and which. */
  readonly storedTypes: Readonly<Record<string, string>>;
}

/**
 * Positions in the shared progress array of a task: 32-bit counters that the worker adds to and the main thread reads.
 * `inFunction` is above zero while users' code runs; `cancelled` is set by the main thread.
 */
export const ProgressSlot = { rows: 0, failedRows: 1, cancelled: 2, inFunction: 3, length: 4 } as const;

export const OUTPUTS_FUNCTION = 'inframe_outputs';

/** A file of a part, relative to the part's path (empty where the part is a file). */
export interface PartFile {
  readonly path: string;
  readonly bytes: number;
}

export interface ScoreResult {
  readonly rows: number;
  readonly scoredRows: number;
  readonly nullRows: number;
  readonly failedRows: number;
  readonly failures: readonly string[];
  readonly modelRuns: number;
  readonly files: readonly PartFile[];
}

export type LinesResult = Pick<ScoreResult, 'rows' | 'files'>;

/** Errors come back as data: an InframeError would lose its class on the way. */
export type WorkerResponse<T> = { readonly ok: T } | { readonly error: SerializedError } | { readonly cancelled: true };

export type ProbeResult = ProbedModel;
