import { InframeError, listNames, shown } from '../../frame/errors.js';
import { Column, type Expr } from '../../frame/expr.js';
import {
  type ArgumentDescription,
  type ModelArguments,
  type ModelCall,
  type ModelDescription,
  type ModelReference,
  reference,
} from '../../frame/model.js';
import type { Schema } from '../../frame/schema.js';
import type { Call, CallOutputs } from '../../frame/typed/models.js';
import type { Unchecked } from '../../frame/typed/row.js';
import { type DataType, type Field, typeName } from '../../frame/types.js';
import { type ColumnOrName, type NamedArguments, toArguments } from '../call-arguments.js';
import type { FailurePolicy } from '../descriptor.js';
import { hashOf } from '../hash.js';
import { bindFunction } from './bind.js';
import {
  type FunctionCallDescriptor,
  type FunctionNulls,
  type FunctionSignature,
  type FunctionSource,
  typeOfResult,
} from './descriptor.js';
import { type InputTypes, type OutputTypes, signatureOf } from './signature.js';
import { defaultName, moduleSource, textSource } from './source.js';
import type { ColumnsOf, ResultOf, UdfTypes } from './types.js';

/** What a function takes and gives, and how it is called. */
export interface UdfOptions<I extends InputTypes, O extends OutputTypes, N extends FunctionNulls> {
  /** What it is called in messages and plans; the function's own name where nothing is said. */
  readonly name?: string;
  /** The types it is given: by name, or as a list in order. Columns of other types are cast where nothing can be lost. */
  readonly inputs: I;
  /** The type it gives, or several by name, which become a struct. */
  readonly output: O;
  /** False if the same row may give another answer the next time: calls are then neither moved nor merged. */
  readonly deterministic?: boolean;
  /** `'skip'` (where nothing is said): a row with a null argument gets null unseen; `'pass'`: the function sees nulls. */
  readonly nulls?: N;
  /** What happens to a row the function throws on; `'null'` (and it is counted) where nothing is said. */
  readonly onError?: FailurePolicy;
  /** The most rows the function is given at once; chosen where nothing is said. */
  readonly batchSize?: number;
}

/** A function of columns that runs in a module of its own. */
export interface UdfModule {
  /** A path, or `new URL('./file.js', import.meta.url)`. */
  readonly module: string | URL;
  /** `'default'` where nothing is said. */
  readonly export?: string;
}

/** Called with a batch: its columns by input name or in order, and how many rows it has. */
export type BatchFunction<I extends InputTypes, O extends OutputTypes, N extends FunctionNulls> = (
  columns: ColumnsOf<I, N>,
  rows: number,
) => ResultOf<O> | PromiseLike<ResultOf<O>>;

/**
 * A function of your own as a function of columns. Call it with columns in the order of its inputs, with an object that
 * names inputs, or with nothing: every input is then fed by the column of its name.
 */
export interface Udf<M = Unchecked> extends Call<M, true> {
  /** One column an output, for `withColumns`; the function is still called once. */
  readonly outputs: CallOutputs<M, true>;
  /** What it is called in messages. Not `name`: that is taken on functions. */
  readonly functionName: string;
  readonly deterministic: boolean;
  /** @internal */
  readonly [reference]: ModelReference;
}

/**
 * Makes a function of columns out of a TypeScript function over batches. It runs in worker threads, beside models.
 *
 * A function that is given by value travels as its text, so it sees nothing around it: no imports, no outer variables. One
 * that needs them is put in a module. Either way it is code, and is trusted like any code that is imported.
 *
 * The value of a row must depend on that row's arguments alone, for how rows come together in batches is not said.
 *
 * @throws InframeError ARGUMENT_INVALID, FUNCTION_INVALID
 * @example
 * const perCarat = udf({ inputs: { price: 'float64', carat: 'float64' }, output: 'float64' }, ({ price, carat }) =>
 *   price.map((value, row) => value / carat[row]!),
 * );
 * diamonds.withColumn('perCarat', perCarat());
 * @example
 * const slug = udf({ inputs: ['string'], output: 'string', module: new URL('./slug.js', import.meta.url) });
 * posts.withColumn('slug', slug('title'));
 */
export function udf<const I extends InputTypes, const O extends OutputTypes, const N extends FunctionNulls = 'skip'>(
  options: UdfOptions<I, O, N>,
  batch: BatchFunction<I, O, N>,
): Udf<UdfTypes<I, O>>;
export function udf<const I extends InputTypes, const O extends OutputTypes, const N extends FunctionNulls = 'skip'>(
  options: UdfOptions<I, O, N> & UdfModule,
): Udf<UdfTypes<I, O>>;
export function udf(options: AnyOptions, batch?: unknown): Udf {
  if (typeof options !== 'object' || options === null) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `options ${shown(options)} of udf() are not an object; write udf({ inputs, output }, (columns, rows) => ...)`,
    );
  }
  const name = options.name ?? defaultName(batch, options.module, options.export);
  checkOptions(name, options);
  const label = `function '${name}'`;
  if ((batch === undefined) === (options.module === undefined)) {
    const given = batch === undefined ? 'has no code' : 'is given by value and by module';
    throw new InframeError('ARGUMENT_INVALID', `${label} ${given}; give either a function or { module }`);
  }
  const source = batch === undefined ? moduleSource(label, options.module, options.export) : textSource(label, batch);
  const signature = signatureOf(label, options.inputs, options.output);
  return makeUdf(new FunctionReference(name, source, signature, options));
}

type AnyOptions = UdfOptions<InputTypes, OutputTypes, FunctionNulls> & Partial<UdfModule>;

