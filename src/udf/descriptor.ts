import type { ModelCallDescriptor } from '../frame/model.js';
import type { DetectionAdapter, ImageAdapter, Labels, TextAdapter, TokensAdapter } from './adapters/adapter.js';
import type { GraphStep } from './adapters/graph-step.js';
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
  /** What adapters compute in the graph, in the order in which it is put there. */
  readonly steps?: readonly GraphStep[];
  /** Of the network itself, before the steps. */
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

/** How the values of some columns become one input tensor, or the several that one adapter fills. */
export type InputBinding = TensorBinding | PictureBinding | TextBinding | SoundBinding;

/** Numbers, booleans and strings as they are. */
export interface TensorBinding {
  readonly name: string;
  /** What is fed: the network's own type, or float32 where the graph casts. Strings are fed as codes (GraphEdits). */
  readonly dtype: Dtype;
  /**
   * `columns`: one scalar column an element, packed column after column (`[k, N]`).
   * `rows`: the same, packed row after row.
   * `list`: one list column holds a row's elements.
   * `nested`: one column of lists in lists, whose lengths are the row's shape.
   */
  readonly layout: 'columns' | 'rows' | 'list' | 'nested';
  /** How many of the call's arguments hold values of this input. */
  readonly columns: number;
  /** Dimensions behind the batch; null where a row says it itself (list and nested layouts only). */
  readonly rowDims: readonly (number | null)[];
}

/** What the values of a column are, out of which a picture or sound is read. */
export type ContentForm = 'bytes' | 'path' | 'spark';

/** Pictures: fed as uint8 `[N, height, width, channels]`; the graph does the arithmetic. */
export interface PictureBinding extends Pick<ImageAdapter, PictureSettings> {
  readonly name: string;
  readonly layout: 'image';
  readonly columns: 1;
  readonly form: ContentForm;
}

type PictureSettings =
  | 'width'
  | 'height'
  | 'resize'
  | 'shorterSide'
  | 'crop'
  | 'kernel'
  | 'channels'
  | 'background'
  | 'alpha'
  | 'maxPixels'
  | 'source';

/** Texts, or pairs of texts, as the token tensors that the network has. */
export interface TextBinding extends Omit<TextAdapter, 'adapter' | 'maxLength'> {
  /** Of the ids. */
  readonly name: string;
  readonly layout: 'text';
  /** 2 for pairs. */
  readonly columns: 1 | 2;
  readonly dtype: 'int64' | 'int32';
  readonly maxLength: number | undefined;
  /** Tokens in every row, where the network wants one length; else as many as the longest row of a run has. */
  readonly length: number | undefined;
  readonly mask: string | undefined;
  readonly types: string | undefined;
  /** True where an output needs to know where in its text each token stands. */
  readonly offsets: boolean;
}

/** Sound: fed as float32 `[N, samples]`; the graph makes spectrograms. */
export interface SoundBinding {
  readonly name: string;
  readonly layout: 'audio';
  readonly columns: 1;
  readonly form: ContentForm;
  readonly sampleRate: number;
  /** Undefined where a row may have any number. */
  readonly samples: number | undefined;
  readonly maxSeconds: number;
  readonly source: ImageAdapter['source'];
}

/** How output tensors become a column. */
export type OutputBinding = TensorOutput | ClassificationOutput | DetectionOutput | TokensOutput;

/** One output tensor as a column. */
export interface TensorOutput {
  readonly kind?: 'tensor';
  readonly name: string;
  /** What the graph gives, after the edits. */
  readonly dtype: Dtype;
  /** Dimensions behind the batch that are not 1; null where they differ from row to row. */
  readonly rowDims: readonly (number | null)[];
  /** Names of the values of a row, which then are the members of a struct. */
  readonly members?: readonly string[];
}

/** The best classes of a row, from the tensors `scores` and `classes` `[N, count]`. */
export interface ClassificationOutput {
  readonly kind: 'classification';
  readonly name: string;
  readonly scores: string;
  readonly classes: string;
  readonly count: number;
  /** True for a list of them, false for the one alone. */
  readonly list: boolean;
  readonly labels: Labels;
}

/** Objects in a picture. */
export interface DetectionOutput
  extends Pick<DetectionAdapter, 'format' | 'boxFormat' | 'relative' | 'labels' | 'threshold' | 'overlap' | 'most'> {
  readonly kind: 'detection';
  readonly name: string;
  /** Tensors; the same name twice where one holds both. */
  readonly boxes: string;
  readonly scores: string;
  /** The input whose pictures the boxes are in. */
  readonly picture: string;
}

/** Entities in a text, from the tensors `scores` and `classes` `[N, tokens]`. */
export interface TokensOutput extends Pick<TokensAdapter, 'labels' | 'aggregation'> {
  readonly kind: 'tokens';
  readonly name: string;
  readonly scores: string;
  readonly classes: string;
  /** The input whose texts the spans are in. */
  readonly text: string;
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
  /** Rows that are collected for a run of the network. */
  readonly batchRows: number;
  /** Of texts, which are collected first and then divided by length: rows in one run. */
  readonly runRows?: number;
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
