import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graph } from '../../../src/udf/onnx/build.js';
import { readModel } from '../../../src/udf/onnx/file.js';
import { inspectModel } from '../../../src/udf/onnx/inspect.js';
import { describeTensor } from '../../../src/udf/signature.js';
import { fixture, fixtures } from '../../support/fixtures.js';

const skip = fixtures === undefined ? 'no fixtures' : false;

test('squeezenet in a few lines', { skip }, async () => {
  const report = inspectModel(await readModel(fixture('models', 'squeezenet.onnx')));
  assert.deepEqual(report.signature.inputs.map(describeTensor), ['float32[1, 3, 224, 224]']);
  assert.deepEqual(report.signature.outputs.map(describeTensor), ['float32[1, 1000, 1, 1]']);
  assert.equal(report.parameters, 1_235_496); // torchvision's count for squeezenet1_1
  assert.deepEqual(report.batch, { kind: 'fixed', size: 1 });
  assert.deepEqual(report.opset, { 'ai.onnx': 7 });
  assert.deepEqual(report.operators.slice(0, 3), [
    { name: 'Conv', count: 26 },
    { name: 'Relu', count: 26 },
    { name: 'Concat', count: 8 },
  ]);
  assert.equal(report.bytes, 4955097);
  assert.deepEqual(structuredClone(report), report, 'plain data');
});

test('iris shows its classes and where ZipMap is', { skip }, async () => {
  const report = inspectModel(await readModel(fixture('models', 'logreg_iris.onnx')));
  assert.deepEqual(report.signature.outputs[1], {
    name: 'probabilities',
    dtype: 'float32',
    dims: [3, 3],
    classes: [0, 1, 2],
  });
  assert.ok(report.operators.some(item => item.name === 'ai.onnx.ml.ZipMap' && item.count === 1));
  assert.match(report.producer, /^OnnxMLTools/);
  assert.deepEqual(report.batch, { kind: 'fixed', size: 3 });
});

test('absurd dimensions are only numbers', () => {
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N'] }],
    outputs: [{ name: 'x', dtype: 'float32', dims: ['N'] }],
    nodes: [],
    initializers: [{ name: 'w', dtype: 'float32', dims: [0], data: [] }],
  });
  model.graph!.initializer[0]!.dims = [2n ** 62n, 2n ** 62n];
  model.metadataProps.push({ $typeName: 'inframe.onnx.StringStringEntryProto', key: '__proto__', value: 'x' });
  const report = inspectModel({
    path: '/m',
    model,
    sha256: '',
    bytes: 0,
    externalFiles: [],
    externalFolder: undefined,
  });
  assert.equal(report.parameters, 2 ** 124);
  assert.equal(Object.getOwnPropertyDescriptor(report.metadata, '__proto__')?.value, 'x');
});
