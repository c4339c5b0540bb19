import type { Expr } from './expr.js';
import type { Schema } from './schema.js';
import type { DataType } from './types.js';

/** What a model is called on: by position, by input name, or with neither (matched to columns by name). */
export interface ModelArguments {
  readonly positional: readonly Expr[];
  readonly named: Readonly<Record<string, readonly Expr[]>>;
}

/**
 * What `frame/` knows of a model: its name, and how a call of it is checked. The rest is the business of `udf/`.
 */
export interface ModelReference {
  /** What it is called in messages and plans: the file's name without its ending. */
  readonly name: string;

  /**
   * Checks a call against the model's signature (Rule 4) and says what must be computed for it.
   *
   * @param args the arguments, with the type of each
   * @param schema the table the call is made on; arguments that are left out are matched to its columns by name
   * @throws InframeError COLUMN_NOT_FOUND, TYPE_MISMATCH, SHAPE_MISMATCH, ARGUMENT_INVALID
   */
  bind(args: ModelArguments, typeOf: (expr: Expr) => DataType, schema: Schema): ModelCall;
}

/** A checked call. Plain data, but for nothing: it can be sent to a worker and written in a manifest (Rule 3). */
export interface ModelCall {
  readonly modelName: string;
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

/** Opaque here; serialisable as JSON. */
export interface ModelCallDescriptor {
  readonly key: string;
}
