import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anomaly } from '../../../../src/udf/adapters/outputs/anomaly.js';
import { classification } from '../../../../src/udf/adapters/outputs/classification.js';
import { detection } from '../../../../src/udf/adapters/outputs/detection.js';
import { embedding } from '../../../../src/udf/adapters/outputs/embedding.js';
import { raw } from '../../../../src/udf/adapters/outputs/raw.js';
import { regression } from '../../../../src/udf/adapters/outputs/regression.js';
import { tokens } from '../../../../src/udf/adapters/outputs/tokens.js';
import { inframeError } from '../../../support/onnx.js';

test('what nothing is said of has a default', () => {
  assert.deepEqual(classification(), {
    adapter: 'classification',
    labels: undefined,
    top: undefined,
    activation: 'auto',
  });
  assert.deepEqual(regression(), { adapter: 'regression', scale: [1], offset: [0], names: undefined });
  assert.deepEqual(embedding(), { adapter: 'embedding', pooling: 'auto', normalize: false });
  assert.deepEqual(tokens(), { adapter: 'tokens', labels: undefined, aggregation: 'simple' });
  assert.deepEqual(anomaly(), { adapter: 'anomaly', error: 'mse', input: undefined });
  assert.deepEqual(raw(), { adapter: 'raw' });
  const found = { adapter: 'detection', boxes: undefined, scores: undefined, labels: undefined, most: 100 };
  assert.deepEqual(detection(), {
    ...found,
    format: 'boxes',
    boxFormat: 'xyxy',
    relative: false,
    threshold: 0.25,
    overlap: 0.5,
  });
  const yolo = { ...found, format: 'yolo', boxFormat: 'cxcywh', relative: false, threshold: 0.25, overlap: 0.5 };
  assert.deepEqual(detection({ format: 'yolo' }), yolo);
  const detr = { ...found, format: 'detr', boxFormat: 'cxcywh', relative: true, threshold: 0.5, overlap: 1 };
  assert.deepEqual(detection({ format: 'detr' }), detr);
});

test('what is said is kept', () => {
  const cats = { labels: ['cat', 'dog'], top: 2, activation: 'sigmoid' } as const;
  assert.deepEqual(classification(cats), { adapter: 'classification', ...cats });
  const targets = { adapter: 'regression', scale: [2, 3], offset: [1], names: ['a', 'b'] };
  assert.deepEqual(regression({ scale: [2, 3], offset: 1, names: ['a', 'b'] }), targets);
  assert.deepEqual(embedding({ pooling: 'cls', normalize: true }), {
    adapter: 'embedding',
    pooling: 'cls',
    normalize: true,
  });
  const boxes = {
    format: 'boxes',
    boxes: 'b',
    scores: 's',
    boxFormat: 'xywh',
    relative: true,
    labels: ['x'],
    threshold: 0,
    overlap: 1,
    most: 3,
  } as const;
  assert.deepEqual(detection(boxes), { adapter: 'detection', ...boxes });
  assert.deepEqual(anomaly({ error: 'mae', input: 'x' }), { adapter: 'anomaly', error: 'mae', input: 'x' });
});

test('adapters are frozen, and lists in them are copies', () => {
  const scale = [2, 3];
  const adapter = regression({ scale });
  scale[0] = 9;
  assert.deepEqual(adapter.scale, [2, 3]);
  for (const value of [
    adapter,
    adapter.scale,
    classification({ labels: ['a'] }),
    raw(),
    detection(),
    tokens(),
    anomaly(),
  ]) {
    assert.ok(Object.isFrozen(value));
  }
});

test('wrong use', () => {
  // As callers without a compiler and SQL give it.
  const given = (value: unknown): never => value as never;
  const cases: readonly (readonly [() => unknown, RegExp])[] = [
    [
      () => classification(given(null)),
      /^options null of classification\(\) are no object; write classification\(\{ labels: ... \}\)$/,
    ],
    [() => classification(given(['a'])), /^options \["a"\] of classification\(\) are no object/],
    [
      () => classification(given({ lables: [] })),
      /^option 'lables' of classification\(\) is not known; there are: labels, top, activation \(did you mean 'labels'\?\)$/,
    ],
    [() => classification({ top: 0 }), /^option 'top' of classification\(\) is 0; give a whole number from 1$/],
    [() => classification({ top: given('5') }), /'top' of classification\(\) is "5"/],
    [
      () => classification({ activation: given('softmaxx') }),
      /is "softmaxx"; there are: auto, softmax, sigmoid, none \(did you mean 'softmax'\?\)/,
    ],
    [() => regression({ scale: Number.NaN }), /'scale' of regression\(\) is NaN; give a finite number/],
    [() => regression({ offset: [] }), /'offset' of regression\(\) is \[\]; give a finite number/],
    [() => regression({ scale: given(['1']) }), /give a finite number/],
    [() => regression({ scale: [1, 2], offset: [1, 2, 3] }), /lists of one length/],
    [() => regression({ scale: [1, 2], names: ['a', 'b', 'c'] }), /lists of one length/],
    [() => regression({ names: [] }), /give a list of names/],
    [() => regression({ names: ['a', 'A'] }), /'A' is there twice/],
    [() => embedding({ pooling: given('average') }), /there are: auto, mean, cls, max, none/],
    [() => embedding({ normalize: given('yes') }), /'normalize' of embedding\(\) is "yes"; give true or false/],
    [() => detection({ threshold: 1.5 }), /'threshold' of detection\(\) is 1.5; give a number from 0 to 1/],
    [() => detection({ overlap: given('a') }), /give a number from 0 to 1/],
    [() => detection({ most: -1 }), /give a whole number from 1/],
    [() => detection({ boxes: '' }), /'boxes' of detection\(\) is ""; give a name/],
    [() => detection({ format: 'yolo', scores: 's' }), /'yolo' has one output; leave it out/],
    [() => detection({ format: given('ssd') }), /there are: boxes, yolo, detr/],
    [() => tokens({ aggregation: given('first') }), /there are: simple, none/],
    [() => anomaly({ error: given('rmse') }), /there are: mse, mae \(did you mean 'mse'\?\)/],
    [() => raw(given({ top: 1 })), /^option 'top' of raw\(\) is not known; there are: \(none\)$/],
  ];
  for (const [make, message] of cases) assert.throws(make, inframeError('ARGUMENT_INVALID', message), String(message));
});
