/*
 * Resampling by a windowed sinc: between samples a sound is the sum of its samples, each times a sinc of the distance, cut
 * to a finite length by Kaiser's window.
 *
 * Sources: J. O. Smith, "Digital Audio Resampling Home Page", https://ccrma.stanford.edu/~jos/resample/ (the sum, and its
 * stretching when the rate falls); A. V. Oppenheim and R. W. Schafer, "Discrete-Time Signal Processing", 7.6 (Kaiser's
 * window, its beta and its length out of the attenuation and the width of the transition).
 */

/** What lies above the new Nyquist frequency is weakened by so many decibels at least. */
const ATTENUATION = 90;
/** Zero crossings of the sinc on each side. */
const CROSSINGS = 48;
/** Kaiser's formula for attenuations above 50 dB. */
const BETA = 0.1102 * (ATTENUATION - 8.7);
/** Half the transition's width, in parts of the Nyquist frequency; the band ends there, so that all of it lies below. */
const HALF_TRANSITION = (ATTENUATION - 7.95) / (2.285 * 2 * CROSSINGS * Math.PI) / 2;
/** More weights than this are not kept, but interpolated: rates without a common divisor have as many phases as samples. */
const MOST_WEIGHTS = 2 ** 20;
/** Interpolated between so many phases a zero crossing: linear between them errs by (pi^2 / 3) / (8 * 512^2) < 2e-6 at most. */
const POINTS = 512;

/**
 * The mean of the channels: one channel of sound.
 *
 * @returns the channel itself where there is one
 */
export function toMono(channels: readonly Float32Array[]): Float32Array {
  const [first, ...others] = channels;
  if (others.length === 0) return first!;
  return first!.map((value, at) => {
    let sum = value;
    for (const other of others) sum += other[at]!;
    return sum / channels.length;
  });
}

/** How many samples a sound of `length` has at another rate: as many as begin before its end. */
export function resampledLength(length: number, from: number, to: number): number {
  return Math.ceil((length * to) / from);
}

/**
 * A sound at another rate; silence is taken to be before and after it.
 *
 * @param from samples a second, a whole number
 * @param to the same of the result
 * @param most no more samples than this are made
 * @returns {@link resampledLength} samples; the same array where nothing is to be done
 */
export function resample(signal: Float32Array, from: number, to: number, most = Infinity): Float32Array {
  if (from === to) return signal;
  const divisor = greatestCommonDivisor(from, to);
  const [up, down] = [to / divisor, from / divisor];
  const output = new Float32Array(Math.min(resampledLength(signal.length, from, to), most));
  // A lower rate: the sinc is stretched, which cuts off what the new rate cannot hold.
  const band = Math.min(1, up / down) * (1 - HALF_TRANSITION);
  const reach = CROSSINGS / band;
  const taps = 2 * Math.ceil(reach) + 1;
  const weightsOf = up * taps <= MOST_WEIGHTS ? keptWeights(up, taps, band) : interpolatedWeights(up, taps, band);
  /*
   * Plainly: output[n] = sum over k of signal[k] * kernel(k - n * down / up). Of n * down = whole * up + phase, the weights
   * depend on the phase alone (polyphase), and signal[k] counts from whole - (taps - 1) / 2 on.
   */
  const half = (taps - 1) / 2;
  let whole = 0;
  let phase = 0;
  for (let n = 0; n < output.length; n++) {
    const weights = weightsOf(phase);
    const start = whole - half;
    const end = Math.min(taps, signal.length - start);
    let sum = 0;
    for (let tap = Math.max(0, -start); tap < end; tap++) sum += weights[tap]! * signal[start + tap]!;
    output[n] = sum;
    phase += down;
    const step = Math.floor(phase / up);
    whole += step;
    phase -= step * up;
  }
  return output;
}

/** The weights of every phase, made when the phase is first met. */
function keptWeights(up: number, taps: number, band: number): (phase: number) => Float64Array {
  const kept: (Float64Array | undefined)[] = Array.from({ length: up });
  return phase => {
    kept[phase] ??= phaseWeights(taps, phase / up, band);
    return kept[phase];
  };
}

/**
 * The weights of a phase, between those of its two neighbours among a few that are kept, in memory that the next phase takes
 * over. A lower band makes the weights smoother, and needs fewer of them: whatever the rates, about as many values are kept.
 */
function interpolatedWeights(up: number, taps: number, band: number): (phase: number) => Float64Array {
  const points = Math.ceil(POINTS * band);
  const pointAt = keptWeights(points, taps, band);
  const last = phaseWeights(taps, 1, band);
  const weights = new Float64Array(taps);
  return phase => {
    const place = (phase / up) * points;
    const index = Math.floor(place);
    const share = place - index;
    const before = pointAt(index);
    const behind = index + 1 < points ? pointAt(index + 1) : last;
    for (let tap = 0; tap < taps; tap++) weights[tap] = before[tap]! + share * (behind[tap]! - before[tap]!);
    return weights;
  };
}

/** @param fraction how far behind the middle tap the output lies, from 0 to 1 */
function phaseWeights(taps: number, fraction: number, band: number): Float64Array {
  const half = (taps - 1) / 2;
  const weights = new Float64Array(taps).map((_, tap) => kernel((tap - half - fraction) * band));
  // So that a constant stays what it is, whatever the phase.
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map(weight => weight / sum);
}

/** A sinc under Kaiser's window. @param x in zero crossings from the middle */
function kernel(x: number): number {
  const place = x / CROSSINGS;
  if (Math.abs(place) >= 1) return 0;
  const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  return (sinc * besselI0(BETA * Math.sqrt(1 - place * place))) / besselI0(BETA);
}

/** The modified Bessel function of order 0, as its series: sum of ((x / 2)^k / k!)^2. Abramowitz and Stegun, 9.6.12. */
function besselI0(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
