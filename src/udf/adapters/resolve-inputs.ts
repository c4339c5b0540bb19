import { InframeError, listNames, nearest } from '../../frame/errors.js';
import type { PictureBinding, SoundBinding, TextBinding } from '../descriptor.js';
import { describeTensor, type TensorInfo } from '../signature.js';
import type { AudioAdapter, ImageAdapter, InputAdapter, TextAdapter } from './adapter.js';
import type { GraphStep } from './graph-step.js';

/** What a call gives an argument for: an input as it is, or what an adapter makes of a picture, text or sound. */
export interface CallInput extends TensorInfo {
  readonly adapter?:
    | Omit<PictureBinding, 'form' | 'columns'>
    | Omit<TextBinding, 'columns'>
    | Omit<SoundBinding, 'form' | 'columns'>;
}

/** What adapters make of a model's inputs. */
export interface ResolvedInputs {
  /** In the order of the model's inputs; inputs that an adapter fills beside its own are not among them. */
  readonly inputs: readonly CallInput[];
  readonly steps: readonly GraphStep[];
}

/** The column that feeds an adapter's input where nothing else is said, beside the one of the input's own name. */
export const USUAL_COLUMNS: Readonly<Record<'image' | 'text' | 'audio', string>> = Object.freeze({
  image: 'image',
  text: 'text',
  audio: 'audio',
});

/**
 * Fits adapters to the inputs of a model.
 *
 * @param offsets true where an output needs to know where tokens stand in their text
 * @throws InframeError ARGUMENT_INVALID for an input the model does not have, SHAPE_MISMATCH where an adapter does not fit
 */
export function resolveInputs(
  modelName: string,
  inputs: readonly TensorInfo[],
  adapters: ReadonlyMap<string, InputAdapter>,
  offsets: boolean,
): ResolvedInputs {
  const steps: GraphStep[] = [];
  const resolved = new Map<string, CallInput>();
  const filled = new Set<string>();
  for (const [name, adapter] of adapters) {
    const info = inputs.find(input => input.name === name);
    if (info === undefined) throw unknownInput(modelName, name, inputs);
    switch (adapter.adapter) {
      case 'image': {
        const { input, step } = resolvePicture(modelName, info, adapter);
        resolved.set(name, input);
        steps.push(step);
        break;
      }
      case 'audio': {
        const { input, steps: own } = resolveSound(modelName, info, adapter);
        resolved.set(name, input);
        steps.push(...own);
        break;
      }
      case 'text': {
        const input = resolveText(modelName, info, inputs, adapter, offsets);
        resolved.set(name, input);
        const { mask, types } = input.adapter as TextBinding;
        for (const other of [mask, types]) if (other !== undefined) filled.add(other);
      }
    }
  }
  const left = inputs.filter(({ name }) => !filled.has(name)).map(input => resolved.get(input.name) ?? input);
  return { inputs: left, steps };
}

function unknownInput(modelName: string, name: string, inputs: readonly TensorInfo[]): InframeError {
  const names = inputs.map(input => input.name);
  const guess = nearest(name, names);
  return new InframeError(
    'ARGUMENT_INVALID',
    `input '${name}' is not one of model '${modelName}'; it has: ${listNames(names)}${guess === undefined ? '' : ` (did you mean '${guess}'?)`}`,
  );
}

/** Where height, width and channels stand among the dimensions of a picture input. */
interface PictureShape {
  readonly layout: 'NCHW' | 'NHWC';
  readonly height: number | undefined;
  readonly width: number | undefined;
  readonly channels: number | undefined;
}

function resolvePicture(
  modelName: string,
  info: TensorInfo,
  adapter: ImageAdapter,
): { readonly input: CallInput; readonly step: GraphStep } {
  const label = `input '${info.name}' (${describeTensor(info)}) of model '${modelName}'`;
  const shape = pictureShape(info, adapter);
  if (shape === undefined) {
    throw new InframeError(
      'SHAPE_MISMATCH',
      `${label} is no picture: that would be 3 or 4 dimensions such as [N, 3, 224, 224] or [N, 224, 224, 3]; leave image() out`,
    );
  }
  const channels = adapter.channels === 'grey' ? 1 : 3;
  if (shape.channels !== undefined && shape.channels !== channels) {
    throw new InframeError(
      'SHAPE_MISMATCH',
      `${label} takes pictures of ${shape.channels} channel${shape.channels === 1 ? '' : 's'}, but image() gives '${adapter.channels}'; say channels: ${shape.channels === 1 ? "'grey'" : "'RGB' or 'BGR'"}`,
    );
  }
  const side = (what: 'width' | 'height'): number | undefined => {
    const wanted = adapter[what];
    const own = shape[what];
    if (wanted !== undefined && own !== undefined && wanted !== own) {
      throw new InframeError(
        'SHAPE_MISMATCH',
        `${label} takes pictures of ${what} ${own}, but image() says ${wanted}; leave ${what} out`,
      );
    }
    return wanted ?? own;
  };
  const [width, height] = [side('width'), side('height')];
  if ((width === undefined || height === undefined) && adapter.resize !== 'exact' && adapter.resize !== 'none') {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `image() for ${label} resizes by '${adapter.resize}' but no size is known; say width and height`,
    );
  }
  // Where neither the signature nor the user gives a size, pictures stay as they are.
  const resize = width === undefined || height === undefined ? 'none' : adapter.resize;
  const { shorterSide, crop, kernel, background, alpha, maxPixels, source, range, mean, std } = adapter;
  return {
    input: {
      ...info,
      adapter: {
        name: info.name,
        layout: 'image',
        width,
        height,
        resize,
        shorterSide,
        crop,
        kernel,
        channels: adapter.channels,
        background,
        alpha,
        maxPixels,
        source,
      },
    },
    step: {
      kind: 'pictureInput',
      input: info.name,
      layout: shape.layout,
      channels: adapter.channels,
      range,
      mean,
      std,
    },
  };
}

