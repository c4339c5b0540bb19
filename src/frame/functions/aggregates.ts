import { InframeError, shown } from '../errors.js';
import type { Column } from '../expr.js';
import type { NeedsOf, Unnamed } from '../typed/column.js';
import {
  aggregate,
  aggregated,
  aggregateKeeping,
  aggregateOf,
  aggregateOfTwo,
  callOf,
  choose,
  FLOAT64,
  type Like,
  labelled,
  NAN,
  type Numeric,
  type OnlyColumn,
  type Plain,
  text,
  typedAggregate,
} from './declare.js';

/*
 * One value of the many rows of a group, or `.over(...)` a window. Nulls are passed over where nothing else is said, and
 * of no values at all the result is null.
 */

/** Of rows, it is called `count`. */
export interface Count {
  (): Column<bigint, never, 'count'>;
  <C extends Column>(column: C): Column<bigint, NeedsOf<C>, Unnamed>;
  (column?: Column): Column<bigint>;
}

type Pair = [column: OnlyColumn<unknown>, by: OnlyColumn<unknown>];

const count = (column?: Column): Column =>
  column === undefined
    ? aggregateOf('count_star', []).as('count')
    : labelled('count', [column], aggregateOf('count', [aggregated('count', column)]));

/** Division by nothing gives not-a-number in the engine and null in Spark. */
const orNull = (column: Column): Column => callOf('nullif', column, NAN);

