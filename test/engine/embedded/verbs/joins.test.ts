import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { col, connect, fn, type InframeSession, type JoinHow } from '../../../../src/index.js';
import { LINEAR, linear } from '../../../support/models.js';
import { temporaryFolder } from '../../../support/sessions.js';
import { makeFile, saveModel } from '../../../support/tables.js';
import { assertAnswer, assertSameRows, sorted, type Values, valuesOf } from './frames.js';

let session: InframeSession;
before(async () => {
  session = await connect({ workers: 2, threads: 1 });
});
after(() => session.close());

const key = fc.option(fc.integer({ min: 0, max: 4 }), { nil: null });
const lefts = fc.array(fc.record({ k: key, a: fc.integer({ min: 0, max: 9 }) }), { maxLength: 8 });
const rights = fc.array(fc.record({ k: key, b: fc.constantFrom('p', 'q', 'r') }), { maxLength: 8 });
const kinds = fc.constantFrom<JoinHow>('inner', 'left', 'right', 'full', 'semi', 'anti');

const LEFT = { k: { kind: 'int32' }, a: { kind: 'int32' } } as const;
const RIGHT = { k: { kind: 'int32' }, b: { kind: 'string' } } as const;

/** What a join means, by two loops. @returns pairs; undefined where a row stands alone */
function pairs<L, R>(
  left: readonly L[],
  right: readonly R[],
  how: JoinHow,
  match: (l: L, r: R) => boolean,
): readonly (readonly [L | undefined, R | undefined])[] {
  const matched = left.flatMap(l => right.filter(r => match(l, r)).map(r => [l, r] as const));
  const aloneLeft = left.filter(l => !right.some(r => match(l, r))).map(l => [l, undefined] as const);
  const aloneRight = right.filter(r => !left.some(l => match(l, r))).map(r => [undefined, r] as const);
  switch (how) {
    case 'left':
      return [...matched, ...aloneLeft];
    case 'right':
      return [...matched, ...aloneRight];
    case 'full':
      return [...matched, ...aloneLeft, ...aloneRight];
    case 'semi':
      return left.filter(l => right.some(r => match(l, r))).map(l => [l, undefined] as const);
    case 'anti':
      return aloneLeft;
    default:
      return matched;
  }
}

test('a join by name is what two loops make of it', async () => {
  await fc.assert(
    fc.asyncProperty(lefts, rights, kinds, async (left, right, how) => {
      const joined = session.fromRows(left, LEFT).join(session.fromRows(right, RIGHT), 'k', how);
      const found = pairs(left, right, how, (l, r) => l.k !== null && l.k === r.k);
      const oneSided = how === 'semi' || how === 'anti';
      const expected = found.map(([l, r]): Values => {
        const own = [l?.k ?? r?.k ?? null, l?.a ?? null];
        return oneSided ? own : [...own, r?.b ?? null];
      });
      await assertSameRows(joined, expected);
    }),
    { numRuns: 60, seed: 11 },
  );
});

test('a join by a condition is what two loops make of it', async () => {
  await fc.assert(
    fc.asyncProperty(lefts, rights, kinds, async (left, right, how) => {
      const joined = session
        .fromRows(left, LEFT)
        .join(session.fromRows(right, RIGHT), (l, r) => l('k').le(r('k')).and(r('b').ne('q')), how, {
          suffix: '_right',
        });
      const found = pairs(left, right, how, (l, r) => l.k !== null && r.k !== null && l.k <= r.k && r.b !== 'q');
      const oneSided = how === 'semi' || how === 'anti';
      const expected = found.map(([l, r]): Values => {
        const own = [l?.k ?? null, l?.a ?? null];
        return oneSided ? own : [...own, r?.k ?? null, r?.b ?? null];
      });
      await assertSameRows(joined, expected);
    }),
    { numRuns: 60, seed: 12 },
  );
});

test('every kind has the names of Spark', async () => {
  const left = session.fromRows([{ k: 1 }, { k: 2 }]);
  const right = session.fromRows([{ k: 2 }, { k: 3 }]);
  const rows: Readonly<Record<string, readonly number[]>> = {
    inner: [2],
    outer: [1, 2, 3],
    full: [1, 2, 3],
    fullouter: [1, 2, 3],
    full_outer: [1, 2, 3],
    left: [1, 2],
    leftouter: [1, 2],
    LEFT_OUTER: [1, 2],
    right: [2, 3],
    right_outer: [2, 3],
    rightouter: [2, 3],
    semi: [2],
    leftsemi: [2],
    left_semi: [2],
    anti: [1],
    leftanti: [1],
    left_anti: [1],
  };
  for (const [how, expected] of Object.entries(rows)) {
    await assertSameRows(
      left.join(right, 'k', how as JoinHow),
      expected.map(k => [k]),
      how,
    );
  }
});

