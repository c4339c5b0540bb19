import type { ImageAdapter } from '../adapters/adapter.js';
import { type ImageOptions, image } from '../adapters/image/options.js';
import type { TensorInfo } from '../signature.js';
import { IMAGE_PROCESSORS, type ImageProcessorDefaults, imageProcessorOf } from './image-processors.js';
import { madeFrom, type Settings } from './json.js';

/** An adapter, and what there is to say about it. */
export interface Configured<T> {
  readonly adapter: T;
  /** Where it does otherwise than the model's own program, in sentences. */
  readonly notes: readonly string[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Pillow's `Image.Resampling`, by number. */
const KERNELS = ['nearest', 'lanczos', 'bilinear', 'bicubic'] as const;

/** Settings that this file reads, and those that change nothing here: annotations, batches, how arrays are handed over. */
const READ = (
  'image_processor_type feature_extractor_type processor_class size max_size resample crop_size crop_pct rescale_factor ' +
  'rescale_offset image_mean image_std include_top do_resize do_center_crop do_rescale do_normalize do_convert_rgb ' +
  'do_flip_channel_order do_pad pad_size'
).split(' ');
const HARMLESS = (
  'format do_reduce_labels reduce_labels do_convert_annotations return_segmentation_masks data_format input_data_format ' +
  'return_tensors device disable_grouping num_channels _valid_processor_keys _processor_class auto_map image_seq_length ' +
  'pad_and_return_pixel_mask size_divisor num_labels ignore_index'
).split(' ');

/**
 * How pictures are fed, as a `preprocessor_config.json` says it.
 *
 * @param settings of that file
 * @param modelType `model_type` of the `config.json`
 * @param tensor the input they go into
 * @throws InframeError MODEL_UNSUPPORTED for steps that the adapter of pictures does not have; MODEL_INVALID for settings of
 *   another type
 */
export function imageInput(
  settings: Settings,
  modelType: string | undefined,
  tensor: TensorInfo,
): Configured<ImageAdapter> {
  const defaults = defaultsOf(settings, modelType);
  checkSteps(settings, defaults.kind);
  const notes: string[] = [];
  const grey = channelsOf(tensor) === 1;
  const options: Writable<ImageOptions> = { ...pixels(settings, defaults, grey) };
  if (grey) options.channels = 'grey';
  else if (settings.flag('do_flip_channel_order') ?? defaults.kind === 'MobileViT') options.channels = 'BGR';
  if (settings.flag('do_resize') ?? true) {
    Object.assign(options, { kernel: kernelOf(settings, defaults) }, sizes(settings, defaults, notes));
  } else {
    options.resize = 'none';
  }
  crop(options, settings, defaults, notes);
  fixSides(options, tensor, notes);
  return { adapter: madeFrom(settings.what, () => image(options)), notes };
}

interface Defaults extends ImageProcessorDefaults {
  readonly kind: string | undefined;
}

/** What a class that is not known would do is only known where its file says all of it. */
function defaultsOf(settings: Settings, modelType: string | undefined): Defaults {
  const className = settings.text('image_processor_type') ?? settings.text('feature_extractor_type');
  const kind = imageProcessorOf(className, modelType);
  if (kind !== undefined && Object.hasOwn(IMAGE_PROCESSORS, kind)) return { kind, ...IMAGE_PROCESSORS[kind]! };
  const needed = ['do_resize', 'do_normalize', 'do_rescale', 'do_center_crop'];
  if (settings.get('do_resize') !== false) needed.push('size', 'resample');
  if (settings.get('do_rescale') !== false) needed.push('rescale_factor');
  if (settings.get('do_normalize') !== false) needed.push('image_mean', 'image_std');
  if (settings.get('do_center_crop') === true) needed.push('crop_size');
  const missing = needed.find(name => settings.get(name) === undefined);
  if (missing === undefined) return { kind: undefined, ...IMAGE_PROCESSORS['ViT']! };
  throw settings.unsupported(
    className === undefined || settings.get('image_processor_type') !== undefined
      ? 'image_processor_type'
      : 'feature_extractor_type',
    `which is not known here, and the file does not say '${missing}'`,
    'say how pictures are fed: inputs: { pixel_values: image({ ... }) }',
  );
}

function checkSteps(settings: Settings, kind: string | undefined): void {
  const remedy = 'say how pictures are fed: inputs: { pixel_values: image({ ... }) }';
  for (const name of settings.names) {
    if (READ.includes(name) || HARMLESS.includes(name)) continue;
    const value = settings.get(name);
    if (value === undefined || value === false) continue;
    throw settings.unsupported(name, 'a step that is not known here', remedy);
  }
  // A picture is padded to the largest of its batch; alone it is not, and here rows of unlike size never share a batch.
  const pads = settings.flag('do_pad') === true && kind !== 'Detr' && kind !== 'Yolos';
  if (pads) throw settings.unsupported('do_pad', 'and padding is not known of this processor', remedy);
  if (settings.get('pad_size') !== undefined)
    throw settings.unsupported('pad_size', 'and pictures are not padded here', remedy);
  if (settings.get('size_divisor') !== undefined) {
    throw settings.unsupported('size_divisor', 'and sides are not rounded here', remedy);
  }
}

function channelsOf({ dims }: TensorInfo): number | undefined {
  const channels = [dims?.[1], dims?.[3]].find(dim => dim === 1 || dim === 3);
  return typeof channels === 'number' ? channels : undefined;
}

/** What pixels become: `pixel * factor`, then mean and deviation. */
function pixels(settings: Settings, defaults: Defaults, grey: boolean): Pick<ImageOptions, 'range' | 'mean' | 'std'> {
  const rescale = settings.flag('do_rescale') ?? true;
  const factor = rescale ? (settings.number('rescale_factor') ?? 1 / 255) : 1;
  if (factor === 0) throw settings.refused('rescale_factor', 'above 0');
  const offset = rescale && settings.flag('rescale_offset') === true ? -1 : 0;
  // 0.00392156862745098 * 255 is 1 as it is meant.
  const high = Math.abs(factor * 255 - Math.round(factor * 255)) < 1e-9 ? Math.round(factor * 255) : factor * 255;
  const range = [offset, high + offset] as const;
  if (!(settings.flag('do_normalize') ?? defaults.normalize !== undefined)) return { range, mean: [], std: [] };
  const normalize = defaults.normalize ?? IMAGE_PROCESSORS['ViT']!.normalize!;
  const mean = values(settings, 'image_mean', normalize.mean, grey);
  const std = values(settings, 'image_std', normalize.std, grey);
  if ([std].flat().some(value => value <= 0)) throw settings.refused('image_std', 'above 0');
  // EfficientNet with its last layer divides by the deviation once more.
  const again = defaults.kind === 'EfficientNet' && (settings.flag('include_top') ?? true);
  return { range, mean, std: again ? [std].flat().map(value => value * value) : std };
}

function values(
  settings: Settings,
  name: string,
  preset: readonly number[],
  grey: boolean,
): number | readonly number[] {
  const value = settings.numbers(name) ?? (grey ? preset[0]! : preset);
  const channels = grey ? 1 : 3;
  if (typeof value === 'number' || value.length === channels) return value;
  throw settings.refused(name, `${channels} numbers, one a channel`);
}

function kernelOf(settings: Settings, defaults: Defaults): ImageOptions['kernel'] {
  const number = settings.whole('resample') ?? defaults.resample;
  const kernel = KERNELS[number];
  if (kernel !== undefined) return kernel;
  throw settings.unsupported('resample', "Pillow's box or hamming kernel", `kernels here are: ${KERNELS.join(', ')}`);
}

/** `size` as width and height, or as the shorter side. */
function sizes(settings: Settings, defaults: Defaults, notes: string[]): Partial<ImageOptions> {
  const given = settings.get('size');
  const size = typeof given === 'number' ? undefined : settings.object('size');
  const side = typeof given === 'number' ? settings.whole('size', 1) : undefined;
  const edge = (name: string): number | undefined => {
    if (side !== undefined)
      return defaults.square === (name !== 'shortest_edge') && name !== 'longest_edge' ? side : undefined;
    return size === undefined ? defaults.size[name] : size.whole(name, 1);
  };
  const [height, width] = [edge('height'), edge('width')];
  if (height !== undefined && width !== undefined) return { resize: 'exact', width, height };
  const shortest = edge('shortest_edge');
  if (shortest === undefined) {
    throw settings.unsupported(
      'size',
      'which is neither height and width nor the shortest edge',
      'say how pictures are fed: inputs: { pixel_values: image({ ... }) }',
    );
  }
  if (defaults.kind === 'ConvNext') return convNext(settings, shortest);
  const longest = edge('longest_edge') ?? settings.whole('max_size', 1);
  if (longest !== undefined) {
    notes.push(
      `${settings.what} limits the longer side of a picture to ${longest} pixels; here only its shorter side is set, to ${shortest}, ` +
        `so pictures of a ratio above ${(longest / shortest).toFixed(2)} are fed larger`,
    );
  }
  return { resize: 'shorter', shorterSide: shortest };
}

/** Below 384 the part `crop_pct` of a larger picture, else all of it whatever its shape. */
function convNext(settings: Settings, side: number): Partial<ImageOptions> {
  if (side >= 384) return { resize: 'exact', width: side, height: side };
  const part = settings.number('crop_pct') ?? 224 / 256;
  if (!(part > 0 && part <= 1)) throw settings.refused('crop_pct', 'between 0 and 1');
  return { resize: 'shorter', shorterSide: Math.floor(side / part), width: side, height: side };
}

function crop(options: Writable<ImageOptions>, settings: Settings, defaults: Defaults, notes: string[]): void {
  if (!(settings.flag('do_center_crop') ?? defaults.crop !== undefined)) return;
  const given = settings.get('crop_size');
  const size = typeof given === 'number' ? undefined : settings.object('crop_size');
  const side =
    typeof given === 'number' ? settings.whole('crop_size', 1) : (size?.whole('shortest_edge', 1) ?? defaults.crop);
  const [width, height] = [size?.whole('width', 1) ?? side, size?.whole('height', 1) ?? side];
  if (width === undefined || height === undefined) throw settings.refused('crop_size', 'a height and a width');
  if (options.resize === 'exact') {
    const { width: fromWidth, height: fromHeight } = options;
    if (fromWidth === width && fromHeight === height) return;
    if (fromWidth !== fromHeight) {
      throw settings.unsupported(
        'crop_size',
        'a crop of a picture of set shape',
        'say inputs: { pixel_values: image({ ... }) }',
      );
    }
    notes.push(
      `${settings.what} squeezes pictures into ${fromWidth} x ${fromHeight} pixels before it crops them; here they keep their shape, ` +
        'so pictures that are not square are fed otherwise',
    );
    options.resize = 'shorter';
    options.shorterSide = fromWidth!;
  }
  const { shorterSide } = options;
  if (shorterSide !== undefined && shorterSide < Math.max(width, height)) {
    throw settings.unsupported(
      'crop_size',
      `more than the ${shorterSide} pixels of the shorter side`,
      'say inputs: { pixel_values: image({ ... }) }',
    );
  }
  Object.assign(options, { width, height });
}

/** A network of set size does not take pictures of any. */
function fixSides(options: Writable<ImageOptions>, { name, dims }: TensorInfo, notes: string[]): void {
  const last = dims?.[3] === 1 || dims?.[3] === 3;
  options.layout = last && dims?.[1] !== 1 && dims?.[1] !== 3 ? 'NHWC' : 'NCHW';
  if (options.width !== undefined || options.height !== undefined) return;
  const [height, width] = last && options.layout === 'NHWC' ? [dims?.[1], dims?.[2]] : [dims?.[2], dims?.[3]];
  if (typeof height !== 'number' || typeof width !== 'number') return;
  delete options.shorterSide;
  Object.assign(options, { resize: 'exact', width, height });
  notes.push(
    `input '${name}' takes ${width} x ${height} pixels only, so pictures are squeezed into that, whatever their shape`,
  );
}
