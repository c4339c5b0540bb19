import assert from 'node:assert/strict';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { col, image } from '../../../src/index.js';
import { inframeError } from '../../support/onnx.js';
import { pictureNetwork } from '../../support/pictures.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';

function png(width: number, height: number, background: string): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

/** Pictures in folders of their colours, and files that are none. */
async function pictureFolder(folder: string): Promise<string> {
  const photos = join(folder, 'photos');
  for (const colour of ['blue', 'red']) {
    mkdirSync(join(photos, `colour=${colour}`), { recursive: true });
    for (const side of [3, 5])
      writeFileSync(join(photos, `colour=${colour}`, `${side}.png`), await png(side, 4, colour));
  }
  writeFileSync(join(photos, 'colour=red', 'notes.txt'), 'no picture');
  writeFileSync(join(photos, 'colour=red', '_hidden.png'), 'hidden');
  return photos;
}

test('pictures are rows: of a folder, a glob and a list, with the folders as columns', async t => {
  const session = await openSession(t, { workers: 2, threads: 1 });
  const photos = await pictureFolder(temporaryFolder(t));
  const frame = session.read.images(photos);
  const schema = await frame.schema();
  assert.deepEqual(schema.names, ['path', 'modified', 'size', 'image', 'colour']);
  const rows = await frame.select('path', 'size', 'colour', 'image').collect();
  assert.deepEqual(
    rows.map(({ path }) => String(path).slice(photos.length + 1)),
    ['colour=blue/3.png', 'colour=blue/5.png', 'colour=red/3.png', 'colour=red/5.png'],
  );
  for (const { path, size, image: content, colour } of rows) {
    assert.equal(Number(size), statSync(String(path)).size);
    assert.equal((content as Uint8Array).length, Number(size));
    assert.ok(String(path).includes(`colour=${colour}`));
  }
  assert.equal(await session.read.images(`${photos}/**/3.png`).count(), 2);
  assert.equal(await session.read.images([join(photos, 'colour=red'), `${photos}/**/5.png`]).count(), 3);
  await assert.rejects(session.read.images(join(photos, 'none')).count(), inframeError('SOURCE_NOT_FOUND', 'none'));
  await assert.rejects(session.read.audio(photos).count(), inframeError('SOURCE_EMPTY', 'holds no sound'));
});

test('what a header says, and what becomes of files that are no pictures', async t => {
  const session = await openSession(t, { workers: 2, threads: 1 });
  const photos = await pictureFolder(temporaryFolder(t));
  writeFileSync(join(photos, 'colour=red', 'broken.png'), 'not a picture');
  writeFileSync(join(photos, 'colour=red', 'empty.jpg'), '');
  const told = await session.read.images(photos, { properties: true }).drop('image', 'modified').collect();
  assert.deepEqual(
    told.map(({ width, height, format, orientation }) => [width, height, format, orientation]),
    [
      [3, 4, 'png', 1],
      [5, 4, 'png', 1],
      [3, 4, 'png', 1],
      [5, 4, 'png', 1],
      [null, null, null, null],
      [null, null, null, null],
    ],
  );
  assert.match(String(told[4]!['error']), /^the content is not a picture/);
  assert.equal(told[0]!['error'], null);
  assert.equal(await session.read.images(photos, { onUnreadable: 'drop' }).count(), 4);
  assert.equal(await session.read.images(photos, { onUnreadable: 'keep' }).count(), 6);
  await assert.rejects(
    session.read.images(photos, { onUnreadable: 'fail' }).count(),
    inframeError('SOURCE_UNREADABLE', 'broken.png', 'not a picture'),
  );
  assert.throws(
    () => session.read.images(photos, { onUnreadable: 'skip' as 'keep' }),
    inframeError('ARGUMENT_INVALID', 'skip', 'keep, drop, fail'),
  );
});

