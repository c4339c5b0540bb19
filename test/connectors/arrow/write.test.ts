import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { tableFromIPC } from 'apache-arrow';
import { ArrowFileWriter } from '../../../src/connectors/arrow/write.js';
import { Schema } from '../../../src/frame/schema.js';
import { Bench, inframe } from './helpers.js';

let bench: Bench;

before(async () => {
  bench = await Bench.open();
});

after(() => bench.close());

test("a file is read by apache-arrow's own reader, and its size and rows are reported", async () => {
  const { schema, batches } = await bench.batches(
    `SELECT i, ['a', 'bb', 'ccc'][i % 3 + 1]::ENUM('a', 'bb', 'ccc') AS e FROM range(9000) t(i)`,
  );
  const path = bench.path('plain.arrow');
  const writer = await ArrowFileWriter.open(path, schema);
  for (const batch of batches) await writer.write(batch);
  const written = await writer.close();
  assert.deepEqual(written, { rows: 9000, bytes: (await stat(path)).size });
  const table = tableFromIPC(await readFile(path));
  assert.equal(table.numRows, 9000);
  assert.equal(table.batches.length, batches.length);
  assert.deepEqual(table.get(8999)!.toJSON(), { i: 8999n, e: 'ccc' });
});

test('a file of no rows has its schema', async () => {
  const schema = new Schema([{ name: 'a', type: { kind: 'enum', values: ['x'] } }]);
  const path = bench.path('none.arrow');
  const writer = await ArrowFileWriter.open(path, schema);
  assert.equal((await writer.close()).rows, 0);
  assert.deepEqual(await bench.readBack(path), []);
});

test('abort removes the file and may be called at any time', async () => {
  const { schema, batches } = await bench.batches('SELECT 1 AS a');
  const path = bench.path('aborted.arrow');
  const writer = await ArrowFileWriter.open(path, schema);
  await writer.write(batches[0]!);
  await writer.abort();
  await writer.abort();
  assert.equal(existsSync(path), false);
  await assert.rejects(writer.write(batches[0]!), inframe('INTERNAL'));
});

test('a batch of another schema fails the file', async () => {
  const { schema } = await bench.batches('SELECT 1 AS a');
  const { batches } = await bench.batches(`SELECT 'x' AS a`);
  const path = bench.path('mixed.arrow');
  const writer = await ArrowFileWriter.open(path, schema);
  await assert.rejects(writer.write(batches[0]!), inframe('INTERNAL'));
  assert.equal(existsSync(path), false);
});

test('a target that cannot be written says why', async () => {
  const { schema } = await bench.batches('SELECT 1 AS a');
  await assert.rejects(
    ArrowFileWriter.open(bench.path('no/such/folder.arrow'), schema),
    inframe('TARGET_NOT_WRITABLE'),
  );
  await assert.rejects(ArrowFileWriter.open(bench.folder, schema), inframe('TARGET_NOT_WRITABLE'));
});

test('a full disk is DISK_FULL, and a device is not removed', { skip: !existsSync('/dev/full') }, async () => {
  const { schema, batches } = await bench.batches('SELECT 1 AS a');
  const writer = await ArrowFileWriter.open('/dev/full', schema);
  await assert.rejects(writer.write(batches[0]!), inframe('DISK_FULL'));
  assert.equal(existsSync('/dev/full'), true);
});
