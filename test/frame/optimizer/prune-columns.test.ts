import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liftModelCalls } from '../../../src/frame/optimizer/lift-model-calls.js';
import { pruneColumns } from '../../../src/frame/optimizer/prune-columns.js';
import { inputsOf, type Relation } from '../../../src/frame/relation.js';
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
  sample,
  scan,
  shape,
  sort,
  sqlText,
  sum,
} from '../relations.js';

const t = scan('a', 'b', 'c', 'd');

/** What is read from the files. */
function read(relation: Relation): readonly string[] {
  return relation.kind === 'scan' ? relation.schema.names : inputsOf(relation).flatMap(read);
}

test('only what is used above is read', () => {
  assert.deepEqual(read(pruneColumns(project(t, 'c', { x: plus(column('a'), column('c')) }))), ['a', 'c']);
  assert.deepEqual(read(pruneColumns(t)), ['a', 'b', 'c', 'd']);
  assert.deepEqual(read(pruneColumns(project(t, { x: sqlText('b + 1', 'b') }))), ['b']);
});

test('what conditions, keys and groups need is read beside what is shown', () => {
  assert.deepEqual(read(pruneColumns(project(filter(t, greater(column('b'), 1)), 'a'))), ['a', 'b']);
  assert.deepEqual(read(pruneColumns(project(sort(t, column('d')), 'a'))), ['a', 'd']);
  assert.deepEqual(read(pruneColumns(project(limit(sample(t), 3), 'a'))), ['a']);
  assert.deepEqual(read(pruneColumns(aggregate(t, { d: column('d') }, { s: sum(column('b')) }))), ['b', 'd']);
});

test('columns of a projection that nobody uses are not computed', () => {
  const inner = project(t, 'a', { x: column('b') }, { y: calls('m', column('c')) });
  const after = pruneColumns(project(filter(inner, greater(column('x'), 1)), 'a'));
  assert.deepEqual(nodeAt(after, 2, 'project').schema.names, ['a', 'x']);
  assert.deepEqual(read(after), ['a', 'b']);
});

test('keys of groups stay: they decide which groups there are', () => {
  const grouped = aggregate(t, { k: column('a') }, { s: sum(column('b')), u: sum(column('c')) });
  const after = pruneColumns(project(grouped, 'u'));
  assert.deepEqual(nodeAt(after, 1, 'aggregate').schema.names, ['k', 'u']);
  assert.deepEqual(read(after), ['a', 'c']);
});

test('rows are counted although no column is asked for', () => {
  const count = { n: { kind: 'call', name: 'count_star', args: [], distinct: false } } as const;
  const after = pruneColumns(aggregate(project(t, { x: column('b') }, { y: column('c') }), {}, count));
  assert.equal(shape(after), 'aggregate project scan');
  assert.equal(nodeAt(after, 1, 'project').schema.length, 1);
  assert.equal(read(after).length, 1);
  const twice = project(aggregate(t, {}, { s: sum(column('b')), u: sum(column('c')) }), {
    one: { kind: 'literal', value: 1 },
  });
  assert.equal(nodeAt(pruneColumns(twice), 1, 'aggregate').aggregates.length, 1, 'one row, whatever it holds');
});

test('a model whose prediction nobody uses is not run', () => {
  const scored = liftModelCalls(project(t, 'a', { p: calls('m', column('b')) }, { q: calls('n', column('c')) }));
  const one = pruneColumns(project(scored, 'a', 'q'));
  assert.equal(shape(one), 'project project score scan');
  assert.deepEqual(
    nodeAt(one, 2, 'score').calls.map(({ call }) => call.modelName),
    ['n'],
  );
  assert.deepEqual(read(one), ['a', 'c']);
  const none = pruneColumns(project(scored, 'a'));
  assert.equal(shape(none), 'project project scan');
  assert.deepEqual(read(none), ['a']);
});

test('a call that another call stands on is kept', () => {
  const nested = liftModelCalls(project(t, { x: calls('n', calls('m', column('b'))) }));
  const after = pruneColumns(nested);
  assert.equal(shape(after), 'project score score scan');
  assert.deepEqual(read(after), ['b']);
});

test('the result keeps its columns and their order', () => {
  const before = sort(filter(project(t, 'd', 'a'), greater(column('a'), 1)), column('d'));
  assert.deepEqual(pruneColumns(before).schema.toJSON(), before.schema.toJSON());
});
