import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe as describeExpr } from '../../../src/frame/expr.js';
import { pushFilters } from '../../../src/frame/optimizer/push-filters.js';
import type { Relation } from '../../../src/frame/relation.js';
import {
  aggregate,
  both,
  cache,
  calls,
  column,
  distinct,
  draws,
  either,
  equal,
  explode,
  filter,
  greater,
  join,
  limit,
  nearest,
  nodeAt,
  nodesOf,
  plus,
  project,
  query,
  random,
  sample,
  scan,
  setOperation,
  shape,
  sort,
  sqlText,
  sum,
  sums,
  unionAll,
} from '../relations.js';

const t = scan('a', 'b');

/** The conditions of all filters, from top to leaf. */
function predicates(relation: Relation): readonly string[] {
  return nodesOf(relation, 'filter').map(({ predicate }) => describeExpr(predicate));
}

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

test('a condition that calls a model is asked before other models run, each on the rows the one before left', () => {
  const first = greater(calls('first', column('a')), 0);
  const second = greater(calls('second', column('b')), 0);
  const after = pushFilters(filter(t, both(first, greater(column('b'), 1), second)));
  assert.deepEqual(predicates(after), ['(second(b) > 0)', '(first(a) > 0)', '(b > 1)'], 'the last is asked first');
  const nested = greater(calls('second', calls('first', column('a'))), 0);
  assert.deepEqual(
    predicates(pushFilters(filter(t, both(nested, first)))),
    ['(second(first(a)) > 0)', '(first(a) > 0)'],
    'what takes two models comes after what takes one',
  );
  assert.deepEqual(predicates(pushFilters(filter(t, either(first, second)))), ['((first(a) > 0) or (second(b) > 0))']);
});

test('a condition on a prediction goes below a projection where another model then sees fewer rows', () => {
  const one = project(t, 'b', { p: calls('m', column('a')) });
  assert.equal(shape(pushFilters(filter(one, greater(column('p'), 0)))), 'filter project scan');
  const two = project(t, 'b', { p: calls('m', column('a')) }, { q: calls('n', column('b')) });
  const after = pushFilters(filter(two, greater(column('p'), 0)));
  assert.equal(shape(after), 'project filter scan');
  assert.deepEqual(predicates(after), ['(m(a) > 0)']);
  const nested = project(t, { p: calls('m', column('a')) }, { q: calls('n', calls('m', column('a'))) });
  assert.equal(shape(pushFilters(filter(nested, greater(column('p'), 0)))), 'project filter scan');
  assert.equal(shape(pushFilters(filter(nested, greater(column('q'), 0)))), 'filter project scan');
});

test('a condition that calls a model goes below a sort, whose rows it only thins out, and stays above all else', () => {
  const scored = greater(calls('m', column('a')), 0);
  assert.equal(shape(pushFilters(filter(sort(t, column('b')), scored))), 'sort filter scan');
  for (const input of [
    limit(t, 5),
    distinct(t),
    sums(t, { s: [column('b'), [column('a')]] }),
    explode(t, 'b'),
    aggregate(t, { a: column('a') }, {}),
    join(t, scan('x'), 'semi', equal(column('a'), column('x'))),
    unionAll(t, t),
  ]) {
    assert.equal(shape(pushFilters(filter(input, scored))), `filter ${shape(input)}`);
  }
});

test('a condition goes to the tables of a join it reads alone, where their rows are never nulls', () => {
  const other = scan('x', 'y');
  const keys = equal(column('a'), column('x'));
  const onLeft = greater(column('b'), 1);
  const onRight = greater(column('y'), 1);
  const onBoth = greater(plus(column('b'), column('y')), 1);
  // From the meaning of each join: where the rows of a table that belongs to it stand as nulls, `is null` would differ.
  const cases = [
    ['inner', 'filter join filter scan filter scan', ['(b > 1)', '(y > 1)']],
    ['left', 'filter filter join filter scan scan', ['(b > 1)']],
    ['right', 'filter filter join scan filter scan', ['(y > 1)']],
    ['full', 'filter filter filter join scan scan', []],
    ['cross', 'filter join filter scan filter scan', ['(b > 1)', '(y > 1)']],
  ] as const;
  for (const [how, expected, moved] of cases) {
    const joined = join(t, other, how, how === 'cross' ? undefined : keys);
    const after = pushFilters(filter(joined, both(onLeft, onRight, onBoth)));
    assert.equal(shape(after), expected, how);
    assert.deepEqual(nodesOf(after, 'join')[0]!.inputs.flatMap(predicates), moved, how);
  }
  for (const how of ['semi', 'anti'] as const) {
    const after = pushFilters(filter(join(t, other, how, keys), onLeft));
    assert.equal(shape(after), 'join filter scan scan', how);
  }
  assert.equal(
    shape(pushFilters(filter(join(t, other, 'inner', both(keys, greater(random, 0))), onLeft))),
    'filter join scan scan',
  );
});

