import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decodePicture, type Picture, type PictureGeometry } from '../../src/udf/adapters/image/decode.js';
import { fixture, fixtures } from '../support/fixtures.js';

/*
 * Every picture against Pillow itself. Runs with `npm test -- long/pillow` where Python has Pillow and numpy.
 */

const SCRIPT = 'bench/peers/pillow_pixels.py';
const python = (['python3', 'python'] as const).find(
  command => spawnSync(command, ['-c', 'import PIL, numpy']).status === 0,
);
const skip =
  python === undefined
    ? 'there is no Python with Pillow'
    : fixtures === undefined
      ? 'the fixtures are not here'
      : false;

const folder = skip ? '' : mkdtempSync(join(tmpdir(), 'inframe-pillow-'));
after(() => folder && rmSync(folder, { recursive: true, force: true }));

const BASE: PictureGeometry = {
  width: undefined,
  height: undefined,
  resize: 'none',
  shorterSide: undefined,
  crop: 'center',
  kernel: 'bilinear',
  channels: 'RGB',
  background: [114, 114, 114],
  alpha: 'drop',
  maxPixels: 100_000_000,
};
const square = { width: 224, height: 224 } as const;
const WAYS: readonly PictureGeometry[] = [
  BASE,
  { ...BASE, ...square, resize: 'exact' },
  { ...BASE, ...square, resize: 'exact', kernel: 'bicubic' },
  { ...BASE, ...square, resize: 'exact', kernel: 'lanczos' },
  { ...BASE, ...square, resize: 'exact', kernel: 'nearest' },
  { ...BASE, ...square, resize: 'shorter', shorterSide: 256 },
  { ...BASE, ...square, resize: 'shorter', shorterSide: 224, kernel: 'bicubic' },
  { ...BASE, width: 640, height: 640, resize: 'letterbox' },
  { ...BASE, width: 97, height: 33, resize: 'exact', kernel: 'bicubic' },
  { ...BASE, ...square, resize: 'exact', channels: 'grey' },
];

interface Job {
  readonly path: string;
  readonly way: PictureGeometry;
}

/** Largest allowed: mean difference, and what 99.9 % of the bytes stay within, of 255. */
interface Bounds {
  readonly mean: number;
  readonly most: number;
}

async function compare(paths: readonly string[], ways: readonly PictureGeometry[], bounds: Bounds): Promise<string> {
  const jobs: Job[] = paths.flatMap(path => ways.map(way => ({ path, way })));
  const list = join(folder, 'jobs.json');
  const out = join(folder, 'pixels.bin');
  writeFileSync(list, JSON.stringify(jobs.map(({ path, way }) => ({ ...way, path }))));
  const { status, stdout, stderr } = spawnSync(python!, [SCRIPT, 'pixels', list, out], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const sizes = JSON.parse(stdout) as readonly (readonly [number, number, number])[];
  const expected = readFileSync(out);
  let at = 0;
  let worstMean = 0;
  let worstMost = 0;
  let same = 0;
  for (const [index, { path, way }] of jobs.entries()) {
    const name = `${path} ${way.resize} ${way.width} ${way.kernel} ${way.channels}`;
    const [width, height, channels] = sizes[index]!;
    const picture = await decodePicture(readFileSync(path), way);
    assert.deepEqual([picture.width, picture.height, picture.channels], [width, height, channels], name);
    const { mean, most } = difference(picture, expected.subarray(at, at + picture.data.length));
    at += picture.data.length;
    assert.ok(mean <= bounds.mean && most <= bounds.most, `${name}: mean ${mean}, 99.9th percentile ${most}`);
    worstMean = Math.max(worstMean, mean);
    worstMost = Math.max(worstMost, most);
    if (mean === 0) same++;
  }
  assert.equal(at, expected.length);
  return `${jobs.length} comparisons, ${same} without any difference; worst mean ${worstMean.toFixed(4)}, worst 99.9th percentile ${worstMost}`;
}

function difference({ data }: Picture, expected: Uint8Array): Bounds {
  const counts = new Float64Array(256);
  let sum = 0;
  for (let at = 0; at < data.length; at++) {
    const apart = Math.abs(data[at]! - expected[at]!);
    counts[apart]! += 1;
    sum += apart;
  }
  let seen = 0;
  const most = counts.findIndex(count => {
    seen += count;
    return seen >= data.length * 0.999;
  });
  return { mean: sum / data.length, most };
}

/** The pictures that the script makes of one photograph. */
function made(): readonly string[] {
  if (readdirSync(folder).some(name => name.endsWith('.tif'))) return list();
  const photo = fixture('images', 'imagenet', 'hummingbird.jpg');
  const { status, stderr } = spawnSync(python!, [SCRIPT, 'make', folder, photo], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return list();
}

function list(): readonly string[] {
  return readdirSync(folder)
    .filter(name => /\.(?:jpg|png|webp|tif|gif|avif)$/.test(name))
    .sort()
    .map(name => join(folder, name));
}

const LARGE = /\/(?:large|tall|wide|progressive|full-chroma)\./;
/** Two decoders of AVIF round YCbCr to RGB each in its own way. */
const AVIF = /\.avif$/;
/**
 * And where there is one colour for four pixels they spread it over those four differently (libheif, libyuv): sharp edges of colour
 * differ by more than what is asked of all else.
 */
const CHROMA = /chroma\.avif$/;
const EXACT = { mean: 0, most: 0 };

test('photographs have the pixels that Pillow gives them', { skip }, async t => {
  const pets = ['cat', 'dog'].flatMap(kind =>
    readdirSync(fixture('images', 'pets', kind))
      .slice(0, 12)
      .map(name => fixture('images', 'pets', kind, name)),
  );
  const others = ['imagenet', 'digits'].flatMap(kind =>
    readdirSync(fixture('images', kind)).map(name => fixture('images', kind, name)),
  );
  t.diagnostic(await compare([...others, ...pets], WAYS, EXACT));
});

test('so have large ones', { skip }, async t => {
  const paths = made().filter(path => LARGE.test(path));
  const ways = WAYS.filter(way => way.resize !== 'none');
  t.diagnostic(await compare(paths, ways, EXACT));
});

test('and pictures of every format, turn, depth and number of channels', { skip }, async t => {
  const paths = made().filter(path => !LARGE.test(path));
  const compareThose = async (which: (path: string) => boolean, bounds: Bounds): Promise<void> =>
    t.diagnostic(await compare(paths.filter(which), WAYS, bounds));
  await compareThose(path => !AVIF.test(path), EXACT);
  await compareThose(path => AVIF.test(path) && !CHROMA.test(path), { mean: 0.5, most: 3 });
  await compareThose(path => CHROMA.test(path), { mean: 0.75, most: 20 });
});
