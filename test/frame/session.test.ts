import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Row } from '../../src/frame/engine.js';
import { Session } from '../../src/frame/session.js';
import { inframeError } from '../support/onnx.js';
import { modelFor, ScriptedEngine, scriptedSession } from './scripted-engine.js';

const statuses = (rows: readonly Row[]): readonly unknown[] => rows.map(row => row['status']);

test('a query is lazy', async () => {
  const { session, engine } = scriptedSession();
  const frame = session.sql('SELECT 1 AS x;');
  assert.deepEqual(frame.plan, { kind: 'query', text: 'SELECT 1 AS x', params: [] });
  assert.deepEqual(engine.log, []);
  assert.deepEqual(await frame.collect(), [{ x: 1 }]);
  assert.deepEqual(await session.sql('SELECT ? AS x', [7]).collect(), [{ x: 7 }]);
});

test('commands are carried out at once, in order, and actions wait for them', async () => {
  const { session, engine } = scriptedSession();
  const release = engine.hold('store');
  const created = session.sql('CREATE TABLE t AS SELECT 1 AS x');
  const read = session.table('T').collect();
  session.sql("COPY t TO 'out'");
  const again = session.sql('SELECT * FROM t').collect();
  while (engine.log.length === 0) await new Promise(setImmediate);
  assert.deepEqual(engine.log, ['store x']);
  release();
  assert.deepEqual(await read, [{ x: 1 }]);
  assert.deepEqual(await again, [{ x: 1 }]);
  assert.deepEqual(statuses(await created.collect()), ["table 't' was created with 1 row"]);
  assert.equal(engine.log[0], 'store x');
  assert.ok(engine.log.includes('write out'));
});

test('an action sees the names as they were when it was called', async () => {
  const { session } = scriptedSession();
  session.sql('CREATE TABLE t AS SELECT 1 AS x');
  const before = session.table('t').collect();
  session.sql('DROP TABLE t');
  const after = session.table('t').collect();
  assert.deepEqual(await before, [{ x: 1 }]);
  await assert.rejects(after, inframeError('TABLE_NOT_FOUND', "table 't' does not exist"));
});

test('what commands answer are tables like others', async () => {
  const { session } = scriptedSession();
  await session.execute(`
    CREATE TABLE numbers AS SELECT 1 AS x;
    CREATE VIEW v (y) AS SELECT * FROM numbers;
    CREATE MODEL risk FROM 'delay.onnx' WITH (batch_size = 5);`);
  session.register('twice', modelFor('double', 'double.onnx'));
  assert.deepEqual(await session.sql('SHOW TABLES').collect(), [
    { name: 'numbers', kind: 'table', columns: 'x' },
    { name: 'v', kind: 'view', columns: 'y' },
  ]);
  assert.deepEqual(await session.sql('SHOW MODELS').collect(), [
    { name: 'risk', kind: 'model', path: 'delay.onnx', inputs: 'x float32[N, 2]', outputs: 'y float32[N]' },
    { name: 'twice', kind: 'model', path: 'double.onnx', inputs: 'x float32[N, 2]', outputs: 'y float32[N]' },
  ]);
  assert.deepEqual(await session.sql('DESCRIBE MODEL RISK').collect(), [
    { role: 'input', name: 'x', dtype: 'float32', shape: '[N, 2]', accepts: '2 columns of numbers' },
    { role: 'output', name: 'y', dtype: 'float32', shape: '[N]', accepts: null },
  ]);
  assert.deepEqual(await session.sql('DESCRIBE v').collect(), [{ name: 'y', type: 'int32' }]);
  assert.deepEqual(await session.sql('DESCRIBE SELECT 1 AS z').collect(), [{ name: 'z', type: 'int32' }]);
  assert.deepEqual(await session.sql('EXPLAIN SELECT 1 AS z').collect(), [
    { plan: 'plan of z' },
    { plan: 'in two lines' },
  ]);
  const copied = session.sql("COPY v TO 'out.csv' (OVERWRITE, PARTITION_BY x)");
  await assert.rejects(copied.collect(), inframeError('COLUMN_NOT_FOUND', "column 'x' is not in the table; it has: y"));
  const [row] = await session.sql("COPY v TO 'out.csv' (OVERWRITE)").collect();
  assert.deepEqual(row, { rows: 1n, failed_rows: 2n, seconds: 0.5, path: 'out.csv' });
  assert.deepEqual((await session.sql('SHOW TABLES').schema()).toJSON(), [
    { name: 'name', type: 'string' },
    { name: 'kind', type: 'string' },
    { name: 'columns', type: 'string' },
  ]);
  await session.close();
});

