import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyze } from '../../src/frame/analyze.js';
import type { DataFrame } from '../../src/frame/dataframe.js';
import { Column, describe as describeExpr, some } from '../../src/frame/expr.js';
import { call, col, fn, lit, sql } from '../../src/frame/functions.js';
import { DataFrameReader } from '../../src/frame/reader.js';
import { expressionsOf, type Relation } from '../../src/frame/relation.js';
import { inframeError } from '../support/onnx.js';
import { fakeSession } from './fake-engine.js';
import { modelNamed } from './relations.js';

const session = fakeSession([
  { name: 'a', type: { kind: 'int32' } },
  { name: 'Price', type: { kind: 'float64' } },
  { name: 'cut', type: { kind: 'string' } },
]);
const table = new DataFrameReader(session).parquet('t.parquet');

function check(frame: DataFrame): Promise<Relation> {
  return analyze(frame.plan, session.engine);
}

async function names(frame: DataFrame): Promise<readonly string[]> {
  return (await frame.schema()).names;
}

async function written(frame: DataFrame): Promise<readonly string[]> {
  return expressionsOf(await check(frame)).map(describeExpr);
}

test('names are spelt as the table spells them, wherever they stand (R1)', async () => {
  assert.deepEqual(await written(table.select('PRICE', col('A').add(col('CUT')))), ['Price', '(a + cut)']);
  assert.deepEqual(await written(table.filter(col('PRICE').gt(1))), ['(Price > 1)']);
  assert.deepEqual(await written(table.orderBy('CUT')), ['cut']);
  assert.deepEqual(await written(table.groupBy('CUT').agg(fn.sum(col('PRICE')))), ['cut', 'sum(Price)']);
  const text = (await check(table.select(sql('PRICE')))) as Extract<Relation, { kind: 'project' }>;
  assert.deepEqual(text.columns[0]!.expr, {
    kind: 'fragment',
    parts: ['', ''],
    operands: [{ kind: 'column', name: 'Price' }],
  });
});

test('a result column is named as the user wrote it', async () => {
  assert.deepEqual(await names(table.select('PRICE', col('a').as('B'), col('a').add(1))), ['PRICE', 'B', '(a + 1)']);
  assert.deepEqual(await names(table.groupBy('CUT').agg(fn.sum(col('price')), fn.count())), [
    'CUT',
    'sum(price)',
    'count',
  ]);
  assert.deepEqual(await names(table.groupBy('cut').count()), ['cut', 'count']);
});

test('two aggregates of two expressions have two names', async () => {
  const frame = table.agg(fn.sum(col('a').add(1)), fn.sum(col('a').add(2)));
  assert.deepEqual(await names(frame), ['sum((a + 1))', 'sum((a + 2))']);
});

test('a star stands for all columns', async () => {
  assert.deepEqual(await names(table.select(lit(1).as('one'), '*')), ['one', 'a', 'Price', 'cut']);
  await assert.rejects(table.select('a', '*').schema(), inframeError('COLUMN_DUPLICATE', "'a'"));
});

test('withColumn replaces a column where it stands, in any case, and puts a new one last', async () => {
  assert.deepEqual(await names(table.withColumn('price', col('a'))), ['a', 'price', 'cut']);
  assert.deepEqual(await names(table.withColumn('new', lit(1))), ['a', 'Price', 'cut', 'new']);
  assert.deepEqual((await table.withColumn('a', col('Price')).schema()).type('a'), { kind: 'float64' });
});

test('columns of one withColumns do not see each other', async () => {
  assert.deepEqual(await written(table.withColumns({ a: col('Price'), Price: col('a') })), ['Price', 'a', 'cut']);
  await assert.rejects(
    table.withColumns({ x: lit(1), y: col('x') }).schema(),
    inframeError('COLUMN_NOT_FOUND', "column 'x'"),
  );
  for (const twice of [
    { a: 1, A: 2 },
    { n: 1, N: 2 },
  ]) {
    await assert.rejects(table.withColumns(twice).schema(), inframeError('COLUMN_DUPLICATE', 'twice'));
  }
});

