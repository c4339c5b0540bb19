import assert from 'node:assert/strict';
import { test } from 'node:test';
import ort from 'onnxruntime-node';
import { assertClose, run } from './onnx.js';
import { type TransformerOptions, transformer } from './transformer.js';

/*
 * The numbers come from a second writing of the same network in numpy, float64, its weights from the same generator:
 *   x = token[ids] + position[:L] + type[types]; x = norm(x)
 *   per layer: s = q @ k.T / sqrt(d), -inf where mask is 0; x = norm(x + softmax(s) @ v @ Wo + bo)
 *              u = x @ W1 + b1; x = norm(x + (u / 2 * (1 + erf(u / sqrt(2)))) @ W2 + b2)
 *   logits: tanh(x[:, 0] @ Wp + bp) @ Wc + bc; tokens: x @ Wc + bc
 */

function ids(rows: readonly (readonly number[])[]): ort.Tensor {
  return new ort.Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0]!.length]);
}

const small = { vocabulary: 10, width: 8, heads: 2, layers: 2, positions: 16, classes: 3 };
const feeds = {
  input_ids: ids([
    [1, 5, 9, 2],
    [3, 4, 0, 0],
  ]),
  attention_mask: ids([
    [1, 1, 1, 1],
    [1, 1, 0, 0],
  ]),
  token_type_ids: ids([
    [0, 0, 1, 1],
    [0, 1, 0, 0],
  ]),
};

async function firstThree(options: TransformerOptions, given: Record<string, ort.Tensor> = feeds) {
  const [output] = Object.values(await run(transformer(options), given));
  const width = output!.dims.at(-1)!;
  const data = output!.data as Float32Array;
  const values = Array.from({ length: data.length / width }, (_, row) => [
    ...data.slice(row * width, row * width + 3),
  ]).flat();
  return { dims: output!.dims, values };
}

test('the hidden state is what numpy computes', async () => {
  const { dims, values } = await firstThree({ ...small, output: 'hidden' });
  assert.deepEqual(dims, [2, 4, 8]);
  assertClose(
    values,
    [
      [-1.282711, -0.692287, 1.74649, -0.797596, 0.247864, 1.562243],
      [0.120294, 1.703151, -0.378451, 0.191531, -1.520907, -0.940122],
      [-0.484297, 0.637194, 0.882945, -1.881108, 1.111596, 0.621504],
      [-0.774867, 0.840608, 2.212744, 0.318666, -1.834268, -0.322154],
    ].flat(),
    1e-5,
  );
});

test('the logits of rows and of tokens are what numpy computes', async () => {
  const rows = await firstThree({ ...small, output: 'logits' });
  assert.deepEqual(rows.dims, [2, 3]);
  assertClose(rows.values, [-0.3962, 0.314452, -0.530818, 0.03827, 0.386617, -0.130452], 1e-5);
  const tokens = await firstThree({ ...small, output: 'tokens' });
  assert.deepEqual(tokens.dims, [2, 4, 3]);
  assertClose(tokens.values.slice(0, 3), [-0.387524, 1.308815, 0.578122], 1e-5);
  assertClose(tokens.values.slice(-3), [-0.574334, 0.485611, 0.099734], 1e-5);
  const { token_type_ids: _, ...two } = feeds;
  const plain = await firstThree({ ...small, output: 'logits', tokenTypes: false, seed: 7 }, two);
  assertClose(plain.values, [-0.691597, 1.256993, -0.751265, -0.614082, 0.907849, -0.488391], 1e-5);
});

test('padding changes nothing', async () => {
  const model = transformer({ vocabulary: 100, width: 32, heads: 4, layers: 3, output: 'hidden', tokenTypes: false });
  const row = [7, 99, 4, 31, 0];
  const alone = await run(model, { input_ids: ids([row]), attention_mask: ids([[1, 1, 1, 1, 1]]) });
  const padded = await run(model, {
    input_ids: ids([
      [...row, 3, 3, 3],
      [1, 2, 3, 4, 5, 6, 7, 8],
    ]),
    attention_mask: ids([
      [1, 1, 1, 1, 1, 0, 0, 0],
      [1, 1, 1, 1, 1, 1, 1, 1],
    ]),
  });
  const [a, b] = [alone['last_hidden_state']!.data, padded['last_hidden_state']!.data];
  assertClose((b as Float32Array).slice(0, 5 * 32), a as Float32Array, 1e-5);
});
