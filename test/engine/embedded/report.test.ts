import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { col, type DataFrame, fn, sql, udf } from '../../../src/index.js';
import { readMarkup } from '../../frame/report/markup.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';

/** The page of a frame, read. */
async function pageOf(frame: DataFrame, folder: string, options: Parameters<DataFrame['report']>[1] = {}) {
  const path = join(folder, 'report.html');
  const summary = await frame.report(path, options);
  const page = readFileSync(path, 'utf8');
  return { summary, page, ...readMarkup(page) };
}

/** The text of each card or row of a group, by its place in the table. */
function rowsOf(page: string, group: string): readonly { readonly row: number; readonly text: string }[] {
  const section = new RegExp(`<section class="group" aria-labelledby="group-${group}">.*?</section>`, 's').exec(page);
  const cards = section?.[0].match(/<(article|tr) class="card.*?<\/\1>/gs) ?? [];
  return cards.map(card => {
    const place = /row ([\d,]+)<\/p>|<th scope="row" class="number">([\d,]+)/.exec(card)!;
    return { row: Number((place[1] ?? place[2])!.replaceAll(',', '')), text: card.replace(/<[^>]*>/g, ' ') };
  });
}

const CLASSES = sql(`CASE WHEN id % 10 = 0 THEN NULL ELSE
  [{'label': CASE WHEN id % 4 = 1 THEN 'cat' ELSE 'dog' END, 'score': 0.5 + id / 2000.0},
   {'label': 'other', 'score': 0.5 - id / 2000.0}] END`);

test('a classification: counts, histogram, the least certain, those without a prediction', async t => {
  const session = await openSession(t);
  const folder = temporaryFolder(t);
  const ids = session.sql('SELECT i AS id FROM range(1, 1001) t(i)').withColumn('what', CLASSES);
  const { summary, page, text, attributes } = await pageOf(ids, folder, { title: 'Pets', rows: 20 });
  assert.deepEqual(
    { ...summary, bytes: 0 },
    {
      path: join(folder, 'report.html'),
      rows: 1000,
      shownRows: 20,
      unpredictedRows: 100,
      bytes: 0,
    },
  );
  assert.equal(summary.bytes, Buffer.byteLength(page));
  const ids900 = Array.from({ length: 1000 }, (_, at) => at + 1).filter(id => id % 10 !== 0);
  const cats = ids900.filter(id => id % 4 === 1).length;
  assert.match(page, new RegExp(`>cat</th>.*?<td class="number">${cats}</td>`));
  assert.match(page, new RegExp(`>dog</th>.*?<td class="number">${900 - cats}</td>`));
  assert.ok(text.includes('what predicted, 900 rows'));
  // The best score is 0.5 + id / 2000: bins of 0.05 over 0 to 1, the last of which holds its end.
  const expected = Array.from(
    { length: 20 },
    (_, bin) => ids900.filter(id => Math.min(19, Math.floor((1000 + id) / 100)) === bin).length,
  );
  const drawn = [...page.matchAll(/<title>[\d.]+ to [\d.]+: (\d+) rows?<\/title>/g)].map(([, count]) => Number(count));
  assert.deepEqual(drawn, expected);
  assert.ok(attributes.some(([, value]) => value.startsWith('Histogram of what, best score: 900 rows from 0 to 1')));
  assert.deepEqual(
    rowsOf(page, 'least').map(({ row }) => row),
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
  assert.deepEqual(
    rowsOf(page, 'missing').map(({ row }) => row),
    [10, 20, 30, 40],
  );
  assert.equal(rowsOf(page, 'sample').length, 8);
  assert.ok(rowsOf(page, 'sample').every(({ row, text: own }) => own.includes(` ${row.toLocaleString('en-US')} `)));
});

test('by margin, rows are uncertain whose two best scores are close', async t => {
  const session = await openSession(t);
  const frame = session.sql(`SELECT * FROM (VALUES
    (1, [{'label': 'a', 'score': 0.4}, {'label': 'b', 'score': 0.1}]),
    (2, [{'label': 'a', 'score': 0.5}, {'label': 'b', 'score': 0.49}]),
    (3, [{'label': 'a', 'score': 0.9}, {'label': 'b', 'score': 0.05}])) t(id, what)`);
  const byScore = await pageOf(frame, temporaryFolder(t));
  const byMargin = await pageOf(frame, temporaryFolder(t), { uncertainty: 'margin' });
  assert.deepEqual(
    rowsOf(byScore.page, 'least').map(({ row }) => row),
    [1, 2],
  );
  assert.deepEqual(
    rowsOf(byMargin.page, 'least').map(({ row }) => row),
    [2, 1],
  );
});

test('a score alone is uncertain near 0.5; not-a-number is in no bin and is not the least certain', async t => {
  const session = await openSession(t);
  const frame = session.sql(
    "SELECT * FROM (VALUES (1, 0.9::DOUBLE), (2, 0.45), (3, 'nan'), (4, 0.52), (5, NULL), (6, 0.1)) t(id, risk)",
  );
  const { page, text, summary } = await pageOf(frame, temporaryFolder(t), { rows: 5 });
  assert.deepEqual(
    rowsOf(page, 'least').map(({ row }) => row),
    [4, 2],
  );
  assert.deepEqual(
    rowsOf(page, 'missing').map(({ row }) => row),
    [5],
  );
  assert.equal(summary.unpredictedRows, 1);
  assert.ok(text.includes('2 rows without a number'));
});

test('pictures are shown in small, and what is none has a reason', async t => {
  const session = await openSession(t);
  const jpeg = new Uint8Array(
    await sharp({ create: { width: 400, height: 200, channels: 3, background: '#c03' } })
      .jpeg()
      .toBuffer(),
  );
  const frame = session.fromRows([
    { path: 'a.jpg', image: jpeg },
    { path: 'b.jpg', image: jpeg.subarray(0, 200) },
    { path: 'c\'"<script>.jpg', image: jpeg },
    { path: 'd.jpg', image: null },
  ]);
  const objects = sql("[{'label': 'car', 'score': 0.9, 'box': {'x': 10.0, 'y': 20.0, 'width': 30.0, 'height': 40.0}}]");
  const { page, text } = await pageOf(frame.withColumn('objects', objects), temporaryFolder(t));
  const images = [...page.matchAll(/src="data:image\/jpeg;base64,([^"]*)" width="160" height="80"/g)];
  assert.equal(images.length, 2);
  const { width, height } = await sharp(Buffer.from(images[0]![1]!, 'base64')).metadata();
  assert.deepEqual([width, height], [160, 80]);
  assert.ok(text.includes('the picture is cut off') && text.includes('no picture'));
  assert.ok(text.includes('c\'"<script>.jpg'));
  assert.match(page, /viewBox="0 0 400 200"[^>]*><rect class="k0" x="10" y="20" width="30" height="40">/);
  assert.match(page, /<th scope="row">car<\/th>.*?>4<\/td>/);
});

test('texts with entities, embeddings, and what else there is in a table', async t => {
  const session = await openSession(t);
  const frame = session.sql(`SELECT
    'Ada met Bob ' || repeat('x', 100000) AS message,
    [{'label': 'PER', 'start': 0, 'end': 3}, {'label': 'PER', 'start': 8, 'end': 11}] AS entities,
    [3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]::FLOAT[16] AS vector,
    INTERVAL 3 DAY AS wait, MAP {'a': 1} AS m, 'x'::BLOB AS raw, DATE '2024-02-29' AS day, NULL AS nothing`);
  const { page, text } = await pageOf(frame, temporaryFolder(t));
  assert.match(page, /<mark>Ada <b>PER<\/b><\/mark> met <mark>Bob <b>PER<\/b><\/mark>/);
  assert.ok(text.includes('100,012 characters in all') && page.length < 40_000);
  assert.ok(text.includes('16 numbers, length as a vector 5 to 5, mean 5'));
  for (const words of ['3 days', '{a=1}', '1 bytes', '2024-02-29']) assert.ok(text.includes(words), words);
});

test('columns are what they are said to be', async t => {
  const session = await openSession(t);
  const frame = session.fromRows([
    { id: 1, verdict: 'good', trust: 7, note: 'short' },
    { id: 2, verdict: null, trust: 3, note: 'words' },
    { id: 3, verdict: 'bad', trust: 1, note: 'here' },
  ]);
  const { page, summary, text } = await pageOf(frame, temporaryFolder(t), {
    columns: { label: 'Verdict', score: 'trust', text: 'note' },
  });
  assert.equal(summary.unpredictedRows, 1);
  assert.equal(rowsOf(page, 'least')[0]!.row, 3);
  assert.ok(text.includes('verdict predicted, 2 rows'));
  assert.match(page, /<p class="text">short<\/p>/);
});

test('a table of no rows, and one of many columns, have a page', async t => {
  const session = await openSession(t);
  const none = await pageOf(
    session.sql("SELECT 1 AS id, 0.5 AS risk, 'x'::BLOB AS image WHERE false"),
    temporaryFolder(t),
  );
  assert.deepEqual([none.summary.rows, none.summary.shownRows], [0, 0]);
  const wide = session
    .sql('SELECT 1 AS id')
    .withColumns(Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`c${at}`, col('id').add(at)])));
  const { text } = await pageOf(wide, temporaryFolder(t));
  assert.ok(text.includes('51 more columns of the table are not looked at'));
});

