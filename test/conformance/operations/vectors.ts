import { col, fn } from '../../../src/index.js';
import { fails, LAST_DIGIT, of, operations, query, refuses, rows } from '../declare.js';
import { array, boolean, float32, float64, int32, int64, list, string, table } from '../types.js';

/** Pairs of vectors; the last ones cannot be compared. */
const t = table({
  f: array(float32, 2)([3, 4], [-1, 1], [0, 0], [2, null], null),
  g: array(float64, 2)([4, 3], [1, -1], [1, 2], [1, 0], [1, 0]),
  l: list(float64)([0.5, 2], [3], [1, 1], [null, 1], []),
  n: list(int64)([1, 0], [2], [0, 2], [1, 1], []),
});

const queries = table({
  q: string('a', 'b', 'c'),
  v: list(float32)([1, 0.5], null, [0, -1]),
});

const items = table({
  id: int32(1, 2, 3, 4, 5, 6, 7),
  v: list(float32)([1, 0], [0, 1], [1, 1], null, [0, 0], [2, 2], [1, 0, 0]),
});

const HALF = Math.SQRT1_2;

export const VECTORS = operations(
  'Vectors',
  { t },
  {
    'fn.cosine: of arrays': of(fn.cosine(col('f'), col('g')), float64(0.96, -1, null, null, null), LAST_DIGIT),
    'fn.cosine: of lists': of(
      fn.cosine(col('l'), col('n')),
      float64(1 / Math.sqrt(17), 1, HALF, null, null),
      LAST_DIGIT,
    ),
    'fn.cosine: with a vector that is written out': of(
      fn.cosine(col('g'), [1, 0]),
      float64(0.8, HALF, 1 / Math.sqrt(5), 1, 1),
      LAST_DIGIT,
    ),
    'fn.dot: of arrays of two types': of(fn.dot(col('f'), col('g')), float64(24, -2, 0, null, null)),
    'fn.dot: of an array and a list': of(fn.dot(col('g'), col('l')), float64(8, null, 3, null, null)),
    'fn.dot: of whole numbers': of(fn.dot(col('n'), col('n')), float64(1, 4, 4, 2, 0)),
    'fn.l2: of arrays': of(
      fn.l2(col('f'), col('g')),
      float64(Math.SQRT2, 2 * Math.SQRT2, Math.sqrt(5), null, null),
      LAST_DIGIT,
    ),
    'fn.l2: with a vector that is written out': of(
      fn.l2(col('l'), new Float32Array([0.5, 1])),
      float64(1, null, 0.5, null, null),
    ),
    'fn.dot: of a vector and a number': fails(({ t }) => t.select(fn.dot(col('f'), 2).as('y')), 'TYPE_MISMATCH'),
    'fn.dot: of vectors of unlike length': fails(
      ({ t }) => t.select(fn.dot([1, 2, 3], [1, 2]).as('y')),
      'SHAPE_MISMATCH',
    ),
    'sql: cosine, dot and l2': query(
      'SELECT cosine(g, [1, 0]) > 0.75 AS c, dot(f, g) AS d, l2(g, [1, 0.0]) AS e FROM t WHERE dot(g, g) = 25 ORDER BY l2(f, g)',
      { c: boolean(true), d: float64(24), e: float64(Math.sqrt(18)) },
    ),
    'sql: dot of a text': refuses("SELECT dot(f, 'x') FROM t", 'TYPE_MISMATCH'),
  },
);

const FOUND = { q: string('a', 'a', 'c', 'c'), id: int32(3, 6, 1, 3), rank: int32(1, 2, 1, 2) };

