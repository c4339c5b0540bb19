import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { col, type DataFrame, InframeError, sql } from '../../../src/index.js';
import { graph } from '../../../src/udf/onnx/build.js';
import { linear, unary } from '../../support/models.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { duck, makeFile, numbersSql, saveModel } from '../../support/tables.js';

/* Sources and models that cannot be used: one clear error each, no crash, no half-written part. */

async function setUp(t: TestContext) {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 2, threads: 1 });
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const write = (name: string, text: string | Uint8Array): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return { folder, session, write, score: (frame: DataFrame) => frame.withColumn('p', model(col('x'), col('z'))) };
}

/** Every way to read a frame ends with this error. */
async function rejectsAll(
  t: TestContext,
  folder: string,
  frame: DataFrame,
  ...expected: Parameters<typeof inframeError>
): Promise<void> {
  const check = inframeError(...expected);
  await assert.rejects(frame.collect(), check, `${t.name}: collect`);
  await assert.rejects(frame.toArrow(), check, `${t.name}: toArrow`);
  for (const format of ['parquet', 'arrow'] as const) {
    const out = join(folder, `rejected-${format}-${Math.random()}`);
    await assert.rejects(frame.write[format](out), check, `${t.name}: write ${format}`);
    // Nothing that a reader could take for a result.
    const names = readdirSync(folder).some(name => join(folder, name) === out) ? readdirSync(out) : [];
    assert.deepEqual(
      names.filter(name => name !== '_inframe'),
      [],
    );
  }
}

test('a file, a folder and a pattern that name nothing', async t => {
  const { folder, session, write } = await setUp(t);
  await makeFile(join(folder, 'flights.parquet'), numbersSql(3));
  const read = (path: string): Promise<unknown> => session.read.parquet(path).collect();
  await assert.rejects(
    read(join(folder, 'flihgts.parquet')),
    inframeError('SOURCE_NOT_FOUND', 'does not exist', "did you mean 'flights.parquet'?"),
  );
  await assert.rejects(read(join(folder, 'no', 'a.parquet')), inframeError('SOURCE_NOT_FOUND', 'nor does its folder'));
  await assert.rejects(read(join(folder, '*.pq')), inframeError('SOURCE_NOT_FOUND', 'no file matches'));
  mkdirSync(join(folder, 'empty'));
  await assert.rejects(read(join(folder, 'empty')), inframeError('SOURCE_EMPTY', 'holds no parquet file', '(none)'));
  symlinkSync(join(folder, 'gone'), join(folder, 'link.parquet'));
  await assert.rejects(read(join(folder, 'link.parquet')), inframeError('SOURCE_NOT_FOUND', 'is a link to nothing'));
  for (const [name, kind] of [
    ['zero.parquet', 'parquet'],
    ['zero.csv', 'csv'],
    ['zero.jsonl', 'jsonl'],
  ] as const) {
    const path = write(name, '');
    await assert.rejects(
      session.read[kind](path).collect(),
      inframeError('SOURCE_UNREADABLE', path, 'is empty (0 bytes)'),
    );
  }
});

test('a table without rows gives a result without rows, with its columns', async t => {
  const { folder, session, score } = await setUp(t);
  const frame = score(session.read.parquet(await makeFile(join(folder, 'a.parquet'), numbersSql(0))));
  assert.deepEqual(await frame.collect(), []);
  assert.deepEqual((await frame.toArrow()).schema.names, ['id', 'x', 'z', 'name', 'p']);
  const report = await frame.write.parquet(join(folder, 'out'));
  assert.deepEqual([report.rows, report.modelRuns, report.files.length], [0, 0, 1]);
  const columns = await duck(`DESCRIBE FROM read_parquet('${folder}/out/*.parquet')`);
  assert.deepEqual(
    columns.map(([name, type]) => `${name} ${type}`),
    ['id BIGINT', 'x FLOAT', 'z FLOAT', 'name VARCHAR', 'p FLOAT'],
  );
  assert.equal(await session.read.parquet(join(folder, 'out')).count(), 0);
});

test('a filter that leaves nothing, in every format', async t => {
  const { folder, session, score } = await setUp(t);
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(50_000), 'FORMAT parquet, ROW_GROUP_SIZE 20480');
  const one = score(session.read.parquet(source)).filter(col('p').eq(1)).select('id', 'p');
  for (const format of ['parquet', 'csv', 'jsonl', 'arrow'] as const) {
    // Some parts have no row.
    await one.write[format](join(folder, format));
    assert.deepEqual(
      (await session.read[format](join(folder, format)).collect()).map(row => Number(row['id'])),
      [0],
    );
  }
});

