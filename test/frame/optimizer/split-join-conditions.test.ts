import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callsModel, describe as describeExpr, type Expr } from '../../../src/frame/expr.js';
import { splitJoinConditions } from '../../../src/frame/optimizer/split-join-conditions.js';
import type { JoinKind } from '../../../src/frame/plan.js';
import { anyRelation, expressionsOf, type Relation } from '../../../src/frame/relation.js';
import { inframeError } from '../../support/onnx.js';
import {
  both,
  calls,
  column,
  draws,
  equal,
  filter,
  greater,
  join,
  nodesOf,
  plus,
  project,
  random,
  scan,
  shape,
} from '../relations.js';

const left = scan('a', 'b');
const right = scan('x', 'y');
const keys = equal(column('a'), column('x'));
const onLeft = greater(column('b'), 1);
const onRight = greater(column('y'), 1);
const kinds: readonly JoinKind[] = ['inner', 'left', 'right', 'full', 'semi', 'anti'];

/** What is left of the condition of the topmost join. */
function conditionOf(relation: Relation): string | undefined {
  const { condition } = nodesOf(relation, 'join')[0]!;
  return condition && describeExpr(condition);
}

function assertSplit(before: Relation, after: Relation): void {
  assert.ok(!anyRelation(after, node => node.kind === 'join' && expressionsOf(node).some(callsModel)));
  assert.deepEqual(after.schema.toJSON(), before.schema.toJSON(), 'the columns are those there were');
  for (const node of nodesOf(after, 'join')) {
    const [one, other] = node.inputs;
    assert.ok(
      one.schema.names.every(name => !other.schema.has(name)),
      'tables of a join share no name (R4)',
    );
  }
}

/** The conditions of filters in each table of a join. */
function filtersOf(relation: Relation): readonly (readonly string[])[] {
  const [node] = nodesOf(relation, 'join');
  return node!.inputs.map(input => nodesOf(input, 'filter').map(({ predicate }) => describeExpr(predicate)));
}

test('a join without a condition, or of columns of both tables, stays as it is', () => {
  for (const how of kinds) {
    assert.equal(shape(splitJoinConditions(join(left, right, how, keys))), 'join scan scan');
    assert.equal(conditionOf(splitJoinConditions(join(left, right, how, keys))), '(a = x)');
  }
  assert.equal(shape(splitJoinConditions(join(left, right, 'cross'))), 'join scan scan');
});

test('a part over one table becomes a filter on it where rows that fail it are not in the result', () => {
  // From the meaning of each join: a row of the left table that fails stays (with nulls) in left and full joins, and is
  // what an anti join is after.
  const filtered: Readonly<Record<string, readonly [left: boolean, right: boolean]>> = {
    inner: [true, true],
    left: [false, true],
    right: [true, false],
    full: [false, false],
    semi: [true, true],
    anti: [false, true],
  };
  for (const how of kinds) {
    const before = join(left, right, how, both(keys, onLeft, onRight));
    const after = splitJoinConditions(before);
    assertSplit(before, after);
    const [inLeft, inRight] = filtered[how]!;
    assert.deepEqual(filtersOf(after), [inLeft ? ['(b > 1)'] : [], inRight ? ['(y > 1)'] : []], how);
    assert.equal(conditionOf(after)?.includes('b > 1'), !inLeft);
    assert.equal(conditionOf(after)?.includes('y > 1'), !inRight);
  }
});

test('a join whose whole condition is over one table keeps its kind', () => {
  const inner = splitJoinConditions(join(left, right, 'inner', onLeft));
  assert.equal(nodesOf(inner, 'join')[0]!.how, 'cross');
  assert.equal(conditionOf(inner), undefined);
  const outer = splitJoinConditions(join(left, right, 'left', onRight));
  assert.equal(nodesOf(outer, 'join')[0]!.how, 'left');
  assert.equal(conditionOf(outer), 'true', 'every left row meets every right row that is left');
});

test('a call that reads one table is made on it, before the join', () => {
  for (const how of kinds) {
    const before = join(left, right, how, equal(calls('m', column('a')), calls('n', column('x'), column('y'))));
    const after = splitJoinConditions(before);
    assertSplit(before, after);
    const { inputs } = nodesOf(after, 'join')[0]!;
    assert.deepEqual(
      inputs.map(input => expressionsOf(input).filter(callsModel).map(describeExpr)),
      [['m(a)'], ['n(x, y)']],
      how,
    );
  }
});