export const NEAREST = operations(
  'Nearest rows',
  { queries, items },
  {
    'nearest: by cosine; of equally near rows the first': rows(
      ({ queries, items }) => queries.nearest(items, { k: 2, by: 'v', suffix: '_i' }).select('q', 'id', 'rank'),
      FOUND,
    ),
    'nearest: by dot': rows(
      ({ queries, items }) =>
        queries
          .rename({ v: 'w' })
          .nearest(items, { k: 3, by: ['w', 'v'], metric: 'dot' })
          .drop('w', 'v'),
      {
        q: string('a', 'a', 'a', 'c', 'c', 'c'),
        id: int32(6, 3, 1, 1, 5, 2),
        rank: int32(1, 2, 3, 1, 2, 3),
        score: float64(3, 1.5, 1, 0, 0, -1),
      },
    ),
    'nearest: by l2, keeping rows without any': rows(
      ({ queries, items }) =>
        queries
          .nearest(items, { k: 1, by: 'v', metric: 'l2', outer: true, suffix: '_i', rank: 'place' })
          .drop('v', 'v_i'),
      {
        q: string('a', 'b', 'c'),
        id: int32(1, null, 5),
        place: int32(1, null, 1),
        distance: float64(0.5, null, 1),
      },
    ),
    'nearest: more than there are': rows(
      ({ queries, items }) =>
        queries.filter(col('q').eq('a')).nearest(items, { k: 100, by: 'v', suffix: '_i' }).select('id', 'rank'),
      { id: int32(3, 6, 1, 2), rank: int32(1, 2, 3, 4) },
    ),
    'nearest: filters after it': rows(
      ({ queries, items }) =>
        queries
          .nearest(items, { k: 2, by: 'v', suffix: '_i' })
          .filter(col('q').eq('c').and(col('id').gt(1)))
          .select('q', 'id', 'rank'),
      { q: string('c'), id: int32(3), rank: int32(2) },
    ),
    'nearest: a filter of the other table before it': rows(
      ({ queries, items }) =>
        queries.nearest(items.filter(col('id').gt(3)), { k: 1, by: 'v', suffix: '_i' }).select('q', 'id'),
      { q: string('a', 'c'), id: int32(6, 6) },
    ),
    'nearest: with an empty table': rows(
      ({ queries, items }) => queries.nearest(items.limit(0), { k: 1, by: 'v', suffix: '_i' }).select('q', 'id'),
      { q: string(), id: int32() },
    ),
    'nearest: of a table in no order': rows(
      ({ queries, items }) =>
        queries.distinct().nearest(items.distinct(), { k: 2, by: 'v', suffix: '_i' }).select('q', 'id', 'rank'),
      FOUND,
    ),
    'nearest: a column of both tables': fails(
      ({ queries, items }) => queries.nearest(items, { k: 1, by: 'v' }),
      'COLUMN_DUPLICATE',
    ),
    'nearest: a column of no vectors': fails(
      ({ queries, items }) => queries.nearest(items, { k: 1, by: ['q', 'v'], suffix: '_i' }),
      'TYPE_MISMATCH',
    ),
    'nearest: a column that is not there': fails(
      ({ queries, items }) => queries.nearest(items, { k: 1, by: ['v', 'w'], suffix: '_i' }),
      'COLUMN_NOT_FOUND',
    ),
    'sql: nearest': query(
      "SELECT n.q, id, rank FROM nearest(queries, items, k := 2, by := ['v', 'v'], suffix := '_i') AS n WHERE score > -0.9 ORDER BY q, rank",
      FOUND,
      { ordered: true },
    ),
    'sql: nearest, as a lateral join': query(
      `SELECT q, n.id FROM queries, LATERAL (
         SELECT id, cosine(queries.v, items.v) AS c FROM items WHERE c IS NOT NULL ORDER BY c DESC, id LIMIT 2) n ORDER BY q, c DESC, id`,
      { q: FOUND.q, id: FOUND.id },
      { ordered: true },
    ),
    'sql: nearest, as an aggregate': query(
      'SELECT q, max_by(id, (cosine(queries.v, items.v), -id), 2) AS ids FROM queries, items WHERE cosine(queries.v, items.v) IS NOT NULL GROUP BY q',
      { q: string('a', 'c'), ids: list(int32)([3, 6], [1, 3]) },
    ),
    'sql: nearest, of what is no table': refuses("FROM nearest(queries, itemz, k := 1, by := 'v')", 'TABLE_NOT_FOUND'),
    'sql: nearest, without k': refuses("FROM nearest(queries, items, by := 'v', suffix := '_i')", 'ARGUMENT_INVALID'),
  },
);
