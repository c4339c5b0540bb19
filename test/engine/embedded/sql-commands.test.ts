import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { linear } from '../../support/models.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { duck, makeFile, numbersSql, readResult, saveModel } from '../../support/tables.js';

/*
 * Commands of SQL on real tables and models. LINEAR is y = 2x + 4z + 1, and the table has x = id / 8, z = id % 7.
 */

const expectedY = (id: number): number => 2 * (id / 8) + 4 * (id % 7) + 1;

test('tables are stored, views are asked anew, and both are read by name', async t => {
  const folder = temporaryFolder(t);
  const file = await makeFile(join(folder, 'numbers.parquet'), numbersSql(1000));
  const session = await openSession(t, { workers: 1 });
  await session.execute(`
    CREATE TABLE small AS SELECT id, x, z FROM '${file}' WHERE id < $$10$$::INT;
    CREATE VIEW sums (rest, total) AS SELECT z, sum(x) FROM small GROUP BY z;
    CREATE TEMP VIEW big AS FROM sums WHERE total > 1`);
  const expected = await duck(
    `SELECT z, sum(x) FROM (SELECT * FROM '${file}' WHERE id < 10) GROUP BY z HAVING sum(x) > 1 ORDER BY z`,
  );
  const rows = await session.sql('SELECT * FROM BIG ORDER BY rest').collect();
  assert.deepEqual(
    rows.map(row => [row['rest'], row['total']]),
    expected,
  );
  assert.deepEqual(await session.sql('SHOW TABLES').collect(), [
    { name: 'small', kind: 'table', columns: 'id, x, z' },
    { name: 'sums', kind: 'view', columns: 'rest, total' },
    { name: 'big', kind: 'view', columns: 'rest, total' },
  ]);
  assert.deepEqual(await session.sql('DESCRIBE big').collect(), [
    { name: 'rest', type: 'float32' },
    { name: 'total', type: 'float64' },
  ]);
  assert.equal(await session.table('small').filter('id > 4').count(), 5);

  // The rows of a table are its own: it may be made anew from itself.
  await session.sql('CREATE OR REPLACE TABLE small AS SELECT * FROM small WHERE id = 9').collect();
  assert.deepEqual(await session.table('big').collect(), [{ rest: 2, total: 1.125 }]);

  await session.sql('DROP TABLE small').collect();
  await assert.rejects(
    session.table('big').collect(),
    inframeError('TABLE_NOT_FOUND', /^view 'sums' cannot be read: table 'small' does not exist; there are: sums, big/),
  );
  await session.sql('CREATE TABLE small AS SELECT 1 AS other').collect();
  await assert.rejects(session.table('big').collect(), inframeError('COLUMN_NOT_FOUND', "view 'sums' cannot be read"));
});

test('a model is made, described, called, written with and dropped, all in SQL', async t => {
  const folder = temporaryFolder(t);
  const file = await makeFile(join(folder, 'numbers.parquet'), numbersSql(3000));
  const path = await saveModel(folder, 'linear.onnx', linear());
  const session = await openSession(t, { workers: 2 });
  session.sql(`CREATE MODEL line FROM '${path}' WITH (batch_size = 7, inputs = { in: [x, z] }, nulls = null)`);
  session.sql(`CREATE VIEW scored AS SELECT id, line(x, z) AS y FROM '${file}'`);
  const out = join(folder, 'out');
  const [copied] = await session
    .sql(`COPY (SELECT * FROM scored WHERE y > 600) TO '${out}' (COMPRESSION zstd)`)
    .collect();
  const wanted = Array.from({ length: 3000 }, (_, id) => id).filter(id => expectedY(id) > 600);
  assert.equal(copied!['rows'], BigInt(wanted.length));
  assert.equal(copied!['failed_rows'], 0n);
  assert.equal(copied!['path'], out);
  assert.deepEqual(
    await readResult(out, 'id, y'),
    wanted.map(id => [BigInt(id), expectedY(id)]),
  );
  assert.ok(existsSync(join(out, '_SUCCESS')));

  const [model] = await session.sql('SHOW MODELS').collect();
  assert.deepEqual(model, {
    name: 'line',
    kind: 'model',
    path,
    inputs: 'in float32[N, 2]',
    outputs: 'y float32[N, 1]',
  });
  assert.deepEqual(await session.sql('DESCRIBE MODEL LINE').collect(), [
    {
      role: 'input',
      name: 'in',
      dtype: 'float32',
      shape: '[N, 2]',
      accepts: '2 columns of numbers, or one list column of 2',
    },
    { role: 'output', name: 'y', dtype: 'float32', shape: '[N, 1]', accepts: null },
  ]);
  const plan = await session.sql('EXPLAIN SELECT * FROM scored LIMIT 3').collect();
  assert.match(plan.map(row => row['plan']).join('\n'), /line/);

  await session.sql('DROP MODEL line').collect();
  await assert.rejects(
    session.table('scored').collect(),
    inframeError('FUNCTION_NOT_FOUND', "view 'scored' cannot be read", 'line'),
  );
});

