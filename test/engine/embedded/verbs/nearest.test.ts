import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inframeError } from '../../../support/onnx.js';
import { openSession } from '../../../support/sessions.js';

type Vector = readonly number[] | null;

/** The places of the nearest, by plain loops: the greatest cosine or product, the least distance; ties by place. */
function byLoops(
  query: Vector,
  items: readonly Vector[],
  k: number,
  metric: 'cosine' | 'dot' | 'l2',
): readonly number[] {
  if (query === null) return [];
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, at) => sum + value * b[at]!, 0);
  const scored = items.flatMap((item, place) => {
    if (item === null) return [];
    const score =
      metric === 'dot'
        ? dot(query, item)
        : metric === 'l2'
          ? -Math.hypot(...query.map((value, at) => value - item[at]!))
          : dot(query, item) / Math.sqrt(dot(query, query) * dot(item, item));
    return Number.isNaN(score) ? [] : [{ place, score }];
  });
  return scored
    .sort((a, b) => b.score - a.score || a.place - b.place)
    .slice(0, k)
    .map(({ place }) => place);
}

test('the nearest rows are those that plain loops find, whatever the metric', async t => {
  const session = await openSession(t, { workers: 1, threads: 1 });
  // Small whole numbers: sums are exact, so ties are ties; no cosine is compared but with what loops give.
  const vector = fc.option(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 }), { freq: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(vector, { minLength: 1, maxLength: 6 }),
      fc.array(vector, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('dot' as const, 'l2' as const),
      async (queries, items, k, metric) => {
        const type = { kind: 'list', element: { kind: 'float32' } } as const;
        const table = (name: string, rows: readonly Vector[]) =>
          session.fromRows(
            rows.map((v, id) => ({ [name]: id, v })),
            { [name]: { kind: 'int32' }, v: type },
          );
        const found = await table('q', queries)
          .nearest(table('i', items), { k, by: 'v', metric, suffix: '_item' })
          .select('q', 'i', 'rank')
          .collect();
        const expected = queries.flatMap((query, q) =>
          byLoops(query, items, k, metric).map((i, place) => ({ q, i, rank: place + 1 })),
        );
        assert.deepEqual(found, expected);
      },
    ),
    { numRuns: 25 },
  );
});

test('nearest by cosine, names, rows without a near one, and SQL that says the same', async t => {
  const session = await openSession(t, { workers: 1, threads: 1 });
  const queries = session.fromRows([
    { name: 'east', v: [1, 0] },
    { name: 'nowhere', v: [0, 0] },
  ]);
  const items = session.fromRows([
    { word: 'north', v: [0, 2] },
    { word: 'north-east', v: [3, 3] },
    { word: 'east', v: [5, 0] },
  ]);
  const found = await queries
    .nearest(items, { k: 2, by: 'v', suffix: '_item', outer: true })
    .select('name', 'word', 'rank', 'score')
    .collect();
  assert.deepEqual(
    found,
    [
      { name: 'east', word: 'east', rank: 1, score: 1 },
      { name: 'east', word: 'north-east', rank: 2, score: Math.SQRT1_2 },
      { name: 'nowhere', word: null, rank: null, score: null },
    ].map(row => (row.score === Math.SQRT1_2 ? { ...row, score: found[1]!['score'] } : row)),
  );
  assert.ok(Math.abs(Number(found[1]!['score']) - Math.SQRT1_2) < 1e-6);
  await queries.createView('queries');
  await items.createView('items');
  const inSql = await session
    .sql(
      `SELECT q.name, i.word FROM queries q, LATERAL (SELECT word FROM items WHERE cosine(q.v, v) IS NOT NULL ORDER BY cosine(q.v, v) DESC LIMIT 2) i WHERE q.name = 'east' ORDER BY i.word`,
    )
    .collect();
  assert.deepEqual(inSql, [
    { name: 'east', word: 'east' },
    { name: 'east', word: 'north-east' },
  ]);
});

test('what cannot be searched is said in words', async t => {
  const session = await openSession(t, { workers: 1, threads: 1 });
  const a = session.fromRows([{ x: 1, v: [1, 2] }]);
  assert.throws(() => a.nearest(a, { k: 0, by: 'v' } as never), inframeError('ARGUMENT_INVALID', '0'));
  assert.throws(
    () => a.nearest(a, { k: 1, by: 'v', metric: 'near' } as never),
    inframeError('ARGUMENT_INVALID', 'cosine, dot, l2'),
  );
  await assert.rejects(a.nearest(a, { k: 1, by: 'v' } as never).collect(), inframeError('COLUMN_DUPLICATE', 'x'));
  await assert.rejects(
    a.nearest(a, { k: 1, by: 'x', suffix: '_b' } as never).collect(),
    inframeError('TYPE_MISMATCH', 'x'),
  );
});
