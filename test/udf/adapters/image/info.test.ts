import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { pictureInfo } from '../../../../src/udf/adapters/image/info.js';
import { thumbnail } from '../../../../src/udf/adapters/image/thumbnail.js';
import { draw, pattern, pngOf } from './pictures.js';

const { data, width, height } = pattern();
const picture = () => sharp(data, { raw: { width, height, channels: 3 } });

test('a header tells format, size, channels and orientation', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'tiff', 'avif'] as const) {
    const info = await pictureInfo(await picture().toFormat(format).toBuffer());
    assert.deepEqual(info, { format, width: 32, height: 24, channels: 3, orientation: 1 });
  }
  const gif = Buffer.from('R0lGODdhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64');
  assert.deepEqual(await pictureInfo(gif), { format: 'gif', width: 1, height: 1, channels: 3, orientation: 1 });
  const turned = await picture().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  assert.deepEqual(await pictureInfo(turned), { format: 'jpeg', width: 32, height: 24, channels: 3, orientation: 6 });
  const grey = await picture().toColourspace('b-w').png().toBuffer();
  assert.equal((await pictureInfo(grey)).channels, 1);
  const alpha = await picture().ensureAlpha(0.5).png().toBuffer();
  assert.equal((await pictureInfo(alpha)).channels, 4);
});

test('also of a picture that is too large, or cut off behind its header', async () => {
  const bomb = pngOf(50_000, 50_000, new Uint8Array(1000), 8, 0);
  assert.deepEqual(await pictureInfo(bomb), {
    format: 'png',
    width: 50_000,
    height: 50_000,
    channels: 1,
    orientation: 1,
  });
  const whole = await picture().jpeg().toBuffer();
  assert.equal((await pictureInfo(whole.subarray(0, whole.length - 40))).width, 32);
});

test('of what is no picture it is said why', async () => {
  const refused = (message: RegExp) => ({ name: 'PictureError', message });
  await assert.rejects(pictureInfo(Buffer.from('hello world')), refused(/^the content is not a picture/));
  await assert.rejects(pictureInfo(new Uint8Array()), refused(/^the content is empty$/));
  const png = await picture().png().toBuffer();
  await assert.rejects(pictureInfo(png.subarray(0, 12)), refused(/^the picture is (?:cut off|damaged)/));
});

test('a thumbnail fits into its square, upright and without transparency', async () => {
  const sizeOf = async (bytes: Uint8Array) => {
    const small = await sharp(bytes).metadata();
    return [small.format, small.width, small.height, small.channels];
  };
  const turned = await picture().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  assert.deepEqual(await sizeOf(await thumbnail(turned, 16, 1e6)), ['jpeg', 12, 16, 3]);
  assert.deepEqual(await sizeOf(await thumbnail(turned, 500, 1e6)), ['jpeg', 24, 32, 3]);
  const clear = draw(16, 16, 4, () => 0);
  const png = await sharp(clear.data, { raw: { width: 16, height: 16, channels: 4 } })
    .png()
    .toBuffer();
  const white = await sharp(await thumbnail(png, 8, 1e6))
    .raw()
    .toBuffer();
  assert.ok(white.every(value => value === 255));
  await assert.rejects(thumbnail(pngOf(2000, 2000, new Uint8Array(10)), 8, 1e6), { name: 'PictureError' });
  await assert.rejects(thumbnail(Buffer.from('<svg/>'), 8, 1e6), /an SVG drawing/);
});
