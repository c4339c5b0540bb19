import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import ort from 'onnxruntime-node';
import { freeBatch } from '../../../src/udf/onnx/batch.js';
import { graph, subgraph } from '../../../src/udf/onnx/build.js';
import { parseModel, serializeModel } from '../../../src/udf/onnx/file.js';
import { withFields } from '../../../src/udf/onnx/message.js';
import type { ModelProto } from '../../../src/udf/onnx/onnx_pb.js';
import { castInput, castOutput, keepOutputs, reshapeInput, transposeInput } from '../../../src/udf/onnx/rewrite.js';
import { describeTensor, signatureOf } from '../../../src/udf/signature.js';
import { fixture, fixtures } from '../../support/fixtures.js';
import { assertClose, float32, inframeError, noise, run } from '../../support/onnx.js';

const skip = fixtures === undefined ? 'no fixtures' : false;

function scorer(): ModelProto {
  return graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3] }],
    outputs: [
      { name: 'score', dtype: 'float32', dims: ['N', 1] },
      { name: 'twice', dtype: 'float32', dims: ['N', 1] },
    ],
    nodes: [
      { op: 'MatMul', inputs: ['x', 'w'], outputs: ['score'] },
      { op: 'Add', inputs: ['score', 'score'], outputs: ['twice'] },
    ],
    initializers: [{ name: 'w', dtype: 'float32', dims: [3, 1], data: [1, 10, 100] }],
  });
}

/** y = c ? x + x : -x, the branches reading x from outside. The else branch has a body in its body. */
function branching(): ModelProto {
  const dims = ['N', 2] as const;
  return graph({
    inputs: [
      { name: 'x', dtype: 'float32', dims },
      { name: 'c', dtype: 'bool', dims: [] },
    ],
    outputs: [{ name: 'y', dtype: 'float32', dims }],
    nodes: [
      {
        op: 'If',
        inputs: ['c'],
        outputs: ['y'],
        attributes: {
          then_branch: subgraph({
            inputs: [],
            outputs: [{ name: 't', dtype: 'float32', dims }],
            nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['t'] }],
          }),
          else_branch: subgraph({
            inputs: [],
            outputs: [{ name: 'e', dtype: 'float32', dims }],
            nodes: [
              {
                op: 'If',
                inputs: ['c'],
                outputs: ['e'],
                attributes: {
                  then_branch: subgraph({
                    inputs: [],
                    outputs: [{ name: 'et', dtype: 'float32', dims }],
                    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['et'] }],
                  }),
                  else_branch: subgraph({
                    inputs: [],
                    outputs: [{ name: 'x/rows', dtype: 'float32', dims }],
                    nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['x/rows'] }],
                  }),
                },
              },
            ],
          }),
        },
      },
    ],
  });
}

const bool = (value: boolean) => new ort.Tensor('bool', [value ? 1 : 0], []);

test('columns in, the same scores out', async () => {
  const model = transposeInput(scorer(), 'x');
  assert.equal(describeTensor(signatureOf(model).inputs[0]!), 'float32[3, N]');
  const { score } = await run(model, { x: float32([3, 2], [1, 2, 3, 4, 5, 6]) });
  assertClose(score!.data as Float32Array, [1 + 30 + 500, 2 + 40 + 600], 0);
});

test('any table scores the same by columns as by rows', async () => {
  const byRows = await ort.InferenceSession.create(serializeModel(scorer()), { logSeverityLevel: 3 });
  const byColumns = await ort.InferenceSession.create(serializeModel(transposeInput(scorer(), 'x')), {
    logSeverityLevel: 3,
  });
  const float = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(float, float, float), { maxLength: 20 }), async rows => {
      const columns = [0, 1, 2].flatMap(column => rows.map(row => row[column as 0]));
      const a = await byRows.run({ x: float32([rows.length, 3], rows.flat()) });
      const b = await byColumns.run({ x: float32([3, rows.length], columns) });
      assert.deepEqual(b['twice']!.data, a['twice']!.data);
    }),
    { numRuns: 50 },
  );
});

test('edits stack: bytes by columns, cast, and back', async () => {
  const model = transposeInput(castInput(castOutput(scorer(), 'score', 'float64'), 'x', 'uint8'), 'x');
  assert.deepEqual(signatureOf(model).inputs.map(describeTensor), ['uint8[3, N]']);
  assert.deepEqual(signatureOf(model).outputs.map(describeTensor), ['float64[N, 1]', 'float32[N, 1]']);
  const x = new ort.Tensor('uint8', Uint8Array.from([1, 2, 3, 4, 5, 255]), [3, 2]);
  const { score, twice } = await run(model, { x });
  assert.deepEqual(score!.data, Float64Array.from([531, 2 + 40 + 25500]));
  assert.deepEqual(twice!.data, Float32Array.from([1062, 2 * 25542]));
});

