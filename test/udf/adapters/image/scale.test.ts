import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planPlacement } from '../../../../src/udf/adapters/image/geometry.js';
import { weightsOf } from '../../../../src/udf/adapters/image/kernels.js';
import { resample } from '../../../../src/udf/adapters/image/resample.js';
import { scaleColumns, scaleLines } from '../../../../src/udf/adapters/image/scale.js';
import { scaleColumnsFast, scaleLinesFast } from '../../../../src/udf/adapters/image/scale-simd.js';
import { AS_IS, draw } from './pictures.js';

const KERNELS = ['nearest', 'bilinear', 'bicubic', 'lanczos'] as const;
const kernels = fc.constantFrom(...KERNELS);
const side = fc.integer({ min: 1, max: 70 });
const pictures = fc
  .tuple(side, side, fc.constantFrom(1, 3 as const), fc.integer({ min: 0, max: 2 ** 31 - 1 }))
  .map(([width, height, channels, seed]) =>
    draw(width, height, channels, (x, y, channel) => {
      // Mostly the extremes, so that sums overshoot and are clipped.
      const mixed = Math.imul(seed ^ (x * 73_856_093) ^ (y * 19_349_663) ^ (channel * 83_492_791), 0x9e3779b1) >>> 24;
      return mixed < 80 ? 0 : mixed > 170 ? 255 : mixed;
    }),
  );

test('vectors give the numbers of the readable loops', () => {
  fc.assert(
    fc.property(pictures, kernels, side, (picture, kernel, scaled) => {
      const lines = weightsOf(kernel, picture.width, scaled, 0, scaled);
      assert.deepEqual(scaleLinesFast(picture, lines), scaleLines(picture, lines));
      const columns = weightsOf(kernel, picture.height, scaled, 0, scaled);
      assert.deepEqual(scaleColumnsFast(picture, columns, 0), scaleColumns(picture, columns, 0));
    }),
  );
});

test('and so for pictures of several strips, and for those that do not fit', () => {
  for (const [width, height, toWidth, toHeight] of [
    [3000, 70, 300, 33],
    [100_000, 3, 50, 2],
    [40, 90_000, 200, 100],
  ] as const) {
    const picture = draw(width, height, 3, (x, y, channel) => (x * 31 + y * 17 + channel * 101 + ((x * y) >> 3)) & 255);
    const lines = weightsOf('bicubic', width, toWidth, 0, toWidth);
    const between = scaleLines(picture, lines);
    assert.ok(Buffer.from(scaleLinesFast(picture, lines).data).equals(between.data));
    const columns = weightsOf('bicubic', height, toHeight, 0, toHeight);
    assert.ok(Buffer.from(scaleColumnsFast(between, columns, 0).data).equals(scaleColumns(between, columns, 0).data));
  }
});

test('weights sum to one, and the picture that is not scaled stays as it is', () => {
  fc.assert(
    fc.property(kernels, side, side, (kernel, length, scaled) => {
      const { counts, starts, weights, width } = weightsOf(kernel, length, scaled, 0, scaled);
      for (let index = 0; index < scaled; index++) {
        const taps = weights.subarray(index * width, index * width + counts[index]!);
        const sum = taps.reduce((total, weight) => total + weight, 0);
        // Each is rounded by itself.
        assert.ok(Math.abs(sum - 2 ** 22) <= taps.length);
        assert.ok(starts[index]! >= 0 && starts[index]! + counts[index]! <= length && counts[index]! >= 1);
      }
    }),
  );
  fc.assert(
    fc.property(pictures, kernels, (picture, kernel) => {
      const placement = planPlacement(picture, {
        ...AS_IS,
        resize: 'exact',
        width: picture.width,
        height: picture.height,
      });
      assert.deepEqual(resample(picture, placement, kernel, [0, 0, 0], 1e6).data, picture.data);
    }),
  );
});

test('a crop has the pixels that the whole has there', () => {
  const crops = fc.constantFrom('center', 'top-left', 'top-right', 'bottom-left', 'bottom-right' as const);
  fc.assert(
    fc.property(
      pictures,
      kernels,
      crops,
      fc.integer({ min: 1, max: 40 }),
      side,
      side,
      (picture, kernel, crop, shorterSide, width, height) => {
        const wanted = { ...AS_IS, resize: 'shorter', shorterSide, crop, maxPixels: 1e7 } as const;
        const background = [10, 20, 30].slice(0, picture.channels);
        const whole = resample(picture, planPlacement(picture, wanted), kernel, background, 1e7);
        const placement = planPlacement(picture, { ...wanted, width, height });
        const part = resample(picture, placement, kernel, background, 1e7);
        const expected = draw(width, height, picture.channels, (x, y, channel) => {
          const [wholeX, wholeY] = [x - placement.left, y - placement.top];
          const inside = wholeX >= 0 && wholeY >= 0 && wholeX < whole.width && wholeY < whole.height;
          return inside
            ? whole.data[(wholeY * whole.width + wholeX) * picture.channels + channel]!
            : background[channel]!;
        });
        assert.deepEqual(part.data, expected.data);
      },
    ),
  );
});
