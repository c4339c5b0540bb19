import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { messageOf } from '../../../frame/errors.js';
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
const CUT_OFF =
  /premature end|unexpected end|end of (?:file|data|stream|input)|truncat|not enough (?:data|image)|too (?:short|small)|read error|incomplete|\bEOF\b|insufficient|out of data/i;

/** The reason a person is given for what the decoder threw. */
export function reasonOf(error: unknown): PictureError {
  if (error instanceof PictureError) return error;
  const message = messageOf(error);
  if (CUT_OFF.test(message)) return new PictureError('the picture is cut off');
  const detail = message
    .replace(/^Input buffer (?:has corrupt header|contains unsupported image format):?\s*/i, '')
    .trim();
  return new PictureError(
    detail === '' ? 'the picture is damaged' : `the picture is damaged (${detail.slice(0, 100)})`,
  );
}
