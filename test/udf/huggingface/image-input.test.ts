import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImageAdapter } from '../../../src/udf/adapters/adapter.js';
import { image } from '../../../src/udf/adapters/image/options.js';
import { imageInput } from '../../../src/udf/huggingface/image-input.js';
import { Settings } from '../../../src/udf/huggingface/json.js';
import type { TensorInfo } from '../../../src/udf/signature.js';
import { inframeError } from '../../support/onnx.js';

/*
 * Files as they are published (`preprocessor_config.json` of the models that are named), and what transformers does with them by
 * the sources of its image processors.
 */

const OPEN: TensorInfo = { name: 'pixel_values', dtype: 'float32', dims: ['batch', 3, 'height', 'width'] };

function read(file: object, modelType?: string, dims: TensorInfo['dims'] = OPEN.dims) {
  return imageInput(new Settings("file 'preprocessor_config.json' of model 'm'", { ...file }), modelType, {
    ...OPEN,
    dims,
  });
}

function adapter(file: object, modelType?: string, dims?: TensorInfo['dims']): ImageAdapter {
  const { adapter: made, notes } = read(file, modelType, dims);
  assert.deepEqual(notes, []);
  return made;
}

const HALF = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
const IMAGENET = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };

test('google/vit-base-patch16-224: both sides, whatever the shape', () => {
  const file = {
    do_normalize: true,
    do_rescale: true,
    do_resize: true,
    ...HALF,
    image_processor_type: 'ViTImageProcessor',
    resample: 2,
    rescale_factor: 0.00392156862745098,
    size: { height: 224, width: 224 },
  };
  const expected = image({ width: 224, height: 224, range: [0, 1], mean: 0.5, std: 0.5, layout: 'NCHW' });
  assert.deepEqual(adapter(file), expected);
  assert.deepEqual(
    adapter({
      do_normalize: true,
      do_resize: true,
      ...HALF,
      feature_extractor_type: 'ViTFeatureExtractor',
      resample: 2,
      size: 224,
    }),
    expected,
  );
  // What is not said is the class's, and the class the model's.
  assert.deepEqual(adapter({}, 'vit'), expected);
});

test('openai/clip-vit-base-patch32: the shorter side, then a crop', () => {
  const clip = { image_mean: [0.48145466, 0.4578275, 0.40821073], image_std: [0.26862954, 0.26130258, 0.27577711] };
  const file = {
    crop_size: 224,
    do_center_crop: true,
    do_normalize: true,
    do_resize: true,
    feature_extractor_type: 'CLIPFeatureExtractor',
    ...clip,
    resample: 3,
    size: 224,
  };
  const expected = image({ preset: 'clip', layout: 'NCHW' });
  assert.deepEqual(adapter(file), expected);
  assert.deepEqual(
    adapter({ ...file, size: { shortest_edge: 224 }, crop_size: { height: 224, width: 224 }, do_convert_rgb: true }),
    expected,
  );
  assert.deepEqual(adapter({ image_processor_type: 'CLIPImageProcessorFast' }), expected);
});

test('facebook/dinov2-base', () => {
  const file = {
    crop_size: { height: 224, width: 224 },
    do_center_crop: true,
    do_convert_rgb: true,
    do_normalize: true,
    do_rescale: true,
    do_resize: true,
    ...IMAGENET,
    image_processor_type: 'BitImageProcessor',
    resample: 3,
    rescale_factor: 0.00392156862745098,
    size: { shortest_edge: 256 },
  };
  assert.deepEqual(adapter(file), image({ preset: 'dinov2', layout: 'NCHW' }));
});