test('COPY hands its options to the writer', async () => {
  const { session, engine } = scriptedSession();
  await session.sql("COPY (SELECT 1 AS x) TO 'a' (COMPRESSION zstd)").collect();
  await session.sql("COPY (SELECT 1 AS x) TO 'b' (FORMAT csv, OVERWRITE)").collect();
  assert.deepEqual(engine.targets, [
    { path: 'a', format: 'parquet', mode: 'error', partitionBy: [], compression: 'zstd' },
    { path: 'b', format: 'csv', mode: 'overwrite', partitionBy: [], compression: 'snappy' },
  ]);
});

test('CREATE says what became of it; what exists is kept, replaced or refused before any work', async () => {
  const { session, engine } = scriptedSession();
  const run = async (text: string): Promise<unknown> => statuses(await session.sql(text).collect())[0];
  assert.equal(await run('CREATE TABLE t AS SELECT 1 AS x'), "table 't' was created with 1 row");
  assert.equal(
    await run('CREATE TABLE IF NOT EXISTS T AS SELECT fail AS x'),
    "table 'T' exists already and was left as it is",
  );
  assert.equal(await run('CREATE OR REPLACE TEMP TABLE t AS SELECT 2 AS x'), "table 't' was created with 1 row");
  assert.deepEqual(await session.table('t').collect(), [{ x: 2 }]);
  assert.equal(await run('CREATE VIEW v AS SELECT * FROM t'), "view 'v' was created");
  assert.equal(
    await run('CREATE VIEW IF NOT EXISTS v AS SELECT * FROM nothing'),
    "view 'v' exists already and was left as it is",
  );
  assert.equal(await run("CREATE MODEL m FROM 'm.onnx'"), "model 'm' was created from 'm.onnx'");
  assert.equal(
    await run("CREATE MODEL IF NOT EXISTS m FROM 'fail.onnx'"),
    "model 'm' exists already and was left as it is",
  );
  const done = engine.log.length;
  for (const [text, sentence] of [
    ['CREATE TABLE T AS SELECT 1 AS x', "table 't' exists already"],
    ['CREATE VIEW t AS SELECT 1 AS x', "name 't' is that of a table"],
    ['CREATE OR REPLACE TABLE v AS SELECT 1 AS x', "name 'v' is that of a view"],
    ["CREATE MODEL M FROM 'x.onnx'", "model 'm' exists already"],
    ["CREATE MODEL lower FROM 'x.onnx'", "name 'lower' is that of a function of SQL"],
  ] as const) {
    await assert.rejects(session.sql(text).collect(), inframeError('NAME_TAKEN', sentence), text);
  }
  assert.equal(engine.log.length, done, 'nothing was loaded or computed');
  assert.equal(await run('DROP VIEW v'), "view 'v' was dropped");
  assert.equal(await run('DROP VIEW IF EXISTS v'), "view 'v' does not exist, so nothing was dropped");
  assert.equal(await run('DROP MODEL m'), "model 'm' was dropped");
  await assert.rejects(
    session.sql('DROP MODEL m').collect(),
    inframeError('MODEL_NOT_FOUND', "model 'm' does not exist"),
  );
  await assert.rejects(session.sql('DROP VIEW t').collect(), inframeError('NAME_TAKEN', 'write DROP TABLE'));
  await session.close();
});

test('CREATE MODEL loads the file with its options', async () => {
  const { session, engine } = scriptedSession();
  await session.sql("CREATE MODEL m FROM 'models/a b.onnx' WITH (batch_size = 2, inputs = { x: [a] })").collect();
  assert.deepEqual(engine.log, ['load models/a b.onnx {"batchSize":2,"inputs":{"x":["a"]},"name":"m"}']);
  assert.equal(session.catalog.model('M')?.name, 'm');
});

test('a command that fails changes nothing', async () => {
  const { session } = scriptedSession();
  await session.sql('CREATE TABLE t AS SELECT 1 AS x').collect();
  for (const text of [
    'CREATE OR REPLACE TABLE t AS SELECT fail AS x',
    'CREATE OR REPLACE TABLE t (a, b) AS SELECT 1 AS x',
    'CREATE VIEW v AS SELECT * FROM nothing',
    'CREATE VIEW v (a, b) AS SELECT 1 AS x',
    "CREATE MODEL m FROM 'fail.onnx'",
  ]) {
    await assert.rejects(session.sql(text).collect(), text);
  }
  assert.deepEqual(session.catalog.tableNames, ['t']);
  assert.deepEqual(session.catalog.modelNames, []);
  assert.deepEqual(await session.table('t').collect(), [{ x: 1 }]);
});