test('what is not Parquet, and Parquet that is cut short anywhere', async t => {
  const { folder, session, write, score } = await setUp(t);
  const whole = readFileSync(
    await makeFile(join(folder, 'a.parquet'), numbersSql(20_000), 'FORMAT parquet, ROW_GROUP_SIZE 4096'),
  );
  const bad = [Buffer.from('PAR1'), Buffer.from('this is text, not a table'), Buffer.alloc(5000)];
  for (let part = 1; part < 12; part++) bad.push(whole.subarray(0, Math.floor((whole.length * part) / 12)));
  for (const [index, bytes] of bad.entries()) {
    const path = write(`bad-${index}.parquet`, bytes);
    await assert.rejects(
      score(session.read.parquet(path)).collect(),
      inframeError('SOURCE_UNREADABLE', `file '${path}'`),
    );
  }
  mkdirSync(join(folder, 'mixed'));
  await makeFile(join(folder, 'mixed', 'a.parquet'), numbersSql(10));
  const path = write('mixed/b.parquet', bad[6]!);
  await rejectsAll(
    t,
    folder,
    score(session.read.parquet(join(folder, 'mixed'))),
    'SOURCE_UNREADABLE',
    `file '${path}'`,
  );
});

test('Parquet with wrong bytes inside: an error that names the file, or rows; never a crash', async t => {
  const { folder, session, write, score } = await setUp(t);
  const whole = readFileSync(
    await makeFile(join(folder, 'a.parquet'), numbersSql(20_000), 'FORMAT parquet, ROW_GROUP_SIZE 4096'),
  );
  let refused = 0;
  for (let at = 40; at < whole.length - 8; at += Math.ceil(whole.length / 40)) {
    const bytes = Buffer.from(whole);
    for (let index = 0; index < 6 && at + index < whole.length - 8; index++) bytes[at + index]! ^= 0xff;
    const path = write(`flipped-${at}.parquet`, bytes);
    const frame = session.read.parquet(path);
    for (const action of [() => score(frame).collect(), () => frame.collect(), () => frame.toArrow()]) {
      try {
        await action();
      } catch (error) {
        refused += 1;
        assert.ok(error instanceof InframeError, String(error));
        assert.ok(['SOURCE_UNREADABLE', 'QUERY_FAILED'].includes(error.code), `${error.code}: ${error.message}`);
        assert.doesNotMatch(error.message, /\n/);
      }
    }
  }
  assert.ok(refused > 20);
});

test('a bad line in the middle of a large CSV file is named, whatever reads it', async t => {
  const { folder, session, write, score } = await setUp(t);
  const lines = Array.from({ length: 60_000 }, (_, i) => `${i},${i / 8},${i % 7}`);
  const spoilt = (line: string): string => `id,x,z\n${lines.with(50_000, line).join('\n')}\n`;
  for (const [name, line, reason] of [
    ['long', '1,2,3,4,5', 'Expected Number of Columns: 3'],
    ['short', '1,2', 'Expected Number of Columns: 3'],
    ['text', '1,abc,3', 'abc'],
  ] as const) {
    const path = write(`${name}.csv`, spoilt(line));
    const frame = session.read.csv(path);
    await rejectsAll(t, folder, frame, 'SOURCE_UNREADABLE', `file '${path}'`, 'line 50002', reason);
    await rejectsAll(t, folder, score(frame), 'SOURCE_UNREADABLE', `file '${path}'`, 'line 50002', reason);
  }
  mkdirSync(join(folder, 'several'));
  write('several/a.csv', `id,x,z\n${lines.join('\n')}\n`);
  const second = write('several/b.csv', spoilt('1,2,3,4,5'));
  await rejectsAll(
    t,
    folder,
    session.read.csv(join(folder, 'several')),
    'SOURCE_UNREADABLE',
    `file '${second}'`,
    'line 50002',
  );
});

