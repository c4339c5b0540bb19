import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Schema } from '../../src/frame/schema.js';
import { inframeError } from '../support/onnx.js';

const schema = new Schema([
  { name: 'carat', type: { kind: 'float64' } },
  { name: 'Cut', type: { kind: 'string' } },
  { name: 'größe', type: { kind: 'int32' } },
]);

test('columns are found exactly, else without regard to case', () => {
  assert.equal(schema.field('carat').name, 'carat');
  assert.equal(schema.field('CARAT').name, 'carat');
  assert.equal(schema.field('cut').name, 'Cut');
  assert.equal(schema.field('GRÖßE').name, 'größe');
  assert.deepEqual(schema.type('cut'), { kind: 'string' });
  assert.equal(schema.has('cut '), false);
  assert.equal(schema.find('price'), undefined);
});

test('names that objects have by nature are not columns', () => {
  for (const name of ['toString', '__proto__', 'constructor', '']) assert.equal(schema.has(name), false);
  const odd = new Schema([{ name: '__proto__', type: { kind: 'string' } }]);
  assert.equal(odd.has('__proto__'), true);
});

test('a column that is not there is told with the nearest name', () => {
  assert.throws(
    () => schema.field('carrat'),
    inframeError('COLUMN_NOT_FOUND', "column 'carrat'", 'carat, Cut, größe', "did you mean 'carat'?"),
  );
});

test('no two columns share a name, even in another case', () => {
  const twice = (a: string, b: string) => () =>
    new Schema([
      { name: a, type: { kind: 'string' } },
      { name: b, type: { kind: 'string' } },
    ]);
  assert.throws(twice('a', 'a'), inframeError('COLUMN_DUPLICATE', "column 'a'", 'a, a', 'rename or drop'));
  assert.throws(twice('id', 'ID'), inframeError('COLUMN_DUPLICATE', "column 'ID'"));
});

test('a schema is a frozen list of fields', () => {
  assert.deepEqual(schema.names, ['carat', 'Cut', 'größe']);
  assert.equal(schema.length, 3);
  assert.deepEqual(
    [...schema].map(({ type }) => type.kind),
    ['float64', 'string', 'int32'],
  );
  assert.ok(Object.isFrozen(schema) && Object.isFrozen(schema.fields));
  assert.equal(schema.toString(), 'carat  float64\nCut    string\ngröße  int32');
  assert.deepEqual(schema.toJSON()[1], { name: 'Cut', type: 'string' });
  assert.equal(new Schema([]).toString(), '');
});
