import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { type PictureOptions, pictureInput, pictureLayout } from '../../../../src/udf/onnx/adapt/picture.js';
import { freeBatch } from '../../../../src/udf/onnx/batch.js';
import type { Dim } from '../../../../src/udf/onnx/dims.js';
import { parseModel } from '../../../../src/udf/onnx/file.js';
import { castInput, castOutput } from '../../../../src/udf/onnx/rewrite.js';
import { describeTensor, signatureOf } from '../../../../src/udf/signature.js';
import { fixture, fixtures } from '../../../support/fixtures.js';
import { assertClose, float32, inframeError, noise, run } from '../../../support/onnx.js';
import { bytes, OPSETS, passing } from './nets.js';

const skip = fixtures === undefined ? 'no fixtures' : false;

const PLAIN: PictureOptions = { channels: 'RGB', range: [0, 1], mean: [], std: [] };
const IMAGENET: PictureOptions = { ...PLAIN, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** The contract of the image adapter, written as loops. */
function loops(pixels: ArrayLike<number>, [count, height, width]: readonly number[], options: PictureOptions) {
  const { range, mean, std } = options;
  const channels = options.channels === 'grey' ? 1 : 3;
  const result = new Float64Array(pixels.length);
  for (let n = 0; n < count!; n++)
    for (let c = 0; c < channels; c++)
      for (let h = 0; h < height!; h++)
        for (let w = 0; w < width!; w++) {
          const source = options.channels === 'BGR' ? 2 - c : c;
          const pixel = pixels[((n * height! + h) * width! + w) * channels + source]!;
          const value = (range[0] + (pixel / 255) * (range[1] - range[0]) - (mean[c] ?? 0)) / (std[c] ?? 1);
          const place =
            options.layout === 'NHWC'
              ? ((n * height! + h) * width! + w) * channels + c
              : ((n * channels + c) * height! + h) * width! + w;
          result[place] = value;
        }
  return result;
}

function noisyBytes(count: number): Uint8Array {
  return Uint8Array.from(noise(count), value => Math.floor(value * 256));
}

test('pixels become what the loops say, whatever the options', async () => {
  const number = fc.double({ min: -4, max: 4, noNaN: true });
  const deviation = fc.double({ min: 0.1, max: 4, noNaN: true });
  const three = fc.record({
    channels: fc.constantFrom('RGB' as const, 'BGR' as const),
    range: fc.constantFrom<[number, number]>([0, 1], [0, 255], [-1, 1]),
    mean: fc.oneof(fc.constant([]), fc.tuple(number, number, number)),
    std: fc.oneof(fc.constant([]), fc.tuple(deviation, deviation, deviation)),
    layout: fc.constantFrom('NCHW' as const, 'NHWC' as const),
  });
  const one = fc.record({
    channels: fc.constant('grey' as const),
    range: fc.constantFrom<[number, number]>([0, 1], [0, 255]),
    mean: fc.oneof(fc.constant([]), fc.tuple(number)),
    std: fc.oneof(fc.constant([]), fc.tuple(deviation)),
    layout: fc.constantFrom('NCHW' as const, 'NHWC' as const),
  });
  const size = fc.integer({ min: 1, max: 5 });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(three, one),
      fc.tuple(size, size, size),
      fc.constantFrom(...OPSETS),
      async (options, [count, height, width], opset) => {
        const channels = options.channels === 'grey' ? 1 : 3;
        const dims: Dim[] = options.layout === 'NCHW' ? ['N', channels, 'H', 'W'] : ['N', 'H', 'W', channels];
        const model = pictureInput(passing(dims, { opset }), 'x', options);
        assert.equal(describeTensor(signatureOf(model).inputs[0]!), `uint8[N, H, W, ${channels}]`);
        const pixels = noisyBytes(count * height * width * channels);
        const { y } = await run(model, { x: bytes([count, height, width, channels], pixels) });
        assert.deepEqual(
          y!.dims,
          options.layout === 'NCHW' ? [count, channels, height, width] : [count, height, width, channels],
        );
        // Four roundings of float32, each of at most 6e-8 of the largest number on the way.
        const least = Math.min(1, ...options.std);
        const largest =
          (Math.max(...options.range.map(Math.abs)) * 2 + Math.max(0, ...options.mean.map(Math.abs))) / least;
        assertClose(y!.data as Float32Array, loops(pixels, [count, height, width], options), largest * 2.5e-7);
      },
    ),
    { numRuns: 60 },
  );
});

