import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { col, connect, type DataFrame, fn, type InframeSession, Window } from '../../../../src/index.js';
import { linear } from '../../../support/models.js';
import { temporaryFolder } from '../../../support/sessions.js';
import { makeFile, saveModel } from '../../../support/tables.js';
import { sorted, textOf, type Values, valuesOf } from './frames.js';

/* Rule 9: the same seed draws the same rows whatever the workers, the files and the run. */

const sessions: InframeSession[] = [];
before(async () => {
  for (const workers of [1, 2, 4]) sessions.push(await connect({ workers, threads: 1 }));
});
after(async () => {
  for (const session of sessions) await session.close();
});

const ROWS = 6000;

function rowsSql(from: number, to: number): string {
  return `SELECT i::BIGINT AS id, (i * 7919 % 500)::INTEGER AS k, (i / 8.0)::FLOAT AS x, (i % 7)::FLOAT AS z, i / 3 AS y
          FROM range(${from}, ${to}) r(i)`;
}

/** Frames whose rows have, or have not, an order of their own. */
const SHAPES: Readonly<
  Record<string, (table: DataFrame, model: (...names: string[]) => ReturnType<typeof col>) => DataFrame>
> = {
  'the rows of a source': table => table,
  'a filter and a projection': table => table.filter('k % 2 = 0').select('id', col('y').mul(2).as('y2')),
  'a model': (table, model) => table.withColumn('p', model('x', 'z')).select('id', 'p'),
  'a filter by a model': (table, model) => table.filter(model('x', 'z').gt(800)).select('id'),
  'a sort with ties': table => table.orderBy('k').select('id', 'k'),
  'a union': table => table.select('id').union(table.select('k')),
  'a list made rows': table =>
    table.select('k', fn.array(col('id'), col('k').cast({ kind: 'int64' })).as('l')).explode('l'),
  groups: table => table.groupBy('k').agg(fn.sum(col('y')).as('s'), fn.avg(col('y')).as('m')),
  'groups without their keys': table =>
    table
      .groupBy('k')
      .agg(fn.avg(col('y')).as('m'))
      .select('m'),
  'a rollup': table => table.rollup('k').agg(fn.avg(col('y')).as('m')),
  'distinct rows': table => table.select('k', 'z').distinct(),
  duplicates: table => table.dropDuplicates('k'),
  'a join': table => table.join(table.filter('id < 400').select('k', col('id').as('other')), 'k').select('id', 'other'),
  'a join of groups': table =>
    table.join(table.groupBy('k').agg(fn.avg(col('y')).as('m')), 'k', 'left').select('id', 'm'),
  'an anti join': table => table.join(table.filter('k < 100'), 'id', 'anti').select('id'),
  'a full join': table =>
    table
      .filter('id < 900')
      .select('id')
      .join(table.filter('id > 500 and id < 1500').select(col('id').as('j')), (l, r) => l('id').eq(r('j')), 'full'),
  'a cache of rows in order': table => table.filter('k % 3 > 0').select('id').cache(),
  'a cache of groups': table =>
    table
      .groupBy('k')
      .agg(fn.avg(col('y')).as('m'))
      .cache(),
  'a window': table => table.withColumn('r', fn.rank().over(Window.partitionBy('k').orderBy('y'))).select('id', 'r'),
  'a union of groups': table => {
    const groups = table.groupBy('k').agg(fn.avg(col('y')).as('m'));
    return groups.union(groups);
  },
  'a common part': table => table.select('k', 'z').intersectAll(table.filter('id % 3 = 0').select('k', 'z')),
};

/** Values to the digits that do not depend on the order of additions. */
function rounded(rows: readonly Values[]): readonly Values[] {
  return rows.map(row => row.map(value => (typeof value === 'number' ? Number(value.toPrecision(9)) : value)));
}

test('a split is a partition of the rows, and the same in every session and layout', async t => {
  const folder = temporaryFolder(t);
  const whole = await makeFile(join(folder, 'whole.parquet'), rowsSql(0, ROWS), 'FORMAT parquet, ROW_GROUP_SIZE 2048');
  const bounds = [0, 10, 3700, ROWS];
  const parts: string[] = [];
  for (const [at, from] of bounds.slice(0, -1).entries()) {
    parts.push(await makeFile(join(folder, `part${at}.parquet`), rowsSql(from, bounds[at + 1]!)));
  }
  const file = await saveModel(folder, 'm.onnx', linear());
  for (const [name, shape] of Object.entries(SHAPES)) {
    const seen: (readonly (readonly Values[])[])[] = [];
    for (const [at, session] of sessions.entries()) {
      const model = await session.model(file, { batchSize: 177 * (at + 1) });
      const table = at === 1 ? session.read.parquet(...parts) : session.read.parquet(whole);
      const frame = shape(table, model as never);
      const splits = frame.randomSplit([6, 3, 1], { seed: 42 });
      assert.equal(splits.length, 3);
      const rows: (readonly Values[])[] = [];
      for (const split of splits) rows.push(sorted(rounded(await valuesOf(split))));
      assert.deepEqual(sorted(rows.flat()), sorted(rounded(await valuesOf(frame))), `${name}: complete and disjoint`);
      assert.deepEqual(await splits[0]!.columns(), await frame.columns(), name);
      seen.push(rows);
    }
    assert.deepEqual(seen[1], seen[0], `${name}: other files`);
    assert.deepEqual(seen[2], seen[0], `${name}: other workers`);
  }
});

