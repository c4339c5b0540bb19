import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataFrame } from '../../src/frame/dataframe.js';
import { col, fn, lit } from '../../src/frame/functions.js';
import { DataFrameReader } from '../../src/frame/reader.js';
import { inframeError } from '../support/onnx.js';
import { fakeSession } from './fake-engine.js';

const table = new DataFrameReader(fakeSession([])).parquet('t.parquet');

/** A verb called wrongly, and words its message must have. What no compiler lets through is written with `as never`. */
const WRONG: readonly (readonly [() => unknown, ...string[]])[] = [
  [() => table.select(), 'select names no column'],
  [() => table.select(5 as never), 'column 5', "col('name')"],
  [() => table.select(['a', 'b'] as never), 'column ["a","b"]'],
  [() => table.select(''), 'column name ""'],
  [() => table.select(col('a').desc() as never), 'neither a name nor an expression'],
  [() => table.withColumn('', 1), "column name ''"],
  [() => table.withColumn('x', undefined as never), 'value undefined'],
  [() => table.withColumn('x', (() => 1) as never), 'a function', 'call it'],
  [() => table.withColumns({}), 'withColumns names no column'],
  [() => table.withColumns(null as never), 'argument null', 'withColumns({ name: ... })'],
  [() => table.withColumns('x' as never), 'argument "x"'],
  [() => table.withColumns(col('a') as never), 'is not an object of names'],
  [() => table.drop(), 'drop names no column'],
  [() => table.drop(1 as never), 'column name 1 in drop'],
  [() => table.drop(''), 'column name ""'],
  [() => table.rename({}), 'rename names no column'],
  [() => table.rename(undefined as never), 'argument undefined', 'rename({ name: ... })'],
  [() => table.rename({ a: '' }), 'column name "" in rename'],
  [() => table.rename({ a: 2 as never }), 'column name 2 in rename'],
  [() => table.filter(undefined as never), 'filter condition undefined', "'x > 0'"],
  [() => table.filter(true as never), 'filter condition true'],
  [() => table.filter(' '), 'expression " "'],
  [() => table.limit(-1), 'limit -1', 'a whole number from 0'],
  [() => table.limit(1.5), 'limit 1.5'],
  [() => table.limit('x' as never), 'limit "x"'],
  [() => table.limit(Number.NaN), 'limit NaN'],
  [() => table.limit(Number.POSITIVE_INFINITY), 'limit Infinity'],
  [() => table.limit(10n as never), 'limit 10n'],
  [() => table.limit(3, -2), 'offset -2'],
  [() => table.sample(1.01), 'fraction 1.01', 'from 0 to 1'],
  [() => table.sample(-0.1), 'fraction -0.1'],
  [() => table.sample('0.5' as never), 'fraction "0.5"'],
  [() => table.sample(null as never), 'fraction null'],
  [() => table.sample(Number.NaN), 'fraction NaN'],
  [() => table.sample(0.5, { seed: 1.5 }), 'seed 1.5'],
  [() => table.orderBy(), 'orderBy names no column'],
  [() => table.orderBy(null as never), 'column null'],
  [() => table.groupBy('a').agg(), 'agg names no column'],
  [() => table.groupBy(7 as never).count(), 'column 7'],
  [() => table.agg({ sum: 'a' } as never), 'column {"sum":"a"}'],
];

test('a verb that is called wrongly says so at once, and what to do', () => {
  for (const [call, ...words] of WRONG) assert.throws(call, inframeError('ARGUMENT_INVALID', ...words), String(call));
});

test('each verb adds a node, and the frame it is called on stays as it is', () => {
  const before = table.plan;
  const kinds = [
    table.select('a', '*'),
    table.withColumn('x', 1),
    table.withColumns({ x: col('a'), y: null }),
    table.drop('a'),
    table.rename({ a: 'b' }),
    table.filter('a > 1'),
    table.limit(0),
    table.sample(1),
    table.orderBy('a', col('b').desc().withNullsFirst(), lit(1)),
    table.groupBy().count(),
    table.agg(fn.sum(col('a'))),
  ].map(frame => {
    assert.ok(frame instanceof DataFrame && Object.isFrozen(frame) && Object.isFrozen(frame.plan));
    assert.equal('input' in frame.plan && frame.plan.input, before);
    return frame.plan.kind;
  });
  assert.deepEqual(kinds, [
    'select',
    'withColumns',
    'withColumns',
    'drop',
    'rename',
    'filter',
    'limit',
    'sample',
    'sort',
    'aggregate',
    'aggregate',
  ]);
  assert.equal(table.plan, before);
});

test('directions and places of nulls are kept', () => {
  const { plan } = table.orderBy('a', col('b').desc(), col('c').asc().withNullsFirst());
  assert.ok(plan.kind === 'sort');
  assert.deepEqual(
    plan.keys.map(({ descending, nullsFirst }) => [descending, nullsFirst]),
    [
      [false, false],
      [true, false],
      [false, true],
    ],
  );
});

test('show and toText take a whole number of rows', async () => {
  for (const wrong of [-1, 2.5, '3' as never, Number.NaN]) {
    await assert.rejects(table.toText(wrong), inframeError('ARGUMENT_INVALID', 'count', 'a whole number from 0'));
  }
});
