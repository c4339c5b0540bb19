import { aggregates } from '../../../src/frame/functions/aggregates.js';
import { col, fn } from '../../../src/index.js';
import { testUses } from './table.js';

/** Four rows, one row, two equal rows, and a group without values. */
const SOURCE = `SELECT g, x::INTEGER AS x, y::DOUBLE AS y, s, b FROM (VALUES
  ('four', 1, 2.0, 'b', true),
  ('four', 4, NULL, NULL, false),
  ('four', 2, 1.0, 'a', NULL),
  ('four', 4, 8.0, 'b', true),
  ('none', NULL, NULL, NULL, NULL),
  ('one', 5, 3.0, 'z', false),
  ('same', 7, 1.0, 'q', true),
  ('same', 7, 5.0, 'p', true)) v(g, x, y, s, b)`;

const x = col('x');
const y = col('y');
const s = col('s');
const b = col('b');

/** Of 1, 4, 2, 4: mean 11/4; squared differences from it add up to 27/4, cubes to -45/8 and fourth powers to 2213/... */
const differences = [1, 4, 2, 4].map(value => value - 11 / 4);
const moment = (power: number): number => differences.reduce((sum, each) => sum + each ** power, 0) / 4;
/** Of the pairs (1, 2), (2, 1), (4, 8): the means are 7/3 and 11/3. */
const covariance = (1 * 2 + 2 * 1 + 4 * 8) / 3 - (7 / 3) * (11 / 3);
const deviations = Math.sqrt((1 + 4 + 16) / 3 - (7 / 3) ** 2) * Math.sqrt((4 + 1 + 64) / 3 - (11 / 3) ** 2);

testUses(
  'aggregates',
  aggregates,
  SOURCE,
  {
    count: [
      [fn.count(), [4n, 1n, 1n, 2n]],
      [fn.count(y), [3n, 0n, 1n, 2n]],
    ],
    countDistinct: [
      [fn.countDistinct(x), [3n, 0n, 1n, 1n]],
      [fn.countDistinct(x, s), [3n, 0n, 1n, 2n]],
      [fn.countDistinct(b, b), [2n, 0n, 1n, 1n]],
    ],
    countIf: [[fn.countIf(b), [2n, 0n, 0n, 2n]]],
    approxCountDistinct: [[fn.approxCountDistinct(x), [3n, 0n, 1n, 1n]]],
    sum: [
      [fn.sum(x), [11n, null, 5n, 14n]],
      [fn.sum(y), [11, null, 3, 6]],
    ],
    sumDistinct: [[fn.sumDistinct(x), [7n, null, 5n, 7n]]],
    product: [[fn.product(x), [32, null, 5, 49]]],
    avg: [[fn.avg(x), [2.75, null, 5, 7]]],
    min: [
      [fn.min(x), [1, null, 5, 7]],
      [fn.min(s), ['a', null, 'z', 'p']],
    ],
    max: [
      [fn.max(x), [4, null, 5, 7]],
      [fn.max(s), ['b', null, 'z', 'q']],
    ],
    minBy: [
      [fn.minBy(s, y), ['a', null, 'z', 'q']],
      [fn.minBy(b, y), [null, null, false, true]],
    ],
    maxBy: [
      [fn.maxBy(s, y), ['b', null, 'z', 'p']],
      [fn.maxBy(y, s), [2, null, 3, 1]],
    ],
    first: [
      [fn.first(x), [1, null, 5, 7]],
      [fn.first(y).orderBy(x.desc(), s), [8, null, 3, 5]],
      [fn.first(y, true).orderBy(x.desc(), s.asc().withNullsFirst()), [8, null, 3, 5]],
      [fn.first(y).orderBy(x.desc(), s.asc().withNullsFirst()), [null, null, 3, 5]],
    ],
    last: [
      [fn.last(x), [4, null, 5, 7]],
      [fn.last(s).orderBy(s), [null, null, 'z', 'q']],
      [fn.last(s, true).orderBy(s), ['b', null, 'z', 'q']],
    ],
    any: [[fn.any(b), [true, null, false, true]]],
    every: [[fn.every(b), [false, null, false, true]]],
    mode: [
      [fn.mode(x), [4, null, 5, 7]],
      [fn.mode(s), ['b', null, 'z', 'q']],
    ],
    median: [[fn.median(x), [3, null, 5, 7]]],
    percentile: [
      [fn.percentile(x, 0.25), [1.75, null, 5, 7]],
      [fn.percentile(x, 1), [4, null, 5, 7]],
    ],
    percentileApprox: [
      [fn.percentileApprox(x, 0.25), [1, null, 5, 7]],
      [fn.percentileApprox(x, 0.5), [2, null, 5, 7]],
      [fn.percentileApprox(x, 0), [1, null, 5, 7]],
    ],
    stddev: [[fn.stddev(x), [1.5, null, null, 0]]],
    stddevPop: [[fn.stddevPop(x), [Math.sqrt(27) / 4, null, 0, 0]]],
    variance: [[fn.variance(x), [2.25, null, null, 0]]],
    varPop: [[fn.varPop(x), [27 / 16, null, 0, 0]]],
    skewness: [
      [fn.skewness(x), [moment(3) / moment(2) ** 1.5, null, null, null]],
      [
        fn.skewness(y),
        [((2 - 11 / 3) ** 3 + (1 - 11 / 3) ** 3 + (8 - 11 / 3) ** 3) / 3 / (86 / 9) ** 1.5, null, null, 0],
      ],
    ],
    kurtosis: [
      [fn.kurtosis(x), [moment(4) / moment(2) ** 2 - 3, null, null, null]],
      [fn.kurtosis(y), [-1.5, null, null, -2]],
    ],
    corr: [[fn.corr(x, y), [covariance / deviations, null, null, null]]],
    covarSamp: [[fn.covarSamp(x, y), [(covariance * 3) / 2, null, null, 0]]],
    covarPop: [[fn.covarPop(x, y), [covariance, null, 0, 0]]],
    collectList: [
      [fn.collectList(x), [[1, 4, 2, 4], [], [5], [7, 7]]],
      [fn.collectList(s), [['b', 'a', 'b'], [], ['z'], ['q', 'p']]],
      [fn.collectList(s).orderBy(y.desc()), [['b', 'b', 'a'], [], ['z'], ['p', 'q']]],
    ],
    collectSet: [[fn.collectSet(s), [['a', 'b'], [], ['z'], ['p', 'q']]]],
    stringAgg: [
      [fn.stringAgg(s), ['bab', null, 'z', 'qp']],
      [fn.stringAgg(s, ', ').orderBy(s), ['a, b, b', null, 'z', 'p, q']],
    ],
  },
  (table, columns) =>
    table
      .groupBy('g')
      .agg(...columns)
      .orderBy('g')
      .drop('g'),
);
