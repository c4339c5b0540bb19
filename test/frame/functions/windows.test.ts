import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windows } from '../../../src/frame/functions/windows.js';
import { type Column, col, type DataFrame, fn, Window } from '../../../src/index.js';
import { inframeError } from '../../support/onnx.js';
import { testUses } from './table.js';

/** A partition of four rows, two of them equal, and one of a single row; the rows stand in the order of `i`. */
const SOURCE = `SELECT g, i::INTEGER AS i, x::INTEGER AS x FROM (VALUES
  ('a', 1, 10),
  ('a', 2, 20),
  ('a', 3, NULL),
  ('a', 3, 40),
  ('b', 9, 50)) v(g, i, x)`;

const x = col('x');
const ordered = Window.partitionBy('g').orderBy('i', col('x').asc().withNullsFirst());
const tied = Window.partitionBy('g').orderBy('i');
const whole = ordered.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing);
const near = ordered.rowsBetween(-1, Window.currentRow);

/** A window may leave the rows in its own order. */
const inOrder = (table: DataFrame, columns: readonly Column[]): DataFrame =>
  table.select('g', 'i', 'x', ...columns).orderBy('g', 'i', col('x').asc().withNullsFirst());

testUses(
  'functions of windows',
  windows,
  SOURCE,
  {
    rowNumber: [[fn.rowNumber().over(ordered), [1n, 2n, 3n, 4n, 1n]]],
    rank: [
      [fn.rank().over(tied), [1n, 2n, 3n, 3n, 1n]],
      [fn.rank().over(Window.orderBy(col('i').desc())), [5n, 4n, 2n, 2n, 1n]],
    ],
    denseRank: [[fn.denseRank().over(Window.orderBy(col('i').desc())), [4n, 3n, 2n, 2n, 1n]]],
    percentRank: [[fn.percentRank().over(tied), [0, 1 / 3, 2 / 3, 2 / 3, 0]]],
    cumeDist: [[fn.cumeDist().over(tied), [1 / 4, 1 / 2, 1, 1, 1]]],
    ntile: [[fn.ntile(3).over(ordered), [1n, 1n, 2n, 3n, 1n]]],
    lag: [
      [fn.lag(x).over(ordered), [null, 10, 20, null, null]],
      [fn.lag(x, 2, 0).over(ordered), [0, 0, 10, 20, 0]],
      [fn.lag(x, 1, null, true).over(ordered), [null, 10, 20, 20, null]],
      [fn.lag(x, -1).over(ordered), [20, null, 40, null, null]],
    ],
    lead: [
      [fn.lead(x).over(ordered), [20, null, 40, null, null]],
      [fn.lead(x, 1, -1, true).over(ordered), [20, 40, 40, -1, -1]],
    ],
    firstValue: [
      [fn.firstValue(x).over(near), [10, 10, 20, null, 50]],
      [fn.firstValue(x, true).over(near), [10, 10, 20, 40, 50]],
    ],
    lastValue: [
      [fn.lastValue(x).over(near), [10, 20, null, 40, 50]],
      [fn.lastValue(x, true).over(near), [10, 20, 20, 40, 50]],
    ],
    nthValue: [
      [fn.nthValue(x, 2).over(whole), [20, 20, 20, 20, null]],
      [fn.nthValue(x, 3, true).over(whole), [40, 40, 40, 40, null]],
    ],
  },
  inOrder,
);

const aggregates = {
  sum: fn.sum,
  count: fn.count,
  collectList: fn.collectList,
  corr: fn.corr,
  first: fn.first,
  last: fn.last,
  max: fn.max,
  countDistinct: fn.countDistinct,
};

