import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataFrameReader, formatOf, readFormatOf } from '../../src/frame/reader.js';
import { inframeError } from '../support/onnx.js';
import { fakeSession } from './fake-engine.js';

const read = new DataFrameReader(fakeSession([]));

test('the format is told by the ending', () => {
  const table: readonly (readonly [string, string | undefined])[] = [
    ['a.parquet', 'parquet'],
    ['a.pq', 'parquet'],
    ['folder.v2/A.CSV', 'csv'],
    ['a.tsv', 'csv'],
    ['a.csv.gz', 'csv'],
    ['a.jsonl.zst', 'jsonl'],
    ['a.ndjson', 'jsonl'],
    ['a.arrow', 'arrow'],
    ['a.feather', 'arrow'],
    ['data/*.parquet', 'parquet'],
    ['data/part-0001', undefined],
    ['folder.csv/', undefined],
    ['archive.gz', undefined],
    ['a.xlsx', undefined],
    ['', undefined],
  ];
  for (const [path, format] of table) assert.equal(formatOf(path), format, path);
});

test('pictures and sound are told by their endings too', () => {
  const formats = [
    'a.JPG',
    'p/*.jpeg',
    'a.tif',
    'a.flac',
    'a.csv.gz',
    'a.png.gz',
    'a.txt',
    'folder',
    'a.constructor',
  ].map(readFormatOf);
  assert.deepEqual(formats, ['images', 'images', 'images', 'audio', 'csv', undefined, undefined, undefined, undefined]);
  assert.equal(formatOf('a.jpg'), undefined);
});

test('readers of files as rows', () => {
  const plan = read.text(['a', 'b'], { wholeFiles: true, onInvalid: 'null' }).plan;
  assert.deepEqual(plan, { kind: 'scan', format: 'text', paths: ['a', 'b'], csv: {}, content: { onInvalid: 'null' } });
  assert.deepEqual(read.binaryFiles('a').plan, { kind: 'scan', format: 'binary', paths: ['a'], csv: {}, content: {} });
  assert.equal(read.images('a', { properties: false }).plan.kind, 'scan');
  const invalid = (...words: string[]) => inframeError('ARGUMENT_INVALID', ...words);
  assert.throws(() => read.images([]), invalid('path []'));
  assert.throws(
    () => read.images('a', { property: true } as never),
    invalid("option 'property'", 'read.images()', 'properties, onUnreadable'),
  );
  assert.throws(() => read.images('a', { properties: 1 } as never), invalid('properties 1', 'true, false'));
  assert.throws(
    () => read.audio('a', { onUnreadable: 'no' as never }),
    invalid('onUnreadable "no"', 'keep, drop, fail'),
  );
  assert.throws(() => read.text('a', { onInvalid: 'no' as never }), invalid('onInvalid "no"'));
});

test('a table of any format is read by its ending, a folder as Parquet', () => {
  const formats = [read.table('a.csv'), read.table('folder'), read.table('a.csv', 'jsonl')].map(
    ({ plan }) => plan.kind === 'scan' && plan.format,
  );
  assert.deepEqual(formats, ['csv', 'parquet', 'jsonl']);
});

test('several paths are kept in order, apart from the caller', () => {
  const paths = ['b.csv', 'a.csv'];
  const { plan } = read.csv(paths, { header: true });
  paths.push('c.csv');
  assert.deepEqual(plan, { kind: 'scan', format: 'csv', paths: ['b.csv', 'a.csv'], csv: { header: true } });
  assert.deepEqual(read.parquet('x', 'y').plan, { kind: 'scan', format: 'parquet', paths: ['x', 'y'], csv: {} });
});

test('what is not a path or format is refused', () => {
  const invalid = (word: string) => inframeError('ARGUMENT_INVALID', word, 'is not a path');
  assert.throws(() => read.parquet(), invalid('path []'));
  assert.throws(() => read.parquet(''), invalid('path ""'));
  assert.throws(() => read.parquet(['a'] as never), invalid('path ["a"]'));
  assert.throws(() => read.csv([]), invalid('path []'));
  assert.throws(() => read.csv(undefined as never), invalid('path undefined'));
  assert.throws(() => read.csv(5 as never), invalid('path 5'));
  assert.throws(() => read.jsonl(null as never), invalid('path null'));
  assert.throws(() => read.arrow('a', 7 as never), invalid('path ["a",7]'));
  assert.throws(
    () => read.table('a', 'xlsx' as never),
    inframeError('FORMAT_UNKNOWN', "format 'xlsx'", 'parquet, csv, jsonl, arrow, images'),
  );
});
