import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { col, connect, type DataFrame, type InframeSession } from '../../../../src/index.js';
import { LINEAR, linear } from '../../../support/models.js';
import { temporaryFolder } from '../../../support/sessions.js';
import { makeFile, saveModel } from '../../../support/tables.js';
import { assertAnswer, assertSameRows, sorted, textOf, type Values, valuesOf } from './frames.js';

let session: InframeSession;
before(async () => {
  session = await connect({ workers: 2, threads: 1 });
});
after(() => session.close());

const TYPES = { a: { kind: 'int32' }, b: { kind: 'string' } } as const;

type Row = { readonly a: number | null; readonly b: string | null };

const rows = fc.array(
  fc.record({ a: fc.constantFrom(1, 2, null), b: fc.constantFrom('x', 'y', null) }) as fc.Arbitrary<Row>,
  { maxLength: 12 },
);

/** How often each row is there. */
function counts(table: readonly Row[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { a, b } of table) found.set(textOf([a, b]), (found.get(textOf([a, b])) ?? 0) + 1);
  return found;
}

/** What an operation does to how often a row is there. */
const OPERATIONS: Readonly<
  Record<string, readonly [(a: DataFrame, b: DataFrame) => DataFrame, (m: number, n: number) => number]>
> = {
  union: [(a, b) => a.union(b), (m, n) => m + n],
  unionAll: [(a, b) => a.unionAll(b), (m, n) => m + n],
  unionByName: [(a, b) => a.unionByName(b.select('b', 'a')), (m, n) => m + n],
  intersect: [(a, b) => a.intersect(b), (m, n) => Math.min(m, n, 1)],
  intersectAll: [(a, b) => a.intersectAll(b), (m, n) => Math.min(m, n)],
  except: [(a, b) => a.except(b), (m, n) => (n > 0 ? 0 : Math.min(m, 1))],
  subtract: [(a, b) => a.subtract(b), (m, n) => (n > 0 ? 0 : Math.min(m, 1))],
  exceptAll: [(a, b) => a.exceptAll(b), (m, n) => Math.max(0, m - n)],
  distinct: [(a, b) => a.union(b).distinct(), (m, n) => Math.min(m + n, 1)],
  dropDuplicates: [(a, b) => a.union(b).dropDuplicates(), (m, n) => Math.min(m + n, 1)],
};

test('each operation counts rows as it is defined, and nulls are equal', async () => {
  await fc.assert(
    fc.asyncProperty(rows, rows, async (left, right) => {
      const [a, b] = [session.fromRows(left, TYPES), session.fromRows(right, TYPES)];
      const [m, n] = [counts(left), counts(right)];
      const all = new Set([...m.keys(), ...n.keys()]);
      for (const [name, [operation, times]] of Object.entries(OPERATIONS)) {
        const expected = [...all].flatMap(key => {
          const often = times(m.get(key) ?? 0, n.get(key) ?? 0);
          return Array.from({ length: often }, () => JSON.parse(key) as Values);
        });
        await assertSameRows(operation(a, b), expected, name);
      }
    }),
    { numRuns: 25, seed: 3 },
  );
});

test('distinct is idempotent', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async table => {
      const once = session.fromRows(table, TYPES).distinct();
      assert.deepEqual(sorted(await valuesOf(once.distinct())), sorted(await valuesOf(once)));
    }),
    { numRuns: 20, seed: 4 },
  );
});

test('a union keeps the order of its tables, in any layout, with models around it', async t => {
  const folder = temporaryFolder(t);
  const sql = (from: number, to: number): string =>
    `SELECT i::BIGINT AS id, (i / 8.0)::FLOAT AS x, (i % 7)::FLOAT AS z FROM range(${from}, ${to}) r(i)`;
  const one = await makeFile(join(folder, 'a.parquet'), sql(0, 50_000), 'FORMAT parquet, ROW_GROUP_SIZE 8192');
  const two = await makeFile(join(folder, 'b.parquet'), sql(50_000, 50_010));
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()), { batchSize: 1000 });
  const [a, b] = [session.read.parquet(one), session.read.parquet(two)];
  const answer = (id: number): number => LINEAR.a * (id / 8) + LINEAR.c * (id % 7) + LINEAR.b;
  const ids = [...Array.from({ length: 10 }, (_, at) => 50_000 + at), ...Array.from({ length: 50_000 }, (_, id) => id)];
  const expected = ids.map(id => [BigInt(id), answer(id)]);
  const after = b.union(a).withColumn('p', model('x', 'z')).select('id', 'p');
  assert.deepEqual(await valuesOf(after), expected);
  const score = (frame: DataFrame): DataFrame => frame.withColumn('p', model('x', 'z')).select('id', 'p');
  assert.deepEqual(await valuesOf(score(b).union(score(a))), expected);
  assert.deepEqual(await valuesOf(score(b).union(score(a)).limit(3, 9)), expected.slice(9, 12));
  assert.equal(await score(a).union(score(a)).union(score(b)).filter(col('p').lt(0)).count(), 0);
  assert.deepEqual(sorted(await valuesOf(score(a).except(score(a.filter('id > 5'))))), sorted(expected.slice(10, 16)));
});

