import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashOf } from '../../src/udf/hash.js';

test('a hash is SHA-256 of the value as JSON, members in order', () => {
  const expected = createHash('sha256').update('{"a":[1,"x"],"b":{"c":null}}').digest('hex');
  assert.equal(hashOf({ b: { c: null }, a: [1, 'x'] }), expected);
});

test('values that JSON writes alike have different hashes', () => {
  const values = [
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
    'NaN',
    [1],
    [[1]],
    { a: 1 },
    { a: 1n },
    { a: '1' },
    [],
    {},
    '',
    'null',
    true,
  ];
  assert.equal(new Set(values.map(value => hashOf({ value }))).size, values.length);
});

test('the order of members does not count, that of a list does', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), object => {
      const reversed = Object.fromEntries(Object.entries(object).reverse());
      assert.equal(hashOf(reversed), hashOf(object));
    }),
  );
  assert.notEqual(hashOf([1, 2]), hashOf([2, 1]));
});
