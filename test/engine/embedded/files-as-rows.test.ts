import assert from 'node:assert/strict';
import { rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { col, type DataFrame, fn, type InframeSession, udf } from '../../../src/index.js';
import { inframeError } from '../../support/onnx.js';
import { greyPng, writeFiles } from '../../support/pictures.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';

/* Pictures, sound, bytes and text as rows. */

async function namesOf(frame: DataFrame): Promise<readonly string[]> {
  const rows = await frame.select('path').collect();
  return rows.map(row => basename(String(row['path'])));
}

test('a picture is a row of its path, date, size and bytes, in order of the names', async t => {
  const folder = temporaryFolder(t);
  writeFiles(folder, {
    'b.png': greyPng(2, 1),
    'a/c.JPG': 'c',
    'd.txt': 'no picture',
    '_hidden.png': 'x',
    '.hidden/e.png': 'x',
    'f.webp': '',
  });
  const session = await openSession(t, { workers: 1 });
  const rows = await session.read.images(folder).collect();
  const found = rows.map(row => [
    relative(folder, String(row['path'])),
    row['size'],
    Buffer.from(row['image'] as Uint8Array),
  ]);
  assert.deepEqual(found, [
    [join('a', 'c.JPG'), 1n, Buffer.from('c')],
    ['b.png', BigInt(greyPng(2, 1).length), greyPng(2, 1)],
    ['f.webp', 0n, Buffer.alloc(0)],
  ]);
  const { mtimeMs } = statSync(join(folder, 'b.png'));
  assert.equal((rows[1]!['modified'] as Date).getTime(), Math.floor(mtimeMs / 1000) * 1000);
  assert.equal(
    String(await session.read.images(folder).schema()).replaceAll(/ +/g, ' '),
    'path string\nmodified timestamp[us, UTC]\nsize int64\nimage binary',
  );
});

test('folders name=value are columns, with types, whatever they are called', async t => {
  const folder = temporaryFolder(t);
  writeFiles(folder, {
    'species=cat/year=2023/a.png': 'a',
    'species=big%20dog/year=2024/b.png': 'b',
    'species=__HIVE_DEFAULT_PARTITION__/year=2024/c.png': 'c',
  });
  const session = await openSession(t, { workers: 1 });
  const rows = await session.read.images(folder).select('species', 'year').collect();
  assert.deepEqual(rows, [
    { species: null, year: 2024n },
    { species: 'big dog', year: 2024n },
    { species: 'cat', year: 2023n },
  ]);
  // A folder that is called like a column of every file is no column, and does no harm.
  for (const name of ['size', 'content', 'filename', 'last_modified', 'path']) {
    const other = join(folder, 'other', name);
    writeFiles(other, { [`${name}=3/a.png`]: 'abc', [`${name}=3/b.png`]: 'de' });
    const read = await session.read.images(other).select('size', 'image').collect();
    assert.deepEqual(
      read.map(row => [row['size'], Buffer.from(row['image'] as Uint8Array).toString()]),
      [
        [3n, 'abc'],
        [2n, 'de'],
      ],
      name,
    );
  }
});

test('file names are meant to the letter', async t => {
  const folder = temporaryFolder(t);
  const names = ["it's.png", 'a b.png', 'a[1].png', 'a1.png', 'ü☃.png', 'a*.png', 'a?.png', '100%.png'];
  writeFiles(folder, Object.fromEntries(names.map(name => [name, name])));
  const session = await openSession(t, { workers: 1 });
  const rows = await session.read.images(folder).collect();
  for (const row of rows) {
    assert.equal(Buffer.from(row['image'] as Uint8Array).toString(), basename(String(row['path'])));
  }
  assert.deepEqual(rows.map(row => basename(String(row['path']))).sort(), [...names].sort());
});

test('what headers say is found on demand; what is no picture is kept with a reason, dropped, or an error', async t => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'a.png': greyPng(7, 5), 'b.png': 'no picture', 'c.png': '', 'd.png': greyPng(3, 4) });
  symlinkSync(join(folder, 'nowhere'), join(folder, 'e.png'));
  const session = await openSession(t, { workers: 2 });
  const columns = ['format', 'width', 'height', 'channels', 'orientation'];
  const rows = await session.read.images(folder, { properties: true }).collect();
  assert.deepEqual(
    rows.map(row => columns.map(name => row[name])),
    [
      ['png', 7, 5, 1, 1],
      columns.map(() => null),
      columns.map(() => null),
      ['png', 3, 4, 1, 1],
      columns.map(() => null),
    ],
  );
  assert.deepEqual(
    rows.map(row => row['error'] === null),
    [true, false, false, true, false],
  );
  assert.match(String(rows[1]!['error']), /not a picture/);
  assert.match(String(rows[4]!['error']), /link to nothing/);
  assert.deepEqual([rows[4]!['size'], rows[4]!['image']], [null, null]);
  assert.deepEqual(Object.keys(rows[0]!), ['path', 'modified', 'size', 'image', ...columns, 'error']);

  const dropped = session.read.images(folder, { onUnreadable: 'drop' });
  assert.deepEqual(await namesOf(dropped), ['a.png', 'd.png']);
  assert.deepEqual((await dropped.schema()).names, ['path', 'modified', 'size', 'image']);
  assert.deepEqual(await namesOf(session.read.images(folder, { onUnreadable: 'drop', properties: true })), [
    'a.png',
    'd.png',
  ]);
  await assert.rejects(
    session.read.images(folder, { onUnreadable: 'fail' }).collect(),
    inframeError('SOURCE_UNREADABLE', join(folder, 'e.png'), 'link to nothing', "onUnreadable: 'drop'"),
  );
  rmSync(join(folder, 'e.png'));
  await assert.rejects(
    session.read.images(folder, { onUnreadable: 'fail' }).collect(),
    inframeError('SOURCE_UNREADABLE', join(folder, 'b.png'), 'as a picture', "onUnreadable: 'drop'"),
  );
  // Where nobody asked for more than the bytes, nobody looks at them.
  assert.equal((await session.read.images(folder, { onUnreadable: 'keep' }).collect()).length, 4);
});