test('columns can be named; more names than columns are refused', async () => {
  const { session } = scriptedSession();
  await session.sql('CREATE TABLE t ("A b") AS SELECT 1 AS x').collect();
  assert.deepEqual(await session.table('t').collect(), [{ 'A b': 1 }]);
  await assert.rejects(
    session.sql('CREATE VIEW v (a, b) AS SELECT 1 AS x').collect(),
    inframeError('ARGUMENT_INVALID', 'column list (a, b) has 2 names and the query gives 1: x'),
  );
});

test('views read views, and what they read when they are used', async () => {
  const { session } = scriptedSession();
  await session.execute(`
    CREATE TABLE t AS SELECT 1 AS x;
    CREATE VIEW v AS SELECT * FROM t;
    CREATE VIEW w AS SELECT * FROM v`);
  assert.deepEqual(await session.table('w').collect(), [{ x: 1 }]);
  await session.sql('CREATE OR REPLACE TABLE t AS SELECT 2 AS x').collect();
  assert.deepEqual(await session.table('w').collect(), [{ x: 2 }]);
  await session.sql('DROP TABLE t').collect();
  await assert.rejects(session.table('w').collect(), inframeError('TABLE_NOT_FOUND', "table 't'"));
});

test('a view that reads itself is refused when it is made', async () => {
  const { session } = scriptedSession();
  await session.execute('CREATE VIEW v AS SELECT 1 AS x; CREATE VIEW w AS SELECT * FROM v');
  await assert.rejects(
    session.sql('CREATE VIEW s AS SELECT * FROM s').collect(),
    inframeError('TABLE_NOT_FOUND', "'s'"),
  );
  for (const from of ['v', 'w']) {
    const text = `CREATE OR REPLACE VIEW v AS SELECT * FROM ${from}`;
    await assert.rejects(session.sql(text).collect(), inframeError('VIEW_RECURSIVE', "view 'v' reads itself"), from);
  }
  assert.deepEqual(await session.table('w').collect(), [{ x: 1 }], 'the old one is still there');
});

test('a frame becomes a view', async () => {
  const { session } = scriptedSession();
  const frame = session.sql('SELECT 1 AS x').rename({ x: 'y' });
  await frame.createView('v');
  assert.deepEqual(await session.sql('SELECT * FROM v').collect(), [{ y: 1 }]);
  await assert.rejects(frame.createView('V'), inframeError('NAME_TAKEN', "view 'v' exists already"));
  await frame.rename({ y: 'z' }).createView('V', { replace: true });
  assert.deepEqual(await session.table('v').collect(), [{ z: 1 }]);
  await assert.rejects(frame.createView(''), inframeError('ARGUMENT_INVALID', 'name "" of a view'));
  await assert.rejects(session.table('nothing').createView('w'), inframeError('TABLE_NOT_FOUND', "'nothing'"));
  await session.sql('SHOW TABLES').createView('tables');
  await session.sql('DROP VIEW v').collect();
  assert.equal((await session.table('tables').collect()).length, 1, 'the answer, not the question');
});

test('models are registered by name', async () => {
  const { session } = scriptedSession();
  session.register('m', modelFor('one'));
  assert.throws(
    () => session.register('M', modelFor('two')),
    inframeError('NAME_TAKEN', "model 'm' exists already", '{ replace: true }'),
  );
  session.register('M', modelFor('two'), { replace: true });
  assert.equal(session.catalog.model('m')?.name, 'two');
  assert.throws(() => session.register('Lower', modelFor('m')), inframeError('NAME_TAKEN', 'function of SQL'));
  assert.throws(() => session.register('', modelFor('m')), inframeError('ARGUMENT_INVALID', 'name ""'));
  for (const value of [undefined, null, {}, 'delay.onnx', () => 1]) {
    assert.throws(
      () => session.register('x', value),
      inframeError('ARGUMENT_INVALID', "registered as 'x' is not a model"),
    );
  }
  session.unregister('m');
  assert.throws(
    () => session.unregister('m'),
    inframeError('MODEL_NOT_FOUND', "model 'm' does not exist; there are: (none)"),
  );
  await session.close();
});

