import { InframeError, listNames, shown } from '../frame/errors.js';
import type { InputAdapter, OutputAdapter } from './adapters/adapter.js';
import type { FailurePolicy, NullPolicy } from './descriptor.js';
import type { ModelSignature } from './signature.js';

/** How a model is loaded and called. */
export interface ModelOptions {
  /**
   * Columns that feed inputs a call leaves out: `{ x: ['carat', 'depth'] }`; or what a column's values are:
   * `{ pixels: image({ width: 224, height: 224 }) }`.
   */
  readonly inputs?: Readonly<Record<string, string | readonly string[] | InputAdapter>>;
  /**
   * Only these outputs; all where nothing is said. With adapters, what they become:
   * `{ logits: classification({ labels: 'labels.txt' }) }`.
   */
  readonly outputs?: readonly string[] | Readonly<Record<string, OutputAdapter>>;
  /** What a null among a row's inputs means; `'null'` (a null prediction) where nothing is said. */
  readonly nulls?: NullPolicy;
  /** What happens to a row that cannot be scored; `'null'` (and it is counted) where nothing is said. */
  readonly onError?: FailurePolicy;
  /** Rows in one run of the network; chosen from the size of a row where nothing is said. */
  readonly batchSize?: number;
  /** What the model is called in messages; its file's name where nothing is said. */
  readonly name?: string;
  /** Of a folder or hub id: what the network is for, where its files do not say it: `'feature-extraction'`. */
  readonly task?: string;
  /** Of a folder or hub id with several networks: which, as in `model_quantized.onnx`: `'quantized'`. */
  readonly variant?: string;
  /** Of a hub id: the folder that downloads are kept in. */
  readonly cache?: string;
}

const NULL_POLICIES: readonly NullPolicy[] = ['null', 'nan', 'fail'];
const FAILURE_POLICIES: readonly FailurePolicy[] = ['null', 'fail'];

/** What a compiler would have found, for callers without one. @throws InframeError ARGUMENT_INVALID */
export function checkOptions(modelName: string, signature: ModelSignature, options: ModelOptions): void {
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
  const named = outputNames(outputs);
  if (outputs !== undefined && (named === undefined || named.length === 0)) {
    throw refuse('outputs', outputs, `list some of: ${listNames(signature.outputs.map(({ name }) => name))}`);
  }
  const known = signature.inputs.map(({ name }) => name);
  const unknown = Object.keys(inputs ?? {}).find(name => !known.includes(name));
  if (unknown !== undefined) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `input '${unknown}' is not one of model '${modelName}'; it has: ${listNames(known)}`,
    );
  }
}

/** The outputs that are asked for; undefined where nothing is said, or nothing that can be understood. */
export function outputNames(outputs: ModelOptions['outputs']): readonly string[] | undefined {
  if (Array.isArray(outputs)) return outputs;
  return typeof outputs === 'object' && outputs !== null ? Object.keys(outputs) : undefined;
}

/** Adapters of outputs, by name. */
export function outputAdapters({ outputs }: ModelOptions): Readonly<Record<string, OutputAdapter>> {
  return outputs === undefined || Array.isArray(outputs) ? {} : (outputs as Readonly<Record<string, OutputAdapter>>);
}

/** Adapters among the options of inputs, by name. */
export function inputAdapters({ inputs = {} }: ModelOptions): ReadonlyMap<string, InputAdapter> {
  return new Map(Object.entries(inputs).flatMap(([name, value]) => (isAdapter(value) ? [[name, value] as const] : [])));
}

/** Columns that the options say feed an input. */
export function columnsGiven({ inputs = {} }: ModelOptions): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, value]) =>
      isAdapter(value) ? [] : [[name, typeof value === 'string' ? [value] : value]],
    ),
  );
}

function isAdapter(value: string | readonly string[] | InputAdapter): value is InputAdapter {
  return typeof value === 'object' && value !== null && 'adapter' in value;
}
