import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushLimits } from '../../../src/frame/optimizer/push-limits.js';
import {
  aggregate,
  calls,
  column,
  filter,
  greater,
  limit,
  nodeAt,
  project,
  sample,
  scan,
  shape,
  sort,
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
