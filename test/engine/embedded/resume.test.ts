import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { col, type InframeSession, type WriteOptions } from '../../../src/index.js';
import { LINEAR, linear } from '../../support/models.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { duck, makeFile, numbersSql, saveModel } from '../../support/tables.js';

/* What is scored again, and what is not, when a job is started once more. */

const FILES = 3;
const ROWS_A_FILE = 30_000;

async function setUp(t: TestContext) {
  const folder = temporaryFolder(t);
  const source = join(folder, 'source');
  mkdirSync(source);
  for (let file = 0; file < FILES; file++) {
    await makeFile(join(source, `${file}.parquet`), numbersSql(ROWS_A_FILE, file * ROWS_A_FILE));
  }
  const model = await saveModel(folder, 'm.onnx', linear());
  const session = await openSession(t, { workers: 2, threads: 1 });
  return { folder, source, model, session, target: join(folder, 'out') };
}

async function score(
  session: InframeSession,
  source: string,
  model: string,
  target: string,
  options: WriteOptions = {},
) {
  const network = await session.model(model);
  return session.read
    .parquet(source)
    .withColumn('p', network(col('x'), col('z')))
    .write.parquet(target, options);
}

async function wrong(target: string, slope: number = LINEAR.a): Promise<unknown> {
  const [row] = await duck(
    `SELECT count(*)::INT, count(DISTINCT id)::INT,
       count(*) FILTER (p IS DISTINCT FROM ${slope} * x + ${LINEAR.c} * z + ${LINEAR.b})::INT
     FROM read_parquet('${target}/*.parquet')`,
  );
  return row;
}

test('a finished job is not done again', async t => {
  const { source, model, session, target } = await setUp(t);
  const first = await score(session, source, model, target);
  const again = await score(session, source, model, target);
  assert.deepEqual([first.scoredRows, first.reusedTasks], [90_000, 0]);
  assert.deepEqual([again.rows, again.scoredRows, again.modelRuns], [90_000, 0, 0]);
  assert.equal(again.reusedTasks, again.tasks);
  assert.deepEqual([...again.files].sort(), [...first.files].sort());
});

test('one more file in the source: only it is scored', async t => {
  const { source, model, session, target } = await setUp(t);
  await score(session, source, model, target);
  await makeFile(join(source, '3.parquet'), numbersSql(ROWS_A_FILE, FILES * ROWS_A_FILE));
  await assert.rejects(score(session, source, model, target), inframeError('TARGET_EXISTS', 'the source differs'));
  const report = await score(session, source, model, target, { mode: 'overwrite' });
  assert.deepEqual([report.rows, report.scoredRows], [120_000, ROWS_A_FILE]);
  assert.deepEqual(await wrong(target), [120_000, 120_000, 0]);
});

test('a file put first moves the parts that are there', async t => {
  const { source, model, session, target } = await setUp(t);
  await score(session, source, model, target);
  await makeFile(join(source, '!.parquet'), numbersSql(ROWS_A_FILE, FILES * ROWS_A_FILE));
  const report = await score(session, source, model, target, { mode: 'overwrite' });
  // The last file is cut finer now that there are more (see `taper`), so it counts as new.
  assert.equal(report.rows, 120_000);
  assert.ok(report.scoredRows <= 2 * ROWS_A_FILE);
  assert.deepEqual(await wrong(target), [120_000, 120_000, 0]);
  const [first] = await duck(`SELECT id FROM read_parquet('${target}/*.parquet') LIMIT 1`);
  assert.deepEqual(first, [BigInt(FILES * ROWS_A_FILE)]);
});

test('a file taken out of the source takes its rows out of the result', async t => {
  const { source, model, session, target } = await setUp(t);
  await score(session, source, model, target);
  const fewer = [join(source, '0.parquet'), join(source, '2.parquet')];
  const network = await session.model(model);
  const report = await session.read
    .parquet(...fewer)
    .withColumn('p', network(col('x'), col('z')))
    .write.parquet(target, { mode: 'overwrite' });
  assert.deepEqual([report.rows, report.scoredRows], [60_000, 0]);
  assert.deepEqual(await wrong(target), [60_000, 60_000, 0]);
});

test('a changed file is scored again, and so is one that only got a new date', async t => {
  const { source, model, session, target } = await setUp(t);
  await score(session, source, model, target);
  const file = join(source, '1.parquet');
  await makeFile(file, numbersSql(ROWS_A_FILE, 5 * ROWS_A_FILE));
  utimesSync(file, 2_000_000_000, 2_000_000_000);
  const changed = await score(session, source, model, target, { mode: 'overwrite' });
  assert.equal(changed.scoredRows, ROWS_A_FILE);
  assert.deepEqual(await wrong(target), [90_000, 90_000, 0]);
  utimesSync(file, 1_900_000_000, 1_900_000_000);
  const touched = await score(session, source, model, target, { mode: 'overwrite' });
  assert.equal(touched.scoredRows, ROWS_A_FILE);
});

