import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from '../../src/index.js';
import { greyPng, writeFiles } from '../support/pictures.js';
import { openSession, temporaryFolder } from '../support/sessions.js';
import { runCli, startCli } from './cli.js';

test('head prints the first rows and the columns', async t => {
  const folder = temporaryFolder(t);
  await writeFile(join(folder, 'pets.csv'), 'name,age\nMia,3\nTom,11\nKit,1\n');
  const { code, stdout, stderr } = await runCli(t, folder, 'head', 'pets.csv', '-n', '2');
  assert.equal(code, 0, stderr);
  assert.equal(
    stdout,
    `┌──────┬─────┐
│ name │ age │
├──────┼─────┤
│ Mia  │   3 │
│ Tom  │  11 │
└──────┴─────┘
the first 2 rows

2 columns
  name  string
  age   int64
`,
  );
});

test('head of a folder, or a glob, of pictures', async t => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'photos/a.png': greyPng(40, 30), 'photos/b.png': 'no picture', 'notes/a.txt': 'one\n' });
  for (const path of ['photos', 'photos/*.png']) {
    const { code, stdout, stderr } = await runCli(t, folder, 'head', path, '-n', '1');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /a\.png/);
    assert.match(stdout, /<PNG 40x30, \d+ B>/);
    assert.match(stdout, /the first 1 rows\n\n4 columns/);
  }
  const text = await runCli(t, folder, 'head', 'notes', '--input-format', 'lines', '--json');
  assert.equal(text.code, 0, text.stderr);
  const { rows } = JSON.parse(text.stdout) as { rows: { line: number; text: string }[] };
  assert.deepEqual([rows[0]!.line, rows[0]!.text], [1, 'one']);
});

test('head --json keeps what JSON has no word for', async t => {
  const folder = temporaryFolder(t);
  await writeFile(join(folder, 'one.csv'), 'id\n1\n');
  const session = await openSession(t, { workers: 1 });
  await session.read
    .csv(join(folder, 'one.csv'))
    .withColumns({
      small: sql('42::BIGINT'),
      large: sql('9007199254740993'),
      day: sql("DATE '2024-02-29'"),
      moment: sql("TIMESTAMP '2024-02-29 12:30:00.5'"),
      blob: sql("'ab'::BLOB"),
      nothing: sql('NULL::DOUBLE'),
      strange: sql("[1.5, 'nan'::DOUBLE, 'inf'::DOUBLE]"),
      nested: sql("{'at': DATE '2024-01-01', 'big': [9007199254740993]}"),
    })
    .write.parquet(join(folder, 'table'));
  const { code, stdout, stderr } = await runCli(t, folder, 'head', 'table', '--json');
  assert.equal(code, 0, stderr);
  const { schema, rows } = JSON.parse(stdout) as { schema: { name: string; type: string }[]; rows: unknown[] };
  assert.deepEqual(schema[0], { name: 'id', type: 'int64' });
  assert.deepEqual(rows, [
    {
      id: 1,
      small: 42,
      large: '9007199254740993',
      day: '2024-02-29',
      moment: '2024-02-29T12:30:00.500',
      blob: 'YWI=',
      nothing: null,
      strange: [1.5, 'NaN', 'Infinity'],
      nested: { at: '2024-01-01', big: ['9007199254740993'] },
    },
  ]);
});

test('a reader that goes away early is not an error', async t => {
  const folder = temporaryFolder(t);
  const rows = Array.from({ length: 50_000 }, (_, at) => `${at},${'long'.repeat(10)}\n`);
  await writeFile(join(folder, 'long.csv'), `id,text\n${rows.join('')}`);
  const job = startCli(t, folder, ['head', 'long.csv', '-n', '50000']);
  job.child.stdout.destroy();
  const { code, stderr } = await job.ended;
  assert.equal(stderr, '');
  assert.equal(code, 0);
});

test('what cannot be read is said in one sentence', async t => {
  const folder = temporaryFolder(t);
  await writeFile(join(folder, 'ragged.csv'), 'a,b\n1,2\n3,4,5,6\n7\n');
  await writeFile(join(folder, 'empty.csv'), '');
  await writeFile(join(folder, 'table.xyz'), 'a,b\n1,2\n');
  for (const [name, code, pattern] of [
    ['empty.csv', 1, /file '.*empty.csv' is empty \(0 bytes\)/],
    ['table.xyz', 2, /has no ending that tells its format; say it: --input-format csv/],
    ['tables', 2, /file 'tables' does not exist/],
    ['*.parquet', 2, /no file matches '\*\.parquet'/],
  ] as const) {
    const outcome = await runCli(t, folder, 'head', name);
    assert.match(outcome.stderr, pattern);
    assert.match(outcome.stderr, /^inframe: [^\n]*\n$/);
    assert.equal(outcome.code, code, name);
  }
  assert.equal((await runCli(t, folder, 'head', 'table.xyz', '--input-format', 'csv')).code, 0);
});
