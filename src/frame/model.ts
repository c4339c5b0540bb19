import type { Expr } from './expr.js';
import type { Schema } from './schema.js';
import type { DataType } from './types.js';

/** What a model is called on: by position, by input name, or with neither (matched to columns by name). */
export interface ModelArguments {
  readonly positional: readonly Expr[];
  readonly named: Readonly<Record<string, readonly Expr[]>>;
}

/**
 * What `frame/` knows of a model, or of a user's function: its name, and how a call of it is checked. The rest is the
 * business of `udf/`.
 */
export interface ModelReference {
  /** What it is called in messages and plans: the file's name without its ending. */
  readonly name: string;

  /** False if two calls on the same row may differ: such a call is neither moved nor merged with another, see `isVolatile`. */
  readonly deterministic: boolean;

  /**
   * Checks a call against the model's signature (Rule 4) and says what must be computed for it.
   *
   * @param args the arguments, with the type of each
   * @param schema the table the call is made on; arguments that are left out are matched to its columns by name
   * @throws InframeError COLUMN_NOT_FOUND, TYPE_MISMATCH, SHAPE_MISMATCH, ARGUMENT_INVALID
   */
  bind(args: ModelArguments, typeOf: (expr: Expr) => DataType, schema: Schema): ModelCall;

  /** The columns that feed each input where a call leaves it out, by name of the input. */
  readonly inputColumns: Readonly<Record<string, readonly string[]>>;

  /** What it takes and gives, for a person. */
  describe?(): ModelDescription;
}

/** What `SHOW MODELS` and `DESCRIBE MODEL` say of a model or function. */
export interface ModelDescription {
  readonly kind: 'model' | 'function';
  /** The file it comes from; undefined where there is none. */
  readonly path: string | undefined;
  readonly inputs: readonly ArgumentDescription[];
  readonly outputs: readonly ArgumentDescription[];
}

/** One input or output. */
export interface ArgumentDescription {
  readonly name: string;
  /** The type of a single value: `float32`. */
  readonly dtype: string;
  /** `[N, 3]`, where it has one. */
  readonly shape: string | undefined;
  /** Of an input, the columns that can feed it. */
  readonly accepts: string | undefined;
}

/** A checked call. Plain data, but for nothing: it can be sent to a worker and written in a manifest (Rule 3). */
export interface ModelCall {
  readonly modelName: string;
  /** As in {@link ModelReference}. */
  readonly deterministic: boolean;
  /** What the worker must read for each row, in the order the descriptor expects. */
  readonly args: readonly Expr[];
  /** The type of each. */
  readonly argTypes: readonly DataType[];
  /** How the worker runs it; only `udf/` reads this. */
  readonly descriptor: ModelCallDescriptor;
  /** The flat columns that running it gives for each row. */
  readonly outputs: readonly { readonly name: string; readonly type: DataType }[];
  /** The type of the call as an expression: that of its only output, or a struct of all of them. */
  readonly type: DataType;
}

/** Opaque here, but for the word for it; serialisable as JSON. */
export interface ModelCallDescriptor {
  /** What is called, as messages and `explain()` say it: `model 'delay'`, `function 'double'`. */
  readonly kind: 'model' | 'function';
  readonly key: string;
}

/** Where a model or function that a user holds keeps what `frame/` knows of it. Not for users. @internal */
export const reference: unique symbol = Symbol('inframe.reference');

/** The reference of a loaded model or of a function made with `udf()`; undefined for any other value. */
export function referenceOf(value: unknown): ModelReference | undefined {
  if (typeof value !== 'function' || !(reference in value)) return undefined;
  // Only makers of models and functions have the symbol, and they set it to this.
  return value[reference] as ModelReference;
}
