import { resolve } from 'node:path';
import { InframeError, listNames, nearest, shown } from '../../../frame/errors.js';
import type { AudioAdapter, ContentSource, MelOptions } from '../adapter.js';

/** What published networks of sound take. */
export type AudioPresetName = 'whisper' | 'wav2vec2';

/** What can be said of sound; what is left out is the preset's, or the default. */
export interface AudioOptions {
  /** What a family of published networks takes. Other options change single parts of it. */
  readonly preset?: AudioPresetName;
  /** Samples a second the network wants; sound of another rate is resampled. Default 16 000. */
  readonly sampleRate?: number;
  /** Samples a row: longer sound is cut, shorter filled with silence. Default: what the signature says, or as long as it is. */
  readonly samples?: number;
  /** The same, in seconds. */
  readonly seconds?: number;
  /** To zero mean and unit variance, each row by itself. Default false. */
  readonly normalize?: boolean;
  /** A log-mel spectrogram instead of the waveform; what is left out is 80 bands of 400 samples every 160, as log10. */
  readonly mel?: Partial<MelOptions>;
  /** Sound of more seconds is a failed row. Default 600. */
  readonly maxSeconds?: number;
  /** The folder that paths are relative to and must not leave. Default: the working directory. */
  readonly folder?: string;
  /** Hosts that http(s) URLs may name, as `'example.org'` or `'example.org:8080'`. Default none. */
  readonly hosts?: readonly string[];
  /** A file of more bytes is a failed row. Default 256 MiB. */
  readonly maxBytes?: number;
}

const OPTIONS: readonly (keyof AudioOptions)[] = [
  'preset',
  'sampleRate',
  'samples',
  'seconds',
  'normalize',
  'mel',
  'maxSeconds',
  'folder',
  'hosts',
  'maxBytes',
];

const MEL_OPTIONS: readonly (keyof MelOptions)[] = [
  'fftSize',
  'hop',
  'bands',
  'low',
  'high',
  'scale',
  'power',
  'log',
  'layout',
  'center',
];

const MEL_WORDS = {
  scale: ['slaney', 'htk'],
  log: ['none', 'ln', 'log10', 'whisper'],
  layout: ['bands-first', 'frames-first'],
} as const;

interface Preset {
  readonly sampleRate: number;
  readonly samples?: number;
  readonly normalize?: boolean;
  readonly mel?: MelOptions;
}

/** Sources: Whisper's audio.py (30 s of 16 kHz, 80 bands) and transformers' feature_extraction_wav2vec2.py. */
const PRESETS: Readonly<Record<AudioPresetName, Preset>> = Object.freeze({
  whisper: {
    sampleRate: 16_000,
    samples: 480_000,
    mel: {
      fftSize: 400,
      hop: 160,
      bands: 80,
      low: 0,
      high: 8000,
      scale: 'slaney',
      power: 2,
      log: 'whisper',
      layout: 'bands-first',
      center: true,
    },
  },
  wav2vec2: { sampleRate: 16_000, normalize: true },
});

/** The rates that are resampled to. */
const RATES = [1000, 192_000] as const;
/** As float32 these are half a gibibyte a row. */
const MOST_SAMPLES = 2 ** 27;

/**
 * Says that a column holds sound (bytes of WAV, MP3 or FLAC, paths, or URLs) and how the network takes it.
 *
 * @param options a preset's name, or options one by one; nothing is needed where the network takes a waveform of 16 kHz
 * @returns frozen plain data, for `session.model(path, { inputs: { x: audio('wav2vec2') } })`
 * @throws InframeError ARGUMENT_INVALID for an option or value that does not exist or does not fit the others
 * @example audio('whisper')
 * @example audio({ sampleRate: 8000, seconds: 2 })
 * @example audio({ mel: { bands: 64, log: 'ln' } })
 */
export function audio(options: AudioOptions | AudioPresetName = {}): AudioAdapter {
  const given: AudioOptions = checkNames('', typeof options === 'string' ? { preset: options } : options, OPTIONS);
  const preset = presetOf(given.preset);
  const sampleRate = whole('sampleRate', given.sampleRate, ...RATES) ?? preset?.sampleRate ?? 16_000;
  return Object.freeze({
    adapter: 'audio',
    sampleRate,
    samples: samplesOf(given, sampleRate) ?? presetSamples(preset, sampleRate),
    normalize: flag('normalize', given.normalize) ?? preset?.normalize ?? false,
    mel: melOf(given.mel, preset, sampleRate),
    maxSeconds: number('maxSeconds', given.maxSeconds, 0, 86_400) ?? 600,
    source: sourceOf(given),
  });
}

function refuse(option: string, value: unknown, remedy: string): InframeError {
  return new InframeError('ARGUMENT_INVALID', `option '${option}' of audio() is ${shown(value)}; ${remedy}`, {
    option,
  });
}

function didYouMean(wrong: unknown, known: readonly string[]): string {
  const guess = typeof wrong === 'string' ? nearest(wrong, known) : undefined;
  return guess === undefined ? '' : ` (did you mean '${guess}'?)`;
}