test('registering keeps its place among commands', async () => {
  const { session, engine } = scriptedSession();
  session.register('m', modelFor('one'));
  const release = engine.hold('write');
  session.sql("COPY (SELECT 1 AS x) TO 'out'");
  session.sql('DROP MODEL m');
  session.register('m', modelFor('two'));
  assert.equal(session.catalog.model('m')?.name, 'one', 'not yet');
  release();
  await session.sql('SHOW MODELS').collect();
  assert.equal(session.catalog.model('m')?.name, 'two');
});

test('a command that failed unseen is thrown by the next use: an action, a statement or close()', async () => {
  const failure = "command 'COPY (SELECT 1 AS x) TO 'fail'' failed before this: query failed";
  for (const use of [
    (session: Session) => session.sql('SELECT 1 AS x').collect(),
    (session: Session) => session.sql('SELECT 1 AS x').schema(),
    (session: Session) => session.sql('SELECT 1 AS x').toText(),
    (session: Session) => session.sql('SELECT 1 AS x').write.parquet('out'),
    (session: Session) => session.close(),
  ]) {
    const { session, engine } = scriptedSession();
    session.sql("COPY (SELECT 1 AS x) TO 'fail'");
    await assert.rejects(use(session), inframeError('QUERY_FAILED', failure));
    assert.ok(!engine.log.includes('write out'));
    if (!engine.closed) assert.deepEqual(await session.sql('SELECT 1 AS x').collect(), [{ x: 1 }], 'told once');
    await session.close();
    assert.ok(engine.closed);
  }
  const { session, engine } = scriptedSession();
  session.sql("COPY (SELECT 1 AS x) TO 'fail'");
  const next = session.sql("COPY (SELECT 1 AS x) TO 'out'");
  const sentence =
    "command 'COPY (SELECT 1 AS x) TO 'out'' was not carried out, because 'COPY (SELECT 1 AS x) TO 'fail''";
  await assert.rejects(next.collect(), inframeError('QUERY_FAILED', sentence, 'query failed'));
  assert.deepEqual(engine.log, ['write fail']);
  await session.close();
});

test('the failure of a command is thrown by its own frame and by what is made of it, and then by nothing else', async () => {
  const { session } = scriptedSession();
  const failed = session.sql("COPY (SELECT 1 AS x) TO 'fail'");
  for (const frame of [failed, failed.limit(1), failed]) {
    await assert.rejects(frame.collect(), inframeError('QUERY_FAILED', /^query failed$/));
  }
  assert.deepEqual(await session.sql('SELECT 1 AS x').collect(), [{ x: 1 }]);
  await session.close();
});

test('a signal stops a command', async () => {
  const { session, engine } = scriptedSession();
  const release = engine.hold('write');
  const controller = new AbortController();
  const copied = session.sql("COPY (SELECT 1 AS x) TO 'out'", [], { signal: controller.signal });
  const late = session.sql("COPY (SELECT 1 AS x) TO 'late'", [], { signal: controller.signal });
  const stopped = assert.rejects(copied.collect(), inframeError('JOB_ABORTED'));
  while (engine.log.length === 0) await new Promise(setImmediate);
  controller.abort();
  release();
  await stopped;
  await assert.rejects(late.collect(), inframeError('JOB_ABORTED'));
  assert.deepEqual(engine.log, ['write out']);
  await session.close().catch(() => {});
});

test('a script runs to its end or to the first that fails', async () => {
  const { session, engine } = scriptedSession();
  const last = await session.execute('CREATE TABLE t AS SELECT 3 AS x; SELECT * FROM t;');
  assert.deepEqual(await last.collect(), [{ x: 3 }]);
  assert.deepEqual(statuses(await (await session.execute('DROP TABLE t')).collect()), ["table 't' was dropped"]);
  engine.log.length = 0;
  await assert.rejects(
    session.execute("CREATE TABLE a AS SELECT 1 AS x;\n-- next\nCREATE TABLE b AS\nSELECT fail AS x;\nCOPY a TO 'out'"),
    (error: unknown) => {
      inframeError('QUERY_FAILED', /^statement 2 \(line 3\) failed: query failed$/)(error);
      return true;
    },
  );
  assert.deepEqual(engine.log, ['store x', 'store x fail']);
  assert.deepEqual(session.catalog.tableNames, ['a'], 'what was done stays');
  await assert.rejects(
    session.execute('SELECT * FROM nothing; SELECT 1 AS x'),
    inframeError('TABLE_NOT_FOUND', "statement 1 (line 1) failed: table 'nothing'"),
  );
});

