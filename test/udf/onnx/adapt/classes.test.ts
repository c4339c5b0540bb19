import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import ort from 'onnxruntime-node';
import { activationOutput } from '../../../../src/udf/onnx/adapt/activation.js';
import { bestClassOutput, flattenOutput, topKOutput } from '../../../../src/udf/onnx/adapt/classes.js';
import { endingOf } from '../../../../src/udf/onnx/adapt/ending.js';
import { stateOutput } from '../../../../src/udf/onnx/adapt/output.js';
import { freeBatch } from '../../../../src/udf/onnx/batch.js';
import { graph, type ModelSpec } from '../../../../src/udf/onnx/build.js';
import { parseModel } from '../../../../src/udf/onnx/file.js';
import type { ModelProto } from '../../../../src/udf/onnx/onnx_pb.js';
import { removeZipMaps } from '../../../../src/udf/onnx/zipmap.js';
import { describeTensor, signatureOf } from '../../../../src/udf/signature.js';
import { fixture, fixtures } from '../../../support/fixtures.js';
import { assertClose, float32, inframeError, noise, run } from '../../../support/onnx.js';
import { doubles, OPSETS, passing } from './nets.js';

const skip = fixtures === undefined ? 'no fixtures' : false;

function softmax(values: readonly number[]): number[] {
  const powers = values.map(value => Math.exp(value - Math.max(...values)));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map(value => value / sum);
}

/** Rows of scores between -4 and 4, as float32 holds them. */
function scores(rows: number, classes: number, seed = 1): number[][] {
  const all = noise(rows * classes, seed).map(value => value * 8 - 4);
  return Array.from({ length: rows }, (_, row) => [...all.slice(row * classes, (row + 1) * classes)]);
}

const outputs = (model: ModelProto) => signatureOf(model).outputs.map(info => `${info.name} ${describeTensor(info)}`);

test('a softmax is of the axis that is named, in every opset', async () => {
  const rows = scores(6, 5);
  for (const opset of OPSETS) {
    const model = activationOutput(passing(['N', 5], { opset }), 'y', 'softmax');
    const { y } = await run(model, { x: float32([6, 5], rows.flat()) });
    assertClose(y!.data as Float32Array, rows.flatMap(softmax), 1e-6);
    // Classes on axis 1 of [2, 5, 3]: element (n, c, k) is class c of row n * 3 + k.
    const at = (n: number, c: number, k: number) => rows[n * 3 + k]![c]!;
    const cells = (values: (n: number, c: number, k: number) => number) =>
      [0, 1].flatMap(n => [0, 1, 2, 3, 4].flatMap(c => [0, 1, 2].map(k => values(n, c, k))));
    const wide = activationOutput(passing(['N', 5, 'K'], { opset }), 'y', 'softmax', -2);
    const result = await run(wide, { x: float32([2, 5, 3], cells(at)) });
    assert.deepEqual(result['y']!.dims, [2, 5, 3]);
    assertClose(
      result['y']!.data as Float32Array,
      cells((n, c, k) => softmax(rows[n * 3 + k]!)[c]!),
      1e-6,
    );
  }
});

test('a sigmoid and an exponential are of each number, at any rank and of doubles', async () => {
  const x = [-3, -0.5, 0, 2];
  for (const opset of [7, 13]) {
    const sigmoid = activationOutput(passing(undefined, { opset }), 'y', 'sigmoid');
    const expected = x.map(value => 1 / (1 + Math.exp(-value)));
    assertClose((await run(sigmoid, { x: float32([4], x) }))['y']!.data as Float32Array, expected, 1e-6);
    const exp = activationOutput(passing(['N', 2], { opset, dtype: 'float64' }), 'y', 'exp');
    assert.deepEqual(outputs(exp), ['y float64[N, 2]']);
    assertClose((await run(exp, { x: doubles([2, 2], x) }))['y']!.data as Float64Array, x.map(Math.exp), 1e-12);
  }
  const half = activationOutput(passing(['N', 2], { gives: 'float16' }), 'y', 'sigmoid');
  assert.deepEqual(outputs(half), ['y float32[N, 2]']);
  assertClose((await run(half, { x: float32([1, 2], [0, 1]) }))['y']!.data as Float32Array, [0.5, 0.7310586], 1e-4);
});

