import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { col, connect } from '../../../src/index.js';
import { linear } from '../../support/models.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { mountDisk, resizeDisk } from '../../support/small-disk.js';
import { makeFile, numbersSql, readResult, saveModel } from '../../support/tables.js';

async function setUp(t: TestContext, rows = 100) {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 2, threads: 1 });
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(rows), 'FORMAT parquet, ROW_GROUP_SIZE 20480');
  const frame = session.read.parquet(source).withColumn('p', model(col('x'), col('z')));
  return { folder, session, source, frame };
}

test('a target that is a file, lies below one, or cannot be made', async t => {
  const { source, frame, folder } = await setUp(t);
  await assert.rejects(frame.write.parquet(source), inframeError('TARGET_EXISTS', source, 'is a file'));
  await assert.rejects(frame.write.parquet(join(source, 'a', 'b')), inframeError('TARGET_EXISTS', 'lies below a file'));
  await assert.rejects(frame.write.parquet('/dev/full'), inframeError('TARGET_EXISTS', "'/dev/full'"));
  await assert.rejects(frame.write.parquet('  '), inframeError('ARGUMENT_INVALID', 'target'));
  await assert.rejects(
    frame.write.parquet(join(folder, 'x'.repeat(300))),
    inframeError('TARGET_NOT_WRITABLE', 'cannot be made'),
  );
  if (process.platform === 'linux') {
    // /proc refuses new folders with an error that Node's recursive mkdir tries to mend for ever.
    await assert.rejects(
      frame.write.parquet('/proc/inframe/out'),
      inframeError('TARGET_NOT_WRITABLE', '/proc/inframe'),
    );
  }
});

test('a folder that holds something else is left alone', async t => {
  const { folder, frame } = await setUp(t);
  const target = join(folder, 'mine');
  mkdirSync(target);
  writeFileSync(join(target, 'thesis.txt'), 'ten years of work');
  await assert.rejects(frame.write.parquet(target), inframeError('TARGET_EXISTS', 'thesis.txt'));
  await assert.rejects(
    frame.write.parquet(target, { mode: 'overwrite' }),
    inframeError('TARGET_EXISTS', 'thesis.txt', 'would delete'),
  );
  assert.deepEqual(readdirSync(target), ['thesis.txt']);
});

test("what Spark left is replaced with mode 'overwrite' and refused without", async t => {
  const { folder, frame } = await setUp(t);
  const target = join(folder, 'spark');
  mkdirSync(target);
  await makeFile(join(target, 'part-00000-6a1c-c000.snappy.parquet'), numbersSql(5));
  writeFileSync(join(target, '_SUCCESS'), '');
  writeFileSync(join(target, '._SUCCESS.crc'), '');
  await assert.rejects(frame.write.parquet(target), inframeError('TARGET_EXISTS'));
  await frame.write.parquet(target, { mode: 'overwrite' });
  assert.equal((await readResult(target)).length, 100);
});

test('files beside the parts of an earlier result survive an overwrite', async t => {
  const { folder, frame } = await setUp(t);
  const target = join(folder, 'out');
  await frame.write.parquet(target);
  writeFileSync(join(target, 'README.md'), 'what this is');
  await frame.limit(5).write.parquet(target, { mode: 'overwrite' });
  assert.equal(readFileSync(join(target, 'README.md'), 'utf8'), 'what this is');
  assert.equal((await readResult(target)).length, 5);
});

test('a read-only target', async t => {
  const { frame } = await setUp(t);
  const disk = mountDisk(t, 'ro,size=1m');
  if (disk === undefined) return t.skip('mounting is not allowed here');
  await assert.rejects(
    frame.write.parquet(join(disk, 'out')),
    inframeError('TARGET_NOT_WRITABLE', 'may not be written'),
  );
  await assert.rejects(frame.write.parquet(disk), inframeError('TARGET_NOT_WRITABLE', disk));
  await assert.rejects(connect({ tempDirectory: disk }), inframeError('ARGUMENT_INVALID', 'tempDirectory', disk));
});

