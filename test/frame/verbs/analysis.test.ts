import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identifyRows } from '../../../src/frame/analysis/row-identity.js';
import { analyze } from '../../../src/frame/analyze.js';
import type { DataFrame } from '../../../src/frame/dataframe.js';
import { Column, callsModel, describe as describeExpr, some } from '../../../src/frame/expr.js';
import { call, col, fn } from '../../../src/frame/functions.js';
import { DataFrameReader } from '../../../src/frame/reader.js';
import { anyRelation, expressionsOf, inputsOf, type Relation } from '../../../src/frame/relation.js';
import { Window } from '../../../src/frame/window.js';
import { inframeError } from '../../support/onnx.js';
import { fakeSession } from '../fake-engine.js';
import { modelNamed, shape } from '../relations.js';

const session = fakeSession([
  { name: 'id', type: { kind: 'int64' } },
  { name: 'x', type: { kind: 'float64' } },
  { name: 'tags', type: { kind: 'list', element: { kind: 'string' } } },
]);
const table = new DataFrameReader(session).parquet('t.parquet');
const other = table.select(col('id').as('key'), 'x');

function check(frame: DataFrame): Promise<Relation> {
  return analyze(frame.plan, session.engine);
}

function m(...names: readonly (string | Column)[]): Column {
  const positional = names.map(name => (typeof name === 'string' ? col(name).expr : name.expr));
  return new Column({ kind: 'model', model: modelNamed('m'), args: { positional, named: {} } });
}

/** All nodes of a relation, from the top. */
function nodes(relation: Relation): readonly Relation[] {
  return [relation, ...inputsOf(relation).flatMap(nodes)];
}

test('windows stand in window nodes alone, which hold no model (R3)', async () => {
  const w = Window.partitionBy('id').orderBy('x');
  const score = m('x').gt(0);
  for (const frame of [
    table.select(fn.rank().over(w)),
    table.withColumn(
      'r',
      fn
        .rank()
        .over(w)
        .add(fn.sum(m('x')).over(Window.partitionBy(score))),
    ),
    table.orderBy(fn.max(col('x')).over(w)),
    table.withColumn('y', m(fn.rank().over(w))),
    table.withColumn('y', fn.sum(m(fn.rank().over(w))).over(Window.partitionBy('id'))),
  ]) {
    const relation = await check(frame);
    assert.ok(anyRelation(relation, ({ kind }) => kind === 'window'));
    for (const node of nodes(relation)) {
      const windows = expressionsOf(node).filter(expr => some(expr, ({ kind }) => kind === 'window'));
      if (node.kind !== 'window') assert.deepEqual(windows, [], shape(relation));
      else {
        assert.ok(node.columns.every(({ expr }) => expr.kind === 'window' && !callsModel(expr)));
        const own = node.columns.map(({ name }) => name);
        assert.deepEqual(node.schema.names, [...node.input.schema.names, ...own]);
      }
    }
  }
});

test('equal windows are computed once, and calls in them beside them too', async () => {
  const rank = (): Column => fn.rank().over(Window.orderBy(m('x')));
  const relation = await check(table.select(rank().as('a'), rank().add(1).as('b'), m('x').as('p')));
  assert.equal(shape(relation), 'project window project scan');
  assert.deepEqual(
    nodes(relation).map(node => expressionsOf(node).filter(callsModel).length),
    [0, 0, 1, 0],
  );
  assert.equal(expressionsOf(nodes(relation)[1]!).length, 1);
  // Two draws are two draws.
  const draw = (): Column => fn.sum(call('random')).over(Window.partitionBy('id'));
  const volatile = await check(table.select(draw().as('a'), draw().as('b')));
  assert.equal(expressionsOf(nodes(volatile)[1]!).length, 2);
});

test('what is lifted does not show in the columns', async () => {
  const w = Window.orderBy(m('x'));
  assert.deepEqual((await check(table.withColumn('r', fn.rank().over(w)))).schema.names, ['id', 'x', 'tags', 'r']);
  assert.deepEqual((await check(table.orderBy(fn.rank().over(w)))).schema.names, ['id', 'x', 'tags']);
  const joined = table.join(
    other,
    (l, r) =>
      l('id')
        .eq(r('key'))
        .and(m(l('x')).gt(m(r('x')))),
    'semi',
  );
  assert.deepEqual((await check(joined)).schema.names, ['id', 'x', 'tags']);
  const sampled = table.join(other, (l, r) => l('id').eq(r('key')), 'left', { suffix: '_2' }).sample(0.5);
  assert.deepEqual((await check(sampled)).schema.names, ['id', 'x', 'tags', 'key', 'x_2']);
});

test('the inputs of a join share no name, and no condition calls a model (R4)', async () => {
  for (const frame of [
    table.join(table, 'id', 'full', { suffix: '_r' }),
    table.join(table, (l, r) => m(l('x')).eq(m(r('x'))), 'left', { suffix: '_r' }),
    table.join(
      table,
      (l, r) =>
        m(l('x'), r('x'))
          .gt(0)
          .and(l('id').eq(r('id'))),
      'inner',
      { suffix: '_r' },
    ),
    table.join(table, (l, r) => m(l('x'), r('x')).gt(0), 'inner', { suffix: '_r' }).sample(0.5),
    table.join(table, 'id', 'inner', { suffix: '_r' }).join(table, 'id', 'inner', { suffix: '_s' }),
  ]) {
    for (const node of nodes(await check(frame))) {
      if (node.kind !== 'join') continue;
      const names = node.inputs.flatMap(({ schema }) => schema.names);
      assert.equal(new Set(names).size, names.length);
      assert.ok(!expressionsOf(node).some(callsModel));
    }
  }
});

