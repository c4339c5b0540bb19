import type { PictureFormat } from './format.js';

/**
 * True where a file announces more bytes than it has: what is asked when a decoder has failed, since most do not tell "cut off" from
 * "damaged".
 */
export function isCutOff(bytes: Uint8Array, format: PictureFormat): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case 'jpeg':
      return false; // its decoder does tell
    case 'gif':
      return bytes.at(-1) !== 0x3b; // the trailer
    case 'png':
      return !walk(view, 8, at => ({ size: view.getUint32(at) + 12, last: view.getUint32(at + 4) === 0x49454e44 }));
    case 'webp':
      return bytes.length < 12 || view.getUint32(4, true) + 8 > bytes.length;
    case 'tiff':
      return bytes.length < 8 || isTiffCutOff(view, bytes[0] === 0x49);
    case 'avif': {
      let data = false; // its pixels' box comes after all others but rare ones
      return !walk(view, 0, at => {
        data ||= view.getUint32(at + 4) === 0x6d646174;
        return { size: view.getUint32(at), last: data && at + view.getUint32(at) === bytes.length };
      });
    }
  }
}

/** Walks pieces that begin with their size; true if the last one is reached and is whole. */
function walk(view: DataView, from: number, piece: (at: number) => { size: number; last: boolean }): boolean {
  for (let at = from; at + 8 <= view.byteLength; ) {
    const { size, last } = piece(at);
    // Boxes of size 0 and 1 (to the end; 64 bits): nothing is said about the file's end.
    if (size < 8) return true;
    at += size;
    if (at > view.byteLength) return false;
    if (last) return true;
  }
  return false;
}

/** Bytes of a value of each type. TIFF 6.0, section 2. */
const TIFF_TYPES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8] as const;

/** True if the first directory, or what its entries refer to, does not end within the file. (Of BigTIFF nothing is said.) */
function isTiffCutOff(view: DataView, little: boolean): boolean {
  const length = view.byteLength;
  if (view.getUint16(2, little) !== 42) return false;
  const start = view.getUint32(4, little);
  if (start + 2 > length) return true;
  const entries = view.getUint16(start, little);
  if (start + 2 + entries * 12 > length) return true;
  for (let at = start + 2; at < start + 2 + entries * 12; at += 12) {
    const size = (TIFF_TYPES[view.getUint16(at + 2, little)] ?? 0) * view.getUint32(at + 4, little);
    if (size > 4 && view.getUint32(at + 8, little) + size > length) return true;
  }
  return false;
}