test('so is the split of a statement, whose rows have no order', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(join(folder, 'a.parquet'), rowsSql(0, ROWS), 'FORMAT parquet, ROW_GROUP_SIZE 2048');
  const statements = [
    `SELECT k, avg(y) AS m FROM read_parquet('${source}') GROUP BY k`,
    `SELECT avg(y) AS m FROM read_parquet('${source}') GROUP BY k`,
    `SELECT z FROM read_parquet('${source}')`,
  ];
  for (const statement of statements) {
    const seen: (readonly Values[])[] = [];
    for (const session of sessions) {
      const frame = session.sql(statement);
      const [first, second] = frame.randomSplit([1, 2], 11);
      const rows = [...(await valuesOf(first!)), ...(await valuesOf(second!))];
      assert.deepEqual(sorted(rounded(rows)), sorted(rounded(await valuesOf(frame))), statement);
      seen.push(sorted(rounded(await valuesOf(first!))));
    }
    assert.deepEqual(seen[1], seen[0], statement);
    assert.deepEqual(seen[2], seen[0], statement);
  }
});

test('splits are about as large as their weights, and of one seed as of another independent', async () => {
  const table = sessions[0]!.fromColumns({ id: Int32Array.from({ length: 20_000 }, (_, id) => id) });
  const drawn = async (frame: DataFrame): Promise<Set<number>> =>
    new Set((await valuesOf(frame)).map(([id]) => id as number));
  for (const [first, second] of [
    [0, 1],
    [1, 2],
    [7, 8],
    [1000, 2 ** 40],
  ] as const) {
    const [a, b] = [await drawn(table.sample(0.5, first)), await drawn(table.sample(0.5, { seed: second }))];
    const both = [...a].filter(id => b.has(id)).length;
    // Half and a quarter, within six standard deviations of a binomial distribution.
    for (const size of [a.size, b.size]) assert.ok(Math.abs(size - 10_000) < 6 * 71, `${size} of 20000`);
    assert.ok(Math.abs(both - 5000) < 6 * 62, `${both} in both, seeds ${first} and ${second}`);
  }
  const sizes = await Promise.all(table.randomSplit([0.7, 0.2, 0, 0.1], 5).map(split => split.count()));
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    20_000,
  );
  [14_000, 4000, 0, 2000].forEach((wanted, at) => {
    assert.ok(Math.abs(sizes[at]! - wanted) <= 6 * 65, `${sizes}`);
  });
  assert.equal(sizes[2], 0);
});

test('a sample is the beginning of a split, and fractions 0 and 1 are none and all', async () => {
  const table = sessions[0]!.fromColumns({ id: Int32Array.from({ length: 3000 }, (_, id) => id) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 }).filter(w => w.some(x => x > 0)),
      fc.nat(),
      async (weights, seed) => {
        const parts: Values[] = [];
        for (const split of table.randomSplit(weights, seed)) parts.push(...(await valuesOf(split)));
        assert.equal(parts.length, 3000);
        assert.equal(new Set(parts.map(textOf)).size, 3000);
        const [first] = table.randomSplit(weights, seed);
        const fraction = weights[0]! / weights.reduce((sum, weight) => sum + weight, 0);
        assert.deepEqual(await valuesOf(table.sample(fraction, seed)), await valuesOf(first!));
      },
    ),
    { numRuns: 15, seed: 5 },
  );
  assert.equal(await table.sample(0, 9).count(), 0);
  assert.equal(await table.sample(1, 9).count(), 3000);
});

test('a model runs on the drawn rows alone', async t => {
  const folder = temporaryFolder(t);
  const session = sessions[1]!;
  const source = await makeFile(join(folder, 'a.parquet'), rowsSql(0, ROWS));
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const sample = session.read.parquet(source).withColumn('p', model('x', 'z')).sample(0.1, 3);
  let scored = 0;
  const rows = await sample.collect({
    onEvent: event => {
      if (event.kind === 'jobFinished') scored = event.report.scoredRows;
    },
  });
  assert.equal(scored, rows.length);
  assert.ok(rows.length > 450 && rows.length < 750);
});
