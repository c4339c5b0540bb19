import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { resizePixels } from '../../../../src/udf/adapters/image/decode.js';
import { fromSparkImage, toSparkImage } from '../../../../src/udf/adapters/image/spark.js';
import { isSparkImage, SPARK_IMAGE_TYPE } from '../../../../src/udf/adapters/image/spark-type.js';
import { AS_IS, draw } from './pictures.js';

test('the type is the one of Spark, and no other is taken for it', () => {
  assert.ok(isSparkImage(SPARK_IMAGE_TYPE));
  assert.ok(isSparkImage(structuredClone(SPARK_IMAGE_TYPE)));
  assert.ok(SPARK_IMAGE_TYPE.kind === 'struct');
  const { fields } = SPARK_IMAGE_TYPE;
  assert.deepEqual(
    fields.map(({ name, type }) => `${name} ${type.kind}`),
    ['origin string', 'height int32', 'width int32', 'nChannels int32', 'mode int32', 'data binary'],
  );
  assert.ok(!isSparkImage({ kind: 'struct', fields: fields.slice(1) }));
  assert.ok(!isSparkImage({ kind: 'struct', fields: fields.toReversed() }));
  assert.ok(!isSparkImage({ kind: 'binary' }));
});

test('blue, green, red become red, green, blue', () => {
  // Two pixels beside each other, as Spark 3.5 writes them: blue first.
  const three = { height: 1, width: 2, nChannels: 3, mode: 16, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
  assert.deepEqual(fromSparkImage(three), { data: Uint8Array.of(3, 2, 1, 6, 5, 4), width: 2, height: 1, channels: 3 });
  const four = { height: 2, width: 1, nChannels: 4, mode: 24, data: Uint8Array.of(1, 2, 3, 9, 4, 5, 6, 8) };
  assert.deepEqual([...fromSparkImage(four).data], [3, 2, 1, 9, 6, 5, 4, 8]);
  assert.deepEqual([...resizePixels(fromSparkImage(four), AS_IS).data], [3, 2, 1, 6, 5, 4]);
  const one = { height: 1, width: 3, nChannels: 1, mode: 0, data: Uint8Array.of(7, 8, 9) };
  assert.deepEqual([...resizePixels(fromSparkImage(one), AS_IS).data], [7, 7, 7, 8, 8, 8, 9, 9, 9]);
});

test('fields that contradict each other are refused', () => {
  const good = { height: 1, width: 2, nChannels: 3, mode: 16, data: new Uint8Array(6) };
  const wrong: readonly (readonly [change: Partial<typeof good>, reason: RegExp])[] = [
    [{ mode: -1 }, /^Spark could not read the picture/],
    [{ mode: 5 }, /^the picture's mode is 5; 0, 16 and 24 are read$/],
    [{ nChannels: 4 }, /mode 16 is of 3 channels, and nChannels is 4/],
    [{ width: -1 }, /^the picture is -1 x 1 pixels$/],
    [{ height: 0, data: new Uint8Array() }, /^the picture is 2 x 0 pixels$/],
    [{ height: 2 }, /^the picture has 6 bytes; 2 x 2 pixels of 3 are 12$/],
  ];
  for (const [change, message] of wrong) {
    assert.throws(() => fromSparkImage({ ...good, ...change }), { name: 'PictureError', message }, String(message));
  }
});

test('files of one, three and four channels go there and back', async () => {
  for (const channels of [1, 3, 4] as const) {
    const raw = draw(7, 5, channels, (x, y, channel) => x * 30 + y * 9 + channel * 3);
    const file = sharp(raw.data, { raw: { width: 7, height: 5, channels } });
    const png = await (channels === 1 ? file.toColourspace('b-w') : file).png().toBuffer();
    const spark = await toSparkImage(png, 'file:/a.png');
    const mode = { 1: 0, 3: 16, 4: 24 }[channels];
    const { data, ...rest } = spark;
    assert.deepEqual(rest, { origin: 'file:/a.png', height: 5, width: 7, nChannels: channels, mode });
    assert.deepEqual([...fromSparkImage(spark).data], [...raw.data]);
    assert.equal(data[0], channels === 1 ? raw.data[0] : raw.data[2]);
  }
  await assert.rejects(toSparkImage(Buffer.from('no picture'), 'x'), { name: 'PictureError' });
});
