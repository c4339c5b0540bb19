import { InframeError } from '../../../frame/errors.js';
import type { MelOptions } from '../../adapters/adapter.js';
import { describeTensor, type TensorInfo } from '../../signature.js';
import type { Dim } from '../dims.js';
import { dtypeCode } from '../dtype.js';
import { beforeInput, inputInfo } from '../insert.js';
import type { ModelProto } from '../onnx_pb.js';
import { Operators } from '../operators.js';
import { melFilters } from './mel-filters.js';

/** What a band holds at least before its logarithm is taken: 1e-10, as Whisper and librosa have it. */
const FLOOR = 1e-10;

/** How much of its variance keeps a silent row from being divided by 0: 1e-7, as Wav2Vec2's feature extractor has it. */
const LEAST_VARIANCE = 1e-7;

/**
 * Lets an input be given as sound that is then brought to zero mean and unit variance, each row (last axis) by itself:
 * `(x - mean) / sqrt(variance + 1e-7)`. It is fed as float32, in the shape the network has.
 *
 * @throws InframeError ARGUMENT_INVALID when there is no such input; MODEL_UNSUPPORTED when it is of strings, has fewer
 *   than two dimensions, or is an output as well.
 */
export function waveformNormalizeInput(model: ModelProto, name: string): ModelProto {
  const info = inputInfo(model, name);
  const rank = info.dims?.length ?? 0;
  if (rank < 2) throw noSound(info, 'a waveform [N, samples]');
  checkFloat(info);
  const axes = [rank - 1];
  return beforeInput(model, name, 'normalized', { elemType: dtypeCode('float32') }, (from, to, graph, opset) => {
    const operators = new Operators(graph, opset, name);
    const centred = operators.add('Sub', [from, operators.reduce('ReduceMean', from, axes, true)]);
    const variance = operators.reduce('ReduceMean', operators.add('Mul', [centred, centred]), axes, true);
    const least = operators.constant('float32', [], [LEAST_VARIANCE]);
    const deviation = operators.add('Sqrt', [operators.add('Add', [variance, least])]);
    const last = info.dtype === 'float32' ? to : undefined;
    const normal = operators.add('Div', [centred, deviation], {}, last);
    if (last === undefined) operators.cast(normal, info.dtype, to);
    return operators.nodes;
  });
}

/**
 * Lets an input that wants a mel spectrogram be given as the sound itself: float32 [N, samples]. The graph cuts it into
 * frames of `fftSize` samples every `hop` under a Hann window (the periodic one), takes their Fourier transforms, sums
 * them into bands, and takes the logarithm: `log10` and `ln` of no less than 1e-10, or Whisper's, which leaves out the
 * last frame and never goes 8 below the row's largest. The network's input may be [N, bands, frames] (or the other way
 * round, as `layout` says), or have an axis of 1 beside those.
 *
 * A network of a fixed number of frames is fed the samples that give as many ({@link melSamples}).
 *
 * Framing, window and transform are one Conv, whose kernels are waves under the window. Measured on one core with ONNX
 * Runtime 1.30, 30 s at 16 kHz, hop 160, 80 bands: 11 ms for 400 points (the STFT operator of opset 17: 156 ms), 16 ms for
 * 512 (36 ms), 53 ms for 1024 (75 ms).
 *
 * @throws InframeError ARGUMENT_INVALID for options that make no spectrogram, or no such input; MODEL_UNSUPPORTED for an
 *   input that takes no spectrogram of such a size, or is an output as well.
 */
export function melInput(model: ModelProto, name: string, mel: MelOptions, sampleRate: number): ModelProto {
  checkOptions(mel, sampleRate);
  const info = inputInfo(model, name);
  const { frames, channelAxis } = spectrogramShape(info, mel);
  const samples: Dim = frames === undefined ? 'samples' : melSamples(mel, frames);
  const change = { dims: [info.dims?.[0], samples], elemType: dtypeCode('float32') };
  return beforeInput(model, name, 'spectrogram', change, (from, to, graph, opset) => {
    const operators = new Operators(graph, opset, name);
    let x = bandEnergies(operators, from, mel, sampleRate);
    if (frames !== undefined) x = operators.slice(x, 2, 0, frames);
    else if (mel.log === 'whisper') x = operators.slice(x, 2, 0, -1);
    x = logarithm(operators, x, mel.log);
    if (mel.layout === 'frames-first') x = operators.add('Transpose', [x], { perm: [0, 2, 1] });
    if (channelAxis !== undefined) x = operators.unsqueeze(x, [channelAxis]);
    if (info.dtype === 'float32') operators.add('Identity', [x], {}, to);
    else operators.cast(x, info.dtype, to);
    return operators.nodes;
  });
}

