import { InframeError, listNames } from '../frame/errors.js';
import type { Expr } from '../frame/expr.js';
import type { ModelArguments, ModelCall, ModelDescription, ModelReference } from '../frame/model.js';
import type { Schema } from '../frame/schema.js';
import type { DataType } from '../frame/types.js';
import { acceptedContent, usualColumn } from './adapters/bind-content.js';
import type { GraphStep } from './adapters/graph-step.js';
import { outputType } from './adapters/output-types.js';
import { type CallInput, resolveInputs } from './adapters/resolve-inputs.js';
import { type KnownOutput, type ResolvedOutput, rawOutput, resolveOutput } from './adapters/resolve-outputs.js';
import { batchRows, runRows } from './batch-rows.js';
import { bindArguments } from './bind.js';
import { describeInput, describeOutput } from './describe.js';
import type { NetworkCallDescriptor } from './descriptor.js';
import { hashOf } from './hash.js';
import type { LoadedModel } from './loaded-model.js';
import { columnsGiven, inputAdapters, type ModelOptions, outputAdapters, outputNames } from './model-options.js';
import type { TensorInfo } from './signature.js';

/** What `frame/` sees of a model. */
export class OnnxReference implements ModelReference {
  readonly name: string;
  readonly deterministic = true;
  readonly #loaded: LoadedModel;
  readonly #options: ModelOptions;
  readonly #inputs: readonly CallInput[];
  readonly #outputs: readonly ResolvedOutput[];
  readonly #steps: readonly GraphStep[];

  /** @throws InframeError where adapters do not fit the signature (Rule 4) */
  constructor(name: string, loaded: LoadedModel, options: ModelOptions) {
    this.name = name;
    this.#loaded = loaded;
    this.#options = options;
    const adapters = outputAdapters(options);
    const offsets = Object.values(adapters).some(({ adapter }) => adapter === 'tokens');
    const { constants = {} } = loaded;
    const fed = loaded.signature.inputs.filter(input => !Object.hasOwn(constants, input.name));
    const resolved = resolveInputs(name, fed, inputAdapters(options), offsets);
    this.#inputs = resolved.inputs;
    const outputs = knownOutputs(loaded);
    const context = { modelName: name, outputs, inputs: resolved.inputs };
    const wanted = [...new Set(outputNames(options.outputs) ?? outputs.map(output => output.name))];
    this.#outputs = wanted.map(wantedName => {
      const output = outputs.find(each => each.name === wantedName);
      if (output === undefined) throw unknownOutput(name, wantedName, outputs);
      const adapter = Object.hasOwn(adapters, wantedName) ? adapters[wantedName] : undefined;
      return adapter === undefined ? rawOutput(output) : resolveOutput(output, adapter, context);
    });
    const constant = Object.entries(constants).map(
      ([input, { value, like }]): GraphStep => ({ kind: 'constantInput', input, value, like }),
    );
    // What the network reads is only settled behind the outputs: their steps name its own inputs.
    this.#steps = [...this.#outputs.flatMap(({ steps }) => steps), ...constant, ...resolved.steps];
  }

  get outputNames(): readonly string[] {
    return this.#outputs.map(({ binding }) => binding.name);
  }

  bind(args: ModelArguments, typeOf: (expr: Expr) => DataType, schema: Schema): ModelCall {
    const { path, sha256, bytes, signature, batch, threads, workers } = this.#loaded;
    const bound = bindArguments(this.name, this.#inputs, args, typeOf, schema, columnsGiven(this.#options));
    const tensors = [...new Set(this.#outputs.flatMap(output => output.tensors))];
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
        widenedOutputs: named16(signature.outputs).filter(name => tensors.includes(name)),
        ...(this.#steps.length === 0 ? {} : { steps: this.#steps }),
        outputs: tensors,
      },
    };
    const rest = {
      kind: 'model',
      model,
      modelName: this.name,
      inputs: bound.inputs,
      outputs: this.#outputs.map(({ binding }) => binding),
      misfits: bound.misfits,
      nulls: this.#options.nulls ?? 'null',
      onError: this.#options.onError ?? 'null',
      batchRows: batch.kind === 'fixed' ? batch.size : batchRows(bound.inputs, this.#options.batchSize),
      runRows: batch.kind === 'fixed' ? batch.size : runRows(this.#options.batchSize),
    } as const;
    const descriptor: NetworkCallDescriptor = { ...rest, key: callHash(rest) };
    const outputs = rest.outputs.map(output => ({ name: output.name, type: outputType(output) }));
    const type: DataType = outputs.length === 1 ? outputs[0]!.type : { kind: 'struct', fields: outputs };
    const { args: read, argTypes } = bound;
    return { modelName: this.name, deterministic: true, args: read, argTypes, descriptor, outputs, type };
  }

  get inputColumns(): Readonly<Record<string, readonly string[]>> {
    const given = columnsGiven(this.#options);
    return Object.fromEntries(this.#inputs.map(input => [input.name, given[input.name] ?? [usualColumn(input)]]));
  }

  describe(): ModelDescription {
    const { path, signature } = this.#loaded;
    const tensors = this.#outputs.flatMap(output => output.tensors);
    const given = signature.outputs.filter(({ name }) => tensors.includes(name));
    const inputs = this.#inputs.map(input => {
      const described = describeInput(input);
      return { ...described, accepts: acceptedContent(input) ?? described.accepts };
    });
    return { kind: 'model', path, inputs, outputs: given.map(describeOutput) };
  }
}

function knownOutputs({ signature, outputDims, activations }: LoadedModel): readonly KnownOutput[] {
  return signature.outputs.map(output => ({
    ...output,
    rowDims: outputDims[output.name] ?? [],
    activation: activations?.[output.name],
  }));
}

function unknownOutput(modelName: string, name: string, outputs: readonly TensorInfo[]): InframeError {
  return new InframeError(
    'ARGUMENT_INVALID',
    `output '${name}' is not one of model '${modelName}'; it has: ${listNames(outputs.map(output => output.name))}`,
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
