import { basename, extname } from 'node:path';
import type { BatchMode } from './descriptor.js';
import type { Ending } from './onnx/adapt/ending.js';
import type { ModelSignature } from './signature.js';

/** What loading a model found out, by reading the file and by running it in a worker. */
export interface ProbedModel {
  readonly path: string;
  readonly sha256: string;
  /** Of the file and its external data. */
  readonly bytes: number;
  /** As in the file, with ZipMaps replaced by the tensors before them. */
  readonly signature: ModelSignature;
  readonly batch: BatchMode;
  /** Dimensions behind the batch as observed, by output name; null where they differ from row to row. */
  readonly outputDims: Readonly<Record<string, readonly (number | null)[]>>;
  /** Outputs that are probabilities already, and by what. */
  readonly activations?: Readonly<Record<string, Ending | undefined>>;
}

/** A probed model, and how it is spread over the machine. */
export interface LoadedModel extends ProbedModel {
  /** Threads inside one run. */
  readonly threads: number;
  /** How many workers may have it open at once. */
  readonly workers: number;
  /** Inputs that are the same for every row, which no column feeds. */
  readonly constants?: Readonly<Record<string, ConstantInput>>;
}

/** One value, in the shape that dimensions of another input of the same name say. */
export interface ConstantInput {
  readonly value: 0 | 1;
  readonly like: string;
}

/** The name of a model file, as people say it: `models/delay.onnx` is `delay`. */
export function modelNameOf(path: string): string {
  return basename(path, extname(path));
}