test('files are read in SQL, and a model scores them', async t => {
  const session = await openSession(t, { workers: 2, threads: 1 });
  const folder = temporaryFolder(t);
  const photos = await pictureFolder(folder);
  session.register('means', await session.model(await pictureNetwork(folder), { inputs: { x: image() } }));
  const rows = await session
    .sql(`SELECT colour, means(image)[1] AS red, means(image)[3] AS blue FROM read_images('${photos}') ORDER BY ALL`)
    .collect();
  assert.deepEqual(rows, [
    { colour: 'blue', red: 0, blue: 255 },
    { colour: 'blue', red: 0, blue: 255 },
    { colour: 'red', red: 255, blue: 0 },
    { colour: 'red', red: 255, blue: 0 },
  ]);
  const [info] = await session
    .sql(`SELECT image_info(image) AS i FROM read_images('${photos}/**/5.png') LIMIT 1`)
    .collect();
  assert.equal((info!['i'] as { readonly width: number }).width, 5);
  const read = await session
    .sql(`SELECT count(*) AS n FROM read_binary_files(['${photos}/colour=red/notes.txt'])`)
    .collect();
  assert.deepEqual(read, [{ n: 1n }]);
});

test('a limit over many pictures scores that many', async t => {
  const session = await openSession(t, { workers: 2, threads: 1 });
  const folder = temporaryFolder(t);
  const bytes = await png(2, 2, 'red');
  for (let index = 0; index < 300; index++) writeFileSync(join(folder, `${String(index).padStart(3, '0')}.png`), bytes);
  const means = await session.model(await pictureNetwork(folder), { inputs: { x: image() } });
  const frame = session.read.images(folder).withColumn('m', means('image')).limit(20);
  const target = join(folder, 'out');
  const report = await frame.write.parquet(target);
  assert.equal(report.rows, 20);
});

test('a job over pictures goes on where it stopped; a changed picture redoes its own task only', async t => {
  const session = await openSession(t, { workers: 2, threads: 1 });
  const folder = temporaryFolder(t);
  const photos = join(folder, 'photos');
  mkdirSync(photos);
  const red = await png(2, 2, 'red');
  for (let index = 0; index < 64; index++) writeFileSync(join(photos, `${String(index).padStart(2, '0')}.png`), red);
  const means = await session.model(await pictureNetwork(folder), { inputs: { x: image() } });
  const frame = session.read.images(photos).select('path', means('image').as('m'));
  const first = await frame.write.parquet(join(folder, 'out'));
  assert.ok(first.tasks > 2);
  const again = await frame.write.parquet(join(folder, 'out'));
  assert.equal(again.reusedTasks, first.tasks);
  writeFileSync(join(photos, '20.png'), await png(3, 3, 'blue'));
  const changed = await frame.write.parquet(join(folder, 'out'), { mode: 'overwrite' });
  assert.equal(changed.reusedTasks, first.tasks - 1);
  const rows = await session.read.parquet(join(folder, 'out')).collect();
  assert.deepEqual(rows[20]!['m'], [0, 0, 255]);
  assert.deepEqual(rows[21]!['m'], [255, 0, 0]);
  rmSync(photos, { recursive: true });
});

test('text: lines in order, whole files, long lines and bytes that are no text', async t => {
  const session = await openSession(t, { workers: 1, threads: 1 });
  const folder = temporaryFolder(t);
  const long = 'x'.repeat(1_000_000);
  const lines = ['first', 'a "quoted, line', "it's\ttabbed; |x|", ' spaces ', long, 'ünï→😀', '', 'last'];
  writeFileSync(join(folder, 'a.txt'), lines.join('\n'));
  writeFileSync(join(folder, 'b.txt'), 'one\r\ntwo\r\n');
  const read = await session.read.text([join(folder, 'a.txt'), join(folder, 'b.txt')]).collect();
  const short = (text: unknown): string => (text === long ? 'the long one' : String(text));
  assert.deepEqual(
    read.map(({ text }) => short(text)),
    [...lines, 'one', 'two'].map(short),
  );
  assert.equal(read[9]!['path'], join(folder, 'b.txt'));
  const whole = await session.read.text(join(folder, 'a.txt'), { wholeFiles: true }).select('text', 'size').collect();
  assert.equal(whole[0]!['text'], lines.join('\n'));
  writeFileSync(join(folder, 'c.txt'), Buffer.from([0x61, 0xff, 0x0a, 0x62]));
  const broken = await session.read.text(join(folder, 'c.txt')).select('text').collect();
  assert.deepEqual(
    broken.map(({ text }) => text),
    ['a\ufffd', 'b'],
  );
  assert.equal(await session.read.binaryFiles(join(folder, 'c.txt')).filter(col('size').eq(4)).count(), 1);
});
