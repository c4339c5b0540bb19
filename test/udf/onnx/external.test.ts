import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { graph, subgraph } from '../../../src/udf/onnx/build.js';
import { externalReferences, inlineExternalData, sessionOptionsFor } from '../../../src/udf/onnx/external.js';
import { readModel, serializeModel } from '../../../src/udf/onnx/file.js';
import {
  type ModelProto,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from '../../../src/udf/onnx/onnx_pb.js';
import { castInput } from '../../../src/udf/onnx/rewrite.js';
import { assertClose, float32, inframeError, run, temporaryFolder } from '../../support/onnx.js';

/** 2x2 weights [[1, 2], [3, 4]], after 4 KiB of something else. */
const WEIGHTS = Buffer.concat([Buffer.alloc(4096, 7), Buffer.from(new Float32Array([1, 2, 3, 4]).buffer)]);

function external(name: string, entries: Readonly<Record<string, string>>, dims = [2n, 2n], dataType = 1): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims,
    dataType,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
  });
}

function matmul(weights: TensorProto): ModelProto {
  return graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 2] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 2] }],
    nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
    initializers: [weights],
  });
}

function save(folder: string, model: ModelProto): string {
  const path = join(folder, 'm.onnx');
  writeFileSync(path, serializeModel(model));
  return path;
}

const AT = { location: 'sub/w.bin', offset: '4096', length: '16' };

test('a rewritten model given as bytes finds its external data, and the hash covers it', async context => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'sub', 'w.bin'), WEIGHTS);
  const model = matmul(external('w', AT));
  const file = await readModel(save(folder, model));
  assert.equal(file.externalFolder, folder);
  assert.deepEqual(file.externalFiles, [join(folder, 'sub', 'w.bin')]);
  assert.equal(file.sha256, createHash('sha256').update(serializeModel(model)).update(WEIGHTS).digest('hex'));
  assert.equal(file.bytes, serializeModel(model).length + WEIGHTS.length);

  const options = sessionOptionsFor(file);
  assert.deepEqual(structuredClone(options), options, 'travels to a worker');
  const { y } = await run(file.model, { x: float32([1, 2], [10, 1]) }, options as object);
  assertClose(y!.data as Float32Array, [13, 24], 0);

  const inline = await inlineExternalData(castInput(file.model, 'x', 'float64'), folder, 'm');
  assert.deepEqual(externalReferences(inline, 'm'), []);
  assert.equal(externalReferences(file.model, 'm').length, 1, 'the argument is untouched');
});

test('external data is found wherever a tensor can be', async context => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'w.bin'), WEIGHTS);
  const at = { ...AT, location: 'w.bin' };
  const body = (name: string) =>
    subgraph({
      inputs: [],
      outputs: [{ name: `${name}_out`, dtype: 'float32', dims: ['N', 2] }],
      nodes: [
        { op: 'Constant', inputs: [], outputs: [`${name}_c`], attributes: { value: external('', at) } },
        { op: 'MatMul', inputs: [name === 'then' ? 'x' : 'v', `${name}_c`], outputs: [`${name}_out`] },
      ],
    });
  const model = graph({
    inputs: [
      { name: 'x', dtype: 'float32', dims: ['N', 2] },
      { name: 'c', dtype: 'bool', dims: [] },
    ],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 2] }],
    nodes: [
      { op: 'MatMul', inputs: ['x', 'w'], outputs: ['v'] },
      {
        op: 'If',
        inputs: ['c'],
        outputs: ['y'],
        attributes: { then_branch: body('then'), else_branch: body('else') },
      },
    ],
    initializers: [external('w', at)],
  });
  assert.equal(externalReferences(model, 'm').length, 3);
  const inline = await inlineExternalData(model, folder, 'm');
  assert.deepEqual(externalReferences(inline, 'm'), []);
  const { default: ort } = await import('onnxruntime-node');
  const feeds = { x: float32([1, 2], [1, 0]), c: new ort.Tensor('bool', [0], []) };
  const { y } = await run(inline, feeds);
  assertClose(y!.data as Float32Array, [7, 10], 0); // [1 2] x [[1 2] [3 4]]
});

test('a shape kept in another file, which ONNX Runtime refuses, runs once taken in', async context => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 's.bin'), Buffer.from(new BigInt64Array([2n, -1n]).buffer));
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: [4] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: [2, 2] }],
    nodes: [{ op: 'Reshape', inputs: ['x', 's'], outputs: ['y'] }],
    initializers: [external('s', { location: 's.bin' }, [2n], 7)],
  });
  const x = float32([4], [1, 2, 3, 4]);
  await assert.rejects(run(model, { x }, sessionOptionsFor({ externalFolder: folder }) as object));
  const { y } = await run(await inlineExternalData(model, folder, 'm', 1024), { x });
  assert.deepEqual(y!.dims, [2, 2]);
  assert.equal(await inlineExternalData(model, folder, 'm', 15), model, 'beyond the limit nothing changes');
});

test('locations that leave the folder are refused', async context => {
  const outer = temporaryFolder(context);
  const folder = join(outer, 'model');
  mkdirSync(folder);
  writeFileSync(join(outer, 'secret.bin'), WEIGHTS);
  writeFileSync(join(folder, 'w.bin'), WEIGHTS);
  symlinkSync(join(outer, 'secret.bin'), join(folder, 'link.bin'));
  symlinkSync(outer, join(folder, 'up'));
  symlinkSync(join(folder, 'w.bin'), join(folder, 'inner.bin'));
  mkdirSync(join(folder, 'folder.bin'));
  const cases: readonly [string, string][] = [
    ['../secret.bin', 'out of the model'],
    ['a/../../secret.bin', 'out of the model'],
    ['./../secret.bin', 'out of the model'],
    [join(outer, 'secret.bin'), 'absolute'],
    ['C:/secret.bin', 'absolute'],
    ['c:secret.bin', 'absolute'],
    ['..\\secret.bin', 'backslashes'],
    ['\\\\host\\share\\secret.bin', 'backslashes'],
    ['w.bin\0.txt', 'no path'],
    ['link.bin', 'a link that leads out'],
    ['up/secret.bin', 'a link that leads out'],
    ['*/_ORT_MEM_ADDR_/*', 'memory'],
    ['folder.bin', 'not a file'],
    ['.', "out of the model's folder"],
    ['missing.bin', 'put the file there'],
    ['', 'does not say in which file'],
  ];
  for (const [location, words] of cases) {
    const path = save(folder, matmul(external('w', { ...AT, location })));
    await assert.rejects(readModel(path), inframeError('MODEL_EXTERNAL_DATA', "tensor 'w'", words), location);
  }
  const linked = save(folder, matmul(external('w', { ...AT, location: 'inner.bin' })));
  assert.equal((await readModel(linked)).externalFiles.length, 1, 'a link within the folder is fine');
});

test('offsets and lengths that the file does not have are refused', async context => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'w.bin'), WEIGHTS);
  const cases: readonly [Readonly<Record<string, string>>, string][] = [
    [{ offset: '4100', length: '16' }, 'wants bytes 4100 to 4116'],
    [{ offset: '5000' }, 'has 4112'],
    [{ offset: '-1' }, 'no whole number'],
    [{ offset: '1e3' }, 'no whole number'],
    [{ length: '99999999999999999999' }, 'no whole number'],
    [{ offset: '9007199254740991', length: '9007199254740991' }, 'wants bytes'],
  ];
  for (const [range, words] of cases) {
    const path = save(folder, matmul(external('w', { location: 'w.bin', ...range })));
    await assert.rejects(readModel(path), inframeError('MODEL_EXTERNAL_DATA', words));
  }
});