test('types are brought together, or refused', async () => {
  const a = session.fromColumns({ v: Int8Array.of(1), w: Float32Array.of(0.5) });
  const b = session.fromColumns({ v: BigInt64Array.of(2n), w: Float64Array.of(0.25) });
  const both = a.union(b);
  assert.deepEqual((await both.schema()).toJSON(), [
    { name: 'v', type: 'int64' },
    { name: 'w', type: 'float64' },
  ]);
  assert.deepEqual(await valuesOf(both), [
    [1n, 0.5],
    [2n, 0.25],
  ]);
  // By position: the names are those of the first.
  assert.deepEqual(await a.union(b.select('w', 'v')).columns(), ['v', 'w']);
});

test('unionByName fills columns that a table does not have with nulls', async () => {
  const a = session.fromRows([{ k: 1, only_a: 'x' }]);
  const b = session.fromRows([{ only_b: true, K: 2 }]);
  const both = a.unionByName(b, { allowMissingColumns: true });
  assert.deepEqual((await both.schema()).toJSON(), [
    { name: 'k', type: 'float64' },
    { name: 'only_a', type: 'string' },
    { name: 'only_b', type: 'boolean' },
  ]);
  assert.deepEqual(await valuesOf(both), [
    [1, 'x', null],
    [2, null, true],
  ]);
});

test('a long chain of unions is one union', async () => {
  const one = session.fromRows([{ a: 1 }]);
  let all = one;
  for (let step = 1; step < 300; step++) all = all.union(one);
  assert.equal(await all.count(), 300);
  assert.equal(all.plan.kind === 'setOperation' && all.plan.inputs.length, 300);
});

test('of duplicates the first row of the source stays, whatever the files and the order of scanning', async t => {
  const folder = temporaryFolder(t);
  const make = (name: string, from: number, to: number): Promise<string> =>
    makeFile(
      join(folder, name),
      `SELECT i::BIGINT AS id, (i * 7919 % 1000)::INTEGER AS k, (i % 3) AS g FROM range(${from}, ${to}) r(i)`,
      'FORMAT parquet, ROW_GROUP_SIZE 2048',
    );
  const whole = await make('whole.parquet', 0, 60_000);
  const parts = [
    await make('1.parquet', 0, 7),
    await make('2.parquet', 7, 41_000),
    await make('3.parquet', 41_000, 60_000),
  ];
  const first = `SELECT min(id) AS id, k FROM read_parquet('${whole}') GROUP BY k`;
  for (const table of [session.read.parquet(whole), session.read.parquet(...parts)]) {
    for (let run = 0; run < 3; run++) await assertAnswer(table.dropDuplicates('k').select('id', 'k'), first);
    await assertAnswer(
      table.filter('id % 2 = 1').dropDuplicates(['g', 'K']).select('id'),
      `SELECT min(id) FROM read_parquet('${whole}') WHERE id % 2 = 1 GROUP BY k, g`,
    );
    // Of a join: the first pair, by the row of the left table and then by that of the right.
    const other = session.fromRows([
      { g: 0, n: 'a' },
      { g: 0, n: 'b' },
      { g: 1, n: 'c' },
    ]);
    await assertAnswer(
      table.join(other, 'g').dropDuplicates('k').select('k', 'id', 'n'),
      `SELECT k, arg_min({'id': id, 'n': n}, row(id, place)).id, arg_min(n, row(id, place)) FROM read_parquet('${whole}')
       JOIN (VALUES (0, 'a', 1), (0, 'b', 2), (1, 'c', 3)) v(g, n, place) USING (g) GROUP BY k`,
    );
  }
});

test('duplicates after an order keep a row of the source, not of chance', async () => {
  const table = session.fromRows([
    { k: 1, at: 2 },
    { k: 1, at: 1 },
    { k: 2, at: 3 },
  ]);
  await assertSameRows(table.dropDuplicates('k'), [
    [1, 2],
    [2, 3],
  ]);
  await assertSameRows(table.groupBy('k', 'at').count().dropDuplicates('k').select('k', 'at'), [
    [1, 1],
    [2, 3],
  ]);
});
