import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type SimilarityOptions, similarityModel } from '../../../../src/udf/onnx/adapt/similarity.js';
import { describeTensor, signatureOf } from '../../../../src/udf/signature.js';
import { assertClose, float32, inframeError, noise, run } from '../../../support/onnx.js';

function measure(a: readonly number[], b: readonly number[], metric: SimilarityOptions['metric']): number {
  const dot = a.reduce((sum, value, index) => sum + value * b[index]!, 0);
  if (metric === 'dot') return dot;
  if (metric === 'l2') {
    // Not Math.hypot, which rounds equal distances differently.
    return Math.sqrt(a.reduce((sum, value, index) => sum + (value - b[index]!) ** 2, 0));
  }
  const lengths = Math.hypot(...a) * Math.hypot(...b);
  return lengths === 0 ? 0 : dot / lengths;
}

async function nearest(options: SimilarityOptions, queries: readonly (readonly number[])[]) {
  const fed = { vector: float32([queries.length, options.dims], queries.flat()) };
  const { index, score } = await run(similarityModel(options), fed);
  assert.deepEqual(index!.dims, [queries.length, options.top]);
  return { index: [...(index!.data as BigInt64Array)].map(Number), score: [...(score!.data as Float32Array)] };
}

test('the nearest are those of a sort, whatever the metric and the chunks', async () => {
  // Small whole numbers: products and squares are exact, so that ties are ties.
  const vector = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 3, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(vector, { minLength: 1, maxLength: 12 }),
      fc.array(vector, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('dot' as const, 'l2' as const, 'cosine' as const),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(),
      async (table, queries, metric, chunk, pick) => {
        const top = 1 + (pick % table.length);
        const vectors = Float32Array.from(table.flat());
        const found = await nearest({ vectors, count: table.length, dims: 3, metric, top, chunk }, queries);
        queries.forEach((query, row) => {
          const all = table.map(item => measure(query, item, metric));
          const order = [...all.keys()].sort(
            (a, b) => (metric === 'l2' ? all[a]! - all[b]! : all[b]! - all[a]!) || a - b,
          );
          const index = found.index.slice(row * top, row * top + top);
          const score = found.score.slice(row * top, row * top + top);
          assertClose(
            score,
            order.slice(0, top).map(place => all[place]!),
            1e-5,
          );
          assertClose(
            index.map(place => all[place]!),
            score,
            1e-5,
          );
          assert.equal(new Set(index).size, top);
          // Rounding may turn equal cosines round; the others are exact.
          if (metric !== 'cosine') assert.deepEqual(index, order.slice(0, top));
        });
      },
    ),
    { numRuns: 80 },
  );
});

test('distances of vectors that are close together and far from zero keep their digits', async () => {
  const dims = 8;
  const offsets = [0.4, 0.1, 0.3, 0.2];
  const vectors = Float32Array.from(offsets.flatMap(offset => Array.from({ length: dims }, () => 100 + offset)));
  const { index, score } = await nearest({ vectors, count: 4, dims, metric: 'l2', top: 4 }, [Array(dims).fill(100)]);
  assert.deepEqual(index, [1, 3, 2, 0]);
  assertClose(
    score,
    [0.1, 0.2, 0.3, 0.4].map(offset => offset * Math.sqrt(dims)),
    1e-4,
  );
});

test('a larger table, in one part and in several, is the same table', async () => {
  const [count, dims, top] = [1000, 16, 7];
  const vectors = noise(count * dims, 3).map(value => value - 0.5);
  const queries = [0, 1, 2].map(row => [...noise(dims, row + 10)]);
  for (const metric of ['cosine', 'dot', 'l2'] as const) {
    const whole = await nearest({ vectors, count, dims, metric, top }, queries);
    const parts = await nearest({ vectors, count, dims, metric, top, chunk: 300 }, queries);
    assert.deepEqual(parts.index, whole.index);
    assertClose(parts.score, whole.score, 1e-6);
  }
});

test('the model says what it takes and gives', () => {
  const model = similarityModel({ vectors: new Float32Array(6), count: 3, dims: 2, metric: 'cosine', top: 2 });
  const { inputs, outputs } = signatureOf(model);
  assert.deepEqual(
    [...inputs, ...outputs].map(info => `${info.name} ${describeTensor(info)}`),
    ['vector float32[N, 2]', 'index int64[N, 2]', 'score float32[N, 2]'],
  );
});

test('bad calls are refused', () => {
  const good: SimilarityOptions = { vectors: new Float32Array(6), count: 3, dims: 2, metric: 'dot', top: 1 };
  const invalid = (change: Partial<SimilarityOptions>, ...words: string[]) =>
    assert.throws(() => similarityModel({ ...good, ...change }), inframeError('ARGUMENT_INVALID', ...words));
  invalid({ count: 2 }, '6 numbers', '2 vectors of 2');
  invalid({ vectors: new Float32Array(0), count: 0 }, 'at least one');
  invalid({ top: 0 }, 'nearest vectors 0', '1 to 3');
  invalid({ top: 4 }, 'nearest vectors 4');
  invalid({ top: 1.5 }, '1.5');
  invalid({ chunk: 0 }, 'chunk 0');
  invalid({ vectors: Float32Array.from([1, 2, 3, Number.NaN, 5, 6]) }, 'vector 1', 'NaN');
});
