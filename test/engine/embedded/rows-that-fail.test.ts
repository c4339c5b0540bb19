import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { col, type DataFrame, type JobReport, type ModelOptions } from '../../../src/index.js';
import type { ModelProto } from '../../../src/udf/onnx/onnx_pb.js';
import { lookup, unary } from '../../support/models.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile, saveModel } from '../../support/tables.js';

/* Rule 5: nulls, values that do not fit, and rows that a network fails on. */

async function setUp(t: TestContext) {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  let next = 0;
  return {
    folder,
    table: async (select: string) => session.read.parquet(await makeFile(join(folder, `${next++}.parquet`), select)),
    model: async (model: ModelProto, options: ModelOptions = {}) =>
      session.model(await saveModel(folder, `m${next++}.onnx`, model), options),
  };
}

async function outcome(frame: DataFrame, column = 'y') {
  let report: JobReport | undefined;
  const rows = await frame.collect({
    onEvent: event => {
      if (event.kind === 'jobFinished') report = event.report;
    },
  });
  return { values: rows.map(row => row[column]), report: report! };
}

const KEYS = `SELECT CASE i WHEN 3 THEN 99 WHEN 7001 THEN -5 WHEN 5 THEN NULL ELSE i % 4 END::BIGINT AS k
              FROM range(10000) r(i)`;

test('a row that the network fails on is null, alone, and counted with its reason', async t => {
  const { table, model } = await setUp(t);
  for (const options of [{}, { batchSize: 1 }, { batchSize: 7 }]) {
    const rows = (await table(KEYS)).limit(options.batchSize === 1 ? 100 : 10_000);
    const score = await model(lookup(), options);
    const { values, report } = await outcome(rows.withColumn('y', score()));
    values.forEach((value, index) => {
      const bad = index === 3 || index === 5 || index === 7001;
      assert.equal(value, bad ? null : (index % 4) * 10, `row ${index}`);
    });
    assert.deepEqual([report.failedRows, report.nullRows], [values.length === 100 ? 1 : 2, 1]);
    assert.ok(report.failures.some(reason => reason.includes('idx=99')));
    assert.ok(report.failures.every(reason => !reason.includes('\n')));
  }
});

test("onError 'fail' stops the job at such a row and leaves no part", async t => {
  const { folder, table, model } = await setUp(t);
  const score = await model(lookup(), { onError: 'fail', name: 'lookup' });
  const out = join(folder, 'out');
  await assert.rejects(
    (await table(KEYS)).withColumn('y', score()).write.parquet(out),
    inframeError('MODEL_RUN_FAILED', "model 'lookup' failed on a row", 'idx=99', "onError: 'null'"),
  );
  assert.deepEqual(readdirSync(out), ['_inframe']);
});

test('a model that fails on every row fails the job', async t => {
  const { folder, table, model } = await setUp(t);
  const rows = await table('SELECT 77::BIGINT AS k FROM range(50000)');
  const score = await model(lookup(), { name: 'lookup' });
  const out = join(folder, 'out');
  const all = inframeError('MODEL_RUN_FAILED', "model 'lookup' failed on every one of 50000 rows", 'idx=77');
  await assert.rejects(rows.withColumn('y', score()).write.parquet(out), all);
  await assert.rejects(rows.withColumn('y', score()).write.parquet(out), all);
  assert.deepEqual(readdirSync(out), ['_inframe']);
});

test('a table of nulls is a table of null predictions', async t => {
  const { table, model } = await setUp(t);
  const rows = await table('SELECT NULL::BIGINT AS k FROM range(5000)');
  const { values, report } = await outcome(rows.withColumn('y', (await model(lookup()))()));
  assert.ok(values.every(value => value === null));
  assert.deepEqual([values.length, report.nullRows, report.failedRows, report.modelRuns], [5000, 5000, 0, 0]);
});

