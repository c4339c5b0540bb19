import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { graph, type ModelSpec } from '../../src/udf/onnx/build.js';
import { serializeModel } from '../../src/udf/onnx/file.js';
import { withFields } from '../../src/udf/onnx/message.js';
import type { ModelProto } from '../../src/udf/onnx/onnx_pb.js';
import { int64Values, tensor } from '../../src/udf/onnx/tensor.js';
import { probeModel } from '../../src/udf/probe.js';
import { fixture, fixtures } from '../support/fixtures.js';
import { baked, linear, lookup, stuck, unary } from '../support/models.js';
import { inframeError, noise, temporaryFolder } from '../support/onnx.js';
import { transformer } from '../support/transformer.js';

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

const SMALL = { vocabulary: 20, width: 8, heads: 2, layers: 2 } as const;

test('a transformer over tokens is free in rows and open in tokens', async context => {
  for (const tokenTypes of [true, false]) {
    const hidden = await probe(context, transformer({ ...SMALL, tokenTypes, output: 'hidden' }));
    assert.deepEqual([hidden.batch, hidden.outputDims], [FREE, { last_hidden_state: [null, 8] }]);
  }
  const logits = await probe(context, transformer({ ...SMALL, classes: 3, output: 'logits' }));
  assert.deepEqual([logits.batch, logits.outputDims], [FREE, { logits: [3] }]);
  const tokens = await probe(context, transformer({ ...SMALL, classes: 5, output: 'tokens' }));
  assert.deepEqual([tokens.batch, tokens.outputDims], [FREE, { logits: [null, 5] }]);
});

test('a transformer that was exported with one row is made free, its Reshapes too', async context => {
  const open = transformer({ ...SMALL, output: 'hidden' });
  for (const length of ['sequence', 6]) {
    const baked: Record<string, bigint[]> = { split: [1n, -1n, 2n, 4n], joined: [1n, -1n, 8n] };
    const one = withFields(open, {
      graph: withFields(open.graph!, {
        input: graph({
          inputs: open.graph!.input.map(({ name }) => ({ name, dtype: 'int64', dims: [1, length] })),
          outputs: [],
          nodes: [],
        }).graph!.input,
        output: graph({
          inputs: [],
          outputs: [{ name: 'last_hidden_state', dtype: 'float32', dims: [1, length, 8] }],
          nodes: [],
        }).graph!.output,
        initializer: open.graph!.initializer.map(item => {
          const shape = baked[item.name];
          assert.ok(shape === undefined || int64Values(item) !== undefined);
          return shape === undefined ? item : tensor(item.name, 'int64', [shape.length], shape);
        }),
      }),
    });
    const { batch, outputDims } = await probe(context, one);
    assert.deepEqual([batch, outputDims], [FREED, { last_hidden_state: [typeof length === 'number' ? 6 : null, 8] }]);
  }
});

/**
 * Five convolutions that each halve the picture, brought back to its fourth and joined: by Concat, which takes multiples of
 * 32 only, or by Sum, which takes 4 pixels too, because 1 x 1 broadcasts.
 */
function detector(dims: Dims, join: 'Concat' | 'Sum'): ModelProto {
  const nodes: ModelSpec['nodes'][number][] = [];
  const initializers: NonNullable<ModelSpec['initializers']>[number][] = [
    { name: 'scales', dtype: 'float32', dims: [4], data: [1, 1, 2, 2] },
    { name: 'flat', dtype: 'int64', dims: [3], data: [0n, 4n, -1n] },
  ];
  let [from, channels] = ['x', 3];
  for (let level = 1; level <= 5; level++) {
    const [weights, to] = [`w${level}`, `p${level}`];
    const data = noise(4 * channels * 9, level);
    initializers.push({ name: weights, dtype: 'float32', dims: [4, channels, 3, 3], data });
    const attributes = { strides: [2, 2], pads: [1, 1, 1, 1] };
    nodes.push({ op: 'Conv', inputs: [from, weights], outputs: [to], attributes });
    [from, channels] = [to, 4];
  }
  nodes.push({ op: 'Resize', inputs: ['p5', '', 'scales'], outputs: ['u4'] });
  const attributes = join === 'Concat' ? { axis: 1 } : {};
  nodes.push({ op: join, inputs: ['u4', 'p4'], outputs: ['q4'], attributes });
  nodes.push({ op: 'Reshape', inputs: ['q4', 'flat'], outputs: ['y'] });
  return net(nodes, dims, ['N', 4, 'anchors'], initializers);
}

test('a detector of open height and width, which refuses small pictures, is tried with larger ones', async context => {
  for (const join of ['Concat', 'Sum'] as const) {
    const open = await probe(context, detector(['N', 3, 'height', 'width'], join));
    assert.deepEqual([open.batch, open.outputDims], [FREE, { y: [4, null] }], join);
    const freed = await probe(context, detector([1, 3, 'height', 'width'], join));
    assert.deepEqual([freed.batch, freed.outputDims], [FREED, { y: [4, null] }], join);
  }
});

test('a network of pictures whose every dimension is open may know one size only', async context => {
  const size = 224;
  const flat: ModelSpec['nodes'] = [
    { op: 'Conv', inputs: ['x', 'w'], outputs: ['patches'], attributes: { strides: [32, 32] } },
    { op: 'Flatten', inputs: ['patches'], outputs: ['flat'], attributes: { axis: 1 } },
    { op: 'MatMul', inputs: ['flat', 'head'], outputs: ['y'] },
  ];
  const places = 2 * (size / 32) ** 2;
  const model = net(
    flat,
    ['N', 'channels', 'height', 'width'],
    ['N', 'classes'],
    [
      { name: 'w', dtype: 'float32', dims: [2, 3, 32, 32], data: noise(2 * 3 * 1024).map(value => value - 0.5) },
      { name: 'head', dtype: 'float32', dims: [places, 5], data: noise(places * 5).map(value => value - 0.5) },
    ],
  );
  const { batch, outputDims } = await probe(context, model);
  assert.deepEqual([batch, outputDims], [FREE, { y: [5] }]);
});

test('a network of sound that skips through it is tried with more samples', async context => {
  const model = net(
    [
      { op: 'Unsqueeze', inputs: ['x', 'one'], outputs: ['wide'] },
      { op: 'Conv', inputs: ['wide', 'w'], outputs: ['y'], attributes: { strides: [320] } },
    ],
    ['N', 'samples'],
    ['N', 2, 'frames'],
    [
      { name: 'one', dtype: 'int64', dims: [1], data: [1n] },
      { name: 'w', dtype: 'float32', dims: [2, 1, 400], data: noise(800) },
    ],
  );
  const { batch, outputDims } = await probe(context, model);
  assert.deepEqual([batch, outputDims], [FREE, { y: [2, null] }]);
});

test('published models are found to be what they are', { skip: fixtures === undefined && 'no fixtures' }, async () => {
  const mnist = await probeModel(fixture('models', 'mnist.onnx'), 1);
  assert.deepEqual([mnist.batch, mnist.outputDims], [FREED, { Plus214_Output_0: [10] }]);
  const iris = await probeModel(fixture('models', 'logreg_iris.onnx'), 1);
  assert.equal(iris.signature.outputs.length, 2);
  assert.equal(iris.batch.kind, 'free');
});
