import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classification, col, connect, image } from '../../../src/index.js';
import { fixture, fixtures } from '../../support/fixtures.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';

const skip = fixtures === undefined ? 'the fixtures are not here' : false;

test('a model over pictures is made and called in SQL', { skip }, async t => {
  const session = await openSession(t, { workers: 2, threads: 1 });
  await session
    .sql(
      `CREATE MODEL classify FROM '${fixture('models', 'squeezenet.onnx')}' WITH (
         inputs = { data_0: image(width = 224, height = 224, channels = 'BGR') },
         outputs = { softmaxout_1: classification(labels = '${fixture('models', 'imagenet_labels.txt')}', top = 5) })`,
    )
    .collect();
  const photos = fixture('images', 'imagenet');
  const rows = await session
    .sql(
      `SELECT classify(image)[1].label AS label, count(*) AS n FROM read_images('${photos}/*') GROUP BY ALL ORDER BY n DESC, label`,
    )
    .collect();
  assert.equal(
    rows.reduce((sum, { n }) => sum + Number(n), 0),
    5,
  );
  assert.ok(rows.some(({ label }) => label === 'Egyptian cat'));
  const sure = await session
    .sql(
      `SELECT parse_filename(path) AS name FROM read_images('${photos}/*') WHERE classify(image)[1].score > 0.85 ORDER BY 1`,
    )
    .collect();
  assert.ok(sure.some(({ name }) => name === 'cat.jpg') && !sure.some(({ name }) => name === 'fish.png'));
  const described = await session.sql('DESCRIBE MODEL classify').collect();
  assert.match(JSON.stringify(described), /pictures as binary/);
  await assert.rejects(
    session.sql(`SELECT classify(path_of) FROM (SELECT 1 AS path_of)`).collect(),
    inframeError('TYPE_MISMATCH', 'path_of', 'pictures'),
  );
  await assert.rejects(
    session
      .sql(`CREATE MODEL other FROM '${fixture('models', 'squeezenet.onnx')}' WITH (inputs = { data_0: picture() })`)
      .collect(),
    inframeError('ARGUMENT_INVALID', 'picture', 'image'),
  );
});

test("the design's example works as written", { skip }, async t => {
  const folder = temporaryFolder(t);
  const session = await connect({ workers: 2, tempDirectory: folder });
  t.after(() => session.close());
  const photos = session.read.images(`${fixture('images', 'imagenet')}/**/*.jpg`);
  const squeezenet = await session.model(fixture('models', 'squeezenet.onnx'), {
    inputs: { data_0: image({ width: 224, height: 224, channels: 'BGR' }) },
    outputs: { softmaxout_1: classification({ labels: fixture('models', 'imagenet_labels.txt'), top: 5 }) },
  });
  const text = await photos.withColumn('what', squeezenet(col('image'))).toText();
  assert.match(text, /Egyptian cat/);
  assert.doesNotMatch(text, /\\x[0-9a-f]{2}\\x/);
  const report = await photos.withColumn('what', squeezenet(col('image'))).write.parquet(`${folder}/scored`);
  assert.equal(report.rows, 3);
  assert.equal(report.failedRows, 0);
});

test('a model of the wrong kind of adapter says what would fit', { skip }, async t => {
  const session = await openSession(t, { workers: 1, threads: 1 });
  const path = fixture('models', 'squeezenet.onnx');
  await assert.rejects(
    session.model(path, { inputs: { data_0: image({ channels: 'grey' }) } }),
    inframeError('SHAPE_MISMATCH', '3 channels', "'RGB' or 'BGR'"),
  );
  await assert.rejects(
    session.model(path, { inputs: { data_0: image({ size: 299 }) } }),
    inframeError('SHAPE_MISMATCH', '224', '299'),
  );
  await assert.rejects(
    session.model(path, { inputs: { data0: image() } }),
    inframeError('ARGUMENT_INVALID', "'data0'", 'data_0'),
  );
});
