import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callsModel, describe as describeExpr } from '../../../src/frame/expr.js';
import { optimize } from '../../../src/frame/optimizer/optimize.js';
import { anyRelation, expressionsOf, inputsOf, type Relation } from '../../../src/frame/relation.js';
import {
  aggregate,
  both,
  calls,
  column,
  filter,
  greater,
  limit,
  nodeAt,
  project,
  scan,
  shape,
  sort,
  sum,
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

test('the columns of the result, and their order, are those there were; and no call is left in an expression', () => {
  for (const before of [
    t,
    scored,
    limit(filter(scored, greater(column('p'), 0)), 3),
    sort(project(filter(scored, greater(calls('m', column('a')), 0)), 'p', 'id'), calls('n', column('p'))),
    aggregate(scored, { k: calls('n', column('b')) }, { s: sum(calls('m', column('a'))) }),
    project(limit(scored, 4), { x: calls('n', calls('m', column('a'))) }),
  ]) {
    const after = optimize(before);
    assert.deepEqual(after.schema.toJSON(), before.schema.toJSON());
    assert.ok(!anyRelation(after, node => expressionsOf(node).some(callsModel)));
  }
});
