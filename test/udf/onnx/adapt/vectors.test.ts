import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import ort from 'onnxruntime-node';
import { affineOutput, reconstructionErrorOutput } from '../../../../src/udf/onnx/adapt/numbers.js';
import { pictureInput } from '../../../../src/udf/onnx/adapt/picture.js';
import { normalizeOutput, poolOutput } from '../../../../src/udf/onnx/adapt/pool.js';
import { graph } from '../../../../src/udf/onnx/build.js';
import type { Dim } from '../../../../src/udf/onnx/dims.js';
import type { Dtype } from '../../../../src/udf/onnx/dtype.js';
import type { ModelProto } from '../../../../src/udf/onnx/onnx_pb.js';
import { castInput, transposeInput } from '../../../../src/udf/onnx/rewrite.js';
import { describeTensor, signatureOf } from '../../../../src/udf/signature.js';
import { assertClose, float32, inframeError, noise, run } from '../../../support/onnx.js';
import { transformer } from '../../../support/transformer.js';
import { bytes, doubles, longs, OPSETS, passing } from './nets.js';

/** Gives its first input; the second, a mask, is there to be read. */
function tokens(opset: number, mask: Dtype = 'int64', dtype: Dtype = 'float32'): ModelProto {
  return graph({
    opset,
    inputs: [
      { name: 'x', dtype, dims: ['N', 'L', 3] },
      { name: 'attention_mask', dtype: mask, dims: ['N', 'L'] },
    ],
    outputs: [{ name: 'y', dtype, dims: ['N', 'L', 3] }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  });
}

function pooled(x: ArrayLike<number>, mask: readonly (readonly number[])[], mode: 'mean' | 'max'): number[] {
  return mask.flatMap((marks, row) =>
    [0, 1, 2].map(place => {
      const values = marks.flatMap((mark, at) => (mark ? [x[(row * marks.length + at) * 3 + place]!] : []));
      if (values.length === 0) return 0;
      return mode === 'max' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0) / values.length;
    }),
  );
}

test('tokens are pooled by their mask, and a row without any is zero', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...OPSETS),
      fc.constantFrom('mean' as const, 'max' as const),
      fc.integer({ min: 1, max: 5 }).chain(length =>
        fc.array(fc.array(fc.constantFrom(0, 1), { minLength: length, maxLength: length }), {
          minLength: 1,
          maxLength: 4,
        }),
      ),
      async (opset, mode, mask) => {
        const dims = [mask.length, mask[0]!.length];
        const x = noise(dims[0]! * dims[1]! * 3, 9).map(value => value * 4 - 2);
        const model = poolOutput(tokens(opset), 'y', { mode, mask: 'attention_mask' });
        assert.equal(describeTensor(signatureOf(model).outputs[0]!), 'float32[N, 3]');
        const { y } = await run(model, { x: float32([...dims, 3], x), attention_mask: longs(dims, mask.flat()) });
        assertClose(y!.data as Float32Array, pooled(x, mask, mode), 1e-6);
      },
    ),
    { numRuns: 60 },
  );
});

test('masks may be of other types, and numbers half or double', async () => {
  const x = [1, 2, 3, 5, 6, 7];
  const mask = new ort.Tensor('int32', Int32Array.from([1, 0]), [1, 2]);
  for (const opset of [7, 13]) {
    const model = poolOutput(tokens(opset, 'int32', 'float64'), 'y', { mode: 'mean', mask: 'attention_mask' });
    const { y } = await run(model, { x: doubles([1, 2, 3], x), attention_mask: mask });
    assert.deepEqual(y!.data, Float64Array.from([1, 2, 3]));
  }
  const boolean = poolOutput(tokens(17, 'bool'), 'y', { mode: 'max', mask: 'attention_mask' });
  const bool = new ort.Tensor('bool', [1, 1], [1, 2]);
  const { y } = await run(boolean, { x: float32([1, 2, 3], x), attention_mask: bool });
  assert.deepEqual(y!.data, Float32Array.from([5, 6, 7]));
});

test('without a mask all count, and the first token is the first', async () => {
  const x = noise(2 * 4 * 3, 2);
  const all = [
    [1, 1, 1, 1],
    [1, 1, 1, 1],
  ];
  for (const opset of OPSETS) {
    for (const mode of ['mean', 'max'] as const) {
      const { y } = await run(poolOutput(passing(['N', 'L', 3], { opset }), 'y', { mode }), {
        x: float32([2, 4, 3], x),
      });
      assertClose(y!.data as Float32Array, pooled(x, all, mode), 1e-6);
    }
    const first = poolOutput(passing(['N', 'L', 3], { opset }), 'y', { mode: 'cls' });
    const { y } = await run(first, { x: float32([2, 4, 3], x) });
    assert.deepEqual(
      [y!.dims, [...(y!.data as Float32Array)]],
      [
        [2, 3],
        [...x.slice(0, 3), ...x.slice(12, 15)],
      ],
    );
  }
});

