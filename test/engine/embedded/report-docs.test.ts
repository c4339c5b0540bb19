import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { examplesIn } from '../../package/readme.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';

test('the example of docs/report.md works as written', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1 });
  await session
    .sql("SELECT i AS id, CASE WHEN i < 90 THEN {'label': 'cat', 'score': i / 100.0} END AS what FROM range(100) t(i)")
    .write.parquet(join(folder, 'scored'));
  const [example] = examplesIn(readFileSync('docs/report.md', 'utf8'));
  const library = pathToFileURL(resolve('build/src/index.js')).href;
  writeFileSync(join(folder, 'example.mjs'), example!.replace("'inframe'", `'${library}'`));
  const { stdout } = await promisify(execFile)(process.execPath, ['example.mjs'], { cwd: folder });
  assert.equal(stdout, '60 of 100 rows, 10 without a prediction\n');
  assert.ok(readFileSync(join(folder, 'report.html'), 'utf8').includes('<title>Cats and dogs</title>'));
});
