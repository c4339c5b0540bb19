import { rgbToGrey } from './colours.js';
import { decodePixels, type RawPixels } from './decode.js';
import { formatOf } from './format.js';
import { open, reasonOf } from './libvips.js';
import { PictureError } from './picture-error.js';

/** One value of {@link SPARK_IMAGE_TYPE}. */
export interface SparkImage {
  readonly origin: string;
  readonly height: number;
  readonly width: number;
  readonly nChannels: number;
  readonly mode: number;
  readonly data: Uint8Array;
}

/** OpenCV's numbers for unsigned bytes: 8 more for each further channel. Spark writes -1 for a picture it could not read. */
const CHANNELS: Readonly<Record<number, RawPixels['channels']>> = { 0: 1, 16: 3, 24: 4 };
const MODES = { 1: 0, 3: 16, 4: 24 } as const;

/** Spark's `data` of more bytes would not fit into one value of a row. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * The pixels of Spark's image struct, for `resizePixels`.
 *
 * @throws PictureError where Spark could not read the picture, or its fields contradict each other
 */
export function fromSparkImage({ height, width, nChannels, mode, data }: Omit<SparkImage, 'origin'>): RawPixels {
  if (mode === -1) throw new PictureError('Spark could not read the picture (its mode is -1)');
  const channels = CHANNELS[mode];
  if (channels === undefined) throw new PictureError(`the picture's mode is ${mode}; 0, 16 and 24 are read`);
  if (nChannels !== channels) {
    throw new PictureError(`the picture's mode ${mode} is of ${channels} channels, and nChannels is ${nChannels}`);
  }
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new PictureError(`the picture is ${width} x ${height} pixels`);
  }
  if (data.length !== width * height * channels) {
    throw new PictureError(
      `the picture has ${data.length} bytes; ${width} x ${height} pixels of ${channels} are ${width * height * channels}`,
    );
  }
  return { data: channels === 1 ? data : redFirst(data, channels), width, height, channels };
}

/**
 * A file as Spark's image struct, turned upright: one channel where the file is grey, four where it has alpha, else three.
 *
 * @param origin where the file is from
 * @throws PictureError
 */
export async function toSparkImage(bytes: Uint8Array, origin: string, maxPixels = 100_000_000): Promise<SparkImage> {
  const nChannels = await channelsOf(bytes);
  const most = Math.min(maxPixels, Math.floor(MOST_BYTES / nChannels));
  const { data, width, height } = await decodePixels(bytes, most, nChannels === 4);
  const stored = nChannels === 1 ? rgbToGrey(data) : redFirst(data, nChannels);
  return Object.freeze({ origin, height, width, nChannels, mode: MODES[nChannels], data: stored });
}

async function channelsOf(bytes: Uint8Array): Promise<RawPixels['channels']> {
  const format = formatOf(bytes);
  try {
    const { hasAlpha, channels } = await open(bytes, Number.MAX_SAFE_INTEGER).metadata();
    return hasAlpha ? 4 : channels === 1 ? 1 : 3;
  } catch (error) {
    throw reasonOf(error, bytes, format);
  }
}

/** Red and blue change places; the same way there and back. */
function redFirst(data: Uint8Array, channels: number): Uint8Array {
  const turned = new Uint8Array(data);
  for (let at = 0; at < data.length; at += channels) {
    turned[at] = data[at + 2]!;
    turned[at + 2] = data[at]!;
  }
  return turned;
}
