import { basename, extname } from 'node:path';
import { InframeError, listNames, shown } from '../frame/errors.js';
import { Column, type Expr } from '../frame/expr.js';
import {
  type ModelArguments,
  type ModelCall,
  type ModelDescription,
  type ModelReference,
  reference,
} from '../frame/model.js';
import type { Schema } from '../frame/schema.js';
import type { Call, CallOutputs } from '../frame/typed/models.js';
import type { Unchecked } from '../frame/typed/row.js';
import type { DataType } from '../frame/types.js';
import { bindArguments } from './bind.js';
import { type ColumnOrName, type NamedArguments, toArguments } from './call-arguments.js';
import { describeInput, describeOutput } from './describe.js';
import {
  type BatchMode,
  elementsOf,
  type FailurePolicy,
  type InputBinding,
  type NetworkCallDescriptor,
  type NullPolicy,
  type OutputBinding,
} from './descriptor.js';
import { columnTypeOf } from './dtypes.js';
import { hashOf } from './hash.js';
import type { Dtype, ModelSignature, TensorInfo } from './signature.js';

/** How a model is loaded and called. */
export interface ModelOptions {
  /** Columns that feed inputs a call leaves out: `{ x: ['carat', 'depth'] }`. */
  readonly inputs?: Readonly<Record<string, string | readonly string[]>>;
  /** Only these outputs; all where nothing is said. */
  readonly outputs?: readonly string[];
  /** What a null among a row's inputs means; `'null'` (a null prediction) where nothing is said. */
  readonly nulls?: NullPolicy;
  /** What happens to a row that cannot be scored; `'null'` (and it is counted) where nothing is said. */
  readonly onError?: FailurePolicy;
  /** Rows in one run of the network; chosen from the size of a row where nothing is said. */
  readonly batchSize?: number;
  /** What the model is called in messages; its file's name where nothing is said. */
  readonly name?: string;
}

export type { ColumnOrName, NamedArguments } from './call-arguments.js';

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
}

/** A probed model, and how it is spread over the machine. */
export interface LoadedModel extends ProbedModel {
  /** Threads inside one run. */
  readonly threads: number;
  /** How many workers may have it open at once. */
  readonly workers: number;
}

/** The name of a model file, as people say it: `models/delay.onnx` is `delay`. */
export function modelNameOf(path: string): string {
  return basename(path, extname(path));
}

/** A loaded model as a function. */
export function makeModel(loaded: LoadedModel, options: ModelOptions): Model {
  const modelName = options.name ?? modelNameOf(loaded.path);
  checkOptions(modelName, loaded, options);
  const outputs = chooseOutputs(modelName, loaded, options);
  const known = new OnnxReference(modelName, loaded, outputs, options);
  const call = (...args: readonly (ColumnOrName | NamedArguments)[]): Column =>
    new Column({ kind: 'model', model: known, args: toArguments(`model '${modelName}'`, args) });
  const eachOutput = (...args: readonly (ColumnOrName | NamedArguments)[]): Readonly<Record<string, Column>> => {
    const result = call(...args);
    const only = outputs.length === 1;
    return Object.fromEntries(outputs.map(({ name }) => [name, only ? result : result.field(name)]));
  };
  return Object.freeze(
    Object.assign(call, {
      [reference]: known,
      outputs: eachOutput,
      modelName,
      path: loaded.path,
      sha256: loaded.sha256,
      signature: loaded.signature,
      batch: loaded.batch,
    }),
  );
}

const NULL_POLICIES: readonly NullPolicy[] = ['null', 'nan', 'fail'];
const FAILURE_POLICIES: readonly FailurePolicy[] = ['null', 'fail'];

/** What a compiler would have found, for callers without one. @throws InframeError ARGUMENT_INVALID */
function checkOptions(modelName: string, loaded: LoadedModel, options: ModelOptions): void {
  const refuse = (what: string, value: unknown, remedy: string): InframeError =>
    new InframeError('ARGUMENT_INVALID', `${what} ${shown(value)} of model '${modelName}' is not possible; ${remedy}`);
  const { batchSize, nulls, onError, outputs, inputs } = options;
  if (batchSize !== undefined && !(Number.isSafeInteger(batchSize) && batchSize >= 1)) {
    throw refuse('batchSize', batchSize, 'give a whole number from 1');
  }
  if (nulls !== undefined && !NULL_POLICIES.includes(nulls)) {
    throw refuse('nulls', nulls, `there are: ${listNames(NULL_POLICIES)}`);
  }
  if (onError !== undefined && !FAILURE_POLICIES.includes(onError)) {
    throw refuse('onError', onError, `there are: ${listNames(FAILURE_POLICIES)}`);
  }
  if (outputs !== undefined && (!Array.isArray(outputs) || outputs.length === 0)) {
    throw refuse('outputs', outputs, `list some of: ${listNames(loaded.signature.outputs.map(({ name }) => name))}`);
  }
  const known = loaded.signature.inputs.map(({ name }) => name);
  const unknown = Object.keys(inputs ?? {}).find(name => !known.includes(name));
  if (unknown !== undefined) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `input '${unknown}' is not one of model '${modelName}'; it has: ${listNames(known)}`,
    );
  }
}

