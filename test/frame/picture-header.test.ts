import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { pictureHeader } from '../../src/frame/picture-header.js';

test('what a picture is, by its first bytes', async () => {
  const plain = sharp({ create: { width: 37, height: 21, channels: 3, background: '#345678' } });
  const pictures = {
    JPEG: await plain.clone().jpeg().toBuffer(),
    PNG: await plain.clone().png().toBuffer(),
    GIF: await plain.clone().gif().toBuffer(),
    WebP: await plain.clone().webp().toBuffer(),
  };
  for (const [format, bytes] of Object.entries(pictures)) {
    assert.deepEqual({ ...pictureHeader(bytes) }, { format, width: 37, height: 21 });
  }
  const lossless = await plain.clone().webp({ lossless: true }).toBuffer();
  assert.deepEqual({ ...pictureHeader(lossless) }, { format: 'WebP', width: 37, height: 21 });
});

test('bytes of any kind are looked at without a word', async () => {
  const seed = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
    .jpeg()
    .toBuffer();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(seed.length), (noise, at) => {
      pictureHeader(noise);
      const cut = new Uint8Array(seed.subarray(0, at));
      cut.set(noise.subarray(0, cut.length));
      pictureHeader(cut);
      pictureHeader(new Uint8Array([...seed.subarray(0, at), ...noise]));
    }),
    { numRuns: 500 },
  );
  assert.equal(pictureHeader(new Uint8Array()), undefined);
  assert.equal(pictureHeader(Buffer.from('plain text')), undefined);
});
