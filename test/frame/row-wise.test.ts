import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { call, col, fn, sql } from '../../src/index.js';
import { unary } from '../support/models.js';
import { inframeError } from '../support/onnx.js';
import { openSession, temporaryFolder } from '../support/sessions.js';
import { makeFile, saveModel } from '../support/tables.js';

/*
 * What the fake engine of analyze.test.ts only plays is so on the real one.
 */

test('aggregates and functions that make rows are told from values of a row', async context => {
  const session = await openSession(context);
  const path = await makeFile(
    join(temporaryFolder(context), 't.parquet'),
    'SELECT i AS a, [i, i] AS l FROM range(5) r(i)',
  );
  const table = session.read.parquet(path);
  const aggregate = inframeError('EXPRESSION_INVALID', 'is an aggregate', '.agg(');
  // A limit goes below a projection: sum(a) of three rows is another sum.
  await assert.rejects(
    table
      .select(fn.sum(col('a')))
      .limit(3)
      .collect(),
    aggregate,
  );
  await assert.rejects(table.select(sql('max(a) FILTER (a < 3)')).collect(), aggregate);
  await assert.rejects(table.filter('sum(a) > 1').collect(), aggregate);
  await assert.rejects(table.withColumn('s', fn.collectList(col('a'))).collect(), aggregate);
  await assert.rejects(table.orderBy(fn.max(col('a'))).collect(), aggregate);
  await assert.rejects(table.agg(col('a').add(1)).collect(), inframeError('EXPRESSION_INVALID', 'is not an aggregate'));
  for (const column of [call('unnest', col('l')), sql('unnest(l)'), sql('generate_subscripts(l, 1)')]) {
    await assert.rejects(table.select(column).collect(), inframeError('EXPRESSION_INVALID', 'several rows for one'));
  }
  await assert.rejects(
    table.select(sql('row_number() over ()')).collect(),
    inframeError('EXPRESSION_INVALID', 'a window function'),
  );
  const [row] = await table
    .agg(fn.sum(col('a')).div(fn.count()).as('mean'), sql('max(a) - min(a)').as('range'))
    .collect();
  assert.deepEqual(row, { mean: 2, range: 4n });
  assert.equal(
    (
      await table
        .groupBy(col('a').mod(2).as('odd'))
        .agg(fn.sum(col('a')))
        .collect()
    ).length,
    2,
  );
});

test('a value of a list that does not fit is a failed row, a null in a list is a null row', async context => {
  const folder = temporaryFolder(context);
  const session = await openSession(context);
  const path = await makeFile(
    join(folder, 't.parquet'),
    'SELECT unnest([[1, 2], [1, 300], [NULL, 2], NULL])::BIGINT[] AS x',
  );
  const model = await session.model(await saveModel(folder, 'same.onnx', unary('Identity', 'int8', ['N', 2])));
  const scored = session.read.parquet(path).withColumn('y', model());
  assert.deepEqual(
    (await scored.collect()).map(({ y }) => y),
    [[1, 2], null, null, null],
  );
  const report = await scored.write.parquet(join(folder, 'out'));
  assert.deepEqual([report.failedRows, report.nullRows], [1, 2]);
});

test('rows of open length keep their length where the published batch is one', async context => {
  const folder = temporaryFolder(context);
  const session = await openSession(context);
  const path = await makeFile(
    join(folder, 't.parquet'),
    'SELECT [[1, -1], [2, -2, 3]][i + 1]::FLOAT[] AS x FROM range(2) r(i)',
  );
  const model = await session.model(await saveModel(folder, 'relu.onnx', unary('Relu', 'float32', [1, 'T'])));
  const rows = await session.read.parquet(path).select(model().as('y')).collect();
  assert.deepEqual(rows, [{ y: [1, 0] }, { y: [2, 0, 3] }]);
});