/** Frames of a spectrogram of so many samples; 0 or less when they are too few for one. */
export function melFrames(mel: MelOptions, samples: number): number {
  const padding = mel.center ? 2 * Math.floor(mel.fftSize / 2) : 0;
  return Math.floor((samples + padding - mel.fftSize) / mel.hop) + 1 - (mel.log === 'whisper' ? 1 : 0);
}

/** The least samples that give so many frames: 480 000 for Whisper's 3 000 (30 s of 16 kHz, hop 160). */
export function melSamples(mel: MelOptions, frames: number): number {
  const padding = mel.center ? 2 * Math.floor(mel.fftSize / 2) : 0;
  const hops = mel.log === 'whisper' ? frames : frames - 1;
  return Math.max(leastSamples(mel), hops * mel.hop + mel.fftSize - padding);
}

/** Fewer samples than this make no spectrogram: there is no frame, or nothing to reflect. */
export function leastSamples(mel: MelOptions): number {
  return mel.center ? Math.floor(mel.fftSize / 2) + 1 : mel.fftSize;
}

/** [N, samples] to [N, bands, frames]. */
function bandEnergies(operators: Operators, sound: string, mel: MelOptions, sampleRate: number): string {
  const { fftSize, hop, bands, power } = mel;
  const frequencies = Math.floor(fftSize / 2) + 1;
  const half = Math.floor(fftSize / 2);
  const padded = mel.center ? operators.reflect(sound, half, half) : sound;
  const waves = operators.constant('float32', [2 * frequencies, 1, fftSize], windowedWaves(fftSize));
  const parts = operators.add('Conv', [operators.unsqueeze(padded, [1]), waves], { strides: [hop] });
  const squares = operators.add('Mul', [parts, parts]);
  const filters = melFilters(mel, sampleRate);
  if (power === 2) {
    // Each filter twice, for the real and the imaginary half: the product of matrices then adds the two as well.
    const both = new Float32Array(bands * 2 * frequencies);
    for (let band = 0; band < bands; band++) {
      const row = filters.subarray(band * frequencies, (band + 1) * frequencies);
      both.set(row, band * 2 * frequencies);
      both.set(row, (band * 2 + 1) * frequencies);
    }
    return operators.add('MatMul', [operators.constant('float32', [bands, 2 * frequencies], both), squares]);
  }
  const halves = operators.reshape(squares, [0, 2, frequencies, -1]);
  const energy = operators.reduce('ReduceSum', halves, [1], false);
  const spectrum =
    power === 1
      ? operators.add('Sqrt', [energy])
      : operators.add('Pow', [energy, operators.constant('float32', [], [power / 2])]);
  const weights = operators.constant('float32', [bands, frequencies], Float32Array.from(filters));
  return operators.add('MatMul', [weights, spectrum]);
}

/** Kernels of the discrete Fourier transform under a Hann window: cosines of every frequency, then sines. */
function windowedWaves(size: number): Float32Array {
  const frequencies = Math.floor(size / 2) + 1;
  const waves = new Float32Array(2 * frequencies * size);
  for (let frequency = 0; frequency < frequencies; frequency++) {
    for (let sample = 0; sample < size; sample++) {
      const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * sample) / size);
      // The angle of a whole number of turns less, which cosine and sine take exactly.
      const angle = (2 * Math.PI * ((frequency * sample) % size)) / size;
      waves[frequency * size + sample] = hann * Math.cos(angle);
      waves[(frequencies + frequency) * size + sample] = hann * Math.sin(angle);
    }
  }
  return waves;
}