test('a registered model is the same function', async t => {
  const folder = temporaryFolder(t);
  const path = await saveModel(folder, 'linear.onnx', linear());
  const session = await openSession(t, { workers: 1 });
  session.register('Line', await session.model(path));
  const [row] = await session.sql('SELECT line($1, $2) AS y', [0.5, 3]).collect();
  assert.equal(row!['y'], 2 * 0.5 + 4 * 3 + 1);
  session.unregister('line');
  assert.deepEqual(await session.sql('SHOW MODELS').collect(), []);
});

test('a result that exists is not written over unless that is said', async t => {
  const target = join(temporaryFolder(t), 'out');
  const session = await openSession(t, { workers: 1 });
  const copy = (value: number, options = ''): Promise<unknown> =>
    session.sql(`COPY (SELECT ${value} AS x, 'a b' AS part) TO '${target}' ${options}`).collect();
  await copy(1);
  await assert.rejects(copy(2), inframeError('TARGET_EXISTS'));
  assert.deepEqual(await readResult(target, 'x'), [[1]]);
  await copy(2, '(OVERWRITE)');
  assert.deepEqual(await readResult(target, 'x'), [[2]]);
  await copy(3, '(OVERWRITE, PARTITION_BY (part), FORMAT csv)');
  assert.deepEqual(await duck(`SELECT x, part FROM read_csv('${target}/*/*.csv', hive_partitioning = true)`), [
    [3n, 'a b'],
  ]);
});

test('a model or table that cannot be made says why, and leaves nothing', async t => {
  const folder = temporaryFolder(t);
  const path = await saveModel(folder, 'linear.onnx', linear());
  const session = await openSession(t, { workers: 1 });
  for (const [text, code, ...words] of [
    [`CREATE MODEL m FROM '${join(folder, 'nothing.onnx')}'`, 'MODEL_NOT_FOUND', 'linear.onnx'],
    [`CREATE MODEL m FROM '${path}' WITH (outputs = [z])`, 'ARGUMENT_INVALID', "output 'z' is not one of model 'm'"],
    [`CREATE MODEL m FROM '${path}' WITH (nulls = maybe)`, 'ARGUMENT_INVALID', 'nulls "maybe" of model \'m\''],
    [
      `CREATE MODEL m FROM '${path}' WITH (inputs = { k: [a] })`,
      'ARGUMENT_INVALID',
      "input 'k' is not one of model 'm'",
    ],
    ["CREATE TABLE t AS SELECT error('no luck')", 'QUERY_FAILED', 'no luck'],
    ['CREATE VIEW v AS SELECT m(1)', 'FUNCTION_NOT_FOUND', "function 'm' does not exist"],
    ["CREATE VIEW v AS SELECT * FROM 'nothing.parquet'", 'SOURCE_NOT_FOUND', 'nothing.parquet'],
    ["COPY nothing TO 'x'", 'TABLE_NOT_FOUND', "table 'nothing'"],
    ['DESCRIBE nothing', 'TABLE_NOT_FOUND', "table 'nothing'"],
    ['EXPLAIN SELECT * FROM nothing', 'TABLE_NOT_FOUND', "table 'nothing'"],
  ] as const) {
    await assert.rejects(session.sql(text).collect(), inframeError(code, ...words), text);
  }
  assert.deepEqual([session.catalog.modelNames, session.catalog.tableNames], [[], []]);
});

test('rows come as they are asked for', async t => {
  const session = await openSession(t, { workers: 1 });
  const seen: unknown[] = [];
  for await (const row of session.sql('SELECT i FROM range(100000000000) r(i)').rows()) {
    seen.push(row['i']);
    if (seen.length === 3000) break;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 3000 }, (_, at) => BigInt(at)),
  );
});

test('a signal stops a query that DuckDB alone carries out', async t => {
  const session = await openSession(t, { workers: 1 });
  const endless = 'SELECT count(*) AS n FROM range(100000000000) a, range(100000000000) b';
  const stopped = inframeError('JOB_ABORTED');
  // Before it begins, when it has begun, and a while into it.
  await assert.rejects(session.sql(endless).collect({ signal: AbortSignal.abort() }), stopped);
  for (const turns of [0, 100]) {
    const controller = new AbortController();
    const onEvent = async ({ kind }: { readonly kind: string }): Promise<void> => {
      if (kind !== 'jobStarted') return;
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      controller.abort();
    };
    const options = { signal: controller.signal, onEvent: (event: { readonly kind: string }) => void onEvent(event) };
    await assert.rejects(session.sql(endless).collect(options), stopped);
  }
  const controller = new AbortController();
  const table = session.sql(`CREATE TABLE t AS ${endless}`, [], {
    signal: controller.signal,
    onEvent: event => event.kind === 'stageStarted' && controller.abort(),
  });
  await assert.rejects(table.collect(), stopped);
  assert.deepEqual(await session.sql('SELECT 1 AS x').collect(), [{ x: 1 }], 'the session goes on');
});
