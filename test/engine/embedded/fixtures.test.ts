import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { col } from '../../../src/index.js';
import { fixture, fixtures } from '../../support/fixtures.js';
import { assertClose, noise } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile } from '../../support/tables.js';

const skip = fixtures === undefined ? 'the fixtures are not here' : false;

test('iris: batch fixed at 3, ZipMap behind the probabilities', { skip }, async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 2, threads: 1 });
  const flowers = [
    [6.7, 3.1],
    [4.9, 3.0],
    [5.8, 2.7],
  ];
  const expected = [0.8981, 0.9562, 0.8878];
  const select = `SELECT f[1]::FLOAT AS sepal, f[2]::FLOAT AS petal FROM (SELECT unnest(${JSON.stringify(flowers)}) AS f)`;
  // 3, 1, 2, and 7 times 3 rows: a whole batch, parts of one, and several.
  for (const [rows, times] of [
    [3, 1],
    [1, 1],
    [2, 1],
    [3, 7],
  ] as const) {
    const source = await makeFile(
      join(folder, `${rows}-${times}.parquet`),
      `SELECT f.* FROM range(${times}) r(i), (SELECT * FROM (${select}) LIMIT ${rows}) f ORDER BY i, sepal DESC`,
    );
    for (const batchSize of [undefined, 1, 2, 5]) {
      const iris = await session.model(
        fixture('models', 'logreg_iris.onnx'),
        batchSize === undefined ? {} : { batchSize },
      );
      const scored = await session.read.parquet(source).withColumns(iris.outputs('sepal', 'petal')).collect();
      assert.equal(scored.length, rows * times);
      for (const row of scored) {
        const index = flowers.findIndex(([sepal]) => Math.fround(sepal!) === row['sepal']);
        assert.equal(row['label'], 0n);
        assertClose([(row['probabilities'] as number[])[0]!], [expected[index]!], 1e-4);
      }
    }
  }
});

test('mnist: batch fixed at 1, the same numbers row by row and together', { skip }, async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 2, threads: 1 });
  const pixels = noise(9 * 784);
  const rows = Array.from({ length: 9 }, (_, row) => [...pixels.subarray(row * 784, (row + 1) * 784)]);
  const source = await makeFile(
    join(folder, 'a.parquet'),
    `SELECT * FROM (VALUES ${rows.map((row, index) => `(${index}, [${row.map(value => value.toExponential()).join(', ')}]::FLOAT[])`).join(', ')}) t(id, pixels)`,
  );
  const score = async (batchSize: number) => {
    const mnist = await session.model(fixture('models', 'mnist.onnx'), { batchSize });
    const scored = await session.read
      .parquet(source)
      .withColumn('y', mnist(col('pixels')))
      .collect();
    return scored.map(row => row['y'] as number[]);
  };
  const alone = await score(1);
  assert.equal(alone.length, 9);
  assert.equal(alone[0]!.length, 10);
  for (const batchSize of [2, 4, 9, 100]) {
    const together = await score(batchSize);
    for (const [row, logits] of together.entries()) assertClose(logits, alone[row]!, 1e-4 * 100);
  }
});

test('diamonds: a CSV of 53 940 rows is read whole, types and all', { skip }, async t => {
  const session = await openSession(t, { workers: 1 });
  const path = fixture('tables', 'diamonds.csv');
  const table = session.read.csv(path);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
  assert.equal(await table.count(), lines.length);
  const sum = lines.reduce((total, line) => total + Number(line.split(',')[6]), 0);
  const rows = await table.select('price').collect();
  assert.equal(
    rows.reduce((total, row) => total + Number(row['price']), 0),
    sum,
  );
});