test('places of pictures are pooled', async () => {
  const x = noise(2 * 3 * 4 * 5, 4);
  const rows = Array.from({ length: 6 }, (_, row) => [...x.slice(row * 20, (row + 1) * 20)]);
  for (const opset of OPSETS) {
    const net = passing(['N', 3, 'H', 'W'], { opset });
    const mean = await run(poolOutput(net, 'y', { mode: 'mean' }), { x: float32([2, 3, 4, 5], x) });
    const max = await run(poolOutput(net, 'y', { mode: 'max' }), { x: float32([2, 3, 4, 5], x) });
    assert.deepEqual(mean['y']!.dims, [2, 3]);
    assertClose(
      mean['y']!.data as Float32Array,
      rows.map(row => row.reduce((a, b) => a + b) / 20),
      1e-6,
    );
    assertClose(
      max['y']!.data as Float32Array,
      rows.map(row => Math.max(...row)),
      0,
    );
  }
  const vectors = passing(['N', 3]);
  assert.equal(poolOutput(vectors, 'y', { mode: 'mean' }), vectors);
  const places = passing(['N', 3, 2, 2]);
  assert.equal(poolOutput(places, 'y', { mode: 'none' }), places);
});

test('vectors get length 1, and zeros stay zeros', async () => {
  const x = [3, 4, 0, 0, 1e-3, 0];
  const expected = [0.6, 0.8, 0, 0, 1, 0];
  for (const opset of OPSETS) {
    const model = normalizeOutput(passing(['N', 2], { opset }), 'y');
    assertClose((await run(model, { x: float32([3, 2], x) }))['y']!.data as Float32Array, expected, 1e-6);
  }
  const wide = normalizeOutput(passing(['N', 'L', 2], { dtype: 'float64' }), 'y');
  assertClose((await run(wide, { x: doubles([1, 3, 2], x) }))['y']!.data as Float64Array, expected, 1e-12);
});

test('what a transformer says of a text does not change with padding, pooled by the mask', async () => {
  const net = transformer({ vocabulary: 50, width: 16, heads: 2, layers: 2, tokenTypes: false, output: 'hidden' });
  const [name] = signatureOf(net).outputs.map(output => output.name);
  for (const mode of ['mean', 'max', 'cls'] as const) {
    const model = normalizeOutput(poolOutput(net, name!, { mode, mask: 'attention_mask' }), name!);
    const alone = await run(model, { input_ids: longs([1, 3], [7, 8, 9]), attention_mask: longs([1, 3], [1, 1, 1]) });
    const padded = await run(model, {
      input_ids: longs([2, 5], [7, 8, 9, 0, 0, 1, 2, 3, 4, 5]),
      attention_mask: longs([2, 5], [1, 1, 1, 0, 0, 1, 1, 1, 1, 1]),
    });
    const vector = alone[name!]!.data as Float32Array;
    assertClose((padded[name!]!.data as Float32Array).slice(0, 16), vector, 1e-5);
    assertClose([Math.hypot(...vector)], [1], 1e-5);
  }
});

test('a mask whose input is edited afterwards is the one the network reads', async () => {
  const model = poolOutput(tokens(17), 'y', { mode: 'mean', mask: 'attention_mask' });
  const edited = transposeInput(castInput(model, 'attention_mask', 'uint8'), 'attention_mask');
  const x = [1, 2, 3, 5, 6, 7, 1, 1, 1, 9, 9, 9];
  // By columns: the first row counts its second token, the second row its first.
  const { y } = await run(edited, { x: float32([2, 2, 3], x), attention_mask: bytes([2, 2], [0, 1, 1, 0]) });
  assertClose(y!.data as Float32Array, [5, 6, 7, 1, 1, 1], 1e-6);
});

test('numbers are scaled and moved', async () => {
  const x = [1, 2, 3, 4];
  const given = { x: float32([2, 2], x) };
  for (const opset of [7, 13]) {
    const net = passing(['N', 2], { opset });
    const y = async (scale: readonly number[], offset: readonly number[]) => [
      ...((await run(affineOutput(net, 'y', scale, offset), given))['y']!.data as Float32Array),
    ];
    assert.deepEqual(await y([2], [1]), [3, 5, 7, 9]);
    assert.deepEqual(await y([2, 10], []), [2, 20, 6, 40]);
    assert.deepEqual(await y([], [0.5, -1]), [1.5, 1, 3.5, 3]);
    assert.deepEqual(await y([1, 1], [0.5]), [1.5, 2.5, 3.5, 4.5]);
    assert.equal(affineOutput(net, 'y', [1, 1], [0]), net);
  }
  const wide = affineOutput(passing(['N'], { dtype: 'float64' }), 'y', [1e-9], [1]);
  assert.deepEqual((await run(wide, { x: doubles([1], [1]) }))['y']!.data, Float64Array.from([1 + 1e-9]));
  const whole = affineOutput(passing(['N'], { dtype: 'int64' }), 'y', [0.5], []);
  assert.deepEqual((await run(whole, { x: longs([1], [3]) }))['y']!.data, Float32Array.from([1.5]));
});

