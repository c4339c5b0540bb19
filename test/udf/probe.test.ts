import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { graph, type ModelSpec } from '../../src/udf/onnx/build.js';
import { serializeModel } from '../../src/udf/onnx/file.js';
import type { ModelProto } from '../../src/udf/onnx/onnx_pb.js';
import { probeModel } from '../../src/udf/probe.js';
import { fixture, fixtures } from '../support/fixtures.js';
import { baked, linear, lookup, stuck, unary } from '../support/models.js';
import { inframeError, temporaryFolder } from '../support/onnx.js';

/*
 * Real networks, loaded as session.model() loads them; here in this process, which is fine in a test.
 */

async function probe(context: TestContext, model: ModelProto) {
  const path = join(temporaryFolder(context), 'net.onnx');
  await writeFile(path, serializeModel(model));
  return probeModel(path, 1);
}

type Dims = readonly (string | number | undefined)[];

/** One operator with constants, from `x` to `y`. */
function net(
  nodes: ModelSpec['nodes'],
  from: Dims | undefined,
  to: Dims | undefined,
  initializers: NonNullable<ModelSpec['initializers']> = [],
): ModelProto {
  return graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: from }],
    outputs: [{ name: 'y', dtype: 'float32', dims: to }],
    nodes,
    initializers,
  });
}

const FREE = { kind: 'free', freed: false };
const FREED = { kind: 'free', freed: true };

test('a batch that is open stays open', async context => {
  const { batch, outputDims, signature } = await probe(context, linear());
  assert.deepEqual(batch, FREE);
  assert.deepEqual(outputDims, { y: [1] });
  assert.deepEqual(signature.inputs, [{ name: 'in', dtype: 'float32', dims: ['N', 2] }]);
});

test('a batch that is only written down is made free, also where a Reshape has it baked in', async context => {
  for (const size of [1, 4]) {
    assert.deepEqual((await probe(context, linear(size))).batch, FREED);
    assert.deepEqual((await probe(context, baked(size))).batch, FREED);
  }
});

test('a batch that takes part in the arithmetic stays what it is', async context => {
  assert.deepEqual((await probe(context, stuck(4))).batch, { kind: 'fixed', size: 4 });
});

test('rows that influence each other are found out, and run one by one', async context => {
  const mean = net(
    [
      { op: 'ReduceMean', inputs: ['x'], outputs: ['mean'], attributes: { axes: [0], keepdims: 1 } },
      { op: 'Sub', inputs: ['x', 'mean'], outputs: ['y'] },
    ],
    ['N', 3],
    ['N', 3],
  );
  assert.deepEqual((await probe(context, mean)).batch, { kind: 'fixed', size: 1 });
  const softmax = net([{ op: 'Softmax', inputs: ['x'], outputs: ['y'], attributes: { axis: 0 } }], ['N', 3], ['N', 3]);
  assert.deepEqual((await probe(context, softmax)).batch, { kind: 'fixed', size: 1 });
  const cumulative = net(
    [{ op: 'CumSum', inputs: ['x', 'axis'], outputs: ['y'] }],
    ['N', 2],
    ['N', 2],
    [{ name: 'axis', dtype: 'int64', dims: [], data: [0n] }],
  );
  assert.deepEqual((await probe(context, cumulative)).batch, { kind: 'fixed', size: 1 });
});

test('a network whose published batch of one hides that rows influence each other stays at one', async context => {
  const mean = net(
    [
      { op: 'ReduceMean', inputs: ['x'], outputs: ['mean'], attributes: { axes: [0], keepdims: 1 } },
      { op: 'Add', inputs: ['x', 'mean'], outputs: ['y'] },
    ],
    [1, 3],
    [1, 3],
  );
  assert.deepEqual((await probe(context, mean)).batch, { kind: 'fixed', size: 1 });
});

test('a network of three rows that influence each other is refused: padding would change answers', async context => {
  const mean = net(
    [
      { op: 'ReduceMean', inputs: ['x'], outputs: ['mean'], attributes: { axes: [0], keepdims: 1 } },
      { op: 'Sub', inputs: ['x', 'mean'], outputs: ['y'] },
    ],
    [3, 2],
    [3, 2],
  );
  await assert.rejects(probe(context, mean), inframeError('MODEL_UNSUPPORTED', 'depends on the other rows'));
});

test('a network traced with one row, its batch called open, is run row by row', async context => {
  const traced = net(
    [{ op: 'Reshape', inputs: ['x', 'shape'], outputs: ['y'] }],
    ['N', 2, 2],
    ['N', 4],
    [{ name: 'shape', dtype: 'int64', dims: [2], data: [1n, 4n] }],
  );
  const { batch, outputDims } = await probe(context, traced);
  assert.deepEqual(batch, { kind: 'fixed', size: 1 });
  assert.deepEqual(outputDims, { y: [4] });
});

test('the shape of an output that the file does not state is observed', async context => {
  const silent = net(
    [{ op: 'Concat', inputs: ['x', 'x'], outputs: ['y'], attributes: { axis: 1 } }],
    ['N', 3],
    undefined,
  );
  assert.deepEqual((await probe(context, silent)).outputDims, { y: [6] });
});

