import { openSync, writeSync } from 'node:fs';
import { decodePicture, PictureError, type PictureGeometry } from '../../../src/udf/adapters/image/decode.js';
import { PICTURE_FORMATS } from '../../../src/udf/adapters/image/format.js';
import { pictureInfo } from '../../../src/udf/adapters/image/info.js';
import { thumbnail } from '../../../src/udf/adapters/image/thumbnail.js';
import { AS_IS } from '../../udf/adapters/image/pictures.js';
import { mutated, originals } from './mutate.js';

/*
 * node fuzz-child.js FROM COUNT PROGRESS: decodes so many mutated pictures. The file PROGRESS holds the seed at work, so that whoever
 * started this knows what it died of; what came out is the last thing it says.
 */

export interface Tallies {
  readonly decoded: number;
  readonly described: number;
  readonly refused: Readonly<Record<string, number>>;
  /** What should not have happened, each with its seed. */
  readonly wrong: readonly string[];
  /** Largest resident memory, MiB. */
  readonly peak: number;
}

const WAYS: readonly PictureGeometry[] = [
  AS_IS,
  { ...AS_IS, alpha: 'blend' },
  { ...AS_IS, resize: 'exact', width: 16, height: 12, kernel: 'bicubic' },
  { ...AS_IS, resize: 'shorter', shorterSide: 20, width: 16, height: 16 },
  { ...AS_IS, resize: 'letterbox', width: 32, height: 32 },
  { ...AS_IS, resize: 'exact', width: 8, height: 8, channels: 'grey' },
];

async function main(from: number, count: number, progress: string): Promise<Tallies> {
  const files = await originals();
  // Sound files are decoded: else the fuzz would try less than it says.
  for (const bytes of files) await decodePicture(bytes, AS_IS);
  const file = openSync(progress, 'w');
  const refused: Record<string, number> = {};
  const wrong: string[] = [];
  let decoded = 0;
  let described = 0;
  let seed = from;
  const attempt = async (what: string, action: () => Promise<string | undefined>): Promise<boolean> => {
    try {
      const problem = await action();
      if (problem !== undefined) wrong.push(`seed ${seed}: ${what}: ${problem}`);
      return problem === undefined;
    } catch (error) {
      if (!(error instanceof PictureError)) wrong.push(`seed ${seed}: ${what}: ${String(error)}`);
      else if (what === 'decodePicture') {
        const reason = error.message.replace(/\(.*$/s, '(...)').replace(/\d+/g, 'N');
        refused[reason] = (refused[reason] ?? 0) + 1;
      }
      return false;
    }
  };
  for (; seed < from + count; seed++) {
    writeSync(file, String(seed).padStart(12), 0);
    const bytes = mutated(seed, files);
    const wanted = WAYS[Math.floor(seed / files.length) % WAYS.length]!;
    if (await attempt('decodePicture', () => decodes(bytes, wanted))) decoded++;
    if (await attempt('pictureInfo', () => describes(bytes))) described++;
    if (seed % 8 === 0) await attempt('thumbnail', () => shrinks(bytes));
    if (wrong.length >= 20) break;
  }
  return { decoded, described, refused, wrong, peak: Math.round(process.resourceUsage().maxRSS / 1024) };
}

/** What is wrong with the pixels, if anything. */
async function decodes(bytes: Uint8Array, wanted: PictureGeometry): Promise<string | undefined> {
  const { data, width, height, channels, source, place } = await decodePicture(bytes, wanted);
  const shape = `${width} x ${height} x ${channels} in ${data.length} bytes`;
  if (data.length !== width * height * channels || data.length === 0) return shape;
  if (channels !== (wanted.channels === 'grey' ? 1 : 3)) return shape;
  if (width !== (wanted.width ?? source.width) || height !== (wanted.height ?? source.height)) return shape;
  if (source.width * source.height > wanted.maxPixels) return `of ${source.width} x ${source.height} pixels`;
  return Object.values(place).every(Number.isFinite) ? undefined : JSON.stringify(place);
}

async function describes(bytes: Uint8Array): Promise<string | undefined> {
  const info = await pictureInfo(bytes);
  const numbers = [info.width, info.height, info.channels, info.orientation];
  const good = numbers.every(value => Number.isInteger(value) && value >= 1) && info.orientation <= 8;
  return good && PICTURE_FORMATS.includes(info.format) ? undefined : JSON.stringify(info);
}

async function shrinks(bytes: Uint8Array): Promise<string | undefined> {
  const small = await thumbnail(bytes, 16, AS_IS.maxPixels);
  return small[0] === 0xff && small[1] === 0xd8 ? undefined : 'no JPEG';
}

const [from, count, progress] = process.argv.slice(2);
const tallies = await main(Number(from), Number(count), progress!);
process.send?.(tallies, () => process.disconnect());
