import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { col, type DataFrame, type JobReport } from '../../../src/index.js';
import { LINEAR, linear, unary } from '../../support/models.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile, numbersSql, readResult, saveModel } from '../../support/tables.js';

/* A model sees only the rows that are wanted, and each once. */

const ROWS = 200_000;

async function setUp(t: TestContext) {
  const folder = temporaryFolder(t);
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(ROWS));
  const session = await openSession(t, { workers: 2, threads: 1 });
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()), { batchSize: 4096 });
  return { folder, session, table: session.read.parquet(source), score: model(col('x'), col('z')), model };
}

async function collect(frame: DataFrame) {
  let report: JobReport | undefined;
  const rows = await frame.collect({
    onEvent: event => {
      if (event.kind === 'jobFinished') report = event.report;
    },
  });
  return { rows, report: report! };
}

const answer = (id: number): number => LINEAR.a * (id / 8) + LINEAR.c * (id % 7) + LINEAR.b;

test('limit(20) over a large table runs the model once', async t => {
  const { folder, table, score } = await setUp(t);
  const { rows, report } = await collect(table.withColumn('p', score).limit(20));
  assert.deepEqual([rows.length, report.modelRuns, report.scoredRows], [20, 1, 20]);
  const written = await table.withColumn('p', score).limit(20).write.parquet(join(folder, 'out'));
  assert.deepEqual([written.rows, written.modelRuns, written.scoredRows], [20, 1, 20]);
  assert.deepEqual(
    (await readResult(join(folder, 'out'), 'p')).map(([p]) => p),
    Array.from({ length: 20 }, (_, id) => answer(id)),
  );
  const offset = await collect(table.withColumn('p', score).limit(20, 150_000));
  assert.deepEqual([offset.rows[0]!['p'], offset.report.modelRuns], [answer(150_000), 1]);
});

test('a limit above a filter on columns scores only what is left', async t => {
  const { table, score } = await setUp(t);
  const { rows, report } = await collect(table.withColumn('p', score).filter(col('id').ge(100_000)).limit(20));
  assert.deepEqual([rows.length, rows[0]!['p'], report.modelRuns], [20, answer(100_000), 1]);
});

test('a filter on columns is applied before the model, a condition on the prediction after it', async t => {
  const { table, score } = await setUp(t);
  const few = table
    .withColumn('p', score)
    .filter(col('id').lt(1000).and(col('p').gt(100)))
    .select('id');
  const { rows, report } = await collect(few);
  assert.deepEqual([report.scoredRows, report.modelRuns], [1000, 1]);
  assert.deepEqual(
    rows.map(row => Number(row['id'])),
    Array.from({ length: 1000 }, (_, id) => id).filter(id => answer(id) > 100),
  );
});

test('equal calls are run once', async t => {
  const { table, score, model } = await setUp(t);
  const { rows, report } = await collect(
    table
      .limit(1000)
      .withColumns({ p: score, q: model(col('x'), col('z')), r: score.mul(2) })
      .filter(model('x', 'z').ge(0))
      .orderBy(score.desc())
      .select('p', 'q', 'r'),
  );
  assert.deepEqual([rows.length, report.modelRuns], [1000, 1]);
  for (const row of rows) assert.deepEqual([row['q'], row['r']], [row['p'], (row['p'] as number) * 2]);
});

test('a prediction nobody asks for is not computed', async t => {
  const { table, score } = await setUp(t);
  const { report } = await collect(table.withColumn('p', score).select('id').limit(3));
  assert.equal(report.modelRuns, 0);
  assert.equal(await table.withColumn('p', score).count(), ROWS);
});

test('models over the results of models', async t => {
  const { folder, session, table, score } = await setUp(t);
  const negate = await session.model(await saveModel(folder, 'n.onnx', unary('Neg', 'float32')));
  const { rows } = await collect(table.limit(5000).withColumn('n', negate(score)).withColumn('nn', negate('n')));
  assert.equal(rows.length, 5000);
  for (const [id, row] of rows.entries()) assert.deepEqual([row['n'], row['nn']], [-answer(id), answer(id)]);
});

test('an aggregate over predictions is that of all rows', async t => {
  const { table, score } = await setUp(t);
  const [row] = await table.withColumn('p', score).filter(col('p').gt(40_000)).groupBy().count().collect();
  const expected = Array.from({ length: ROWS }, (_, id) => answer(id)).filter(p => p > 40_000).length;
  assert.equal(Number(row!['count']), expected);
});
