import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  col,
  connect,
  type DataFrame,
  fn,
  type InframeSession,
  type JobReport,
  Window,
} from '../../../../src/index.js';
import { LINEAR, linear } from '../../../support/models.js';
import { inframeError } from '../../../support/onnx.js';
import { temporaryFolder } from '../../../support/sessions.js';
import { makeFile, saveModel } from '../../../support/tables.js';
import { assertAnswer, assertSameRows } from './frames.js';

let session: InframeSession;
before(async () => {
  session = await connect({ workers: 2, threads: 1 });
});
after(() => session.close());

async function reportOf(frame: DataFrame): Promise<JobReport> {
  let report: JobReport | undefined;
  await frame.collect({
    onEvent: event => {
      if (event.kind === 'jobFinished') report = event.report;
    },
  });
  return report!;
}

const P = `(${LINEAR.a} * x + ${LINEAR.c} * z + ${LINEAR.b})::FLOAT`;

test('window functions stand in every expression, and nested in each other', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(
    join(folder, 'a.parquet'),
    `SELECT i AS id, i % 5 AS g, (i * 37 % 101) AS v FROM range(2000) r(i)`,
  );
  const table = session.read.parquet(source);
  const from = `read_parquet('${source}')`;
  const byGroup = Window.partitionBy('g').orderBy(col('v').desc(), 'id');
  await assertAnswer(
    table.select(
      'id',
      fn.rowNumber().over(byGroup).mul(10).as('r'),
      fn.sum(col('v')).over(Window.partitionBy('g')).as('s'),
    ),
    `SELECT id, row_number() OVER (PARTITION BY g ORDER BY v DESC, id) * 10, sum(v) OVER (PARTITION BY g) FROM ${from}`,
  );
  await assertAnswer(
    table.withColumns({ v: col('v').sub(fn.lag(col('v')).over(byGroup)), first: fn.rank().over(byGroup).eq(1) }),
    `SELECT id, g, v - lag(v) OVER w, rank() OVER w = 1 FROM ${from} WINDOW w AS (PARTITION BY g ORDER BY v DESC, id)`,
  );
  // The order of a window may itself be one.
  const place = fn.rowNumber().over(byGroup);
  await assertAnswer(
    table.select('id', fn.sum(place).over(Window.orderBy(place, 'g').rowsBetween(-2, 0)).as('x')),
    `SELECT id, sum(p) OVER (ORDER BY p, g ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)
     FROM (SELECT *, row_number() OVER (PARTITION BY g ORDER BY v DESC, id) AS p FROM ${from})`,
  );
  await assertAnswer(
    table.orderBy(fn.count().over(Window.partitionBy('v')).desc(), 'v', 'id').limit(30),
    `SELECT id, g, v FROM ${from} ORDER BY count(*) OVER (PARTITION BY v) DESC, v, id LIMIT 30`,
    true,
  );
  await assertAnswer(
    table
      .withColumn('r', fn.rank().over(byGroup))
      .filter('r <= 3')
      .groupBy('g')
      .agg(fn.max(col('r')).as('m'), fn.count().as('n')),
    `SELECT g, max(r), count(*) FROM (SELECT g, rank() OVER (PARTITION BY g ORDER BY v DESC, id) AS r FROM ${from}) WHERE r <= 3 GROUP BY g`,
  );
});

test('models inside windows and windows inside models give what scoring first gives', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(
    join(folder, 'a.parquet'),
    `SELECT i AS id, i % 5 AS g, (i * 37 % 101 / 8.0)::FLOAT AS x, (i % 7)::FLOAT AS z FROM range(3000) r(i)`,
  );
  const table = session.read.parquet(source);
  const from = `read_parquet('${source}')`;
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const p = model('x', 'z');
  // In its order, its keys, what it computes, and beside it.
  const ranked = table.select('id', p.as('p'), fn.rank().over(Window.partitionBy('g').orderBy(p.desc(), 'id')).as('r'));
  await assertAnswer(ranked, `SELECT id, ${P}, rank() OVER (PARTITION BY g ORDER BY ${P} DESC, id) FROM ${from}`);
  assert.equal((await reportOf(ranked)).scoredRows, 3000);
  await assertAnswer(
    table.select(
      'id',
      fn
        .avg(p)
        .over(Window.partitionBy(p.gt(20)))
        .as('mean'),
    ),
    `SELECT id, avg(${P}) OVER (PARTITION BY ${P} > 20) FROM ${from}`,
  );
  // A window as the model's argument, and a window over that.
  const smooth = fn.min(col('x')).over(Window.partitionBy('g').orderBy('id').rowsBetween(-3, 0));
  const q = `(${LINEAR.a} * m + ${LINEAR.c} * z + ${LINEAR.b})::FLOAT`;
  const windowed = `(SELECT *, min(x) OVER (PARTITION BY g ORDER BY id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS m FROM ${from})`;
  await assertAnswer(table.select('id', model(smooth, 'z').as('q')), `SELECT id, ${q} FROM ${windowed}`);
  await assertAnswer(
    table
      .withColumn('r', fn.rowNumber().over(Window.orderBy(model(smooth, 'z'), 'id')))
      .filter('r < 20')
      .select('id', 'r'),
    `SELECT id, r FROM (SELECT id, row_number() OVER (ORDER BY ${q}, id) AS r FROM ${windowed}) WHERE r < 20`,
  );
  await assertAnswer(
    table
      .orderBy(fn.max(p).over(Window.partitionBy('g')).desc(), 'id')
      .select('id')
      .limit(10),
    `SELECT id FROM ${from} ORDER BY max(${P}) OVER (PARTITION BY g) DESC, id LIMIT 10`,
    true,
  );
  // A filter on what a window gave, under a model.
  await assertAnswer(
    table
      .withColumn('r', fn.rank().over(Window.partitionBy('g').orderBy('x', 'id')))
      .filter('r = 1')
      .withColumn('p', p)
      .select('g', 'p'),
    `SELECT g, ${P} FROM (SELECT *, rank() OVER (PARTITION BY g ORDER BY x, id) AS r FROM ${from}) WHERE r = 1`,
  );
});

test('a window where rows are still being chosen is refused, with a way out', async () => {
  const table = session.fromRows([{ a: 1, b: 2 }]);
  const rank = fn.rank().over(Window.orderBy('a'));
  const refused = (place: string): ReturnType<typeof inframeError> =>
    inframeError('EXPRESSION_INVALID', "window function 'rank() over (order by a)'", place, 'withColumn');
  await assert.rejects(table.filter(rank.eq(1)).schema(), refused('filter'));
  await assert.rejects(table.groupBy(rank.as('r')).count().schema(), refused('groups'));
  await assert.rejects(table.agg(fn.sum(rank)).schema(), refused('groups'));
  await assert.rejects(
    table.join(table, (l, r) => l('a').eq(r('a')).and(rank.eq(1)), 'semi').schema(),
    refused('a join'),
  );
  await assertSameRows(table.withColumn('r', rank).filter('r = 1'), [[1, 2, 1n]]);
});