function makeUdf(known: FunctionReference): Udf {
  const { name, label, signature } = known;
  const call = (...args: readonly (ColumnOrName | NamedArguments)[]): Column =>
    new Column({ kind: 'model', model: known, args: toArguments(label, args) });
  const eachOutput = (...args: readonly (ColumnOrName | NamedArguments)[]): Readonly<Record<string, Column>> => {
    if (!known.deterministic) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `${label} is not deterministic, so its outputs would come from calls of their own; make its struct a column first, then take its fields`,
      );
    }
    const result = call(...args);
    if (signature.result === 'column') return { [signature.outputs[0]!.name]: result };
    return Object.fromEntries(signature.outputs.map(output => [output.name, result.field(output.name)]));
  };
  const { deterministic } = known;
  return Object.freeze(
    Object.assign(call, { outputs: eachOutput, functionName: name, deterministic, [reference]: known }),
  );
}

const KNOWN_OPTIONS: readonly string[] = [
  'name',
  'inputs',
  'output',
  'deterministic',
  'nulls',
  'onError',
  'batchSize',
  'module',
  'export',
];
const NULLS: readonly FunctionNulls[] = ['skip', 'pass'];
const FAILURE_POLICIES: readonly FailurePolicy[] = ['null', 'fail'];

/** What a compiler would have found, for callers without one. @throws InframeError ARGUMENT_INVALID */
function checkOptions(name: unknown, options: AnyOptions): void {
  if (typeof name !== 'string' || name === '') {
    throw new InframeError('ARGUMENT_INVALID', `name ${shown(name)} of a function is not a name; give a text`);
  }
  const refuse = (what: string, value: unknown, remedy: string): InframeError =>
    new InframeError('ARGUMENT_INVALID', `${what} ${shown(value)} of function '${name}' is not possible; ${remedy}`);
  const { batchSize, deterministic, nulls, onError } = options;
  const unknown = Object.keys(options).find(key => !KNOWN_OPTIONS.includes(key));
  if (unknown !== undefined) throw refuse('option', unknown, `there are: ${listNames(KNOWN_OPTIONS)}`);
  if (batchSize !== undefined && !(Number.isSafeInteger(batchSize) && batchSize >= 1 && batchSize <= MOST_ROWS)) {
    throw refuse('batchSize', batchSize, `give a whole number from 1 to ${MOST_ROWS}`);
  }
  if (nulls !== undefined && !NULLS.includes(nulls)) throw refuse('nulls', nulls, `there are: ${listNames(NULLS)}`);
  if (onError !== undefined && !FAILURE_POLICIES.includes(onError)) {
    throw refuse('onError', onError, `there are: ${listNames(FAILURE_POLICIES)}`);
  }
  if (deterministic !== undefined && typeof deterministic !== 'boolean') {
    throw refuse('deterministic', deterministic, 'give true or false');
  }
}

const MOST_ROWS = 1_000_000;
/** Enough that calling costs nothing beside what is computed, and few enough to stay in the caches. */
const BATCH_ROWS = 8192;

/** What `frame/` sees of a function. */
class FunctionReference implements ModelReference {
  readonly name: string;
  readonly deterministic: boolean;
  readonly signature: FunctionSignature;
  readonly #source: FunctionSource;
  readonly #nulls: FunctionNulls;
  readonly #onError: FailurePolicy;
  readonly #batchRows: number;

  constructor(name: string, source: FunctionSource, signature: FunctionSignature, options: AnyOptions) {
    this.name = name;
    this.deterministic = options.deterministic ?? true;
    this.signature = signature;
    this.#source = source;
    this.#nulls = options.nulls ?? 'skip';
    this.#onError = options.onError ?? 'null';
    this.#batchRows = options.batchSize ?? BATCH_ROWS;
  }

  /** As messages call it. */
  get label(): string {
    return `function '${this.name}'`;
  }

  bind(args: ModelArguments, typeOf: (expr: Expr) => DataType, schema: Schema): ModelCall {
    const { name, signature } = this;
    const bound = bindFunction(this.label, signature, args, typeOf, schema);
    const rest = {
      kind: 'function',
      name,
      source: this.#source,
      ...signature,
      misfits: bound.misfits,
      nulls: this.#nulls,
      onError: this.#onError,
      batchRows: this.#batchRows,
    } as const;
    const descriptor: FunctionCallDescriptor = { ...rest, key: callHash(rest) };
    return {
      modelName: name,
      deterministic: this.deterministic,
      args: bound.args,
      argTypes: bound.argTypes,
      descriptor,
      outputs: signature.outputs,
      type: typeOfResult(signature),
    };
  }

  get inputColumns(): Readonly<Record<string, readonly string[]>> {
    const { named, inputs } = this.signature;
    return named ? Object.fromEntries(inputs.map(({ name }) => [name, [name]])) : {};
  }

  describe(): ModelDescription {
    const { inputs, outputs } = this.signature;
    const field = ({ name, type }: Field, accepts?: string): ArgumentDescription => {
      return { name, dtype: typeName(type), shape: undefined, accepts };
    };
    return {
      kind: 'function',
      path: this.#source.kind === 'module' ? this.#source.path : undefined,
      inputs: inputs.map(input => field(input, `one column of ${typeName(input.type)}`)),
      outputs: outputs.map(output => field(output)),
    };
  }
}

/** What the answer depends on: the code, not where it lies, and nothing that only decides how fast it comes. */
function callHash(call: Omit<FunctionCallDescriptor, 'key'>): string {
  const { source, named, inputs, result, outputs, misfits, nulls, onError } = call;
  const code =
    source.kind === 'text' ? source : { kind: source.kind, export: source.exportName, sha256: source.sha256 };
  return hashOf({ function: code, named, inputs, result, outputs, misfits, nulls, onError });
}