test('bodies that read the input from outside read the restored one', async () => {
  const model = transposeInput(branching(), 'x');
  for (const c of [true, false]) {
    const expected = await run(branching(), { x: float32([3, 2], [1, 2, 3, 4, 5, 6]), c: bool(c) });
    const { y } = await run(model, { x: float32([2, 3], [1, 3, 5, 2, 4, 6]), c: bool(c) });
    assert.deepEqual(y!.data, expected['y']!.data);
  }
  const before = branching();
  transposeInput(before, 'x');
  assert.deepEqual(before, branching(), 'the argument is untouched');
});

test('a body that gives the name to a value of its own keeps it', () => {
  const dims = ['N', 2] as const;
  const own = subgraph({
    inputs: [{ name: 'x', dtype: 'float32', dims }],
    outputs: [{ name: 'z', dtype: 'float32', dims }],
    nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['z'] }],
  });
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims }],
    outputs: [{ name: 'y', dtype: 'float32', dims }],
    nodes: [{ op: 'Scan', inputs: ['x'], outputs: ['y'], attributes: { body: own, num_scan_inputs: 1 } }],
  });
  const scan = castInput(model, 'x', 'float64').graph!.node.find(node => node.opType === 'Scan')!;
  assert.deepEqual(scan.input, ['x/float32']);
  assert.equal(scan.attribute.find(item => item.name === 'body')!.g, own);
});

test('new names do not collide with names in use, in bodies either', () => {
  const once = castInput(scorer(), 'x', 'float64');
  const twice = castInput(castInput(once, 'x', 'float32'), 'x', 'float64');
  const names = twice.graph!.node.flatMap(node => node.output);
  assert.equal(new Set(names).size, names.length);
  const rows = transposeInput(branching(), 'x').graph!.node[0]!.output[0];
  assert.equal(rows, 'x/rows_2'); // a branch has an 'x/rows'
});

test('pixels as a flat run of bytes give the numbers of the original image tensor', { skip }, async () => {
  const original = parseModel(readFileSync(fixture('models', 'mnist.onnx')), 'mnist');
  const model = castInput(reshapeInput(freeBatch(original), 'Input3'), 'Input3', 'uint8');
  assert.equal(describeTensor(signatureOf(model).inputs[0]!), 'uint8[N, 784]');
  const pixels = Uint8Array.from(noise(2 * 784), value => Math.floor(value * 256));
  const together = await run(model, { Input3: new ort.Tensor('uint8', pixels, [2, 784]) });
  for (const row of [0, 1]) {
    const one = pixels.subarray(row * 784, (row + 1) * 784);
    const alone = await run(original, { Input3: float32([1, 1, 28, 28], one) });
    assertClose(
      (together['Plus214_Output_0']!.data as Float32Array).slice(row * 10, row * 10 + 10),
      alone['Plus214_Output_0']!.data as Float32Array,
      0.05, // logits of noise at 0..255 are in the thousands
    );
  }
});

test('an input [N, 1] can be given as [N]', async () => {
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 1] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 1] }],
    nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['y'] }],
  });
  const { y } = await run(reshapeInput(model, 'x', ['N']), { x: float32([3], [1, 2, 3]) });
  assert.deepEqual(y!.dims, [3, 1]);
  assertClose(y!.data as Float32Array, [-1, -2, -3], 0);
  assert.throws(() => reshapeInput(model, 'x', ['N', 2]), inframeError('ARGUMENT_INVALID', '[N, 2]', '[N, 1]'));
});

test('squeezenet_fp16 takes and gives float32 through casts', { skip }, async () => {
  const half = parseModel(readFileSync(fixture('models', 'squeezenet_fp16.onnx')), 'fp16');
  const [input, output] = [signatureOf(half).inputs[0]!, signatureOf(half).outputs[0]!];
  assert.equal(input.dtype, 'float16');
  const model = castOutput(castInput(half, input.name, 'float32'), output.name, 'float32');
  const full = parseModel(readFileSync(fixture('models', 'squeezenet.onnx')), 'fp32');
  const x = float32(
    [1, 3, 224, 224],
    noise(3 * 224 * 224).map(value => value * 255 - 120),
  );
  const expected = await run(full, { data_0: x });
  const actual = await run(model, { [input.name]: x });
  // The same weights, half the digits: probabilities agree to about 1 %.
  assertClose(
    actual[output.name]!.data as Float32Array,
    expected[signatureOf(full).outputs[0]!.name]!.data as Float32Array,
    0.02,
  );
});

