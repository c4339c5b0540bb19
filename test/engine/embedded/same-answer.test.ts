import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { col, connect, type InframeSession } from '../../../src/index.js';
import { baked, LINEAR, linear, stuck } from '../../support/models.js';
import { temporaryFolder } from '../../support/sessions.js';
import { duck, makeFile, numbersSql, readResult, saveModel } from '../../support/tables.js';

/* Rules 8 and 9: the same numbers, in the source's order, whatever the batch, the workers and the layout. */

const sessions = new Map<number, InframeSession>();
before(async () => {
  for (const workers of [1, 2, 3]) sessions.set(workers, await connect({ workers, threads: 1 }));
});
after(async () => {
  for (const session of sessions.values()) await session.close();
});

function answer(id: number): number {
  return LINEAR.a * (id / 8) + LINEAR.c * (id % 7) + LINEAR.b;
}

const MODELS = {
  free: linear(),
  'fixed at 1': linear(1),
  'fixed at 3': linear(3),
  'Reshape to 1': baked(1),
  'Reshape to 3': baked(3),
  'stuck at 1': stuck(1),
  'stuck at 3': stuck(3),
} as const;

test('how each model is run is found by trying it', async t => {
  const folder = temporaryFolder(t);
  const session = sessions.get(1)!;
  const modes: Record<string, string> = {};
  for (const [name, model] of Object.entries(MODELS)) {
    const { batch } = await session.model(await saveModel(folder, `${name}.onnx`, model));
    modes[name] = batch.kind === 'fixed' ? `fixed ${batch.size}` : batch.freed ? 'freed' : 'free';
  }
  assert.deepEqual(modes, {
    free: 'free',
    'fixed at 1': 'freed',
    'fixed at 3': 'freed',
    'Reshape to 1': 'freed',
    'Reshape to 3': 'freed',
    // A constant [1, 1] is broadcast over any batch.
    'stuck at 1': 'freed',
    'stuck at 3': 'fixed 3',
  });
});

test('numbers and order do not depend on batch size, workers, files, row groups or filters', async t => {
  const folder = temporaryFolder(t);
  let number = 0;
  const layout = fc.record({
    model: fc.constantFrom(...(Object.keys(MODELS) as (keyof typeof MODELS)[])),
    workers: fc.constantFrom(1, 2, 3),
    batchSize: fc.option(fc.constantFrom(1, 2, 3, 7, 64, 2048, 5000), { nil: undefined }),
    files: fc.array(fc.constantFrom(0, 1, 2, 5, 100, 2047, 2048, 2049, 5000, 40_000), { minLength: 1, maxLength: 4 }),
    rowGroup: fc.constantFrom(2048, 4096, 122_880),
    atLeast: fc.option(fc.nat(3000), { nil: undefined }),
    prediction: fc.option(fc.nat(3000), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(layout, async ({ model, workers, batchSize, files, rowGroup, atLeast, prediction }) => {
      const own = join(folder, String(number++));
      mkdirSync(own);
      let from = 0;
      for (const [index, rows] of files.entries()) {
        // One row at a time is slow: those models get fewer.
        const count = batchSize !== undefined && batchSize < 8 ? Math.min(rows, 300) : rows;
        await makeFile(
          join(own, `${index}.parquet`),
          numbersSql(count, from),
          `FORMAT parquet, ROW_GROUP_SIZE ${rowGroup}`,
        );
        from += count;
      }
      const session = sessions.get(workers)!;
      const score = await session.model(
        await saveModel(own, 'm.onnx', MODELS[model]),
        batchSize === undefined ? {} : { batchSize },
      );
      let frame = session.read.parquet(own);
      if (atLeast !== undefined) frame = frame.filter(col('id').ge(atLeast));
      frame = frame.withColumn('p', score(col('x'), col('z'))).select('id', 'p', 'name');
      if (prediction !== undefined) frame = frame.filter(col('p').gt(prediction));
      const report = await frame.write.parquet(join(own, 'out'));
      const expected = Array.from({ length: from }, (_, id) => id).filter(
        id => id >= (atLeast ?? 0) && (prediction === undefined || answer(id) > prediction),
      );
      const rows = await readResult(join(own, 'out'));
      assert.equal(report.rows, expected.length);
      assert.equal(rows.length, expected.length);
      rows.forEach(([id, p, name], index) => {
        const wanted = expected[index]!;
        if (Number(id) !== wanted || p !== answer(wanted) || name !== `name ${wanted}`) {
          assert.deepEqual([id, p, name], [BigInt(wanted), answer(wanted), `name ${wanted}`]);
        }
      });
    }),
    { numRuns: 25, seed: 7 },
  );
});

test('a sort, a group, a limit and an offset below the model keep the answer', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(10_000));
  const session = sessions.get(2)!;
  const score = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const table = session.read.parquet(source);
  const sorted = await table
    .orderBy(col('id').desc())
    .withColumn('p', score(col('x'), col('z')))
    .limit(3)
    .select('id', 'p')
    .collect();
  assert.deepEqual(
    sorted.map(row => [row['id'], row['p']]),
    [9999, 9998, 9997].map(id => [BigInt(id), answer(id)]),
  );
  const offset = await table
    .withColumn('p', score(col('x'), col('z')))
    .limit(4, 5000)
    .select('id', 'p')
    .collect();
  assert.deepEqual(
    offset.map(row => [row['id'], row['p']]),
    [5000, 5001, 5002, 5003].map(id => [BigInt(id), answer(id)]),
  );
});

test('parts are whole, named in order, and _SUCCESS stands beside them', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(100_000), 'FORMAT parquet, ROW_GROUP_SIZE 20480');
  const session = sessions.get(3)!;
  const score = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const out = join(folder, 'out');
  const report = await session.read
    .parquet(source)
    .withColumn('p', score(col('x'), col('z')))
    .write.parquet(out);
  assert.ok(report.files.length > 1);
  report.files.forEach((name, index) => {
    assert.match(name, new RegExp(`^part-${String(index).padStart(5, '0')}-[0-9a-f]{8}\\.parquet$`));
  });
  const firsts = await duck(
    `SELECT min(id), max(id), count(*) FROM read_parquet('${out}/*.parquet', filename = true) GROUP BY filename ORDER BY filename`,
  );
  let next = 0n;
  for (const [first, last, count] of firsts) {
    assert.equal(first, next);
    assert.equal(last, next + (count as bigint) - 1n);
    next += count as bigint;
  }
  assert.equal(next, 100_000n);
});
