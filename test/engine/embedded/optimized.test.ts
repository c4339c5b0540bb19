import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { DataFrame } from '../../../src/frame/dataframe.js';
import type { RunOptions } from '../../../src/frame/engine.js';
import { referenceOf } from '../../../src/frame/model.js';
import { optimize } from '../../../src/frame/optimizer/optimize.js';
import type { Relation } from '../../../src/frame/relation.js';
import { col, type InframeSession, type JobReport, lit, type Model } from '../../../src/index.js';
import { column, project, unionAll } from '../../frame/relations.js';
import { linear } from '../../support/models.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { duck, makeFile, numbersSql, saveModel } from '../../support/tables.js';

/*
 * What the optimizer saves, counted by the job: how many rows each model was run on. The table is `numbersSql`: `id`
 * counts from 0, `x` is id / 8 and `z` is id % 7; the models `m` and `n` are 2x + 4z + 1 and 3x + 4z + 1.
 */

const ROWS = 1000;

interface SetUp {
  readonly session: InframeSession;
  readonly path: string;
  readonly table: DataFrame;
  readonly first: Model;
  readonly second: Model;
}

async function setUp(t: TestContext): Promise<SetUp> {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 2 });
  const path = await makeFile(`${folder}/t.parquet`, numbersSql(ROWS));
  const first = await session.model(await saveModel(folder, 'first.onnx', linear()));
  const second = await session.model(await saveModel(folder, 'second.onnx', linear('N', 3)));
  session.register('m', first);
  session.register('n', second);
  return { session, path, table: session.read.parquet(path), first, second };
}

/** The rows of a frame, the report of its job, and how many rows each stage of models was given. */
async function run(
  frame: DataFrame,
): Promise<{ rows: readonly object[]; report: JobReport; stages: readonly number[] }> {
  let report: JobReport | undefined;
  const stages: number[] = [];
  const rows = await frame.collect({
    onEvent: event => {
      if (event.kind === 'jobFinished') report = event.report;
      if (event.kind === 'stageStarted' && event.rows !== undefined) stages.push(event.rows);
    },
  });
  return { rows, report: report!, stages };
}

/** What DuckDB alone says, given the formulas of the models. */
async function expected(sql: string, path: string): Promise<readonly (readonly unknown[])[]> {
  return duck(
    'CREATE OR REPLACE MACRO m(x, z) AS 2 * x + 4 * z + 1',
    'CREATE OR REPLACE MACRO n(x, z) AS 3 * x + 4 * z + 1',
    `CREATE OR REPLACE TEMP VIEW t AS FROM '${path}'`,
    sql,
  );
}

function values(rows: readonly object[]): readonly (readonly unknown[])[] {
  return rows.map(row => Object.values(row));
}

test('the first rows of a table, sorted by a plain column, are all that is scored', async t => {
  const { session, path } = await setUp(t);
  const sql = (from: string): string => `SELECT id, m(x, z) AS p FROM ${from} ORDER BY id DESC LIMIT 20`;
  const { rows, report } = await run(session.sql(sql(`'${path}'`)));
  assert.equal(report.scoredRows, 20);
  assert.deepEqual(values(rows), await expected(sql('t'), path));
});

test('a model in a condition runs on the rows that the rest of it leaves, and the next on what that leaves', async t => {
  const { session, path } = await setUp(t);
  const sql = (from: string): string =>
    `SELECT id FROM ${from} WHERE n(x, z) > 300 AND m(x, z) > 200 AND id % 2 = 0 ORDER BY id`;
  const { rows, stages } = await run(session.sql(sql(`'${path}'`)));
  const [cheap] = await expected('SELECT count(*)::INT FROM t WHERE id % 2 = 0', path);
  const [passed] = await expected('SELECT count(*)::INT FROM t WHERE id % 2 = 0 AND n(x, z) > 300', path);
  assert.deepEqual(values(rows), await expected(sql('t'), path));
  assert.equal(stages.length, 2);
  assert.equal(stages[1], passed![0]);
  assert.ok(Number(passed![0]) < Number(cheap![0]));
});

test('verbs that choose by one prediction spare the other model those rows', async t => {
  const { table, first, second, path } = await setUp(t);
  const frame = table
    .withColumn('p', first('x', 'z'))
    .withColumn('q', second('x', 'z'))
    .filter(col('p').gt(250).and(col('id').lt(900)))
    .select('id', 'p', 'q');
  const { rows, report } = await run(frame);
  const answer = await expected(
    'SELECT id, m(x, z), n(x, z) FROM t WHERE m(x, z) > 250 AND id < 900 ORDER BY id',
    path,
  );
  assert.deepEqual(values(rows), answer);
  assert.equal(report.scoredRows, 900 + answer.length);
});

test('a model that is called in several places runs once a row', async t => {
  const { session, path } = await setUp(t);
  const sql = (from: string): string =>
    `SELECT id, m(x, z) AS p FROM ${from} WHERE m(x, z) > 150 AND m(x, z) < 200 ORDER BY m(x, z) DESC, id`;
  const { rows, report } = await run(session.sql(sql(`'${path}'`)));
  assert.equal(report.scoredRows, ROWS);
  assert.deepEqual(values(rows), await expected(sql('t'), path));
});

test('a call on constants is made once, and not at all for a column that nobody asks for', async t => {
  const { table, first, path } = await setUp(t);
  const scored = table.withColumn('c', first(lit(3), lit(5)));
  const { rows, report } = await run(scored.select('id', 'c'));
  assert.equal(report.scoredRows, 1);
  assert.deepEqual(
    values(rows),
    await expected('SELECT id, m(3, 5) FROM t ORDER BY id', path),
    'in the order of the table',
  );
  assert.equal((await run(scored.select('id'))).report.scoredRows, 0);
  const both = await run(scored.withColumn('p', first('x', 'z')).select('id', 'p', 'c'));
  assert.equal(both.report.scoredRows, ROWS + 1);
  assert.deepEqual(values(both.rows), await expected('SELECT id, m(x, z), m(3, 5) FROM t ORDER BY id', path));
  assert.deepEqual((await run(scored.filter(col('id').lt(0)))).rows, [], 'no rows, and no error');
});

test('no row of a limit of nothing is scored', async t => {
  const { table, first } = await setUp(t);
  const { rows, report } = await run(table.withColumn('p', first('x', 'z')).orderBy('p').limit(0));
  assert.deepEqual(rows, []);
  assert.equal(report.scoredRows, 0);
});

test('a table that stands in a plan twice is scored once: the tasks are the same', async t => {
  const { session, first, path } = await setUp(t);
  const call = (schema: Relation['schema']) => ({
    kind: 'modelCall' as const,
    call: referenceOf(first)!.bind(
      { positional: [column('x'), column('z')], named: {} },
      () => ({ kind: 'float32' }),
      schema,
    ),
  });
  const source = await session.engine.scan({ kind: 'scan', format: 'parquet', paths: [path], csv: {} });
  const scored = (): Relation => project(source, 'id', { p: call(source.schema) });
  let report: JobReport | undefined;
  const options: RunOptions = {
    onEvent: event => {
      if (event.kind === 'jobFinished') report = event.report;
    },
  };
  const both = optimize(unionAll(scored(), scored()));
  let rows = 0;
  for await (const block of session.engine.rows(both, options)) rows += block.length;
  assert.equal(rows, 2 * ROWS);
  assert.equal(report!.scoredRows, ROWS);
  assert.ok(report!.reusedTasks > 0);
});
