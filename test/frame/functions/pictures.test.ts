import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { col, fn, image } from '../../../src/index.js';
import { pictureNetwork } from '../../support/pictures.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';

async function picture(channels: 3 | 4): Promise<Uint8Array> {
  const background = { r: 10, g: 20, b: 30, alpha: 0.5 };
  return new Uint8Array(
    await sharp({ create: { width: 2, height: 1, channels, background } })
      .png()
      .toBuffer(),
  );
}

test('imageInfo says what a header says, and why something is no picture', async t => {
  const session = await openSession(t, { workers: 1, threads: 1 });
  const rows = [{ image: await picture(3) }, { image: new Uint8Array([1, 2, 3]) }, { image: null }];
  const found = await session
    .fromRows(rows, { image: { kind: 'binary' } })
    .select(fn.imageInfo(col('image')).as('info'))
    .collect();
  assert.deepEqual(found[0]!['info'], { format: 'png', width: 2, height: 1, channels: 3, orientation: 1, error: null });
  assert.match((found[1]!['info'] as { readonly error: string }).error, /is not a picture/);
  assert.equal(found[2]!['info'], null);
});

test("sparkImage gives Spark's struct, which a model takes again", async t => {
  const session = await openSession(t, { workers: 1, threads: 1 });
  const rows = [
    { path: 'a.png', image: await picture(3) },
    { path: 'b.png', image: await picture(4) },
    { path: 'c.png', image: new Uint8Array([1, 2, 3]) },
  ];
  const spark = session.fromRows(rows).select(fn.sparkImage(col('image'), col('path')).as('image'));
  const found = (await spark.collect()).map(row => row['image'] as { readonly data: Uint8Array } | null);
  // Blue, green, red; the mode is OpenCV's: CV_8UC3 is 16, CV_8UC4 is 24.
  assert.deepEqual(
    { ...found[0], data: [...found[0]!.data] },
    {
      origin: 'a.png',
      height: 1,
      width: 2,
      nChannels: 3,
      mode: 16,
      data: [30, 20, 10, 30, 20, 10],
    },
  );
  assert.deepEqual([...found[1]!.data], [30, 20, 10, 128, 30, 20, 10, 128]);
  assert.equal(found[2], null);
  const means = await session.model(await pictureNetwork(temporaryFolder(t)), { inputs: { x: image() } });
  const scored = await spark.withColumn('means', means()).collect();
  assert.deepEqual(
    scored.map(row => row['means']),
    [[10, 20, 30], [10, 20, 30], null],
  );
});
