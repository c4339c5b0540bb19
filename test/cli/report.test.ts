import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSession, temporaryFolder } from '../support/sessions.js';
import { runCli } from './cli.js';

const PETS = 'name,verdict,trust\nMia,cat,0.9\nTom,dog,0.6\nKit,,\n';

test('report writes a page, and says what it is', async t => {
  const folder = temporaryFolder(t);
  await writeFile(join(folder, 'pets.csv'), PETS);
  const words = ['report', 'pets.csv', '--label', 'verdict', '--score', 'trust', '--path', 'name'];
  const { code, stdout, stderr } = await runCli(t, folder, ...words);
  assert.equal(stderr, '');
  assert.equal(code, 0);
  assert.equal(stdout, 'wrote report.html: 3 of 3 rows one by one\n1 row without a prediction\n');
  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  assert.ok(page.includes('<title>pets.csv</title>') && page.includes('<b>verdict</b>'));
});

test('report of a folder that score has written, with everything said', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1 });
  await session.sql('SELECT i AS id, i / 10.0 AS risk FROM range(10) t(i)').write.parquet(join(folder, 'scored'));
  const words = ['report', 'scored', '--out', 'out/page.html', '--title', '<b>Risks</b>', '--rows', '4', '--json'];
  const { code, stdout, stderr } = await runCli(t, folder, ...words, '--uncertainty', 'margin');
  assert.equal(code, 0, stderr);
  const page = readFileSync(join(folder, 'out', 'page.html'), 'utf8');
  assert.deepEqual(JSON.parse(stdout), {
    path: 'out/page.html',
    rows: 10,
    shownRows: 4,
    unpredictedRows: 0,
    bytes: Buffer.byteLength(page),
  });
  assert.ok(page.includes('<h1>&lt;b&gt;Risks&lt;/b&gt;</h1>'));
});

test('report refuses what is wrong, in one line', async t => {
  const folder = temporaryFolder(t);
  await writeFile(join(folder, 'pets.csv'), PETS);
  await writeFile(join(folder, 'mine.html'), '<p>mine</p>');
  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['report'], 2, /argument 'table' is missing/],
    [['report', 'nothing.csv'], 2, /nothing\.csv/],
    [['report', 'pets.csv', '--rows', '501'], 2, /'501' is not possible; give a whole number from 0 to 500/],
    [['report', 'pets.csv', '--uncertainty', 'entropy'], 2, /there are: score, margin/],
    [['report', 'pets.csv', '--label', 'verdikt'], 2, /column 'verdikt' .*did you mean 'verdict'/],
    [['report', 'pets.csv', '--picture', 'name'], 2, /column 'name' is string, .* it has to be binary/],
    [['report', 'pets.csv', '--out', 'mine.html'], 2, /no report; choose another, or overwrite it with --overwrite/],
  ];
  for (const [words, expected, sentence] of cases) {
    const { code, stderr } = await runCli(t, folder, ...words);
    assert.match(stderr, sentence);
    assert.equal(code, expected, stderr);
    assert.equal(stderr.trim().split('\n').length, 1);
  }
  const { code } = await runCli(t, folder, 'report', 'pets.csv', '--out', 'mine.html', '--overwrite');
  assert.equal(code, 0);
  assert.ok(readFileSync(join(folder, 'mine.html'), 'utf8').includes('inframe report'));
});