test('a network may want half or double floats, or whole numbers', async () => {
  const pixels = noisyBytes(2 * 3 * 4 * 3);
  const fed = { x: bytes([2, 3, 4, 3], pixels) };
  const dims = ['N', 3, 'H', 'W'];
  for (const [dtype, tolerance] of [
    ['float16', 2e-3],
    ['float64', 1e-6],
  ] as const) {
    const model = pictureInput(passing(dims, { dtype, gives: 'float32' }), 'x', IMAGENET);
    assertClose((await run(model, fed))['y']!.data as Float32Array, loops(pixels, [2, 3, 4], IMAGENET), tolerance);
  }
  const raw: PictureOptions = { ...PLAIN, range: [0, 255], layout: 'NHWC' };
  const same = await run(pictureInput(passing(['N', 'H', 'W', 3], { dtype: 'uint8' }), 'x', raw), fed);
  assert.deepEqual(same['y']!.data, pixels);
  const half: PictureOptions = { ...raw, range: [0, 100] };
  const whole = await run(pictureInput(passing(['N', 'H', 'W', 3], { dtype: 'uint8' }), 'x', half), fed);
  assert.deepEqual(
    [...(whole['y']!.data as Uint8Array)],
    [...pixels].map(pixel => Math.round((pixel / 255) * 100)),
  );
});

test('grey pictures go into inputs without channels, and into flat ones', async () => {
  const pixels = noisyBytes(2 * 3 * 4);
  const fed = { x: bytes([2, 3, 4, 1], pixels) };
  const options: PictureOptions = { ...PLAIN, channels: 'grey', mean: [0.5], std: [0.25] };
  for (const [dims, shape, size] of [
    [['N', 3, 4], [2, 3, 4], {}],
    [['N', undefined, undefined], [2, 3, 4], {}],
    [['N', 12], [2, 12], { height: 3, width: 4 }],
    [['N', 'pixels'], [2, 12], {}],
    [['N', 3, 4, 1], [2, 3, 4, 1], {}],
    [['N', 1, 3, 4], [2, 1, 3, 4], {}],
  ] as const) {
    for (const opset of [7, 13]) {
      const { y } = await run(pictureInput(passing(dims, { opset }), 'x', { ...options, ...size }), fed);
      assert.deepEqual(y!.dims, shape);
      assertClose(y!.data as Float32Array, loops(pixels, [2, 3, 4], options), 1e-5);
    }
  }
});

test('a colour picture goes into a flat input in the order that is said', async () => {
  const pixels = noisyBytes(2 * 3 * 4 * 3);
  for (const layout of ['NCHW', 'NHWC'] as const) {
    const options: PictureOptions = { ...IMAGENET, channels: 'BGR', layout, height: 3, width: 4 };
    const model = pictureInput(passing(['N', 36]), 'x', options);
    assert.equal(describeTensor(signatureOf(model).inputs[0]!), 'uint8[N, 3, 4, 3]');
    const { y } = await run(model, { x: bytes([2, 3, 4, 3], pixels) });
    assert.deepEqual(y!.dims, [2, 36]);
    assertClose(y!.data as Float32Array, loops(pixels, [2, 3, 4], options), 1e-5);
  }
});

test('the layout is read from the shape where it is plain', () => {
  assert.equal(pictureLayout([1, 3, 224, 224], 3), 'NCHW');
  assert.equal(pictureLayout(['N', 'H', 'W', 3], 3), 'NHWC');
  assert.equal(pictureLayout(['N', 'C', 'H', 'W'], 3), undefined);
  assert.equal(pictureLayout([1, 3, 3, 3], 3), undefined);
  assert.equal(pictureLayout([1, 784], 1), undefined);
  const model = pictureInput(passing(['N', 8, 8, 3]), 'x', PLAIN);
  assert.equal(describeTensor(signatureOf(model).inputs[0]!), 'uint8[N, 8, 8, 3]');
});

test('what does nothing is left out', () => {
  const ops = (options: PictureOptions) =>
    pictureInput(passing(['N', 3, 'H', 'W']), 'x', options).graph!.node.map(node => node.opType);
  const raw: PictureOptions = { ...PLAIN, range: [0, 255] };
  assert.ok(!ops(raw).some(op => op === 'Mul' || op === 'Add' || op === 'Gather'));
  assert.ok(!ops(PLAIN).includes('Add'));
  assert.ok(!ops({ ...raw, mean: [104, 117, 123] }).includes('Mul'));
});

