import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { connect, type DataFrame, type InframeSession, type LiteralValue } from '../../../../src/index.js';
import { inframeError } from '../../../support/onnx.js';
import { valuesOf } from './frames.js';

let session: InframeSession;
before(async () => {
  session = await connect({ workers: 1 });
});
after(() => session.close());

/** The table of the examples in Spark's documentation of `na`, and a column of not-a-number. */
const people = (): DataFrame =>
  session.fromRows(
    [
      { age: 10, height: 80.5, name: 'Alice', spy: null },
      { age: 5, height: Number.NaN, name: 'Bob', spy: null },
      { age: null, height: null, name: 'Tom', spy: null },
      { age: null, height: null, name: null, spy: true },
    ],
    { age: { kind: 'int64' }, height: { kind: 'float64' }, name: { kind: 'string' }, spy: { kind: 'boolean' } },
  );

const names = async (frame: DataFrame): Promise<readonly unknown[]> =>
  (await frame.select('name').collect()).map(row => row['name']);

test('rows are left out for what they miss', async () => {
  const table = people();
  assert.deepEqual(await names(table.dropNulls()), []);
  assert.deepEqual(await names(table.drop('spy').dropNulls()), ['Alice']);
  assert.deepEqual(await names(table.dropNulls({ subset: ['age', 'name'] })), ['Alice', 'Bob']);
  assert.deepEqual(await names(table.dropNulls({ subset: 'height' })), ['Alice']);
  assert.deepEqual(await names(table.dropNulls({ how: 'all', subset: ['age', 'height'] })), ['Alice', 'Bob']);
  assert.deepEqual(await names(table.dropNulls({ how: 'all' })), ['Alice', 'Bob', 'Tom', null]);
  assert.deepEqual(await names(table.dropNulls({ threshold: 2 })), ['Alice', 'Bob']);
  assert.deepEqual(await names(table.dropNulls({ how: 'all', threshold: 3 })), ['Alice']);
  assert.deepEqual(await names(table.dropNulls({ threshold: 0 })), ['Alice', 'Bob', 'Tom', null]);
  assert.deepEqual(await names(table.dropNulls({ threshold: 5 })), []);
});

test('rows are left out exactly as they are counted', async () => {
  const value = fc.oneof(fc.constant(null), fc.constant(Number.NaN), fc.constant(1));
  const text = fc.constantFrom(null, 'x');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ a: value, b: value, c: text }, { noNullPrototype: true }), { maxLength: 8 }),
      fc.option(fc.nat(4), { nil: undefined }),
      fc.constantFrom('any', 'all'),
      async (rows, threshold, how) => {
        const table = session.fromRows(rows, {
          a: { kind: 'float64' },
          b: { kind: 'float32' },
          c: { kind: 'string' },
        });
        const least = threshold ?? (how === 'any' ? 3 : 1);
        const expected = rows.filter(
          row => Object.values(row).filter(each => each !== null && !Number.isNaN(each)).length >= least,
        );
        const kept = await table.dropNulls({ how, ...(threshold !== undefined && { threshold }) }).collect();
        assert.deepEqual(kept, expected);
      },
    ),
    { numRuns: 40, seed: 8 },
  );
});

test('missing values are filled where the value fits', async () => {
  const table = people();
  assert.deepEqual(await valuesOf(table.fillNulls(50)), [
    [10n, 80.5, 'Alice', null],
    [5n, 50, 'Bob', null],
    [50n, 50, 'Tom', null],
    [50n, 50, null, true],
  ]);
  // A fraction does not fit whole numbers.
  assert.deepEqual(await valuesOf(table.fillNulls(0.5).select('age', 'height').offset(2)), [
    [null, 0.5],
    [null, 0.5],
  ]);
  assert.deepEqual(await valuesOf(table.fillNulls('?').limit(1, 3)), [[null, null, '?', true]]);
  assert.deepEqual(await valuesOf(table.fillNulls(false).select('spy')), [[false], [false], [false], [true]]);
  assert.deepEqual(await valuesOf(table.fillNulls({ age: 1, NAME: 'none' }).limit(1, 3)), [[1n, null, 'none', true]]);
  assert.deepEqual(await valuesOf(table.fillNulls(7n, ['age']).limit(1, 3)), [[7n, null, null, true]]);
  assert.deepEqual((await table.fillNulls(1).schema()).toJSON(), (await table.schema()).toJSON());
});

test('a value that a named column cannot take is refused', async () => {
  const table = people();
  const wrong: readonly (readonly [LiteralValue | Readonly<Record<string, LiteralValue>>, string[], string])[] = [
    [0.5, ['age'], "value 0.5 does not fit column 'age', which is int64"],
    ['x', ['height'], 'value "x" does not fit column \'height\', which is float64'],
    [{ spy: 1 }, [], "value 1 does not fit column 'spy', which is boolean"],
    [{ age: 2n ** 63n }, [], "column 'age'"],
    [{ name: 5 }, [], 'which is string'],
  ];
  for (const [value, subset, words] of wrong) {
    await assert.rejects(
      table.fillNulls(value, subset.length > 0 ? subset : undefined).schema(),
      inframeError('TYPE_MISMATCH', words),
    );
  }
  await assert.rejects(table.fillNulls({ agee: 1 }).schema(), inframeError('COLUMN_NOT_FOUND', "did you mean 'age'?"));
  await assert.rejects(table.dropNulls({ subset: ['x'] }).schema(), inframeError('COLUMN_NOT_FOUND', "column 'x'"));
});

test('values are replaced, all at once', async () => {
  const table = people();
  assert.deepEqual(
    await valuesOf(
      table.replaceValues([
        ['Alice', 'Bob'],
        ['Bob', 'Alice'],
        [10, 20],
        [null, 0],
      ]),
    ),
    [
      [20n, 80.5, 'Bob', null],
      [5n, Number.NaN, 'Alice', null],
      [0n, 0, 'Tom', null],
      [0n, 0, null, true],
    ],
  );
  assert.deepEqual(await names(table.replaceValues([['Tom', null]], 'name')), ['Alice', 'Bob', null, null]);
  await assert.rejects(
    table.replaceValues([['Tom', 1]], 'name').schema(),
    inframeError('TYPE_MISMATCH', "value 1 does not fit column 'name'"),
  );
});
