import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainStages } from '../../../src/engine/embedded/explain.js';
import type { Expr } from '../../../src/frame/expr.js';
import { optimize } from '../../../src/frame/optimizer/optimize.js';
import type { Relation } from '../../../src/frame/relation.js';
import {
  aggregate,
  both,
  cache,
  calls,
  column,
  distinct,
  draws,
  either,
  equal,
  explode,
  filter,
  greater,
  join,
  limit,
  plus,
  project,
  query,
  random,
  scan,
  sort,
  sqlText,
  sum,
  sums,
  unionAll,
  value,
} from '../../frame/relations.js';

const flights: Relation = {
  ...(scan('id', 'a', 'b', 'wide') as Relation & { kind: 'scan' }),
  files: [file('/data/flights.parquet', 3 * 1024 ** 2)],
};
const planes: Relation = {
  ...(scan('plane', 'age') as Relation & { kind: 'scan' }),
  files: [file('/data/planes/1.parquet', 2048), file('/data/planes/2.parquet', 1024)],
};
const delay = calls('delay', column('a'));
const scored = project(flights, 'id', 'b', { risk: delay });

function file(path: string, bytes: number) {
  return { path, bytes, modified: 0 };
}

function explain(relation: Relation): string {
  return explainStages(optimize(relation));
}

function notes(relation: Relation): readonly string[] {
  const [, below] = explain(relation).split('\nNotes\n');
  return (below ?? '')
    .replaceAll(/\n {4}/g, ' ')
    .split('\n')
    .flatMap(text => (text === '' ? [] : [text.replace('  - ', '')]));
}

function assertNote(relation: Relation, expected: string | RegExp): void {
  const found = notes(relation);
  const holds = (text: string): boolean => (typeof expected === 'string' ? text === expected : expected.test(text));
  assert.ok(found.some(holds), `${expected} is not among the notes: ${found.join('\n')}`);
}

function assertNoNote(relation: Relation): void {
  assert.deepEqual(notes(relation), []);
}

test('a plan is shown stage by stage, from the files to the result, with reasons', () => {
  // What is expected here follows from the plan: `b > 1` and `age > 2` read one table each and go to it; delay reads the
  // left one and runs on what `b > 1` leaves, row by row from the file; the condition on it needs its result, so does the
  // order; wear reads both tables, so it runs on joined rows, which DuckDB makes.
  const condition = both(equal(column('id'), column('plane')), greater(column('age'), 2));
  const joined = join(scored, planes, 'left', condition);
  const chosen = filter(joined, both(greater(column('risk'), 0.5), greater(column('b'), 1)));
  const worn = project(chosen, 'id', 'risk', { wear: calls('wear', column('age'), column('b')) });
  assert.equal(
    explain(limit(sort(worn, column('wear')), 20)),
    `Stage 1: model delay, in worker threads
  read      parquet /data/flights.parquet (3.0 MB): id, a, b
  filter    b > 1
  tasks     each reads its own rows of the file
  score     delay(a)
  project   id, b, risk = delay(a)
  filter    risk > 0.5
  result    id float64, b float64, risk float64
Stage 2: model wear, in worker threads
  ┌ read      result of stage 1, where risk > 0.5: id, b, risk
  ├ read      parquet 2 files (3.0 KB) from /data/planes/1.parquet on: plane, age
  │ filter    age > 2
  └ join      left, on id = plane
  tasks     cut from these rows, which DuckDB makes whole first: tables are joined
  score     wear(age, b)
  project   id, risk, wear = wear(age, b)
  result    id float64, risk float64, wear float64
Stage 3: DuckDB
  read      result of stage 2: id, risk, wear
  sort      by wear
  limit     20
  result    id float64, risk float64, wear float64
Notes
  - filter risk > 0.5 stays above model delay: it reads what that gives
  - limit 20 is taken after the models have run: the rows are sorted by what model wear gives`,
  );
});

