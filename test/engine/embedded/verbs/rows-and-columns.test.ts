import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { call, col, connect, fn, type InframeSession, sql } from '../../../../src/index.js';
import { LINEAR, linear } from '../../../support/models.js';
import { inframeError } from '../../../support/onnx.js';
import { temporaryFolder } from '../../../support/sessions.js';
import { makeFile, saveModel } from '../../../support/tables.js';
import { assertAnswer, assertSameRows, valuesOf } from './frames.js';

let session: InframeSession;
before(async () => {
  session = await connect({ workers: 2, threads: 1 });
});
after(() => session.close());

test('lists become rows, with or without those that have no element', async () => {
  const table = session.fromRows([
    { id: 1, tags: ['p', null, 'q'] },
    { id: 2, tags: [] },
    { id: 3, tags: null },
    { id: 4, tags: ['r'] },
  ]);
  assert.deepEqual(await valuesOf(table.explode('tags')), [
    [1, 'p'],
    [1, null],
    [1, 'q'],
    [4, 'r'],
  ]);
  const all = table.explode('TAGS', { as: 'tag', outer: true, position: 'place' });
  assert.deepEqual(await all.columns(), ['id', 'tag', 'place']);
  assert.deepEqual(await valuesOf(all), [
    [1, 'p', 0n],
    [1, null, 1n],
    [1, 'q', 2n],
    [2, null, null],
    [3, null, null],
    [4, 'r', 0n],
  ]);
  assert.deepEqual(
    await valuesOf(
      table
        .explode(call('list_reverse', col('tags')), { as: 't' })
        .select('id', 't')
        .limit(2),
    ),
    [
      [1, 'q'],
      [1, null],
    ],
  );
  await assert.rejects(
    table.explode('id').schema(),
    inframeError('TYPE_MISMATCH', "column 'id' is float64, not a list"),
  );
  await assert.rejects(table.explode('tag').schema(), inframeError('COLUMN_NOT_FOUND', "did you mean 'tags'?"));
  await assert.rejects(table.explode('tags', { position: 'id' }).schema(), inframeError('COLUMN_DUPLICATE', "'id'"));
});

test('lists of a fixed length, of structs and of lists become rows too', async () => {
  const table = session.fromRows([{ id: 1 }]).withColumns({
    a: sql('array_value(1, 2)'),
    s: sql("[{'x': 1, 'y': 'b'}]"),
    l: sql('[[1], [2, 3]]'),
    m: sql("map {'k': 1}"),
  });
  assert.deepEqual(await valuesOf(table.select('a').explode('a', { position: 'at', outer: true })), [
    [1, 0n],
    [2, 1n],
  ]);
  assert.deepEqual(await valuesOf(table.select('s').explode('s').select(col('s').field('y').as('y'))), [['b']]);
  assert.deepEqual(await valuesOf(table.select('l').explode('l').explode('l')), [[1], [2], [3]]);
  await assert.rejects(table.explode('m').schema(), inframeError('TYPE_MISMATCH', "column 'm'", 'fn.mapEntries'));
  assert.deepEqual(await valuesOf(table.select(fn.mapEntries(col('m')).as('e')).explode('e')), [
    [{ key: 'k', value: 1 }],
  ]);
});

test('lists of a file become rows in its order, under and over a model', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(
    join(folder, 'a.parquet'),
    `SELECT i AS id, [(i / 8.0)::FLOAT, (i % 7)::FLOAT] AS v FROM range(20000) r(i)`,
    'FORMAT parquet, ROW_GROUP_SIZE 4096',
  );
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const table = session.read.parquet(source);
  await assertAnswer(
    table.explode('v', { position: 'at' }),
    `SELECT id, unnest(v), unnest([0, 1]::BIGINT[]) FROM read_parquet('${source}')`,
    true,
  );
  const scored = table.withColumn('p', model('v')).explode('v').select('id', 'v', model('v', 'v').as('q'), 'p');
  await assertAnswer(
    scored,
    `SELECT id, x, (6 * x + 1)::FLOAT, (${LINEAR.a} * v[1] + ${LINEAR.c} * v[2] + ${LINEAR.b})::FLOAT
     FROM (SELECT *, unnest(v) AS x FROM read_parquet('${source}'))`,
    true,
  );
});

