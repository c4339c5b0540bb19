import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { examplesIn } from '../../package/readme.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';

const DOCUMENT = readFileSync('docs/vectors.md', 'utf8');

test('the example of docs/vectors.md runs as it stands', context => {
  const [example] = examplesIn(DOCUMENT);
  const index = new URL('../../../src/index.js', import.meta.url).href;
  const path = join(temporaryFolder(context), 'example.mjs');
  writeFileSync(path, example!.replace("'inframe'", `'${index}'`));
  const output = execFileSync(process.execPath, [path], { encoding: 'utf8' });
  const found = [...output.matchAll(/title: '(\w+)',\s+rank: (\d)/g)].map(([, title, rank]) => `${rank} ${title}`);
  assert.deepEqual(found, ['1 Bread', '2 Cake', '1 Bread', '2 Cake'], output);
});

test('the SQL of docs/vectors.md finds the same', async context => {
  const session = await openSession(context, { workers: 1 });
  await session.sql(`CREATE TABLE articles AS FROM (VALUES ('Bread', [0.9, 0.1]), ('Cake', [0.7, 0.6]), ('Rockets', [-0.2, 0.9]))
    t(title, embedding)`);
  await session.sql("CREATE TABLE questions AS SELECT 'How long does dough rise?' AS question, [1, 0.2] AS embedding");
  const statements = /```sql\n([\s\S]*?)```/
    .exec(DOCUMENT)![1]!
    .split(';')
    .filter(text => text.trim() !== '');
  const found = [];
  for (const text of statements) found.push((await session.sql(text).collect()).flatMap(row => Object.values(row)[1]));
  // A join gives its rows in no order; the aggregate's list is the nearest first.
  assert.deepEqual(
    [found[0]!.sort(), found[1]],
    [
      ['Bread', 'Cake'],
      ['Bread', 'Cake'],
    ],
  );
});