test('JSON lines that are not, and Arrow files that are not', async t => {
  const { folder, session, write, score } = await setUp(t);
  const lines = Array.from({ length: 30_000 }, (_, id) => JSON.stringify({ id, x: id / 8, z: id % 7 }));
  const cut = write('cut.jsonl', lines.with(25_000, '{"id": 1, "x":').join('\n'));
  await rejectsAll(t, folder, score(session.read.jsonl(cut)), 'SOURCE_UNREADABLE', cut);
  const typed = write('typed.jsonl', lines.with(25_000, '{"id": 1, "x": "abc", "z": 1}').join('\n'));
  await rejectsAll(t, folder, session.read.jsonl(typed), 'SOURCE_UNREADABLE', typed);
  const text = write('text.jsonl', 'this is text\n');
  await assert.rejects(session.read.jsonl(text).collect(), inframeError('SOURCE_UNREADABLE', text));
  const arrow = write('text.arrow', 'this is not Arrow');
  await assert.rejects(session.read.arrow(arrow).collect(), inframeError('SOURCE_UNREADABLE', arrow));
  await session.read
    .parquet(await makeFile(join(folder, 'a.parquet'), numbersSql(9000)))
    .write.arrow(join(folder, 'arrow'));
  const [part] = readdirSync(join(folder, 'arrow')).filter(name => name.endsWith('.arrow'));
  const bytes = readFileSync(join(folder, 'arrow', part!));
  for (const share of [0.1, 0.5, 0.9]) {
    const path = write(`cut-${share}.arrow`, bytes.subarray(0, bytes.length * share));
    await assert.rejects(score(session.read.arrow(path)).collect(), inframeError('SOURCE_UNREADABLE', path));
  }
});

test('an error in the middle of a stream is an error, not an end', async t => {
  const { folder, session } = await setUp(t);
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(300_000));
  const frame = session.read
    .parquet(source)
    .withColumn('n', sql("CAST(CASE WHEN id = 290000 THEN 'x' ELSE '1' END AS INTEGER)"));
  await rejectsAll(t, folder, frame, 'QUERY_FAILED', "'x'");
  let rows = 0;
  await assert.rejects(
    async () => {
      for await (const batch of frame.batches()) rows += batch.numRows;
    },
    inframeError('QUERY_FAILED', "'x'"),
  );
  assert.ok(rows < 300_000);
});

test('an error in the middle of a model input that is streamed is an error, not a run of nulls', async t => {
  const { folder, session } = await setUp(t);
  const negate = await session.model(await saveModel(folder, 'n.onnx', unary('Neg', 'float32', ['N', 'k'])));
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(60_000));
  // Only the model reads this expression, and its rows are too large to be buffered.
  const bad = sql("CASE WHEN id = 30000 THEN error('boom') ELSE list_transform(range(600), lambda v: v::FLOAT) END");
  const frame = session.read.parquet(source).withColumn('p', negate(bad)).select('id', 'p');
  await assert.rejects(frame.write.parquet(join(folder, 'out')), inframeError('QUERY_FAILED', 'boom'));
});

test('expressions that cannot be', async t => {
  const { folder, session } = await setUp(t);
  const table = session.read.parquet(await makeFile(join(folder, 'a.parquet'), numbersSql(10)));
  await assert.rejects(table.select('nam').collect(), inframeError('COLUMN_NOT_FOUND', "did you mean 'name'?"));
  await assert.rejects(table.filter(sql('frob(x)')).collect(), inframeError('FUNCTION_NOT_FOUND', "function 'frob'"));
  await assert.rejects(table.filter(sql('x > 1; DROP TABLE t')).collect(), inframeError('EXPRESSION_INVALID'));
  await assert.rejects(table.filter(sql('x > (SELECT 1)')).collect(), inframeError('EXPRESSION_INVALID', 'subquery'));
  await assert.rejects(table.select('x', 'X').collect(), inframeError('COLUMN_DUPLICATE'));
});

test('models that cannot be used', async t => {
  const { folder, session, write } = await setUp(t);
  const load = (path: string): Promise<unknown> => session.model(path);
  await assert.rejects(load(join(folder, 'n.onnx')), inframeError('MODEL_NOT_FOUND', 'does not exist'));
  await assert.rejects(load(folder), inframeError('MODEL_UNSUPPORTED', 'load the ONNX file itself'));
  await assert.rejects(load(write('e.onnx', '')), inframeError('MODEL_INVALID', 'is empty'));
  await assert.rejects(load(write('t.onnx', 'a,b\n1,2\n')), inframeError('MODEL_INVALID', 'is not an ONNX file'));
  const whole = readFileSync(join(folder, 'm.onnx'));
  for (const share of [0.2, 0.5, 0.8, 0.95]) {
    const cut = write('cut.onnx', whole.subarray(0, whole.length * share));
    await assert.rejects(load(cut), inframeError('MODEL_INVALID', cut));
  }
  const strange = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N'] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N'] }],
    nodes: [{ op: 'Frobnicate', inputs: ['x'], outputs: ['y'] }],
  });
  await assert.rejects(
    load(await saveModel(folder, 's.onnx', strange)),
    inframeError('MODEL_UNSUPPORTED', "operator 'Frobnicate'"),
  );
  // The session is as good as before.
  assert.ok(await session.model(join(folder, 'm.onnx')));
});