/** @param of what stands before the names: nothing, or `mel.` */
function checkNames(of: '' | 'mel.', options: unknown, known: readonly string[]): object {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    if (of === 'mel.') throw refuse('mel', options, 'give options of a spectrogram, such as { bands: 64 }');
    throw new InframeError(
      'ARGUMENT_INVALID',
      `argument of audio() is ${shown(options)}; give a preset's name, such as 'whisper', or options, such as { sampleRate: 16000 }`,
    );
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new InframeError(
      'ARGUMENT_INVALID',
      `option '${of}${name}' of audio() is not known; there are: ${listNames(known)}${didYouMean(name, known)}`,
      { option: `${of}${name}` },
    );
  }
  return options;
}

function presetOf(name: unknown): Preset | undefined {
  if (name === undefined) return undefined;
  const known = Object.keys(PRESETS) as AudioPresetName[];
  const found = known.find(each => each === name);
  if (found !== undefined) return PRESETS[found];
  throw refuse('preset', name, `there are: ${listNames(known)}${didYouMean(name, known)}`);
}

function whole(option: string, value: unknown, least: number, most: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw refuse(option, value, `give a whole number from ${least} to ${most}`);
}

/** Above `least`, which itself is too little. */
function number(option: string, value: unknown, least: number, most: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > least && value <= most) return value;
  throw refuse(option, value, `give a number above ${least} and at most ${most}`);
}

function flag(option: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw refuse(option, value, 'give true or false');
}

function samplesOf({ samples, seconds }: AudioOptions, sampleRate: number): number | undefined {
  const count = whole('samples', samples, 1, MOST_SAMPLES);
  const length = number('seconds', seconds, 0, MOST_SAMPLES / sampleRate);
  if (length === undefined) return count;
  if (count !== undefined) throw refuse('seconds', seconds, `samples are given too, as ${count}; give either`);
  return Math.max(1, Math.round(length * sampleRate));
}

/** A preset's length is a time: of another rate there are more samples in it, or fewer. */
function presetSamples(preset: Preset | undefined, sampleRate: number): number | undefined {
  return preset?.samples === undefined ? undefined : Math.round((preset.samples / preset.sampleRate) * sampleRate);
}

function melOf(value: unknown, preset: Preset | undefined, sampleRate: number): MelOptions | undefined {
  const base = preset?.mel;
  if (value === undefined && base === undefined) return undefined;
  const given: Partial<MelOptions> = checkNames('mel.', value ?? {}, MEL_OPTIONS);
  const word = <K extends keyof typeof MEL_WORDS>(option: K): (typeof MEL_WORDS)[K][number] | undefined => {
    const own: unknown = given[option];
    if (own === undefined) return undefined;
    const known: readonly (typeof MEL_WORDS)[K][number][] = MEL_WORDS[option];
    const found = known.find(each => each === own);
    if (found !== undefined) return found;
    throw refuse(`mel.${option}`, own, `there are: ${listNames(known)}${didYouMean(own, known)}`);
  };
  const fftSize = whole('mel.fftSize', given.fftSize, 16, 16_384) ?? base?.fftSize ?? 400;
  const mel: MelOptions = {
    fftSize,
    hop: whole('mel.hop', given.hop, 1, 16_384) ?? base?.hop ?? 160,
    bands: whole('mel.bands', given.bands, 1, fftSize) ?? base?.bands ?? 80,
    low: given.low === 0 ? 0 : (number('mel.low', given.low, 0, sampleRate / 2) ?? base?.low ?? 0),
    high: number('mel.high', given.high, 0, sampleRate / 2) ?? Math.min(base?.high ?? Infinity, sampleRate / 2),
    scale: word('scale') ?? base?.scale ?? 'slaney',
    power: number('mel.power', given.power, 0, 4) ?? base?.power ?? 2,
    log: word('log') ?? base?.log ?? 'log10',
    layout: word('layout') ?? base?.layout ?? 'bands-first',
    center: flag('mel.center', given.center) ?? base?.center ?? true,
  };
  if (mel.low >= mel.high) throw refuse('mel.low', mel.low, `the bands end at ${mel.high} Hz; give less than that`);
  return Object.freeze(mel);
}

function sourceOf({ folder, hosts, maxBytes }: AudioOptions): ContentSource {
  if (folder !== undefined && (typeof folder !== 'string' || folder === '' || folder.includes('\0'))) {
    throw refuse('folder', folder, "give the path of a folder, such as 'recordings'");
  }
  return Object.freeze({
    folder: resolve(folder ?? process.cwd()),
    hosts: Object.freeze(hostsOf(hosts)),
    maxBytes: whole('maxBytes', maxBytes, 1, 2 ** 31 - 1) ?? 256 * 2 ** 20,
  });
}

function hostsOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  const isHost = (each: unknown): each is string =>
    typeof each === 'string' && /^[\w.-]+(?::\d+)?$|^\[[\da-f:.]+\](?::\d+)?$/i.test(each);
  if (Array.isArray(value) && value.every(isHost)) return value.map(each => each.toLowerCase());
  throw refuse('hosts', value, "give a list of host names, such as ['sounds.example.org']");
}
