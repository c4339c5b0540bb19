import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Dim, graph } from '../../../src/udf/onnx/build.js';
import type { Dtype } from '../../../src/udf/onnx/dtype.js';
import { fillInput } from '../../../src/udf/onnx/fill-input.js';
import type { ModelProto } from '../../../src/udf/onnx/onnx_pb.js';
import { signatureOf } from '../../../src/udf/signature.js';
import { float32, inframeError, run } from '../../support/onnx.js';

/** A network that gives its mask back, as float32, and `pixels` doubled. */
function masked(
  mask: readonly Dim[] | undefined,
  dtype: Dtype = 'int64',
  pixels: readonly Dim[] = ['N', 3, 'H', 'W'],
  opset = 17,
): ModelProto {
  return graph({
    opset,
    inputs: [
      { name: 'pixels', dtype: 'float32', dims: pixels },
      { name: 'mask', dtype, dims: mask },
    ],
    outputs: [
      { name: 'seen', dtype: 'float32', dims: mask },
      { name: 'twice', dtype: 'float32', dims: pixels },
    ],
    nodes: [
      { op: 'Cast', inputs: ['mask'], outputs: ['seen'], attributes: { to: 1 } },
      { op: 'Add', inputs: ['pixels', 'pixels'], outputs: ['twice'] },
    ],
  });
}

async function seen(model: ModelProto, dims: readonly number[]) {
  const pixels = float32(dims, new Float32Array(dims.reduce((product, dim) => product * dim, 1)));
  const { seen: mask } = await run(model, { pixels });
  return { dims: mask!.dims, values: new Set(mask!.data as Float32Array) };
}

test('a mask is filled for as many rows as there are', async () => {
  const model = fillInput(masked(['N', 64, 64]), 'mask', 'pixels', 1);
  assert.deepEqual(
    signatureOf(model).inputs.map(({ name }) => name),
    ['pixels'],
  );
  assert.deepEqual(await seen(model, [2, 3, 4, 5]), { dims: [2, 64, 64], values: new Set([1]) });
  assert.deepEqual(await seen(model, [1, 3, 4, 5]), { dims: [1, 64, 64], values: new Set([1]) });
});

test('open sizes are those of the same name, or else of the same place', async () => {
  const named = fillInput(masked(['N', 'H', 'W']), 'mask', 'pixels', 1);
  assert.deepEqual((await seen(named, [2, 3, 4, 5])).dims, [2, 4, 5]);
  const placed = fillInput(masked([undefined, undefined], 'int64', ['batch', 'L']), 'mask', 'pixels', 0);
  assert.deepEqual(await seen(placed, [3, 7]), { dims: [3, 7], values: new Set([0]) });
  // The first size counts rows, whatever the file says of it.
  const fixed = fillInput(masked([1, 'L'], 'int64', ['batch', 'L']), 'mask', 'pixels', 1);
  assert.deepEqual((await seen(fixed, [3, 7])).dims, [3, 7]);
});

test('every element type that has a one', async () => {
  for (const dtype of ['bool', 'int32', 'int64', 'float32', 'float64', 'uint8'] as const) {
    assert.deepEqual(
      (await seen(fillInput(masked(['N'], dtype), 'mask', 'pixels', 1), [2, 3, 1, 1])).values,
      new Set([1]),
      dtype,
    );
  }
});

test('inputs that cannot be filled', () => {
  const cases: readonly (readonly [() => unknown, 'ARGUMENT_INVALID' | 'MODEL_UNSUPPORTED', RegExp])[] = [
    [
      () => fillInput(masked(['N']), 'mark', 'pixels', 1),
      'ARGUMENT_INVALID',
      /^input 'mark' is not in the model; it has: pixels, mask$/,
    ],
    [
      () => fillInput(masked(['N']), 'mask', 'pictures', 1),
      'ARGUMENT_INVALID',
      /^input 'pictures' is not in the model/,
    ],
    [
      () => fillInput(masked(['N', 'X']), 'mask', 'pixels', 1),
      'MODEL_UNSUPPORTED',
      /its size 1 is not one of float32\[N, 3, H, W\] 'pixels'; feed it with a column/,
    ],
    [
      () => fillInput(masked(undefined), 'mask', 'pixels', 1),
      'MODEL_UNSUPPORTED',
      /does not state how many sizes it has/,
    ],
    [() => fillInput(masked(['N'], 'string'), 'mask', 'pixels', 1), 'MODEL_UNSUPPORTED', /texts have no zero and one/],
    [
      () => fillInput(masked(['N'], 'int64', ['N', 3], 8), 'mask', 'pixels', 1),
      'MODEL_UNSUPPORTED',
      /a file of opset 8 cannot fill it/,
    ],
  ];
  for (const [fill, code, message] of cases) assert.throws(fill, inframeError(code, message), String(message));
});
