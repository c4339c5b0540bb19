import { type Column, col, fn, Window } from '../../../src/index.js';
import { anyOrder, type Declared, fails, operations, rows } from '../declare.js';
import { type ColumnData, float64, int64, int128, string, table } from '../types.js';

const t = table({
  id: int64(1, 2, 3, 4, 5, 6, 7),
  g: string('a', 'a', 'a', 'a', 'b', 'b', null),
  k: int64(10, 20, 20, 40, 5, null, 1),
  x: float64(1, null, 4, 8, 16, 32, 64),
});

const byGroup = Window.partitionBy('g').orderBy('k');
const inOrder = Window.orderBy('id');

/** A value of each row over a window; rows by their ids. */
function over(column: Column, gives: ColumnData): Declared<{ readonly t: typeof t }> {
  return rows(({ t }) => t.select('id', column.as('y')).orderBy('id').select('y'), { y: gives });
}

export const WINDOWS = operations(
  'Windows',
  { t },
  {
    'over: the partition, without an order': over(
      fn.sum(col('x')).over(Window.partitionBy('g')),
      float64(13, 13, 13, 13, 48, 48, 64),
    ),
    'over: up to the equals of the row, with an order': over(
      fn.sum(col('k')).over(byGroup),
      int128(10, 50, 50, 90, 5, 5, 1),
    ),
    'over: the whole table': over(fn.count().over(Window.partitionBy()), int64(7, 7, 7, 7, 7, 7, 7)),
    'over: in an expression': over(
      col('x').div(fn.max(col('x')).over(Window.partitionBy('g'))),
      float64(0.125, null, 0.5, 1, 0.5, 1, 1),
    ),
    'rowsBetween: from the first row': over(
      fn.sum(col('x')).over(inOrder.rowsBetween(Window.unboundedPreceding, Window.currentRow)),
      float64(1, 1, 5, 13, 29, 61, 125),
    ),
    'rowsBetween: around the row': over(
      fn.count(col('x')).over(inOrder.rowsBetween(-1, 1)),
      int64(1, 2, 2, 3, 3, 3, 2),
    ),
    'rowsBetween: behind the row': over(
      fn.min(col('id')).over(inOrder.rowsBetween(1, Window.unboundedFollowing)),
      int64(2, 3, 4, 5, 6, 7, null),
    ),
    'rangeBetween: by the distance of values': over(
      fn.count().over(Window.partitionBy('g').orderBy('id').rangeBetween(-1, 0)),
      int64(1, 2, 2, 2, 1, 2, 1),
    ),
    'filterWhere: over a window': over(
      fn.count().filterWhere(col('x').gt(4)).over(Window.partitionBy('g')),
      int64(1, 1, 1, 1, 2, 2, 1),
    ),
    'fn.rowNumber': over(fn.rowNumber().over(Window.partitionBy('g').orderBy('id')), int64(1, 2, 3, 4, 1, 2, 1)),
    'fn.rank': over(fn.rank().over(byGroup), int64(1, 2, 2, 4, 1, 2, 1)),
    'fn.denseRank': over(fn.denseRank().over(byGroup), int64(1, 2, 2, 3, 1, 2, 1)),
    'fn.percentRank': over(fn.percentRank().over(byGroup), float64(0, 1 / 3, 1 / 3, 1, 0, 1, 0)),
    'fn.cumeDist': over(fn.cumeDist().over(byGroup), float64(0.25, 0.75, 0.75, 1, 0.5, 1, 1)),
    'fn.ntile': over(fn.ntile(3).over(inOrder), int64(1, 1, 1, 2, 2, 3, 3)),
    'fn.lag': over(fn.lag(col('x')).over(inOrder), float64(null, 1, null, 4, 8, 16, 32)),
    'fn.lag: by two, with another value before the first': over(
      fn.lag(col('id'), 2, 0).over(inOrder),
      int64(0, 0, 1, 2, 3, 4, 5),
    ),
    'fn.lag: past nulls': over(fn.lag(col('x'), 1, null, true).over(inOrder), float64(null, 1, 1, 4, 8, 16, 32)),
    'fn.lead': over(
      fn.lead(col('id')).over(Window.partitionBy('g').orderBy('id')),
      int64(2, 3, 4, null, 6, null, null),
    ),
    'fn.firstValue': over(
      fn.firstValue(col('x')).over(Window.partitionBy('g').orderBy('id')),
      float64(1, 1, 1, 1, 16, 16, 64),
    ),
    'fn.lastValue: of the frame': over(
      fn.lastValue(col('id')).over(inOrder.rowsBetween(Window.currentRow, 2)),
      int64(3, 4, 5, 6, 7, 7, 7),
    ),
    'fn.nthValue': over(
      fn.nthValue(col('id'), 2).over(Window.partitionBy('g').orderBy('id')),
      int64(null, 2, 2, 2, null, 6, null),
    ),
    'over: a descending order, nulls first': over(
      fn.rowNumber().over(Window.orderBy(col('k').desc().withNullsFirst(), 'id')),
      int64(5, 3, 4, 2, 6, 1, 7),
    ),
    'over: in a filter of its rank': anyOrder(
      ({ t }) =>
        t
          .withColumn('rank', fn.rowNumber().over(Window.partitionBy('g').orderBy(col('id').desc())))
          .filter(col('rank').eq(1))
          .select('g', 'id'),
      { g: string('a', 'b', null), id: int64(4, 6, 7) },
    ),
    'over: an aggregate of groups in a window': anyOrder(
      ({ t }) =>
        t
          .groupBy('g')
          .agg(fn.count().as('n'))
          .select(
            'g',
            fn
              .sum(col('n'))
              .over(Window.orderBy(col('n').desc()))
              .as('n'),
          ),
      { g: string('a', 'b', null), n: int128(4, 6, 7) },
    ),
    'over: a window function without a window': fails(({ t }) => t.select(fn.rank().as('y')), 'EXPRESSION_INVALID'),
  },
);
