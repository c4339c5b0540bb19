import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { connect, type InframeSession } from '../../../../src/index.js';
import { LINEAR, linear } from '../../../support/models.js';
import { inframeError } from '../../../support/onnx.js';
import { temporaryFolder } from '../../../support/sessions.js';
import { duck, makeFile, saveModel } from '../../../support/tables.js';
import { valuesOf } from './frames.js';

let session: InframeSession;
before(async () => {
  session = await connect({ workers: 2, threads: 1 });
});
after(() => session.close());

test('a description is that of the example in Spark, in texts', async () => {
  // https://spark.apache.org/docs/latest/api/python/reference/pyspark.sql/api/pyspark.sql.DataFrame.describe.html
  const table = session.fromRows(
    [
      { name: 'Bob', age: 13, weight: 40.3, height: 150.5 },
      { name: 'Alice', age: 12, weight: 37.8, height: 142.3 },
      { name: 'Tom', age: 11, weight: 44.1, height: 142.2 },
    ],
    {
      name: { kind: 'string' },
      age: { kind: 'int64' },
      weight: { kind: 'float64' },
      height: { kind: 'float64' },
    },
  );
  assert.deepEqual(await valuesOf(table.describe('age')), [
    ['count', '3'],
    ['mean', '12.0'],
    ['stddev', '1.0'],
    ['min', '11'],
    ['max', '13'],
  ]);
  const all = table.describe();
  assert.deepEqual(await all.columns(), ['summary', 'name', 'age', 'weight', 'height']);
  const rows = await valuesOf(all);
  assert.deepEqual(
    rows.map(row => row.slice(0, 3)),
    [
      ['count', '3', '3'],
      ['mean', null, '12.0'],
      ['stddev', null, '1.0'],
      ['min', 'Alice', '11'],
      ['max', 'Tom', '13'],
    ],
  );
  // 40.733333333333334 and 3.1722757341273704 there.
  assert.ok(Math.abs(Number(rows[1]![3]) - 40.733333333333334) < 1e-12);
  assert.ok(Math.abs(Number(rows[2]![3]) - 3.1722757341273704) < 1e-12);
  const summary = await valuesOf(table.select('age', 'name').summary());
  assert.deepEqual(summary, [
    ['count', '3', '3'],
    ['mean', '12.0', null],
    ['stddev', '1.0', null],
    ['min', '11', 'Alice'],
    ['25%', '11', null],
    ['50%', '12', null],
    ['75%', '13', null],
    ['max', '13', 'Tom'],
  ]);
  assert.deepEqual(
    await valuesOf(table.select('age').summary('count', '0%', '33.4%', '100%', 'COUNT_DISTINCT', 'count')),
    [
      ['count', '3'],
      ['0%', '11'],
      ['33.4%', '12'],
      ['100%', '13'],
      ['count_distinct', '3'],
      ['count', '3'],
    ],
  );
});

test('columns of other types are left out of a description, or refused by name', async () => {
  const table = session.fromRows([
    { at: new Date(0), n: null, t: '1.5', b: true },
    { at: null, n: Number.NaN, t: '2.5', b: null },
  ]);
  assert.deepEqual(await valuesOf(table.describe()), [
    ['count', '1', '2'],
    ['mean', 'nan', '2.0'],
    ['stddev', 'nan', '0.7071067811865476'],
    ['min', 'nan', '1.5'],
    ['max', 'nan', '2.5'],
  ]);
  await assert.rejects(
    table.describe('at').schema(),
    inframeError('TYPE_MISMATCH', "column 'at' is timestamp[us]", 'cast'),
  );
  await assert.rejects(table.select('b').describe().schema(), inframeError('TYPE_MISMATCH', 'no column of numbers'));
  await assert.rejects(table.describe('nn').schema(), inframeError('COLUMN_NOT_FOUND', "column 'nn'"));
  assert.deepEqual(await valuesOf(session.fromRows([], { x: { kind: 'int32' } }).describe()), [
    ['count', '0'],
    ['mean', null],
    ['stddev', null],
    ['min', null],
    ['max', null],
  ]);
});

test('a quantile is the least value that is not below a part of the values', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(null), fc.constant(Number.NaN)), {
        maxLength: 30,
      }),
      fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 4 }),
      async (values, percents) => {
        const table = session.fromColumns({ v: values }, { v: { kind: 'float64' } });
        const present = values.filter((v): v is number => v !== null && !Number.isNaN(v)).sort((a, b) => a - b);
        const expected = percents.map(p => present[Math.max(1, Math.ceil((p / 100) * present.length)) - 1]!);
        assert.deepEqual(
          await table.approxQuantile(
            'v',
            percents.map(p => p / 100),
            0.1,
          ),
          present.length === 0 ? [] : expected,
        );
      },
    ),
    { numRuns: 40, seed: 6 },
  );
});

test('quantiles, correlations and descriptions of predictions are those of scoring first', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(
    join(folder, 'a.parquet'),
    `SELECT i AS id, (i * 31 % 1009 / 8.0)::FLOAT AS x, (i % 7)::FLOAT AS z FROM range(5000) r(i)`,
  );
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const scored = session.read.parquet(source).withColumn('p', model('x', 'z'));
  const from = `FROM (SELECT *, (${LINEAR.a} * x + ${LINEAR.c} * z + ${LINEAR.b})::FLOAT AS p FROM read_parquet('${source}'))`;
  const [[q, corr, cov]] = (await duck(
    `SELECT quantile_disc(p::DOUBLE, [0.0, 0.1, 0.5, 0.99, 1.0]), corr(p, id), covar_samp(p, id) ${from}`,
  )) as [[number[], number, number]];
  assert.deepEqual(await scored.approxQuantile('p', [0, 0.1, 0.5, 0.99, 1]), q);
  assert.ok(Math.abs((await scored.corr('p', 'id'))! - corr) < 1e-12);
  assert.ok(Math.abs((await scored.cov('p', 'id'))! - cov) < 1e-6);
  const [described] = await duck(`SELECT count(p), min(p), max(p) ${from}`);
  const rows = new Map((await valuesOf(scored.describe('p'))).map(([name, value]) => [name, Number(value)]));
  assert.deepEqual([rows.get('count'), rows.get('min'), rows.get('max')], described!.map(Number));
});

test('statistics of pairs', async () => {
  const table = session.fromRows([
    { x: 1, y: 2, c: 5, n: Number.NaN, t: 'a' },
    { x: 2, y: 4, c: 5, n: 1, t: 'b' },
    { x: 3, y: null, c: 5, n: 2, t: 'c' },
  ]);
  assert.equal(await table.corr('x', 'y'), 1);
  assert.equal(await table.cov('x', 'y'), 1);
  assert.equal(await table.corr('x', 'c'), null);
  assert.equal(await table.corr('x', 'n'), Number.NaN);
  assert.equal(await table.limit(1).cov('x', 'y'), null);
  await assert.rejects(table.corr('x', 't'), inframeError('TYPE_MISMATCH', "column 't' is string, not a number"));
  await assert.rejects(table.approxQuantile('t', [0.5]), inframeError('TYPE_MISMATCH', "column 't'"));
  await assert.rejects(table.approxQuantile('z', [0.5]), inframeError('COLUMN_NOT_FOUND'));
  await assert.rejects(table.approxQuantile('x', [1.5]), inframeError('ARGUMENT_INVALID', 'probability 1.5'));
  await assert.rejects(table.approxQuantile('x', []), inframeError('ARGUMENT_INVALID', 'probability'));
  await assert.rejects(table.approxQuantile('x', [0.5], -1), inframeError('ARGUMENT_INVALID', 'error -1'));
});