test('the best classes are those of a sort, the lower place first where equal', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...OPSETS),
      // Few different values, so that many are equal.
      fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 6, maxLength: 6 }), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.integer({ min: 1, max: 6 }),
      async (opset, rows, k) => {
        const model = topKOutput(passing(['N', 6], { opset }), 'y', k);
        assert.deepEqual(outputs(model), [`y/scores float32[N, ${k}]`, `y/classes int64[N, ${k}]`]);
        const result = await run(model, { x: float32([rows.length, 6], rows.flat()) });
        const best = rows.map(row => [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b).slice(0, k));
        assert.deepEqual([...(result['y/classes']!.data as BigInt64Array)].map(Number), best.flat());
        assert.deepEqual(
          [...(result['y/scores']!.data as Float32Array)].map(value => value + 0),
          best.flatMap((places, row) => places.map(place => rows[row]![place]! + 0)),
        );
      },
    ),
    { numRuns: 60 },
  );
  const wide = topKOutput(passing(['N', 3], { dtype: 'float64' }), 'y', 1);
  const { 'y/scores': best } = await run(wide, { x: doubles([1, 3], [1, 3, 2]) });
  assert.deepEqual([best!.type, [...(best!.data as Float32Array)]], ['float32', [3]]);
});

test('the best class of every token, with its probability or its score', async () => {
  const rows = scores(6, 4, 3);
  for (const opset of OPSETS) {
    for (const activation of ['softmax', 'none'] as const) {
      const model = bestClassOutput(passing(['N', 'L', 4], { opset }), 'y', activation);
      assert.deepEqual(outputs(model), ['y/scores float32[N, L]', 'y/classes int64[N, L]']);
      const result = await run(model, { x: float32([2, 3, 4], rows.flat()) });
      assert.deepEqual(result['y/classes']!.dims, [2, 3]);
      assert.deepEqual(
        [...(result['y/classes']!.data as BigInt64Array)].map(Number),
        rows.map(row => row.indexOf(Math.max(...row))),
      );
      const expected = rows.map(row => Math.max(...(activation === 'none' ? row : softmax(row))));
      assertClose(result['y/scores']!.data as Float32Array, expected, 1e-6);
    }
  }
});

test('squeezenet gives the five best of its thousand, row by row', { skip }, async () => {
  const original = parseModel(readFileSync(fixture('models', 'squeezenet.onnx')), 'squeezenet');
  assert.equal(endingOf(original, 'softmaxout_1'), 'softmax');
  const flat = flattenOutput(freeBatch(original), 'softmaxout_1');
  assert.deepEqual(outputs(flat), ['softmaxout_1 float32[N, 1000]']);
  const model = topKOutput(flat, 'softmaxout_1', 5);
  const data = noise(2 * 3 * 224 * 224, 5).map(value => value * 255);
  const result = await run(model, { data_0: float32([2, 3, 224, 224], data) });
  for (const row of [0, 1]) {
    const one = data.subarray(row * 3 * 224 * 224, (row + 1) * 3 * 224 * 224);
    const all = (await run(original, { data_0: float32([1, 3, 224, 224], one) }))['softmaxout_1']!.data as Float32Array;
    const best = [...all.keys()].sort((a, b) => all[b]! - all[a]!).slice(0, 5);
    const classes = [...(result['softmaxout_1/classes']!.data as BigInt64Array)].map(Number);
    assert.deepEqual(classes.slice(row * 5, row * 5 + 5), best);
    const scored = (result['softmaxout_1/scores']!.data as Float32Array).slice(row * 5, row * 5 + 5);
    assertClose(
      scored,
      best.map(place => all[place]!),
      1e-5,
    );
  }
});