test('extreme numbers', async t => {
  const session = await openSession(t);
  const { text } = await pageOf(
    session.sql(`SELECT * FROM (VALUES (1e308::DOUBLE, 12345678901234567890123456789012345678::HUGEINT, 'inf'::FLOAT),
      (-1e308, -5, '-inf'), (0, 7, 'nan')) t(far, huge, endless)`),
    temporaryFolder(t),
  );
  assert.ok(text.includes('-1e+308 to 1e+308'));
});

test('models run once, and what failed is said', async t => {
  const session = await openSession(t, { workers: 1 });
  const folder = temporaryFolder(t);
  const log = join(folder, 'calls');
  await writeFile(log, '');
  const counted = udf(
    { name: 'risk', inputs: { log: 'string', x: 'float64' }, output: 'float64' },
    async ({ log, x }) => {
      const fs = await import('node:fs');
      return Array.from(x, (value, row) => {
        fs.appendFileSync(log[row]!, '.');
        if (value === 3) throw new Error('three is too many');
        return value / 100;
      });
    },
  );
  const rows = session.sql('SELECT i::DOUBLE AS x FROM range(40) t(i)').withColumn('log', log);
  const events: string[] = [];
  const { text, summary } = await pageOf(rows.withColumn('risk', counted()), folder, {
    onEvent: ({ kind }) => events.push(kind),
  });
  const calls = readFileSync(log, 'utf8').length;
  // The row that fails is separated from its batch: rows before it are called again there, but not for another question.
  const once = session.sql('SELECT i::DOUBLE AS x FROM range(40) t(i)').withColumn('log', log);
  await writeFile(log, '');
  await once.withColumn('risk', counted()).collect();
  assert.equal(calls, readFileSync(log, 'utf8').length);
  assert.equal(summary.unpredictedRows, 1);
  assert.ok(text.includes('1 row could not be scored') && text.includes('three is too many'));
  assert.ok(events.includes('jobStarted') && !events.includes('jobFailed'));
});