test('joins of files are those of SQL, with several columns, other types and other cases of the names', async t => {
  const folder = temporaryFolder(t);
  const one = await makeFile(
    join(folder, 'a.parquet'),
    `SELECT i AS ID, i % 7 AS day, i * 2 AS v FROM range(5000) r(i)`,
  );
  const two = await makeFile(
    join(folder, 'b.parquet'),
    `SELECT (i * 3)::INTEGER AS id, (i % 5)::TINYINT AS Day, 'n' || i AS name FROM range(4000) r(i)`,
  );
  const [a, b] = [session.read.parquet(one), session.read.parquet(two)];
  const [x, y] = [`read_parquet('${one}') x`, `read_parquet('${two}') y`];
  for (const how of ['inner', 'left', 'right', 'full'] as const) {
    const joined = a.join(b, ['id', 'day'], how);
    assert.deepEqual(await joined.columns(), ['ID', 'day', 'v', 'name']);
    await assertAnswer(
      joined,
      `SELECT coalesce(x.ID, y.id::BIGINT), coalesce(x.day, y.day::BIGINT), v, name FROM ${x} ${how} JOIN ${y} ON x.ID = y.id AND x.day = y.day`,
    );
  }
  await assertAnswer(
    a
      .filter('v < 40')
      .join(b.filter('id < 30'), (l, r) => l('ID').gt(r('id')), 'inner', { suffix: '_b' })
      .select('ID', 'id_b', 'Day_b'),
    `SELECT x.ID, y.id, y.Day FROM ${x}, ${y} WHERE v < 40 AND y.id < 30 AND x.ID > y.id`,
  );
  await assertAnswer(
    a.limit(3).crossJoin(b.limit(2), { suffix: '_b' }),
    `SELECT * FROM (FROM ${x} LIMIT 3), (FROM ${y} LIMIT 2)`,
  );
});

test('a table can be joined with itself, any number of times', async () => {
  const people = session.fromRows([
    { id: 1, boss: null, name: 'a' },
    { id: 2, boss: 1, name: 'b' },
    { id: 3, boss: 2, name: 'c' },
  ]);
  const bosses = people.select(col('id').as('boss'), col('name').as('boss_name'));
  await assertSameRows(people.join(bosses, 'boss', 'left').select('name', 'boss_name'), [
    ['a', null],
    ['b', 'a'],
    ['c', 'b'],
  ]);
  const twice = people
    .join(people, (l, r) => l('boss').eq(r('id')), 'inner', { suffix: '_1' })
    .join(people, (l, r) => l('boss_1').eq(r('id')), 'left', { suffix: '_2' });
  assert.deepEqual(await twice.columns(), [
    'id',
    'boss',
    'name',
    'id_1',
    'boss_1',
    'name_1',
    'id_2',
    'boss_2',
    'name_2',
  ]);
  await assertSameRows(twice.select('name', 'name_1', 'name_2'), [
    ['b', 'a', null],
    ['c', 'b', 'a'],
  ]);
});

test('nothing is equal to a null, and not-a-number is equal to itself', async () => {
  const a = session.fromRows([{ k: null }, { k: Number.NaN }, { k: 1 }], { k: { kind: 'float64' } });
  await assertSameRows(a.join(a, 'k'), [[Number.NaN], [1]]);
});