/** y = x / 2, in another shape if told. */
function halving(opset: number, dims: readonly Dim[], gives: readonly Dim[]): ModelProto {
  const flat = dims.length !== gives.length;
  return graph({
    opset,
    inputs: [{ name: 'x', dtype: 'float32', dims }],
    outputs: [{ name: 'y', dtype: 'float32', dims: gives }],
    nodes: [
      { op: 'Mul', inputs: ['x', 'half'], outputs: [flat ? 'm' : 'y'] },
      ...(flat ? [{ op: 'Flatten', inputs: ['m'], outputs: ['y'], attributes: { axis: 1 } }] : []),
    ],
    initializers: [{ name: 'half', dtype: 'float32', dims: [1], data: [0.5] }],
  });
}

test('a reconstruction becomes how far it is off', async () => {
  const x = noise(2 * 6, 8);
  const rows = [x.slice(0, 6), x.slice(6)].map(row => [...row]);
  const mse = rows.map(row => row.reduce((sum, value) => sum + (value / 2) ** 2, 0) / 6);
  const mae = rows.map(row => row.reduce((sum, value) => sum + Math.abs(value / 2), 0) / 6);
  for (const opset of OPSETS) {
    for (const [dims, gives, shape] of [
      [
        ['N', 6],
        ['N', 6],
        [2, 6],
      ],
      [
        ['N', 2, 3],
        ['N', 2, 3],
        [2, 2, 3],
      ],
      [
        ['N', 2, 'W'],
        ['N', 6],
        [2, 2, 3],
      ],
    ] as const) {
      for (const [error, expected] of [
        ['mse', mse],
        ['mae', mae],
      ] as const) {
        const model = reconstructionErrorOutput(halving(opset, dims, gives), 'y', 'x', error);
        assert.equal(describeTensor(signatureOf(model).outputs[0]!), 'float32[N]');
        const { y } = await run(model, { x: float32([...shape], x) });
        assert.deepEqual(y!.dims, [2]);
        assertClose(y!.data as Float32Array, expected, 1e-6);
      }
    }
  }
});

test('a reconstruction is compared with what the network is fed, not with the pixels', async () => {
  const net = halving(17, ['N', 1, 2, 2], ['N', 1, 2, 2]);
  const model = pictureInput(reconstructionErrorOutput(net, 'y', 'x', 'mae'), 'x', {
    channels: 'grey',
    range: [0, 1],
    mean: [0.5],
    std: [0.5],
  });
  // Pixels 0 and 255 are fed as -1 and 1, reconstructed as -0.5 and 0.5.
  const { y } = await run(model, { x: bytes([1, 2, 2, 1], [0, 255, 255, 0]) });
  assertClose(y!.data as Float32Array, [0.5], 1e-6);
});

test('bad calls are refused', () => {
  const invalid = (call: () => unknown, ...words: string[]) =>
    assert.throws(call, inframeError('ARGUMENT_INVALID', ...words));
  const unsupported = (call: () => unknown, ...words: string[]) =>
    assert.throws(call, inframeError('MODEL_UNSUPPORTED', ...words));
  invalid(() => poolOutput(tokens(17), 'y', { mode: 'mean', mask: 'mask' }), "input 'mask'", 'attention_mask');
  invalid(() => poolOutput(tokens(17), 'y', { mode: 'mean', mask: 'x' }), 'not a mask');
  invalid(() => poolOutput(tokens(17), 'z', { mode: 'none' }), "output 'z'");
  invalid(() => poolOutput(passing(['N', 3, 2, 2]), 'y', { mode: 'cls' }), 'first token');
  unsupported(() => poolOutput(passing(['N']), 'y', { mode: 'mean' }), '1 dimensions');
  unsupported(() => poolOutput(passing(undefined), 'y', { mode: 'mean' }), 'does not state');
  unsupported(() => normalizeOutput(passing(['N']), 'y'), '1 dimensions');
  invalid(() => affineOutput(passing(['N', 2]), 'y', [1, 2, 3], []), 'scale [1, 2, 3]', 'float32[N, 2]');
  invalid(() => affineOutput(passing(['N']), 'y', [], [1, 2]), 'offset [1, 2]');
  invalid(() => affineOutput(passing(['N', 1]), 'y', [1, 2], []), 'scale [1, 2]');
  invalid(() => affineOutput(passing(['N', 2]), 'y', [Number.NaN], []), 'finite');
  invalid(() => affineOutput(passing(['N'], { dtype: 'string' }), 'y', [2], []), 'of strings');
  invalid(
    () => reconstructionErrorOutput(halving(17, ['N', 6], ['N', 5]), 'y', 'x', 'mse'),
    'float32[N, 5]',
    'float32[N, 6]',
  );
  invalid(() => reconstructionErrorOutput(passing(['N', 6]), 'y', 'z', 'mse'), "input 'z'");
});