test('a file that goes away between listing and reading is an error of its task', async t => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'a.png': greyPng(1, 1), 'b.png': greyPng(1, 1) });
  const session = await openSession(t, { workers: 1 });
  const frame = session.read.images(folder).select(fn.imageInfo(col('image')).field('width').as('w'));
  const gone = frame.write.parquet(join(folder, 'out'), {
    onEvent: event => {
      if (event.kind === 'jobStarted') rmSync(join(folder, 'b.png'));
    },
  });
  await assert.rejects(gone, inframeError('SOURCE_CHANGED', 'b.png', 'has gone'));
  // Also where nothing but DuckDB reads, which would say nothing.
  writeFiles(folder, { 'b.png': greyPng(1, 1) });
  const copied = session.read.images(folder).write.parquet(join(folder, 'copy'), {
    onEvent: event => {
      if (event.kind === 'stageStarted') rmSync(join(folder, 'b.png'));
    },
  });
  await assert.rejects(copied, inframeError('SOURCE_CHANGED', 'b.png', 'has gone'));
});

test('image_info is a function of SQL and of code, over any column of bytes', async t => {
  const session = await openSession(t, { workers: 1 });
  const table = session.fromRows([{ b: greyPng(9, 8) }, { b: Buffer.from('x') }, { b: null }]);
  await table.createView('t');
  const rows = await session
    .sql('SELECT image_info(b).width AS w, IMAGE_INFO(b).error IS NULL AS fine FROM t')
    .collect();
  assert.deepEqual(rows, [
    { w: 9, fine: true },
    { w: null, fine: false },
    { w: null, fine: true },
  ]);
  assert.deepEqual(await table.select(fn.imageInfo(col('b')).field('height').as('h')).collect(), [
    { h: 8 },
    { h: null },
    { h: null },
  ]);
  assert.deepEqual(await session.sql('SHOW MODELS').collect(), []);
  const own = udf({ inputs: ['int32'], output: 'int32' }, ([x]) => x);
  assert.throws(() => session.register('Image_Info', own, { replace: true }), inframeError('NAME_TAKEN', 'Image_Info'));
  await assert.rejects(
    session.sql('SELECT image_inf(b) FROM t').collect(),
    inframeError('FUNCTION_NOT_FOUND', "did you mean 'image_info'?"),
  );
  await assert.rejects(
    session.sql("SELECT image_info('x') FROM t").collect(),
    inframeError('TYPE_MISMATCH', "function 'image_info'"),
  );
});