test('models before, in and after a join give what scoring first gives', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(
    join(folder, 'a.parquet'),
    `SELECT i AS id, (i / 8.0)::FLOAT AS x, (i % 7)::FLOAT AS z, i % 20 AS g FROM range(3000) r(i)`,
  );
  const other = await makeFile(join(folder, 'b.parquet'), `SELECT i AS g, i::FLOAT AS w FROM range(15) r(i)`);
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const p = `(${LINEAR.a} * x + ${LINEAR.c} * z + ${LINEAR.b})`;
  const [a, b] = [session.read.parquet(source), session.read.parquet(other)];
  const [x, y] = [`read_parquet('${source}')`, `read_parquet('${other}')`];
  const scored = a.withColumn('p', model('x', 'z'));
  await assertAnswer(
    scored.join(b, 'g', 'left').select('id', 'p', 'w'),
    `SELECT id, ${p}::FLOAT, w FROM ${x} a LEFT JOIN ${y} b USING (g)`,
  );
  // Over columns of both tables, after the join.
  await assertAnswer(
    a.join(b, 'g').select('id', model('x', 'w').as('q')).filter(col('q').gt(100)),
    `SELECT id, ${p.replace('* z', '* w')}::FLOAT AS q FROM ${x} a JOIN ${y} b USING (g) WHERE q > 100`,
  );
  // In the condition: of one table, of the other, of both.
  for (const how of ['inner', 'left', 'semi'] as const) {
    const joined = a.join(
      b,
      (l, r) =>
        l('g')
          .eq(r('g'))
          .and(model(l('x'), l('z')).gt(200)),
      how,
      { suffix: '_b' },
    );
    assert.deepEqual(
      await joined.columns(),
      how === 'semi' ? ['id', 'x', 'z', 'g'] : ['id', 'x', 'z', 'g', 'g_b', 'w'],
    );
    await assertAnswer(joined, `SELECT * FROM ${x} a ${how} JOIN ${y} b ON a.g = b.g AND ${p} > 200`);
  }
  await assertAnswer(
    a.join(b, (l, r) => model(l('x'), l('z')).eq(model(r('w'), r('w')).add(l('g'))), 'inner', { suffix: '_b' }),
    `SELECT a.*, b.* FROM ${x} a JOIN ${y} b ON ${p} = (6 * w + 1) + a.g`,
  );
  await assertAnswer(
    a
      .join(
        b,
        (l, r) =>
          l('g')
            .eq(r('g'))
            .and(model(l('x'), r('w')).gt(300)),
        'inner',
        { suffix: '_b' },
      )
      .select('id'),
    `SELECT id FROM ${x} a JOIN ${y} b ON a.g = b.g AND ${p.replace('* z', '* w')} > 300`,
  );
  // Both tables scored with the same model, and grouped.
  await assertAnswer(
    scored
      .join(b.withColumn('r', model('w', 'w')), 'g')
      .groupBy('g')
      .agg(fn.max(col('p').sub(col('r'))).as('d')),
    `SELECT g, max(${p}::FLOAT - (6 * w + 1)::FLOAT) FROM ${x} a JOIN ${y} b USING (g) GROUP BY g`,
  );
});

test('a model over both tables in the condition of any join is what two loops make of it', async t => {
  const folder = temporaryFolder(t);
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const value = fc.integer({ min: 0, max: 6 });
  const one = fc.array(fc.record({ x: value, k: key }), { maxLength: 6 });
  const other = fc.array(fc.record({ w: value, k: key }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(one, other, kinds, fc.boolean(), async (left, right, how, ordered) => {
      const a = session.fromRows(left, { x: { kind: 'float32' }, k: { kind: 'int32' } });
      const b = session.fromRows(right, { w: { kind: 'float32' }, k: { kind: 'int32' } });
      // Of rows in no order, and of scored ones, too.
      const from = ordered
        ? a
        : a
            .union(a)
            .withColumn('x', model('x', 'x').sub(1).div(6).cast({ kind: 'float32' }))
            .distinct();
      const joined = from.join(
        b,
        (l, r) =>
          model(l('x'), r('w'))
            .gt(16)
            .and(l('k').eq(r('k')).or(l('x').gt(4))),
        how,
        { suffix: '_b' },
      );
      const match = (l: (typeof left)[number], r: (typeof right)[number]): boolean =>
        LINEAR.a * l.x + LINEAR.c * r.w + LINEAR.b > 16 && ((l.k !== null && l.k === r.k) || l.x > 4);
      const distinct = [...new Map(left.map(row => [JSON.stringify([row.x, row.k]), row])).values()];
      const found = pairs(ordered ? left : distinct, right, how, match);
      const oneSided = how === 'semi' || how === 'anti';
      await assertSameRows(
        joined,
        found.map(([l, r]): Values => {
          const own = [l?.x ?? null, l?.k ?? null];
          return oneSided ? own : [...own, r?.w ?? null, r?.k ?? null];
        }),
        how,
      );
    }),
    { numRuns: 40, seed: 13 },
  );
});

test('the order of rows below does not show, and neither do hidden columns', async () => {
  const a = session.fromRows([{ k: 1, v: 'x' }]);
  const joined = a.join(a.withColumn('k', 1), (l, r) => l('k').eq(r('k')), 'inner', { suffix: '_r' });
  assert.deepEqual((await joined.schema()).names, ['k', 'v', 'k_r', 'v_r']);
  assert.deepEqual(sorted(await valuesOf(joined)), [[1, 'x', 1, 'x']]);
});
