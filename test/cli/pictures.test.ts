import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { pictureNetwork } from '../support/pictures.js';
import { temporaryFolder } from '../support/sessions.js';
import { duck } from '../support/tables.js';
import { runCli } from './cli.js';

test('pictures are scored and looked at from a shell', async t => {
  const folder = temporaryFolder(t);
  const photos = join(folder, 'photos');
  mkdirSync(photos);
  for (const [name, background] of [
    ['a', 'red'],
    ['b', 'blue'],
  ] as const) {
    const picture = sharp({ create: { width: 6, height: 4, channels: 3, background } });
    writeFileSync(join(photos, `${name}.png`), await picture.png().toBuffer());
  }
  const model = await pictureNetwork(folder);
  writeFileSync(join(folder, 'labels.txt'), 'red\ngreen\nblue\n');
  const adapters = ['--input', 'x=image(width=2,height=2)', '--output', 'y=classification(labels=labels.txt)'];
  const words = [
    'score',
    `${photos}/*.png`,
    '--model',
    model,
    ...adapters,
    '--keep',
    'path',
    '--name',
    'what',
    '--out',
    'scored',
  ];
  const scored = await runCli(t, folder, ...words);
  assert.equal(scored.code, 0, scored.stderr);
  const rows = await duck(
    `SELECT parse_filename(path), what.label FROM read_parquet('${join(folder, 'scored')}/*.parquet') ORDER BY 1`,
  );
  assert.deepEqual(rows, [
    ['a.png', 'red'],
    ['b.png', 'blue'],
  ]);
  const head = await runCli(t, folder, 'head', photos);
  assert.match(head.stdout, /PNG 6x4/);
  const report = await runCli(t, folder, 'report', 'scored', '--out', 'page.html');
  assert.equal(report.code, 0, report.stderr);
  assert.match(readFileSync(join(folder, 'page.html'), 'utf8'), /red/);
  const wrong = await runCli(t, folder, 'score', photos, '--model', model, '--input', 'x=picture()', '--out', 'other');
  assert.notEqual(wrong.code, 0);
  assert.match(wrong.stderr, /picture.*image/s);
});
