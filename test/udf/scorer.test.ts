import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TensorCollector } from '../../src/udf/collectors/tensor.js';
import { isValid } from '../../src/udf/columns.js';
import { CallScorer } from '../../src/udf/scorer.js';
import { inframeError } from '../support/onnx.js';
import { callOf, FakeSession, input, lists, numbers, output, rowWise, strings } from './scoring.js';

/** The prediction of each row, null where there is none. */
function predictions(scorer: CallScorer): readonly (number | null)[] {
  const bits = scorer.validity();
  const values = (scorer.outputs[0] as TensorCollector).values;
  return Array.from({ length: scorer.rows }, (_, row) => (isValid(bits, row) ? Number(values[row]) : null));
}

test('batches are full but for the last, whatever the chunks', async () => {
  const network = rowWise(([a]) => a! * 2);
  const scorer = new CallScorer(callOf([input('rows', 1, [])], 4), network.session, 0);
  await scorer.add([numbers([1, 2, 3])], 3);
  await scorer.add([numbers([4, 5, 6, 7, 8, 9])], 6);
  await scorer.flush();
  await scorer.flush();
  assert.deepEqual(network.dataOf(), [[1, 2, 3, 4], [5, 6, 7, 8], [9]]);
  assert.deepEqual(predictions(scorer), [2, 4, 6, 8, 10, 12, 14, 16, 18]);
  assert.equal(scorer.validity(), undefined);
});

test('no rows are no run', async () => {
  const network = rowWise(() => 0);
  const scorer = new CallScorer(callOf([input('rows', 1, [])], 4), network.session, 10);
  await scorer.add([numbers([])], 0);
  await scorer.flush();
  assert.equal(network.fed.length, 0);
  assert.equal(scorer.rows, 0);
});

test('a fixed batch is padded, and what is padded is thrown away', async () => {
  for (const layout of ['rows', 'columns'] as const) {
    const network = rowWise(([a, b]) => a! * 10 + b!, layout === 'columns');
    const scorer = new CallScorer(callOf([input(layout, 2, [2])], 4, { fixed: true }), network.session, 5);
    await scorer.add([numbers([1, 2, 3, 4, 5]), numbers([5, 6, 7, 8, 9])], 5);
    await scorer.flush();
    const dims = layout === 'rows' ? [4, 2] : [2, 4];
    assert.deepEqual(network.dimsOf(), [dims, dims], layout);
    assert.deepEqual(predictions(scorer), [15, 26, 37, 48, 59], layout);
  }
});

test('a null is a row without a prediction, and no failure', async () => {
  const network = rowWise(([a, b]) => a! + b!);
  const scorer = new CallScorer(callOf([input('rows', 2, [2])], 8), network.session, 4);
  await scorer.add([numbers([1, null, 3, null]), numbers([10, 20, null, null])], 4);
  await scorer.flush();
  assert.deepEqual(predictions(scorer), [11, null, null, null]);
  assert.deepEqual([scorer.nullRows, scorer.failedRows], [3, 0]);
});

test('a batch of nulls is not run', async () => {
  const network = rowWise(([a]) => a!);
  const scorer = new CallScorer(callOf([input('rows', 1, [])], 2), network.session, 4);
  await scorer.add([numbers([null, null, 5, null])], 4);
  await scorer.flush();
  assert.equal(network.fed.length, 1);
  assert.deepEqual(predictions(scorer), [null, null, 5, null]);
});

test("nulls: 'nan' hands NaN to floats; what else is null has no prediction", async () => {
  const network = rowWise(([a]) => (Number.isNaN(a) ? -1 : a!));
  const scorer = new CallScorer(callOf([input('rows', 1, [])], 4, { nulls: 'nan' }), network.session, 3);
  await scorer.add([numbers([1, null, 3])], 3);
  await scorer.flush();
  assert.deepEqual(predictions(scorer), [1, -1, 3]);
  assert.equal(scorer.nullRows, 0);

  const whole = rowWise(([a]) => a!);
  const integers = new CallScorer(callOf([input('rows', 1, [], 'int32')], 4, { nulls: 'nan' }), whole.session, 3);
  await integers.add([numbers([1, null, 3], 'int32')], 3);
  await integers.flush();
  assert.deepEqual(predictions(integers), [1, null, 3]);
});

