import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { graph } from '../../src/udf/onnx/build.js';
import { serializeModel } from '../../src/udf/onnx/file.js';

/*
 * Pictures made byte by byte, so that what they hold is known without a decoder.
 */

/** A grey PNG of one shade (PNG specification, sections 5 and 11; CRC of annex D). */
export function greyPng(width: number, height: number, shade = 128): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a sample, grey.
  header.set([8, 0, 0, 0, 0], 8);
  const lines = Buffer.alloc(height * (width + 1), shade);
  for (let line = 0; line < height; line++) lines[line * (width + 1)] = 0;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

function crc(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return (rest ^ 0xffffffff) >>> 0;
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** A network over pictures `x` [N, 3, H, W] of any size that gives the mean of each channel. */
export async function pictureNetwork(folder: string): Promise<string> {
  const path = join(folder, 'means.onnx');
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3, 'H', 'W'] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 3] }],
    nodes: [{ op: 'ReduceMean', inputs: ['x'], outputs: ['y'], attributes: { axes: [2, 3], keepdims: 0 } }],
  });
  writeFileSync(path, serializeModel(model));
  return path;
}
