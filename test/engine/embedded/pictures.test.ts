import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { classification, col, image } from '../../../src/index.js';
import { fixture, fixtures } from '../../support/fixtures.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile } from '../../support/tables.js';

const skip = fixtures === undefined ? 'the fixtures are not here' : false;

interface Expected {
  readonly images: Readonly<
    Record<
      string,
      {
        readonly top5: readonly { readonly index: number; readonly label: string; readonly probability: number }[];
        readonly probabilities: readonly number[];
      }
    >
  >;
}

const PHOTOS = ['cat.jpg', 'dog.jpg', 'fish.png', 'hummingbird.jpg', 'kitten.png'];

function expectedOf(): Expected {
  return JSON.parse(readFileSync(fixture('expected', 'squeezenet.json'), 'utf8')) as Expected;
}

/** The photographs as blobs of a Parquet file. */
function photoTable(folder: string): Promise<string> {
  const paths = PHOTOS.map(name => `'${fixture('images', 'imagenet', name)}'`).join(', ');
  return makeFile(
    join(folder, 'photos.parquet'),
    `SELECT parse_filename(filename) AS name, content AS image FROM read_blob([${paths}])`,
  );
}

// Pixels are Pillow's to the byte, so float32 differs by rounding alone.
for (const [file, tolerance] of [
  ['squeezenet.onnx', 1e-4],
  ['squeezenet_fp16.onnx', 0.02],
] as const) {
  test(`${file}: the five photographs, best five and all probabilities`, { skip }, async t => {
    const session = await openSession(t, { workers: 2, threads: 1 });
    const source = await photoTable(temporaryFolder(t));
    const inputs = { data_0: image({ width: 224, height: 224, channels: 'BGR' }) };
    const labels = fixture('models', 'imagenet_labels.txt');
    const path = fixture('models', file);
    const best = await session.model(path, { inputs, outputs: { softmaxout_1: classification({ labels, top: 5 }) } });
    const all = await session.model(path, { inputs });
    const rows = await session.read
      .parquet(source)
      .select('name', best(col('image')).as('what'), all('image').as('all'))
      .collect();
    const { images } = expectedOf();
    assert.equal(rows.length, PHOTOS.length);
    for (const row of rows) {
      const expected = images[String(row['name'])]!;
      const what = row['what'] as readonly { readonly label: string; readonly score: number }[];
      assert.deepEqual(
        what.map(({ label }) => label),
        expected.top5.map(({ label }) => label),
      );
      what.forEach(({ score }, index) => {
        assert.ok(Math.abs(score - expected.top5[index]!.probability) <= tolerance);
      });
      const probabilities = row['all'] as readonly number[];
      expected.probabilities.forEach((value, index) => {
        assert.ok(
          Math.abs(probabilities[index]! - value) <= tolerance,
          `${row['name']} ${index}: ${probabilities[index]} ${value}`,
        );
      });
    }
  });
}

test('digits: logits within 1e-3', { skip }, async t => {
  const session = await openSession(t, { workers: 1, threads: 1 });
  const expected = JSON.parse(readFileSync(fixture('expected', 'mnist.json'), 'utf8')) as {
    readonly logits: Readonly<Record<string, readonly number[]>>;
  };
  const mnist = await session.model(fixture('models', 'mnist.onnx'), {
    inputs: { Input3: image({ channels: 'grey', range: [0, 1], folder: fixture('images', 'digits') }) },
  });
  const names = Object.keys(expected.logits);
  const rows = await session
    .fromRows(names.map(name => ({ name })))
    .withColumn('logits', mnist('name'))
    .collect();
  for (const { name, logits } of rows) {
    (logits as readonly number[]).forEach((value, index) => {
      assert.ok(Math.abs(value - expected.logits[String(name)]![index]!) <= 1e-3);
    });
  }
});

test('a value that is no picture is a failed row, or stops the job', async t => {
  const session = await openSession(t, { workers: 2, threads: 1 });
  const { pictureNetwork } = await import('../../support/pictures.js');
  const folder = temporaryFolder(t);
  const path = await pictureNetwork(folder);
  const inputs = { x: image({ width: 4, height: 4 }) };
  const model = await session.model(path, { inputs });
  const good = await sharp({ create: { width: 9, height: 7, channels: 3, background: '#ff0000' } })
    .png()
    .toBuffer();
  const rows = [good, Buffer.from('not a picture'), Buffer.alloc(0), null, good.subarray(0, 40), good].map(image => ({
    image: image === null ? null : new Uint8Array(image),
  }));
  const frame = session.fromRows(rows, { image: { kind: 'binary' } }).withColumn('mean', model());
  const values = (await frame.collect()).map(({ mean }) => mean);
  assert.deepEqual(values, [[255, 0, 0], null, null, null, null, [255, 0, 0]]);
  const report = await frame.write.parquet(join(folder, 'out'));
  assert.equal(report.failedRows, 3);
  const strict = await session.model(path, { inputs, onError: 'fail' });
  await assert.rejects(
    session
      .fromRows(rows, { image: { kind: 'binary' } })
      .withColumn('mean', strict())
      .collect(),
    /failed on a row: the content is not a picture/,
  );
});
