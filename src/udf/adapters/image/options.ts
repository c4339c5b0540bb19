import { resolve } from 'node:path';
import { InframeError, listNames, nearest, shown } from '../../../frame/errors.js';
import type { ContentSource, ImageAdapter } from '../adapter.js';
import { IMAGE_PRESETS, type Preset, type PresetName } from './presets.js';

export { IMAGE_PRESETS, type PresetName } from './presets.js';

/** What can be said of pictures; what is left out is the preset's, or the default. */
export interface ImageOptions {
  /** What a family of published networks takes: `'imagenet'`, `'clip'`, `'vit'`, `'yolo'` ... Other options change single parts of it. */
  readonly preset?: PresetName;
  /** Pixels; default: what the network's signature says. */
  readonly width?: number;
  readonly height?: number;
  /** Width and height at once. */
  readonly size?: number;
  /** Default `'exact'`; with `shorterSide`, `'shorter'`. See {@link ImageAdapter.resize}. */
  readonly resize?: ImageAdapter['resize'];
  readonly shorterSide?: number;
  /** What a crop keeps. Default `'center'`. */
  readonly crop?: ImageAdapter['crop'];
  /** Antialiased when a picture shrinks, as Pillow's are. Default `'bilinear'`. */
  readonly kernel?: ImageAdapter['kernel'];
  /** Default `'RGB'`. */
  readonly channels?: ImageAdapter['channels'];
  /** What 0 and 255 become, before mean and deviation. Default `[0, 255]`. */
  readonly range?: readonly [low: number, high: number];
  /** One a channel, in the order the network takes them, or one for all. */
  readonly mean?: number | readonly number[];
  readonly std?: number | readonly number[];
  /** Default: what the network's signature says. */
  readonly layout?: 'NCHW' | 'NHWC';
  /** Red, green, blue from 0 to 255, or one grey: behind letterboxes, padding and blended pixels. Default black. */
  readonly background?: number | readonly [red: number, green: number, blue: number];
  /** Of transparent pixels: `'drop'` keeps the colours as stored (default), `'blend'` puts them on the background. */
  readonly alpha?: ImageAdapter['alpha'];
  /** A picture of more pixels is a failed row, and is not decoded. Default 100 million. */
  readonly maxPixels?: number;
  /** The folder that paths are relative to and must not leave. Default: the working directory. */
  readonly folder?: string;
  /** Hosts that http(s) URLs may name, as `'example.org'` or `'example.org:8080'`. Default none. */
  readonly hosts?: readonly string[];
  /** A file of more bytes is a failed row. Default 256 MiB. */
  readonly maxBytes?: number;
}

/** The sides of a tensor of pictures; more is a slip of the finger. */
const MOST_SIDE = 16_384;
/** Three bytes a pixel of more than this are not one piece of memory. */
const MOST_PIXELS = 1_000_000_000;

const WORDS = {
  resize: ['exact', 'shorter', 'letterbox', 'none'],
  crop: ['center', 'top-left', 'top-right', 'bottom-left', 'bottom-right'],
  kernel: ['nearest', 'bilinear', 'bicubic', 'lanczos'],
  channels: ['RGB', 'BGR', 'grey'],
  layout: ['NCHW', 'NHWC'],
  alpha: ['drop', 'blend'],
} as const;

const OPTIONS: readonly (keyof ImageOptions)[] = [
  'preset',
  'width',
  'height',
  'size',
  'resize',
  'shorterSide',
  'crop',
  'kernel',
  'channels',
  'range',
  'mean',
  'std',
  'layout',
  'background',
  'alpha',
  'maxPixels',
  'folder',
  'hosts',
  'maxBytes',
];

/**
 * Says that a column holds pictures (bytes, paths, URLs, or Spark's image struct) and how the network takes them.
 *
 * @param options a preset's name, or options one by one; nothing is needed where the network takes RGB from 0 to 255 and says its size
 * @returns frozen plain data, for `session.model(path, { inputs: { x: image('imagenet') } })`
 * @throws InframeError ARGUMENT_INVALID for an option or value that does not exist or does not fit the others
 * @example image('imagenet')
 * @example image({ preset: 'imagenet', size: 384, shorterSide: 440 })
 * @example image({ channels: 'BGR', mean: [104, 117, 123] })
 */
