import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  children,
  columnsOf,
  describe as describeExpr,
  type Expr,
  mapChildren,
  nameOf,
} from '../../../src/frame/expr.js';
import { type Column, col, fn, Window } from '../../../src/index.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile } from '../../support/tables.js';

/** What a column is, how a person would write it, and the columns it reads. */
const TABLE: readonly (readonly [Column, string, readonly string[]])[] = [
  [fn.sum(col('a')).filterWhere(col('b').gt(1)), 'sum(a) filter (where (b > 1))', ['a', 'b']],
  [
    fn.count(col('a')).filterWhere(col('b')).filterWhere(col('c')),
    'count(a) filter (where (b and c))',
    ['a', 'b', 'c'],
  ],
  [
    fn.first(col('a')).orderBy(col('b').desc().withNullsFirst(), col('c')),
    'first(a order by b desc nulls first, c)',
    ['a', 'b', 'c'],
  ],
  [fn.rank().over(Window.orderBy('a')), 'rank() over (order by a)', ['a']],
  [
    fn.sum(col('a')).over(Window.partitionBy('b', col('c').mod(2)).orderBy(col('d').desc()).rowsBetween(-2, 0)),
    'sum(a) over (partition by b, (c % 2) order by d desc rows between 2 preceding and current row)',
    ['a', 'b', 'c', 'd'],
  ],
  [
    fn.max(col('a')).over(Window.orderBy('b').rangeBetween(Window.unboundedPreceding, 1.5)),
    'max(a) over (order by b range between unbounded preceding and 1.5 following)',
    ['a', 'b'],
  ],
  [fn.lag(col('a'), 2, 0, true).over(Window.orderBy('b')), 'lag(a, 2, 0 ignore nulls) over (order by b)', ['a', 'b']],
  [fn.transform(col('xs'), x => x.mul(col('a'))).as('t'), 'list_transform(xs, x -> (x * a))', ['xs', 'a']],
  [
    fn.transform(col('xs'), (x, i) => fn.filter(x, y => y.gt(i))).as('t'),
    'list_transform(xs, (x, y) -> list_filter(x, z -> (z > (y - 1))))',
    ['xs'],
  ],
  [fn.namedStruct({ n: col('a'), 'm m': 1 }), 'struct_pack(n: a, m m: 1)', ['a']],
];

test('windows, lambdas and conditions of aggregates are described as a person would write them', () => {
  for (const [column, text, names] of TABLE) {
    assert.equal(describeExpr(column.expr), text);
    assert.deepEqual([...columnsOf(column.expr)], names, text);
  }
});

test('their children can be replaced', () => {
  const rename = (expr: Expr): Expr =>
    expr.kind === 'column' ? { kind: 'column', name: `${expr.name}_` } : mapChildren(expr, rename);
  for (const [column, text, names] of TABLE) {
    const renamed = rename(column.expr);
    assert.deepEqual(
      [...columnsOf(renamed)],
      names.map(name => `${name}_`),
      text,
    );
    assert.equal(describeExpr(column.expr), text, 'the expression they come from stays as it is');
    assert.equal(children(renamed).length, children(column.expr).length);
  }
});

test('they are frozen', () => {
  const frozen = (value: unknown): boolean =>
    typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
  for (const [column, text] of TABLE) assert.ok(frozen(column.expr), text);
  for (const column of [fn.corr(col('a'), col('b')), fn.collectList(col('a')), fn.slice(col('xs'), -1, 2)]) {
    assert.ok(frozen(column.expr));
    assert.ok(frozen(column.as('x').expr));
  }
});

test('a column that nobody names is named as the function was written', () => {
  assert.equal(nameOf(fn.dayOfWeek(col('d'))), 'dayOfWeek(d)');
  assert.equal(nameOf(fn.lpad(col('s'), 5, '?')), "lpad(s, 5, '?')");
  assert.equal(nameOf(fn.substring('abc', col('n'))), "substring('abc', n)");
  assert.equal(nameOf(fn.transform(col('xs'), x => x.mul(2))), 'transform(xs, x -> (x * 2))');
  assert.equal(nameOf(fn.stddev(col('a').add(1))), 'stddev((a + 1))');
  assert.equal(nameOf(fn.countDistinct(col('a'), col('b'))), 'countDistinct(a, b)');
  assert.equal(nameOf(fn.rowNumber()), 'rowNumber()');
});

test('an element is told from a column of its name', async context => {
  const session = await openSession(context, { workers: 1 });
  const path = await makeFile(join(temporaryFolder(context), 't.parquet'), 'SELECT [1, 2] AS xs, 100 AS x, 7 AS y');
  const [row] = await session.read
    .parquet(path)
    .select(
      fn.transform(col('xs'), e => e.add(col('x'))).as('one'),
      fn.transform(col('xs'), a => fn.transform(col('xs'), b => a.mul(10).add(b).add(col('y')))).as('two'),
      fn.transform(col('xs'), e => fn.reduce(col('xs'), 0, (sum, f) => sum.add(e.mul(f)))).as('three'),
    )
    .collect();
  assert.deepEqual(row, {
    one: [101, 102],
    two: [
      [18, 19],
      [28, 29],
    ],
    three: [3, 6],
  });
});
