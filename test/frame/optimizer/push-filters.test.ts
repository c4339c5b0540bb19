import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe as describeExpr } from '../../../src/frame/expr.js';
import { pushFilters } from '../../../src/frame/optimizer/push-filters.js';
import type { Relation } from '../../../src/frame/relation.js';
import {
  both,
  calls,
  column,
  filter,
  greater,
  limit,
  nodeAt,
  plus,
  project,
  random,
  sample,
  scan,
  shape,
  sort,
  sqlText,
} from '../relations.js';

const t = scan('a', 'b');

function predicateAt(relation: Relation, depth: number): string {
  return describeExpr(nodeAt(relation, depth, 'filter').predicate);
}

test('a filter goes below a projection, in the words of what is below', () => {
  const after = pushFilters(filter(project(t, { x: plus(column('a'), column('b')) }), greater(column('x'), 1)));
  assert.equal(shape(after), 'project filter scan');
  assert.equal(predicateAt(after, 1), '((a + b) > 1)');
  assert.deepEqual(after.schema.names, ['x']);
  assert.deepEqual(nodeAt(after, 1, 'filter').schema.names, ['a', 'b']);
});

test('a filter goes below several projections and sorts', () => {
  const before = filter(
    sort(project(project(t, { x: column('a') }), { y: column('x') }), column('y')),
    greater(column('y'), 1),
  );
  const after = pushFilters(before);
  assert.equal(shape(after), 'sort project project filter scan');
  assert.equal(predicateAt(after, 3), '(a > 1)');
});

test('a filter stays above limits and samples: they count rows', () => {
  assert.equal(shape(pushFilters(filter(limit(t, 5), greater(column('a'), 1)))), 'filter limit scan');
  assert.equal(shape(pushFilters(filter(sample(t), greater(column('a'), 1)))), 'filter sample scan');
});

test('a condition on a prediction stays above it, and one on other columns goes below', () => {
  const scored = project(t, 'a', 'b', { p: calls('m', column('b')) });
  const after = pushFilters(filter(scored, both(greater(column('p'), 0), greater(column('a'), 1))));
  assert.equal(shape(after), 'filter project filter scan');
  assert.equal(predicateAt(after, 0), '(p > 0)');
  assert.equal(predicateAt(after, 2), '(a > 1)');
});

test('of one condition, what costs little is asked first', () => {
  const after = pushFilters(filter(t, both(greater(calls('m', column('a')), 0), greater(column('b'), 1))));
  assert.equal(shape(after), 'filter filter scan');
  assert.equal(predicateAt(after, 0), '(m(a) > 0)');
  assert.equal(predicateAt(after, 1), '(b > 1)');
});

test('a cheap filter passes one that calls a model', () => {
  const after = pushFilters(filter(filter(t, greater(calls('m', column('a')), 0)), greater(column('b'), 1)));
  assert.equal(predicateAt(after, 0), '(m(a) > 0)');
  assert.equal(predicateAt(after, 1), '(b > 1)');
});

test('nothing moves across random()', () => {
  const drawn = project(t, 'a', { r: random });
  assert.equal(shape(pushFilters(filter(drawn, greater(column('a'), 1)))), 'filter project scan');
  const renamed = project(t, { x: column('a') });
  assert.equal(shape(pushFilters(filter(renamed, greater(random, 1)))), 'filter project scan');
  assert.equal(
    shape(pushFilters(filter(renamed, both(greater(column('x'), 1), greater(random, 1))))),
    'filter project scan',
    'not even the part without random()',
  );
  const scored = filter(t, greater(plus(random, calls('m', column('a'))), 0));
  assert.equal(predicateAt(pushFilters(filter(scored, greater(column('b'), 1))), 0), '(b > 1)');
});

test('SQL text goes below a projection with what the projection computes put in', () => {
  const condition = sqlText('a > 1', 'a');
  assert.equal(shape(pushFilters(filter(project(t, 'a', 'b'), condition))), 'project filter scan');
  const swapped = project(t, { a: column('b') }, { b: column('a') });
  const below = pushFilters(filter(swapped, condition));
  assert.equal(shape(below), 'project filter scan');
  assert.equal(predicateAt(below, 1), 'b > 1');
});

test('a condition passes those that wait for a prediction, and no others', () => {
  const scored = project(t, 'a', 'b', { p: calls('m', column('b')) });
  const chain = filter(filter(sort(scored, column('b')), greater(column('p'), 0)), greater(column('a'), 1));
  assert.equal(shape(pushFilters(chain)), 'sort filter project filter scan');
  const guarded = filter(filter(project(t, { x: column('a') }), sqlText('x > 1', 'x')), greater(column('x'), 2));
  const moved = pushFilters(guarded);
  assert.equal(shape(moved), 'project filter filter scan');
  assert.equal(predicateAt(moved, 2), 'a > 1', 'what the user put first may guard the rest');
});