export function image(options: ImageOptions | PresetName = {}): ImageAdapter {
  const given = checkNames(typeof options === 'string' ? { preset: options } : options);
  const preset = presetOf(given.preset);
  const shorterSide = whole('shorterSide', given.shorterSide, MOST_SIDE);
  const resize =
    word('resize', given.resize) ?? (shorterSide === undefined ? undefined : 'shorter') ?? preset.resize ?? 'exact';
  const channels = word('channels', given.channels) ?? preset.channels ?? 'RGB';
  const adapter: ImageAdapter = {
    adapter: 'image',
    ...sizeOf(given, preset),
    resize,
    shorterSide: shorterSide ?? (resize === 'shorter' ? preset.shorterSide : undefined),
    crop: word('crop', given.crop) ?? 'center',
    kernel: word('kernel', given.kernel) ?? preset.kernel ?? 'bilinear',
    channels,
    range: rangeOf(given.range) ?? preset.range ?? [0, 255],
    mean: numbers('mean', given.mean, channels) ?? presetNumbers('mean', preset, channels),
    std: deviations(given.std, channels) ?? presetNumbers('std', preset, channels),
    layout: word('layout', given.layout),
    background: backgroundOf(given.background) ?? preset.background ?? [0, 0, 0],
    alpha: word('alpha', given.alpha) ?? 'drop',
    maxPixels: whole('maxPixels', given.maxPixels, MOST_PIXELS) ?? 100_000_000,
    source: sourceOf(given),
  };
  checkTogether(adapter);
  for (const list of [adapter.range, adapter.mean, adapter.std, adapter.background]) Object.freeze(list);
  return Object.freeze(adapter);
}

function refuse(option: string, value: unknown, remedy: string): InframeError {
  return new InframeError('ARGUMENT_INVALID', `option '${option}' of image() is ${shown(value)}; ${remedy}`, {
    option,
  });
}

function didYouMean(wrong: unknown, known: readonly string[]): string {
  const guess = typeof wrong === 'string' ? nearest(wrong, known) : undefined;
  return guess === undefined ? '' : ` (did you mean '${guess}'?)`;
}

function checkNames(options: unknown): ImageOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `argument of image() is ${shown(options)}; give a preset's name, such as 'imagenet', or options, such as { size: 224 }`,
    );
  }
  for (const name of Object.keys(options)) {
    if (OPTIONS.some(known => known === name)) continue;
    throw new InframeError(
      'ARGUMENT_INVALID',
      `option '${name}' of image() is not known; there are: ${listNames(OPTIONS)}${didYouMean(name, OPTIONS)}`,
      { option: name },
    );
  }
  return options;
}

function presetOf(name: unknown): Preset {
  if (name === undefined) return {};
  const known = Object.keys(IMAGE_PRESETS) as PresetName[];
  const found = known.find(each => each === name);
  if (found !== undefined) return IMAGE_PRESETS[found];
  throw refuse('preset', name, `there are: ${listNames(known)}${didYouMean(name, known)}`);
}

function word<K extends keyof typeof WORDS>(option: K, value: unknown): (typeof WORDS)[K][number] | undefined {
  if (value === undefined) return undefined;
  const known: readonly (typeof WORDS)[K][number][] = WORDS[option];
  const found = known.find(each => each === value);
  if (found !== undefined) return found;
  throw refuse(option, value, `there are: ${listNames(known)}${didYouMean(value, known)}`);
}

function whole(option: string, value: unknown, most: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw refuse(option, value, `give a whole number from 1 to ${most}`);
}

function sizeOf(given: ImageOptions, preset: Preset): Pick<ImageAdapter, 'width' | 'height'> {
  const size = whole('size', given.size, MOST_SIDE);
  const width = whole('width', given.width, MOST_SIDE);
  const height = whole('height', given.height, MOST_SIDE);
  if (size !== undefined && (width !== undefined || height !== undefined)) {
    throw refuse('size', size, 'it stands for width and height, of which one is given too; give either');
  }
  // `none` leaves a picture's size alone, and so does a preset that is told so.
  const fallback = given.resize === 'none' ? {} : preset;
  return { width: size ?? width ?? fallback.width, height: size ?? height ?? fallback.height };
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(each => typeof each === 'number' && Number.isFinite(each));
}

