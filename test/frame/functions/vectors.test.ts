import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { vectors } from '../../../src/frame/functions/vectors.js';
import { type Column, col, fn, InframeError } from '../../../src/index.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile } from '../../support/tables.js';
import { testUses } from './table.js';

/** Vectors of every type; the last rows hold what cannot be compared: zero, NaN, null, a null inside, another length. */
const SOURCE = `SELECT f::FLOAT[2] AS f, f::DOUBLE[] AS l, i::INTEGER[2] AS i, d::DECIMAL(4, 1)[] AS d FROM (VALUES
  ([3.0, 4.0], [4, 3], [1, 0]),
  ([-1.0, 1.0], [1, -1], [1, 1]),
  ([0.0, 0.0], [1, 2], [2, 2]),
  (['NaN'::DOUBLE, 1.0], [1, 0], [1, NULL]),
  ([2.0, NULL], [1, 0], [1, 2, 3]),
  (NULL, [1, 0], [1, 0])) v(f, i, d)`;

const [f, l, i, d] = ['f', 'l', 'i', 'd'].map(name => col(name)) as [Column, Column, Column, Column];
const { NaN: nan, SQRT2, SQRT1_2 } = { NaN: Number.NaN, SQRT2: Math.SQRT2, SQRT1_2: Math.SQRT1_2 };

testUses('functions of vectors', vectors, SOURCE, {
  cosine: [
    [fn.cosine(f, i), [24 / 25, -1, null, null, null, null]],
    [fn.cosine(i, l), [24 / 25, -1, null, null, null, null]],
    [fn.cosine(f, d), [3 / 5, 0, null, null, null, null]],
    [fn.cosine(f, [1, 1]), [7 / 5 / SQRT2, 0, null, null, null, null]],
    [fn.cosine(d, [0.5, 0]), [1, SQRT1_2, SQRT1_2, null, null, 1]],
    [fn.cosine(i, new Float32Array([2, 0])), [4 / 5, SQRT1_2, 1 / Math.sqrt(5), 1, 1, 1]],
    [fn.cosine(f, null), [null, null, null, null, null, null]],
  ],
  dot: [
    [fn.dot(f, i), [24, -2, 0, nan, null, null]],
    [fn.dot(l, l), [25, 2, 0, nan, null, null]],
    [fn.dot(d, i), [4, 0, 6, null, null, 1]],
    [fn.dot(d, i.cast({ kind: 'list', element: { kind: 'int8' } })), [4, 0, 6, null, null, 1]],
    [fn.dot(new Float64Array([0.5, 2]), f), [9.5, 1.5, 0, nan, null, null]],
  ],
  l2: [
    [fn.l2(f, i), [SQRT2, 2 * SQRT2, Math.sqrt(5), nan, null, null]],
    [fn.l2(l, d), [Math.sqrt(20), 2, 2 * SQRT2, null, null, null]],
    [fn.l2(i, [1, -1]), [5, 0, 3, 1, 1, 1]],
    [fn.l2(d, []), [null, null, null, null, null, null]],
  ],
});