test("nulls: 'nan' hands NaN to lists of floats too", async () => {
  const network = rowWise(row => row.filter(Number.isNaN).length);
  const scorer = new CallScorer(callOf([input('list', 1, [2])], 4, { nulls: 'nan' }), network.session, 2);
  await scorer.add(
    [
      lists([
        [1, 2],
        [3, null],
      ]),
    ],
    2,
  );
  await scorer.flush();
  assert.deepEqual(predictions(scorer), [0, 1]);
});

test("nulls: 'fail' stops the job with the input's name", async () => {
  for (const [call, column] of [
    [callOf([input('rows', 1, [])], 4, { nulls: 'fail' }), numbers([1, null])],
    [
      callOf([input('list', 1, [2])], 4, { nulls: 'fail' }),
      lists([
        [1, 2],
        [3, null],
      ]),
    ],
    [callOf([input('list', 1, [2])], 4, { nulls: 'fail' }), lists([[1, 2], null])],
  ] as const) {
    const scorer = new CallScorer(call, rowWise(() => 0).session, 2);
    await assert.rejects(scorer.add([column], 2), inframeError('MODEL_RUN_FAILED', "'net'", "nulls: 'null'"));
  }
});

test('a value that did not fit its integer type is a failure with a reason', async () => {
  const call = callOf([input('rows', 1, [], 'int8')], 4, { misfits: 1 });
  const scorer = new CallScorer(call, rowWise(([a]) => a!).session, 3);
  const misfit = { ...numbers([0, 1, 0], 'uint8') };
  await scorer.add([numbers([1, null, null], 'int8'), misfit], 3);
  await scorer.flush();
  assert.deepEqual(predictions(scorer), [1, null, null]);
  assert.deepEqual([scorer.nullRows, scorer.failedRows], [1, 1]);
  assert.match(scorer.reasons[0]!, /does not fit the integer type/);
});

test('lists of another length are failures; lists with a null inside are null', async () => {
  const network = rowWise(row => row.reduce((sum, value) => sum + value, 0));
  const scorer = new CallScorer(callOf([input('list', 1, [2])], 8), network.session, 5);
  await scorer.add([lists([[1, 2], [1, 2, 3], null, [], [5, null], [3, 4]])], 6);
  await scorer.flush();
  assert.deepEqual(predictions(scorer), [3, null, null, null, null, 7]);
  assert.deepEqual([scorer.nullRows, scorer.failedRows], [2, 2]);
  assert.match(scorer.reasons.join(), /a list of 3 values stands where the input 'x' takes 2/);
});

test('rows of unlike shape are run in groups of one shape, and come back in order', async () => {
  const network = rowWise(row => row.reduce((sum, value) => sum + value, 0));
  const scorer = new CallScorer(callOf([input('list', 1, [null])], 8), network.session, 6);
  await scorer.add([lists([[1], [2, 3], [4], null, [5, 6], [7, 8, 9]])], 6);
  await scorer.flush();
  assert.deepEqual(network.dimsOf(), [
    [2, 1],
    [2, 2],
    [1, 3],
  ]);
  assert.deepEqual(predictions(scorer), [1, 5, 4, null, 11, 24]);
});

test('a list of open length is a multiple of what is known of its shape', async () => {
  const network = rowWise(row => row.length);
  const scorer = new CallScorer(callOf([input('list', 1, [null, 3])], 8), network.session, 4);
  await scorer.add([lists([[1, 2, 3], [1, 2, 3, 4], [], [1, 2, 3, 4, 5, 6]])], 4);
  await scorer.flush();
  assert.deepEqual(predictions(scorer), [3, null, null, 6]);
  assert.deepEqual(network.dimsOf(), [
    [1, 1, 3],
    [1, 2, 3],
  ]);
  assert.equal(scorer.failedRows, 2);
});

