import { deflateSync } from 'node:zlib';
import type { PictureGeometry, RawPixels } from '../../../../src/udf/adapters/image/decode.js';

/** A picture as it is. */
export const AS_IS: PictureGeometry = Object.freeze({
  width: undefined,
  height: undefined,
  resize: 'none',
  shorterSide: undefined,
  crop: 'center',
  kernel: 'bilinear',
  channels: 'RGB',
  background: [10, 20, 30],
  alpha: 'drop',
  maxPixels: 1_000_000,
} as const);

/** `value(x, y, channel)` of every pixel. */
export function draw<C extends RawPixels['channels']>(
  width: number,
  height: number,
  channels: C,
  value: (x: number, y: number, channel: number) => number,
): RawPixels & { readonly channels: C } {
  const data = Uint8Array.from({ length: width * height * channels }, (_, at) =>
    value(Math.floor(at / channels) % width, Math.floor(at / channels / width), at % channels),
  );
  return { data, width, height, channels };
}

/** A picture of which no two pixels near each other are alike: the one that the golden numbers of the tests were made of. */
export function pattern(width = 32, height = 24): RawPixels & { readonly channels: 3 } {
  return draw(width, height, 3, (x, y, channel) => (x * 7 + y * 13 + channel * 61 + x * y) % 256);
}

/** A PNG file made by hand: of any size it says, with as many lines as are given. PNG, third edition, 5 and 11.2. */
export function pngOf(width: number, height: number, lines: Uint8Array, depth = 8, colour = 2): Buffer {
  return pngAround(width, height, deflateSync(lines), depth, colour);
}

/** The same around lines that are compressed already. */
export function pngAround(width: number, height: number, packed: Uint8Array, depth: number, colour: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', packed),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(kind: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(checksum(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** CRC-32 of ISO 3309, bit by bit. */
export function checksum(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return (rest ^ 0xffffffff) >>> 0;
}