test('names can be swapped', async () => {
  assert.deepEqual(await names(table.rename({ a: 'cut', cut: 'a' })), ['cut', 'Price', 'a']);
  assert.deepEqual(await written(table.rename({ a: 'cut', cut: 'a' })), ['a', 'Price', 'cut']);
  assert.deepEqual(await names(table.rename({ PRICE: 'price' })), ['a', 'price', 'cut']);
  await assert.rejects(table.rename({ a: 'CUT' }).schema(), inframeError('COLUMN_DUPLICATE'));
  await assert.rejects(table.rename({ a: 'x', A: 'y' }).schema(), inframeError('COLUMN_DUPLICATE', 'rename twice'));
  await assert.rejects(table.rename({ pric: 'x' }).schema(), inframeError('COLUMN_NOT_FOUND', "did you mean 'Price'?"));
});

test('columns are dropped by any spelling, but not all of them', async () => {
  assert.deepEqual(await names(table.drop('PRICE', 'price')), ['a', 'cut']);
  await assert.rejects(table.drop('a', 'CUT', 'price').schema(), inframeError('ARGUMENT_INVALID', 'keep at least one'));
  await assert.rejects(table.drop('b').schema(), inframeError('COLUMN_NOT_FOUND', "column 'b'", 'a, Price, cut'));
});

test('a filter is a condition', async () => {
  await check(table.filter(col('a').gt(0)));
  await check(table.filter(lit(null)));
  await assert.rejects(
    table.filter(col('a').add(1)).schema(),
    inframeError('TYPE_MISMATCH', "'(a + 1)' is float64", '.gt(0)'),
  );
  await assert.rejects(table.filter('cut').schema(), inframeError('TYPE_MISMATCH', 'is string'));
});

test('a name that is not there is found out wherever it stands', async () => {
  const missing = col('nope');
  for (const frame of [
    table.select(missing),
    table.select(call('f', lit(1), missing)),
    table.withColumn('x', missing.cast({ kind: 'int8' })),
    table.filter(missing.gt(0)),
    table.filter('nope'),
    table.orderBy(missing.desc()),
    table.groupBy('nope').count(),
    table.agg(fn.sum(missing)),
    table.select('a').filter(col('cut').eq('x')).withColumn('y', col('Price')).limit(2),
  ]) {
    await assert.rejects(frame.schema(), inframeError('COLUMN_NOT_FOUND', 'is not in the table; it has: '));
  }
});

test('a value for each row is not one for each group, nor the other way round', async () => {
  const aggregateHere = inframeError('EXPRESSION_INVALID', "'sum(a)' is an aggregate", '.agg(');
  const total = fn.sum(col('a'));
  await assert.rejects(table.select(total).schema(), aggregateHere);
  await assert.rejects(table.withColumn('s', total).schema(), aggregateHere);
  await assert.rejects(table.orderBy(total).schema(), aggregateHere);
  await assert.rejects(table.groupBy(total).count().schema(), aggregateHere);
  await assert.rejects(table.filter(total.gt(1)).schema(), inframeError('EXPRESSION_INVALID', '(sum(a) > 1)'));
  await assert.rejects(
    table.groupBy('cut').agg(col('a')).schema(),
    inframeError('EXPRESSION_INVALID', "'a' is not an aggregate", 'groupBy()'),
  );
  await check(table.agg(total.div(fn.count()).as('mean')));
});

test('functions that make rows are refused: rows of a frame come from verbs', async () => {
  for (const column of [call('UNNEST', col('a')), sql('unnest (a)'), call('abs', call('unnest', col('a')))]) {
    await assert.rejects(table.select(column).schema(), inframeError('EXPRESSION_INVALID', 'several rows for one'));
  }
});

test('model calls are bound from the inside out (R2)', async () => {
  const m = (...args: readonly Column[]): Column =>
    new Column({
      kind: 'model',
      model: modelNamed('m'),
      args: { positional: args.map(({ expr }) => expr), named: {} },
    });
  const relation = await check(
    table.select(
      m(m(col('PRICE')), col('A'))
        .add(1)
        .as('x'),
    ),
  );
  const [expr] = expressionsOf(relation);
  assert.equal(describeExpr(expr!), '(m(m(Price), a) + 1)');
  assert.ok(!some(expr!, part => part.kind === 'model'));
  assert.deepEqual(relation.schema.names, ['x']);
});

test('a schema is known without asking the engine where columns are only passed on', async () => {
  const before = session.asked.length;
  await table.select('a', 'cut').rename({ a: 'b' }).drop('cut').limit(3).sample(0.5).schema();
  assert.equal(session.asked.length, before);
});
