import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { isCutOff } from '../../../../src/udf/adapters/image/cut-off.js';
import { PICTURE_FORMATS } from '../../../../src/udf/adapters/image/format.js';
import { pattern } from './pictures.js';

const { data, width, height } = pattern();
const picture = (): ReturnType<typeof sharp> => sharp(data, { raw: { width, height, channels: 3 } });

test('whole files announce no more than they have; cut off, they do', async () => {
  for (const format of ['png', 'webp', 'gif', 'tiff', 'avif'] as const) {
    const bytes = await picture().toFormat(format).toBuffer();
    assert.equal(isCutOff(bytes, format), false, format);
    for (let length = 0; length < bytes.length; length++) {
      // A GIF says nowhere how long it is, only that it ends in a semicolon.
      if (format === 'gif' && bytes[length - 1] === 0x3b) continue;
      assert.equal(isCutOff(bytes.subarray(0, length), format), true, `${format} of ${length} bytes`);
    }
  }
});

test('it gives an answer for all bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...PICTURE_FORMATS), (bytes, format) => {
      assert.equal(typeof isCutOff(bytes, format), 'boolean');
      const tiff = Uint8Array.from([...Buffer.from('II*\0\x08\0\0\0', 'latin1'), ...bytes]);
      assert.equal(typeof isCutOff(tiff, 'tiff'), 'boolean');
    }),
  );
});
