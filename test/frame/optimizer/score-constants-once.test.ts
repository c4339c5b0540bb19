import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe as describeExpr, type Expr } from '../../../src/frame/expr.js';
import { liftModelCalls } from '../../../src/frame/optimizer/lift-model-calls.js';
import { scoreConstantsOnce } from '../../../src/frame/optimizer/score-constants-once.js';
import type { Relation } from '../../../src/frame/relation.js';
import { calls, column, draws, filter, greater, nodesOf, plus, project, random, scan, shape } from '../relations.js';

const t = scan('a', 'b');
const three: Expr = { kind: 'literal', value: 3 };

function run(relation: Relation): Relation {
  const before = liftModelCalls(relation);
  const after = scoreConstantsOnce(before);
  assert.deepEqual(after.schema.toJSON(), before.schema.toJSON());
  return after;
}

/** The calls made on one row, and those made on every row. */
function calledOn(relation: Relation): { readonly one: readonly string[]; readonly all: readonly string[] } {
  const one = nodesOf(relation, 'join').flatMap(({ inputs }) => made(inputs[1]));
  return { one, all: made(relation).filter(call => !one.includes(call)) };
}

function made(relation: Relation): readonly string[] {
  return nodesOf(relation, 'score').flatMap(({ calls: own }) =>
    own.map(({ call }) => describeExpr({ kind: 'modelCall', call })),
  );
}

test('a call that reads no column is made on one row, which is joined to all', () => {
  const after = run(project(t, 'a', { p: calls('m', three) }));
  assert.equal(shape(after), 'project join scan project score local');
  const [join] = nodesOf(after, 'join');
  assert.equal(join!.how, 'cross');
  assert.equal(nodesOf(after, 'local')[0]!.rows.length, 1);
  assert.deepEqual(calledOn(after), { one: ['m(3)'], all: [] });
});

test('calls on columns stay below the join, so that files are still read slice by slice', () => {
  const after = run(project(t, { p: plus(calls('m', three), calls('m', column('a'))) }));
  assert.equal(shape(after), 'project join score scan project score local');
  assert.deepEqual(calledOn(after), { one: ['m(3)'], all: ['m(a)'] });
});

test('calls on calls on constants are constants', () => {
  const inner = calls('m', three);
  const after = run(project(t, { p: calls('n', inner, calls('m', plus(three, three))) }, { q: inner }));
  assert.equal(shape(after), 'project join scan project score project score local');
  assert.deepEqual(calledOn(after).all, []);
});

test('a call on a column that comes later does not pull the join below it', () => {
  const after = run(project(t, { p: calls('n', calls('m', column('a'))) }, { q: calls('m', three) }));
  assert.equal(shape(after), 'project join score score scan project score local');
});

test('a call on a column and on a call on a constant needs the join below it', () => {
  const after = run(project(t, { p: calls('n', column('a'), calls('m', three)) }, { q: calls('m', column('b')) }));
  assert.deepEqual(calledOn(after).one, ['m(3)']);
  assert.equal(shape(after), 'project score join score scan project score local');
});

test('it works in filters, whose helper columns are taken off again', () => {
  const after = run(filter(t, greater(column('a'), calls('m', three))));
  assert.equal(shape(after), 'project filter join scan project score local');
  assert.deepEqual(after.schema.names, ['a', 'b']);
});

test('what may give something else each time is called for each row', () => {
  for (const call of [calls('m', random), draws('dice', three)]) {
    assert.equal(shape(run(project(t, 'a', { p: call }))), 'project score scan');
  }
});

test('a table of one row needs no other', () => {
  const one: Relation = { kind: 'local', schema: t.schema, rows: [[1, 2]] };
  assert.equal(shape(run(project(one, { p: calls('m', three) }))), 'project score local');
});