function rangeOf(value: unknown): ImageAdapter['range'] | undefined {
  if (value === undefined) return undefined;
  if (isNumbers(value) && value.length === 2 && value[0] !== value[1]) return [value[0]!, value[1]!];
  throw refuse('range', value, 'give what 0 and 255 become, such as [0, 1] or [-1, 1]');
}

function countOf(channels: ImageAdapter['channels']): number {
  return channels === 'grey' ? 1 : 3;
}

function numbers(option: string, value: unknown, channels: ImageAdapter['channels']): readonly number[] | undefined {
  if (value === undefined) return undefined;
  const count = countOf(channels);
  const list: unknown = typeof value === 'number' ? Array.from({ length: count }, () => value) : value;
  if (isNumbers(list) && (list.length === count || list.length === 0)) return [...list];
  const example = count === 1 ? '[0.449]' : '[0.485, 0.456, 0.406]';
  throw refuse(
    option,
    value,
    `of ${channels} pictures give ${count === 1 ? 'one number' : 'three numbers'}, such as ${example}`,
  );
}

function deviations(value: unknown, channels: ImageAdapter['channels']): readonly number[] | undefined {
  const list = numbers('std', value, channels);
  if (list?.some(each => each <= 0)) throw refuse('std', value, 'give numbers above 0: pixels are divided by them');
  return list;
}

/** A preset's are in the order of the preset's channels: told to take the opposite order, they turn round with the channels. */
function presetNumbers(option: 'mean' | 'std', preset: Preset, channels: ImageAdapter['channels']): readonly number[] {
  const list = preset[option];
  if (list === undefined) return [];
  if (channels === 'grey') {
    throw refuse(
      'channels',
      channels,
      `the preset's ${option} is of three channels; give ${option} too, as one number`,
    );
  }
  return channels === (preset.channels ?? 'RGB') ? [...list] : list.toReversed();
}

function backgroundOf(value: unknown): ImageAdapter['background'] | undefined {
  if (value === undefined) return undefined;
  const list: unknown = typeof value === 'number' ? [value, value, value] : value;
  if (isNumbers(list) && list.length === 3 && list.every(each => Number.isInteger(each) && each >= 0 && each <= 255)) {
    return [list[0]!, list[1]!, list[2]!];
  }
  throw refuse('background', value, 'give red, green and blue from 0 to 255, such as [114, 114, 114]');
}

function sourceOf({ folder, hosts, maxBytes }: ImageOptions): ContentSource {
  if (folder !== undefined && (typeof folder !== 'string' || folder === '' || folder.includes('\0'))) {
    throw refuse('folder', folder, "give the path of a folder, such as 'photos'");
  }
  return Object.freeze({
    folder: resolve(folder ?? process.cwd()),
    hosts: Object.freeze(hostsOf(hosts)),
    maxBytes: whole('maxBytes', maxBytes, 2 ** 31 - 1) ?? 256 * 2 ** 20,
  });
}

function hostsOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  const isHost = (each: unknown): each is string =>
    typeof each === 'string' && /^[\w.-]+(?::\d+)?$|^\[[\da-f:.]+\](?::\d+)?$/i.test(each);
  if (Array.isArray(value) && value.every(isHost)) return value.map(each => each.toLowerCase());
  throw refuse('hosts', value, "give a list of host names, such as ['images.example.org']");
}

/** What each part may be is checked; these are options that do not fit each other. */
function checkTogether({ width, height, resize, shorterSide, crop }: ImageAdapter): void {
  if (shorterSide !== undefined && resize !== 'shorter') {
    throw refuse('shorterSide', shorterSide, `it is for resize 'shorter', and resize is '${resize}'`);
  }
  const side = Math.max(width ?? 0, height ?? 0);
  if (shorterSide !== undefined && shorterSide < side) {
    throw refuse(
      'shorterSide',
      shorterSide,
      `no ${width ?? '?'} x ${height ?? '?'} pixels can be cut out of it; give ${side} or more`,
    );
  }
  if (crop !== 'center' && (resize === 'exact' || resize === 'letterbox')) {
    throw refuse('crop', crop, `nothing is cropped where resize is '${resize}'; give resize 'shorter' or 'none'`);
  }
}
