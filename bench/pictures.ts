import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePicture, type PictureGeometry } from '../src/udf/adapters/image/decode.js';
import { image } from '../src/udf/adapters/image/options.js';

/*
 * node build/bench/pictures.js FOLDER [SIDE]: milliseconds a picture for decoding, and for decoding and resizing, one after the other, beside
 * Pillow's. Pin it to one core (`taskset -c 1`) to compare by core: the decoder has a thread of its own.
 */

const ROUNDS = 5;

async function milliseconds(files: readonly Uint8Array[], wanted: PictureGeometry): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (const file of files) await decodePicture(file, wanted);
    best = Math.min(best, (performance.now() - start) / files.length);
  }
  return best;
}

const folder = process.argv[2] ?? '../shared/fixtures/images/pets';
const side = Number(process.argv[3] ?? 224);
const files = readdirSync(folder, { recursive: true })
  .map(String)
  .filter(name => /\.(?:jpe?g|png)$/.test(name))
  .map(name => readFileSync(join(folder, name)));
const ours = {
  decode: await milliseconds(files, image({ resize: 'none' })),
  decodeAndResize: await milliseconds(files, image({ size: side })),
};
const script = ['bench/peers/pillow_pixels.py', 'time', folder, String(side), String(ROUNDS)];
const { status, stdout, stderr } = spawnSync('python3', script, { encoding: 'utf8' });
const pillow = status === 0 ? (JSON.parse(stdout) as typeof ours) : undefined;
if (pillow === undefined) console.error(stderr);
console.log(`${files.length} pictures, milliseconds each`);
for (const name of ['decode', 'decodeAndResize'] as const) {
  const peer = pillow?.[name];
  const beside =
    peer === undefined ? '' : `, Pillow ${peer.toFixed(2)}: ${(peer / ours[name]).toFixed(2)} times as fast`;
  console.log(`${name}: ${ours[name].toFixed(2)}${beside}`);
}
