import { formatOf } from './format.js';
import { open, reasonOf } from './libvips.js';

/**
 * A small JPEG for a page that people look at: upright, in the colours that its profile means, transparent pixels on white. Not for
 * networks: it is made the quick way.
 *
 * @param side pixels of the longer side at most; smaller pictures stay as they are
 * @throws PictureError
 */
export async function thumbnail(bytes: Uint8Array, side: number, maxPixels: number): Promise<Uint8Array> {
  const format = formatOf(bytes);
  try {
    return await open(bytes, maxPixels, { autoOrient: true, ignoreIcc: false })
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 75 })
      .toBuffer();
  } catch (error) {
    throw reasonOf(error, bytes, format);
  }
}
