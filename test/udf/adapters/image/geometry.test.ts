import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type PictureGeometry, placeOf, planPlacement } from '../../../../src/udf/adapters/image/geometry.js';
import { AS_IS } from './pictures.js';

const plan = (width: number, height: number, wanted: Partial<PictureGeometry>) =>
  planPlacement({ width, height }, { ...AS_IS, ...wanted });

const ofSize = (width: number, height: number) => ({ width, height });

test('exact takes both sides, or one and the other in proportion', () => {
  const whole = (width: number, height: number) => ({
    scaled: ofSize(width, height),
    result: ofSize(width, height),
    left: 0,
    top: 0,
  });
  assert.deepEqual(plan(500, 375, { resize: 'exact', width: 224, height: 200 }), whole(224, 200));
  assert.deepEqual(plan(500, 375, { resize: 'exact', width: 100 }), whole(100, 75));
  assert.deepEqual(plan(500, 375, { resize: 'exact', height: 32 }), whole(43, 32));
  assert.deepEqual(plan(500, 375, { resize: 'exact' }), whole(500, 375));
  assert.deepEqual(plan(5000, 1, { resize: 'exact', width: 100 }), whole(100, 1));
});

test('shorter and crop are those of torchvision', () => {
  // torchvision.transforms.v2: Resize(256) of a 500 x 375 picture gives 341 x 256 (256 * 500 / 375 = 341.33), of 375 x 500
  // 256 x 341; CenterCrop(224) then cuts at round((341 - 224) / 2.0) = 58 (half to even) and 16.
  const imagenet = { resize: 'shorter', shorterSide: 256, width: 224, height: 224 } as const;
  assert.deepEqual(plan(500, 375, imagenet), {
    scaled: ofSize(341, 256),
    result: ofSize(224, 224),
    left: -58,
    top: -16,
  });
  assert.deepEqual(plan(375, 500, imagenet), {
    scaled: ofSize(256, 341),
    result: ofSize(224, 224),
    left: -16,
    top: -58,
  });
  // round(59.5) is 60, the even one
  assert.equal(plan(343, 256, imagenet).left, -60);
  const at = (crop: PictureGeometry['crop']) => {
    const { left, top } = plan(500, 375, { ...imagenet, crop });
    return [left, top];
  };
  assert.deepEqual(at('top-left'), [0, 0]);
  assert.deepEqual(at('top-right'), [-117, 0]);
  assert.deepEqual(at('bottom-left'), [0, -32]);
  assert.deepEqual(at('bottom-right'), [-117, -32]);
});

test('shorter without a side fills the frame; without a frame it keeps all', () => {
  assert.deepEqual(plan(500, 375, { resize: 'shorter', width: 100, height: 60 }).scaled, ofSize(133, 100));
  const open = plan(500, 375, { resize: 'shorter', shorterSide: 75 });
  assert.deepEqual(open, { scaled: ofSize(100, 75), result: ofSize(100, 75), left: 0, top: 0 });
});

test('letterbox is that of Ultralytics', () => {
  // r = min(640 / 375, 640 / 500); round(500 * 1.28), round(375 * 1.28); top = round((640 - 480) / 2 - 0.1)
  const yolo = { resize: 'letterbox', width: 640, height: 640 } as const;
  assert.deepEqual(plan(500, 375, yolo), { scaled: ofSize(640, 480), result: ofSize(640, 640), left: 0, top: 80 });
  // round(225.28) = 225; (640 - 225) / 2 - 0.1 = 207.4
  assert.deepEqual(plan(176, 500, yolo), { scaled: ofSize(225, 640), result: ofSize(640, 640), left: 207, top: 0 });
  assert.deepEqual(plan(10_000, 1, yolo).scaled, ofSize(640, 1));
});

test('without a resize a picture is cropped, or padded in the middle', () => {
  const frame = { resize: 'none', width: 100, height: 100 } as const;
  assert.deepEqual(plan(201, 51, frame), { scaled: ofSize(201, 51), result: ofSize(100, 100), left: -50, top: 24 });
});

test('the way back leads into the source', () => {
  const side = fc.integer({ min: 1, max: 2000 });
  const resize = fc.constantFrom('exact', 'shorter', 'letterbox', 'none' as const);
  fc.assert(
    fc.property(side, side, side, side, resize, (width, height, toWidth, toHeight, how) => {
      const placement = plan(width, height, { resize: how, width: toWidth, height: toHeight, maxPixels: 1e8 });
      const { scaleX, scaleY, left, top } = placeOf({ width, height }, placement);
      assert.deepEqual(placement.result, ofSize(toWidth, toHeight));
      // The scaled picture's corners are the source's.
      const corner = [left + placement.scaled.width, top + placement.scaled.height] as const;
      assert.ok(Math.abs((corner[0] - left) / scaleX - width) < 1e-6);
      assert.ok(Math.abs((corner[1] - top) / scaleY - height) < 1e-6);
      // Something of it is seen.
      assert.ok(left < toWidth && top < toHeight && corner[0] > 0 && corner[1] > 0);
    }),
  );
});

test('sizes beyond the limits are refused', () => {
  const refused = (message: string) => ({ name: 'PictureError', message });
  assert.throws(
    () => plan(1_000_001, 1, { resize: 'none' }),
    refused('the picture is 1000001 x 1 pixels; a side has 1000000 at most'),
  );
  assert.throws(
    () => plan(10, 1, { resize: 'shorter', shorterSide: 1000 }),
    refused('the picture would become 10000 x 1000 pixels, more than the limit of 1000000'),
  );
});
