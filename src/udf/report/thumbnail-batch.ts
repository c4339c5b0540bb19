import sharp from 'sharp';
import { messageOf } from '../../frame/errors.js';
import { pictureFormat } from '../../frame/report/shapes.js';

/*
 * Thumbnails for reports. Loaded by worker threads alone, as a function of a module: see `thumbnails.ts`.
 */

/** The longest side of a thumbnail, in pixels. */
const SIDE = 160;
/** A larger picture is not decoded. */
const MOST_PIXELS = 100_000_000;
/** Of a thumbnail; what does not get this small is noise that nobody looks at. */
const MOST_BYTES = 24 * 1024;
const QUALITIES = [75, 40, 10] as const;

interface Thumbnails {
  readonly thumbnail: (Uint8Array | null)[];
  readonly width: (number | null)[];
  readonly height: (number | null)[];
  readonly source_width: (number | null)[];
  readonly source_height: (number | null)[];
  readonly problem: (string | null)[];
}

/** A picture in small, with the size of what it was made of as it is looked at, or why there is none. */
export default async function thumbnails([pictures]: readonly [readonly Uint8Array[]]): Promise<Thumbnails> {
  const result: Thumbnails = { thumbnail: [], width: [], height: [], source_width: [], source_height: [], problem: [] };
  for (const bytes of pictures) {
    const made = await thumbnail(bytes).catch((error: unknown) => problemOf(error));
    const good = typeof made === 'string' ? undefined : made;
    result.thumbnail.push(good?.bytes ?? null);
    result.width.push(good?.width ?? null);
    result.height.push(good?.height ?? null);
    result.source_width.push(good?.sourceWidth ?? null);
    result.source_height.push(good?.sourceHeight ?? null);
    result.problem.push(typeof made === 'string' ? made : null);
  }
  return result;
}

interface Thumbnail {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly sourceWidth: number;
  readonly sourceHeight: number;
}

async function thumbnail(bytes: Uint8Array): Promise<Thumbnail | string> {
  if (bytes.length === 0) return 'empty file';
  // Formats that can name other files, such as SVG, never reach the decoder.
  if (pictureFormat(bytes) === undefined) return 'not a picture of a known format';
  const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS, sequentialRead: true });
  const { width = 0, height = 0, orientation = 1 } = await picture.metadata();
  if (width * height > MOST_PIXELS) return `${width} x ${height} pixels are too many to be decoded`;
  // EXIF's orientations from 5 on lie on their side.
  const [sourceWidth, sourceHeight] = orientation >= 5 ? [height, width] : [width, height];
  const { data, info } = await picture
    .autoOrient()
    .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { channels } = info;
  for (const quality of QUALITIES) {
    const small = sharp(data, { raw: { width: info.width, height: info.height, channels } });
    const file = await small.webp({ quality }).toBuffer();
    if (file.length > MOST_BYTES) continue;
    return { bytes: file, width: info.width, height: info.height, sourceWidth, sourceHeight };
  }
  return 'it cannot be made small enough';
}

/** The decoder's complaint in our words. */
function problemOf(error: unknown): string {
  const text = messageOf(error);
  if (/pixel limit/i.test(text)) return 'its pixels are too many to be decoded';
  if (/truncated|premature|end of|not enough/i.test(text)) return 'damaged: the file ends too early';
  return /unsupported|no decode delegate/i.test(text) ? 'not a picture of a known format' : 'damaged: it cannot be decoded';
}
