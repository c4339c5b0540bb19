import { formatOf, type PictureFormat } from './format.js';
import { open, reasonOf } from './libvips.js';

export interface PictureInfo {
  readonly format: PictureFormat;
  /** Pixels as stored, before any turn. */
  readonly width: number;
  readonly height: number;
  /** As stored: 1 grey, 2 grey and alpha, 3 colour (a palette's too), 4 colour and alpha, or CMYK. */
  readonly channels: number;
  /** EXIF: 1 upright, 3 upside down, 6 and 8 on a side, the others mirrored; 1 where nothing is said. */
  readonly orientation: number;
}

/**
 * What a picture's header says; no pixel is decoded, so that it costs the same for every size, and a picture of too many pixels is
 * described as well.
 *
 * @throws PictureError where the content is no picture
 */
export async function pictureInfo(bytes: Uint8Array): Promise<PictureInfo> {
  const format = formatOf(bytes);
  try {
    const { width, height, channels, orientation } = await open(bytes, Number.MAX_SAFE_INTEGER).metadata();
    return Object.freeze({ format, width, height, channels, orientation: orientation ?? 1 });
  } catch (error) {
    throw reasonOf(error, bytes, format);
  }
}
