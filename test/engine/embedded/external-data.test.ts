import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { graph } from '../../../src/udf/onnx/build.js';
import { serializeModel } from '../../../src/udf/onnx/file.js';
import { withFields } from '../../../src/udf/onnx/message.js';
import type { ModelProto } from '../../../src/udf/onnx/onnx_pb.js';
import { TensorProto_DataLocation } from '../../../src/udf/onnx/onnx_pb.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';

/** y = x · [1, 10, 100], its weights in another file. */
function external(location: string): ModelProto {
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 1] }],
    nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
    initializers: [{ name: 'w', dtype: 'float32', dims: [3, 1], data: [1, 10, 100] }],
  });
  const body = model.graph!;
  const entry = (key: string, value: string) =>
    ({ $typeName: 'inframe.onnx.StringStringEntryProto', key, value }) as const;
  const weights = withFields(body.initializer[0]!, {
    rawData: new Uint8Array(),
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: [entry('location', location), entry('offset', '0'), entry('length', '12')],
  });
  return withFields(model, { graph: withFields(body, { initializer: [weights] }) });
}

test('a model whose weights stand in another file is scored, and a change of that file is a change of the model', async t => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'm.onnx'), serializeModel(external('w.bin')));
  writeFileSync(join(folder, 'w.bin'), new Uint8Array(Float32Array.from([1, 10, 100]).buffer));
  writeFileSync(join(folder, 'a.csv'), 'a,b,c\n1,2,3\n4,5,6\n');
  const session = await openSession(t);
  const table = session.read.csv(join(folder, 'a.csv'));
  const first = await session.model(join(folder, 'm.onnx'));
  const score = async (model: typeof first) =>
    (await table.select(model('a', 'b', 'c').as('y')).collect()).map(row => row['y']);
  assert.deepEqual(await score(first), [321, 654]);

  writeFileSync(join(folder, 'w.bin'), new Uint8Array(Float32Array.from([2, 20, 200]).buffer));
  const second = await session.model(join(folder, 'm.onnx'));
  assert.notEqual(second.sha256, first.sha256);
  assert.deepEqual(await score(second), [642, 1308]);
});

test('weights outside the folder of the model are refused', async t => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'w.bin'), new Uint8Array(12));
  const session = await openSession(t);
  for (const location of ['../w.bin', join(folder, 'w.bin')]) {
    writeFileSync(join(folder, 'models', 'm.onnx'), serializeModel(external(location)));
    await assert.rejects(
      session.model(join(folder, 'models', 'm.onnx')),
      inframeError('MODEL_EXTERNAL_DATA', location),
    );
  }
});