test('columns become rows', async () => {
  const table = session.fromRows([
    { id: 1, int: 11, double: 1.1 },
    { id: 2, int: 12, double: null },
  ]);
  const expected = [
    [1, 'int', 11],
    [1, 'double', 1.1],
    [2, 'int', 12],
    [2, 'double', null],
  ];
  const named = table.unpivot('id', ['int', 'double'], 'var', 'val');
  assert.deepEqual(await named.columns(), ['id', 'var', 'val']);
  assert.deepEqual(await valuesOf(named), expected);
  const rest = table.unpivot(['ID'], undefined);
  assert.deepEqual(await rest.columns(), ['id', 'variable', 'value']);
  assert.deepEqual(await valuesOf(rest), expected);
  assert.deepEqual(await valuesOf(table.unpivot([], ['id']).limit(1)), [['id', 1]]);
  const mixed = session.fromColumns({ a: Int32Array.of(1), b: Float32Array.of(0.5) });
  assert.deepEqual((await mixed.unpivot([], undefined).schema()).toJSON()[1], { name: 'value', type: 'float32' });
  await assert.rejects(table.unpivot(['id', 'int', 'double'], undefined).schema(), inframeError('ARGUMENT_INVALID'));
  await assert.rejects(
    table.withColumn('t', 'x').unpivot('id', undefined).schema(),
    inframeError('TYPE_MISMATCH', 'int float64, double float64, t string', 'cast them'),
  );
  await assert.rejects(
    table.unpivot('id', ['int', 'INT']).schema(),
    inframeError('COLUMN_DUPLICATE', "'int' is given to unpivot twice"),
  );
  await assert.rejects(table.unpivot('id', ['int'], 'id').schema(), inframeError('COLUMN_DUPLICATE', "'id'"));
});

test('groups are pivoted as in Spark: no row of a value is null, not 0', async () => {
  const courses = session.fromRows([
    { year: 2012, course: 'dotNET', earnings: 10_000 },
    { year: 2012, course: 'Java', earnings: 20_000 },
    { year: 2012, course: 'dotNET', earnings: 5000 },
    { year: 2013, course: 'dotNET', earnings: 48_000 },
    { year: 2013, course: null, earnings: 1 },
    { year: 2014, course: 'R', earnings: 2 },
  ]);
  const pivoted = courses.groupBy('year').pivot('course', ['dotNET', 'Java', null]);
  assert.deepEqual(await pivoted.sum('earnings').columns(), ['year', 'dotNET', 'Java', 'null']);
  await assertSameRows(pivoted.sum('earnings'), [
    [2012, 15_000, 20_000, null],
    [2013, 48_000, null, 1],
    [2014, null, null, null],
  ]);
  await assertSameRows(pivoted.count(), [
    [2012, 2n, 1n, null],
    [2013, 1n, null, 1n],
    [2014, null, null, null],
  ]);
  const several = courses
    .groupBy(col('year').sub(2000).as('y'))
    .pivot('course', ['Java', 'dotNET'])
    .agg(fn.sum(col('earnings')).as('sum'), sql('max(earnings) / count(*)').as('x'));
  assert.deepEqual(await several.columns(), ['y', 'Java_sum', 'Java_x', 'dotNET_sum', 'dotNET_x']);
  await assertSameRows(several, [
    [12, 20_000, 20_000, 15_000, 5000],
    [13, null, null, 48_000, 48_000],
    [14, null, null, null, null],
  ]);
  await assertSameRows(courses.groupBy().pivot('year', [2012, 2013]).max('earnings'), [[20_000, 48_000]]);
});

