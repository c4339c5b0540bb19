import { decodePicture, type RawPixels } from './decode.js';
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
const CV_8UC3 = 16;

/** Files become at most this many pixels: beyond it Spark's `data` would not fit into a value of 2 GiB. */
const MOST_PIXELS = Math.floor((2 ** 31 - 1) / 3);

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
 * A file as Spark's image struct: blue, green, red, whatever the file holds, and turned upright.
 *
 * @param origin where the file is from
 * @throws PictureError
 */
export async function toSparkImage(bytes: Uint8Array, origin: string, maxPixels: number): Promise<SparkImage> {
  const { data, width, height } = await decodePicture(bytes, {
    width: undefined,
    height: undefined,
    resize: 'none',
    shorterSide: undefined,
    crop: 'center',
    kernel: 'nearest',
    channels: 'RGB',
    background: [0, 0, 0],
    alpha: 'drop',
    maxPixels: Math.min(maxPixels, MOST_PIXELS),
  });
  return Object.freeze({ origin, height, width, nChannels: 3, mode: CV_8UC3, data: redFirst(data, 3) });
}

/** Red and blue change places; the same way there and back. */
function redFirst(data: Uint8Array, channels: number): Uint8Array {
  const turned = data.slice();
  for (let at = 0; at < data.length; at += channels) {
    turned[at] = data[at + 2]!;
    turned[at + 2] = data[at]!;
  }
  return turned;
}
