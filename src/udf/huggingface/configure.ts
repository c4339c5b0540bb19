import { InframeError } from '../../frame/errors.js';
import type { InputAdapter, OutputAdapter } from '../adapters/adapter.js';
import { describeTensor, type ModelSignature, type TensorInfo } from '../signature.js';
import { audioInput } from './audio-input.js';
import type { FolderModel } from './folder.js';
import { type Configured, imageInput } from './image-input.js';
import { outputsFor } from './outputs.js';
import { checkTask, type Modality, type Task, taskOf } from './task.js';
import { textInput } from './text-input.js';

/** All that a folder says of its model, as options of `session.model()`. Frozen. */
export interface ConfiguredModel {
  /** The ONNX file; absolute. */
  readonly file: string;
  readonly name: string;
  readonly task: Task;
  /** By the name of the input that the column is given to: a text's mask and token types go with its ids. */
  readonly inputs: Readonly<Record<string, InputAdapter>>;
  /** The outputs that are used. Boxes of a detection stand under the output of the boxes. */
  readonly outputs: Readonly<Record<string, OutputAdapter>>;
  /** Inputs that are the same for every row, since rows of unlike size never share a batch. */
  readonly constants: Readonly<Record<string, ConstantInput>>;
  /** What there is to know: where the model's own program would do otherwise, and what was guessed. Sentences. */
  readonly notes: readonly string[];
}

/** An input that is filled with one value, in the shape its own dimensions and those of another input of the same name say. */
export interface ConstantInput {
  readonly value: 0 | 1;
  readonly like: string;
}

export interface ConfigureOptions {
  /** What the network is for, where the folder does not say it or something else is wanted. */
  readonly task?: string | undefined;
}

/** Inputs that one column of texts fills. */
const OF_TEXT = ['input_ids', 'attention_mask', 'token_type_ids'];
/** Masks of what is padding: nothing is, in a batch of rows of one size. */
const MASKS: Readonly<Record<Modality, readonly string[]>> = {
  text: [],
  image: ['pixel_mask'],
  audio: ['attention_mask'],
};
const MAIN: Readonly<Record<string, Modality>> = {
  input_ids: 'text',
  pixel_values: 'image',
  input_values: 'audio',
  input_features: 'audio',
};

/**
 * Derives from a folder's files how its network is fed and what its outputs become. Nothing is read.
 *
 * @param signature of the folder's ONNX file
 * @throws InframeError MODEL_UNSUPPORTED for settings that change numbers and cannot be followed, and for networks that no one
 *   column can feed; MODEL_INVALID for files that do not say what they should; ARGUMENT_INVALID for a task there is not
 * @example
 * const folder = await readModelFolder('models/vit');
 * const { file, inputs, outputs } = configure(folder, signature);
 */
export function configure(
  folder: FolderModel,
  signature: ModelSignature,
  options: ConfigureOptions = {},
): ConfiguredModel {
  const given = options.task === undefined ? undefined : checkTask(options.task, folder.name);
  const fed = inputsOf(folder, signature);
  const { modality } = fed;
  const task = given ?? taskOf(folder, signature, modality);
  const made = outputsFor(task, folder, signature, modality);
  return Object.freeze({
    file: folder.file,
    name: folder.name,
    task,
    inputs: Object.freeze(fed.inputs),
    outputs: Object.freeze(made.outputs),
    constants: Object.freeze(fed.constants),
    notes: Object.freeze([...fed.notes, ...made.notes]),
  });
}

interface Fed {
  /** Of the first input that a column feeds. */
  readonly modality: Modality;
  readonly inputs: Readonly<Record<string, InputAdapter>>;
  readonly constants: Readonly<Record<string, ConstantInput>>;
  readonly notes: readonly string[];
}

function inputsOf(folder: FolderModel, { inputs }: ModelSignature): Fed {
  const main = inputs.flatMap(input => {
    const modality = modalityOf(folder, input, inputs);
    return modality === undefined ? [] : [{ input, modality }];
  });
  const first = main[0];
  if (first === undefined)
    throw cannotFeed(folder, inputs[0], 'is fed by no picture, text or sound that the folder tells of');
  const configured = main.map(({ input, modality }) => ({ input, ...adapterFor(folder, modality, input) }));
  const constants: [string, ConstantInput][] = [];
  for (const input of inputs) {
    if (main.some(each => each.input === input)) continue;
    if (main.some(({ modality }) => modality === 'text') && OF_TEXT.includes(input.name)) continue;
    const masked = main.find(({ modality }) => MASKS[modality].includes(input.name));
    if (masked === undefined) throw cannotFeed(folder, input, 'is fed by no column');
    constants.push([input.name, { value: 1, like: masked.input.name }]);
  }
  return {
    modality: first.modality,
    inputs: Object.fromEntries(configured.map(({ input, adapter }) => [input.name, adapter])),
    constants: Object.fromEntries(constants),
    notes: configured.flatMap(({ notes }) => notes),
  };
}

/** By the name that exporters give inputs; of a network's only input also by what the folder holds. */
function modalityOf(folder: FolderModel, input: TensorInfo, all: readonly TensorInfo[]): Modality | undefined {
  if (Object.hasOwn(MAIN, input.name)) return MAIN[input.name];
  if (all.length > 1) return undefined;
  const rank = input.dims?.length;
  if (rank === 4 && folder.preprocessor !== undefined) return 'image';
  if (rank === 2 && input.dtype === 'int64' && folder.tokenizer !== undefined) return 'text';
  return undefined;
}

function adapterFor(folder: FolderModel, modality: Modality, input: TensorInfo): Configured<InputAdapter> {
  if (modality === 'text') return textInput(folder);
  const { preprocessor, config, name } = folder;
  if (preprocessor === undefined) {
    const [what, maker] = modality === 'image' ? ['pictures', 'image'] : ['sound', 'audio'];
    throw new InframeError(
      'MODEL_UNSUPPORTED',
      `model '${name}' takes ${what} and its folder has no preprocessor_config.json; put it there, or say how they are fed: inputs: { ${input.name}: ${maker}({ ... }) }`,
    );
  }
  const modelType = config.text('model_type');
  return modality === 'image' ? imageInput(preprocessor, modelType, input) : audioInput(preprocessor, modelType);
}

function cannotFeed({ name }: FolderModel, input: TensorInfo | undefined, why: string): InframeError {
  if (input === undefined) return new InframeError('MODEL_UNSUPPORTED', `model '${name}' has no inputs; use another`);
  const generates = /^(?:decoder_|past_key_values|encoder_hidden_states|use_cache_branch|cache_position)/.test(
    input.name,
  );
  return new InframeError(
    'MODEL_UNSUPPORTED',
    `input '${input.name}' (${describeTensor(input)}) of model '${name}' ${why}; ` +
      (generates
        ? 'it belongs to a network that generates token by token, which is not supported: use one that classifies or gives vectors'
        : 'load the ONNX file itself and feed each of its inputs with columns'),
    { input: input.name },
  );
}