test('microsoft/resnet-50 (ConvNext): below 384 a part of the picture, from 384 on all of it', () => {
  const file = {
    crop_pct: 0.875,
    do_normalize: true,
    do_resize: true,
    feature_extractor_type: 'ConvNextFeatureExtractor',
    ...IMAGENET,
    resample: 3,
    size: 224,
  };
  // int(224 / 0.875) = 256
  const expected = {
    size: 224,
    shorterSide: 256,
    kernel: 'bicubic',
    range: [0, 1],
    mean: IMAGENET.image_mean,
    std: IMAGENET.image_std,
    layout: 'NCHW',
  } as const;
  assert.deepEqual(adapter(file), image(expected));
  const { shorterSide: _, ...whole } = expected;
  assert.deepEqual(adapter({ ...file, size: { shortest_edge: 384 } }), image({ ...whole, size: 384 }));
  // int(224 / 0.95) = 235
  assert.equal(adapter({ ...file, crop_pct: 0.95 }).shorterSide, 235);
  assert.equal(adapter({ ...file, crop_pct: undefined }).shorterSide, 256);
});

test('google/mobilenet_v2_1.0_224', () => {
  const file = {
    crop_size: { height: 224, width: 224 },
    do_center_crop: true,
    do_normalize: true,
    do_rescale: true,
    do_resize: true,
    ...HALF,
    image_processor_type: 'MobileNetV2ImageProcessor',
    resample: 2,
    rescale_factor: 0.00392156862745098,
    size: { shortest_edge: 256 },
  };
  assert.deepEqual(
    adapter(file),
    image({ size: 224, shorterSide: 256, range: [0, 1], mean: 0.5, std: 0.5, layout: 'NCHW' }),
  );
});

test('apple/mobilevit-small: blue first, and no mean', () => {
  const file = {
    crop_size: { height: 256, width: 256 },
    do_center_crop: true,
    do_flip_channel_order: true,
    do_rescale: true,
    do_resize: true,
    image_processor_type: 'MobileViTImageProcessor',
    resample: 2,
    rescale_factor: 0.00392156862745098,
    size: { shortest_edge: 288 },
  };
  assert.deepEqual(
    adapter(file),
    image({ size: 256, shorterSide: 288, channels: 'BGR', range: [0, 1], layout: 'NCHW' }),
  );
});

test('google/efficientnet-b0: nearest, and the deviation twice', () => {
  const mean = [0.485, 0.456, 0.406];
  const std = [0.47853944, 0.4732864, 0.47434163];
  const file = {
    do_center_crop: false,
    do_normalize: true,
    do_rescale: true,
    do_resize: true,
    image_mean: mean,
    image_processor_type: 'EfficientNetImageProcessor',
    image_std: std,
    include_top: true,
    resample: 0,
    rescale_factor: 0.00392156862745098,
    rescale_offset: false,
    size: { height: 224, width: 224 },
  };
  const made = adapter(file);
  assert.deepEqual(
    made,
    image({ size: 224, kernel: 'nearest', range: [0, 1], mean, std: std.map(value => value * value), layout: 'NCHW' }),
  );
  // (x - mean) / std, then / std once more, of a red pixel of 200.
  const [low, high] = made.range;
  const value = (low + (200 / 255) * (high - low) - made.mean[0]!) / made.std[0]!;
  assert.ok(Math.abs(value - (200 / 255 - 0.485) / 0.47853944 / 0.47853944) < 1e-12);
  assert.deepEqual(adapter({ ...file, include_top: false }).std, std);
  assert.deepEqual(adapter({ ...file, rescale_factor: 1 / 127.5, rescale_offset: true }).range, [-1, 1]);
});