test('squeezenet sees in pictures what it sees in floats, and what it has seen elsewhere', { skip }, async () => {
  const original = parseModel(readFileSync(fixture('models', 'squeezenet.onnx')), 'squeezenet');
  const options: PictureOptions = { ...PLAIN, channels: 'BGR', range: [0, 255] };
  const pixels = await sharp(fixture('images', 'imagenet', 'cat.jpg'))
    .resize(224, 224, { fit: 'fill', kernel: 'linear' })
    .removeAlpha()
    .raw()
    .toBuffer();
  const floats = float32([1, 3, 224, 224], loops(pixels, [1, 224, 224], options));
  const expected = (await run(original, { data_0: floats }))['softmaxout_1']!.data as Float32Array;
  const model = pictureInput(freeBatch(original), 'data_0', options);
  assert.equal(describeTensor(signatureOf(model).inputs[0]!), 'uint8[N, 224, 224, 3]');
  const twice = Uint8Array.from([...pixels, ...pixels]);
  const { softmaxout_1: actual } = await run(model, { data_0: bytes([2, 224, 224, 3], twice) });
  const rows = actual!.data as Float32Array;
  assertClose(rows.slice(0, 1000), expected, 1e-5);
  assertClose(rows.slice(1000), expected, 1e-5);
  // expected/squeezenet.json: Pillow's pixels, which differ a little from sharp's.
  const known = JSON.parse(readFileSync(fixture('expected', 'squeezenet.json'), 'utf8'));
  const best = known.images['cat.jpg'].top5[0];
  assert.equal(rows.indexOf(Math.max(...rows.slice(0, 1000))), best.index);
  assertClose([rows[best.index]!], [best.probability], 0.02);

  const half = parseModel(readFileSync(fixture('models', 'squeezenet_fp16.onnx')), 'fp16');
  const [input, output] = [signatureOf(half).inputs[0]!.name, signatureOf(half).outputs[0]!.name];
  const narrow = pictureInput(castOutput(half, output, 'float32'), input, options);
  const { [output]: halved } = await run(narrow, { [input]: bytes([1, 224, 224, 3], pixels) });
  assertClose(halved!.data as Float32Array, expected, 0.02);
});

test('mnist takes grey pictures', { skip }, async () => {
  const original = parseModel(readFileSync(fixture('models', 'mnist.onnx')), 'mnist');
  const pixels = noisyBytes(784);
  const model = pictureInput(original, 'Input3', { ...PLAIN, channels: 'grey' });
  const expected = await run(original, {
    Input3: float32(
      [1, 1, 28, 28],
      [...pixels].map(pixel => pixel / 255),
    ),
  });
  const actual = await run(model, { Input3: bytes([1, 28, 28, 1], pixels) });
  assertClose(
    actual['Plus214_Output_0']!.data as Float32Array,
    expected['Plus214_Output_0']!.data as Float32Array,
    1e-4, // logits of several hundred
  );
});

test('edits stack: floats before a picture', async () => {
  const model = castInput(pictureInput(passing(['N', 3, 'H', 'W']), 'x', IMAGENET), 'x', 'float32');
  const pixels = noisyBytes(12);
  const { y } = await run(model, { x: float32([1, 2, 2, 3], pixels) });
  assertClose(y!.data as Float32Array, loops(pixels, [1, 2, 2], IMAGENET), 1e-5);
});

test('pictures that do not fit are refused', () => {
  const colour = passing(['N', 3, 224, 224]);
  const refuse = (model: typeof colour, options: Partial<PictureOptions>, ...words: (string | RegExp)[]) =>
    assert.throws(
      () => pictureInput(model, 'x', { ...PLAIN, ...options }),
      inframeError('MODEL_UNSUPPORTED', ...words),
    );
  const invalid = (options: Partial<PictureOptions>, ...words: (string | RegExp)[]) =>
    assert.throws(
      () => pictureInput(colour, 'x', { ...PLAIN, ...options }),
      inframeError('ARGUMENT_INVALID', ...words),
    );
  invalid({ mean: [1, 2] }, 'mean has 2 numbers', '3 channels');
  invalid({ std: [1, 2, 3, 4] }, 'std has 4 numbers');
  invalid({ std: [1, 0, 1] }, 'no std of 0');
  invalid({ range: [0, Number.NaN] }, 'finite');
  invalid({ height: 256 }, 'height 256', 'takes: 224');
  refuse(colour, { channels: 'grey' }, 'takes 3 channels', 'have 1');
  refuse(colour, { layout: 'NHWC' }, 'takes 224 channels where NHWC');
  refuse(passing(undefined), {}, 'does not state its number of dimensions');
  refuse(passing(['N', 8, 8]), {}, 'only grey');
  refuse(passing(['N', 784]), { channels: 'grey', height: 20, width: 20 }, 'takes 784', 'has 400');
  refuse(passing(['N']), {}, 'has 1 dimensions');
  refuse(passing(['N', 3, 8, 8], { dtype: 'string' }), {}, 'is of string');
  refuse(passing(['N', 3, 8, 8], { opset: 6 }), {}, 'opset 6');
  assert.throws(() => pictureInput(colour, 'z', PLAIN), inframeError('ARGUMENT_INVALID', "input 'z'", 'x'));
});
