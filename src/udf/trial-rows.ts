import { numericArray } from './dtypes.js';
import type { Tensor } from './runtime.js';
import type { TensorInfo } from './signature.js';

/** Made-up inputs: tensors of `count` rows. */
export interface Rows {
  readonly count: number;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** What dimensions that the file leaves open are taken for in one trial. */
export interface TrialSizes {
  /** Height and width: of inputs of four dimensions or more. */
  readonly picture: number;
  /** The channels of pictures, where open too, and where they stand. */
  readonly channels: { readonly axis: 1 | 3; readonly size: number } | undefined;
  /** Everything else: tokens, samples, frames. */
  readonly other: number;
}

/** Small first; then what networks ask for that halve a picture five times, or know one size only. */
const PICTURES = [4, 32, 64, 224, 256, 336, 384, 512] as const;

/** Small first; then what networks ask for that skip through sound in steps of some hundred samples. */
const OTHERS = [4, 32, 512, 4096] as const;

/**
 * Sizes worth a trial, most likely first: a network with open dimensions may still refuse some (pictures below 32 pixels,
 * say, or anything but 224). A network of pictures is tried with short texts only.
 */
export function trialSizes(inputs: readonly TensorInfo[]): readonly TrialSizes[] {
  const isOpen = ({ dims }: TensorInfo): boolean => dims?.slice(1).some(dim => typeof dim !== 'number') ?? true;
  const open = inputs.filter(isOpen);
  const pictures = open.filter(isPicture);
  if (pictures.length === 0) {
    const sizes = open.length === 0 ? OTHERS.slice(0, 1) : OTHERS;
    return sizes.map(other => ({ picture: PICTURES[0], channels: undefined, other }));
  }
  const channels = pictures.map(channelChoices).find(choices => choices.length > 0) ?? [undefined];
  return PICTURES.flatMap(picture => channels.map(choice => ({ picture, channels: choice, other: OTHERS[0] })));
}

/**
 * Larger sizes, to see which sizes of the outputs follow: far larger first, since what halves a picture five times makes
 * 1 x 1 of 4 and of 8 pixels alike. What took multiples of 32 takes them again.
 */
export function largerSizes(sizes: TrialSizes): readonly TrialSizes[] {
  const steps = (size: number) => (size < 32 ? [size * 16, size + 3, size * 2] : [size * 2, size + 32, size * 2]);
  const [pictures, others] = [steps(sizes.picture), steps(sizes.other)];
  return pictures.map((picture, step) => ({ ...sizes, picture, other: others[step]! }));
}

function isPicture({ dims }: TensorInfo): boolean {
  return dims !== undefined && dims.length >= 4;
}

/** Of [N, C, H, W] and [N, H, W, C] whose C is open: colours or grey in the first, colours in the second. */
function channelChoices({ dims }: TensorInfo): readonly NonNullable<TrialSizes['channels']>[] {
  if (dims?.length !== 4 || typeof dims[1] === 'number') return [];
  const last = dims[3];
  if (typeof last === 'number' && last <= MOST_CHANNELS) return [];
  const first = [3, 1].map(size => ({ axis: 1 as const, size }));
  return typeof last === 'number' ? first : [...first, { axis: 3, size: 3 }];
}

/** A last dimension up to this is channels, not a width. */
const MOST_CHANNELS = 4;

/**
 * The same numbers every time: small, of both signs for floats, 0 and 1 for integers (a valid index nearly everywhere).
 * Dimensions of one name are of one size in all inputs.
 */
export function makeRows(inputs: readonly TensorInfo[], count: number, sizes: TrialSizes): Rows {
  let state = 12345;
  const next = (): number => {
    // Park and Miller's minimal standard generator, CACM 31(10), 1988.
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const named = namedSizes(inputs, sizes);
  const tensors: Record<string, Tensor> = {};
  for (const input of inputs) {
    const own = input.dims ?? [undefined, undefined];
    const dims = own.map((dim, axis) => {
      if (axis === 0) return count;
      if (typeof dim === 'number') return dim;
      return (dim === undefined ? undefined : named.get(dim)) ?? sizeOf(input, axis, sizes);
    });
    tensors[input.name] = madeUp(input.dtype === 'float16' ? 'float32' : input.dtype, dims, next);
  }
  return { count, tensors };
}

/** What a name stands for; where inputs differ, the picture decides. */
function namedSizes(inputs: readonly TensorInfo[], sizes: TrialSizes): ReadonlyMap<string, number> {
  const named = new Map<string, number>();
  for (const input of [...inputs.filter(isPicture), ...inputs.filter(input => !isPicture(input))]) {
    input.dims?.forEach((dim, axis) => {
      if (axis > 0 && typeof dim === 'string' && !named.has(dim)) named.set(dim, sizeOf(input, axis, sizes));
    });
  }
  return named;
}

function sizeOf(input: TensorInfo, axis: number, sizes: TrialSizes): number {
  if (!isPicture(input)) return sizes.other;
  return sizes.channels?.axis === axis ? sizes.channels.size : sizes.picture;
}

function madeUp(dtype: Tensor['dtype'], dims: readonly number[], next: () => number): Tensor {
  const length = dims.reduce((product, dim) => product * dim, 1);
  if (dtype === 'string') return { dtype, dims, data: Array.from({ length }, () => (next() < 0.5 ? 'a' : 'b')) };
  const data = numericArray(dtype, length);
  const float = data instanceof Float32Array || data instanceof Float64Array;
  for (let index = 0; index < length; index++) {
    const value = float ? next() * 2 - 1 : Math.round(next());
    data[index] = data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(value) : value;
  }
  return { dtype, dims, data };
}
