import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { IMAGE_PRESETS, type ImageOptions, image } from '../../../../src/udf/adapters/image/options.js';
import { inframeError } from '../../../support/onnx.js';

test('without options a picture is RGB from 0 to 255, of the size that the network says', () => {
  assert.deepEqual(image(), {
    adapter: 'image',
    width: undefined,
    height: undefined,
    resize: 'exact',
    shorterSide: undefined,
    crop: 'center',
    kernel: 'bilinear',
    channels: 'RGB',
    range: [0, 255],
    mean: [],
    std: [],
    layout: undefined,
    background: [0, 0, 0],
    alpha: 'drop',
    maxPixels: 100_000_000,
    source: { folder: process.cwd(), hosts: [], maxBytes: 256 * 1024 * 1024 },
  });
  assert.deepEqual(image({}), image());
});

test('presets', () => {
  const imagenet = image('imagenet');
  assert.deepEqual(image({ preset: 'imagenet' }), imagenet);
  assert.deepEqual(imagenet, {
    ...image(),
    width: 224,
    height: 224,
    resize: 'shorter',
    shorterSide: 256,
    range: [0, 1],
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  });
  const clip = image('clip');
  assert.deepEqual([clip.shorterSide, clip.kernel, clip.mean[0]], [224, 'bicubic', 0.48145466]);
  assert.deepEqual([image('vit').range, image('vit').resize, image('vit').mean], [[-1, 1], 'exact', []]);
  assert.equal(image('inception').width, 299);
  const yolo = image('yolo');
  assert.deepEqual([yolo.resize, yolo.width, yolo.background, yolo.range], ['letterbox', 640, [114, 114, 114], [0, 1]]);
  assert.equal(image('caffe').channels, 'BGR');
  for (const name of Object.keys(IMAGE_PRESETS) as (keyof typeof IMAGE_PRESETS)[]) {
    const adapter = image(name);
    assert.ok(Object.isFrozen(adapter) && Object.isFrozen(adapter.mean) && Object.isFrozen(adapter.source), name);
    assert.deepEqual(structuredClone(adapter), adapter);
  }
});

test('options change single parts of a preset', () => {
  const larger = image({ preset: 'imagenet', size: 384, shorterSide: 440 });
  assert.deepEqual([larger.width, larger.height, larger.shorterSide], [384, 384, 440]);
  const squeezed = image({ preset: 'imagenet', resize: 'exact' });
  assert.deepEqual([squeezed.resize, squeezed.shorterSide, squeezed.width], ['exact', undefined, 224]);
  // A preset's mean is of red, green, blue: it turns round with the channels. One that is given does not.
  assert.deepEqual(image({ preset: 'imagenet', channels: 'BGR' }).mean, [0.406, 0.456, 0.485]);
  assert.deepEqual(image({ preset: 'caffe', channels: 'RGB' }).mean, [123.68, 116.779, 103.939]);
  assert.deepEqual(image({ preset: 'imagenet', channels: 'BGR', mean: [1, 2, 3] }).mean, [1, 2, 3]);
  assert.deepEqual(image({ preset: 'imagenet', channels: 'grey', mean: 0.45, std: 0.226 }).std, [0.226]);
  assert.deepEqual(image({ preset: 'imagenet', mean: [], std: [] }).mean, []);
  const asIs = image({ preset: 'yolo', resize: 'none' });
  assert.deepEqual([asIs.width, asIs.height], [undefined, undefined]);
});

test('short forms', () => {
  assert.equal(image({ shorterSide: 100 }).resize, 'shorter');
  assert.deepEqual(image({ mean: 127.5, std: 127.5 }).mean, [127.5, 127.5, 127.5]);
  assert.deepEqual(image({ background: 114 }).background, [114, 114, 114]);
  assert.equal(image({ folder: 'photos' }).source.folder, resolve('photos'));
  assert.deepEqual(image({ hosts: ['Images.Example.ORG', 'localhost:8080'] }).source.hosts, [
    'images.example.org',
    'localhost:8080',
  ]);
});

test('what does not exist or does not fit is refused with what does', () => {
  const wrong: readonly (readonly [options: unknown, ...words: string[]])[] = [
    ['imagnet', `option 'preset' of image() is "imagnet"; there are: imagenet, clip`, "did you mean 'imagenet'?"],
    [{ preset: 'resnet' }, 'there are: imagenet'],
    [{ preset: 'toString' }, 'there are: imagenet'],
    [{ kernal: 'x' }, "option 'kernal' of image() is not known; there are: preset, width", "did you mean 'kernel'?"],
    [null, 'argument of image() is null', "such as 'imagenet'"],
    [224, 'argument of image() is 224'],
    [['imagenet'], 'argument of image() is ["imagenet"]'],
    [{ width: 0 }, "option 'width' of image() is 0; give a whole number from 1 to 16384"],
    [{ height: 2.5 }, "option 'height' of image() is 2.5"],
    [{ size: '224' }, `option 'size' of image() is "224"`],
    [{ size: 224, width: 224 }, "option 'size' of image() is 224; it stands for width and height"],
    [{ resize: 'exactly' }, 'there are: exact, shorter, letterbox, none', "did you mean 'exact'?"],
    [{ crop: 'centre', shorterSide: 9 }, "did you mean 'center'?"],
    [{ kernel: 'cubic' }, 'there are: nearest, bilinear, bicubic, lanczos'],
    [{ channels: 'gray' }, "did you mean 'grey'?"],
    [{ layout: 'CHW' }, 'there are: NCHW, NHWC'],
    [{ alpha: true }, 'there are: drop, blend'],
    [{ range: [0, 0] }, "option 'range' of image() is [0,0]; give what 0 and 255 become"],
    [{ range: [0] }, "option 'range'"],
    [{ range: [0, Number.NaN] }, "option 'range'"],
    [{ mean: [1, 2] }, 'of RGB pictures give three numbers'],
    [{ mean: [1, 2, 3], channels: 'grey' }, 'of grey pictures give one number'],
    [{ mean: 'x' }, "option 'mean'"],
    [{ std: [1, 0, 1] }, "option 'std' of image() is [1,0,1]; give numbers above 0"],
    [{ preset: 'imagenet', channels: 'grey' }, "the preset's mean is of three channels; give mean too"],
    [{ background: [1, 2, 256] }, "option 'background' of image() is [1,2,256]"],
    [{ background: -1 }, "option 'background' of image() is -1"],
    [{ maxPixels: 0 }, "option 'maxPixels'"],
    [{ maxPixels: 1e12 }, "option 'maxPixels'", 'from 1 to 1000000000'],
    [{ folder: '' }, "option 'folder'"],
    [{ folder: 'a\0b' }, "option 'folder'"],
    [{ hosts: 'example.org' }, "option 'hosts'", "such as ['images.example.org']"],
    [{ hosts: ['https://example.org'] }, "option 'hosts'"],
    [{ hosts: ['example.org/path'] }, "option 'hosts'"],
    [{ maxBytes: -1 }, "option 'maxBytes'"],
    [{ shorterSide: 100, resize: 'exact' }, "it is for resize 'shorter', and resize is 'exact'"],
    [{ preset: 'imagenet', size: 384 }, "option 'shorterSide' of image() is 256", 'give 384 or more'],
    [{ crop: 'top-left' }, "nothing is cropped where resize is 'exact'"],
  ];
  for (const [options, ...words] of wrong) {
    // The compiler would refuse most of these: callers may have none.
    assert.throws(
      () => image(options as ImageOptions),
      inframeError('ARGUMENT_INVALID', ...words),
      JSON.stringify(options),
    );
  }
});