function chooseOutputs(modelName: string, loaded: LoadedModel, options: ModelOptions): readonly OutputBinding[] {
  const all = loaded.signature.outputs;
  const wanted = [...new Set(options.outputs ?? all.map(output => output.name))];
  return wanted.map(name => {
    const info = all.find(output => output.name === name);
    if (info === undefined) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `output '${name}' is not one of model '${modelName}'; it has: ${listNames(all.map(output => output.name))}`,
      );
    }
    const dtype: Dtype = info.dtype === 'float16' ? 'float32' : info.dtype;
    const rowDims = (loaded.outputDims[name] ?? []).filter(dim => dim !== 1);
    return { name, dtype, rowDims };
  });
}

/** The column type of one output. */
export function outputType(output: OutputBinding): DataType {
  const element = columnTypeOf(output.dtype);
  if (output.rowDims.length === 0) return element;
  // A size that differs from row to row: one flat list, whatever the rank; its shape is not kept.
  if (elementsOf(output.rowDims) === undefined) return { kind: 'list', element };
  return [...output.rowDims]
    .reverse()
    .reduce<DataType>((inner, length) => ({ kind: 'array', element: inner, length: length! }), element);
}

/** What `frame/` sees of a model. */
class OnnxReference implements ModelReference {
  readonly name: string;
  readonly deterministic = true;
  readonly #loaded: LoadedModel;
  readonly #outputs: readonly OutputBinding[];
  readonly #options: ModelOptions;

  constructor(name: string, loaded: LoadedModel, outputs: readonly OutputBinding[], options: ModelOptions) {
    this.name = name;
    this.#loaded = loaded;
    this.#outputs = outputs;
    this.#options = options;
  }

  bind(args: ModelArguments, typeOf: (expr: Expr) => DataType, schema: Schema): ModelCall {
    const { path, sha256, bytes, signature, batch, threads, workers } = this.#loaded;
    const columns = columnsGiven(this.#options);
    const bound = bindArguments(this.name, signature.inputs, args, typeOf, schema, columns);
    const model = {
      path,
      sha256,
      bytes,
      threads,
      workers,
      edits: {
        batch,
        transposedInputs: bound.inputs.filter(({ layout }) => layout === 'columns').map(({ name }) => name),
        encodedInputs: signature.inputs.filter(({ dtype }) => dtype === 'string').map(({ name }) => name),
        widenedInputs: named16(signature.inputs),
        widenedOutputs: named16(signature.outputs).filter(name => this.#outputs.some(output => output.name === name)),
        outputs: this.#outputs.map(({ name }) => name),
      },
    };
    const rest = {
      kind: 'model',
      model,
      modelName: this.name,
      inputs: bound.inputs,
      outputs: this.#outputs,
      misfits: bound.misfits,
      nulls: this.#options.nulls ?? 'null',
      onError: this.#options.onError ?? 'null',
      batchRows: batch.kind === 'fixed' ? batch.size : (this.#options.batchSize ?? batchRows(bound.inputs)),
    } as const;
    const descriptor: NetworkCallDescriptor = { ...rest, key: callHash(rest) };
    const outputs = this.#outputs.map(output => ({ name: output.name, type: outputType(output) }));
    const type: DataType = outputs.length === 1 ? outputs[0]!.type : { kind: 'struct', fields: outputs };
    const { args: read, argTypes } = bound;
    return { modelName: this.name, deterministic: true, args: read, argTypes, descriptor, outputs, type };
  }

  get inputColumns(): Readonly<Record<string, readonly string[]>> {
    const given = columnsGiven(this.#options);
    return Object.fromEntries(this.#loaded.signature.inputs.map(({ name }) => [name, given[name] ?? [name]]));
  }

  describe(): ModelDescription {
    const { path, signature } = this.#loaded;
    const given = signature.outputs.filter(({ name }) => this.#outputs.some(output => output.name === name));
    return { kind: 'model', path, inputs: signature.inputs.map(describeInput), outputs: given.map(describeOutput) };
  }
}

/** Columns that the options say feed an input. */
function columnsGiven({ inputs = {} }: ModelOptions): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, typeof value === 'string' ? [value] : value]),
  );
}

function named16(tensors: readonly TensorInfo[]): readonly string[] {
  return tensors.filter(({ dtype }) => dtype === 'float16').map(({ name }) => name);
}

/**
 * What the answer depends on: the model's content, not its path, and nothing that only decides how fast it comes (threads,
 * batch size), so that a job can go on with other settings.
 */
export function callHash(call: Omit<NetworkCallDescriptor, 'key'>): string {
  const { model, inputs, outputs, nulls, onError, misfits } = call;
  return hashOf({ sha256: model.sha256, edits: model.edits, inputs, outputs, nulls, onError, misfits });
}

const BATCH_BYTES = 2 * 1024 * 1024;
const BATCH_ROWS = 1024;

/** Rows a run: as many as fit in 2 MiB of inputs, at most 1024. Larger runs leave the caches and were slower. */
function batchRows(inputs: readonly InputBinding[]): number {
  const bytes = inputs.reduce((sum, input) => sum + bytesPerRow(input), 0);
  return Math.max(1, Math.min(BATCH_ROWS, Math.floor(BATCH_BYTES / Math.max(1, bytes))));
}

/** Bytes of one row of an input; a row of unknown length counts as 512 values. */
function bytesPerRow(input: InputBinding): number {
  const width = { float64: 8, int64: 8, uint64: 8, string: 32, int8: 1, uint8: 1, bool: 1, int16: 2, uint16: 2 };
  return (elementsOf(input.rowDims) ?? 512) * (width[input.dtype as keyof typeof width] ?? 4);
}
