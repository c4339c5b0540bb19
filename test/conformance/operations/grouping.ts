import { col, fn } from '../../../src/index.js';
import type { Tolerance } from '../compare.js';
import { anyOrder, type Declared, fails, operations, rows } from '../declare.js';
import {
  boolean,
  type ColumnData,
  date,
  decimal,
  float32,
  float64,
  int32,
  int64,
  int128,
  list,
  string,
  table,
} from '../types.js';

const t = table({
  shop: string('n', 's', 'n', 's', null, 'n', null),
  day: string('mo', 'mo', 'tu', 'tu', 'mo', 'mo', 'we'),
  sold: int32(1, 2, 4, 8, 16, null, 32),
  price: float64(0.5, 1.5, 2.5, null, 0.25, 4, null),
});
const none = table({ shop: string(), sold: int32() });
const signed = table({ x: float64(0, -0, Number.NaN, Number.NaN, 1, null, null) });

export const GROUPING = operations(
  'Groups',
  { t, none, signed },
  {
    'groupBy: null is a group': anyOrder(({ t }) => t.groupBy('shop').agg(fn.sum(col('sold')).as('sold')), {
      shop: string('n', 's', null),
      sold: int128(5, 10, 48),
    }),
    'groupBy: two keys': anyOrder(({ t }) => t.groupBy('shop', 'day').agg(fn.count().as('n')), {
      shop: string('n', 's', 'n', 's', null, null),
      day: string('mo', 'mo', 'tu', 'tu', 'mo', 'we'),
      n: int64(2, 1, 1, 1, 1, 1),
    }),
    'groupBy: an expression': anyOrder(({ t }) => t.groupBy(col('sold').gt(4).as('many')).agg(fn.count().as('n')), {
      many: boolean(false, true, null),
      n: int64(3, 3, 1),
    }),
    'groupBy: not-a-number is one group, 0 and -0 are one': anyOrder(
      ({ signed }) => signed.groupBy('x').agg(fn.count().as('n')).select('n'),
      { n: int64(2, 2, 1, 2) },
    ),
    'groupBy: of an empty table there are no groups': anyOrder(
      ({ none }) => none.groupBy('shop').agg(fn.count().as('n')),
      { shop: string(), n: int64() },
    ),
    'groupBy: without keys, one group': rows(({ t }) => t.groupBy().agg(fn.max(col('sold')).as('most')), {
      most: int32(32),
    }),
    'groupBy: count': anyOrder(({ t }) => t.groupBy('day').count(), {
      day: string('mo', 'tu', 'we'),
      count: int64(4, 2, 1),
    }),
    'groupBy: sum': anyOrder(({ t }) => t.groupBy('day').sum('sold', 'price'), {
      day: string('mo', 'tu', 'we'),
      'sum(sold)': int128(19, 12, 32),
      'sum(price)': float64(6.25, 2.5, null),
    }),
    'groupBy: avg': anyOrder(({ t }) => t.groupBy('day').avg('sold'), {
      day: string('mo', 'tu', 'we'),
      'avg(sold)': float64(19 / 3, 6, 32),
    }),
    'groupBy: mean is avg': anyOrder(({ t }) => t.groupBy('shop').mean('price'), {
      shop: string('n', 's', null),
      'avg(price)': float64(7 / 3, 1.5, 0.25),
    }),
    'groupBy: min and max': anyOrder(
      ({ t }) =>
        t
          .groupBy('shop')
          .min('price')
          .join(t.filter(col('shop').isNotNull()).groupBy('shop').max('day'), 'shop'),
      { shop: string('n', 's'), 'min(price)': float64(0.5, 1.5), 'max(day)': string('tu', 'tu') },
    ),
    'agg: the table as one row': rows(({ t }) => t.agg(fn.count().as('n'), fn.sum(col('sold')).as('sold')), {
      n: int64(7),
      sold: int128(63),
    }),
    'agg: of an empty table': rows(({ none }) => none.agg(fn.count().as('n'), fn.sum(col('sold')).as('sold')), {
      n: int64(0),
      sold: int128(null),
    }),
    'agg: an expression of aggregates': rows(
      ({ t }) =>
        t.agg(
          fn
            .max(col('sold'))
            .sub(fn.min(col('sold')))
            .as('range'),
        ),
      { range: int32(31) },
    ),
    'agg: a column that is not grouped': fails(({ t }) => t.agg(col('sold')), 'EXPRESSION_INVALID'),
    'filterWhere: of an aggregate': anyOrder(
      ({ t }) => t.groupBy('shop').agg(fn.sum(col('sold')).filterWhere(col('day').eq('mo')).as('sold')),
      { shop: string('n', 's', null), sold: int128(1, 2, 16) },
    ),
    'orderBy: of an aggregate': rows(
      ({ t }) => t.agg(fn.collectList(col('sold')).orderBy(col('price').desc(), col('sold').desc()).as('all')),
      { all: list(int32)([4, 2, 1, 16, 32, 8]) },
    ),
    'rollup: to the whole table': anyOrder(
      ({ t }) =>
        t
          .filter(col('shop').isNotNull())
          .rollup('shop', 'day')
          .agg(fn.sum(col('sold')).as('sold')),
      {
        shop: string('n', 'n', 's', 's', 'n', 's', null),
        day: string('mo', 'tu', 'mo', 'tu', null, null, null),
        sold: int128(1, 4, 2, 8, 5, 10, 15),
      },
    ),
    'cube: every choice of keys': anyOrder(({ t }) => t.filter(col('shop').isNotNull()).cube('shop', 'day').count(), {
      shop: string('n', 'n', 's', 's', 'n', 's', null, null, null),
      day: string('mo', 'tu', 'mo', 'tu', null, null, 'mo', 'tu', null),
      count: int64(2, 1, 1, 1, 3, 2, 3, 2, 5),
    }),
    'groupingSets: these choices': anyOrder(
      ({ t }) =>
        t
          .filter(col('shop').isNotNull())
          .groupingSets([['day'], []])
          .count(),
      { day: string('mo', 'tu', null), count: int64(3, 2, 5) },
    ),
  },
);