function pictureShape({ dims }: TensorInfo, { layout, channels }: ImageAdapter): PictureShape | undefined {
  if (dims === undefined) return { layout: layout ?? 'NCHW', height: undefined, width: undefined, channels: undefined };
  const size = (at: number): number | undefined => {
    const dim = dims[at];
    return typeof dim === 'number' ? dim : undefined;
  };
  if (dims.length === 3 && channels === 'grey') {
    return { layout: layout ?? 'NCHW', height: size(1), width: size(2), channels: 1 };
  }
  if (dims.length !== 4) return undefined;
  const isChannels = (at: number): boolean => size(at) === 1 || size(at) === 3;
  const last = layout === 'NHWC' || (layout === undefined && !isChannels(1) && isChannels(3));
  return last
    ? { layout: 'NHWC', height: size(1), width: size(2), channels: size(3) }
    : { layout: 'NCHW', height: size(2), width: size(3), channels: size(1) };
}

function resolveSound(
  modelName: string,
  info: TensorInfo,
  adapter: AudioAdapter,
): { readonly input: CallInput; readonly steps: readonly GraphStep[] } {
  const { sampleRate, mel, normalize, maxSeconds, source } = adapter;
  const { name, dims } = info;
  const length = mel === undefined && dims?.length === 2 ? dims[1] : undefined;
  const own = typeof length === 'number' ? length : undefined;
  if (mel === undefined && dims !== undefined && dims.length !== 2) {
    throw new InframeError(
      'SHAPE_MISMATCH',
      `input '${name}' (${describeTensor(info)}) of model '${modelName}' is no waveform, which would be [N, samples]; say which spectrogram it wants: audio({ mel: ... })`,
    );
  }
  if (own !== undefined && adapter.samples !== undefined && own !== adapter.samples) {
    throw new InframeError(
      'SHAPE_MISMATCH',
      `input '${name}' (${describeTensor(info)}) of model '${modelName}' takes ${own} samples, but audio() says ${adapter.samples}; leave samples out`,
    );
  }
  // What is put before the network last runs first.
  const steps: GraphStep[] = [];
  if (mel !== undefined) steps.push({ kind: 'melInput', input: name, mel, sampleRate });
  if (normalize) steps.push({ kind: 'normalizeInput', input: name });
  const samples = adapter.samples ?? own;
  return {
    input: { ...info, adapter: { name, layout: 'audio', sampleRate, samples, maxSeconds, source } },
    steps,
  };
}

/** The token tensors of transformers, by the names that Hugging Face gives them. */
const MASKS = ['attention_mask', 'input_mask'];
const TYPES = ['token_type_ids', 'segment_ids'];

function resolveText(
  modelName: string,
  info: TensorInfo,
  inputs: readonly TensorInfo[],
  adapter: TextAdapter,
  offsets: boolean,
): CallInput {
  const label = `input '${info.name}' (${describeTensor(info)}) of model '${modelName}'`;
  if ((info.dtype !== 'int64' && info.dtype !== 'int32') || (info.dims !== undefined && info.dims.length !== 2)) {
    throw new InframeError(
      'SHAPE_MISMATCH',
      `${label} takes no token ids, which would be int64[N, tokens]; name the input that does`,
    );
  }
  const named = (names: readonly string[]): string | undefined => {
    const found = inputs.find(({ name, dtype }) => names.includes(name) && dtype === info.dtype);
    return found?.name;
  };
  const dim = info.dims?.[1];
  const length = typeof dim === 'number' ? dim : undefined;
  const { tokenizer, sha256, truncation, specialTokens, padId } = adapter;
  return {
    ...info,
    adapter: {
      name: info.name,
      layout: 'text',
      dtype: info.dtype,
      tokenizer,
      sha256,
      truncation,
      specialTokens,
      padId,
      maxLength:
        Math.min(adapter.maxLength ?? Number.POSITIVE_INFINITY, length ?? Number.POSITIVE_INFINITY) ===
        Number.POSITIVE_INFINITY
          ? undefined
          : Math.min(adapter.maxLength ?? Number.POSITIVE_INFINITY, length ?? Number.POSITIVE_INFINITY),
      length,
      mask: named(MASKS),
      types: named(TYPES),
      offsets,
    },
  };
}