test('rows are drawn before anything is computed of them', async () => {
  const relation = await check(table.withColumn('p', m('x')).select('id', 'p').sample(0.25, 7));
  assert.equal(shape(relation), 'project project project filter window scan');
  const filter = nodes(relation).find(({ kind }) => kind === 'filter')!;
  assert.deepEqual(expressionsOf(filter).map(describeExpr), [
    '(draw of __inframe_row with seed 7 is from 0 to 1073741824)',
  ]);
});

test('the splits of a table adjoin, and the last one ends at the end', () => {
  const bounds = (weights: readonly number[]): readonly (readonly [number, number])[] =>
    table.randomSplit(weights).map(({ plan }) => {
      assert.ok(plan.kind === 'sample');
      return [plan.from, plan.to] as const;
    });
  assert.deepEqual(bounds([1, 1, 2]), [
    [0, 0.25],
    [0.25, 0.5],
    [0.5, 1],
  ]);
  for (const weights of [
    [0.1, 0.2, 0.7],
    [1, 0],
    [0, 3, 0, 0],
    Array.from({ length: 49 }, () => 1 / 49),
    [1e-300, 1],
  ]) {
    const found = bounds(weights);
    assert.equal(found[0]![0], 0);
    assert.equal(found.at(-1)![1], 1);
    for (let at = 1; at < found.length; at++) assert.equal(found[at]![0], found[at - 1]![1], String(weights));
    weights.forEach((weight, at) => {
      if (weight === 0) assert.equal(found[at]![0], found[at]![1]);
    });
  }
});

test('rows are told apart by what is the same in every run', async () => {
  const keyOf = async (frame: DataFrame): Promise<string> => identifyRows(await check(frame)).key.join(' ');
  const number = '__inframe_row';
  assert.equal(await keyOf(table.filter(col('x').gt(1)).select('id')), number);
  assert.equal(await keyOf(table.union(table)), number);
  // An order with ties tells nothing: the rows below do.
  assert.equal(identifyRows(await check(table.orderBy('id'))).relation.kind, 'sort');
  const joined = table.join(other, (l, r) => l('id').eq(r('key')), 'inner', { suffix: '_2' });
  assert.equal((await keyOf(joined)).split(' ').length, 2);
  assert.equal((await keyOf(table.join(other, (l, r) => l('id').eq(r('key')), 'anti'))).split(' ').length, 1);
  assert.equal(await keyOf(table.groupBy('id').agg(fn.avg(col('x')))), 'id');
  assert.equal(await keyOf(table.agg(fn.avg(col('x')))), '');
  assert.equal(await keyOf(table.select('id').distinct()), 'id');
  // Floats are compared last, by the order of their values.
  const floats = identifyRows(await check(table.distinct()));
  assert.deepEqual(floats.key, ['id', 'tags', number]);
  assert.deepEqual(expressionsOf(floats.relation).map(describeExpr), [
    'row_number() over (partition by id, tags order by x)',
  ]);
  const exploded = identifyRows(await check(table.distinct().explode('tags')));
  assert.equal(exploded.key.length, 4);
  assert.ok(!exploded.key.includes('tags'));
});

test('two tables that cannot be put together say why', async () => {
  const rejects = (frame: DataFrame, ...words: Parameters<typeof inframeError>): Promise<void> =>
    assert.rejects(check(frame), inframeError(...words));
  await rejects(table.join(other, 'id'), 'COLUMN_NOT_FOUND', "column 'id' is not in the table; it has: key, x");
  await rejects(table.join(other, 'key'), 'COLUMN_NOT_FOUND', "column 'key'", 'id, x, tags');
  await rejects(
    table.join(other, l => l('id').eq(l('z'))),
    'COLUMN_NOT_FOUND',
    "'z' is in neither table",
    'key, x',
  );
  await rejects(
    table.join(other, (_, r) => r('id').gt(0)),
    'COLUMN_NOT_FOUND',
    "column 'id'",
    'it has: key, x',
  );
  await rejects(
    table.join(other, (l, r) => l('id').add(r('key'))),
    'TYPE_MISMATCH',
    'is float64, not boolean',
  );
  await rejects(
    table.join(other, (l, r) => l('id').eq(r('key'))),
    'COLUMN_DUPLICATE',
    "'x' is in both tables",
    'suffix',
  );
  await rejects(
    table
      .join(other, (l, r) => l('id').eq(r('key')), 'left', { suffix: 'x' })
      .select('xx')
      .filter('y'),
    'COLUMN_NOT_FOUND',
  );
  await rejects(table.union(other), 'COLUMN_NOT_FOUND', 'the first has 3: id, x, tags; the other 2: key, x');
  await rejects(table.unionByName(other), 'COLUMN_NOT_FOUND', "column 'id' is in one of the tables only");
  await rejects(
    table.select('x').union(table.select(col('x').cast({ kind: 'string' }).as('x'))),
    'TYPE_MISMATCH',
    "column 'x' is float64 in one table and string in another",
  );
  await rejects(table.dropDuplicates([]), 'ARGUMENT_INVALID', 'subset of dropDuplicates is empty');
  await rejects(table.dropDuplicates('y'), 'COLUMN_NOT_FOUND', "column 'y'");
});

test('a column of the condition that no side is said of is the left one, and else the right', async () => {
  const relation = await check(table.join(other, col('id').eq(col('key')).and(col('x').gt(0)), 'semi'));
  const [condition] = expressionsOf(nodes(relation).find(({ kind }) => kind === 'join')!);
  assert.equal(describeExpr(condition!), '((id = key) and (x > 0))');
});
