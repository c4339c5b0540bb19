import type { ImageAdapter } from '../adapter.js';

/**
 * Which pixels of a line an output pixel is made of, and how much of each: Pillow's way, to the bit.
 *
 * Line `index` sums `counts[index]` pixels from `starts[index]` on, times the integers of `weights` from `index * width` on: fractions of
 * 2^22, so that 8 bits of colour and the overshoot of a bicubic kernel fit into a 32-bit sum.
 */
export interface Weights {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Int32Array;
  /** Weights a line. */
  readonly width: number;
}

/** Bits behind the point of a weight: 32, less 8 of colour, less 2 for sign and overshoot. */
export const PRECISION = 22;

interface Kernel {
  /** It is zero further out than this. */
  readonly support: number;
  readonly at: (x: number) => number;
}

const KERNELS: Readonly<Record<Exclude<ImageAdapter['kernel'], 'nearest'>, Kernel>> = {
  bilinear: { support: 1, at: x => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, at: cubic },
  lanczos: { support: 3, at: x => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -0.5. */
function cubic(x: number): number {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/**
 * The weights of output pixels `from` to `to` of a line of `length` pixels that is scaled to `scaled` pixels.
 *
 * When a picture shrinks the kernel is stretched by the same factor, so that every pixel counts ("antialiased"). Pixel centres lie at
 * halves; weights that would fall off the line's ends are left out and the others sum to 1 again.
 */
export function weightsOf(
  kernel: ImageAdapter['kernel'],
  length: number,
  scaled: number,
  from: number,
  to: number,
): Weights {
  const scale = length / scaled;
  if (kernel === 'nearest') return nearest(length, scale, from, to);
  const { support, at } = KERNELS[kernel];
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  const width = Math.min(Math.ceil(reach) * 2 + 1, length);
  const count = to - from;
  const starts = new Int32Array(count);
  const counts = new Int32Array(count);
  const weights = new Int32Array(count * width);
  const real = new Float64Array(width);
  for (let index = 0; index < count; index++) {
    const center = (from + index + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - reach + 0.5));
    const taps = Math.min(length, Math.trunc(center + reach + 0.5)) - start;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const weight = at((start + tap - center + 0.5) * (1 / stretch));
      real[tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < taps; tap++) {
      const weight = (sum === 0 ? real[tap]! : real[tap]! / sum) * 2 ** PRECISION;
      weights[index * width + tap] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    starts[index] = start;
    counts[index] = taps;
  }
  return { starts, counts, weights, width };
}

/** A line of more pixels than this is not walked from its start. */
const WALKED = 1_000_000;

/** The pixel under each output pixel's centre. Pillow walks there step by step, and the rounding of its sum decides between two pixels. */
function nearest(length: number, scale: number, from: number, to: number): Weights {
  const starts = new Int32Array(to - from);
  let center = to <= WALKED ? 0.5 * scale : (from + 0.5) * scale;
  for (let pixel = to <= WALKED ? 0 : from; pixel < to; pixel++) {
    if (pixel >= from) starts[pixel - from] = Math.min(length - 1, Math.floor(center));
    center += scale;
  }
  return {
    starts,
    counts: new Int32Array(starts.length).fill(1),
    weights: new Int32Array(starts.length).fill(2 ** PRECISION),
    width: 1,
  };
}
