import { readFileSync } from 'node:fs';
import { decodePicture } from '../../../src/udf/adapters/image/decode.js';
import { pictureInfo } from '../../../src/udf/adapters/image/info.js';
import { image } from '../../../src/udf/adapters/image/options.js';
import { pngOf } from '../../udf/adapters/image/pictures.js';

/* node bomb-child.js PATH: what becomes of a picture, and of the memory meanwhile. */

export interface BombReport {
  readonly bytes: number;
  readonly reason: string;
  readonly described: string;
  readonly milliseconds: number;
  /** MiB by which the largest resident memory grew. */
  readonly peak: number;
}

const wanted = image('imagenet');
// What the decoder needs in any case.
await decodePicture(pngOf(4, 4, new Uint8Array(4 * 13)), wanted);
const bytes = readFileSync(process.argv[2]!);
const before = process.resourceUsage().maxRSS;
const start = performance.now();
const reason = await decodePicture(bytes, wanted).then(
  () => 'decoded',
  (error: Error) => error.message,
);
const { width, height } = await pictureInfo(bytes);
const report: BombReport = {
  bytes: bytes.length,
  reason,
  described: `${width} x ${height}`,
  milliseconds: Math.round(performance.now() - start),
  peak: Math.round((process.resourceUsage().maxRSS - before) / 1024),
};
process.send?.(report);
