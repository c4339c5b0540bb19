import type { ModelCallDescriptor } from '../frame/model.js';
import type { FunctionCallDescriptor } from './function/descriptor.js';
import type { Dtype } from './signature.js';

/*
 * What a worker is told about a call (Rule 3): plain JSON, so that the same words can travel to a thread, a manifest or a
 * Spark executor.
 */

/** How a row that a model cannot be run on is treated (Rule 5). */
export type FailurePolicy = 'null' | 'fail';

/**
 * What a null among a row's inputs means: `'null'` gives the row a null prediction without running the model on it,
 * `'nan'` hands NaN to float inputs (for models trained with missing values), `'fail'` stops the job.
 */
export type NullPolicy = 'null' | 'nan' | 'fail';

/** How many rows one run of the network takes. */
export type BatchMode =
  /** Any number: the graph as published, or with its batch dimension made free. */
  | { readonly kind: 'free'; readonly freed: boolean }
  /** Always this number; a shorter batch is padded. */
  | { readonly kind: 'fixed'; readonly size: number };

/** What is changed in a graph before it is run. */
export interface GraphEdits {
  readonly batch: BatchMode;
  /** Inputs fed as `[k, N]`, column after column, with a Transpose behind them. */
  readonly transposedInputs: readonly string[];
  /** String inputs fed as int32 positions in a dictionary of the batch's texts. */
  readonly encodedInputs: readonly string[];
  /** Inputs fed as float32 where the network wants float16. */
  readonly widenedInputs: readonly string[];
  /** Outputs given as float32 where the network gives float16. */
  readonly widenedOutputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A model file and how it is to be opened. */
export interface ModelDescriptor {
  readonly path: string;
  /** Of the file and its external data; a worker that reads something else refuses to run it. */
  readonly sha256: string;
  /** Of the file and its external data. */
  readonly bytes: number;
  readonly edits: GraphEdits;
  /** Threads inside one run of the network. */
  readonly threads: number;
  /** How many workers may have it open at once. */
  readonly workers: number;
}

/** How the values of some columns become one input tensor. */
export interface InputBinding {
  readonly name: string;
  /** What is fed: the network's own type, or float32 where the graph casts. Strings are fed as codes (GraphEdits). */
  readonly dtype: Dtype;
  /**
   * `columns`: one scalar column an element, packed column after column (`[k, N]`).
   * `rows`: the same, packed row after row.
   * `list`: one list column holds a row's elements.
   */
  readonly layout: 'columns' | 'rows' | 'list';
  /** How many of the call's arguments hold values of this input. */
  readonly columns: number;
  /** Dimensions behind the batch; null where a row says it itself (list layout only). */
  readonly rowDims: readonly (number | null)[];
}

/** One output tensor as a column. */
export interface OutputBinding {
  readonly name: string;
  /** What the graph gives, after the edits. */
  readonly dtype: Dtype;
  /** Dimensions behind the batch that are not 1; null where they differ from row to row. */
  readonly rowDims: readonly (number | null)[];
}

/** A checked call, as the worker runs it: of a network, or of a user's function. */
export type CallDescriptor = NetworkCallDescriptor | FunctionCallDescriptor;

/** A checked model call. */
export interface NetworkCallDescriptor extends ModelCallDescriptor {
  readonly kind: 'model';
  readonly model: ModelDescriptor;
  readonly modelName: string;
  readonly inputs: readonly InputBinding[];
  readonly outputs: readonly OutputBinding[];
  /**
   * Positions, among the call's arguments, of boolean columns behind the values: true where a value did not fit the
   * input's integer type.
   */
  readonly misfits: number;
  readonly nulls: NullPolicy;
  readonly onError: FailurePolicy;
  /** Rows in one run of the network. */
  readonly batchRows: number;
}

/** The number of elements a row has, or undefined where it differs from row to row. */
export function elementsOf(rowDims: readonly (number | null)[]): number | undefined {
  let product = 1;
  for (const dim of rowDims) {
    if (dim === null) return undefined;
    product *= dim;
  }
  return product;
}

/** Nobody knows how long a function takes, so its rows are cut into as many tasks as a large network's. */
const FUNCTION_BYTES = 1024 * 1024;

/** Bytes of what a call runs; with the arguments, a guess at how long it takes. */
export function weightOf(call: CallDescriptor): number {
  return call.kind === 'model' ? call.model.bytes : FUNCTION_BYTES;
}

/** How many workers may run a call at once. */
export function workersOf(call: CallDescriptor): number {
  return call.kind === 'model' ? call.model.workers : Number.POSITIVE_INFINITY;
}