const COUNT = 200;

async function setUpJob(session: InframeSession, folder: string) {
  const frame = session.read
    .images(join(folder, 'in'))
    .select('path', fn.imageInfo(col('image')).field('width').as('w'));
  return (options = {}) => frame.write.parquet(join(folder, 'out'), options);
}

test('a job over pictures goes on where it stopped, and a changed picture redoes its own task', async t => {
  const folder = temporaryFolder(t);
  const names = Array.from({ length: COUNT }, (_, index) => `in/${String(index).padStart(3, '0')}.png`);
  writeFiles(folder, Object.fromEntries(names.map((name, index) => [name, greyPng(index + 1, 1)])));
  const session = await openSession(t, { workers: 2 });
  const write = await setUpJob(session, folder);

  const stop = new AbortController();
  let done = 0;
  const stopped = write({
    signal: stop.signal,
    onEvent: (event: { readonly kind: string }) => {
      if (event.kind === 'taskFinished' && ++done === 5) stop.abort();
    },
  });
  await assert.rejects(stopped, inframeError('JOB_ABORTED'));
  const rest = await write();
  // 200 files: 25 tasks of 8.
  assert.equal(rest.tasks, 25);
  assert.ok(rest.reusedTasks >= 5 && rest.reusedTasks < 25, `${rest.reusedTasks} of 25 taken over`);
  assert.equal(rest.rows, COUNT);

  writeFileSync(join(folder, names[100]!), greyPng(5000, 1));
  const again = await write({ mode: 'overwrite' });
  assert.deepEqual([again.tasks, again.reusedTasks, again.scoredRows], [25, 24, 8]);
  const widths = (await session.read.parquet(join(folder, 'out')).select('w').collect()).map(row => row['w']);
  assert.deepEqual(
    widths,
    names.map((_, index) => (index === 100 ? 5000 : index + 1)),
  );
});

