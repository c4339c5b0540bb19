import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TensorCollector } from '../../src/udf/collectors/tensor.js';
import { type ColumnView, isValid } from '../../src/udf/columns.js';
import { CallScorer } from '../../src/udf/scorer.js';
import { inframeError } from '../support/onnx.js';
import { callOf, FakeSession, input, numbers, validityOf } from './scoring.js';

type Nested = number | null | readonly Nested[];

/** Lists in lists as an engine shows them, with a gap before each list and elements under null lists. */
function nested(rows: readonly Nested[], depth: number): ColumnView {
  if (depth === 0) return numbers(rows as readonly (number | null)[]);
  const inner: Nested[] = [];
  const entries = new BigUint64Array(rows.length * 2);
  const something: Nested = depth === 1 ? 99 : [];
  rows.forEach((row, index) => {
    inner.push(something);
    entries[index * 2] = BigInt(inner.length);
    const own = (row ?? [something, something]) as readonly Nested[];
    entries[index * 2 + 1] = BigInt(own.length);
    inner.push(...own);
  });
  return { kind: 'list', entries, child: nested(inner, depth - 1), validity: validityOf(rows) };
}

/** A network whose result tells values, their order and the shape apart. */
function fingerprints(): FakeSession {
  return new FakeSession(({ x }) => {
    const [rows = 0, ...dims] = x!.dims;
    const width = dims.reduce((product, dim) => product * dim, 1);
    const y = Float32Array.from({ length: rows }, (_, row) =>
      fingerprint(
        Array.from({ length: width }, (_, at) => Number(x!.data[row * width + at])),
        dims,
      ),
    );
    return { y: { dtype: 'float32', data: y, dims: [rows] } };
  });
}

function fingerprint(values: readonly number[], dims: readonly number[]): number {
  const shape = dims.reduce((sum, dim) => sum * 7 + dim, 0);
  return Math.fround(
    values.reduce((sum, value, at) => sum + (Number.isNaN(value) ? 0.5 : value) * (at + 1), shape * 100),
  );
}

function answers(scorer: CallScorer): readonly (number | null)[] {
  const bits = scorer.validity();
  const { values } = scorer.outputs[0] as TensorCollector;
  return Array.from({ length: scorer.rows }, (_, row) => (isValid(bits, row) ? Number(values[row]) : null));
}

/** What a row gives by plain recursion: a number, 'null' or 'failed'. */
function expectedOf(row: Nested, rowDims: readonly (number | null)[], nan: boolean): number | null | 'failed' {
  if (row === null) return null;
  const lengths = rowDims.map(() => new Set<number>());
  const values: number[] = [];
  let lost = false;
  const walk = (value: Nested, level: number): void => {
    if (value === null) {
      if (level < rowDims.length || !nan) lost = true;
      else values.push(Number.NaN);
    } else if (typeof value === 'number') values.push(value);
    else {
      lengths[level]!.add(value.length);
      for (const each of value) walk(each, level + 1);
    }
  };
  walk(row, 0);
  const misshapen = lengths.some(
    (found, level) => found.size !== 1 || found.has(0) || (rowDims[level] !== null && !found.has(rowDims[level]!)),
  );
  // A null and a wrong shape at once are no prediction either way; which of the two it is called is not fixed.
  if (lost) return null;
  return misshapen
    ? 'failed'
    : fingerprint(
        values,
        lengths.map(found => [...found][0]!),
      );
}

function nestedRows(depth: number): fc.Arbitrary<Nested> {
  const value = fc.option(fc.integer({ min: -9, max: 9 }), { freq: 12 });
  const ragged = Array.from({ length: depth }).reduce<fc.Arbitrary<Nested>>(
    inner => fc.option(fc.array(inner, { maxLength: 2 }), { freq: 12 }),
    value,
  );
  const even = fc
    .array(fc.integer({ min: 1, max: 3 }), { minLength: depth, maxLength: depth })
    .chain(dims =>
      [...dims]
        .reverse()
        .reduce<fc.Arbitrary<Nested>>(
          (inner, length) => fc.array(inner, { minLength: length, maxLength: length }),
          value,
        ),
    );
  return fc.oneof({ weight: 4, arbitrary: even }, { weight: 1, arbitrary: ragged });
}