test('a plan without models is one stage of DuckDB, and needs no reasons', () => {
  assert.equal(
    explain(
      limit(filter(project(flights, 'id', { x: plus(column('a'), column('b')) }), greater(column('x'), 1)), 3, 5),
    ),
    `Stage 1: DuckDB
  read      parquet /data/flights.parquet (3.0 MB): id, a, b
  filter    (a + b) > 1
  limit     3 after the first 5
  project   id, x = a + b
  result    id float64, x float64`,
  );
});

test('columns that only the plan has names for are called by what they hold', () => {
  const text = explain(filter(project(flights, 'id', { x: calls('n', delay, value(2)) }), greater(delay, 0)));
  assert.match(text, /score {5}n\(delay\(a\), 2\)/);
  assert.match(text, /project {3}id, x = n\(delay\(a\), 2\)/);
  assert.doesNotMatch(text, /__inframe/);
});

test('where a stage cannot read slices of the files, it says why', () => {
  const csv: Relation = { ...(flights as Relation & { kind: 'scan' }), format: 'csv', splittable: false };
  const cases: readonly (readonly [Relation, RegExp])[] = [
    [csv, /csv is not read in parts/],
    [sort(flights, column('id')), /they are sorted/],
    [aggregate(flights, { a: column('a') }, {}), /they are groups/],
    [join(flights, planes, 'cross'), /tables are joined/],
    [unionAll(flights, flights), /they come from several tables/],
    [distinct(flights), /equal rows are looked for/],
    [explode(flights, 'b'), /rows are made of elements/],
    [sums(flights, { s: [column('b'), []] }), /windows see all of them/],
    [query('SELECT a FROM t0', ['a'], flights), /SQL gives them/],
    [
      limit(filter(flights, greater(column('a'), 1)), 5),
      /which rows are the first that pass the filter is not known before/,
    ],
    [filter(flights, greater(random, 0)), /read twice, they would not be the same/],
  ];
  for (const [input, why] of cases) {
    const text = explain(project(input, ...input.schema.names, { p: delay }));
    assert.match(text, /cut from these rows, which DuckDB makes whole first: /);
    assert.match(text.replaceAll(/\n +/g, ' '), why);
  }
  assert.match(explain(limit(scored, 20)), /tasks {5}each reads its own of the first 20 rows of the file\n/);
});

test('a filter that stays above a model says what keeps it there', () => {
  const onRisk = greater(column('risk'), 0.5);
  const onId = greater(column('id'), 1);
  assertNoNote(filter(scored, onId));
  assertNote(filter(scored, onRisk), 'filter risk > 0.5 stays above model delay: it reads what that gives');
  const other = greater(calls('wear', column('b')), 0);
  assertNote(
    filter(flights, either(greater(delay, 0), other)),
    'filter (delay(a) > 0) or (wear(b) > 0) stays above model delay and model wear: it needs what each gives, so each runs on the same rows',
  );
  const cases: readonly (readonly [Relation, RegExp])[] = [
    [
      filter(limit(scored, 5), onId),
      /filter id > 1 is asked after the models have run: limit 5 counts the rows before it$/,
    ],
    [filter(sums(scored, { s: [column('risk'), []] }), onId), /windows see the rows that it takes away$/],
    [filter(aggregate(scored, {}, { id: column('b'), r: sum(column('risk')) }), onId), /it asks about groups/],
    [filter(explode(scored, 'b'), greater(column('b'), 1)), /it reads the elements$/],
    [filter(cache(scored), onId), /a cache is computed whole$/],
    [filter(query('FROM t0', ['id'], scored), onId), /it would have to go into a SQL statement$/],
    [
      filter(join(planes, scored, 'left', equal(column('plane'), column('id'))), onId),
      /may stand as nulls in the left join$/,
    ],
    [
      filter(join(scored, planes, 'cross'), greater(plus(column('id'), column('age')), 1)),
      /it reads both tables of the join$/,
    ],
    [filter(scored, greater(plus(random, column('id')), 1)), /it may say something else each time it is asked$/],
    [
      filter(project(scored, 'id', 'risk', { r: random }), onId),
      /it would pass what may give something else each time$/,
    ],
  ];
  for (const [relation, why] of cases) assertNote(relation, why);
});