test('a condition goes below a search only where it reads the left table', () => {
  const search = nearest(scan('a', 'b', 'c'), scan('x', 'y', 'z'));
  const conditions = both(greater(column('c'), 1), greater(column('z'), 1), greater(column('score'), 0));
  const after = pushFilters(filter(search, conditions));
  assert.equal(shape(after), 'filter filter nearest filter scan scan');
  assert.deepEqual(nodesOf(after, 'nearest')[0]!.inputs.flatMap(predicates), ['(c > 1)']);
  assert.equal(shape(pushFilters(filter(search, greater(column('c'), column('z'))))), 'filter nearest scan scan');
  assert.equal(shape(pushFilters(filter(search, greater(random, 0.5)))), 'filter nearest scan scan');
});

test('a condition passes another one that stays above a join', () => {
  const joined = join(t, scan('x', 'y'), 'inner', equal(column('a'), column('x')));
  const waiting = filter(joined, greater(plus(column('b'), column('y')), 1));
  assert.equal(shape(pushFilters(filter(waiting, greater(column('b'), 1)))), 'filter join filter scan scan');
});

test('a condition on the rows of a set operation is one on the rows of its tables', () => {
  for (const operation of ['union', 'intersect', 'except'] as const) {
    for (const all of [true, false]) {
      const scored = project(t, 'a', { b: calls('m', column('a')) });
      const after = pushFilters(filter(setOperation(operation, all, t, scored), greater(column('a'), 1)));
      assert.equal(shape(after), 'setOperation filter scan project filter scan');
    }
  }
});

test('a condition goes below windows that divide the rows by all it reads', () => {
  const byA = sums(t, { s: [column('b'), [column('a')]], u: [column('b'), [column('a'), column('b')]] });
  assert.equal(shape(pushFilters(filter(byA, greater(column('a'), 1)))), 'window filter scan');
  assert.equal(
    shape(pushFilters(filter(byA, greater(column('b'), 1)))),
    'filter window scan',
    'one does not divide by b',
  );
  assert.equal(shape(pushFilters(filter(byA, greater(column('s'), 1)))), 'filter window scan');
  const byMore = sums(t, { s: [column('b'), [plus(column('a'), column('b'))]] });
  assert.equal(shape(pushFilters(filter(byMore, greater(column('a'), 1)))), 'filter window scan');
});

test('a condition on keys of groups chooses their rows', () => {
  const grouped = aggregate(t, { k: plus(column('a'), column('b')), a: column('a') }, { s: sum(column('b')) });
  const after = pushFilters(filter(grouped, both(greater(column('k'), 1), greater(column('s'), 2))));
  assert.equal(shape(after), 'filter aggregate filter scan');
  assert.deepEqual(predicates(after), ['(s > 2)', '((a + b) > 1)']);
  const none = aggregate(t, {}, { s: sum(column('b')) });
  assert.equal(shape(pushFilters(filter(none, greater({ kind: 'literal', value: 0 }, 1)))), 'filter aggregate scan');
  const scored = aggregate(t, { k: calls('m', column('a')) }, {});
  assert.equal(shape(pushFilters(filter(scored, greater(column('k'), 1)))), 'filter aggregate scan');
  const several = { ...(grouped as Relation & { kind: 'aggregate' }), sets: [[0], [1]] };
  assert.equal(shape(pushFilters(filter(several, greater(column('k'), 1)))), 'filter aggregate scan');
});

test('a condition is the same for rows that are equal', () => {
  assert.equal(shape(pushFilters(filter(distinct(t), greater(column('b'), 1)))), 'distinct filter scan');
});

test('a condition on what is not the element goes below explode', () => {
  const made = explode(t, 'b', { position: 'at' });
  assert.equal(shape(pushFilters(filter(made, greater(column('a'), 1)))), 'explode filter scan');
  assert.equal(shape(pushFilters(filter(made, greater(column('b'), 1)))), 'filter explode scan');
  assert.equal(shape(pushFilters(filter(made, greater(column('at'), 1)))), 'filter explode scan');
});

test('nothing moves into a cache or a statement', () => {
  assert.equal(shape(pushFilters(filter(cache(t), greater(column('a'), 1)))), 'filter cache scan');
  assert.equal(shape(pushFilters(filter(query('FROM t0', ['a'], t), greater(column('a'), 1)))), 'filter query scan');
});

test('nothing moves across a function that is not deterministic', () => {
  const drawn = project(t, 'a', { d: draws('dice', column('a')) });
  assert.equal(shape(pushFilters(filter(drawn, greater(column('a'), 1)))), 'filter project scan');
  const asked = filter(t, both(greater(draws('dice', column('a')), 3), greater(column('b'), 1)));
  assert.equal(shape(pushFilters(asked)), 'filter scan', 'not even the part of the same condition');
  for (const input of [
    sort(t, random),
    sums(t, { s: [random, [column('a')]] }),
    aggregate(t, { a: column('a') }, { s: sum(random) }),
    filter(t, greater(draws('dice', column('a')), 3)),
  ]) {
    assert.equal(shape(pushFilters(filter(input, greater(column('a'), 1)))), `filter ${shape(input)}`);
  }
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
