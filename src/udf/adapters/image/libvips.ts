import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { isCutOff } from './cut-off.js';
import type { PictureFormat } from './format.js';
import { PictureError } from './picture-error.js';

/*
 * The decoder, for workers only: the main thread does not load it.
 *
 * One thread a picture, since the pool has a worker a core; no cache, since no picture is asked for twice. Both settings are the process's.
 */
sharp.concurrency(1);
sharp.cache(false);
// What is decoded is chosen by the content's first bytes (format.ts). These take files that begin like TIFF or JPEG; such
// a decoder may be there where libvips was not installed with sharp.
sharp.block({
  operation: ['VipsForeignLoadMagick', 'VipsForeignLoadMagick7', 'VipsForeignLoadOpenslide', 'VipsForeignLoadDcRaw'],
});

/**
 * A picture to be decoded as Pillow does: colour profiles are ignored, missing bytes are an error, and of several frames or pages the
 * first is taken.
 */
export function open(bytes: Uint8Array, maxPixels: number, options: SharpOptions = {}): Sharp {
  return sharp(bytes, { failOn: 'truncated', ignoreIcc: true, limitInputPixels: maxPixels, ...options });
}

/** How the decoders under libvips say that there are too few bytes. */
const CUT_OFF = /premature end|unexpected end|end of (?:file|data|stream)|truncat|not enough/i;

/** The reason a person is given for what the decoder threw about these bytes. */
export function reasonOf(error: unknown, bytes: Uint8Array, format: PictureFormat): PictureError {
  if (error instanceof PictureError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (CUT_OFF.test(message) || isCutOff(bytes, format)) return new PictureError('the picture is cut off');
  const detail = detailOf(message);
  return new PictureError(detail === undefined ? 'the picture is damaged' : `the picture is damaged (${detail})`);
}

/** What the decoder said last, without the names of its parts; undefined if it said nothing in particular. */
function detailOf(message: string): string | undefined {
  const lines = message.split('\n').map(line =>
    line
      .replace(/^Input buffer has corrupt header:/i, '')
      .trim()
      .replace(/^\w+: /, '')
      .slice(0, 100),
  );
  return lines.findLast(
    line => line !== '' && !/unsupported image format|unknown error|bad seek|read error/i.test(line),
  );
}
