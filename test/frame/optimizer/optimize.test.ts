import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callsModel, describe as describeExpr } from '../../../src/frame/expr.js';
import { optimize } from '../../../src/frame/optimizer/optimize.js';
import { anyRelation, expressionsOf, inputsOf, type Relation } from '../../../src/frame/relation.js';
import {
  aggregate,
  both,
  cache,
  calls,
  column,
  distinct,
  draws,
  equal,
  explode,
  filter,
  greater,
  join,
  limit,
  nodeAt,
  nodesOf,
  plus,
  project,
  query,
  random,
  sample,
  scan,
  shape,
  sort,
  sum,
  sums,
  unionAll,
  value,
} from '../relations.js';

const t = scan('id', 'a', 'b', 'wide');
const scored = project(t, 'id', 'a', 'b', 'wide', { p: calls('m', column('a')) });

function countCalls(relation: Relation): number {
  const own = relation.kind === 'score' ? relation.calls.length : 0;
  return inputsOf(relation).reduce((total, input) => total + countCalls(input), own);
}

test('limit(20) after a model call scores 20 rows', () => {
  const after = optimize(limit(scored, 20));
  assert.equal(shape(after), 'project score limit scan');
  assert.equal(nodeAt(after, 2, 'limit').count, 20);
});

test('a filter on ordinary columns runs before the model, one on the prediction after it', () => {
  const after = optimize(filter(scored, both(greater(column('p'), 0.5), greater(column('b'), 1))));
  assert.equal(shape(after), 'filter project score filter scan');
  assert.equal(describeExpr(nodeAt(after, 3, 'filter').predicate), '(b > 1)');
});

test('a model is called once however often it is written', () => {
  const m = calls('m', column('a'));
  const before = filter(project(filter(scored, greater(m, 0.1)), 'id', 'a', 'p', { q: m }), greater(m, 0.2));
  assert.equal(countCalls(optimize(before)), 1);
  const after = project(sort(filter(scored, greater(column('p'), 0.5)), m), 'id', { q: m });
  assert.equal(countCalls(optimize(after)), 1);
});

test('only the columns that are used are read', () => {
  const after = optimize(aggregate(filter(scored, greater(column('b'), 1)), {}, { s: sum(column('p')) }));
  let leaf: Relation = after;
  while ('input' in leaf) leaf = leaf.input;
  assert.deepEqual(leaf.schema.names, ['a', 'b']);
});

test('a model called only to choose rows is not kept, whatever else is asked', () => {
  const m = calls('m', column('a'));
  const chosen = optimize(project(filter(t, both(greater(m, 0.5), greater(column('b'), 1))), 'id'));
  assert.equal(shape(chosen), 'project filter score filter scan');
  assert.deepEqual(nodeAt(chosen, 4, 'scan').schema.names, ['id', 'a', 'b']);
  const whole = optimize(filter(t, greater(m, 0.5)));
  assert.deepEqual(whole.schema.names, t.schema.names);
});

test('two models in one condition are two stages, the second on what the first lets pass', () => {
  const condition = both(greater(calls('m', column('a')), 0.5), greater(calls('n', column('b')), 0.5));
  const after = optimize(project(filter(t, condition), 'id', { p: calls('n', column('b')) }));
  assert.equal(shape(after), 'project filter score project filter score scan');
  assert.deepEqual(
    nodesOf(after, 'score').map(({ calls: own }) => own[0]!.call.modelName),
    ['n', 'm'],
  );
  assert.deepEqual(
    nodeAt(after, 3, 'project').schema.names,
    ['id', 'b'],
    'a and the first result are no longer needed',
  );
});

test('the first rows by a plain column are scored, and no others', () => {
  const after = optimize(limit(sort(scored, column('b')), 20));
  assert.equal(shape(after), 'project score limit sort scan');
});

test('a model is called once on what several windows, groups and joins read', () => {
  const m = calls('m', column('a'));
  const windows = sums(scored, { s: [m, [column('b')]], u: [m, []] });
  assert.equal(countCalls(optimize(project(filter(windows, greater(m, 0)), 's', 'u', { q: m }))), 1);
  const joined = join(scored, scan('x'), 'inner', equal(m, column('x')));
  assert.equal(countCalls(optimize(project(joined, 'x', { q: m }))), 1);
  assert.equal(countCalls(optimize(aggregate(filter(t, greater(m, 0)), { k: m }, { s: sum(m) }))), 1);
});

test('a model on a table of a join runs on the rows that conditions on that table leave', () => {
  const condition = both(equal(column('id'), column('x')), greater(column('b'), 1));
  const after = optimize(project(join(scored, scan('x', 'y'), 'inner', condition), 'y', 'p'));
  assert.equal(shape(after), 'project join project score filter scan scan');
});

test('a function that is not deterministic is called for every row, as often as it is written, or not at all', () => {
  const dice = draws('dice', column('a'));
  const thrown = project(t, 'id', 'b', { d: dice });
  const after = optimize(filter(project(thrown, 'id', 'b', 'd', { e: dice }), greater(column('b'), 1)));
  assert.equal(countCalls(after), 2);
  assert.equal(shape(after), 'filter project score project score scan');
  assert.equal(countCalls(optimize(project(thrown, 'id'))), 0);
});

test('a plan of many calls over many columns is quick to optimize', () => {
  const names = Array.from({ length: 200 }, (_, at) => `c${at}`);
  const wide = scan(...names);
  let chain: Relation = wide;
  for (let at = 0; at < 50; at++) {
    chain = project(chain, ...chain.schema.names, { [`p${at}`]: calls('m', ...names.slice(at, at + 20).map(column)) });
  }
  const after = optimize(filter(chain, greater(column('p3'), 0)));
  assert.equal(countCalls(after), 50);
  assert.ok(nodesOf(after, 'score').length <= 2, 'one stage to choose the rows, and one for the rest');
});

test('the columns of the result, and their order, are those there were; and no call is left in an expression', () => {
  for (const before of [
    t,
    scored,
    limit(filter(scored, greater(column('p'), 0)), 3),
    sort(project(filter(scored, greater(calls('m', column('a')), 0)), 'p', 'id'), calls('n', column('p'))),
    aggregate(scored, { k: calls('n', column('b')) }, { s: sum(calls('m', column('a'))) }),
    project(limit(scored, 4), { x: calls('n', calls('m', column('a'))) }),
    join(scored, project(scan('x'), { y: calls('n', column('x')) }), 'full', equal(column('p'), column('y'))),
    join(scored, scan('x'), 'anti', equal(calls('n', column('x')), column('p'))),
    unionAll(project(scored, 'id', { p: column('b') }), project(scored, { id: column('p') }, { p: column('id') })),
    sort(sums(scored, { s: [column('p'), [calls('n', column('b'))]] }), column('s')),
    limit(explode(scored, 'wide', { outer: true, position: 'at' }), 5),
    filter(distinct(scored), greater(calls('m', column('b')), 0)),
    sample(cache(filter(scored, greater(column('p'), 0)))),
    project(query('FROM t0', ['id', 'p'], scored), { q: calls('m', plus(column('p'), value(1))) }, 'id'),
    filter(scored, greater(plus(column('p'), random), calls('m', value(3)))),
    limit(scored, 0),
  ]) {
    const after = optimize(before);
    assert.deepEqual(after.schema.toJSON(), before.schema.toJSON());
    assert.ok(!anyRelation(after, node => expressionsOf(node).some(callsModel)));
  }
});