test('keepOutputs drops what only the others needed', async () => {
  const model = keepOutputs(scorer(), ['score']);
  assert.deepEqual(
    model.graph!.node.map(node => node.opType),
    ['MatMul'],
  );
  const { score } = await run(model, { x: float32([1, 3], [1, 1, 1]) });
  assertClose(score!.data as Float32Array, [111], 0);
});

test('keepOutputs keeps what bodies read, true inputs, and drops constants listed as inputs', async () => {
  const base = branching();
  const constants = [
    { name: 'dead', dtype: 'float32' as const, dims: [1], data: [1] },
    { name: 'alive', dtype: 'float32' as const, dims: [1], data: [2] },
  ];
  const extra = graph({
    inputs: [
      { name: 'dead', dtype: 'float32', dims: [1] },
      { name: 'alive', dtype: 'float32', dims: [1] },
      { name: 'unused', dtype: 'float32', dims: [1] },
    ],
    outputs: [
      { name: 'other', dtype: 'float32', dims: [1] },
      { name: 'more', dtype: 'float32', dims: [1] },
    ],
    nodes: [
      { op: 'Neg', inputs: ['dead'], outputs: ['other'] },
      { op: 'Neg', inputs: ['alive'], outputs: ['more'] },
    ],
    initializers: constants,
  }).graph!;
  const merged = withFields(base, {
    graph: withFields(base.graph!, {
      input: [...base.graph!.input, ...extra.input],
      output: [...base.graph!.output, ...extra.output],
      // Producers last: not what ONNX asks for, but keepOutputs must not rely on it.
      node: [...base.graph!.node, ...extra.node],
      initializer: extra.initializer,
    }),
  });
  const kept = keepOutputs(merged, ['more', 'y']);
  assert.deepEqual(
    kept.graph!.input.map(item => item.name),
    ['x', 'c', 'alive', 'unused'],
  );
  assert.deepEqual(
    kept.graph!.output.map(item => item.name),
    ['y', 'more'],
  );
  const feeds = { x: float32([1, 2], [1, 2]), c: bool(false), unused: float32([1], [0]) };
  const { y, more } = await run(kept, feeds);
  assertClose(y!.data as Float32Array, [-1, -2], 0);
  assertClose(more!.data as Float32Array, [-2], 0);
});

test('castOutput reaches constants and bodies that read the output', async () => {
  const base = branching();
  const model = castOutput(
    withFields(base, {
      graph: withFields(base.graph!, {
        // x becomes a value of the graph that is an output too
        input: base.graph!.input.map(item => (item.name === 'x' ? withFields(item, { name: 'in' }) : item)),
        output: [...base.graph!.output, base.graph!.input[0]!],
        node: [
          ...graph({ inputs: [], outputs: [], nodes: [{ op: 'Neg', inputs: ['in'], outputs: ['x'] }] }).graph!.node,
          ...base.graph!.node,
        ],
      }),
    }),
    'x',
    'int32',
  );
  const { x, y } = await run(model, { in: float32([1, 2], [1.5, 2.5]), c: bool(true) });
  assert.deepEqual(x!.data, Int32Array.from([-1, -2]));
  assertClose(y!.data as Float32Array, [-3, -5], 0);
});

test('wrong names and impossible edits are refused', () => {
  const model = scorer();
  assert.throws(
    () => transposeInput(model, 'y'),
    inframeError('ARGUMENT_INVALID', "input 'y' is not in the model; it has: x"),
  );
  assert.throws(
    () => castOutput(model, 'scores', 'float64'),
    inframeError('ARGUMENT_INVALID', "did you mean 'score'?"),
  );
  assert.throws(() => keepOutputs(model, []), inframeError('ARGUMENT_INVALID', 'score, twice'));
  assert.throws(() => castInput(model, 'w', 'float64'), inframeError('ARGUMENT_INVALID', "input 'w'"));
  const passing = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 'M'] }],
    outputs: [{ name: 'x', dtype: 'float32', dims: ['N', 'M'] }],
    nodes: [],
  });
  assert.throws(() => transposeInput(passing, 'x'), inframeError('MODEL_UNSUPPORTED', 'also an output'));
  assert.throws(() => castOutput(passing, 'x', 'int8'), inframeError('MODEL_UNSUPPORTED', 'also an output'));
  assert.throws(() => reshapeInput(passing, 'x'), inframeError('MODEL_UNSUPPORTED', 'at most one open size'));
  const scalar = graph({ inputs: [{ name: 'x', dtype: 'float32' }], outputs: [], nodes: [] });
  assert.throws(() => transposeInput(scalar, 'x'), inframeError('MODEL_UNSUPPORTED', 'unstated number'));
});

test('a cast to the type it has changes nothing', () => {
  const model = scorer();
  assert.equal(castInput(model, 'x', 'float32'), model);
  assert.equal(castOutput(model, 'score', 'float32'), model);
});
