import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { batchOf, freeBatch } from '../../../src/udf/onnx/batch.js';
import { type Dim, graph, type ModelSpec } from '../../../src/udf/onnx/build.js';
import { parseModel } from '../../../src/udf/onnx/file.js';
import { removeZipMaps } from '../../../src/udf/onnx/zipmap.js';
import { describeTensor, signatureOf } from '../../../src/udf/signature.js';
import { fixture, fixtures } from '../../support/fixtures.js';
import { assertClose, float32, noise, run } from '../../support/onnx.js';

const skip = fixtures === undefined ? 'no fixtures' : false;

function signature(inputs: readonly (readonly Dim[] | undefined)[], outputs: readonly (readonly Dim[] | undefined)[]) {
  return {
    inputs: inputs.map((dims, index) => ({ name: `i${index}`, dtype: 'float32' as const, dims })),
    outputs: outputs.map((dims, index) => ({ name: `o${index}`, dtype: 'float32' as const, dims })),
  };
}

test('batchOf reads the first dimensions', () => {
  assert.deepEqual(batchOf(signature([['N', 3], [undefined]], [['N', 1], undefined])), { kind: 'free' });
  assert.deepEqual(batchOf(signature([[1, 3, 8, 8]], [[1, 10]])), { kind: 'fixed', size: 1 });
  assert.deepEqual(batchOf(signature([[3, 2], [3]], [[3], ['M', 3]])), { kind: 'fixed', size: 3 });
  assert.deepEqual(batchOf(signature([['N', 3]], [[1, 10]])), { kind: 'fixed', size: 1 });
});

test('batchOf says why a model does not work by rows', () => {
  const reason = (inputs: Parameters<typeof signature>[0], outputs: Parameters<typeof signature>[1]): string => {
    const batch = batchOf(signature(inputs, outputs));
    assert.equal(batch.kind, 'none');
    return batch.kind === 'none' ? batch.reason : '';
  };
  assert.match(reason([], [['N']]), /no inputs/);
  assert.match(reason([[]], [['N']]), /input 'i0' float32\[\] is a single value/);
  assert.match(reason([undefined], [['N']]), /does not state/);
  assert.match(reason([[0, 2]], [[0]]), /no rows/);
  assert.match(reason([[2, 2], [3]], [[2]]), /do not agree.*i0 float32\[2, 2\], i1 float32\[3\]/);
  assert.match(reason([['N', 2], [1]], [['N']]), /do not agree/);
  assert.match(reason([[1, 3, 416, 416]], [[100, 4]]), /output 'o0' float32\[100, 4\] has 100 rows for 1/);
  assert.match(reason([['N', 2]], [[]]), /output 'o0' float32\[\] is a single value/);
});

for (const [name, rows, tolerance] of [
  ['mnist', 4, 1e-3],
  ['squeezenet', 3, 1e-5],
  ['light_resnet50', 2, 1e-5],
  ['logreg_iris', 7, 1e-6],
] as const) {
  test(`${name}: ${rows} rows at once give what the original gives at its own batch size`, { skip }, async () => {
    const { model } = removeZipMaps(parseModel(readFileSync(fixture('models', `${name}.onnx`)), name));
    const { inputs, outputs } = signatureOf(model);
    const input = inputs[0]!;
    const batch = batchOf({ inputs, outputs });
    assert.equal(batch.kind, 'fixed');
    const size = batch.kind === 'fixed' ? batch.size : 0;
    const free = freeBatch(model);
    assert.deepEqual(batchOf(signatureOf(free)), { kind: 'free' });

    const rest = input.dims!.slice(1).map(Number);
    const width = rest.reduce((a, b) => a * b, 1);
    const data = noise(rows * width);
    const together = await run(free, { [input.name]: float32([rows, ...rest], data) });
    for (let row = 0; row < rows; row++) {
      const one = data.subarray(row * width, (row + 1) * width);
      const repeated = Float32Array.from({ length: size * width }, (_, index) => one[index % width]!);
      const alone = await run(model, { [input.name]: float32([size, ...rest], repeated) });
      for (const output of outputs) {
        const all = together[output.name]!;
        assert.equal(all.dims[0], rows);
        const each = all.data.length / rows;
        const expected = Array.from(alone[output.name]!.data as ArrayLike<unknown>).slice(0, each);
        const actual = Array.from(all.data as ArrayLike<unknown>).slice(row * each, (row + 1) * each);
        assertClose(actual, expected, tolerance);
      }
    }
  });
}

test('a Reshape of weights is left alone, even where it shares its shape with one of data', async () => {
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: [1, 2, 2] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: [1, 4] }],
    nodes: [
      { op: 'Reshape', inputs: ['w', 'shape'], outputs: ['flat'] },
      { op: 'Reshape', inputs: ['x', 'shape'], outputs: ['rows'] },
      { op: 'Add', inputs: ['rows', 'flat'], outputs: ['y'] },
    ],
    initializers: [
      { name: 'w', dtype: 'float32', dims: [2, 2], data: [10, 20, 30, 40] },
      { name: 'shape', dtype: 'int64', dims: [2], data: [1, 4] },
    ],
  });
  const free = freeBatch(model);
  const nodes = free.graph!.node.filter(node => node.opType === 'Reshape');
  assert.deepEqual(nodes[0]!.input, ['w', 'shape']);
  assert.notDeepEqual(nodes[1]!.input, ['x', 'shape']);
  const { y } = await run(free, { x: float32([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]) });
  assertClose(y!.data as Float32Array, [11, 22, 33, 44, 15, 26, 37, 48], 0);
  assert.equal(model.graph!.input[0], graphInput(model), 'the argument is untouched');
  assert.equal(describeTensor(signatureOf(model).inputs[0]!), 'float32[1, 2, 2]');
});

const graphInput = (model: ReturnType<typeof graph>) => model.graph!.input[0];

test('shapes from Constant nodes, shapes that have a -1 already, and Expand are repaired', async () => {
  const spec = (nodes: ModelSpec['nodes']): ModelSpec => ({
    inputs: [{ name: 'x', dtype: 'float32', dims: [2, 4] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: [2, 4] }],
    nodes,
  });
  const models = [
    graph(
      spec([
        { op: 'Constant', inputs: [], outputs: ['s'], attributes: { value_ints: { ints: [2, 2, 2] } } },
        { op: 'Constant', inputs: [], outputs: ['t'], attributes: { value_ints: { ints: [2, -1] } } },
        { op: 'Reshape', inputs: ['x', 's'], outputs: ['cube'] },
        { op: 'Reshape', inputs: ['cube', 't'], outputs: ['y'] },
      ]),
    ),
    graph({
      ...spec([{ op: 'Expand', inputs: ['x', 'e'], outputs: ['y'] }]),
      initializers: [{ name: 'e', dtype: 'int64', dims: [2], data: [2n, 4n] }],
    }),
  ];
  const data = noise(12);
  for (const model of models) {
    const { y } = await run(freeBatch(model), { x: float32([3, 4], data) });
    assert.deepEqual(y!.dims, [3, 4]);
    assertClose(y!.data as Float32Array, data, 0);
  }
});

test('the new dimension takes no name the model uses for another', () => {
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: [1, 'N'] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: [1, 'N'] }],
    nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['y'] }],
  });
  assert.deepEqual(signatureOf(freeBatch(model)).inputs[0]!.dims, ['N2', 'N']);
});

test('a model that is free already comes back as it is', () => {
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N'] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N'] }],
    nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['y'] }],
  });
  assert.equal(freeBatch(model), model);
});
