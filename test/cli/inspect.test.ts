import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { graph } from '../../src/udf/onnx/build.js';
import { serializeModel } from '../../src/udf/onnx/file.js';
import { StringStringEntryProtoSchema, TypeProto_SequenceSchema, TypeProtoSchema } from '../../src/udf/onnx/onnx_pb.js';
import { temporaryFolder } from '../support/sessions.js';
import { line, runCli, writeModel } from './cli.js';

test('inspect shows what a model is and what can feed it', async t => {
  const folder = temporaryFolder(t);
  await writeModel(join(folder, 'line.onnx'), line);
  const { code, stdout, stderr } = await runCli(t, folder, 'inspect', 'line.onnx');
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  for (const expected of [
    /^model +line\n/,
    /\nfile +line\.onnx, \d+ B\n/,
    /\nsha256 +[0-9a-f]{64}\n/,
    /\nformat +ONNX, IR version 8\nopset +ai\.onnx 17\nproducer +inframe\nparameters +2\nbatch +any number of rows\n/,
    /│ x +│ float32\[N, 1\] │ one column of numbers │/,
    /│ y +│ float32\[N, 1\] │/,
    /\noperators \(2\)\n {2}Add 1\n {2}Mul 1\n/,
  ]) {
    assert.match(stdout, expected);
  }
});

test('inspect --json', async t => {
  const folder = temporaryFolder(t);
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: [2, 20] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: [2, 20] }],
    nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }],
  });
  model.metadataProps.push(create(StringStringEntryProtoSchema, { key: 'author', value: 'somebody' }));
  await writeFile(join(folder, 'relu.onnx'), serializeModel(model));
  const { code, stdout } = await runCli(t, folder, 'inspect', 'relu.onnx', '--json');
  assert.equal(code, 0);
  const { sha256, bytes, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
  assert.match(String(sha256), /^[0-9a-f]{64}$/);
  assert.ok(Number(bytes) > 0);
  assert.deepEqual(rest, {
    name: 'relu',
    path: 'relu.onnx',
    opset: { 'ai.onnx': 17 },
    irVersion: 8,
    producer: 'inframe',
    operators: [{ name: 'Relu', count: 1 }],
    parameters: 0,
    externalFiles: [],
    metadata: { author: 'somebody' },
    inputs: [
      {
        name: 'x',
        dtype: 'float32',
        dims: [2, 20],
        accepts: '20 columns of numbers, or one list column of 20',
      },
    ],
    outputs: [{ name: 'y', dtype: 'float32', dims: [2, 20] }],
    batch: { kind: 'free', freed: true },
    runs: true,
  });
});

test('a batch that cannot be made free is said to be fixed', async t => {
  const folder = temporaryFolder(t);
  // The size of the batch is baked into a shape as part of a product.
  await writeModel(join(folder, 'baked.onnx'), {
    inputs: [{ name: 'x', dtype: 'float32', dims: [4, 3] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: [4, 3] }],
    nodes: [
      { op: 'Reshape', inputs: ['x', 'flat'], outputs: ['f'] },
      { op: 'Neg', inputs: ['f'], outputs: ['n'] },
      { op: 'Reshape', inputs: ['n', 'table'], outputs: ['y'] },
    ],
    initializers: [
      { name: 'flat', dtype: 'int64', dims: [1], data: [12n] },
      { name: 'table', dtype: 'int64', dims: [2], data: [4n, 3n] },
    ],
  });
  const { stdout } = await runCli(t, folder, 'inspect', 'baked.onnx');
  assert.match(stdout, /\nbatch +fixed at 4 rows a run; a shorter run is filled up\n/);
});

test('a model that cannot be run still shows what is known of it', async t => {
  const folder = temporaryFolder(t);
  await writeModel(join(folder, 'odd.onnx'), {
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 3] }],
    nodes: [{ op: 'Frobnicate', inputs: ['x'], outputs: ['y'] }],
  });
  const { code, stdout, stderr } = await runCli(t, folder, 'inspect', 'odd.onnx');
  assert.equal(code, 1);
  assert.match(stdout, /\nbatch +cannot be run, see below\n/);
  assert.match(stdout, /│ x +│ float32\[N, 3\] │ 3 columns of numbers, or one list column of 3 │/);
  assert.match(stdout, /\n {2}Frobnicate 1\n/);
  assert.match(stderr, /^inframe: model 'odd.onnx' cannot be run: .*Frobnicate[^\n]*\n$/);

  const json = await runCli(t, folder, 'inspect', 'odd.onnx', '--json');
  assert.equal(json.code, 1);
  const report = JSON.parse(json.stdout) as { runs: boolean; name: string; error: { code: string } };
  assert.equal(report.runs, false);
  assert.equal(report.name, 'odd');
  assert.match(report.error.code, /^MODEL_/);
});

test('inputs that are no tensors: the rest is shown', async t => {
  const folder = temporaryFolder(t);
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 3] }],
    nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }],
  });
  const output = model.graph!.output[0]!;
  const elemType = output.type!;
  output.type = create(TypeProtoSchema, {
    value: { case: 'sequenceType', value: create(TypeProto_SequenceSchema, { elemType }) },
  });
  await writeFile(join(folder, 'list.onnx'), serializeModel(model));
  const { code, stdout, stderr } = await runCli(t, folder, 'inspect', 'list.onnx');
  assert.equal(code, 1, stderr);
  assert.match(stdout, /\noperators \(1\)\n {2}Relu 1\n$/);
  assert.match(stderr, /cannot be run: output 'y' of the model is a sequence of tensor of float32/);
});

test('what is no model is no model', async t => {
  const folder = temporaryFolder(t);
  await writeFile(join(folder, 'text.onnx'), 'version https://git-lfs.github.com/spec/v1\n');
  for (const [name, code] of [
    ['text.onnx', 1],
    ['none.onnx', 2],
  ] as const) {
    const outcome = await runCli(t, folder, 'inspect', name);
    assert.equal(outcome.code, code, outcome.stderr);
    assert.equal(outcome.stdout, '');
    assert.match(outcome.stderr, /^inframe: model '[^\n]*\n$/);
  }
});