function logarithm(operators: Operators, energies: string, log: MelOptions['log']): string {
  if (log === 'none') return energies;
  const number = (value: number) => operators.constant('float32', [], [value]);
  const natural = operators.add('Log', [operators.clip(energies, 'float32', FLOOR, undefined)]);
  if (log === 'ln') return natural;
  const decimal = operators.add('Mul', [natural, number(Math.LOG10E)]);
  if (log === 'log10') return decimal;
  // Radford et al., 2022, https://github.com/openai/whisper/blob/main/whisper/audio.py: max(x, largest - 8), (x + 4) / 4.
  // Written as `limit + relu(x - limit)`, since Max broadcasts from version 8 on only.
  const limit = operators.add('Sub', [operators.reduce('ReduceMax', decimal, [1, 2], true), number(8)]);
  const above = operators.add('Relu', [operators.add('Sub', [decimal, limit])]);
  const raised = operators.add('Add', [operators.add('Add', [limit, number(4)]), above]);
  return operators.add('Mul', [raised, number(0.25)]);
}

interface SpectrogramShape {
  readonly frames: number | undefined;
  /** The axis of size 1 that the network has besides. */
  readonly channelAxis: 1 | 3 | undefined;
}

function spectrogramShape(info: TensorInfo, mel: MelOptions): SpectrogramShape {
  checkFloat(info);
  const { dims } = info;
  const wanted =
    mel.layout === 'bands-first'
      ? `a spectrogram [N, ${mel.bands} bands, frames]`
      : `a spectrogram [N, frames, ${mel.bands} bands]`;
  if (dims === undefined || (dims.length !== 3 && dims.length !== 4)) throw noSound(info, wanted);
  const channelAxis = dims.length === 3 ? undefined : dims[3] === 1 && dims[1] !== 1 ? 3 : 1;
  const channel = channelAxis === undefined ? 1 : dims[channelAxis];
  const [one, two] = dims.filter((_, index) => index > 0 && index !== channelAxis);
  const [bands, frames] = mel.layout === 'bands-first' ? [one, two] : [two, one];
  if ((typeof bands === 'number' && bands !== mel.bands) || (typeof channel === 'number' && channel !== 1)) {
    throw noSound(info, wanted);
  }
  return { frames: typeof frames === 'number' ? frames : undefined, channelAxis };
}

function checkFloat(info: TensorInfo): void {
  if (info.dtype !== 'float32' && info.dtype !== 'float16' && info.dtype !== 'float64') throw noSound(info, 'floats');
}

function noSound(info: TensorInfo, wanted: string): InframeError {
  return new InframeError(
    'MODEL_UNSUPPORTED',
    `input '${info.name}' (${describeTensor(info)}) of the model does not take ${wanted}; ` +
      'give other options, or name another input',
    { input: info.name },
  );
}

/** The kernels are fftSize * (fftSize + 2) floats: 67 MB here. */
const LARGEST_FFT = 4096;
const MOST_BANDS = 1024;

function checkOptions(mel: MelOptions, sampleRate: number): void {
  const { fftSize, hop, bands, low, high, power } = mel;
  const check = (fits: boolean, what: string): void => {
    if (!fits) throw new InframeError('ARGUMENT_INVALID', `mel spectrogram cannot be made: ${what}`);
  };
  const whole = (value: number, least: number, most = Number.MAX_SAFE_INTEGER) =>
    Number.isInteger(value) && value >= least && value <= most;
  const above = (value: number) => value > 0 && Number.isFinite(value);
  check(above(sampleRate), `sample rate ${sampleRate} must be a number above 0`);
  check(whole(fftSize, 2, LARGEST_FFT), `fftSize ${fftSize} must be a whole number from 2 to ${LARGEST_FFT}`);
  check(whole(hop, 1), `hop ${hop} must be a whole number from 1`);
  check(whole(bands, 1, MOST_BANDS), `bands ${bands} must be a whole number from 1 to ${MOST_BANDS}`);
  check(
    low >= 0 && low < high && high <= sampleRate / 2,
    `frequencies ${low} to ${high} must rise, and lie between 0 and half the sample rate, ${sampleRate / 2}`,
  );
  check(above(power), `power ${power} must be a number above 0`);
}