test('each row has the answer of its own shape, whatever the batch, the chunks and the order', async () => {
  const cases = fc.integer({ min: 2, max: 4 }).chain(depth =>
    fc.record({
      depth: fc.constant(depth),
      rows: fc.array(nestedRows(depth), { minLength: 1, maxLength: 14 }),
      known: fc.option(fc.record({ level: fc.integer({ min: 0, max: depth - 1 }), size: fc.constantFrom(1, 2, 3) })),
      batch: fc.integer({ min: 1, max: 6 }),
      cut: fc.nat(14),
      nan: fc.boolean(),
      fixed: fc.boolean(),
      turned: fc.boolean(),
    }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ depth, rows: given, known, batch, cut, nan, fixed, turned }) => {
      const rows = turned ? [...given].reverse() : given;
      const rowDims = Array.from({ length: depth }, (_, level) => (level === known?.level ? known.size : null));
      const network = fingerprints();
      const call = callOf([input('nested', 1, rowDims)], batch, { fixed, nulls: nan ? 'nan' : 'null' });
      const scorer = new CallScorer(call, network.session, rows.length);
      for (const chunk of [rows.slice(0, cut), rows.slice(cut)]) await scorer.add([nested(chunk, depth)], chunk.length);
      await scorer.flush();
      const expected = rows.map(row => expectedOf(row, rowDims, nan));
      assert.deepEqual(
        answers(scorer),
        expected.map(each => (each === 'failed' ? null : each)),
      );
      const failures = expected.filter(each => each === 'failed').length;
      assert.ok(scorer.failedRows >= failures);
      assert.equal(scorer.failedRows + scorer.nullRows, expected.filter(each => typeof each !== 'number').length);
      for (const dims of network.dimsOf()) assert.ok(fixed ? dims[0] === batch : dims[0]! <= batch);
    }),
    { numRuns: 400 },
  );
});

test('rows of one shape are one run, in whatever places they stand', async () => {
  const network = fingerprints();
  const scorer = new CallScorer(callOf([input('nested', 1, [null, null])], 8), network.session, 5);
  await scorer.add([nested([[[1, 2]], [[3], [4]], [[5, 6]], [[7], [8]], [[9, 10]]], 2)], 5);
  await scorer.flush();
  assert.deepEqual(network.dimsOf(), [
    [3, 1, 2],
    [2, 2, 1],
  ]);
  assert.deepEqual(network.dataOf(), [
    [1, 2, 5, 6, 9, 10],
    [3, 4, 7, 8],
  ]);
});

test('two inputs with shapes of their own: rows are run together where both are alike', async () => {
  const network = new FakeSession(({ x, z }) => {
    const rows = x!.dims[0]!;
    assert.equal(z!.dims[0], rows);
    const y = Float32Array.from(
      { length: rows },
      () => x!.dims[1]! * 1000 + x!.dims[2]! * 100 + z!.dims[1]! * 10 + z!.dims[2]!,
    );
    return { y: { dtype: 'float32', data: y, dims: [rows] } };
  });
  const call = callOf([input('nested', 1, [null, null]), input('nested', 1, [null, null], 'float32', 'z')], 8);
  const scorer = new CallScorer(call, network.session, 4);
  await scorer.add(
    [nested([[[1, 2]], [[1, 2]], [[3], [4]], [[5, 6]]], 2), nested([[[1]], [[2, 3]], [[1]], [[9]]], 2)],
    4,
  );
  await scorer.flush();
  assert.deepEqual(answers(scorer), [1211, 1212, 2111, 1211]);
  assert.equal(network.fed.length, 3);
});

test('a row without a shape fails with a reason, and stops the job where rows may not fail', async () => {
  for (const [row, reason] of [
    [[[1, 2], [3]], 'unlike length'],
    [[[1, 2, 3]], '1 x 3'],
    [[], '0 x 0'],
  ] as const) {
    const call = callOf([input('nested', 1, [null, 2])], 4, { onError: 'fail' });
    const scorer = new CallScorer(call, fingerprints().session, 1);
    await assert.rejects(
      async () => {
        await scorer.add([nested([row], 2)], 1);
        await scorer.flush();
      },
      inframeError('MODEL_RUN_FAILED', reason, "'x'"),
    );
  }
});

test("nulls: 'fail' stops the job at a null value and at a null list inside", async () => {
  for (const row of [[[1, null]], [[1, 2], null], null] as const) {
    const scorer = new CallScorer(
      callOf([input('nested', 1, [null, null])], 4, { nulls: 'fail' }),
      fingerprints().session,
      1,
    );
    await assert.rejects(scorer.add([nested([row], 2)], 1), inframeError('MODEL_RUN_FAILED', "'net'", "nulls: 'null'"));
  }
});
