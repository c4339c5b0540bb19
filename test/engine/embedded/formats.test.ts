import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { col, connect, type DataFrame } from '../../../src/index.js';
import { LINEAR, linear } from '../../support/models.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { duck, makeFile, numbersSql, readResult, saveModel } from '../../support/tables.js';

/* Formats, layouts and names. The judge of every table is DuckDB, on its own. */

async function setUp(t: TestContext) {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 2, threads: 1 });
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()));
  return { folder, session, model, score: (frame: DataFrame) => frame.withColumn('p', model(col('x'), col('z'))) };
}

const EVERY_TYPE = `
  SELECT i::FLOAT AS x, (i % 7)::FLOAT AS z,
    i::TINYINT AS i8, i::SMALLINT AS i16, i::INTEGER AS i32, 9223372036854775807 - i AS i64,
    i::UTINYINT AS u8, i::USMALLINT AS u16, i::UINTEGER AS u32, 18446744073709551615::UBIGINT AS u64,
    i * 0.25::DOUBLE AS f64, (i * 1.01)::DECIMAL(9, 2) AS small, (i * 1.000001)::DECIMAL(30, 6) AS large,
    i % 2 = 0 AS b, 'text ' || i || ' ünï ☃' AS s, ('\\x00\\xFF' || i)::BLOB AS blob,
    DATE '2024-02-29' + i::INTEGER AS d, TIME '12:34:56.789012' AS t, TIMESTAMP '2024-02-29 12:34:56.789012' AS ts,
    TIMESTAMPTZ '2024-02-29 12:34:56.789012+02' AS tz, TIMESTAMP_NS '2024-02-29 12:34:56.789012345' AS ns,
    '2b7c3f9e-0000-4000-8000-000000000001'::UUID AS u, [i, NULL, i + 1] AS l, [[i], []] AS ll,
    {'a': i, 'b': 'x', 'c': NULL::DOUBLE} AS r, MAP {'k' || i: i} AS m,
    CASE WHEN i % 3 = 0 THEN NULL ELSE i END AS n, NULL::VARCHAR AS nothing, '' AS blank
  FROM range(100) t(i)`;

test('every type passes a model unchanged, into Parquet and Arrow and back', async t => {
  const { folder, session, score } = await setUp(t);
  const source = await makeFile(join(folder, 'a.parquet'), EVERY_TYPE);
  const expected = await duck(`SELECT CAST(t AS VARCHAR) FROM (SELECT * FROM read_parquet('${source}')) t`);
  const p = await duck(`SELECT ${LINEAR.a} * x + ${LINEAR.c} * z + ${LINEAR.b} FROM read_parquet('${source}')`);
  const names = (await session.read.parquet(source).schema()).names.map(name => `"${name}"`).join(', ');
  const texts = (from: string) => duck(`SELECT CAST(t AS VARCHAR) FROM (SELECT ${names} FROM ${from}) t`);

  await score(session.read.parquet(source)).write.parquet(join(folder, 'parquet'));
  assert.deepEqual(await texts(`read_parquet('${folder}/parquet/*.parquet')`), expected);
  assert.deepEqual(await readResult(join(folder, 'parquet'), 'p::DOUBLE'), p);

  await score(session.read.parquet(join(folder, 'parquet')).drop('p')).write.arrow(join(folder, 'arrow'));
  const arrow = session.read.arrow(join(folder, 'arrow'));
  await score(arrow.drop('p')).write.parquet(join(folder, 'again'));
  assert.deepEqual(await texts(`read_parquet('${folder}/again/*.parquet')`), expected);
  // Arrow has no type for a UUID that DuckDB's bridge could give back: it comes as text.
  const types = String(await score(session.read.parquet(source)).schema()).replace('uuid', 'string');
  assert.equal(String(await arrow.schema()), types);
});

test('text formats keep what text can keep', async t => {
  const { folder, session, score } = await setUp(t);
  const source = await makeFile(
    join(folder, 'a.parquet'),
    `SELECT i::BIGINT AS id, i::DOUBLE / 8 AS x, i % 7 AS z, 'a "quoted", text
with lines; ' || i AS s, DATE '2024-01-01' + i::INTEGER AS d, i % 2 = 0 AS b, CASE WHEN i % 5 = 0 THEN NULL ELSE i END AS n
     FROM range(3000) t(i)`,
  );
  const frame = score(session.read.parquet(source));
  const columns = 'id, x, z::BIGINT, s, d, b, n, p::DOUBLE';
  await frame.write.parquet(join(folder, 'parquet'));
  const expected = await readResult(join(folder, 'parquet'), columns);
  for (const format of ['csv', 'jsonl'] as const) {
    await frame.write[format](join(folder, format));
    await session.read[format](join(folder, format)).write.parquet(join(folder, `${format}-back`));
    assert.deepEqual(await readResult(join(folder, `${format}-back`), columns), expected, format);
    await score(session.read[format](join(folder, format)).drop('p')).write.parquet(join(folder, `${format}-again`));
    assert.deepEqual(await readResult(join(folder, `${format}-again`), columns), expected, format);
  }
});

