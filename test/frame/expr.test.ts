import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Column,
  children,
  columnsOf,
  describe as describeExpr,
  type Expr,
  mapChildren,
  nameOf,
} from '../../src/frame/expr.js';
import { call, col, fn, lit, sql, when } from '../../src/frame/functions.js';
import type { DataType } from '../../src/frame/types.js';
import { inframeError } from '../support/onnx.js';
import { modelNamed } from './relations.js';

/** An expression of each kind, how a person would write it, and the columns it reads. */
const TABLE: readonly (readonly [Column, string, readonly string[]])[] = [
  [col('a'), 'a', ['a']],
  [lit(null), 'null', []],
  [lit("it's"), "'it's'", []],
  [lit(12n), '12', []],
  [lit(new Date(0)), '1970-01-01T00:00:00.000Z', []],
  [lit(new Uint8Array(3)), '<3 bytes>', []],
  [lit([1, 'x', null]), "[1, 'x', null]", []],
  [col('price').div(col('carat')).gt(4000), '((price / carat) > 4000)', ['price', 'carat']],
  [col('a').sub(1).mul(2).mod(3), '(((a - 1) * 2) % 3)', ['a']],
  [col('a').neg(), '(-a)', ['a']],
  [col('a').not(), '(not a)', ['a']],
  [col('a').isNull().or(col('b').isNotNull()), '((a is null) or (b is not null))', ['a', 'b']],
  [col('a').like('x%'), "(a like 'x%')", ['a']],
  [col('a').isIn(1, col('b')), '(a in (1, b))', ['a', 'b']],
  [col('a').between(1, col('c')), '(a between 1 and c)', ['a', 'c']],
  [col('a').concat('!'), "(a || '!')", ['a']],
  [call('levenshtein', col('a'), col('b')), 'levenshtein(a, b)', ['a', 'b']],
  [fn.countDistinct(col('a')), 'count(distinct a)', ['a']],
  [col('a').cast({ kind: 'int8' }), 'cast(a as int8)', ['a']],
  [col('a').tryCast({ kind: 'int8' }), 'try_cast(a as int8)', ['a']],
  [when(col('a').gt(0), 'p'), "case when (a > 0) then 'p' end", ['a']],
  [
    when(col('a').gt(0), col('b')).when(col('c'), 2).otherwise(col('d')),
    'case when (a > 0) then b when c then 2 else d end',
    ['a', 'b', 'c', 'd'],
  ],
  [col('s').field('x').at(2), 's.x[2]', ['s']],
  [sql('a + 1'), 'a + 1', []],
  [
    new Column({
      kind: 'model',
      model: modelNamed('m'),
      args: { positional: [col('a').expr], named: { x: [col('b').expr], y: [col('c').expr, col('d').expr] } },
    }),
    'm(a, x: b, y: [c, d])',
    ['a', 'b', 'c', 'd'],
  ],
];

test('an expression is described as a person would write it', () => {
  for (const [column, text] of TABLE) assert.equal(describeExpr(column.expr), text);
});

test('the columns an expression reads are found, each once', () => {
  for (const [column, text, names] of TABLE) assert.deepEqual([...columnsOf(column.expr)], names, text);
  assert.deepEqual([...columnsOf(col('a').add(col('a')).expr)], ['a']);
  assert.deepEqual(
    [...columnsOf({ kind: 'fragment', parts: ['', ' + 1'], operands: [{ kind: 'column', name: 'p' }] })],
    ['p'],
  );
});

test('children can be replaced, and the expression they come from stays as it is', () => {
  const rename = (expr: Expr): Expr =>
    expr.kind === 'column' ? { kind: 'column', name: `${expr.name}_` } : mapChildren(expr, rename);
  for (const [column, text, names] of TABLE) {
    const renamed = rename(column.expr);
    assert.deepEqual(
      [...columnsOf(renamed)],
      names.map(name => `${name}_`),
      text,
    );
    assert.equal(describeExpr(column.expr), text);
    assert.equal(children(renamed).length, children(column.expr).length);
  }
});