test('a full disk: nothing half-written, and the job goes on when there is room', async t => {
  const { frame } = await setUp(t, 100_000);
  for (const [format, size] of [
    ['parquet', '64k'],
    ['parquet', '900k'],
    ['csv', '900k'],
    ['jsonl', '900k'],
    ['arrow', '900k'],
  ] as const) {
    const disk = mountDisk(t, `size=${size}`);
    if (disk === undefined) return t.skip('mounting is not allowed here');
    const out = join(disk, 'out');
    await assert.rejects(frame.write[format](out), inframeError('DISK_FULL', 'free some space'));
    assert.deepEqual(readdirSync(out), ['_inframe']);
    assert.ok(!readdirSync(join(out, '_inframe')).some(name => name.startsWith('_part')));
    resizeDisk(disk, '40m');
    const report = await frame.write[format](out);
    assert.equal(report.rows, 100_000);
    assert.ok(existsSync(join(out, '_SUCCESS')));
  }
});

test('no room even for the lock', async t => {
  const { frame } = await setUp(t);
  const disk = mountDisk(t, 'size=16k');
  if (disk === undefined) return t.skip('mounting is not allowed here');
  writeFileSync(join(disk, 'filler'), Buffer.alloc(12_000));
  await assert.rejects(frame.write.parquet(join(disk, 'out')), inframeError('DISK_FULL'));
  resizeDisk(disk, '10m');
  assert.equal((await frame.write.parquet(join(disk, 'out'))).rows, 100);
});

test('a temporary folder that is not there, and one that is full', async t => {
  const { folder, source } = await setUp(t, 100_000);
  await assert.rejects(
    connect({ tempDirectory: join(folder, 'no') }),
    inframeError('ARGUMENT_INVALID', 'tempDirectory'),
  );
  const disk = mountDisk(t, 'size=100k');
  if (disk === undefined) return t.skip('mounting is not allowed here');
  const session = await connect({ tempDirectory: disk, workers: 1 });
  try {
    const model = await session.model(join(folder, 'm.onnx'));
    const frame = session.read.parquet(source).withColumn('p', model(col('x'), col('z')));
    await assert.rejects(frame.collect(), inframeError('DISK_FULL'));
  } finally {
    await session.close();
  }
  assert.deepEqual(readdirSync(disk), []);
});

test('partition values stay inside the target', async t => {
  const { folder, session } = await setUp(t);
  const values = [
    '../../x',
    '/',
    '/etc',
    '',
    '.',
    '..',
    'a=b',
    'a/b',
    '%2F',
    'ünï ☃',
    "it's",
    '"',
    '*',
    'plain',
    '\\',
    ' ',
  ];
  const list = values.map(value => `'${value.replaceAll("'", "''")}'`).join(', ');
  const source = await makeFile(join(folder, 'p.parquet'), `SELECT unnest([${list}, NULL]) AS k, 1 AS v`);
  const out = join(folder, 'deep', 'er', 'out');
  const before = readdirSync(folder).sort();
  const report = await session.read.parquet(source).write.parquet(out, { partitionBy: ['k'] });
  assert.equal(report.rows, values.length + 1);
  assert.deepEqual(
    readdirSync(folder)
      .filter(name => name !== 'deep')
      .sort(),
    before,
  );
  assert.deepEqual(readdirSync(join(folder, 'deep')), ['er']);
  assert.deepEqual(readdirSync(join(folder, 'deep', 'er')), ['out']);
  for (const name of report.files) assert.match(name, /^k=[^/]*\/part-[^/]*\.parquet$/);
  const back = (await session.read.parquet(out).collect()).map(row => row['k']);
  // The empty text and null share a folder in Hive's layout.
  const expected = values.filter(value => value !== '');
  assert.deepEqual(back.filter(value => value !== null && value !== '').sort(), expected.sort());
  assert.equal(back.length, values.length + 1);
});