const v = table({
  i: int32(3, 1, null, 1, 5),
  f: float64(0.5, 2, null, -1, 0.5),
  s: string('b', 'a', null, 'b', 'c'),
  d: date('2024-03-01', '2024-01-31', null, '2024-02-29', '2024-02-29'),
  b: boolean(true, false, null, true, true),
  small: float32(0.5, 0.25, null, 0, 0.25),
  cents: decimal(5, 2)('1.50', '-0.25', null, '9.99', '0.00'),
  nothing: int32(null, null, null, null, null),
});

/** Of mean 1 and central moments 2, 2 and 6. */
const moments = table({ x: float64(0, 0, 3) });

type V = { readonly v: typeof v };

/** An aggregate of all rows. */
function all(aggregate: ReturnType<typeof fn.count>, gives: ColumnData, tolerance?: Tolerance): Declared<V> {
  return rows<V>(({ v }) => v.agg(aggregate.as('y')), { y: gives }, tolerance);
}

const ROUNDED = { relative: 2 ** -48, reason: 'moments may be summed up in several ways, which round differently' };

const { NaN: NOT_A_NUMBER } = Number;
const special = table({ x: float64(1, NOT_A_NUMBER, Number.POSITIVE_INFINITY, null) });

export const AGGREGATES = operations(
  'Aggregate functions',
  { v, special, moments },
  {
    'fn.count: rows, nulls and all': all(fn.count(), int64(5)),
    'fn.count: values that are not null': all(fn.count(col('i')), int64(4)),
    'fn.countDistinct: of one column': all(fn.countDistinct(col('s')), int64(3)),
    'fn.countDistinct: of several, without a null': all(fn.countDistinct(col('i'), col('f')), int64(4)),
    'fn.countIf: what is true': all(fn.countIf(col('i').gt(1)), int64(2)),
    'fn.sum: of integers': all(fn.sum(col('i')), int128(10)),
    'fn.sum: of floats': all(fn.sum(col('f')), float64(2)),
    'fn.sum: of float32': all(fn.sum(col('small')), float64(1)),
    'fn.sum: of nulls alone': all(fn.sum(col('nothing')), int128(null)),
    'fn.sumDistinct: each value once': all(fn.sumDistinct(col('i')), int128(9)),
    'fn.product: of floats': all(fn.product(col('f')), float64(-0.5)),
    'fn.avg: of integers': all(fn.avg(col('i')), float64(2.5)),
    'fn.avg: of decimals': all(fn.avg(col('cents')), float64(2.81)),
    'fn.min: of texts': all(fn.min(col('s')), string('a')),
    'fn.min: of dates': all(fn.min(col('d')), date('2024-01-31')),
    'fn.max: of decimals': all(fn.max(col('cents')), decimal(5, 2)('9.99')),
    'fn.max: of booleans': all(fn.max(col('b')), boolean(true)),
    'fn.max: not-a-number is the greatest': rows(({ special }) => special.agg(fn.max(col('x')).as('y')), {
      y: float64(NOT_A_NUMBER),
    }),
    'fn.min: infinity is less than not-a-number': rows(
      ({ special }) => special.filter(col('x').gt(1)).agg(fn.min(col('x')).as('y')),
      { y: float64(Number.POSITIVE_INFINITY) },
    ),
    'fn.minBy: where another is least': all(fn.minBy(col('s'), col('f')), string('b')),
    'fn.maxBy: where another is greatest': all(fn.maxBy(col('s'), col('d')), string('b')),
    'fn.first: in the order of rows': all(fn.first(col('i')), int32(3)),
    'fn.first: past nulls': rows(({ v }) => v.offset(2).agg(fn.first(col('s'), true).as('y')), { y: string('b') }),
    'fn.last: in the order of rows': all(fn.last(col('s')), string('c')),
    'fn.any: true somewhere': all(fn.any(col('b')), boolean(true)),
    'fn.every: true everywhere': all(fn.every(col('b')), boolean(false)),
    'fn.mode: the most frequent': all(fn.mode(col('i')), int32(1)),
    'fn.median: between two': all(fn.median(col('i')), float64(2)),
    'fn.percentile: between two': all(fn.percentile(col('i'), 0.75), float64(3.5)),
    'fn.percentileApprox: one of the values': all(fn.percentileApprox(col('i'), 0.5), int32(1)),
    'fn.stddev: of a sample': rows(
      ({ v }) => v.filter(col('f').gt(0)).agg(fn.stddev(col('f')).as('y')),
      {
        y: float64(Math.sqrt(0.75)),
      },
      ROUNDED,
    ),
    'fn.stddevPop: of all': all(fn.stddevPop(col('i')), float64(Math.sqrt(2.75)), ROUNDED),
    'fn.variance: of a sample': all(fn.variance(col('i')), float64(11 / 3), ROUNDED),
    'fn.variance: of one value': rows(({ v }) => v.limit(1).agg(fn.variance(col('i')).as('y')), { y: float64(null) }),
    'fn.varPop: of all': all(fn.varPop(col('i')), float64(2.75), ROUNDED),
    'fn.skewness: of all': rows(
      ({ moments }) => moments.agg(fn.skewness(col('x')).as('y')),
      { y: float64(Math.SQRT1_2) },
      ROUNDED,
    ),
    'fn.kurtosis: of all, less 3': rows(
      ({ moments }) => moments.agg(fn.kurtosis(col('x')).as('y')),
      { y: float64(-1.5) },
      ROUNDED,
    ),
    'fn.approxCountDistinct: about': rows(
      ({ moments }) => moments.agg(fn.approxCountDistinct(col('x')).between(1, 3).as('y')),
      { y: boolean(true) },
    ),
    'fn.corr: a line': all(fn.corr(col('i'), col('i').mul(-2)), float64(-1), ROUNDED),
    'fn.covarPop: of pairs': all(fn.covarPop(col('i'), col('i').mul(2)), float64(5.5), ROUNDED),
    'fn.covarSamp: of pairs': all(fn.covarSamp(col('i'), col('i').mul(3)), float64(11), ROUNDED),
    'fn.collectList: in the order of rows, without nulls': all(
      fn.collectList(col('s')),
      list(string)(['b', 'a', 'b', 'c']),
    ),
    'fn.collectSet: each value once': all(fn.collectSet(col('s')), list(string)(['a', 'b', 'c'])),
    'fn.collectList: of nulls alone': all(fn.collectList(col('nothing')), list(int32)([])),
    'fn.stringAgg: with a separator': all(fn.stringAgg(col('s'), '-'), string('b-a-b-c')),
  },
);
