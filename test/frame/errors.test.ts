import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  columnNotFound,
  InframeError,
  isWrongUse,
  listNames,
  messageOf,
  nearest,
  shown,
} from '../../src/frame/errors.js';

test('the nearest name is one slip of the finger away, whatever its case', () => {
  const names = ['carat', 'cut', 'price', 'Clarity'];
  assert.equal(nearest('pricee', names), 'price');
  assert.equal(nearest('prcie', names), undefined, 'two letters of five differ');
  assert.equal(nearest('CARAT', names), 'carat');
  assert.equal(nearest('clarty', names), 'Clarity');
  assert.equal(nearest('cu', names), 'cut');
  assert.equal(nearest('weight', names), undefined);
  assert.equal(nearest('price', []), undefined);
});

test('a name of one letter, or none, has no near name but its own', () => {
  assert.equal(nearest('x', ['a', 'b']), undefined);
  assert.equal(nearest('', ['a']), undefined);
  assert.equal(nearest('A', ['b', 'a']), 'a');
});

test('of two names equally near, the first is taken', () => {
  assert.equal(nearest('delay_x', ['delay_a', 'delay_b']), 'delay_a');
});

test('a list of names is short enough for a sentence', () => {
  assert.equal(listNames([]), '(none)');
  assert.equal(listNames(['a', 'b']), 'a, b');
  const many = Array.from({ length: 37 }, (_, index) => `c${index}`);
  assert.equal(listNames(many), `${many.slice(0, 20).join(', ')} ... and 17 more`);
  assert.equal(listNames(many, 2), 'c0, c1 ... and 35 more');
});

test('a missing column is told with what exists and a guess', () => {
  const error = columnNotFound('pricee', ['carat', 'price']);
  assert.equal(error.code, 'COLUMN_NOT_FOUND');
  assert.equal(
    error.message,
    "column 'pricee' is not in the table; it has: carat, price (did you mean 'price'?)",
    'the sentence of DESIGN, Rule 7',
  );
  assert.deepEqual(error.details, { column: 'pricee', existing: ['carat', 'price'] });
  assert.equal(columnNotFound('zzz', ['carat']).message, "column 'zzz' is not in the table; it has: carat");
});

test('an error survives JSON', () => {
  const error = new InframeError('TYPE_MISMATCH', 'column is not a number', { column: 'a' }, new Error('below'));
  const back = InframeError.fromJSON(JSON.parse(JSON.stringify(error)));
  assert.ok(back instanceof InframeError);
  assert.equal(back.name, 'InframeError');
  assert.equal(back.code, 'TYPE_MISMATCH');
  assert.equal(back.message, 'column is not a number');
  assert.deepEqual(back.details, { column: 'a' });
  assert.equal((error.cause as Error).message, 'below');
  assert.ok(Object.isFrozen(error.details));
});

test('wrong use is told from failure', () => {
  assert.equal(isWrongUse(new InframeError('COLUMN_NOT_FOUND', 'x')), true);
  assert.equal(isWrongUse(new InframeError('TARGET_EXISTS', 'x')), true);
  assert.equal(isWrongUse(new InframeError('WORKER_FAILED', 'x')), false);
  assert.equal(isWrongUse(new InframeError('DISK_FULL', 'x')), false);
});

test('the message of anything thrown is one line', () => {
  assert.equal(messageOf(new Error('\n  first line \n at x.js:1')), 'first line');
  assert.equal(messageOf('text'), 'text');
  assert.equal(messageOf(''), 'unknown error');
  assert.equal(messageOf(undefined), 'undefined');
});

test('anything can be shown in a message', () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  assert.equal(shown(1n), '1n');
  assert.equal(shown({ a: 1n }), '{"a":"1n"}');
  assert.equal(shown(cyclic), '[object Object]');
  assert.equal(shown(undefined), 'undefined');
  assert.equal(shown(Number.NaN), 'NaN');
  assert.equal(
    shown(() => 1),
    'a function',
  );
  assert.equal(shown(Symbol('s')), 'Symbol(s)');
  assert.equal(shown('x'.repeat(200)).length, 80);
});