test('what differs from run to run is asked for once', async t => {
  const session = await openSession(t);
  const frame = session.sql('SELECT i AS id, random() AS risk FROM range(5000) t(i)');
  const { page } = await pageOf(frame, temporaryFolder(t), { rows: 100 });
  // Had the table been computed again for the rows, their scores would be any.
  for (const { text } of rowsOf(page, 'least')) assert.match(text, / 0\.(49|50|51) /);
});

test('the order of a stored table is that of its rows', async t => {
  const session = await openSession(t);
  const folder = temporaryFolder(t);
  await session
    .sql('SELECT i AS id, (i * 7919 % 200000) / 200000.0 AS risk FROM range(1, 200001) t(i)')
    .write.parquet(join(folder, 'scored'));
  const { page, summary } = await pageOf(session.read.parquet(join(folder, 'scored')), folder);
  assert.equal(summary.rows, 200_000);
  for (const group of ['least', 'sample']) {
    for (const { row, text } of rowsOf(page, group)) assert.ok(text.includes(` ${row} `), `${row}: ${text}`);
  }
});

test('a report replaces a report, and nothing else unless told to', async t => {
  const session = await openSession(t);
  const folder = temporaryFolder(t);
  const frame = session.fromRows([{ id: 1 }]);
  const path = join(folder, 'new', 'report.html');
  await frame.report(path, { title: 'one' });
  await frame.report(path, { title: 'two' });
  assert.ok(readFileSync(path, 'utf8').includes('<title>two</title>'));
  await writeFile(path, '<html>mine</html>');
  await assert.rejects(frame.report(path), inframeError('TARGET_EXISTS', path, 'no report', 'overwrite it'));
  assert.equal(readFileSync(path, 'utf8'), '<html>mine</html>');
  await frame.report(path, { overwrite: true });
  assert.ok(readFileSync(path, 'utf8').includes('inframe report'));
  assert.deepEqual(await readdir(join(folder, 'new')), ['report.html']);
});

test('a target that cannot be is refused before a model runs', async t => {
  const session = await openSession(t);
  const folder = temporaryFolder(t);
  const log = join(folder, 'ran');
  const noted = udf({ inputs: ['string'], output: 'string' }, async ([log]) => {
    (await import('node:fs')).writeFileSync(log[0]!, 'ran');
    return log;
  });
  const frame = session.fromRows([{ log }]).withColumn('y', noted('log'));
  await mkdir(join(folder, 'taken'));
  await writeFile(join(folder, 'file'), 'mine');
  for (const [path, ...words] of [
    [join(folder, 'taken'), 'is a folder'],
    [join(folder, 'file'), 'no report'],
    [join(folder, 'file', 'report.html'), 'below a file'],
  ] as const) {
    await assert.rejects(frame.report(path), inframeError('TARGET_EXISTS', path, ...words));
  }
  await assert.rejects(
    frame.report(join(folder, 'r.html'), { columns: { label: 'z' } }),
    inframeError('COLUMN_NOT_FOUND'),
  );
  assert.equal(existsSync(log), false);
  assert.equal(existsSync(join(folder, 'r.html')), false);
});

test('a report can be stopped, and leaves nothing', async t => {
  const session = await openSession(t);
  const folder = temporaryFolder(t);
  const controller = new AbortController();
  controller.abort();
  const frame = session.sql('SELECT i FROM range(1000000) t(i)').agg(fn.sum(col('i')).as('sum'));
  await assert.rejects(
    frame.report(join(folder, 'r.html'), { signal: controller.signal }),
    inframeError('JOB_ABORTED'),
  );
  assert.deepEqual(await readdir(folder), []);
});
