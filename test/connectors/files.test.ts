import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { findChanged, listFiles } from '../../src/connectors/files.js';
import type { ReadFormat } from '../../src/frame/plan.js';
import { inframeError } from '../support/onnx.js';
import { temporaryFolder } from '../support/sessions.js';

async function namesOf(root: string, paths: readonly string[], format: ReadFormat = 'parquet') {
  const { files, partitions } = await listFiles(paths, format);
  return { names: files.map(file => relative(root, file.path)), partitions };
}

function makeFiles(root: string, names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), name);
  }
}

test('a folder is read by name, depth first, and what is hidden is passed over', async t => {
  const root = temporaryFolder(t);
  makeFiles(root, [
    'b.parquet',
    'a/z.parquet',
    'a/b/y.pq',
    'C.PARQUET',
    'x.csv',
    '_d.parquet',
    '.e.parquet',
    '_f/g.parquet',
  ]);
  assert.deepEqual((await namesOf(root, [root])).names, ['C.PARQUET', 'a/b/y.pq', 'a/z.parquet', 'b.parquet']);
  assert.deepEqual((await namesOf(root, [root], 'csv')).names, ['x.csv']);
});

test('size and date come with each file, and a file is listed once', async t => {
  const root = temporaryFolder(t);
  makeFiles(root, ['a.parquet', 'b.parquet']);
  const { files } = await listFiles([join(root, 'b.parquet'), root, join(root, '*.parquet')], 'parquet');
  assert.deepEqual(
    files.map(file => [relative(root, file.path), file.bytes]),
    [
      ['b.parquet', 9],
      ['a.parquet', 9],
    ],
  );
  assert.ok(files.every(file => file.modified > 0));
});

test('name=value folders are columns where every file has the same ones', async t => {
  const root = temporaryFolder(t);
  makeFiles(root, [
    't/year=2023/m=1/a.parquet',
    't/year=2024/m=1/a.parquet',
    'u/_k=1/a.parquet',
    'v/year=1/a.parquet',
    'v/b.parquet',
  ]);
  const partitions = async (...path: readonly string[]) => (await namesOf(root, [join(root, ...path)])).partitions;
  assert.deepEqual(await partitions('t'), ['year', 'm']);
  assert.deepEqual(await partitions('t', 'year=2023'), ['m']);
  assert.deepEqual(await partitions('t', 'year=*', '*', '*.parquet'), ['year', 'm']);
  assert.deepEqual(await partitions('t', 'year=2023', 'm=1', 'a.parquet'), []);
  assert.deepEqual(await partitions('u'), ['_k']);
  assert.deepEqual(await partitions('v'), []);
});

test('links: a file is followed, a folder is not, a circle does no harm', async t => {
  const root = temporaryFolder(t);
  makeFiles(root, ['in/a.parquet', 'out.parquet']);
  symlinkSync(join(root, 'out.parquet'), join(root, 'in', 'link.parquet'));
  symlinkSync(join(root, 'in'), join(root, 'in', 'circle'));
  const expected = ['in/a.parquet', 'in/link.parquet'];
  assert.deepEqual((await namesOf(root, [join(root, 'in')])).names, expected);
  assert.deepEqual((await namesOf(root, [join(root, 'in', '**', '*.parquet')])).names, expected);
  assert.deepEqual((await namesOf(root, [join(root, 'in', 'circle', '*.parquet')])).names.length, 2);
});

test('where files are rows, one that cannot be opened is listed with the reason', async t => {
  const root = temporaryFolder(t);
  makeFiles(root, ['a.png', 'b.jpeg', 'c.txt', 'd.parquet', 'e.MP3']);
  symlinkSync(join(root, 'nowhere'), join(root, 'link.png'));
  symlinkSync(join(root, 'nowhere'), join(root, 'link.parquet'));
  const { files } = await listFiles([root], 'images');
  assert.deepEqual(
    files.map(({ path, problem }) => [relative(root, path), problem]),
    [
      ['a.png', undefined],
      ['b.jpeg', undefined],
      ['link.png', 'it has gone, or is a link to nothing'],
    ],
  );
  assert.deepEqual((await namesOf(root, [root], 'audio')).names, ['e.MP3']);
  assert.deepEqual((await namesOf(root, [root], 'parquet')).names, ['d.parquet']);
  assert.equal((await namesOf(root, [root], 'binary')).names.length, 7);
});

test('files that have changed, or gone, since they were listed are found', async t => {
  const root = temporaryFolder(t);
  makeFiles(root, ['a.png', 'b.png']);
  symlinkSync(join(root, 'nowhere'), join(root, 'link.png'));
  const { files } = await listFiles([root], 'images');
  assert.equal(await findChanged(files), undefined);
  writeFileSync(join(root, 'b.png'), 'longer than before');
  assert.deepEqual(await findChanged(files), { file: files[1], gone: false });
  rmSync(join(root, 'a.png'));
  assert.deepEqual(await findChanged(files), { file: files[0], gone: true });
});

test('a path that exists is meant to the letter, whatever characters it has', async t => {
  const root = temporaryFolder(t);
  let next = 0;
  const name = fc
    .stringMatching(/^[-a-z *?[\]{}()!+@'"%;,~#$&^=é☃]{1,12}$/)
    .filter(text => text.trim() !== '' && !text.includes('='));
  await fc.assert(
    fc.asyncProperty(name, async text => {
      const own = join(root, String(next++), text);
      makeFiles(own, [`${text}.parquet`]);
      assert.deepEqual((await namesOf(own, [own])).names, [`${text}.parquet`]);
      assert.deepEqual((await namesOf(own, [join(own, `${text}.parquet`)])).names, [`${text}.parquet`]);
    }),
    { numRuns: 100, seed: 3 },
  );
});

test('what is neither a file nor a folder', async () => {
  await assert.rejects(
    listFiles(['/dev/null'], 'parquet'),
    inframeError('SOURCE_NOT_FOUND', 'neither a file nor a folder'),
  );
  await assert.rejects(listFiles(['a\0b'], 'parquet'), inframeError('SOURCE_NOT_FOUND'));
});