test('an output of any rank becomes rows', async () => {
  for (const [dims, shape, declared] of [
    [['N', 2, 3], [2, 2, 3], 'y float32[N, 6]'],
    [['N'], [4], 'y float32[N, 1]'],
    [['N', 'A', 2], [2, 3, 2], 'y float32[N, ?]'],
    [undefined, [2, 3, 2], 'y float32[?, ?]'],
  ] as const) {
    const model = flattenOutput(passing(dims, { opset: 7 }), 'y');
    assert.deepEqual(outputs(model), [declared]);
    const count = shape.reduce<number>((product, dim) => product * dim, 1);
    const { y } = await run(model, {
      x: float32(
        [...shape],
        Array.from({ length: count }, (_, index) => index),
      ),
    });
    assert.deepEqual(y!.dims, [shape[0], count / shape[0]]);
  }
  const two = passing(['N', 5]);
  assert.equal(flattenOutput(two, 'y'), two);
});

function ending(nodes: ModelSpec['nodes'], mlOpset?: number) {
  return endingOf(
    graph({
      inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3] }],
      outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 3] }],
      nodes,
      ...(mlOpset === undefined ? {} : { mlOpset }),
    }),
    'y',
  );
}

test('what a network ends in is seen through what only moves numbers', () => {
  const one = (op: string, from: string, to: string) => ({ op, inputs: [from], outputs: [to] });
  assert.equal(ending([one('Softmax', 'x', 'y')]), 'softmax');
  assert.equal(ending([one('LogSoftmax', 'x', 'y')]), 'logsoftmax');
  assert.equal(ending([one('Sigmoid', 'x', 'y')]), 'sigmoid');
  assert.equal(ending([one('Relu', 'x', 'y')]), undefined);
  assert.equal(ending([]), undefined);
  const carriers = ['Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity', 'Cast', 'Transpose', 'Dropout'];
  const chain = carriers.map((op, index) =>
    one(op, `v${index}`, index === carriers.length - 1 ? 'y' : `v${index + 1}`),
  );
  assert.equal(ending([one('Softmax', 'x', 'v0'), ...chain]), 'softmax');
  assert.equal(ending([one('Softmax', 'x', 'v0'), one('Relu', 'v0', 'v1'), one('Identity', 'v1', 'y')]), undefined);
  assert.equal(ending([one('Softmax', 'x', 's'), one('Log', 's', 'y')]), 'logsoftmax');
  assert.equal(ending([one('LogSoftmax', 'x', 's'), one('Exp', 's', 'y')]), 'softmax');
  assert.equal(ending([one('Exp', 'x', 'y')]), undefined);
  assert.equal(ending([one('Log', 'x', 'y')]), undefined);
  assert.equal(endingOf(activationOutput(passing(['N', 2]), 'y', 'softmax'), 'y'), 'softmax');
  const circle = [one('Identity', 'a', 'y'), one('Identity', 'y', 'a')];
  assert.equal(ending(circle), undefined);
});

test('a softmax written out is one, and what only looks like it is not', () => {
  const exp = { op: 'Exp', inputs: ['x'], outputs: ['e'] };
  const sum = { op: 'ReduceSum', inputs: ['e'], outputs: ['s'] };
  assert.equal(ending([exp, sum, { op: 'Div', inputs: ['e', 's'], outputs: ['y'] }]), 'softmax');
  assert.equal(ending([exp, sum, { op: 'Div', inputs: ['x', 's'], outputs: ['y'] }]), undefined);
  assert.equal(ending([exp, { op: 'Div', inputs: ['e', 'x'], outputs: ['y'] }]), undefined);
  const log = { op: 'Log', inputs: ['s'], outputs: ['l'] };
  assert.equal(ending([exp, sum, log, { op: 'Sub', inputs: ['x', 'l'], outputs: ['y'] }]), 'logsoftmax');
  assert.equal(ending([exp, sum, log, { op: 'Sub', inputs: ['e', 'l'], outputs: ['y'] }]), undefined);
  const both = { op: 'ReduceLogSumExp', inputs: ['x'], outputs: ['l'] };
  assert.equal(ending([both, { op: 'Sub', inputs: ['x', 'l'], outputs: ['y'] }]), 'logsoftmax');
  assert.equal(ending([{ op: 'Sub', inputs: ['x', 'x'], outputs: ['y'] }]), undefined);
});

