import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { col, type DataFrame, type RunOptions } from '../../../../src/index.js';
import { LINEAR, linear } from '../../../support/models.js';
import { inframeError } from '../../../support/onnx.js';
import { openSession, temporaryFolder } from '../../../support/sessions.js';
import { makeFile, numbersSql, readResult, saveModel } from '../../../support/tables.js';
import { valuesOf } from './frames.js';

function countingRows(): RunOptions & { scored: number } {
  const options = {
    scored: 0,
    onEvent: (event: Parameters<NonNullable<RunOptions['onEvent']>>[0]) => {
      if (event.kind === 'jobFinished') options.scored += event.report.scoredRows;
    },
  };
  return options;
}

test('a cached frame is computed once, by whoever comes first, and shared by what is made of it', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(5000));
  const session = await openSession(t, { workers: 2, threads: 1 });
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const answer = (id: number): number => LINEAR.a * (id / 8) + LINEAR.c * (id % 7) + LINEAR.b;
  const cached = session.read.parquet(source).withColumn('p', model('x', 'z')).select('id', 'p').cache();
  assert.equal(cached.cache().plan, cached.plan);
  const best = cached.filter(col('p').gt(1000)).persist();
  const [a, b, c] = await Promise.all([cached.count(), best.count(), valuesOf(best.limit(2))]);
  const good = Array.from({ length: 5000 }, (_, id) => id).filter(id => answer(id) > 1000);
  assert.deepEqual([a, b], [5000, good.length]);
  assert.deepEqual(
    c,
    good.slice(0, 2).map(id => [BigInt(id), answer(id)]),
  );
  // The source may go now: nothing is read or scored again.
  await makeFile(source, 'SELECT 1 AS other');
  const run = countingRows();
  assert.equal((await cached.join(best.select('id'), 'id', 'semi').collect(run)).length, good.length);
  assert.equal((await cached.union(cached).collect(run)).length, 10_000);
  assert.equal(run.scored, 0);
  await cached.write.parquet(join(folder, 'out'));
  assert.equal((await readResult(join(folder, 'out'))).length, 5000);
  // A model over a cache reads it in slices.
  assert.equal(
    await cached
      .withColumn('q', model(col('p'), 'p'))
      .filter(col('q').ge(0))
      .count(),
    5000,
  );
});

test('a frame that is not cached any more is computed anew', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(10));
  const session = await openSession(t, { workers: 1 });
  const cached: DataFrame = session.read.parquet(source).cache();
  assert.equal(await cached.count(), 10);
  await makeFile(source, numbersSql(20));
  assert.equal(await cached.count(), 10);
  assert.equal(await cached.unpersist().count(), 20);
  assert.equal(await cached.count(), 20);
  const plain = session.read.parquet(source);
  assert.equal(plain.unpersist().plan, plain.plan);
});

test('a cache that failed is tried again', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, tempDirectory: folder });
  const bad = await makeFile(join(folder, 'a.parquet'), "SELECT 'x' AS v");
  const cached = session.read
    .parquet(bad)
    .select(col('v').cast({ kind: 'int32' }).as('n'))
    .cache();
  await assert.rejects(cached.count(), inframeError('QUERY_FAILED', 'x'));
  await makeFile(bad, "SELECT '5' AS v");
  assert.deepEqual(await valuesOf(cached), [[5]]);
  await session.close();
  assert.deepEqual(
    readdirSync(folder).filter(name => name.startsWith('inframe-')),
    [],
  );
});
