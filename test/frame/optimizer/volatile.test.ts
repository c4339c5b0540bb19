import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expr } from '../../../src/frame/expr.js';
import { isVolatile } from '../../../src/frame/optimizer/volatile.js';
import { calls, column, plus, random, sqlText } from '../relations.js';

test('functions that give something else each time are told, wherever they stand', () => {
  assert.equal(isVolatile(random), true);
  assert.equal(isVolatile(plus(column('a'), random)), true);
  assert.equal(isVolatile(calls('m', plus(random))), true);
  assert.equal(isVolatile({ kind: 'call', name: 'UUID', args: [], distinct: false }), true);
  assert.equal(isVolatile(plus(column('a'), calls('m', column('b')))), false);
});

test('SQL text is judged by its words', () => {
  assert.equal(isVolatile(sqlText('a > Random()', 'a')), true);
  assert.equal(isVolatile(sqlText('current_timestamp - a', 'a')), true);
  assert.equal(isVolatile(sqlText('random_walk + a', 'random_walk', 'a')), false);
});

test('a call of a function that is not deterministic is volatile, wherever it stands', () => {
  const plain = calls('m', column('a'));
  const drawn: Expr = { ...plain, call: { ...plain.call, deterministic: false } };
  assert.equal(isVolatile(plain), false);
  assert.equal(isVolatile(drawn), true);
  assert.equal(isVolatile(plus(column('a'), calls('m', drawn))), true);
});