test('classifiers of classical machine learning say what they end in', { skip }, () => {
  const classifier = (transform: string) => ({
    op: 'LinearClassifier',
    domain: 'ai.onnx.ml',
    inputs: ['x'],
    outputs: ['label', 'y'],
    attributes: { post_transform: transform },
  });
  assert.equal(ending([classifier('SOFTMAX')], 1), 'softmax');
  assert.equal(ending([classifier('LOGISTIC')], 1), 'sigmoid');
  assert.equal(ending([classifier('NONE')], 1), undefined);
  const iris = removeZipMaps(parseModel(readFileSync(fixture('models', 'logreg_iris.onnx')), 'iris')).model;
  assert.equal(endingOf(iris, 'probabilities'), 'softmax');
});

test('shapes that a trial run has shown can be stated', () => {
  assert.deepEqual(outputs(stateOutput(passing(undefined), 'y', ['N', 4])), ['y float32[N, 4]']);
  assert.deepEqual(outputs(stateOutput(passing(['batch', 'k', 3]), 'y', [undefined, 5, undefined])), [
    'y float32[batch, 5, 3]',
  ]);
  assert.throws(
    () => stateOutput(passing(['N', 3]), 'y', ['N', 4]),
    inframeError('ARGUMENT_INVALID', 'float32[N, 3]', '[N, 4]'),
  );
  assert.throws(() => stateOutput(passing(['N', 3]), 'y', ['N']), inframeError('ARGUMENT_INVALID'));
});

test('bad calls are refused', () => {
  const model = passing(['N', 3]);
  const invalid = (call: () => unknown, ...words: string[]) =>
    assert.throws(call, inframeError('ARGUMENT_INVALID', ...words));
  const unsupported = (call: () => unknown, ...words: string[]) =>
    assert.throws(call, inframeError('MODEL_UNSUPPORTED', ...words));
  for (const k of [0, 4, 1.5, Number.NaN]) invalid(() => topKOutput(model, 'y', k), `classes ${k}`, 'from 1 to 3');
  invalid(() => topKOutput(model, 'z', 1), "output 'z'", 'it has: y');
  invalid(() => topKOutput(passing(['N', 3], { dtype: 'string' }), 'y', 1), 'of strings');
  unsupported(() => topKOutput(passing(['N', 3, 1]), 'y', 1), '3 dimensions', 'takes 2');
  unsupported(() => topKOutput(passing(undefined), 'y', 1), 'does not state');
  unsupported(() => bestClassOutput(model, 'y', 'none'), 'takes 3');
  invalid(() => activationOutput(model, 'y', 'softmax', 2), 'axis 2', '0 to 1');
  invalid(() => activationOutput(model, 'y', 'softmax', -3), 'axis -3');
  invalid(() => activationOutput(model, 'z', 'sigmoid'), "output 'z'");
  unsupported(() => activationOutput(passing(undefined), 'y', 'softmax'), 'does not state');
  unsupported(() => activationOutput(passing(['N', 3], { opset: 5 }), 'y', 'sigmoid'), 'opset 5');
  invalid(() => endingOf(model, 'z'), "output 'z'");
  const through = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3] }],
    outputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3] }],
    nodes: [],
  });
  unsupported(() => topKOutput(through, 'x', 1), 'also an output');
  const twice = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3] }],
    outputs: ['y', 'y/scores'].map(name => ({ name, dtype: 'float32' as const, dims: ['N', 3] })),
    nodes: ['y', 'y/scores'].map(name => ({ op: 'Neg', inputs: ['x'], outputs: [name] })),
  });
  unsupported(() => topKOutput(twice, 'y', 1), "'y/scores'");
});

test('an inner value of a name that outputs get is no trouble', async () => {
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 2] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 2] }],
    nodes: [
      { op: 'Neg', inputs: ['x'], outputs: ['y/all'] },
      { op: 'Neg', inputs: ['y/all'], outputs: ['y/topk_1'] },
      { op: 'Identity', inputs: ['y/topk_1'], outputs: ['y'] },
    ],
  });
  const feeds = { x: new ort.Tensor('float32', Float32Array.from([1, 2]), [1, 2]) };
  const { 'y/classes': best } = await run(topKOutput(activationOutput(model, 'y', 'softmax'), 'y', 1), feeds);
  assert.deepEqual(best!.data, BigInt64Array.from([1n]));
});
