import { Column } from '../frame/expr.js';
import { type ModelReference, reference } from '../frame/model.js';
import type { Call, CallOutputs } from '../frame/typed/models.js';
import type { Unchecked } from '../frame/typed/row.js';
import { type ColumnOrName, type NamedArguments, toArguments } from './call-arguments.js';
import type { BatchMode } from './descriptor.js';
import { type LoadedModel, modelNameOf } from './loaded-model.js';
import { checkOptions, type ModelOptions } from './model-options.js';
import { OnnxReference } from './model-reference.js';
import type { ModelSignature } from './signature.js';

export type { ColumnOrName, NamedArguments } from './call-arguments.js';
export { type LoadedModel, modelNameOf, type ProbedModel } from './loaded-model.js';
export type { ModelOptions } from './model-options.js';

/**
 * A pretrained network as a function of columns.
 *
 * Call it with columns in the order of its inputs (for a model of one `[N, k]` input: its k columns, or one list
 * column), with an object that names inputs, or with nothing: every input is then fed by the column of its name.
 *
 * The result is the output as a column (`[N]` and `[N, 1]` are numbers, `[N, k]` lists of fixed length), or a struct of
 * all outputs where there are several.
 *
 * `M` says what it takes and gives, as `inframe types model.onnx` writes it; where nothing is said, calls are not checked by
 * the compiler. `ByName` is false if inputs that a call leaves out may be fed by other columns than those of their names.
 *
 * @example
 * const delay = await session.model('delay.onnx');
 * session.read.parquet('flights.parquet').withColumn('risk', delay());
 */
export interface Model<M = Unchecked, ByName = true> extends Call<M, ByName> {
  /** One column an output, for `withColumns`; the model still runs once. */
  readonly outputs: CallOutputs<M, ByName>;
  /** What it is called in messages. Not `name`: that is taken on functions. */
  readonly modelName: string;
  readonly path: string;
  /** Of the file and its external data, in hexadecimal. */
  readonly sha256: string;
  readonly signature: ModelSignature;
  readonly batch: BatchMode;
  /** @internal */
  readonly [reference]: ModelReference;
}

/** A loaded model as a function. */
export function makeModel(loaded: LoadedModel, options: ModelOptions): Model {
  const modelName = options.name ?? modelNameOf(loaded.path);
  checkOptions(modelName, loaded.signature, options);
  const known = new OnnxReference(modelName, loaded, options);
  const call = (...args: readonly (ColumnOrName | NamedArguments)[]): Column =>
    new Column({ kind: 'model', model: known, args: toArguments(`model '${modelName}'`, args) });
  const { outputNames } = known;
  const eachOutput = (...args: readonly (ColumnOrName | NamedArguments)[]): Readonly<Record<string, Column>> => {
    const result = call(...args);
    const only = outputNames.length === 1;
    return Object.fromEntries(outputNames.map(name => [name, only ? result : result.field(name)]));
  };
  return Object.freeze(
    Object.assign(call, {
      [reference]: known satisfies ModelReference,
      outputs: eachOutput,
      modelName,
      path: loaded.path,
      sha256: loaded.sha256,
      signature: loaded.signature,
      batch: loaded.batch,
    }),
  );
}