test('hustvl/yolos-tiny and facebook/detr-resnet-50: the shorter side; the limit of the longer one is said to be missing', () => {
  const file = {
    do_normalize: true,
    do_pad: true,
    do_rescale: true,
    do_resize: true,
    feature_extractor_type: 'DetrFeatureExtractor',
    format: 'coco_detection',
    ...IMAGENET,
    resample: 2,
    rescale_factor: 0.00392156862745098,
    size: { longest_edge: 1333, shortest_edge: 800 },
  };
  const expected = image({
    shorterSide: 800,
    range: [0, 1],
    mean: IMAGENET.image_mean,
    std: IMAGENET.image_std,
    layout: 'NCHW',
  });
  const made = read(file);
  assert.deepEqual(made.adapter, expected);
  assert.deepEqual(made.notes, [
    "file 'preprocessor_config.json' of model 'm' limits the longer side of a picture to 1333 pixels; here only its shorter side is set, to 800, so pictures of a ratio above 1.67 are fed larger",
  ]);
  const { size: _, ...older } = file;
  assert.deepEqual(read({ ...older, size: 800, max_size: 1333 }), made);
  assert.deepEqual(read({ image_processor_type: 'YolosImageProcessor' }).adapter, expected);
  // A network of set size cannot take the picture as it comes.
  const fixed = read(file, undefined, [1, 3, 512, 640]);
  assert.deepEqual([fixed.adapter.resize, fixed.adapter.width, fixed.adapter.height], ['exact', 640, 512]);
  assert.match(
    fixed.notes[1]!,
    /^input 'pixel_values' takes 640 x 512 pixels only, so pictures are squeezed into that/,
  );
});

test('facebook/deit-base: squeezed, then cropped, which is not done here and said', () => {
  const file = {
    crop_size: 224,
    do_center_crop: true,
    do_normalize: true,
    do_resize: true,
    feature_extractor_type: 'DeiTFeatureExtractor',
    ...IMAGENET,
    resample: 3,
    size: 256,
  };
  const { adapter: made, notes } = read(file);
  assert.deepEqual(made, image({ preset: 'dinov2', layout: 'NCHW' }));
  assert.match(notes[0]!, /squeezes pictures into 256 x 256 pixels before it crops them; here they keep their shape/);
  assert.equal(notes.length, 1);
  // A crop of all of it is none.
  assert.deepEqual(read({ ...file, size: 224 }).notes, []);
});

test('microsoft/beit-base-patch16-224, and steps that are left out', () => {
  const file = {
    crop_size: 224,
    do_center_crop: false,
    do_normalize: true,
    do_resize: true,
    feature_extractor_type: 'BeitFeatureExtractor',
    ...HALF,
    resample: 2,
    size: 224,
  };
  assert.deepEqual(adapter(file), image({ size: 224, range: [0, 1], mean: 0.5, std: 0.5, layout: 'NCHW' }));
  assert.deepEqual(
    adapter({ ...file, do_resize: false }),
    image({ resize: 'none', range: [0, 1], mean: 0.5, std: 0.5, layout: 'NCHW' }),
  );
  assert.deepEqual(adapter({ ...file, do_rescale: false, do_normalize: false }), image({ size: 224, layout: 'NCHW' }));
  const cropped = adapter({ ...file, do_resize: false, do_center_crop: true });
  assert.deepEqual([cropped.resize, cropped.width, cropped.height], ['none', 224, 224]);
});

test('a network of one channel takes grey pictures', () => {
  const file = { image_processor_type: 'ViTImageProcessor', size: 28, image_mean: [0.1307], image_std: [0.3081] };
  assert.deepEqual(
    adapter(file, undefined, ['N', 1, 28, 28]),
    image({ size: 28, channels: 'grey', range: [0, 1], mean: 0.1307, std: 0.3081, layout: 'NCHW' }),
  );
  assert.equal(adapter({ ...file, image_mean: 0.5, image_std: 0.5 }, undefined, ['N', 28, 28, 1]).layout, 'NHWC');
});

test('a class that is not known is followed where its file says everything', () => {
  const all = {
    image_processor_type: 'NewImageProcessor',
    do_resize: true,
    size: { height: 32, width: 48 },
    resample: 1,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    ...HALF,
    do_center_crop: false,
  };
  assert.deepEqual(
    adapter(all),
    image({ width: 48, height: 32, kernel: 'lanczos', range: [0, 1], mean: 0.5, std: 0.5, layout: 'NCHW' }),
  );
  for (const missing of [
    'do_resize',
    'size',
    'resample',
    'do_rescale',
    'rescale_factor',
    'do_normalize',
    'image_mean',
    'image_std',
    'do_center_crop',
  ]) {
    assert.throws(
      () => read({ ...all, [missing]: undefined }),
      inframeError(
        'MODEL_UNSUPPORTED',
        new RegExp(
          `setting 'image_processor_type' in file .* is "NewImageProcessor", which is not known here, and the file does not say '${missing}'`,
        ),
      ),
    );
  }
});