test('vectors are the same whatever holds them, and whatever language asks', async context => {
  const session = await openSession(context, { workers: 1 });
  const number = fc.integer({ min: -1000, max: 1000 }).map(n => n / 8);
  const pair = fc
    .integer({ min: 1, max: 40 })
    .chain(n =>
      fc.tuple(fc.array(number, { minLength: n, maxLength: n }), fc.array(number, { minLength: n, maxLength: n })),
    );
  await fc.assert(
    fc.asyncProperty(pair, async ([a, b]) => {
      const sum = (term: (x: number, y: number) => number): number =>
        a.reduce((total, x, at) => total + term(x, b[at]!), 0);
      const dot = sum((x, y) => x * y);
      const lengths = Math.sqrt(sum(x => x * x)) * Math.sqrt(sum((_, y) => y * y));
      const expected = [lengths === 0 ? null : dot / lengths, dot, Math.sqrt(sum((x, y) => (x - y) ** 2))];
      for (const [first, second] of [
        ['DOUBLE[]', 'DOUBLE[]'],
        [`FLOAT[${a.length}]`, 'DOUBLE[]'],
        ['DECIMAL(9,3)[]', `DOUBLE[${a.length}]`],
      ]) {
        const table = `(SELECT [${a.join()}]::${first} AS a, [${b.join()}]::${second} AS b)`;
        const byName = await session
          .sql(`SELECT * FROM ${table}`)
          .select(
            fn.cosine(col('a'), col('b')).as('c'),
            fn.dot(col('a'), col('b')).as('d'),
            fn.l2(col('a'), col('b')).as('e'),
          )
          .collect();
        const inSql = await session
          .sql(`SELECT cosine(a, b) AS c, dot(a, b) AS d, l2(a, b) AS e FROM ${table}`)
          .collect();
        for (const [row] of [byName, inSql]) {
          Object.values(row!).forEach((value, at) => {
            const wanted = expected[at]!;
            if (wanted === null) assert.equal(value, null);
            else
              assert.ok(
                Math.abs((value as number) - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted)),
                `${value} is not ${wanted}`,
              );
          });
        }
      }
    }),
    { numRuns: 25 },
  );
});

test('vectors of unlike length are refused where their types tell', async context => {
  const session = await openSession(context, { workers: 1 });
  const path = await makeFile(
    join(temporaryFolder(context), 't.parquet'),
    "SELECT [1, 2, 3]::FLOAT[3] AS a, [1, 2]::FLOAT[2] AS b, [1, 2] AS l, ['x'] AS t",
  );
  const stored = session.read.parquet(path);
  const table = stored.withColumns({
    a: col('a').cast({ kind: 'array', element: { kind: 'float32' }, length: 3 }),
    b: col('b').cast({ kind: 'array', element: { kind: 'float32' }, length: 2 }),
  });
  const refused = (column: Column, code: string, words: RegExp): Promise<void> =>
    assert.rejects(table.select(column).schema(), (error: unknown) => {
      assert.ok(error instanceof InframeError);
      assert.equal(error.code, code);
      assert.match(error.message, words);
      return true;
    });
  await refused(
    fn.cosine(col('a'), col('b')),
    'SHAPE_MISMATCH',
    /^vectors of cosine\(\) are of unlike length: .* 3 elements and .* 2;/,
  );
  await refused(fn.dot(col('a'), [1, 2, 3, 4]).add(1), 'SHAPE_MISMATCH', /3 elements and .* 4;/);
  await refused(fn.l2(col('l'), col('t')), 'TYPE_MISMATCH', /^function 'l2' takes two vectors/);
  await refused(fn.l2(col('a'), 3), 'TYPE_MISMATCH', /^function 'l2' takes two vectors/);
  // A list may be of any length: that is found out row by row.
  assert.deepEqual(await table.select(fn.dot(col('a'), col('l')).as('d')).collect(), [{ d: null }]);
});

test('vector functions stand wherever SQL has expressions', async context => {
  const session = await openSession(context, { workers: 1 });
  const rows = await session
    .sql(
      `WITH t(id, v) AS (VALUES (1, [1, 0]), (2, [0, 1]), (3, [1, 1]))
       SELECT id, dot(v, (SELECT v FROM t WHERE id = 3)) AS d, max(l2(v, [0, 0])) OVER () AS longest,
              list_transform([v], lambda x: cosine(x, [1, 0]))[1] AS c
       FROM t WHERE cosine(v, $query) > 0.5 ORDER BY cosine(v, $query) DESC`,
      { query: [1, 0.25] },
    )
    .collect();
  assert.deepEqual(
    rows.map(({ id, d }) => [id, d]),
    [
      [1, 1],
      [3, 2],
    ],
  );
  assert.ok(rows.every(({ longest }) => Math.abs((longest as number) - Math.SQRT2) < 1e-12));
});