test('a limit reads no more files than it has rows', async t => {
  const folder = temporaryFolder(t);
  writeFiles(
    folder,
    Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index + 10}.png`, greyPng(index + 1, 1)])),
  );
  const session = await openSession(t, { workers: 2 });
  const frame = session.read
    .images(folder)
    .withColumn('w', fn.imageInfo(col('image')).field('width'))
    .limit(3);
  let rows: number | undefined;
  const found: unknown[] = [];
  for (const row of await frame.drop('image').collect({
    onEvent: event => {
      if (event.kind === 'stageStarted' && event.rows !== undefined) rows = event.rows;
    },
  })) {
    found.push(row['w']);
  }
  assert.deepEqual([found, rows], [[1, 2, 3], 3]);
  // No other file is even named: one that has gone is not missed.
  const plain = session.read.images(folder).limit(2);
  assert.deepEqual(await namesOf(plain), ['10.png', '11.png']);
});

test('text is a row a line, or a row a file', async t => {
  const folder = temporaryFolder(t);
  writeFiles(folder, {
    'a.txt': 'one\r\n\r\nthrée',
    'kind=x/b.log': Buffer.from([0x61, 0xff, 0x0a]),
    'empty.txt': '',
    'packed.gz': gzipSync('p\nq\n'),
  });
  const session = await openSession(t, { workers: 2 });
  const lines = await session.read.text([join(folder, 'a.txt'), folder]).collect();
  assert.deepEqual(
    lines.map(row => [relative(folder, String(row['path'])), row['line'], row['text']]),
    [
      ['a.txt', 1n, 'one'],
      ['a.txt', 2n, ''],
      ['a.txt', 3n, 'thrée'],
      [join('kind=x', 'b.log'), 1n, 'a\uFFFD'],
      ['packed.gz', 1n, 'p'],
      ['packed.gz', 2n, 'q'],
    ],
  );
  const whole = session.read.text([join(folder, 'a.txt'), join(folder, 'kind=x')], { wholeFiles: true });
  assert.deepEqual(
    (await whole.collect()).map(row => [row['size'], row['text']]),
    [
      [13n, 'one\r\n\r\nthrée'],
      [3n, 'a\uFFFD\n'],
    ],
  );
  const log = join(folder, 'kind=x');
  for (const wholeFiles of [true, false]) {
    assert.deepEqual(await session.read.text(log, { wholeFiles, onInvalid: 'null' }).select('text').collect(), [
      { text: null },
    ]);
    await assert.rejects(
      session.read.text(log, { wholeFiles, onInvalid: 'fail' }).collect(),
      inframeError('SOURCE_UNREADABLE', 'b.log', 'not UTF-8'),
    );
  }
  assert.deepEqual(
    await session.read
      .text(join(folder, '*', '*.log'))
      .select('line')
      .collect(),
    await session.read.text(log).select('line').collect(),
  );
  const hive = session.read.text(join(folder, 'kind=*', '*.log')).select('kind', 'text');
  assert.deepEqual(await hive.collect(), [{ kind: 'x', text: 'a\uFFFD' }]);
  assert.deepEqual(await session.read.text(join(folder, 'empty.txt')).collect(), []);
});

test('a limit of lines reads no further, and offsets count on', async t => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'a.txt': 'a\nb\n', 'b.txt': 'c\nd\n', 'c.txt.gz': 'not packed' });
  const session = await openSession(t, { workers: 2 });
  const all = session.read.text(folder);
  assert.deepEqual(await all.limit(3).select('line', 'text').collect(), [
    { line: 1n, text: 'a' },
    { line: 2n, text: 'b' },
    { line: 1n, text: 'c' },
  ]);
  assert.deepEqual(await session.sql(`SELECT "text" FROM read_text_files('${folder}') LIMIT 2 OFFSET 2`).collect(), [
    { text: 'c' },
    { text: 'd' },
  ]);
  assert.deepEqual(await all.limit(0).collect(), []);
  await assert.rejects(all.collect(), inframeError('SOURCE_UNREADABLE', 'c.txt.gz'));
});

test('a text far larger than the memory limit keeps its lines and their order', async t => {
  const folder = temporaryFolder(t);
  const block = Array.from({ length: 20_000 }, (_, index) => `line ${index} ${'x'.repeat(80)}`).join('\n');
  writeFileSync(join(folder, 'big.txt'), Array.from({ length: 40 }, () => block).join('\n'));
  const session = await openSession(t, { workers: 1, memoryLimit: 48 * 1024 * 1024 });
  let next = 1n;
  for await (const batch of session.read.text(join(folder, 'big.txt')).select('line', 'text').batches()) {
    const [line, text] = [batch.getChildAt(0)!, batch.getChildAt(1)!];
    for (let row = 0; row < batch.numRows; row++, next++) {
      assert.equal(line.get(row), next);
      if (row === 0) assert.ok(String(text.get(row)).startsWith(`line ${(Number(next) - 1) % 20_000} x`));
    }
  }
  assert.equal(next - 1n, 800_000n);
});

test('sound and bytes', async t => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'a.wav': 'w', 'b.mp3': 'm', 'c.FLAC': 'f', 'd.png': 'p', e: 'e' });
  const session = await openSession(t, { workers: 1 });
  assert.deepEqual(await namesOf(session.read.audio(folder)), ['a.wav', 'b.mp3', 'c.FLAC']);
  assert.deepEqual(await namesOf(session.read.binaryFiles(folder)), ['a.wav', 'b.mp3', 'c.FLAC', 'd.png', 'e']);
  assert.deepEqual((await session.read.audio(folder).schema()).names, ['path', 'modified', 'size', 'audio']);
  assert.deepEqual((await session.read.binaryFiles(folder).schema()).names, ['path', 'modified', 'size', 'content']);
  await assert.rejects(
    session.read.images(join(folder, '*.wav')).filter(col('nothing')).collect(),
    inframeError('COLUMN_NOT_FOUND'),
  );
  await assert.rejects(session.read.audio(join(folder, 'none')).collect(), inframeError('SOURCE_NOT_FOUND'));
  rmSync(join(folder, 'd.png'));
  await assert.rejects(
    session.read.images(folder).collect(),
    inframeError('SOURCE_EMPTY', 'holds no picture', 'a.wav'),
  );
});