testUses(
  'aggregates over windows',
  aggregates,
  SOURCE,
  {
    sum: [
      [fn.sum(x).over(Window.partitionBy('g')), [70n, 70n, 70n, 70n, 50n]],
      [fn.sum(x).over(tied), [10n, 30n, 70n, 70n, 50n]],
      [fn.sum(x).over(near), [10n, 30n, 20n, 40n, 50n]],
      [fn.sum(x).over(ordered.rowsBetween(1, 2)), [20n, 40n, 40n, null, null]],
      [fn.sum(x).over(Window.orderBy('i').rangeBetween(-1, 0)), [10n, 30n, 60n, 60n, 50n]],
      [fn.sum(x).over(Window.orderBy('i').rangeBetween(-0.5, Window.unboundedFollowing)), [120n, 110n, 90n, 90n, 50n]],
      [x.div(fn.sum(x).over(Window.partitionBy('g'))), [1 / 7, 2 / 7, null, 4 / 7, 1]],
    ],
    count: [
      [fn.count().over(near), [1n, 2n, 2n, 2n, 1n]],
      [fn.count().filterWhere(x.gt(10)).over(whole), [2n, 2n, 2n, 2n, 1n]],
      [fn.countIf(x.gt(10)).filterWhere(x.lt(40)).over(whole), [1n, 1n, 1n, 1n, 0n]],
    ],
    // Made of an aggregate and something around it, or of several.
    collectList: [[fn.collectList(x).over(near), [[10], [10, 20], [20], [40], [50]]]],
    corr: [
      [
        fn.corr(x, col('i')).over(Window.partitionBy('g').orderBy('i')),
        [null, 1, 30 / Math.sqrt((1400 / 3) * 2), 30 / Math.sqrt((1400 / 3) * 2), null],
      ],
    ],
    first: [
      [fn.first(x).over(near), [10, 10, 20, null, 50]],
      [fn.first(x, true).over(near), [10, 10, 20, 40, 50]],
    ],
    last: [[fn.last(x, true).over(near), [10, 20, 20, 40, 50]]],
    max: [[fn.max(x).over(ordered.rowsBetween(-2, -1)), [null, 10, 20, 20, null]]],
    countDistinct: [[fn.countDistinct(x, col('g')).over(Window.partitionBy('g')), [3n, 3n, 3n, 3n, 1n]]],
  },
  inOrder,
);

test('a window that cannot be is refused', () => {
  const refused = (act: () => unknown, ...parts: readonly string[]): void =>
    assert.throws(act, inframeError('ARGUMENT_INVALID', ...parts));
  refused(() => fn.rank().over(Window.partitionBy('g')), "'rank()'", 'has no order', ".orderBy('column')");
  refused(() => fn.lag(x).over(near), "'lag(x, 1)'", 'has a frame', 'leave out rowsBetween()');
  refused(() => fn.sum(x).over(Window.rangeBetween(-1, 0)), 'has 0 columns of order');
  refused(() => fn.sum(x).over(ordered.rangeBetween(-1, 0)), 'has 2 columns of order');
  refused(() => fn.first(x).filterWhere(x.gt(1)).over(ordered), "'first(x) filter (where (x > 1))'", 'when()');
  refused(() => x.over(ordered), "expression 'x' has no over()", 'fn.rank()');
  refused(() => fn.sum(x).over(ordered).over(ordered), 'call over() before over()');
  refused(() => fn.sum(x).over(ordered).filterWhere(x.gt(1)), 'call filterWhere() before over()');
  // @ts-expect-error a window is no text
  refused(() => fn.sum(x).over('g'), 'window "g" of over()', "Window.partitionBy('column')");
  refused(() => Window.rowsBetween(0.5, 1), 'bound 0.5 of rowsBetween() is not a whole number of rows');
  refused(() => Window.rangeBetween(Number.NaN, 1), 'bound NaN of rangeBetween() is not a number');
  refused(() => Window.rowsBetween(1, 0), 'frame 1 to 0 of rowsBetween() holds no row');
  refused(() => Window.rowsBetween(Window.unboundedFollowing, Window.unboundedFollowing), 'holds no row');
  // @ts-expect-error a partition is a name or an expression
  refused(() => Window.partitionBy(5), 'column 5');
  // @ts-expect-error so is an order
  refused(() => Window.orderBy(null), 'column null');
});

test('a window says anew what was said before, and stays as it was', () => {
  const first = Window.partitionBy('a').orderBy('b').rowsBetween(-1, 1);
  const second = first.partitionBy('c', col('d')).orderBy(col('e').desc()).rangeBetween(0, 2.5);
  const { definition } = second;
  assert.deepEqual(definition, {
    partitionBy: [
      { kind: 'column', name: 'c' },
      { kind: 'column', name: 'd' },
    ],
    orderBy: [{ expr: { kind: 'column', name: 'e' }, descending: true, nullsFirst: false }],
    frame: { unit: 'range', start: 'currentRow', end: 2.5 },
  });
  assert.deepEqual(first.definition.partitionBy, [{ kind: 'column', name: 'a' }]);
  assert.deepEqual(first.definition.frame, { unit: 'rows', start: -1, end: 1 });
  for (const part of [second, definition, definition.partitionBy, definition.orderBy, definition.frame]) {
    assert.ok(Object.isFrozen(part));
  }
});
