import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe as describeExpr, type Expr } from '../../../src/frame/expr.js';
import { mergeProjects } from '../../../src/frame/optimizer/merge-projects.js';
import type { Relation } from '../../../src/frame/relation.js';
import {
  calls,
  column,
  filter,
  greater,
  nodeAt,
  plus,
  project,
  random,
  scan,
  shape,
  sqlText,
  value,
} from '../relations.js';

const t = scan('a', 'b');

function columnsAt(relation: Relation, depth: number): Readonly<Record<string, string>> {
  const { columns } = nodeAt(relation, depth, 'project');
  return Object.fromEntries(columns.map(({ name, expr }) => [name, describeExpr(expr)]));
}

test('a projection of a projection is one, whatever is renamed on the way', () => {
  const inner = project(t, { x: plus(column('a'), value(1)) }, { a: column('b') });
  const after = mergeProjects(project(inner, { y: plus(column('x'), column('a')) }, 'a'));
  assert.equal(shape(after), 'project scan');
  assert.deepEqual(columnsAt(after, 0), { y: '((a + 1) + b)', a: 'b' });
  assert.deepEqual(after.schema.names, ['y', 'a']);
});

test('calls of both stand side by side', () => {
  const inner = project(t, 'a', { p: calls('m', column('a')) });
  const after = mergeProjects(project(inner, 'p', { q: calls('m', column('a')) }, { z: calls('n', column('p')) }));
  assert.deepEqual(columnsAt(after, 0), { p: 'm(a)', q: 'm(a)', z: 'n(m(a))' });
});

test('projections with something between them stay two', () => {
  const inner = filter(project(t, { x: column('a') }), greater(column('x'), 1));
  assert.equal(shape(mergeProjects(project(inner, { y: column('x') }))), 'project filter project scan');
});

test('random() is drawn once, below', () => {
  const inner = project(t, { r: random });
  const outer = project(inner, { x: column('r') }, { y: column('r') });
  assert.equal(shape(mergeProjects(outer)), 'project project scan');
  const above = project(project(t, { x: column('a') }), { x: column('x') }, { r: random });
  assert.equal(shape(mergeProjects(above)), 'project scan', 'above, it is drawn once all the same');
});

test('a projection below is put into SQL text', () => {
  const text = sqlText('a + 1', 'a');
  assert.equal(shape(mergeProjects(project(project(t, 'a'), { x: text }))), 'project scan');
  assert.equal(shape(mergeProjects(project(project(t, { a: column('b') }), { x: text }))), 'project scan');
});

test('a column written twice at every step does not make an expression of a billion parts', () => {
  let relation: Relation = t;
  for (let step = 0; step < 60; step++) relation = project(relation, { a: plus(column('a'), column('a')) });
  const started = performance.now();
  const after = mergeProjects(relation);
  assert.ok(performance.now() - started < 2000);
  const parts = (expr: Expr): number => describeExpr(expr).length;
  for (let node = after; node.kind === 'project'; node = node.input) assert.ok(parts(node.columns[0]!.expr) < 10_000);
  assert.ok(shape(after).length < shape(relation).length, 'some steps are one');
});

test('a long list of values is no reason to keep projections apart', () => {
  const many: Expr = {
    kind: 'operator',
    name: 'in',
    operands: [column('x'), ...Array.from({ length: 5000 }, (_, i) => value(i))],
  };
  assert.equal(shape(mergeProjects(project(project(t, { x: column('a') }), { y: many }))), 'project scan');
});

test('a projection that changes nothing is none', () => {
  assert.equal(shape(mergeProjects(project(t, 'a', 'b'))), 'scan');
  assert.equal(shape(mergeProjects(project(t, 'b', 'a'))), 'project scan', 'the order is part of the result');
  assert.equal(shape(mergeProjects(project(t, 'a'))), 'project scan');
  const back = project(project(t, { a: column('b') }, { b: column('a') }), { a: column('b') }, { b: column('a') });
  assert.equal(shape(mergeProjects(back)), 'scan');
});
