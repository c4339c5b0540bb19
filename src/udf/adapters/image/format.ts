import { PictureError } from './picture-error.js';

/** The formats that are decoded, and no others: every decoder is a door for strangers' bytes. */
export const PICTURE_FORMATS = Object.freeze(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const);

export type PictureFormat = (typeof PICTURE_FORMATS)[number];

const ACCEPTED = 'JPEG, PNG, WebP, GIF, TIFF and AVIF are';

/**
 * The format of a picture by its first bytes, whatever the file is called.
 *
 * @throws PictureError that names what the content seems to be, where that is none of {@link PICTURE_FORMATS}
 * @example formatOf(bytes) // 'jpeg'
 */
export function formatOf(bytes: Uint8Array): PictureFormat {
  if (bytes.length === 0) throw new PictureError('the content is empty');
  const format = sniff(bytes);
  if (format !== undefined) return format;
  const other = OTHERS.find(([, test]) => test(bytes))?.[0];
  throw new PictureError(
    other === undefined
      ? `the content is not a picture (it begins with ${beginning(bytes)})`
      : `the content is ${other}, which is not decoded; ${ACCEPTED}`,
  );
}

function sniff(bytes: Uint8Array): PictureFormat | undefined {
  if (begins(bytes, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (begins(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP') return 'webp';
  if (text(bytes, 0, 6) === 'GIF87a' || text(bytes, 0, 6) === 'GIF89a') return 'gif';
  // TIFF of both byte orders, and BigTIFF (43 instead of 42).
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(bytes, 0, 4))) return 'tiff';
  if (brands(bytes).some(brand => brand === 'avif' || brand === 'avis')) return 'avif';
  return undefined;
}

/** What people take for pictures, or find in their place: named so that the reason helps. */
const OTHERS: readonly (readonly [name: string, test: (bytes: Uint8Array) => boolean])[] = [
  ['a PDF document', bytes => text(bytes, 0, 5) === '%PDF-'],
  [
    'an SVG drawing',
    bytes => /^\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)?(?:<!DOCTYPE svg|<svg)/i.test(head(bytes)),
  ],
  ['a HEIC picture', bytes => brands(bytes).some(brand => /^he[ivx][cfmsx]$|^mif1$|^msf1$/.test(brand))],
  ['a JPEG XL picture', bytes => begins(bytes, [0xff, 0x0a]) || text(bytes, 4, 8) === 'JXL \r\n\x87\n'],
  ['a JPEG 2000 picture', bytes => text(bytes, 4, 4) === 'jP  ' || begins(bytes, [0xff, 0x4f, 0xff, 0x51])],
  ['a BMP picture', bytes => text(bytes, 0, 2) === 'BM' && bytes.length > 26 && bytes[14]! <= 124 && bytes[15] === 0],
  ['an icon', bytes => begins(bytes, [0, 0, 1, 0]) && bytes.length > 6],
  ['a Photoshop file', bytes => text(bytes, 0, 4) === '8BPS'],
  ['a ZIP archive', bytes => begins(bytes, [0x50, 0x4b, 0x03, 0x04])],
];

/** The brands of an ISO base media file: the major one, then the compatible ones. ISO/IEC 14496-12, 4.3. */
function brands(bytes: Uint8Array): readonly string[] {
  if (text(bytes, 4, 4) !== 'ftyp') return [];
  const size = (bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!;
  const end = Math.min(size, bytes.length, 256);
  const found = [text(bytes, 8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) found.push(text(bytes, at, 4));
  return found;
}

function begins(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

function text(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}

function head(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 512));
}

/** The first bytes as a person reads them: as text where they are text, else as hexadecimal numbers. */
function beginning(bytes: Uint8Array): string {
  const first = bytes.subarray(0, 16);
  if (first.every(byte => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d)) {
    return `'${text(first, 0, 4).replace(/\s/g, ' ')}'`;
  }
  return `bytes ${Array.from(first.subarray(0, 4), byte => byte.toString(16).padStart(2, '0')).join(' ')}`;
}
