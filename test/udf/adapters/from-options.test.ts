import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptionCall } from '../../../src/frame/sql/options.js';
import { ADAPTER_NAMES, adapterFromCall, fromWords } from '../../../src/udf/adapters/from-options.js';
import { image } from '../../../src/udf/adapters/image/options.js';
import { classification } from '../../../src/udf/adapters/outputs/classification.js';
import { detection } from '../../../src/udf/adapters/outputs/detection.js';
import { embedding } from '../../../src/udf/adapters/outputs/embedding.js';
import { inframeError } from '../../support/onnx.js';

const made = (text: string): unknown => adapterFromCall(parseOptionCall(text));

test('words make what the makers make', () => {
  assert.deepEqual(made('image(width = 224, shorter_side = 256)'), image({ width: 224, shorterSide: 256 }));
  assert.deepEqual(made('IMAGE(WIDTH = 224, SHORTER_SIDE = 256)'), image({ width: 224, shorterSide: 256 }));
  assert.deepEqual(
    made("image('imagenet', size = 192, maxPixels = 1_000)"),
    image({ preset: 'imagenet', size: 192, maxPixels: 1000 }),
  );
  assert.deepEqual(made('classification(labels = [cat, dog], top = null)'), classification({ labels: ['cat', 'dog'] }));
  assert.deepEqual(made('embedding(mean, normalize = true)'), embedding({ pooling: 'mean', normalize: true }));
  assert.deepEqual(made("detection('yolo', box_format = xyxy)"), detection({ format: 'yolo', boxFormat: 'xyxy' }));
});

test('every adapter has a name and can be made of nothing, but for those that need a file', () => {
  for (const name of ADAPTER_NAMES.filter(known => known !== 'text')) {
    const adapter = adapterFromCall({ call: name, arguments: [], options: {} });
    assert.equal(adapter.adapter, name);
    assert.ok(Object.isFrozen(adapter));
  }
});

test('what feeds an input is made of words, and anything else stays', () => {
  const call = parseOptionCall('image()');
  assert.deepEqual(fromWords('input', 'x', call), image());
  assert.equal(fromWords('input', 'x', 'a'), 'a');
  const columns = ['a', 'b'];
  assert.equal(fromWords('input', 'x', columns), columns);
  const adapter = classification();
  assert.equal(fromWords('output', 'y', adapter), adapter);
});

test('wrong words', () => {
  const cases: readonly (readonly [() => unknown, RegExp])[] = [
    [() => made('imagee()'), /^adapter 'imagee' is not known; there are: image, .*raw \(did you mean 'image'\?\)$/],
    [() => made('constructor()'), /^adapter 'constructor' is not known/],
    [() => made('__proto__()'), /^adapter '__proto__' is not known/],
    [
      () => made('classification(lables = x)'),
      /^option 'lables' of classification\(\) is not known.*did you mean 'labels'/,
    ],
    [() => made('classification(__proto__ = x)'), /^option '.*' of classification\(\) is not known/],
    [() => made('raw(1)'), /^adapter 'raw' is given 1 values without a key, and takes none; write key = value$/],
    [() => made('embedding(mean, cls)'), /is given 2 values without a key, and takes one, its pooling/],
    [
      () => made('embedding(mean, pooling = cls)'),
      /option 'pooling' of embedding\(\) is given twice, once without its key/,
    ],
    [
      () => made('detection(box_format = xyxy, boxFormat = xywh)'),
      /option 'boxFormat' of detection\(\) is given twice/,
    ],
    [() => made('classification(top = many)'), /'top' of classification\(\) is "many"/],
    [() => made('classification(labels = none.txt)'), /labels file 'none.txt' of classification\(\) does not exist/],
    [
      () => fromWords('input', 'x', parseOptionCall('classification()')),
      /^adapter 'classification' of input 'x' is one of outputs; of inputs there are: image/,
    ],
    [
      () => fromWords('output', 'y', parseOptionCall('image()')),
      /'image' of output 'y' is one of inputs; of outputs there are: classification/,
    ],
    [() => fromWords('input', 'x', parseOptionCall('imag()')), /^adapter 'imag' is not known; there are: image\b/],
  ];
  for (const [make, message] of cases) assert.throws(make, inframeError('ARGUMENT_INVALID', message), String(message));
});