test('a changed model, and a changed plan, are noticed and scored anew', async t => {
  const { folder, source, model, session, target } = await setUp(t);
  await score(session, source, model, target);
  await saveModel(folder, 'm.onnx', linear('N', 3));
  await assert.rejects(score(session, source, model, target), inframeError('TARGET_EXISTS', 'the model differs'));
  const report = await score(session, source, model, target, { mode: 'overwrite' });
  assert.equal(report.scoredRows, 90_000);
  assert.deepEqual(await wrong(target, 3), [90_000, 90_000, 0]);

  const network = await session.model(model);
  const swapped = session.read.parquet(source).withColumn('p', network(col('z'), col('x')));
  await assert.rejects(swapped.write.parquet(target), inframeError('TARGET_EXISTS'));
  assert.equal((await swapped.write.parquet(target, { mode: 'overwrite' })).scoredRows, 90_000);
  const [row] = await duck(
    `SELECT count(*) FILTER (p <> 3 * z + ${LINEAR.c} * x + ${LINEAR.b})::INT FROM read_parquet('${target}/*.parquet')`,
  );
  assert.deepEqual(row, [0]);
});

test('a model file that moves, other workers and other batches change nothing', async t => {
  const { folder, source, model, session, target } = await setUp(t);
  await score(session, source, model, target);
  mkdirSync(join(folder, 'elsewhere'));
  const moved = await saveModel(join(folder, 'elsewhere'), 'm.onnx', linear());
  const other = await openSession(t, { workers: 1, threads: 2 });
  const network = await other.model(moved, { batchSize: 100 });
  const report = await other.read
    .parquet(source)
    .withColumn('p', network(col('x'), col('z')))
    .write.parquet(target);
  assert.equal(report.scoredRows, 0);
});

test('a published part that has gone is made again', async t => {
  const { source, model, session, target } = await setUp(t);
  const { files } = await score(session, source, model, target);
  writeFileSync(join(target, files[1]!), 'not what it was');
  const report = await score(session, source, model, target);
  assert.ok(report.scoredRows > 0 && report.scoredRows < 90_000);
  assert.deepEqual(await wrong(target), [90_000, 90_000, 0]);
});

test('overwriting leaves the old result in place until the new one is whole', async t => {
  const { folder, source, model, session, target } = await setUp(t);
  const { files } = await score(session, source, model, target);
  await saveModel(folder, 'm.onnx', linear('N', 3));
  const stop = new AbortController();
  let seen: readonly string[] = [];
  const overwrite = score(session, source, model, target, {
    mode: 'overwrite',
    signal: stop.signal,
    onEvent: event => {
      if (event.kind !== 'taskFinished') return;
      seen = readdirSync(target).filter(name => name.startsWith('part-'));
      stop.abort();
    },
  });
  await assert.rejects(overwrite, inframeError('JOB_ABORTED', 'start it again'));
  assert.deepEqual([...seen].sort(), [...files].sort());
  assert.ok(existsSync(join(target, '_SUCCESS')));
  assert.deepEqual(await wrong(target), [90_000, 90_000, 0]);
  const report = await score(session, source, model, target, { mode: 'overwrite' });
  assert.ok(report.reusedTasks > 0 && report.scoredRows < 90_000);
  assert.deepEqual(await wrong(target, 3), [90_000, 90_000, 0]);
});

test('a job that is stopped before it begins does nothing, and one that is stopped goes on', async t => {
  const { source, model, session, target } = await setUp(t);
  await assert.rejects(
    score(session, source, model, target, { signal: AbortSignal.abort() }),
    inframeError('JOB_ABORTED'),
  );
  assert.ok(!existsSync(join(target, '_SUCCESS')));
  const network = await session.model(model);
  await assert.rejects(
    session.read
      .parquet(source)
      .withColumn('p', network(col('x'), col('z')))
      .collect({ signal: AbortSignal.abort() }),
    inframeError('JOB_ABORTED'),
  );
  assert.equal((await score(session, source, model, target)).scoredRows, 90_000);
  assert.deepEqual(await wrong(target), [90_000, 90_000, 0]);
});

test('a source that changes under the job is noticed', async t => {
  const { source, model, session, target } = await setUp(t);
  const first = join(source, '0.parquet');
  const bytes = readFileSync(first);
  const job = score(session, source, model, target, {
    onEvent: event => {
      if (event.kind !== 'stageStarted') return;
      writeFileSync(first, bytes);
      utimesSync(first, 1_000_000_000, 1_000_000_000);
    },
  });
  await assert.rejects(job, inframeError('SOURCE_CHANGED', first, 'has changed'));
  assert.ok(!readdirSync(target).some(name => name.startsWith('part-')));
});

test('events come in order and end with the report', async t => {
  const { source, model, session, target } = await setUp(t);
  const kinds: string[] = [];
  const report = await score(session, source, model, target, {
    onEvent: event => {
      if (event.kind !== 'progress') kinds.push(event.kind);
      if (event.kind === 'jobFinished') assert.equal(event.report.rows, 90_000);
    },
  });
  const tasks = Array.from({ length: report.tasks }, () => 'taskFinished');
  assert.deepEqual(kinds, ['jobStarted', 'stageStarted', ...tasks, 'stageFinished', 'jobFinished']);
});