test('a column is named by its label, else by what it is', () => {
  assert.equal(nameOf(col('a')), 'a');
  assert.equal(nameOf(col('a').as('b')), 'b');
  assert.equal(nameOf(col('a').add(1)), '(a + 1)');
  assert.equal(nameOf(col('a').as('b').add(1)), '(a + 1)', 'a label is not handed on to what is computed');
  assert.equal(nameOf(col('s').field('x')), 'x');
});

test('aggregates are named after what they aggregate', () => {
  assert.equal(nameOf(fn.sum(col('a'))), 'sum(a)');
  assert.equal(nameOf(fn.avg(col('a').mul(col('b')))), 'avg((a * b))');
  assert.equal(nameOf(fn.max(col('a').as('z'))), 'max(z)');
  assert.equal(nameOf(fn.count()), 'count');
  assert.equal(nameOf(fn.count(col('a'))), 'count(a)');
});

test('expressions are frozen, and so are the lists in them', () => {
  const frozen = (expr: Expr): boolean =>
    Object.isFrozen(expr) &&
    Object.values(expr).every(part => !Array.isArray(part) || Object.isFrozen(part)) &&
    children(expr).every(frozen);
  for (const [column, text] of TABLE) {
    if (column.expr.kind !== 'model') assert.ok(frozen(column.expr), text);
    assert.ok(Object.isFrozen(column), text);
  }
});

test('a value that changes later does not change the expression', () => {
  const list = [1, 2];
  const date = new Date(0);
  const bytes = new Uint8Array([7]);
  const column = col('a').isIn(list, date, bytes);
  list.push(3);
  date.setTime(5);
  bytes[0] = 8;
  const values = children(column.expr).map(expr => expr.kind === 'literal' && expr.value);
  assert.deepEqual(values, [false, [1, 2], new Date(0), new Uint8Array([7])]);
});

test('a position in a list is a whole number from 0', () => {
  for (const wrong of [-1, 1.5, Number.NaN, '0' as never]) {
    assert.throws(() => col('a').at(wrong), inframeError('ARGUMENT_INVALID', `index ${wrong}`, 'whole number'));
  }
});

test('what is not a value, name, type or condition is refused where it is written', () => {
  const cases: readonly (readonly [() => unknown, ...string[]])[] = [
    [() => col(''), 'column name ""', 'non-empty'],
    [() => col(1n as never), 'column name 1n'],
    [() => col('a').as(''), 'column name ""'],
    [() => col('a').gt(undefined as never), 'value undefined', 'col('],
    [() => col('a').gt({ b: 1 } as never), 'value {"b":1}'],
    [() => col('a').gt((() => 1) as never), 'value a function', 'call it'],
    [() => col('a').isIn(col('b').desc() as never), 'neither a column nor'],
    [() => lit(Symbol('x') as never), 'Symbol(x)'],
    [() => col('a').cast('float32' as never), 'type "float32"', "{ kind: 'float32' }"],
    [() => col('a').tryCast({ kind: 'float' } as unknown as DataType), 'type {"kind":"float"}'],
    [() => sql(''), 'expression ""', 'SQL text'],
    [() => sql(5 as never), 'expression 5'],
    [() => call('', 1), 'function name ""'],
    [() => when(true as never, 1), 'condition true', 'when()'],
    [() => fn.sum('delay' as never), 'argument "delay" of sum()', 'col("delay")'],
    [() => fn.count(5 as never), 'argument 5 of count()'],
    [() => fn.countDistinct('a' as never), 'argument "a" of countDistinct()'],
  ];
  for (const [make, ...words] of cases) assert.throws(make, inframeError('ARGUMENT_INVALID', ...words));
});

test('a CASE can grow without changing what it was', () => {
  const first = when(col('a').gt(0), 1);
  const second = first.when(col('a').lt(0), -1);
  assert.equal(describeExpr(first.expr), 'case when (a > 0) then 1 end');
  assert.equal(describeExpr(second.expr), 'case when (a > 0) then 1 when (a < 0) then -1 end');
});
