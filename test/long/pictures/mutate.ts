import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { checksum, pattern } from '../../udf/adapters/image/pictures.js';

/** Whole numbers below a bound, the same for the same seed. */
export type Draws = (below: number) => number;

/** Mulberry32: a 32-bit state that is stepped by a constant and mixed. */
export function draws(seed: number): Draws {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 0;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Small sound files of every format, in the variants that decoders treat differently. */
export async function originals(): Promise<readonly Buffer[]> {
  const small = pattern(24, 16);
  const square = pattern(48, 48);
  const of = ({ data, width, height }: typeof small) => sharp(data, { raw: { width, height, channels: 3 } });
  const frames = (): ReturnType<typeof sharp> =>
    sharp(pattern(16, 48).data, { raw: { width: 16, height: 48, channels: 3, pageHeight: 16 } });
  const deep = (): ReturnType<typeof sharp> => of(small).toColourspace('rgb16');
  return Promise.all(
    [
      of(small).jpeg(),
      of(square).jpeg({ progressive: true }),
      of(small).jpeg({ chromaSubsampling: '4:4:4', quality: 30 }),
      of(small).toColourspace('b-w').jpeg(),
      of(small).toColourspace('cmyk').jpeg(),
      of(small).withMetadata({ orientation: 6 }).jpeg(),
      of(small).png(),
      of(square).png({ progressive: true }),
      of(small).png({ palette: true, colours: 16 }),
      of(small).ensureAlpha(0.5).png(),
      deep().png(),
      of(small).toColourspace('b-w').png(),
      of(small).webp(),
      of(small).webp({ lossless: true }),
      of(square).ensureAlpha(0.5).webp(),
      frames().webp(),
      of(small).gif(),
      frames().gif(),
      of(small).tiff({ compression: 'none' }),
      of(small).tiff({ compression: 'lzw', predictor: 'horizontal' }),
      of(small).tiff({ compression: 'deflate' }),
      of(small).tiff({ compression: 'jpeg' }),
      of(square).tiff({ compression: 'lzw', tile: true, tileWidth: 16, tileHeight: 16 }),
      of(square).tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16, pyramid: true }),
      of(small).toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1 }),
      deep().tiff({ compression: 'packbits' }),
      of(small).toColourspace('cmyk').tiff({ compression: 'lzw' }),
      of(small).avif({ effort: 1 }),
      of(square).ensureAlpha(0.5).avif({ effort: 1, lossless: true }),
    ].map(picture => picture.toBuffer()),
  );
}

const EDGES = [0, 1, 0x7f, 0x80, 0xfe, 0xff] as const;
const LARGE = [0, 1, 0x7fff, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff] as const;

type Change = (bytes: Buffer, next: Draws, others: readonly Buffer[]) => Buffer;

/** A place: half of the time near the beginning, where headers are. */
function placeIn(bytes: Buffer, next: Draws): number {
  return next(next(2) === 0 ? Math.min(96, bytes.length) : bytes.length);
}

const flipBits: Change = (bytes, next) => {
  for (let count = 1 + next(8); count > 0; count--) bytes[placeIn(bytes, next)]! ^= 1 << next(8);
  return bytes;
};

const setBytes: Change = (bytes, next) => {
  for (let count = 1 + next(4); count > 0; count--) bytes[placeIn(bytes, next)] = EDGES[next(EDGES.length)]!;
  return bytes;
};

const setNumber: Change = (bytes, next) => {
  const size = next(2) === 0 ? 2 : 4;
  const at = Math.max(0, placeIn(bytes, next) - size);
  const value = next(3) === 0 ? next(2 ** 32) : LARGE[next(LARGE.length)]!;
  if (bytes.length < size) return bytes;
  if (size === 2) next(2) === 0 ? bytes.writeUInt16BE(value & 0xffff, at) : bytes.writeUInt16LE(value & 0xffff, at);
  else next(2) === 0 ? bytes.writeUInt32BE(value, at) : bytes.writeUInt32LE(value, at);
  return bytes;
};

const cutOff: Change = (bytes, next) => bytes.subarray(0, next(bytes.length));

const takeOut: Change = (bytes, next) => {
  const at = placeIn(bytes, next);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + next(64))]);
};

const doubleUp: Change = (bytes, next) => {
  const at = placeIn(bytes, next);
  const end = at + 1 + next(256);
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at, end), bytes.subarray(end)]);
};

const splice: Change = (bytes, next, others) => {
  const other = others[next(others.length)]!;
  return Buffer.concat([bytes.subarray(0, placeIn(bytes, next)), other.subarray(next(other.length))]);
};

const fillWithNoise: Change = (bytes, next) => {
  const at = placeIn(bytes, next);
  const end = Math.min(bytes.length, at + 1 + next(64));
  for (let place = at; place < end; place++) bytes[place] = next(256);
  return bytes;
};

const CHANGES: readonly Change[] = [flipBits, setBytes, setNumber, cutOff, takeOut, doubleUp, splice, fillWithNoise];

/** Number `seed` of the mutated files. */
export function mutated(seed: number, originals: readonly Buffer[]): Buffer {
  const next = draws(seed);
  let bytes: Buffer = Buffer.from(originals[seed % originals.length]!);
  for (let count = 1 + next(3); count > 0 && bytes.length > 0; count--) {
    bytes = Buffer.from(CHANGES[next(CHANGES.length)]!(bytes, next, originals));
  }
  // Most changes to a PNG end at a checksum; half of them get the right one, and go deeper.
  return next(2) === 0 ? bytes : withChecksums(bytes, next);
}

/** The chunks of a PNG file with the checksums that they should have; other files as they are. */
function withChecksums(bytes: Buffer, next: Draws): Buffer {
  if (bytes.length < 8 || bytes.readUInt32BE(0) !== 0x89504e47) return bytes;
  let at = 8;
  while (at + 12 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    if (at + 12 + length > bytes.length) break;
    bytes.writeUInt32BE(checksum(bytes.subarray(at + 4, at + 8 + length)), at + 8 + length);
    at += 12 + length;
  }
  if (next(8) !== 0) return bytes;
  // Lines that inflate well, and are not what the header says.
  const noise = deflateSync(Buffer.from(Array.from({ length: next(2000) }, () => next(256))));
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from('IDAT'), noise, Buffer.alloc(4)]);
  chunk.writeUInt32BE(noise.length, 0);
  chunk.writeUInt32BE(checksum(chunk.subarray(4, -4)), chunk.length - 4);
  const header = bytes.subarray(0, Math.min(33, bytes.length));
  return Buffer.concat([header, chunk, Buffer.from('0000000049454e44ae426082', 'hex')]);
}