test("nulls: 'null' skips the row, 'nan' gives floats NaN, 'fail' stops the job", async t => {
  const { table, model } = await setUp(t);
  const rows = await table('SELECT unnest([1, NULL, 3])::FLOAT AS x, unnest([1, 2, NULL])::INTEGER AS i');
  const tellsNaN = unary('IsNaN', 'float32', ['N'], { dtype: 'bool' });
  assert.deepEqual((await outcome(rows.withColumn('y', (await model(tellsNaN))('x')))).values, [false, null, false]);
  const asNaN = await model(tellsNaN, { nulls: 'nan' });
  assert.deepEqual((await outcome(rows.withColumn('y', asNaN('x')))).values, [false, true, false]);
  const integers = await model(unary('Neg', 'int32'), { nulls: 'nan' });
  assert.deepEqual((await outcome(rows.withColumn('y', integers('i')))).values, [-1, -2, null]);
  const strict = await model(tellsNaN, { nulls: 'fail' });
  await assert.rejects(
    rows.withColumn('y', strict('x')).collect(),
    inframeError('MODEL_RUN_FAILED', "input 'x'", 'is null'),
  );
});

test('NaN, infinities and -0 pass through', async t => {
  const { table, model } = await setUp(t);
  const rows = await table("SELECT unnest(['nan', 'inf', '-inf', '-0'])::FLOAT AS x");
  const { values, report } = await outcome(rows.withColumn('y', (await model(unary('Neg', 'float32')))()));
  assert.deepEqual(values, [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0]);
  assert.equal(report.failedRows, 0);
});

test('a text with a NUL, which a tensor would cut, is a failed row', async t => {
  const { table, model } = await setUp(t);
  const rows = await table("SELECT unnest(['a', 'b' || chr(0) || 'c', '', 'longer than twelve bytes']) AS x");
  const { values, report } = await outcome(rows.withColumn('y', (await model(unary('Identity', 'string')))('x')));
  assert.deepEqual(values, ['a', null, '', 'longer than twelve bytes']);
  assert.deepEqual([report.failedRows, report.failures.length], [1, 1]);
});

test('an integer that does not fit the input is a failed row', async t => {
  const { table, model } = await setUp(t);
  const rows = await table('SELECT unnest([1, 127, 128, -128, -129, 300, NULL])::BIGINT AS x');
  const { values, report } = await outcome(rows.withColumn('y', (await model(unary('Identity', 'int8')))()));
  assert.deepEqual(values, [1, 127, null, -128, null, null, null]);
  assert.deepEqual([report.failedRows, report.nullRows], [3, 1]);
  assert.deepEqual(report.failures, ['a value does not fit the integer type of the input']);
});

test('lists of a wrong length, with nulls inside, or with values that do not fit', async t => {
  const { table, model } = await setUp(t);
  const rows = await table(
    'SELECT unnest([[1, 2], [3, 300], [1], [], [1, NULL], NULL, [1, 2, 3], [5, 6]])::BIGINT[] AS x',
  );
  const score = await model(unary('Neg', 'int8', ['N', 2]));
  const { values, report } = await outcome(rows.withColumn('y', score()));
  assert.deepEqual(values, [[-1, -2], null, null, null, null, null, null, [-5, -6]]);
  assert.deepEqual([report.failedRows, report.nullRows], [4, 2]);
  assert.ok(report.failures.some(reason => reason.includes('list of 3 values')));
});

test('a text that a network cannot read is a failed row', async t => {
  const { table, model } = await setUp(t);
  const rows = await table("SELECT unnest(['1.5', 'x', NULL, '-2']) AS x");
  const toFloat = unary('Cast', 'string', ['N'], { dtype: 'float32' }, { to: 1 });
  const { values, report } = await outcome(rows.withColumn('y', (await model(toFloat))()));
  assert.deepEqual(values, [1.5, null, null, -2]);
  assert.deepEqual([report.failedRows, report.nullRows], [1, 1]);
});

test('failures are counted for the whole result, reused tasks included', async t => {
  const { folder, table, model } = await setUp(t);
  const frame = (await table(KEYS)).withColumn('y', (await model(lookup()))(col('k')));
  const first = await frame.write.parquet(join(folder, 'out'));
  const again = await frame.write.parquet(join(folder, 'out'));
  for (const report of [first, again])
    assert.deepEqual([report.rows, report.failedRows, report.nullRows], [10_000, 2, 1]);
  assert.equal(again.scoredRows, 0);
});
