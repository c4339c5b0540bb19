import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import ort from 'onnxruntime-node';
import { graph } from '../../../src/udf/onnx/build.js';
import { encodeInput, transposeInput } from '../../../src/udf/onnx/rewrite.js';
import { inframeError, run } from '../../support/onnx.js';

/** Texts to themselves, through a network that looks at none of them. */
const echo = graph({
  inputs: [{ name: 'x', dtype: 'string', dims: ['N', 2] }],
  outputs: [{ name: 'y', dtype: 'string', dims: ['N', 2] }],
  nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
});

test('codes and a dictionary give the network the texts themselves, in their places', async () => {
  const encoded = encodeInput(echo, 'x', 'x/words');
  // Texts with a NUL never get here: the binding would cut them (see input-packers.ts).
  const word = fc.string({ unit: 'binary' }).filter(text => !text.includes('\0'));
  const words = fc.array(word, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      words,
      fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 6 }),
      async (texts, rows) => {
        const codes = rows.flat().map(code => code % texts.length);
        const outputs = await run(encoded, {
          x: new ort.Tensor('int32', Int32Array.from(codes), [rows.length, 2]),
          'x/words': new ort.Tensor('string', texts, [texts.length]),
        });
        // Lone surrogates cannot be told in UTF-8, which tensors hold.
        const expected = codes.map(code => Buffer.from(texts[code]!).toString());
        assert.deepEqual(outputs['y']!.data, expected);
      },
    ),
    { numRuns: 30 },
  );
});

test('codes may come column after column', async () => {
  const turned = transposeInput(encodeInput(echo, 'x', 'x/words'), 'x');
  const outputs = await run(turned, {
    x: new ort.Tensor('int32', Int32Array.from([0, 1, 2, 2, 1, 0]), [2, 3]),
    'x/words': new ort.Tensor('string', ['a', 'b', 'c'], [3]),
  });
  assert.deepEqual(outputs['y']!.data, ['a', 'c', 'b', 'b', 'c', 'a']);
});

test('only strings are given as codes', () => {
  const numbers = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 1] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 1] }],
    nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'] }],
  });
  assert.throws(() => encodeInput(numbers, 'x', 'd'), inframeError('ARGUMENT_INVALID', "input 'x'", 'float32'));
  assert.throws(() => encodeInput(numbers, 'z', 'd'), inframeError('ARGUMENT_INVALID', "input 'z'"));
});
