import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushLimits } from '../../../src/frame/optimizer/push-limits.js';
import {
  aggregate,
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
  sums,
  unionAll,
} from '../relations.js';

const t = scan('a', 'b');
const scored = project(t, { p: calls('m', column('a')) });

test('a limit goes below a projection, so that a model sees only those rows', () => {
  const after = pushLimits(limit(scored, 20, 5));
  assert.equal(shape(after), 'project limit scan');
  const { count, offset, schema } = nodeAt(after, 1, 'limit');
  assert.deepEqual([count, offset, schema.names], [20, 5, ['a', 'b']]);
  assert.deepEqual(after.schema.names, ['p']);
});

test('a limit stays above what changes which rows there are, or their order', () => {
  for (const input of [
    filter(t, greater(column('a'), 1)),
    sort(t, column('a')),
    sample(t),
    aggregate(t, { a: column('a') }, {}),
    sums(t, { s: [column('a'), []] }),
    distinct(t),
    explode(t, 'b'),
    join(t, scan('x'), 'left', equal(column('a'), column('x'))),
    nearest(t, scan('x', 'y')),
    setOperation('union', false, t, t),
    setOperation('except', true, t, t),
    cache(t),
    query('FROM t0', ['a'], t),
  ]) {
    assert.equal(shape(pushLimits(limit(input, 3))), `limit ${shape(input)}`);
  }
});

test('limits of limits are one', () => {
  // [inner count, inner offset, outer count, outer offset] -> [count, offset], worked out by slicing 0..99 twice.
  const table = [
    [10, 0, 3, 0, 3, 0],
    [3, 0, 10, 0, 3, 0],
    [10, 4, 3, 2, 3, 6],
    [10, 4, 20, 7, 3, 11],
    [10, 4, 5, 10, 0, 14],
    [10, 4, 5, 30, 0, 34],
    [0, 2, 5, 0, 0, 2],
  ] as const;
  for (const [innerCount, innerOffset, outerCount, outerOffset, count, offset] of table) {
    const after = pushLimits(limit(limit(t, innerCount, innerOffset), outerCount, outerOffset));
    assert.equal(shape(after), 'limit scan');
    const node = nodeAt(after, 0, 'limit');
    assert.deepEqual([node.count, node.offset], [count, offset]);
    const rows = Array.from({ length: 100 }, (_, index) => index);
    const twice = rows.slice(innerOffset, innerOffset + innerCount).slice(outerOffset, outerOffset + outerCount);
    assert.deepEqual(rows.slice(node.offset, node.offset + node.count), twice);
  }
});

test('limits on both sides of projections meet', () => {
  const after = pushLimits(limit(project(limit(scored, 50), { q: column('p') }), 7, 1));
  assert.equal(shape(after), 'project project limit scan');
  const { count, offset } = nodeAt(after, 2, 'limit');
  assert.deepEqual([count, offset], [7, 1]);
});

test('the first rows of a sort are taken before a model runs, where the sort does not need it', () => {
  const rows = project(t, 'b', { p: calls('m', column('a')) });
  const after = pushLimits(limit(sort(rows, column('b')), 20));
  assert.equal(shape(after), 'project limit sort scan');
  assert.deepEqual(after.schema.names, ['b', 'p']);
  // As SQL has it: the key is computed in the projection, under a name that is taken off at the end.
  const keyed = project(t, { p: calls('m', column('a')) }, { key: plus(column('a'), column('b')) });
  const shown = pushLimits(limit(project(sort(keyed, column('key')), 'p'), 20, 5));
  assert.equal(shape(shown), 'project project limit sort scan');
  assert.deepEqual(nodesOf(shown, 'sort')[0]!.keys[0]!.expr, plus(column('a'), column('b')));
  const { count, offset } = nodesOf(shown, 'limit')[0]!;
  assert.deepEqual([count, offset], [20, 5]);
});

test('a sort by a prediction, by a draw, or of rows that are not scored, keeps its place', () => {
  const rows = project(t, 'b', { p: calls('m', column('a')) });
  assert.equal(shape(pushLimits(limit(sort(rows, column('b'), column('p')), 20))), 'limit sort project scan');
  assert.equal(shape(pushLimits(limit(sort(rows, random), 20))), 'limit sort project scan');
  const drawn = project(t, 'b', { p: calls('m', column('a')) }, { r: random });
  assert.equal(shape(pushLimits(limit(sort(drawn, column('b')), 20))), 'limit sort project scan');
  const plain = project(t, 'b', { x: plus(column('a'), column('b')) });
  assert.equal(shape(pushLimits(limit(sort(plain, column('x')), 20))), 'limit sort project scan');
  assert.equal(
    shape(pushLimits(sort(rows, column('b')))),
    'sort project scan',
    'without a limit there is nothing to gain',
  );
});

test('of the rows of several tables one after the other, no more are made than are wanted', () => {
  const after = pushLimits(limit(unionAll(t, project(t, 'a', { b: calls('m', column('a')) })), 20, 5));
  assert.equal(shape(after), 'limit setOperation limit scan project limit scan');
  const [above, ...below] = nodesOf(after, 'limit');
  assert.deepEqual([above!.count, above!.offset], [20, 5]);
  for (const each of below) assert.deepEqual([each.count, each.offset], [25, 0]);
  // OFFSET without LIMIT: there is no number of rows to stop at.
  const open = pushLimits(limit(unionAll(t, t), Number.MAX_SAFE_INTEGER, 5));
  assert.equal(shape(open), 'limit setOperation scan scan');
});

test('explode that keeps every row needs no more rows than are wanted', () => {
  const rows = project(t, 'b', { p: calls('m', column('a')) });
  assert.equal(
    shape(pushLimits(limit(explode(rows, 'b', { outer: true }), 20, 1))),
    'limit explode project limit scan',
  );
  assert.equal(shape(pushLimits(limit(explode(rows, 'b'), 20))), 'limit explode project scan');
});

test('no rows need no model', () => {
  for (const input of [
    scored,
    sort(scored, column('p')),
    aggregate(scored, {}, { s: column('p') }),
    filter(t, greater(calls('m', column('a')), 0)),
  ]) {
    const after = pushLimits(limit(input, 0, 3));
    assert.equal(shape(after), 'local');
    assert.deepEqual(after.schema.toJSON(), input.schema.toJSON());
  }
  assert.equal(shape(pushLimits(limit(limit(scored, 3), 5, 3))), 'local', 'nothing is left behind the first three');
  assert.equal(shape(pushLimits(limit(t, 0))), 'limit scan', 'files are not looked at less than without a model');
});

test('a limit passes what is volatile, for it reads no value', () => {
  const drawn = project(t, { r: random }, { d: draws('dice', column('a')) });
  assert.equal(shape(pushLimits(limit(drawn, 3))), 'project limit scan');
});