test('Hive partitions: written, read, filtered and scored', async t => {
  const { folder, session, score } = await setUp(t);
  const source = await makeFile(
    join(folder, 'a.parquet'),
    `SELECT *, 2020 + id % 3 AS year, CASE WHEN id % 4 = 0 THEN NULL ELSE 'k' || id % 4 END AS kind FROM (${numbersSql(60_000)})`,
  );
  const report = await score(session.read.parquet(source)).write.parquet(join(folder, 'out'), {
    partitionBy: ['year', 'kind'],
  });
  assert.equal(report.rows, 60_000);
  assert.ok(report.files.every(name => /^year=20\d\d\/kind=[^/]+\/part-\d{5}-[0-9a-f]{8}(-\d+)?\.parquet$/.test(name)));
  assert.equal(new Set(report.files).size, report.files.length);
  const [row] = await duck(`SELECT count(*)::INT, count(DISTINCT id)::INT, count(*) FILTER (year <> 2020 + id % 3)::INT
                            FROM read_parquet('${folder}/out/**/*.parquet', hive_partitioning = true)`);
  assert.deepEqual(row, [60_000, 60_000, 0]);
  const back = session.read.parquet(join(folder, 'out'));
  assert.deepEqual((await back.schema()).names.slice(-2).sort(), ['kind', 'year']);
  const again = score(back.drop('p').filter(col('year').eq(2021)));
  assert.equal(await again.count(), 20_000);
  const written = await again.write.parquet(join(folder, 'again'));
  assert.equal(written.rows, 20_000);
  const [check] =
    await duck(`SELECT count(*)::INT, count(*) FILTER (p <> ${LINEAR.a} * x + ${LINEAR.c} * z + ${LINEAR.b} OR year <> 2021)::INT
                              FROM read_parquet('${folder}/again/*.parquet')`);
  assert.deepEqual(check, [20_000, 0]);
});

test('files of one table may differ in the order, the width and the presence of columns', async t => {
  const { folder, session, score } = await setUp(t);
  const source = join(folder, 'source');
  mkdirSync(source);
  await makeFile(
    join(source, 'a.parquet'),
    "SELECT i::INT AS id, 2::FLOAT AS x, 3::FLOAT AS z, 'a' AS only_a FROM range(40000) t(i)",
  );
  await makeFile(
    join(source, 'b.parquet'),
    'SELECT 5::DOUBLE AS z, i + 40000 AS id, 4::DOUBLE AS x, [i] AS only_b FROM range(40000) t(i)',
  );
  await makeFile(
    join(source, 'c.parquet'),
    'SELECT 1::TINYINT AS z, (i + 80000)::UINTEGER AS id, 7::INT AS x FROM range(10) t(i)',
  );
  const report = await score(session.read.parquet(source)).write.parquet(join(folder, 'out'));
  assert.equal(report.rows, 80_010);
  const rows = await readResult(
    join(folder, 'out'),
    'count(*)::INT, count(DISTINCT id)::INT, count(only_a)::INT, count(only_b)::INT, list_sort(list(DISTINCT p::INT))',
  );
  const answers = [
    [2, 3],
    [4, 5],
    [7, 1],
  ].map(([x, z]) => LINEAR.a * x! + LINEAR.c * z! + LINEAR.b);
  assert.deepEqual(rows, [[80_010, 80_010, 40_000, 40_000, answers.sort((a, b) => a - b)]]);
  assert.deepEqual(await readResult(join(folder, 'out'), 'count(*) FILTER (p = 17 AND only_a IS NULL)::INT'), [[0]]);
});

