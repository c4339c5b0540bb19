import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe as describeExpr } from '../../../src/frame/expr.js';
import { liftModelCalls } from '../../../src/frame/optimizer/lift-model-calls.js';
import { mergeProjects } from '../../../src/frame/optimizer/merge-projects.js';
import { reuseModelCalls } from '../../../src/frame/optimizer/reuse-model-calls.js';
import { inputsOf, type Relation } from '../../../src/frame/relation.js';
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
  nodesOf,
  plus,
  project,
  random,
  sample,
  scan,
  shape,
  sort,
  sum,
  sums,
  unionAll,
} from '../relations.js';

const t = scan('a', 'b');
const m = calls('m', column('a'));
const scored = project(t, 'a', 'b', { p: m });

function run(before: Relation): Relation {
  const after = reuseModelCalls(liftModelCalls(before));
  assert.deepEqual(after.schema.toJSON(), before.schema.toJSON());
  assertColumnsExist(after);
  return after;
}

/** Every node's schema is what its inputs make of it. */
function assertColumnsExist(relation: Relation): void {
  const inputs = inputsOf(relation);
  if (['filter', 'sort', 'limit', 'sample', 'distinct'].includes(relation.kind)) {
    assert.deepEqual(relation.schema.toJSON(), inputs[0]!.schema.toJSON());
  }
  if (relation.kind === 'project') {
    for (const { expr } of relation.columns) {
      if (expr.kind === 'column') assert.ok(inputs[0]!.schema.has(expr.name), expr.name);
    }
  }
  inputs.forEach(assertColumnsExist);
}

/** The calls that are made, those above first. */
function made(relation: Relation): readonly string[] {
  return nodesOf(relation, 'score').flatMap(({ calls: own }) =>
    own.map(({ call }) => call.modelName + call.args.map(describeExpr).join()),
  );
}

test('a call that a projection has made is not made again', () => {
  for (const above of [
    filter(scored, greater(m, 0.5)),
    sort(scored, plus(m, column('b'))),
    aggregate(scored, {}, { s: sum(m) }),
    project(scored, { q: m }, { r: plus(m, column('p')) }),
    sums(scored, { s: [m, [m]] }),
  ]) {
    assert.deepEqual(made(run(above)), ['ma']);
  }
});

test('a call of a filter is not made again above it: its column is handed up', () => {
  const asked = filter(t, greater(m, 0.5));
  const after = mergeProjects(run(project(asked, 'b', { q: m })));
  assert.equal(shape(after), 'project filter score scan');
  for (const above of [
    project(asked, { q: m }),
    aggregate(asked, { k: m }, {}),
    filter(asked, greater(m, 0.7)),
    sort(asked, m),
    project(sort(filter(asked, greater(m, 0.7)), m), { q: m }),
  ]) {
    assert.deepEqual(made(run(above)), ['ma']);
  }
});

test('it is found through everything that hands rows on', () => {
  const asked = filter(t, greater(m, 0.5));
  const other = scan('x');
  const keys = equal(column('b'), column('x'));
  for (const between of [
    limit(sort(asked, column('b')), 10),
    sample(asked),
    sums(asked, { s: [column('b'), []] }),
    explode(asked, 'b', { position: 'at' }),
    join(asked, other, 'inner', keys),
    join(asked, other, 'left', keys),
    join(other, asked, 'right', keys),
    join(asked, other, 'anti', keys),
    join(other, asked, 'cross'),
    project(asked, { c: column('b') }, 'a'),
  ]) {
    const after = run(project(between, { q: m }));
    assert.deepEqual(made(after), ['ma'], shape(between));
  }
});

test('it is found under another name, and in the words of what is below', () => {
  const renamed = project(filter(scored, greater(column('p'), 0)), { x: column('a') }, { score: column('p') });
  assert.deepEqual(made(run(filter(renamed, greater(calls('m', column('x')), 0.5)))), ['ma']);
  const lost = project(filter(scored, greater(column('p'), 0)), { x: column('a') });
  assert.deepEqual(made(run(filter(lost, greater(calls('m', column('x')), 0.5)))), ['ma']);
});

test('it is not looked for where rows are others, or where a null stands for a row', () => {
  const asked = filter(t, greater(m, 0.5));
  const other = scan('x');
  const keys = equal(column('b'), column('x'));
  for (const between of [
    join(asked, other, 'right', keys),
    join(asked, other, 'full', keys),
    join(other, asked, 'left', keys),
    aggregate(asked, { a: column('a') }, {}),
    unionAll(asked, asked),
    distinct(asked),
    cache(asked),
    explode(asked, 'a'),
  ]) {
    const calledBelow = made(liftModelCalls(between)).length;
    assert.equal(made(run(project(between, { q: m }))).length, calledBelow + 1, shape(between));
  }
});

test('a column that a distinct or a cache has already is taken', () => {
  for (const between of [distinct(scored), cache(scored)]) {
    const after = run(filter(between, greater(m, 0)));
    assert.deepEqual(made(after), ['ma'], shape(between));
    assert.deepEqual(nodesOf(after, between.kind)[0]!.schema.names, ['a', 'b', 'p'], 'as it was');
  }
});

test('another model, other arguments, or a column that now means something else is another call', () => {
  assert.equal(made(run(filter(scored, greater(calls('n', column('a')), 0)))).length, 2);
  assert.equal(made(run(filter(scored, greater(calls('m', column('b')), 0)))).length, 2);
  const swapped = project(t, { a: column('b') }, { p: m });
  assert.deepEqual(made(run(filter(swapped, greater(m, 0)))), ['ma', 'ma'], 'one on b, under the name of a');
});

test('a call inside the arguments of another is read from its column too', () => {
  const after = run(filter(scored, greater(calls('n', m), 0)));
  assert.equal(made(after).length, 2);
  assert.equal(nodesOf(after, 'score').length, 2);
});

test('results of both tables of a join stand side by side, under names that differ', () => {
  const asked = filter(t, greater(m, 0.5));
  const other = project(asked, { x: column('a') });
  const both = join(asked, filter(other, greater(calls('n', column('x')), 0)), 'cross');
  const after = run(project(both, { q: m }, { r: calls('m', column('x')) }, { s: calls('n', column('x')) }));
  assert.deepEqual(made(after).toSorted(), ['ma', 'ma', 'nx'], 'one of each table, and none above');
  for (const { inputs } of nodesOf(after, 'join')) {
    assert.ok(inputs[0].schema.names.every(name => !inputs[1].schema.has(name)));
  }
});

test('two draws are two calls', () => {
  const drawn = project(t, 'a', { p: calls('m', random) });
  assert.equal(made(run(filter(drawn, greater(calls('m', random), 0)))).length, 2);
  const both = project(t, { r: random }, { p: calls('m', random) });
  assert.equal(made(run(filter(both, greater(calls('m', column('r')), 0)))).length, 2);
  const dice = draws('dice', column('a'));
  assert.equal(made(run(filter(project(t, 'a', { p: dice }), greater(dice, 0)))).length, 2);
});