export const aggregates = {
  /** `count(column?)`: the number of rows, or of values of a column that are not null. */
  count: count as Count,

  /** `countDistinct(column, ...)`: the number of different values, or of different rows of several columns without a null. */
  countDistinct: typedAggregate<[column: OnlyColumn<unknown>, ...more: OnlyColumn<unknown>[]], bigint>(
    (column, ...more) => {
      const columns = [column, ...more].map(each => aggregated('countDistinct', each));
      const complete = columns.map(each => each.isNotNull()).reduce((all, each) => all.and(each)).expr;
      const counted =
        more.length === 0
          ? aggregateOf('count', [column], { distinct: true })
          : aggregateOf('count', [callOf('row', ...columns)], { distinct: true, filter: complete });
      return labelled('countDistinct', columns, counted);
    },
  ),

  /** `countIf(condition)`: the number of rows for which a condition is true. */
  countIf: aggregate<boolean, bigint, never>('countIf', condition =>
    aggregateOf('count_star', [], { filter: condition.expr }),
  ),

  /** `approxCountDistinct(column)`: about how many different values there are, in little memory; half of the counts are within a tenth of the truth, few are off by half. */
  approxCountDistinct: aggregate<unknown, bigint, never>('approxCountDistinct', 'approx_count_distinct'),

  /** `sum(column)`: the sum; of integers a whole number of 128 bits. */
  sum: typedAggregate<[column: OnlyColumn<Numeric>], Like<'total'>>(aggregate<Numeric, Numeric>('sum')),

  /** `sumDistinct(column)`: the sum of the different values. */
  sumDistinct: typedAggregate<[column: OnlyColumn<Numeric>], Like<'total'>>(
    aggregate<Numeric, Numeric>('sumDistinct', column => aggregateOf('sum', [column], { distinct: true })),
  ),

  /** `product(column)`: the product, as a float64. */
  product: aggregate<Numeric, number>('product'),

  /** `avg(column)`: the arithmetic mean. */
  avg: aggregate<Numeric, number>('avg'),

  /** `min(column)`: the least value. */
  min: aggregateKeeping<unknown>('min'),

  /** `max(column)`: the greatest value; not-a-number is greater than every number. */
  max: aggregateKeeping<unknown>('max'),

  /** `minBy(column, by)`: the value in the row where `by` is least; it may be null. */
  minBy: typedAggregate<Pair, Like<'firstOrNull'>>((column, by) =>
    labelled(
      'minBy',
      [column, by],
      aggregateOf('arg_min_null', [aggregated('minBy', column), aggregated('minBy', by)]),
    ),
  ),

  /** `maxBy(column, by)`: the value in the row where `by` is greatest; it may be null. */
  maxBy: typedAggregate<Pair, Like<'firstOrNull'>>((column, by) =>
    labelled(
      'maxBy',
      [column, by],
      aggregateOf('arg_max_null', [aggregated('maxBy', column), aggregated('maxBy', by)]),
    ),
  ),

  /** `first(column, ignoreNulls = false)`: the value of the first row, null or not. Rows have the source's order, or that of `.orderBy(...)`. */
  first: typedAggregate<[column: OnlyColumn<unknown>, ignoreNulls?: Plain<boolean>], Like<'firstOrNull'>>(
    (column, ignoreNulls = false) => valueOfRow('first', column, ignoreNulls),
  ),

  /** `last(column, ignoreNulls = false)`: the value of the last row, null or not. */
  last: typedAggregate<[column: OnlyColumn<unknown>, ignoreNulls?: Plain<boolean>], Like<'firstOrNull'>>(
    (column, ignoreNulls = false) => valueOfRow('last', column, ignoreNulls),
  ),

  /** `any(condition)`: true if a condition is true in some row. */
  any: aggregate<boolean, boolean>('any', 'bool_or'),

  /** `every(condition)`: true if a condition is true in every row. */
  every: aggregate<boolean, boolean>('every', 'bool_and'),

  /** `mode(column)`: the most frequent value; of several the one that comes first. */
  mode: aggregateKeeping<unknown>('mode'),

  /** `median(column)`: the middle value, or the mean of the two in the middle. */
  median: aggregate<Numeric, number>('median'),

  /** `percentile(column, fraction)`: the value below which a fraction (0 to 1) of the values lies, interpolated between two. */
  percentile: typedAggregate<[column: OnlyColumn<Numeric>, fraction: Plain<number>], number | null>(
    (column, fraction) =>
      labelled('percentile', [column, fraction], quantile('percentile', 'quantile_cont', column, fraction)),
  ),

  /** `percentileApprox(column, fraction)`: the least value that is not below a fraction (0 to 1) of the values. It is exact here, and holds the values in memory. */
  percentileApprox: typedAggregate<[column: OnlyColumn<unknown>, fraction: Plain<number>], Like<'firstOrNull'>>(
    (column, fraction) =>
      labelled('percentileApprox', [column, fraction], quantile('percentileApprox', 'quantile_disc', column, fraction)),
  ),

  /** `stddev(column)`: the standard deviation of a sample; null of a single value. */
  stddev: aggregate<Numeric, number>('stddev', 'stddev_samp'),

  /** `stddevPop(column)`: the standard deviation of all there is. */
  stddevPop: aggregate<Numeric, number>('stddevPop', 'stddev_pop'),

  /** `variance(column)`: the variance of a sample; null of a single value. */
  variance: aggregate<Numeric, number>('variance', 'var_samp'),

  /** `varPop(column)`: the variance of all there is. */
  varPop: aggregate<Numeric, number>('varPop', 'var_pop'),

  /**
   * `skewness(column)`: the third standardized moment of all there is; null where all values are equal. DuckDB's corrects
   * it for a sample, which is taken back here.
   */
  skewness: aggregate<Numeric, number>('skewness', column => {
    const n = aggregateOf('count', [column]).cast(FLOAT64);
    const sample = orNull(aggregateOf('skewness', [column]));
    const all = sample.mul(n.sub(2)).div(callOf('sqrt', n.mul(n.sub(1))));
    return choose(n.gt(2), all, choose(aggregateOf('var_pop', [column]).gt(0), 0));
  }),

  /** `kurtosis(column)`: the fourth standardized moment of all there is, less 3; null where all values are equal. */
  kurtosis: aggregate<Numeric, number>('kurtosis', 'kurtosis_pop'),

  /** `corr(x, y)`: Pearson's correlation; null where one of the two does not vary. */
  corr: aggregateOfTwo<Numeric, Numeric, number>('corr', (x, y) => orNull(aggregateOf('corr', [x, y]))),

  /** `covarSamp(x, y)`: the covariance of a sample; null of a single pair. */
  covarSamp: aggregateOfTwo<Numeric, Numeric, number>('covarSamp', 'covar_samp'),

  /** `covarPop(x, y)`: the covariance of all there is. */
  covarPop: aggregateOfTwo<Numeric, Numeric, number>('covarPop', 'covar_pop'),

  /** `collectList(column)`: all values that are not null, as one list in the order of the rows; an empty one of none. */
  collectList: typedAggregate<[column: OnlyColumn<unknown>], Like<'listOfPresent'>>(column =>
    labelled('collectList', [column], listOf('collectList', column)),
  ),

  /** `collectSet(column)`: the different values that are not null, as one list in ascending order. */
  collectSet: typedAggregate<[column: OnlyColumn<unknown>], Like<'listOfPresent'>>(column =>
    labelled('collectSet', [column], callOf('list_sort', listOf('collectSet', column, true))),
  ),

  /** `stringAgg(column, separator = '')`: the texts that are not null, one after the other. */
  stringAgg: typedAggregate<[column: OnlyColumn<string>, separator?: Plain<string>], string | null>(
    (column, separator = '') =>
      labelled(
        'stringAgg',
        [column, separator],
        aggregateOf('string_agg', [aggregated('stringAgg', column), text('stringAgg', 'separator', separator)]),
      ),
  ),
};

function valueOfRow(name: string, column: Column, ignoreNulls: boolean): Column {
  const value = aggregateOf(name, [aggregated(name, column)], ignoreNulls ? { ignoreNulls } : {});
  return labelled(name, [column], value);
}

function listOf(name: string, column: Column, distinct = false): Column {
  const present = aggregated(name, column).isNotNull().expr;
  return callOf('coalesce', aggregateOf('list', [column], { distinct, filter: present }), []);
}

function quantile(name: string, engineName: string, column: Column, fraction: number): Column {
  if (typeof fraction !== 'number' || !(fraction >= 0 && fraction <= 1)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `fraction ${shown(fraction)} of ${name}() is not possible; give a number from 0 to 1`,
    );
  }
  return aggregateOf(engineName, [aggregated(name, column), fraction]);
}
