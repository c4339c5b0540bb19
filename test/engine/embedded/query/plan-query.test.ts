import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { serializeModel } from '../../../../src/udf/onnx/file.js';
import { linear } from '../../../support/models.js';
import { openSession, temporaryFolder } from '../../../support/sessions.js';
import { makeFile, numbersSql, readResult } from '../../../support/tables.js';

test('a SELECT over one table is read slice by slice, one over a join is made whole first', async t => {
  const folder = temporaryFolder(t);
  await makeFile(join(folder, 'a.parquet'), numbersSql(100));
  writeFileSync(join(folder, 'm.onnx'), serializeModel(linear()));
  const session = await openSession(t, { workers: 1 });
  session.register('m', await session.model(join(folder, 'm.onnx')));
  session.read.parquet(join(folder, 'a.parquet')).createView('a');
  const plan = (text: string) => session.sql(text).explain();
  for (const text of [
    'SELECT id, m(x, z) AS y FROM a WHERE id > 3 AND m(x, z) > 10',
    'WITH s AS (SELECT id, x, z FROM a WHERE id > 3) SELECT id, m(x, z) FROM s',
    'SELECT * FROM (SELECT id, m(x, z) AS y FROM a) WHERE id < 5',
  ]) {
    const explained = await plan(text);
    assert.equal(explained.match(/^Stage/gm)?.length, 1, `${text}: one stage, which writes the result itself`);
    assert.match(explained, /tasks +each reads its own rows/, text);
  }
  const joined = await plan('SELECT a.id, m(a.x, b.z) FROM a JOIN a b USING (id)');
  assert.match(joined, /tasks .*DuckDB makes whole first/);
});

test('COPY of a query with a model writes what the verbs write, and the same words again find it done', async t => {
  const folder = temporaryFolder(t);
  const table = await makeFile(join(folder, 'a.parquet'), numbersSql(5000));
  writeFileSync(join(folder, 'm.onnx'), serializeModel(linear()));
  const session = await openSession(t, { workers: 2 });
  const model = await session.model(join(folder, 'm.onnx'));
  session.register('m', model);
  await session.read.parquet(table).select('id', model('x', 'z').as('y')).write.parquet(join(folder, 'verbs'));
  const copy = `COPY (SELECT id, m(x, z) AS y FROM '${table}') TO '${join(folder, 'sql')}'`;
  const [first] = await session.sql(copy).collect();
  assert.equal(Number(first!['rows']), 5000);
  assert.deepEqual(await readResult(join(folder, 'sql')), await readResult(join(folder, 'verbs')));
  let reused = 0;
  const onEvent = (event: { kind: string; report?: { reusedTasks: number; scoredRows: number } }): void => {
    if (event.kind === 'jobFinished') reused = event.report!.reusedTasks;
    if (event.kind === 'jobFinished') assert.equal(event.report!.scoredRows, 0);
  };
  await session.sql(copy, [], { onEvent }).collect();
  assert.ok(reused > 0, 'the finished job is found');
});

test('a statement that reads files by options of DuckDB is taken up again only while the files are the same', async t => {
  const folder = temporaryFolder(t);
  const table = await makeFile(join(folder, 'a.csv'), numbersSql(100), "FORMAT csv, DELIMITER '|'");
  const session = await openSession(t, { workers: 1 });
  const copy = (): Promise<readonly unknown[]> =>
    session
      .sql(`COPY (SELECT count(*) AS n FROM read_csv('${table}', delim = '|')) TO '${join(folder, 'out')}' (OVERWRITE)`)
      .collect();
  await copy();
  assert.deepEqual(await readResult(join(folder, 'out')), [[100n]]);
  await makeFile(table, numbersSql(101), "FORMAT csv, DELIMITER '|'");
  await copy();
  assert.deepEqual(await readResult(join(folder, 'out')), [[101n]]);
});

test('texts that look like what stands for operands inside are only texts', async t => {
  const session = await openSession(t, { workers: 1 });
  session.sql('CREATE VIEW v AS SELECT 1 AS a');
  const [row] = await session.table('v').filter("a = 1 AND '__inframe_hole_0_' <> '__inframe_hole_1_'").collect();
  assert.deepEqual(row, { a: 1 });
});