test('texts reach the network, and nulls among them do not', async () => {
  const network = new FakeSession(feeds => {
    const codes = feeds['x']!.data as Int32Array;
    const texts = feeds['x/inframe_dictionary']!.data as readonly string[];
    const y = Float32Array.from(codes, code => texts[code]!.length);
    return { y: { dtype: 'float32', data: y, dims: [y.length] } };
  });
  const scorer = new CallScorer(callOf([input('rows', 1, [], 'string')], 3), network.session, 5);
  await scorer.add([strings(['a', 'bb', null, 'a', ''])], 5);
  await scorer.flush();
  assert.deepEqual(predictions(scorer), [1, 2, null, 1, 0]);
});

test('outputs of several values a row, of texts, and of open length are kept by row', async () => {
  const network = new FakeSession(({ x }) => {
    const rows = [...(x!.data as Float32Array)];
    if (rows.includes(3)) throw new Error('no three');
    return {
      pair: { dtype: 'float32', data: Float32Array.from(rows.flatMap(a => [a, -a])), dims: [rows.length, 2] },
      word: { dtype: 'string', data: rows.map(a => `w${a}`), dims: [rows.length] },
      open: { dtype: 'float32', data: Float32Array.from(rows.flatMap(a => [a, a, a])), dims: [rows.length, 3] },
    };
  });
  const outputs = [output([2], 'float32', 'pair'), output([], 'string', 'word'), output([null], 'float32', 'open')];
  const scorer = new CallScorer(callOf([input('rows', 1, [])], 4, { outputs }), network.session, 0);
  await scorer.add([numbers([1, 2, 3, 4, 5])], 5);
  await scorer.flush();
  const [pair, word, open] = scorer.outputs as readonly TensorCollector[];
  assert.deepEqual([...(pair!.values as Float32Array)].slice(0, 10), [1, -1, 2, -2, 0, 0, 4, -4, 5, -5]);
  assert.deepEqual(word!.values, ['w1', 'w2', '', 'w4', 'w5']);
  assert.deepEqual(
    open!.ragged.map(each => each && [...each]),
    [[1, 1, 1], [2, 2, 2], undefined, [4, 4, 4], [5, 5, 5]],
  );
});

test('a network that gives fewer rows, or rows of another size, stops the job', async () => {
  for (const dims of [[1], [3, 2]]) {
    const network = new FakeSession(() => ({
      y: { dtype: 'float32', data: new Float32Array(dims.reduce((a, b) => a * b)), dims },
    }));
    const scorer = new CallScorer(callOf([input('rows', 1, [])], 4), network.session, 3);
    await scorer.add([numbers([1, 2, 3])], 3);
    await assert.rejects(scorer.flush(), inframeError('SHAPE_MISMATCH', "output 'y'", `[${dims.join(', ')}]`));
  }
});

/** A network that cannot take some values; like ONNX Runtime, it fails as a whole. */
function refusing(bad: ReadonlySet<number>, columnMajor = false): FakeSession {
  return rowWise(([a]) => {
    if (bad.has(a!)) throw new Error(`value ${a} is out of range`);
    return a! + 0.5;
  }, columnMajor);
}

test('one failing row of a batch is found with few runs, and the others are scored', async () => {
  const network = refusing(new Set([700]));
  const scorer = new CallScorer(callOf([input('rows', 1, [])], 1024), network.session, 1024);
  const rows = Array.from({ length: 1024 }, (_, row) => row);
  await scorer.add([numbers(rows)], 1024);
  await scorer.flush();
  assert.deepEqual(
    predictions(scorer),
    rows.map(row => (row === 700 ? null : row + 0.5)),
  );
  assert.deepEqual([scorer.failedRows, scorer.nullRows], [1, 0]);
  assert.deepEqual(scorer.reasons, ['value 700 is out of range']);
  assert.ok(network.fed.length <= 1 + 2 * 10, `${network.fed.length} runs; halving 1024 rows takes ten steps of two`);
});

