import type { Sharp } from 'sharp';
import { cmykToRgb, luma, rgbToGrey, toRgb } from './colours.js';
import { formatOf, type PictureFormat } from './format.js';
import { type PictureGeometry, type Place, placeOf, planPlacement, type Size } from './geometry.js';
import { jpegFrame } from './jpeg-header.js';
import { open, reasonOf } from './libvips.js';
import { PictureError } from './picture-error.js';
import { resample } from './resample.js';
import type { Raster } from './scale.js';

export type { PictureGeometry, Place } from './geometry.js';
export { PictureError } from './picture-error.js';

/** A picture of the size that was wanted: bytes line by line, RGB or grey. */
export interface Picture extends Raster {
  readonly channels: 1 | 3;
  /** The picture it was made of, after the turn that its EXIF data asks for. */
  readonly source: Size;
  readonly place: Place;
}

/** Pixels that need no decoding: bytes line by line, grey, RGB or RGB and alpha. */
export interface RawPixels extends Raster {
  readonly channels: 1 | 3 | 4;
}

/**
 * Decodes, turns, resizes and crops one picture.
 *
 * The pixels are those of Pillow's `ImageOps.exif_transpose(Image.open(...)).convert('RGB')` and its antialiased `resize`: profiles are
 * ignored, of 16 bits the upper 8 are kept, CMYK is mixed without a profile.
 *
 * @param bytes the file; not to be changed while this runs
 * @throws PictureError for everything that is wrong with the picture
 * @example const { data } = await decodePicture(bytes, image('imagenet'))  // 224 * 224 * 3 bytes
 */
export async function decodePicture(bytes: Uint8Array, wanted: PictureGeometry): Promise<Picture> {
  return resizePixels(await decodePixels(bytes, wanted.maxPixels, wanted.alpha === 'blend'), wanted);
}

/** The same for pixels that are there already. @throws PictureError */
export function resizePixels(raw: RawPixels, wanted: PictureGeometry): Picture {
  const source = Object.freeze({ width: raw.width, height: raw.height });
  if (raw.width * raw.height > wanted.maxPixels) throw tooManyPixels(source, wanted.maxPixels);
  const placement = planPlacement(source, wanted);
  const grey = wanted.channels === 'grey';
  const data = inChannels(raw, wanted);
  const background = grey ? [luma(...wanted.background)] : wanted.background;
  const channels = grey ? 1 : 3;
  const result = resample({ ...source, data, channels }, placement, wanted.kernel, background, wanted.maxPixels);
  return { ...result, channels, source, place: placeOf(source, placement) };
}

function inChannels(raw: RawPixels, wanted: PictureGeometry): Uint8Array {
  const opaque = raw.channels === 4 && wanted.alpha === 'blend' ? blended(raw.data, wanted.background) : raw.data;
  if (wanted.channels !== 'grey') return toRgb(opaque, raw.channels);
  return raw.channels === 1 ? opaque : rgbToGrey(toRgb(opaque, raw.channels));
}

/** Pixels and alpha over a background; alpha stays where it is. */
function blended(rgba: Uint8Array, background: PictureGeometry['background']): Uint8Array {
  const mixed = new Uint8Array(rgba);
  for (let at = 0; at < mixed.length; at += 4) {
    const alpha = rgba[at + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      mixed[at + channel] = Math.round((rgba[at + channel]! * alpha + background[channel]! * (255 - alpha)) / 255);
    }
  }
  return mixed;
}

/**
 * All pixels of a file, turned upright, as RGB.
 *
 * @param keepAlpha gives four channels, whether or not the file has alpha (but CMYK never has)
 * @throws PictureError
 */
export async function decodePixels(bytes: Uint8Array, maxPixels: number, keepAlpha: boolean): Promise<RawPixels> {
  const format = formatOf(bytes);
  try {
    const picture = open(bytes, maxPixels, { autoOrient: true });
    const cmyk =
      format === 'jpeg'
        ? jpegFrame(bytes)?.components === 4
        : format === 'tiff' && (await open(bytes, maxPixels).metadata()).space === 'cmyk';
    if (cmyk) {
      const { data, width, height } = await pixels(picture.pipelineColourspace('cmyk').toColourspace('cmyk'), 4);
      return { data: cmykToRgb(data), width, height, channels: 3 };
    }
    return keepAlpha ? await pixels(picture.ensureAlpha(), 4) : await pixels(picture.removeAlpha(), 3);
  } catch (error) {
    if (!/exceeds pixel limit/i.test(String(error))) throw reasonOf(error, bytes, format);
    throw tooManyPixels(await sizeOf(bytes, format), maxPixels);
  }
}

async function pixels<C extends 3 | 4>(picture: Sharp, channels: C): Promise<Raster & { readonly channels: C }> {
  const { data: buffer, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  // As plain bytes: a Buffer's `slice` is no copy.
  const data = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const { width, height } = info;
  if (info.channels === channels) return { data, width, height, channels };
  if (channels === 3) return { data: toRgb(data, info.channels), width, height, channels };
  throw new PictureError(`the picture has ${info.channels} channels, which do not make colours`);
}

function tooManyPixels({ width, height }: Size, most: number): PictureError {
  return new PictureError(`the picture has ${width * height} pixels, more than the limit of ${most}`);
}

/** From the header alone. */
async function sizeOf(bytes: Uint8Array, format: PictureFormat): Promise<Size> {
  try {
    const { width, height } = await open(bytes, Number.MAX_SAFE_INTEGER).metadata();
    return { width, height };
  } catch (error) {
    throw reasonOf(error, bytes, format);
  }
}