test('what changes pixels and cannot be followed is refused by name', () => {
  const vit = { image_processor_type: 'ViTImageProcessor' };
  const cases: readonly (readonly [object, 'MODEL_UNSUPPORTED' | 'MODEL_INVALID', RegExp])[] = [
    [
      { ...vit, do_thumbnail: true },
      'MODEL_UNSUPPORTED',
      /setting 'do_thumbnail' in file .* is true, a step that is not known here; say how pictures are fed/,
    ],
    [{ ...vit, patch_size: 14 }, 'MODEL_UNSUPPORTED', /setting 'patch_size'/],
    [{ ...vit, do_pad: true }, 'MODEL_UNSUPPORTED', /setting 'do_pad'/],
    [{ ...vit, pad_size: { height: 9, width: 9 } }, 'MODEL_UNSUPPORTED', /setting 'pad_size'/],
    [{ ...vit, size_divisor: 32 }, 'MODEL_UNSUPPORTED', /setting 'size_divisor'/],
    [
      { ...vit, resample: 5 },
      'MODEL_UNSUPPORTED',
      /setting 'resample' in file .* is 5, Pillow's box or hamming kernel; kernels here are: nearest/,
    ],
    [
      { ...vit, size: { longest_edge: 512 } },
      'MODEL_UNSUPPORTED',
      /setting 'size' .* neither height and width nor the shortest edge/,
    ],
    [{ ...vit, size: { height: 224 } }, 'MODEL_UNSUPPORTED', /setting 'size'/],
    [
      { image_processor_type: 'CLIPImageProcessor', size: 200, crop_size: 224 },
      'MODEL_UNSUPPORTED',
      /setting 'crop_size' .* more than the 200 pixels of the shorter side/,
    ],
    [
      { ...vit, size: { height: 20, width: 30 }, do_center_crop: true, crop_size: 10 },
      'MODEL_UNSUPPORTED',
      /setting 'crop_size'/,
    ],
    [{ ...vit, size: 0 }, 'MODEL_INVALID', /setting 'size' in file .* is 0 and not a whole number from 1/],
    [
      { ...vit, size: 100_000 },
      'MODEL_INVALID',
      /^file 'preprocessor_config\.json' of model 'm': option 'width' of image\(\) is 100000/,
    ],
    [{ ...vit, size: '224' }, 'MODEL_INVALID', /setting 'size' .* is "224" and not an object/],
    [{ ...vit, size: { height: 1.5, width: 2 } }, 'MODEL_INVALID', /setting 'height' in size in file .* is 1.5/],
    [{ ...vit, do_resize: 'yes' }, 'MODEL_INVALID', /setting 'do_resize' .* is "yes" and not true or false/],
    [{ ...vit, image_mean: [0.5, 0.5] }, 'MODEL_INVALID', /setting 'image_mean' .* not 3 numbers, one a channel/],
    [{ ...vit, image_mean: ['a'] }, 'MODEL_INVALID', /setting 'image_mean' .* not a list of numbers/],
    [{ ...vit, image_std: [0.5, 0, 0.5] }, 'MODEL_INVALID', /setting 'image_std' .* not above 0/],
    [{ ...vit, rescale_factor: 0 }, 'MODEL_INVALID', /setting 'rescale_factor'/],
    [{ image_processor_type: 'ConvNextImageProcessor', size: 224, crop_pct: 0 }, 'MODEL_INVALID', /setting 'crop_pct'/],
    [
      { image_processor_type: 'constructor' },
      'MODEL_UNSUPPORTED',
      /setting 'image_processor_type' in file .* is "constructor", which is not known here/,
    ],
    [{}, 'MODEL_UNSUPPORTED', /setting 'image_processor_type' in file .* is undefined, which is not known here/],
  ];
  for (const [file, code, message] of cases)
    assert.throws(() => read(file), inframeError(code, message), String(message));
});
