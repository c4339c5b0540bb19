import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Catalog, type CatalogTable } from '../../src/frame/catalog.js';
import type { ModelReference } from '../../src/frame/model.js';
import { Schema } from '../../src/frame/schema.js';
import { inframeError } from '../support/onnx.js';

const reference = (name: string): ModelReference => ({
  name,
  deterministic: true,
  inputColumns: {},
  bind: () => assert.fail('nothing is called here'),
});

const relation = (kind: CatalogTable['kind'], name: string): CatalogTable => ({
  kind,
  name,
  plan: { kind: 'named', name: `source of ${name}` },
  schema: new Schema([{ name: 'x', type: { kind: 'int64' } }]),
});

test('names are found without regard to case, and shown as they were given', () => {
  const catalog = new Catalog();
  catalog.addModel({ name: 'Risk', reference: reference('delay') });
  catalog.addTable(relation('table', 'Flights'));
  const names = catalog.read();
  assert.equal(names.model('rISK')?.name, 'delay');
  assert.deepEqual(names.table('FLIGHTS'), { kind: 'named', name: 'source of Flights' });
  assert.equal(names.model('Flights'), undefined, 'models and tables are apart');
  assert.deepEqual([names.modelNames, names.tableNames], [['Risk'], ['Flights']]);
  assert.deepEqual(catalog.getModel('risk').name, 'Risk');
});

test('what has been read does not change', () => {
  const catalog = new Catalog();
  const before = catalog.read();
  catalog.addTable(relation('view', 'v'));
  const after = catalog.read();
  catalog.removeTable('view', 'V', false);
  assert.deepEqual([before.tableNames, after.tableNames, catalog.read().tableNames], [[], ['v'], []]);
  assert.deepEqual(after.withTable(relation('view', 'w')).tableNames, ['v', 'w']);
  assert.deepEqual(after.tableNames, ['v']);
  assert.ok(Object.isFrozen(after));
});

test('a name is one thing: taken, kept or replaced as it is said', () => {
  const catalog = new Catalog(new Set(['lower']));
  catalog.addModel({ name: 'm', reference: reference('m') });
  catalog.addTable(relation('table', 't'));
  assert.throws(
    () => catalog.checkModel('M'),
    inframeError('NAME_TAKEN', "model 'm' exists already", 'CREATE OR REPLACE MODEL'),
  );
  assert.equal(catalog.checkModel('M', { replace: true }), true);
  assert.equal(catalog.checkModel('M', { ifNotExists: true }), false);
  assert.equal(catalog.checkModel('other', { ifNotExists: true }), true);
  assert.throws(
    () => catalog.checkModel('Lower', { replace: true }),
    inframeError('NAME_TAKEN', "name 'Lower' is that of a function of SQL"),
  );
  assert.throws(
    () => catalog.checkTable('table', 'T'),
    inframeError('NAME_TAKEN', "table 't' exists already", 'CREATE OR REPLACE TABLE'),
  );
  assert.equal(catalog.checkTable('table', 'T', { replace: true }), true);
  assert.equal(catalog.checkTable('table', 'T', { ifNotExists: true }), false);
  for (const options of [{}, { replace: true }, { ifNotExists: true }]) {
    assert.throws(
      () => catalog.checkTable('view', 'T', options),
      inframeError('NAME_TAKEN', "name 't' is that of a table", 'DROP TABLE'),
    );
  }
  for (const name of ['', ' ', undefined, 5]) {
    assert.throws(
      () => catalog.checkModel(name as string),
      inframeError('ARGUMENT_INVALID', 'of a model is not a name'),
    );
    assert.throws(
      () => catalog.checkTable('view', name as string),
      inframeError('ARGUMENT_INVALID', 'of a view is not a name'),
    );
  }
});

test('what is not there is named, with what is', () => {
  const catalog = new Catalog();
  catalog.addModel({ name: 'classify', reference: reference('m') });
  catalog.addTable(relation('table', 'flights'));
  catalog.addTable(relation('view', 'recent'));
  const missing = inframeError(
    'MODEL_NOT_FOUND',
    "model 'clasify' does not exist; there are: classify (did you mean 'classify'?)",
  );
  assert.throws(() => catalog.removeModel('clasify', false), missing);
  assert.throws(() => catalog.getModel('clasify'), missing);
  assert.equal(catalog.removeModel('clasify', true), false);
  assert.throws(
    () => catalog.removeTable('table', 'fligths', false),
    inframeError(
      'TABLE_NOT_FOUND',
      "table 'fligths' does not exist; there are: flights, recent (did you mean 'flights'?)",
    ),
  );
  assert.equal(catalog.removeTable('view', 'x', true), false);
  assert.throws(() => catalog.removeTable('table', 'recent', true), inframeError('NAME_TAKEN', 'write DROP VIEW'));
  assert.throws(() => new Catalog().getModel('x'), inframeError('MODEL_NOT_FOUND', 'there are: (none)'));
  assert.equal(catalog.removeModel('CLASSIFY', false), true);
  assert.deepEqual(catalog.read().modelNames, []);
});

test('built-in functions are found, stand in no list, and keep their names', () => {
  const catalog = new Catalog(new Set(), new Map([['image_info', reference('image_info')]]));
  const names = catalog.read();
  assert.equal(names.model('Image_Info')?.name, 'image_info');
  assert.deepEqual([names.modelNames, names.models, names.builtinNames], [[], [], ['image_info']]);
  for (const options of [{}, { replace: true }, { ifNotExists: true }]) {
    assert.throws(() => catalog.checkModel('IMAGE_INFO', options), inframeError('NAME_TAKEN', "name 'IMAGE_INFO'"));
  }
  assert.throws(() => catalog.removeModel('image_info', false), inframeError('MODEL_NOT_FOUND', 'there are: (none)'));
});
