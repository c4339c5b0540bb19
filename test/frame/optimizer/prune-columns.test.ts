import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liftModelCalls } from '../../../src/frame/optimizer/lift-model-calls.js';
import { pruneColumns } from '../../../src/frame/optimizer/prune-columns.js';
import { inputsOf, type Relation } from '../../../src/frame/relation.js';
import {
  aggregate,
  cache,
  calls,
  column,
  distinct,
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
  assert.equal(shape(after), 'project score project score scan');
  assert.deepEqual(read(after), ['b']);
});

test('the result keeps its columns and their order', () => {
  const before = sort(filter(project(t, 'd', 'a'), greater(column('a'), 1)), column('d'));
  assert.deepEqual(pruneColumns(before).schema.toJSON(), before.schema.toJSON());
});

const other = scan('x', 'y', 'z');
const keys = equal(column('a'), column('x'));

test('of the tables of a join, the condition and what is used above is read', () => {
  for (const how of ['inner', 'left', 'right', 'full'] as const) {
    const after = pruneColumns(project(join(t, other, how, keys), 'b', 'y'));
    assert.deepEqual(read(after), ['a', 'b', 'x', 'y'], how);
    assert.deepEqual(nodesOf(after, 'join')[0]!.schema.names, ['a', 'b', 'x', 'y']);
  }
  for (const how of ['semi', 'anti'] as const) {
    const after = pruneColumns(project(join(t, other, how, keys), 'b'));
    assert.deepEqual(read(after), ['a', 'b', 'x'], how);
    assert.deepEqual(nodesOf(after, 'join')[0]!.schema.names, ['a', 'b']);
  }
  assert.deepEqual(read(pruneColumns(project(join(t, other, 'cross'), 'b'))), ['b', 'x'], 'rows of both are counted');
});

test('of the tables of a search, vectors, numbers and what is used above is read', () => {
  const after = pruneColumns(project(nearest(t, scan('x', 'y', 'z', 'w')), 'c', 'w', 'score'));
  assert.deepEqual(read(after), ['a', 'b', 'c', 'x', 'y', 'w']);
  assert.deepEqual(nodesOf(after, 'nearest')[0]!.schema.names, ['a', 'b', 'c', 'x', 'y', 'w', 'rank', 'score']);
});

test('a model on a table of a join is not run for what nobody uses', () => {
  const scored = liftModelCalls(project(t, 'a', 'b', { p: calls('m', column('c')) }));
  const after = pruneColumns(project(join(scored, other, 'inner', keys), 'b', 'z'));
  assert.deepEqual(nodesOf(after, 'score'), []);
  assert.deepEqual(read(after), ['a', 'b', 'x', 'z']);
});

test('a result that is the same for all rows, and that nobody uses, is not computed', () => {
  const one: Relation = { kind: 'local', schema: scan('one').schema, rows: [[1]] };
  const once = liftModelCalls(project(one, { e: calls('m', column('one')) }));
  assert.equal(shape(pruneColumns(project(join(t, once, 'cross'), 'a'))), 'project scan');
  assert.equal(shape(pruneColumns(project(join(t, once, 'cross'), 'a', 'e'))), 'project join scan project score local');
  const two: Relation = { ...one, rows: [[1], [2]] };
  assert.equal(shape(pruneColumns(project(join(t, two, 'cross'), 'a'))), 'project join scan local');
});

test('tables one after the other are read alike; where equal rows count, whole', () => {
  const swapped = project(t, { a: column('b') }, { b: column('a') }, 'c', 'd');
  const after = pruneColumns(project(unionAll(t, filter(swapped, greater(column('d'), 1))), 'b', 'c'));
  const [node] = nodesOf(after, 'setOperation');
  assert.deepEqual(node!.schema.names, ['b', 'c']);
  for (const input of node!.inputs) assert.deepEqual(input.schema.names, ['b', 'c']);
  assert.deepEqual(read(after), ['b', 'c', 'a', 'c', 'd']);
  for (const [operation, all] of [
    ['union', false],
    ['intersect', true],
    ['except', true],
  ] as const) {
    const whole = pruneColumns(project(setOperation(operation, all, t, t), 'b'));
    assert.deepEqual(read(whole), ['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd']);
  }
});

test('windows that nobody reads are not computed', () => {
  const windows = sums(t, { s: [column('b'), [column('a')]], u: [column('c'), [column('d')]] });
  const one = pruneColumns(project(windows, 's'));
  assert.deepEqual(nodesOf(one, 'window')[0]!.schema.names, ['a', 'b', 's']);
  assert.deepEqual(read(one), ['a', 'b']);
  assert.equal(shape(pruneColumns(project(windows, 'd'))), 'project scan');
});

test('distinct reads what it tells rows apart by', () => {
  assert.deepEqual(read(pruneColumns(project(distinct(t), 'a'))), ['a', 'b', 'c', 'd']);
});

test('explode keeps its column and drops a position that nobody reads', () => {
  const rows = explode(t, 'b', { position: 'at' });
  const after = pruneColumns(project(rows, 'a'));
  assert.equal(nodesOf(after, 'explode')[0]!.position, undefined);
  assert.deepEqual(nodesOf(after, 'explode')[0]!.schema.names, ['a', 'b']);
  assert.deepEqual(read(after), ['a', 'b']);
  assert.deepEqual(nodesOf(pruneColumns(project(rows, 'at')), 'explode')[0]!.schema.names, ['b', 'at']);
});

test('a cache is filled whole, a statement reads its inputs whole, and both are pruned inside', () => {
  const inner = project(t, 'a', 'b');
  assert.deepEqual(read(pruneColumns(project(cache(inner), 'a'))), ['a', 'b']);
  assert.deepEqual(read(pruneColumns(project(query('FROM t0', ['a', 'b'], inner), 'a'))), ['a', 'b']);
});

test('of what a model read, nothing is stored that is not needed after it', () => {
  const raw = liftModelCalls(aggregate(t, { b: column('b') }, { s: sum(calls('m', column('c'))) }));
  const after = pruneColumns(raw);
  assert.equal(shape(after), 'aggregate project score scan');
  assert.deepEqual(nodeAt(after, 1, 'project').schema.names, ['b', '__inframe_0']);
});