test('equal calls of a condition are one column, and calls of one table on calls of it stay together', () => {
  const m = calls('m', column('a'));
  const before = join(left, right, 'full', both(equal(m, column('x')), greater(calls('n', m), plus(m, column('y')))));
  const after = splitJoinConditions(before);
  assertSplit(before, after);
  const made = expressionsOf(nodesOf(after, 'join')[0]!.inputs[0]).filter(callsModel).map(describeExpr);
  assert.deepEqual(made, ['m(a)', 'n(m(a))']);
});

test('a condition on a prediction of one table is a filter on it', () => {
  const after = splitJoinConditions(join(left, right, 'inner', both(keys, greater(calls('m', column('a')), 0))));
  assert.deepEqual(filtersOf(after), [['(m(a) > 0)'], []]);
});

test('a call over both tables of an inner join is asked above the join of the other parts', () => {
  const wide = greater(calls('m', column('a'), column('y')), 0);
  const before = join(left, right, 'inner', both(keys, wide, onLeft));
  const after = splitJoinConditions(before);
  assertSplit(before, after);
  assert.equal(shape(after), 'filter join filter scan scan');
  assert.equal(conditionOf(after), '(a = x)');
  const alone = splitJoinConditions(join(left, right, 'inner', wide));
  assert.equal(shape(alone), 'filter join scan scan');
  assert.equal(nodesOf(alone, 'join')[0]!.how, 'cross');
});

test('of a call over both tables, the calls inside that read one are made before the join', () => {
  const wide = greater(calls('n', calls('m', column('a')), column('y')), 0);
  const before = join(left, right, 'inner', both(keys, wide));
  const after = splitJoinConditions(before);
  assertSplit(before, after);
  assert.deepEqual(expressionsOf(nodesOf(after, 'join')[0]!.inputs[0]).filter(callsModel).map(describeExpr), ['m(a)']);
  assert.match(describeExpr(nodesOf(after, 'filter')[0]!.predicate), /^\(n\(__inframe_on_0, y\) > 0\)$/);
});

test('a call over both tables of another join is refused, with what to do', () => {
  const wide = both(keys, greater(calls('risk', column('a'), column('y')), 0));
  for (const how of ['left', 'right', 'full', 'semi', 'anti'] as const) {
    assert.throws(
      () => splitJoinConditions(join(left, right, how, wide)),
      inframeError(
        'MODEL_CALL_MISPLACED',
        `call of model 'risk' in the condition of ${how === 'anti' ? 'an' : 'a'} ${how} join reads both tables, and which rows belong together is not known before it; call it on the columns of one table, or make the join an inner one`,
      ),
    );
  }
});

test('nothing moves across random(): it is drawn for every pair of rows', () => {
  const drawn = greater(random, 1);
  for (const how of kinds) {
    const after = splitJoinConditions(join(left, right, how, both(keys, onLeft, onRight, drawn)));
    assert.equal(shape(after), 'join scan scan', how);
  }
  // A call of one table is made for each of its rows all the same; one over both asks with everything else.
  const before = join(left, right, 'inner', both(keys, drawn, greater(calls('m', column('a'), column('x')), 0)));
  const after = splitJoinConditions(before);
  assertSplit(before, after);
  assert.equal(shape(after), 'filter join scan scan');
  assert.match(describeExpr(nodesOf(after, 'filter')[0]!.predicate), /a = x.*random.*m\(a, x\)/);
  const scored = join(left, right, 'left', both(drawn, equal(calls('m', column('a')), column('x'))));
  assert.equal(shape(splitJoinConditions(scored)), 'project join project scan scan');
});

test('a function that is not deterministic is called for every pair of an inner join, and refused in others', () => {
  const condition = both(keys, greater(draws('dice', column('a')), 3));
  const inner = splitJoinConditions(join(left, right, 'inner', condition));
  assert.equal(shape(inner), 'filter join scan scan');
  assert.throws(
    () => splitJoinConditions(join(left, right, 'left', condition)),
    inframeError('MODEL_CALL_MISPLACED', /'dice' .* may give another value for every pair of rows/),
  );
});

test('a call that reads no column is made on one side', () => {
  const constant: Expr = calls('m', { kind: 'literal', value: 3 });
  const before = join(left, right, 'full', greater(plus(column('a'), column('x')), constant));
  const after = splitJoinConditions(before);
  assertSplit(before, after);
  assert.equal(shape(after), 'project join project scan scan');
});

test('joins below other nodes, and in each other, are split too', () => {
  const third = scan('z');
  const inner = join(left, right, 'inner', both(keys, greater(calls('m', column('a')), 0)));
  const before = filter(project(join(inner, third, 'left', equal(calls('n', column('y')), column('z'))), 'a'), onA());
  assertSplit(before, splitJoinConditions(before));
});

function onA(): Expr {
  return greater(column('a'), 0);
}
