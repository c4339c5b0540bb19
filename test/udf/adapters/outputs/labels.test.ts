import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { duplicateKey } from '../../../../src/udf/adapters/outputs/duplicate-key.js';
import { LONGEST_LABEL, labelsByIndex, readLabels } from '../../../../src/udf/adapters/outputs/labels.js';
import { fixture, fixtures } from '../../../support/fixtures.js';
import { inframeError } from '../../../support/onnx.js';
import { temporaryFolder } from '../../../support/sessions.js';

function fileOf(t: TestContext, name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder(t), name);
  writeFileSync(path, content);
  return path;
}

function read(t: TestContext, name: string, content: string | Uint8Array): readonly string[] | undefined {
  return readLabels('classification', fileOf(t, name, content));
}

test('a text file has a label a line', t => {
  assert.deepEqual(read(t, 'a.txt', 'cat\ndog'), ['cat', 'dog']);
  assert.deepEqual(read(t, 'a.txt', 'cat\r\ndog\r\n'), ['cat', 'dog']);
  assert.deepEqual(read(t, 'a.txt', '\ufeffcat\n dog \n'), ['cat', ' dog ']);
  // Only one line end belongs to the last label; a class without a name is one.
  assert.deepEqual(read(t, 'a.txt', 'cat\n\ndog\n\n'), ['cat', '', 'dog', '']);
  assert.deepEqual(read(t, 'a.txt', '[PAD]\n{x}\n'), ['[PAD]', '{x}']);
});

test('whatever the labels and the line ends, they are read as they were written', t => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'labels.txt');
  const label = fc
    .string({ unit: 'grapheme', maxLength: 20 })
    .filter(text => !/[\0\r\n]/.test(text) && text.trim() !== '');
  fc.assert(
    fc.property(
      fc.array(label, { minLength: 1, maxLength: 30 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      (labels, end, last) => {
        writeFileSync(path, labels.join(end) + (last ? end : ''));
        // A byte order mark at the beginning of a file is none of its text.
        assert.deepEqual(readLabels('tokens', path), [labels[0]!.replace(/^\ufeff/, ''), ...labels.slice(1)]);
      },
    ),
    { numRuns: 100 },
  );
});

test('a JSON file is a list, an object by index, or a config.json', t => {
  assert.deepEqual(read(t, 'a.json', '["cat", "dog"]'), ['cat', 'dog']);
  assert.deepEqual(read(t, 'a.JSON', '{ "1": "dog", "0": "cat" }'), ['cat', 'dog']);
  const config = '{ "architectures": ["X"], "label2id": { "1": 0 }, "id2label": { "0": "cat", "1": "dog" } }';
  assert.deepEqual(read(t, 'config.json', config), ['cat', 'dog']);
  assert.deepEqual(read(t, 'config.json', '{ "id2label": ["cat", "dog"] }'), ['cat', 'dog']);
});

test('a list stays as it is, but for being a frozen copy', () => {
  const given = ['cat', 'dog'];
  const labels = readLabels('classification', given);
  given[0] = 'cow';
  assert.deepEqual(labels, ['cat', 'dog']);
  assert.ok(Object.isFrozen(labels));
  assert.equal(readLabels('classification', undefined), undefined);
});

test('ImageNet has a thousand', { skip: fixtures === undefined }, () => {
  const labels = readLabels('classification', fixture('models', 'imagenet_labels.txt'))!;
  assert.equal(labels.length, 1000);
  assert.equal(labels[0], 'tench, Tinca tinca');
});

test('files that are no labels', t => {
  const cases: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    ['a.txt', '', /^labels file '.*a\.txt' of classification\(\) is empty; write one label a line$/],
    ['a.txt', ' \r\n\n', /is empty/],
    ['a.txt', Uint8Array.of(0x41, 0xff, 0xfe), /is not a text in UTF-8/],
    ['a.txt', 'cat\0dog', /is not a text in UTF-8/],
    [
      'a.txt',
      `cat\n${'x'.repeat(LONGEST_LABEL + 1)}`,
      /has one of 1001 characters at index 1; a label has at most 1000/,
    ],
    ['a.txt', 'x\n'.repeat(1_000_001), /holds more than 1000000/],
    ['a.json', '', /is empty/],
    ['a.json', '{ "0": "secret', /is not JSON; write \["cat", "dog"\]/],
    ['a.json', '"cat"', /holds neither a list nor an object/],
    ['a.json', 'null', /holds neither a list nor an object/],
    ['a.json', '[]', /holds none; give one a class/],
    ['a.json', '{}', /holds none; give one a class/],
    ['a.json', '["cat", 7]', /has 7 at index 1, which is no text/],
    ['a.json', '{ "0": "cat", "0": "dog" }', /has the index "0" twice/],
    ['a.json', '{ "0": "cat", "00": "dog" }', /has the index 0 twice/],
    ['a.json', '{ "0": "cat", "2": "dog" }', /skips the index 1; indexes of 2 labels are 0 to 1/],
    ['a.json', '{ "cat": 0 }', /has the index "cat"; write whole numbers from 0/],
    ['a.json', '{ "-1": "cat" }', /has the index "-1"/],
    ['a.json', '{ "9999999": "cat" }', /has the index "9999999"/],
    ['a.json', '{ "id2label": 3 }', /has the id2label 3/],
    ['a.json', '{ "id2label": null }', /has the id2label null/],
    ['a.json', '{ "__proto__": { "0": "cat" } }', /has the index "__proto__"/],
  ];
  for (const [name, content, message] of cases) {
    assert.throws(() => read(t, name, content), inframeError('ARGUMENT_INVALID', message), String(message));
  }
});

test('what is no file', t => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'labels.txt'));
  const labels = (path: unknown) => () => readLabels('tokens', path as string);
  assert.throws(
    labels(join(folder, 'none.txt')),
    inframeError('ARGUMENT_INVALID', /^labels file '.*none\.txt' of tokens\(\) does not exist; check the path$/),
  );
  assert.throws(labels(join(folder, 'labels.txt')), inframeError('ARGUMENT_INVALID', /is not a file/));
  assert.throws(labels('a\0b'), inframeError('ARGUMENT_INVALID', /cannot be read/));
  assert.throws(labels(7), inframeError('ARGUMENT_INVALID', /^labels 7 of tokens\(\) are neither a list nor a path/));
  assert.throws(labels([]), inframeError('ARGUMENT_INVALID', /^labels of tokens\(\) are none/));
  assert.throws(labels(['a', null]), inframeError('ARGUMENT_INVALID', /have null at index 1/));
});

test('labels by index do not depend on the order they are written in', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 8 }), { minLength: 1, maxLength: 50 }),
      fc.integer(),
      (labels, seed) => {
        const entries = labels.map((label, index) => [`${index}`, label] as const);
        const moved = entries.map((_, at) => entries[(at + Math.abs(seed)) % entries.length]!);
        assert.deepEqual(labelsByIndex('labels', Object.fromEntries(moved)), labels);
      },
    ),
  );
});

test('members that are written twice are found where they are members', () => {
  const any = () => true;
  assert.equal(duplicateKey('{"a": {"b": 1}, "c": {"b": 2}}', any), undefined);
  assert.equal(duplicateKey('{"a": ["a", "a"], "b": "a"}', any), undefined);
  assert.equal(duplicateKey('{"a": {"x\\"": 1, "x\\u0022" : 2}}', any), 'x"');
  assert.equal(duplicateKey('{"a": {"b": "}{"}, "a": 2}', any), 'a');
  fc.assert(fc.property(fc.jsonValue(), value => duplicateKey(JSON.stringify(value), any) === undefined));
});