test('globs, lists of paths, hidden files, links', async t => {
  const { folder, session } = await setUp(t);
  const source = join(folder, 'source');
  for (const name of ['sub', '_temporary', '.hidden']) mkdirSync(join(source, name), { recursive: true });
  let from = 0;
  const one = async (path: string) => makeFile(join(source, path), numbersSql(10, 10 * from++));
  for (const path of [
    'b.parquet',
    'a.parquet',
    'sub/c.parquet',
    '_temporary/d.parquet',
    '.hidden/e.parquet',
    '_f.parquet',
    '.g.parquet',
  ]) {
    await one(path);
  }
  writeFileSync(join(source, '_SUCCESS'), '');
  writeFileSync(join(source, 'notes.txt'), 'not a table');
  symlinkSync(join(source, '_f.parquet'), join(source, 'z.parquet'));
  symlinkSync(source, join(source, 'sub', 'round'));
  const first = async (...paths: readonly string[]): Promise<readonly unknown[]> =>
    (await session.read.parquet(...paths).collect())
      .filter((_, index) => index % 10 === 0)
      .map(row => Number(row['id']));
  assert.deepEqual(await first(source), [10, 0, 20, 50]);
  assert.deepEqual(await first(join(source, '*.parquet')), [10, 0, 50]);
  assert.deepEqual(await first(join(source, '**', '[bc].parquet')), [0, 20]);
  assert.deepEqual(
    await first(join(source, 'b.parquet'), join(source, 'a.parquet'), join(source, 'b.parquet')),
    [0, 10],
  );
  assert.deepEqual(await first(join(source, '**', '*.parquet')), [10, 0, 20, 50]);
  assert.deepEqual(await first(join(source, '_f.parquet')), [50]);
  assert.deepEqual(await first(join(source, '_temporary', '*.parquet')), [30]);
  assert.deepEqual(await first(join(source, 'sub', 'round', '[ab].parquet')), [10, 0]);
});

test('names and paths that look like syntax', async t => {
  const { folder, session, model } = await setUp(t);
  const names = [
    'select',
    'a b',
    'semi;colon',
    'quo"te',
    "apo'strophe",
    'ünï ☃',
    'a.b',
    '{x}',
    '%',
    '-- x',
    's',
    'o',
    'a0',
    '*',
    'NaN',
  ];
  const quoted = names.map(name => `"${name.replaceAll('"', '""')}"`);
  const source = await makeFile(
    join(folder, 'a.parquet'),
    `SELECT ${quoted.map((name, index) => `(i + ${index})::FLOAT AS ${name}`).join(', ')} FROM range(50) t(i)`,
  );
  const table = session.read.parquet(source);
  for (const [index, name] of names.entries()) {
    const rows = await table
      .withColumn(`p ${name}`, model(col(name), col(names[0]!)))
      .filter(col(name).ge(index + 40))
      .collect();
    assert.equal(rows.length, 10, name);
    for (const [at, row] of rows.entries()) {
      assert.equal(row[`p ${name}`], LINEAR.a * (40 + at + index) + LINEAR.c * (40 + at) + LINEAR.b);
    }
  }
  for (const name of [
    "it's [a] b",
    'a*b?c',
    '"q"',
    'ünï ☃',
    'semi;colon -- x',
    '100%',
    'a{b}',
    '(p)',
    '!x',
    'year=1',
  ]) {
    const own = join(folder, name);
    mkdirSync(own);
    await makeFile(join(own, `f ${name}.parquet`), numbersSql(3));
    const scored = session.read.parquet(own).withColumn('p', model(col('x'), col('z')));
    const report = await scored.write.parquet(join(own, `out ${name}`), { partitionBy: ['z'] });
    assert.equal(report.rows, 3, name);
    assert.equal(await session.read.parquet(join(own, `out ${name}`)).count(), 3, name);
    assert.equal(await session.read.parquet(join(own, `f ${name}.parquet`)).count(), 3, name);
  }
});

test('two jobs at once in one session; a closed session says so', async t => {
  const { folder, session, score } = await setUp(t);
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(100_000), 'FORMAT parquet, ROW_GROUP_SIZE 20480');
  const frame = score(session.read.parquet(source));
  const [one, two, rows] = await Promise.all([
    frame.write.parquet(join(folder, 'one')),
    frame.filter(col('id').lt(50_000)).write.csv(join(folder, 'two')),
    frame.limit(100).collect(),
  ]);
  assert.deepEqual([one.rows, two.rows, rows.length], [100_000, 50_000, 100]);
  const [check] = await readResult(
    join(folder, 'one'),
    `count(*)::INT, count(*) FILTER (p <> ${LINEAR.a} * x + ${LINEAR.c} * z + ${LINEAR.b})::INT`,
  );
  assert.deepEqual(check, [100_000, 0]);

  const closed = await connect({ workers: 1 });
  const model = join(folder, 'm.onnx');
  const late = closed.read.parquet(source);
  await closed.close();
  await closed.close();
  const check2 = inframeError('SESSION_CLOSED', 'session is closed');
  await assert.rejects(late.collect(), check2);
  await assert.rejects(async () => late.write.parquet(join(folder, 'late')), check2);
  await assert.rejects(closed.model(model), check2);
  assert.ok(!readdirSync(folder).includes('late'));
});