test('a limit that is taken after a model says why', () => {
  const onRisk = greater(column('risk'), 0.5);
  assertNoNote(limit(scored, 20));
  assertNoNote(limit(sort(scored, column('id')), 20));
  const cases: readonly (readonly [Relation, RegExp])[] = [
    [
      filter(scored, onRisk),
      /^limit 20 is taken after the models have run: how many rows pass risk > 0\.5 is not known before$/,
    ],
    [sort(scored, column('risk')), /the rows are sorted by what model delay gives$/],
    [sort(filter(scored, onRisk), column('id')), /how many rows pass risk > 0\.5 is not known before$/],
    [aggregate(scored, { b: column('b') }, { r: sum(column('risk')) }), /groups are made of all rows$/],
    [sums(scored, { s: [column('risk'), []] }), /windows see all rows$/],
    [distinct(scored), /which rows are equal is not known before$/],
    [explode(scored, 'b'), /how many elements a row has is not known before$/],
    [join(scored, planes, 'cross'), /which rows belong together is not known before$/],
    [cache(scored), /a cache is computed whole$/],
    [query('FROM t0', ['id'], scored), /it would have to go into a SQL statement$/],
  ];
  for (const [input, why] of cases) assertNote(limit(input, 20), why);
});

test('a model that runs once, on more rows than are used, or as often as it is written, is spoken of', () => {
  assertNote(project(flights, { c: calls('delay', value(3)) }), 'delay(3) is called once: it reads no column');
  const taken: Expr = { kind: 'case', branches: [[greater(column('id'), 1), delay]], otherwise: undefined };
  const why =
    'model delay runs also on rows for which CASE takes another branch: models run before it chooses; filter the rows first to spare those';
  assertNote(project(flights, { c: taken }), why);
  const text: Expr = { kind: 'fragment', parts: ['CASE WHEN ', ' > 1 THEN ', ' END'], operands: [column('id'), delay] };
  assertNote(project(flights, { c: text }), why);
  assertNoNote(project(flights, { c: sqlText('CASE WHEN id > 1 THEN a END', 'id', 'a') }, { d: delay }));
  assertNote(
    project(flights, { d: draws('dice', column('a')) }),
    /^model dice is not deterministic: it is called for every row/,
  );
});

test('a cache is shown once, whoever reads it, and not at all once it is computed', () => {
  const store = { result: undefined };
  const read = (): Relation => cache(scored, store);
  const text = explain(unionAll(filter(read(), greater(column('risk'), 0.5)), read()));
  assert.equal(text.match(/score {5}delay\(a\)/g)?.length, 1);
  assert.match(text, /^Rows of cache 1, computed once for all that read it:\nStage 1: model delay/);
  assert.equal(text.match(/read {6}cache 1: id, b, risk/g)?.length, 2);
  const computed = cache(scored, { result: Promise.resolve(flights as Relation & { kind: 'scan' }) });
  const later = explain(filter(computed, greater(column('risk'), 0.5)));
  assert.match(later, /^Stage 1: DuckDB\n {2}read {6}cache 1, computed before: id, b, risk\n/);
  assert.doesNotMatch(later, /delay|Notes/);
});

test('long lists, calls and statements are cut short, and lines are of a width to read', () => {
  const names = Array.from({ length: 300 }, (_, at) => `column_${at}`);
  const wide = scan(...names);
  const text = explain(project(wide, ...names, { p: calls('m', ...names.map(column)) }));
  assert.match(text, /column_11 and 288 more/);
  assert.match(text.replaceAll(/\n +/g, ' '), /300 columns as they are, p = m\(column_0, .* 294 more\)/);
  const long = `SELECT ${names.map(name => `max(${name})`).join(', ')} FROM t0`;
  const shown = explain(query(long, ['a'], wide));
  assert.match(shown, /\n +\.\.\.\n/);
  for (const line of [...text.split('\n'), ...shown.split('\n')]) assert.ok(line.length <= 120, line);
});