test('exactly the failing rows are found, whatever the layout, batch and nulls', async () => {
  const row = fc.record({ value: fc.integer({ min: 0, max: 40 }), missing: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 60 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 41 }),
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      fc.constantFrom('rows', 'columns', 'list'),
      async (rows, bad, batch, fixed, layout) => {
        const values = rows.map(({ value, missing }) => (missing ? null : value));
        const network = refusing(new Set(bad), layout === 'columns');
        const call = callOf([input(layout as 'rows', 1, layout === 'rows' ? [] : [1])], batch, { fixed });
        const scorer = new CallScorer(call, network.session, 0);
        const column =
          layout === 'list' ? lists(values.map(value => (value === null ? null : [value]))) : numbers(values);
        await scorer.add([column], rows.length);
        await scorer.flush();
        assert.deepEqual(
          predictions(scorer),
          values.map(value => (value === null || bad.includes(value) ? null : value + 0.5)),
        );
        const failed = values.filter(value => value !== null && bad.includes(value)).length;
        assert.equal(scorer.failedRows, failed);
        if (fixed)
          for (const [rowsFed, width] of network.dimsOf()) assert.equal(layout === 'columns' ? width : rowsFed, batch);
      },
    ),
    { numRuns: 300 },
  );
});

test('a network that fails on every row is run twice a row at most', async () => {
  const network = refusing(new Set([1]));
  const scorer = new CallScorer(callOf([input('rows', 1, [])], 256), network.session, 256);
  await scorer.add([numbers(Array.from({ length: 256 }, () => 1))], 256);
  await scorer.flush();
  assert.equal(scorer.failedRows, 256);
  assert.ok(network.fed.length < 2 * 256, `${network.fed.length} runs`);
});

test('many failing rows at the head of a batch do not take the rest with them (Rules 5, 9)', async () => {
  const bad = Array.from({ length: 20 }, (_, row) => row);
  const rows = Array.from({ length: 1024 }, (_, row) => row);
  const network = refusing(new Set(bad));
  const scorer = new CallScorer(callOf([input('rows', 1, [])], 1024), network.session, 1024);
  await scorer.add([numbers(rows)], 1024);
  await scorer.flush();
  assert.deepEqual(
    predictions(scorer),
    rows.map(row => (row < 20 ? null : row + 0.5)),
  );
});

test("onError: 'fail' stops the job at the first failing row, with the reason", async () => {
  const call = callOf([input('rows', 1, [])], 4, { onError: 'fail' });
  const scorer = new CallScorer(call, refusing(new Set([2])).session, 3);
  await scorer.add([numbers([1, 2, 3])], 3);
  await assert.rejects(
    scorer.flush(),
    inframeError('MODEL_RUN_FAILED', "model 'net' failed on a row: value 2 is out of range", "onError: 'null'"),
  );
});

test('a few reasons are kept, each once', async () => {
  const scorer = new CallScorer(callOf([input('rows', 1, [])], 1), refusing(new Set([1, 2, 3, 4, 5, 6, 7])).session, 9);
  await scorer.add([numbers([1, 1, 2, 3, 4, 5, 6, 7, 8])], 9);
  await scorer.flush();
  assert.equal(scorer.failedRows, 8);
  assert.deepEqual(
    scorer.reasons,
    [1, 2, 3, 4, 5].map(value => `value ${value} is out of range`),
  );
});

test('two inputs take their own columns', async () => {
  const network = new FakeSession(({ x, z }) => {
    const a = x!.data as Float32Array;
    const b = z!.data as Float32Array;
    const y = Float32Array.from(b, (value, row) => a[row * 2]! * 100 + a[row * 2 + 1]! * 10 + value);
    return { y: { dtype: 'float32', data: y, dims: [y.length] } };
  });
  const call = callOf([input('rows', 2, [2]), input('rows', 1, [], 'float32', 'z')], 2);
  const scorer = new CallScorer(call, network.session, 3);
  await scorer.add([numbers([1, 2, 3]), numbers([4, 5, 6]), numbers([7, 8, 9])], 3);
  await scorer.flush();
  assert.deepEqual(predictions(scorer), [147, 258, 369]);
});
