import { pictureInfo } from '../adapters/image/info.js';
import { PictureError } from '../adapters/image/picture-error.js';
import { thumbnail } from '../adapters/image/thumbnail.js';

/*
 * Thumbnails for reports. Loaded by worker threads alone, as a function of a module: see `thumbnails.ts`.
 */

/** The longest side of a thumbnail, in pixels. */
const SIDE = 160;
/** A larger picture is not decoded. */
const MOST_PIXELS = 100_000_000;
/** Of a thumbnail: about three times what noise of that size takes. */
const MOST_BYTES = 64 * 1024;

interface Thumbnails {
  readonly thumbnail: (Uint8Array | null)[];
  readonly width: (number | null)[];
  readonly height: (number | null)[];
  readonly problem: (string | null)[];
}

/** Pictures in small, each with the size of what it was made of as it is looked at, or with the reason why there is none. */
export default async function thumbnails([pictures]: readonly [readonly Uint8Array[]]): Promise<Thumbnails> {
  const result: Thumbnails = { thumbnail: [], width: [], height: [], problem: [] };
  for (const bytes of pictures) {
    const made = await small(bytes).catch((error: unknown) => problemOf(error));
    const good = typeof made === 'string' ? undefined : made;
    result.thumbnail.push(good?.bytes ?? null);
    result.width.push(good?.width ?? null);
    result.height.push(good?.height ?? null);
    result.problem.push(typeof made === 'string' ? made : null);
  }
  return result;
}

interface Small {
  readonly bytes: Uint8Array;
  /** Of the source, as it is looked at. */
  readonly width: number;
  readonly height: number;
}

/** @throws PictureError */
async function small(bytes: Uint8Array): Promise<Small> {
  const { width, height, orientation } = await pictureInfo(bytes);
  if (width * height > MOST_PIXELS) {
    throw new PictureError(`the picture has ${width} x ${height} pixels, too many for a report`);
  }
  const made = await thumbnail(bytes, SIDE, MOST_PIXELS);
  if (made.length > MOST_BYTES) throw new PictureError('the picture does not get small enough');
  // EXIF's orientations from 5 on lie on their side.
  return orientation >= 5 ? { bytes: made, width: height, height: width } : { bytes: made, width, height };
}

function problemOf(error: unknown): string {
  return error instanceof PictureError ? error.message : 'the picture cannot be decoded';
}
