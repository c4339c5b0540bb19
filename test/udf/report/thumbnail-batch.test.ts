import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import thumbnails from '../../../src/udf/report/thumbnail-batch.js';

function picture(width: number, height: number): ReturnType<typeof sharp> {
  return sharp({ create: { width, height, channels: 3, background: '#3060c0' } });
}

test('thumbnails are small JPEG files, with the size of their source', async () => {
  const result = await thumbnails([
    [
      await picture(640, 480).jpeg().toBuffer(),
      await picture(40, 20).png().toBuffer(),
      // Stored on its side: people look at 480 x 640.
      await picture(640, 480).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
      await picture(300, 900).webp().toBuffer(),
    ],
  ]);
  assert.deepEqual(result.problem, [null, null, null, null]);
  assert.deepEqual(result.width, [640, 40, 480, 300]);
  assert.deepEqual(result.height, [480, 20, 640, 900]);
  const sizes = await Promise.all(
    result.thumbnail.map(async bytes => {
      const { format, width, height } = await sharp(bytes!).metadata();
      return [format, width, height];
    }),
  );
  assert.deepEqual(sizes, [
    ['jpeg', 160, 120],
    ['jpeg', 40, 20],
    ['jpeg', 120, 160],
    ['jpeg', 53, 160],
  ]);
});

test('what is no picture has a reason in the place of a thumbnail', async () => {
  const whole = await picture(640, 480).jpeg().toBuffer();
  // A PNG whose header says 50 000 x 50 000: https://www.w3.org/TR/png/#11IHDR
  const bomb = Buffer.from(await picture(8, 8).png().toBuffer());
  bomb.writeUInt32BE(50_000, 16);
  bomb.writeUInt32BE(50_000, 20);
  const result = await thumbnails([
    [new Uint8Array(), whole.subarray(0, 400), Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), bomb, whole],
  ]);
  assert.deepEqual(
    result.thumbnail.map(bytes => bytes === null),
    [true, true, true, true, false],
  );
  assert.match(result.problem[0]!, /empty/);
  assert.match(result.problem[1]!, /cut off/);
  assert.match(result.problem[2]!, /SVG/);
  assert.match(result.problem[3]!, /50000 x 50000 pixels|damaged/);
  assert.equal(result.problem[4], null);
  assert.deepEqual(result.width, [null, null, null, null, 640]);
});