test('a size that follows an open dimension of the input is left open, whatever the batch', async context => {
  const relu: ModelSpec['nodes'] = [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }];
  const open = await probe(context, net(relu, ['N', 'T', 5], ['N', 'T', 5]));
  assert.deepEqual([open.batch, open.outputDims], [FREE, { y: [null, 5] }]);
  const freed = await probe(context, net(relu, [1, 'T', 5], [1, 'T', 5]));
  assert.deepEqual([freed.batch, freed.outputDims], [FREED, { y: [null, 5] }]);
  const fixed = await probe(
    context,
    net(
      [
        { op: 'ReduceMean', inputs: ['x'], outputs: ['mean'], attributes: { axes: [0], keepdims: 1 } },
        { op: 'Sub', inputs: ['x', 'mean'], outputs: ['y'] },
      ],
      ['N', 'T'],
      ['N', 'T'],
    ),
  );
  assert.deepEqual([fixed.batch, fixed.outputDims], [{ kind: 'fixed', size: 1 }, { y: [null] }]);
});

test('a size that does not follow an open dimension is known', async context => {
  const pooled = net(
    [{ op: 'ReduceMax', inputs: ['x'], outputs: ['y'], attributes: { axes: [1], keepdims: 0 } }],
    ['N', 'T', 5],
    ['N', 'k'],
  );
  assert.deepEqual((await probe(context, pooled)).outputDims, { y: [5] });
});

test('a network that refuses made-up rows is taken at its word', async context => {
  // Made-up whole numbers are 0 and 1: 100 less is outside the table.
  const picky = (batch: string | number, dims: Dims | undefined): ModelProto =>
    graph({
      inputs: [{ name: 'x', dtype: 'int64', dims: [batch] }],
      outputs: [{ name: 'y', dtype: 'float32', dims }],
      nodes: [
        { op: 'Sub', inputs: ['x', 'hundred'], outputs: ['index'] },
        { op: 'Gather', inputs: ['table', 'index'], outputs: ['y'], attributes: { axis: 0 } },
      ],
      initializers: [
        { name: 'hundred', dtype: 'int64', dims: [], data: [100n] },
        { name: 'table', dtype: 'float32', dims: [2, 3], data: [1, 2, 3, 4, 5, 6] },
      ],
    });
  const open = await probe(context, picky('N', ['N', 3]));
  assert.deepEqual([open.batch, open.outputDims], [FREE, { y: [3] }]);
  const fixed = await probe(context, picky(2, [2, 'k']));
  assert.deepEqual([fixed.batch, fixed.outputDims], [{ kind: 'fixed', size: 2 }, { y: [null] }]);
  await assert.rejects(
    probe(context, picky('N', undefined)),
    inframeError('MODEL_UNSUPPORTED', "output 'y' (float32[...])", 'does not say its shape', 'export the model'),
  );
});

test('networks that do not work by rows are refused', async context => {
  const reason = (model: ModelProto, ...words: readonly string[]) =>
    assert.rejects(probe(context, model), inframeError('MODEL_UNSUPPORTED', 'cannot score rows in batches', ...words));
  const total = [{ op: 'ReduceSum', inputs: ['x'], outputs: ['y'], attributes: { keepdims: 0 } }];
  await reason(net(total, ['N', 3], []), "output 'y'", 'a single value');
  await reason(net([{ op: 'Identity', inputs: ['x'], outputs: ['y'] }], [], []), "input 'x'");
  await reason(net([{ op: 'Identity', inputs: ['x'], outputs: ['y'] }], undefined, ['N']), 'number of dimensions');
  await reason(
    net(
      [{ op: 'Constant', inputs: [], outputs: ['y'], attributes: { value_floats: { floats: [1, 2] } } }],
      ['N', 3],
      [2],
    ),
    'has 2 rows for any number',
  );
});

test('inputs of every type are tried', async context => {
  for (const dtype of ['float64', 'int8', 'int64', 'uint8', 'bool', 'string', 'float16'] as const) {
    const { batch, outputDims } = await probe(context, unary('Identity', dtype, ['N', 2]));
    assert.deepEqual([batch, outputDims], [FREE, { y: [2] }], dtype);
  }
  const table = await probe(context, lookup(4));
  assert.deepEqual([table.batch, table.outputDims], [FREE, { y: [] }]);
});

test('an operator that ONNX Runtime lacks is named', async context => {
  await assert.rejects(
    probe(context, unary('Reluu', 'float32')),
    inframeError('MODEL_UNSUPPORTED', 'Reluu', 'ONNX Runtime'),
  );
});

test('published models are found to be what they are', { skip: fixtures === undefined && 'no fixtures' }, async () => {
  const mnist = await probeModel(fixture('models', 'mnist.onnx'), 1);
  assert.deepEqual([mnist.batch, mnist.outputDims], [FREED, { Plus214_Output_0: [10] }]);
  const iris = await probeModel(fixture('models', 'logreg_iris.onnx'), 1);
  assert.equal(iris.signature.outputs.length, 2);
  assert.equal(iris.batch.kind, 'free');
});
