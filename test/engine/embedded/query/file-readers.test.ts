import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import type { ErrorCode } from '../../../../src/index.js';
import { inframeError } from '../../../support/onnx.js';
import { greyPng, writeFiles } from '../../../support/pictures.js';
import { openSession, temporaryFolder } from '../../../support/sessions.js';

/* read_images and its like in SQL. */

test('files as rows in FROM', async t => {
  const folder = temporaryFolder(t);
  writeFiles(folder, {
    'p/a.png': greyPng(4, 2),
    'p/b.png': 'no picture',
    'q/c.png': greyPng(6, 3),
    't/a.txt': 'one\ntwo\n',
    's/a.wav': 'abc',
  });
  const session = await openSession(t, { workers: 2 });
  const ask = async (query: string, params: readonly string[] = []) =>
    (await session.sql(query.replaceAll('@', folder), params).collect()).map(row => Object.values(row));
  assert.deepEqual(await ask("SELECT parse_filename(path), size FROM read_images('@/*/a.png')"), [
    ['a.png', BigInt(greyPng(4, 2).length)],
  ]);
  assert.deepEqual(
    await ask(
      "SELECT parse_filename(path), width, height, error IS NULL FROM read_images(['@/q', '@/p'], properties := true)",
    ),
    [
      ['c.png', 6, 3, true],
      ['a.png', 4, 2, true],
      ['b.png', null, null, false],
    ],
  );
  assert.deepEqual(await ask("SELECT count(*) FROM read_images('@/*/*.png', on_unreadable := 'drop') AS i(p)"), [[2n]]);
  assert.deepEqual(await ask("SELECT sum(width) FROM read_images('@/q', properties = TRUE, on_unreadable = 'fail')"), [
    [6n],
  ]);
  assert.deepEqual(await ask('SELECT count(*) FROM read_images($1)', [join(folder, 'p')]), [[2n]]);
  assert.deepEqual(await ask('SELECT line, "text" FROM read_text_files(\'@/t\') WHERE line > 1'), [[2n, 'two']]);
  assert.deepEqual(await ask('SELECT "text" FROM read_text_files(\'@/t/*\', whole_files := true)'), [['one\ntwo\n']]);
  assert.deepEqual(await ask("SELECT octet_length(audio) FROM read_audio('@/s')"), [[3n]]);
  assert.deepEqual(await ask("SELECT octet_length(content) FROM read_binary_files('@/s')"), [[3n]]);
  // Two readers side by side, one of them in a WITH query and under another name.
  assert.deepEqual(
    await ask(
      `WITH p AS (SELECT image_info(image).width AS w FROM read_images('@/p'))
       SELECT p.w, x.width FROM p JOIN read_images('@/q', properties := true) x ON p.w < x.width`,
    ),
    [[4, 6]],
  );
  // A path of pictures is read as such, as those of tables are; DuckDB's own readers keep their names.
  assert.deepEqual(await ask("SELECT size FROM '@/q/*.png'"), [[BigInt(greyPng(6, 3).length)]]);
  assert.deepEqual(await ask("SELECT content FROM read_text('@/t/a.txt')"), [['one\ntwo\n']]);
  const [[name]] = (await ask("SELECT filename FROM read_blob('@/s/*')")) as [[string]];
  assert.equal(basename(name), 'a.wav');
});

test('readers that are called wrongly', async t => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'a.png': 'x' });
  const session = await openSession(t, { workers: 1 });
  const table: readonly (readonly [string, ErrorCode, ...string[]])[] = [
    [
      "read_images('@', propertys := true)",
      'ARGUMENT_INVALID',
      "option 'propertys'",
      'it has: properties, on_unreadable',
    ],
    ["read_images('@', properties := 'yes')", 'ARGUMENT_INVALID', 'properties "yes"', 'true, false'],
    ["read_images('@', properties := 1)", 'ARGUMENT_INVALID', 'properties 1'],
    ["read_images('@', properties := NULL)", 'STATEMENT_INVALID', 'constants'],
    ["read_images('@', properties := random() > 0)", 'STATEMENT_INVALID', 'constants'],
    ["read_images('@', on_unreadable := 'skip')", 'ARGUMENT_INVALID', 'on_unreadable "skip"', 'keep, drop, fail'],
    ["read_images('@', '@')", 'STATEMENT_INVALID', 'one path or list of paths'],
    ['read_images()', 'STATEMENT_INVALID', 'takes a path'],
    ['read_images(1)', 'STATEMENT_INVALID', 'takes a path'],
    ["read_images('@' || '/x')", 'STATEMENT_INVALID', 'as constants'],
    ["read_audio('@', properties := true)", 'ARGUMENT_INVALID', "option 'properties'", 'read_audio()'],
    ["read_text_files('@', on_invalid := 'x')", 'ARGUMENT_INVALID', 'replace, null, fail'],
    ["read_audio('@')", 'SOURCE_EMPTY', 'holds no sound'],
    ["read_images('@/b.png')", 'SOURCE_NOT_FOUND', 'does not exist'],
  ];
  for (const [reader, code, ...words] of table) {
    const text = `SELECT * FROM ${reader.replaceAll('@', folder)}`;
    await assert.rejects(session.sql(text).collect(), inframeError(code, ...words), text);
  }
});