test('a script that cannot be read does nothing', async () => {
  const { session, engine } = scriptedSession();
  const script = "COPY (SELECT 1 AS x) TO 'out';\nCREATE MODEL m FORM 'x'";
  await assert.rejects(session.execute(script), inframeError('STATEMENT_INVALID', 'line 2, column 16', "'FORM'"));
  await assert.rejects(session.execute(' -- nothing'), inframeError('STATEMENT_INVALID', 'script is empty'));
  await assert.rejects(session.execute(5 as never), inframeError('ARGUMENT_INVALID', 'script 5 is not a text'));
  assert.deepEqual(engine.log, []);
  await session.close();
});

test('parameters are values, in a list or by name', async () => {
  const { session } = scriptedSession();
  const params = [1];
  const frame = session.sql('SELECT ? AS x', params);
  params[0] = 2;
  assert.deepEqual(await frame.collect(), [{ x: 1 }], 'what the caller changes later is not seen');
  const named = session.sql('SELECT 1 AS x', { a: null, b: ['x', [1n]], c: new Date(0), d: new Uint8Array(1) });
  assert.ok(named.plan.kind === 'query' && 'b' in named.plan.params);
  for (const [wrong, sentence] of [
    [5, 'parameters 5 are not values'],
    [null, 'parameters null are not values'],
    [new Date(0), 'are not values'],
    [[1, undefined], 'parameter 2 is undefined'],
    [{ a: { b: 1 } }, `parameter 'a' is {"b":1}`],
    [[() => 1], 'parameter 1 is a function'],
    [{ a: [Symbol('x')] }, "parameter 'a' is"],
  ] as const) {
    assert.throws(() => session.sql('SELECT 1 AS x', wrong as never), inframeError('ARGUMENT_INVALID', sentence));
  }
  assert.throws(
    () => session.sql('SHOW TABLES', [1]),
    inframeError('ARGUMENT_INVALID', "have no place in statement 'SHOW TABLES'"),
  );
  await session.sql('CREATE VIEW v AS SELECT ? AS x', [4]).collect();
  assert.deepEqual(await session.table('v').collect(), [{ x: 4 }]);
});

test('what cannot be read is thrown at the call', () => {
  const { session, engine } = scriptedSession();
  assert.throws(() => session.sql('INSERT INTO t VALUES (1)'), inframeError('STATEMENT_UNSUPPORTED'));
  assert.throws(() => session.sql("SELECT 'a"), inframeError('STATEMENT_INVALID'));
  assert.throws(() => session.sql('SELECT 1; SELECT 2'), inframeError('ARGUMENT_INVALID', 'session.execute(script)'));
  assert.throws(() => session.table(''), inframeError('ARGUMENT_INVALID', 'table name ""'));
  assert.throws(() => session.table(5 as never), inframeError('ARGUMENT_INVALID', 'table name 5'));
  assert.deepEqual(engine.log, []);
});

test('close waits for commands on their way, and then nothing works any more', async () => {
  const { session, engine } = scriptedSession();
  const release = engine.hold('write');
  const frame = session.sql('SELECT 1 AS x');
  session.sql("COPY (SELECT 1 AS x) TO 'out'");
  const closed = session.close();
  const again = session.close();
  assert.throws(() => session.sql('SELECT 1 AS x'), inframeError('SESSION_CLOSED'));
  release();
  await closed;
  await again;
  assert.deepEqual(engine.log, ['write out', 'close']);
  await assert.rejects(frame.collect(), inframeError('SESSION_CLOSED'));
  await assert.rejects(frame.createView('v'), inframeError('SESSION_CLOSED'));
  await assert.rejects(session.execute('SELECT 1 AS x'), inframeError('SESSION_CLOSED'));
  assert.throws(() => session.register('m', modelFor('m')), inframeError('SESSION_CLOSED'));
});

test('the engine is closed though a command failed', async () => {
  const engine = new ScriptedEngine();
  const session = new Session(engine, path => Promise.resolve(path));
  session.sql("COPY (SELECT 1 AS x) TO 'fail'");
  await assert.rejects(session.close(), inframeError('QUERY_FAILED', 'failed before this'));
  assert.ok(engine.closed);
  await session.close();
});
