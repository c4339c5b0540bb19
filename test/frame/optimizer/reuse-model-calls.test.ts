import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe as describeExpr } from '../../../src/frame/expr.js';
import { reuseModelCalls } from '../../../src/frame/optimizer/reuse-model-calls.js';
import { expressionsOf, type Relation } from '../../../src/frame/relation.js';
import {
  aggregate,
  calls,
  column,
  filter,
  greater,
  limit,
  nodeAt,
  plus,
  project,
  random,
  scan,
  sort,
  sum,
} from '../relations.js';

const t = scan('a', 'b');
const scored = project(t, 'a', 'b', { p: calls('m', column('a')) });
const m = calls('m', column('a'));

/** What the topmost node computes. */
function top(relation: Relation): readonly string[] {
  return expressionsOf(relation).map(describeExpr);
}

test('a call that a projection has made is read from its column', () => {
  assert.deepEqual(top(reuseModelCalls(filter(scored, greater(m, 0.5)))), ['(p > 0.5)']);
  assert.deepEqual(top(reuseModelCalls(sort(scored, plus(m, column('b'))))), ['(p + b)']);
  assert.deepEqual(top(reuseModelCalls(aggregate(scored, {}, { s: sum(m) }))), ['sum(p)']);
});

test('it is found through nodes that hand columns on', () => {
  const far = sort(limit(filter(scored, greater(column('b'), 1)), 10), column('b'));
  assert.deepEqual(top(reuseModelCalls(filter(far, greater(m, 0.5)))), ['(p > 0.5)']);
  assert.deepEqual(top(reuseModelCalls(project(far, 'p', { q: m }))), ['p', 'p']);
});

test('it is found under another name, through a projection that hands it on', () => {
  const renamed = project(filter(scored, greater(column('p'), 0)), { x: column('a') }, { score: column('p') });
  assert.deepEqual(top(reuseModelCalls(filter(renamed, greater(calls('m', column('x')), 0.5)))), ['(score > 0.5)']);
  const lost = project(filter(scored, greater(column('p'), 0)), 'a');
  assert.deepEqual(top(reuseModelCalls(filter(lost, greater(m, 0.5)))), ['(m(a) > 0.5)']);
});

test('another model, other arguments, or a column that now means something else is another call', () => {
  assert.deepEqual(top(reuseModelCalls(filter(scored, greater(calls('n', column('a')), 0)))), ['(n(a) > 0)']);
  assert.deepEqual(top(reuseModelCalls(filter(scored, greater(calls('m', column('b')), 0)))), ['(m(b) > 0)']);
  const swapped = project(t, { a: column('b') }, { p: m });
  assert.deepEqual(top(reuseModelCalls(filter(swapped, greater(m, 0)))), ['(m(a) > 0)']);
});

test('a call inside the arguments of another is read from its column too', () => {
  assert.deepEqual(top(reuseModelCalls(filter(scored, greater(calls('n', m), 0)))), ['(n(p) > 0)']);
});

test('two draws of random() are two calls', () => {
  const drawn = project(t, 'a', { p: calls('m', random) });
  assert.deepEqual(top(reuseModelCalls(filter(drawn, greater(calls('m', random), 0)))), ['(m(random()) > 0)']);
  const both = project(t, { r: random }, { p: calls('m', random) });
  assert.deepEqual(top(reuseModelCalls(filter(both, greater(calls('m', column('r')), 0)))), ['(m(r) > 0)']);
});

test('what is below stays as it is', () => {
  const after = reuseModelCalls(filter(scored, greater(m, 0.5)));
  assert.deepEqual(nodeAt(after, 1, 'project'), scored);
});
