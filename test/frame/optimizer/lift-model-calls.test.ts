import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callsModel, describe as describeExpr, type Expr, type LiteralValue } from '../../../src/frame/expr.js';
import { callKey } from '../../../src/frame/optimizer/call-key.js';
import { liftModelCalls } from '../../../src/frame/optimizer/lift-model-calls.js';
import { anyRelation, expressionsOf, inputsOf, type Relation } from '../../../src/frame/relation.js';
import {
  aggregate,
  calls,
  column,
  draws,
  filter,
  greater,
  nodeAt,
  nodesOf,
  plus,
  project,
  random,
  scan,
  shape,
  sort,
  sum,
  sums,
  unionAll,
} from '../relations.js';

const t = scan('a', 'b');
const m = calls('m', column('a'));

/** What each score node below computes, from top to bottom: `helper = model(args)`. */
function scores(relation: Relation): readonly (readonly string[])[] {
  const own =
    relation.kind === 'score' ? [relation.calls.map(({ call }) => describeExpr({ kind: 'modelCall', call }))] : [];
  return [...own, ...inputsOf(relation).flatMap(scores)];
}

function assertLifted(before: Relation, after: Relation): void {
  assert.ok(!anyRelation(after, node => expressionsOf(node).some(callsModel)), 'no call is left in an expression (R2)');
  assert.deepEqual(after.schema.toJSON(), before.schema.toJSON(), 'the columns are those there were');
}

test('a relation without calls stays as it is', () => {
  const before = filter(project(t, 'a'), greater(column('a'), 1));
  assert.deepEqual(liftModelCalls(before), before);
});

test('a call of a projection becomes a score node below it', () => {
  const before = project(t, 'b', { p: plus(m, column('b')) });
  const after = liftModelCalls(before);
  assert.equal(shape(after), 'project score scan');
  assertLifted(before, after);
  const helper = nodeAt(after, 1, 'score').calls[0]!.column;
  assert.equal(describeExpr(expressionsOf(after)[1]!), `(${helper} + b)`);
  assert.deepEqual(nodeAt(after, 1, 'score').schema.names, ['a', 'b', helper]);
});

test('equal calls of a node are made once', () => {
  const before = project(t, { p: m }, { q: plus(m, calls('m', column('a'))) }, { r: calls('m', column('b')) });
  const after = liftModelCalls(before);
  assertLifted(before, after);
  assert.deepEqual(scores(after), [['m(a)', 'm(b)']]);
});

test('calls on calls are made in order, the innermost first', () => {
  const before = project(t, { x: calls('n', plus(m, column('b'))) }, { y: calls('n', calls('n', m)) });
  const after = liftModelCalls(before);
  assertLifted(before, after);
  assert.equal(shape(after), 'project score score score scan');
  const made = scores(after);
  assert.deepEqual(made[2], ['m(a)'], 'once, although three calls stand on it');
  assert.equal(made[1]!.length, 2);
  assert.equal(made[0]!.length, 1);
});

test('helper columns of a filter or sort are taken off again', () => {
  for (const before of [filter(t, greater(m, 0)), sort(t, m, column('b'))]) {
    const after = liftModelCalls(before);
    assertLifted(before, after);
    assert.equal(shape(after), `project ${before.kind} score scan`);
    assert.deepEqual(
      nodeAt(after, 0, 'project').columns.map(({ expr }) => describeExpr(expr)),
      ['a', 'b'],
    );
  }
});

test('calls in keys and aggregates are lifted', () => {
  const before = aggregate(t, { k: m }, { s: sum(m), n: sum(calls('n', column('b'))) });
  const after = liftModelCalls(before);
  assertLifted(before, after);
  assert.deepEqual(scores(after), [['m(a)', 'n(b)']]);
});

test('calls in windows are lifted: in what is computed, and in what divides the rows', () => {
  const before = sums(t, { s: [m, [calls('n', column('b'))]], u: [plus(m, column('b')), []] });
  const after = liftModelCalls(before);
  assertLifted(before, after);
  assert.equal(shape(after), 'project window score scan');
  assert.deepEqual(scores(after), [['m(a)', 'n(b)']]);
  assert.deepEqual(after.schema.names, ['a', 'b', 's', 'u']);
});

test('calls in the condition and the order of an aggregate are lifted', () => {
  const call: Expr = {
    kind: 'call',
    name: 'list',
    args: [column('b')],
    distinct: false,
    filter: greater(m, 0),
    orderBy: [{ expr: calls('n', column('b')), descending: false, nullsFirst: false }],
  };
  const after = liftModelCalls(aggregate(t, {}, { l: call }));
  assertLifted(aggregate(t, {}, { l: call }), after);
  assert.equal(scores(after)[0]!.length, 2);
});

test('a function that is not deterministic is called as often as it is written', () => {
  const dice = draws('dice', column('a'));
  const before = project(t, { p: dice }, { q: plus(dice, dice) }, { r: calls('m', dice) });
  const after = liftModelCalls(before);
  assertLifted(before, after);
  assert.deepEqual(
    scores(after).map(made => made.length),
    [1, 4],
  );
});

test('a helper takes no name that the table has', () => {
  const taken = scan('a', '__inframe_0', '__INFRAME_1');
  const before = project(taken, '__inframe_0', { p: m });
  const after = liftModelCalls(before);
  assertLifted(before, after);
  assert.equal(nodeAt(after, 1, 'score').schema.length, 4, 'a schema refuses two columns of one name');
});

test('helpers of nodes upon nodes differ', () => {
  const before = filter(filter(t, greater(m, 0)), greater(calls('n', column('a')), 0));
  assertLifted(before, liftModelCalls(before));
});

test('the same plan has the same words wherever it stands, and above it none is used again', () => {
  const once = filter(project(t, 'b', { p: m }), greater(calls('n', column('p')), 0));
  const after = liftModelCalls(project(unionAll(once, once), { q: calls('m', column('b')) }));
  const [node] = nodesOf(after, 'setOperation');
  assert.deepEqual(node!.inputs[0], node!.inputs[1]);
  const names = nodesOf(after, 'score').flatMap(score => score.calls.map(({ column: name }) => name));
  assert.deepEqual(names, ['__inframe_2', '__inframe_1', '__inframe_0', '__inframe_1', '__inframe_0']);
});

test('two draws of random() are two calls', () => {
  const before = project(t, { p: calls('m', random) }, { q: calls('m', random) });
  assert.deepEqual(scores(liftModelCalls(before)), [['m(random())', 'm(random())']]);
});

test('calls on constants that differ have keys that differ', () => {
  const constants: readonly LiteralValue[] = [
    null,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    -0,
    1,
    1n,
    '1',
    '1n',
    'null',
    true,
    'true',
    new Date(0),
    new Date(0).toISOString(),
    0.5,
    new Uint8Array([1]),
    [1],
    [1, 2],
    [[1], 2],
    [],
    ['1'],
  ];
  const keys = constants.map(literal => callKey(calls('m', { kind: 'literal', value: literal }).call));
  assert.equal(new Set(keys).size, constants.length);
});

test('the same call has the same key', () => {
  const make = () => calls('m', plus(column('a'), { kind: 'literal', value: 2n }), calls('n', column('b'))).call;
  assert.equal(callKey(make()), callKey(make()));
  assert.notEqual(callKey(make()), callKey(calls('m', column('a')).call));
  assert.notEqual(
    callKey(calls('m', column('a'), column('b')).call),
    callKey(calls('m', column('b'), column('a')).call),
  );
});
