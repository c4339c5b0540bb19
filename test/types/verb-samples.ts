import { col, type DataFrame, fn, when } from '../../src/index.js';

/*
 * Uses of verbs over two tables whose rows are declared, and which have what makes rows hard to type: keys that are null,
 * rows without a partner, empty lists. The compiler works out the rows; the test that runs them has it check what came.
 */

export interface Left {
  id: bigint;
  k: number | null;
  s: string;
  n: number;
  xs: readonly string[] | null;
}

export interface Right {
  k: number | null;
  t: string;
  n: bigint;
}

export const LEFT = `SELECT * FROM (VALUES
  (1::BIGINT, 1, 'a', 1.5::DOUBLE, ['x', 'y']), (2, NULL, 'b', 2.5, NULL), (3, 9, 'c', 3.5, [])) t(id, k, s, n, xs)`;

export const RIGHT = `SELECT * FROM (VALUES (1, 'p', 10::BIGINT), (NULL, 'q', 11), (7, 'r', 12)) t(k, t, n)`;

type Tables = readonly [left: DataFrame<Left>, right: DataFrame<Right>];

const SUFFIX = { suffix: '_b' } as const;

export const verbUses = {
  inner: (...[left, right]: Tables) => left.join(right, 'k', 'inner', SUFFIX),
  left: (...[left, right]: Tables) => left.join(right, 'k', 'left', SUFFIX),
  right: (...[left, right]: Tables) => left.join(right, 'k', 'right', SUFFIX),
  full: (...[left, right]: Tables) => left.join(right, ['k'], 'outer', SUFFIX),
  semi: (...[left, right]: Tables) => left.join(right, 'k', 'semi'),
  anti: (...[left, right]: Tables) => left.join(right, 'k', 'anti'),
  fullOn: (...[left, right]: Tables) => left.join(right, (l, r) => l('id').eq(r('n')), 'full', SUFFIX),
  innerOn: (...[left, right]: Tables) => left.join(right, (l, r) => l('k').le(r('k')), 'inner', SUFFIX),
  cross: (...[left, right]: Tables) => left.crossJoin(right, SUFFIX),
  nearest: (...[left, right]: Tables) =>
    left
      .select(fn.array(col('n'), 2).as('v'), 's')
      .nearest(right.select(fn.array(col('n'), 1).as('v')), { k: 2, by: 'v', metric: 'l2', suffix: '_b' }),
  nearestOuter: (...[left, right]: Tables) =>
    left.select(fn.array(col('n'), 2).as('v')).nearest(right.select(fn.array(col('n'), 1).as('w')), {
      k: 1,
      by: ['v', 'w'],
      outer: true,
      rank: 'place',
      score: 'dot',
      metric: 'dot',
    }),
  union: (...[left, right]: Tables) => left.select('k', 'n').union(right.select('k', 'n')),
  unionByName: (...[left, right]: Tables) => left.unionByName(right, { allowMissingColumns: true }),
  intersect: (...[left, right]: Tables) => left.select('k').intersect(right.select('k')),
  except: (...[left, right]: Tables) => left.select('n').except(right.select('n')),
  distinct: (...[left]: Tables) => left.drop('xs').distinct().dropDuplicates('k'),
  dropNulls: (...[left]: Tables) => left.dropNulls(),
  dropSome: (...[left]: Tables) => left.dropNulls({ subset: ['k'] }),
  dropAll: (...[left]: Tables) => left.dropNulls({ how: 'all' }),
  fillNulls: (...[left]: Tables) => left.fillNulls({ k: 0 }),
  fillSome: (...[left]: Tables) => left.fillNulls(0, 'k'),
  replaced: (...[left]: Tables) => left.replaceValues([['a', null]]),
  explode: (...[left]: Tables) => left.explode('xs'),
  explodeOuter: (...[left]: Tables) => left.explode('xs', { outer: true, as: 'x', position: 'at' }),
  explodeComputed: (...[left]: Tables) => left.explode(fn.split(col('s'), ''), { as: 'letter' }),
  unpivot: (...[left]: Tables) => left.unpivot('s', ['k', 'n']),
  grouped: (...[left]: Tables) =>
    left.groupBy('k').agg(fn.count().as('rows'), fn.sum(col('n')).as('sum'), fn.collectList(col('s')).as('all')),
  groupedByYear: (...[left]: Tables) => left.groupBy(col('id').mod(2).as('odd')).count(),
  summed: (...[left]: Tables) => left.groupBy('s').sum('id', 'k'),
  least: (...[left]: Tables) => left.groupBy('s').min('n', 's'),
  means: (...[left]: Tables) => left.groupBy('s').avg('k'),
  rollup: (...[left]: Tables) => left.rollup('s', 'k').count(),
  cube: (...[left]: Tables) => left.cube('s').agg(fn.max(col('id')).as('most')),
  groupingSets: (...[left]: Tables) => left.groupingSets([['s'], ['k']]).count(),
  whole: (...[left]: Tables) => left.filter('false').agg(fn.sum(col('id')).as('sum'), fn.count().as('rows')),
  described: (...[left]: Tables) => left.describe('id', 's'),
  renamed: (...[left]: Tables) => left.rename({ k: 'key', s: 'text' }).withColumnRenamed('n', 'number'),
  selected: (...[left]: Tables) => left.select('*', when(col('k').gt(5), 'far').otherwise(null).as('far')),
  replacedColumn: (...[left]: Tables) => left.withColumn('k', col('k').isNull()).withColumns({ id: col('s'), z: 0.5 }),
  rows: (...[left]: Tables) => left.orderBy(col('n').desc()).limit(2).sample(1, 3).offset(1),
} as const;