test('groups of several choices of keys are those of SQL', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(
    join(folder, 'a.parquet'),
    `SELECT i % 3 AS a, i % 4 AS b, CASE WHEN i % 5 > 0 THEN i % 5 END AS c, i AS v FROM range(1000) r(i)`,
  );
  const table = session.read.parquet(source);
  const from = `FROM read_parquet('${source}')`;
  const sums = fn.sum(col('v')).as('s');
  await assertAnswer(table.rollup('a', 'b', 'c').agg(sums), `SELECT a, b, c, sum(v) ${from} GROUP BY ROLLUP (a, b, c)`);
  await assertAnswer(table.cube('a', 'c').agg(sums), `SELECT a, c, sum(v) ${from} GROUP BY CUBE (a, c)`);
  await assertAnswer(
    table.groupingSets([['b', 'a'], ['c'], []]).agg(sums, fn.count().as('n')),
    `SELECT b, a, c, sum(v), count(*) ${from} GROUP BY GROUPING SETS ((b, a), (c), ())`,
  );
  await assertAnswer(
    table.rollup(col('a').add(1).as('a1')).avg('v').filter('a1 > 1'),
    `SELECT * FROM (SELECT a + 1 AS a1, avg(v) ${from} GROUP BY ROLLUP (a1)) WHERE a1 > 1`,
  );
  await assertAnswer(table.rollup('a').max('v', 'b'), `SELECT a, max(v), max(b) ${from} GROUP BY ROLLUP (a)`);
});

test('a model is the key of a rollup and what is aggregated', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(
    join(folder, 'a.parquet'),
    `SELECT (i % 3)::FLOAT AS x, (i % 2)::FLOAT AS z FROM range(100) r(i)`,
  );
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const p = `(${LINEAR.a} * x + ${LINEAR.c} * z + ${LINEAR.b})::FLOAT`;
  await assertAnswer(
    session.read
      .parquet(source)
      .rollup(model('x', 'z').as('p'), 'x')
      .agg(fn.sum(model('z', 'x')).as('s')),
    `SELECT ${p} AS p, x, sum((${LINEAR.a} * z + ${LINEAR.c} * x + ${LINEAR.b})::FLOAT) FROM read_parquet('${source}') GROUP BY ROLLUP (p, x)`,
  );
});

test('columns are renamed, and written in SQL', async () => {
  const table = session.fromRows([{ price: 10, carat: 2, 'odd "name"': 'x' }]);
  assert.deepEqual(await table.withColumnRenamed('PRICE', 'cost').columns(), ['cost', 'carat', 'odd "name"']);
  const written = table.selectExpr(
    '*',
    'price / carat AS ratio',
    'price+1',
    'upper("odd ""name""") as "An ""odd"" one"',
  );
  assert.deepEqual(await written.collect(), [
    { price: 10, carat: 2, 'odd "name"': 'x', ratio: 5, 'price+1': 11, 'An "odd" one': 'X' },
  ]);
  await assert.rejects(
    table.selectExpr('prize * 2').schema(),
    inframeError('COLUMN_NOT_FOUND', "did you mean 'price'?"),
  );
  await assert.rejects(table.selectExpr('1; DROP TABLE x').schema(), inframeError('EXPRESSION_INVALID'));
  await assert.rejects(table.withColumnRenamed('x', 'y').schema(), inframeError('COLUMN_NOT_FOUND', "column 'x'"));
});

test('frames can be looked at from both ends', async () => {
  const table = session.fromColumns({ i: Int32Array.from({ length: 10 }, (_, at) => at) });
  const ids = (rows: readonly Readonly<Record<string, unknown>>[]): readonly unknown[] => rows.map(row => row['i']);
  assert.deepEqual(await table.first(), { i: 0 });
  assert.deepEqual(ids(await table.head()), [0]);
  assert.deepEqual(ids(await table.take(3)), [0, 1, 2]);
  assert.deepEqual(ids(await table.tail(3)), [7, 8, 9]);
  assert.deepEqual(ids(await table.tail(30)), ids(await table.collect()));
  assert.deepEqual(ids(await table.offset(8).collect()), [8, 9]);
  assert.deepEqual(await table.offset(10).first(), undefined);
  assert.equal(await table.isEmpty(), false);
  assert.equal(await table.filter('i > 10').isEmpty(), true);
  assert.deepEqual(await table.filter('i > 10').tail(2), []);
  const seen: unknown[] = [];
  for await (const row of table.rows()) seen.push(row['i']);
  assert.deepEqual(seen, ids(await table.collect()));
  let text = '';
  await table.withColumn('s', 'x').printSchema({ write: part => (text += part) });
  assert.equal(text, 'i  int32\ns  string\n');
  assert.deepEqual(await table.transform(frame => frame.limit(2)).count(), 2);
});
