import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { threadId } from 'node:worker_threads';
import { col, type DataFrame, type JobReport, udf } from '../../../src/index.js';
import { LINEAR, linear } from '../../support/models.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile, numbersSql, readResult, saveModel } from '../../support/tables.js';

/* Functions of the user's own, from a frame to the workers and back. */

async function setUp(t: TestContext, workers = 2) {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers, threads: 1 });
  let next = 0;
  const table = async (select: string): Promise<DataFrame> =>
    session.read.parquet(await makeFile(join(folder, `${next++}.parquet`), select));
  return { folder, session, table };
}

async function outcome(frame: DataFrame, column = 'y') {
  let report: JobReport | undefined;
  const rows = await frame.collect({
    onEvent: event => {
      if (event.kind === 'jobFinished') report = event.report;
    },
  });
  return { values: rows.map(row => row[column]), report: report! };
}

const product = udf({ inputs: { x: 'float64', z: 'float64' }, output: 'float64', name: 'product' }, ({ x, z }) =>
  x.map((value, row) => value * z[row]!),
);

test('a function is called on columns, by position, by name and by nothing', async t => {
  const { table } = await setUp(t);
  const rows = await table(`SELECT x, z, x AS carat FROM (${numbersSql(10_000)})`);
  const frame = rows
    .withColumn('a', product('x', 'z'))
    .withColumn('b', product({ x: 'carat', z: col('z').add(1) }))
    .withColumn('c', product());
  const result = await frame.collect();
  assert.equal(result.length, 10_000);
  result.forEach((row, id) => {
    const x = id / 8;
    const z = id % 7;
    assert.deepEqual([row['a'], row['b'], row['c']], [x * z, x * (z + 1), x * z]);
  });
});

test('what does not fit is said before any row is read', async t => {
  const { folder, table } = await setUp(t);
  const rows = await table(numbersSql(10));
  const out = join(folder, 'out');
  await assert.rejects(
    rows.drop('z').withColumn('y', product()).write.parquet(out),
    inframeError('COLUMN_NOT_FOUND', "input 'z' (float64) of function 'product'", 'id, x, name'),
  );
  await assert.rejects(
    rows.withColumn('y', product('x', 'name')).write.parquet(out),
    inframeError('TYPE_MISMATCH', "column 'name' is string"),
  );
  assert.ok(!existsSync(out));
});

test('functions run in workers, never on the thread of the program', async t => {
  const { table } = await setUp(t);
  const rows = await table(numbersSql(50_000));
  const where = udf({ inputs: {}, output: { main: 'boolean', thread: 'int32' } }, async (_, count) => {
    const threads = await import('node:worker_threads');
    return {
      main: new Array<boolean>(count).fill(threads.isMainThread),
      thread: new Int32Array(count).fill(threads.threadId),
    };
  });
  const result = await rows
    .select(where().as('w'))
    .select(col('w').field('main').as('m'), col('w').field('thread').as('t'))
    .collect();
  assert.equal(result.length, 50_000);
  assert.ok(result.every(row => row['m'] === false && row['t'] !== threadId));
});

test('functions and models feed each other, and share a stage', async t => {
  const { folder, session, table } = await setUp(t);
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const rows = await table(numbersSql(5000));
  const plus = udf({ inputs: ['float32'], output: 'float32', name: 'plus' }, ([y]) => y.map(value => value + 1));
  const frame = rows
    .withColumn('a', plus(model('x', 'z')))
    .withColumn('b', model(plus('x'), 'z'))
    .withColumn('c', model('x', 'z'))
    .withColumn('d', plus('x'));
  for (const [id, row] of (await frame.collect()).entries()) {
    const [x, z] = [id / 8, id % 7];
    const linearOf = (first: number): number => LINEAR.a * first + LINEAR.c * z + LINEAR.b;
    assert.deepEqual([row['a'], row['b'], row['c'], row['d']], [linearOf(x) + 1, linearOf(x + 1), linearOf(x), x + 1]);
  }
});

test('several outputs are a struct, or a column each, from one call a row', async t => {
  const { table } = await setUp(t, 1);
  const rows = (await table(numbersSql(3000))).select('id', 'x');
  const split = udf({ inputs: { x: 'float64' }, output: { whole: 'int32', rest: 'float64' } }, ({ x }) => ({
    whole: x.map(Math.floor),
    rest: x.map(value => value - Math.floor(value)),
  }));
  const { values } = await outcome(rows.withColumn('y', split()));
  assert.deepEqual(values[13], { whole: 1, rest: 0.625 });
  const { values: rests, report } = await outcome(rows.withColumns(split.outputs()), 'rest');
  assert.deepEqual(rests.slice(0, 9), [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 0]);
  assert.equal(report.modelRuns, 1);
});

test('a function from a module keeps its imports', async t => {
  const { folder, table } = await setUp(t);
  writeFileSync(join(folder, 'words.js'), 'export const word = n => "number " + n;');
  const module = join(folder, 'say.js');
  writeFileSync(
    module,
    "import { word } from './words.js';\nexport const say = async ({ id }) => Array.from(id, word);\nexport default () => [];",
  );
  const say = udf({ inputs: { id: 'int64' }, output: 'string', module, export: 'say' });
  const frame = (await table(numbersSql(3000))).withColumn('y', say());
  const { values } = await outcome(frame);
  assert.deepEqual([values[0], values[2999]], ['number 0', 'number 2999']);

  const later = udf({ inputs: { id: 'int64' }, output: 'string', module });
  writeFileSync(module, 'export default ({ id }) => Array.from(id, String);');
  const rows = await table(numbersSql(3));
  await assert.rejects(
    rows.withColumn('y', later()).collect(),
    inframeError('FUNCTION_CHANGED', module, "function 'say'", 'call udf() again'),
  );
  const again = udf({ inputs: { id: 'int64' }, output: 'string', module });
  assert.deepEqual((await outcome(rows.withColumn('y', again()))).values, ['0', '1', '2']);
});

test('batches of an asynchronous function run one after the other', async t => {
  const { table } = await setUp(t, 1);
  const alone = udf({ inputs: ['float64'], output: 'boolean', batchSize: 100 }, async ([x]) => {
    const state = globalThis as { inframeTestRunning?: number };
    state.inframeTestRunning = (state.inframeTestRunning ?? 0) + 1;
    const before = state.inframeTestRunning;
    await new Promise(resolve => setImmediate(resolve));
    const after = state.inframeTestRunning;
    state.inframeTestRunning -= 1;
    return Array.from(x, () => before === 1 && after === 1);
  });
  const { values, report } = await outcome((await table(numbersSql(2000))).withColumn('y', alone('x')));
  assert.ok(values.every(value => value === true));
  assert.equal(report.modelRuns, 20);
});

test('rows that fail are null, alone, and counted with their reason', async t => {
  const { table } = await setUp(t);
  const rows = await table(`SELECT CASE WHEN i IN (3, 7001) THEN -4 WHEN i = 5 THEN NULL ELSE i END::INTEGER AS k
                            FROM range(10000) r(i)`);
  for (const batchSize of [1, 7, 1024, 100_000]) {
    const root = udf({ inputs: ['int32'], output: 'float64', batchSize }, ([k]) =>
      Array.from(k, value => {
        if (value < 0) throw new RangeError(`no root of ${value}`);
        return Math.sqrt(value);
      }),
    );
    const frame = batchSize === 1 ? rows.limit(100) : rows;
    const { values, report } = await outcome(frame.withColumn('y', root('k')));
    values.forEach((value, row) => {
      assert.equal(value, [3, 5, 7001].includes(row) ? null : Math.sqrt(row));
    });
    assert.deepEqual([report.failedRows, report.nullRows], [values.length === 100 ? 1 : 2, 1]);
    assert.deepEqual(report.failures, ['no root of -4']);
  }
});

test('a job ends where a row fails and may not, where every row fails, and where an answer has no form', async t => {
  const { folder, table } = await setUp(t);
  const rows = await table(numbersSql(5000));
  const out = join(folder, 'out');
  const score = (options: { onError?: 'fail' }, batch: (columns: readonly [Float64Array]) => Float64Array) =>
    rows
      .withColumn('y', udf({ inputs: ['float64'], output: 'float64', name: 'f', ...options }, batch)('x'))
      .write.parquet(out, { mode: 'overwrite' });
  await assert.rejects(
    score({ onError: 'fail' }, ([x]) => {
      if (x.includes(300)) throw new Error('no 300');
      return x;
    }),
    inframeError('FUNCTION_FAILED', "function 'f' failed on a row: no 300", "onError: 'null'"),
  );
  await assert.rejects(
    score({}, () => {
      throw new Error('no licence');
    }),
    inframeError('FUNCTION_FAILED', "function 'f' failed on every one of 5000 rows: no licence"),
  );
  await assert.rejects(
    score({}, ([x]) => x.subarray(1)),
    inframeError('FUNCTION_FAILED', "function 'f' gave 4999 values for 5000 rows"),
  );
  assert.deepEqual(readdirSync(out), ['_inframe']);
});

test('a function that looks around itself is told that it cannot', async t => {
  const { table } = await setUp(t);
  const factor = 3;
  const outer = udf({ inputs: ['float64'], output: 'float64' }, ([x]) => x.map(value => value * factor));
  await assert.rejects(
    (await table(numbersSql(10))).withColumn('y', outer('x')).collect(),
    inframeError('FUNCTION_FAILED', 'factor is not defined', 'put it into a module'),
  );
});

test('tables without rows, and rows that nobody wants, are no call', async t => {
  const { table } = await setUp(t);
  const never = udf({ inputs: ['float64'], output: 'string' }, () => {
    throw new Error('called');
  });
  const empty = await outcome((await table(numbersSql(0))).withColumn('y', never('x')));
  assert.deepEqual([empty.values, empty.report.modelRuns], [[], 0]);
  const filtered = await outcome((await table(numbersSql(5000))).filter(col('id').lt(0)).withColumn('y', never('x')));
  assert.deepEqual([filtered.values, filtered.report.modelRuns], [[], 0]);
  const unused = await outcome((await table(numbersSql(10))).withColumn('n', never('x')).select('id'), 'id');
  assert.deepEqual([unused.values.length, unused.report.modelRuns], [10, 0]);
});

test('equal calls run once, and a condition on one is not another', async t => {
  const { table } = await setUp(t, 1);
  const rows = await table(numbersSql(8192));
  const frame = rows.withColumn('y', product()).filter(product().ge(0)).withColumn('again', product());
  assert.equal((await outcome(frame)).report.modelRuns, 1);
});

test('calls of a function that is not deterministic are neither merged nor moved', async t => {
  const { table } = await setUp(t, 1);
  const rows = await table(numbersSql(8192));
  const draw = udf({ inputs: {}, output: 'float64', deterministic: false, name: 'draw' }, (_, count) =>
    Float64Array.from({ length: count }, () => Math.random()),
  );
  const twice = rows.select('id', draw().as('a'), draw().as('b'));
  const drawn = await outcome(twice, 'a');
  assert.equal(drawn.report.modelRuns, 2);
  const pairs = await twice.collect();
  assert.ok(pairs.some(row => row['a'] !== row['b']));

  // A condition sees the very draw that is kept.
  const kept = await rows.withColumn('a', draw()).filter(col('a').ge(0.5)).collect();
  assert.ok(kept.length > 0 && kept.length < 8192);
  assert.ok(kept.every(row => Number(row['a']) >= 0.5));
  // So does what is computed from it, and an order.
  const sums = await rows
    .withColumn('a', draw())
    .withColumn('b', col('a').add(col('a')))
    .orderBy('a')
    .collect();
  sums.forEach((row, index) => {
    assert.equal(row['b'], Number(row['a']) * 2);
    assert.ok(index === 0 || Number(sums[index - 1]!['a']) <= Number(row['a']));
  });
  // A call on a condition of its own draw is another draw.
  const other = await rows.withColumn('a', draw()).filter(draw().ge(0.5)).collect();
  assert.ok(other.some(row => Number(row['a']) < 0.5));
});

test('a job goes on where it stopped, and scores again when the code has changed', async t => {
  const { folder, table } = await setUp(t);
  const rows = await table(numbersSql(50_000));
  const out = join(folder, 'out');
  const write = (made: ReturnType<typeof udf>, mode: 'error' | 'overwrite' = 'error') =>
    rows.withColumn('y', made('x')).write.parquet(out, { mode });
  const double = (batchSize: number) =>
    udf({ inputs: ['float64'], output: 'float64', batchSize }, ([x]) => x.map(value => value * 2));
  const triple = udf({ inputs: ['float64'], output: 'float64' }, ([x]) => x.map(value => value * 3));
  assert.equal((await write(double(100))).scoredRows, 50_000);
  assert.equal((await write(double(3000))).scoredRows, 0);
  await assert.rejects(write(triple), inframeError('TARGET_EXISTS', 'differs'));
  assert.equal((await write(triple, 'overwrite')).scoredRows, 50_000);
  assert.deepEqual(await readResult(out, 'count(*) FILTER (y <> 3 * x)'), [[0n]]);
});

test('explain() says what is a function', async t => {
  const { folder, session, table } = await setUp(t);
  const model = await session.model(await saveModel(folder, 'm.onnx', linear()));
  const frame = (await table(numbersSql(10))).withColumn('y', product()).withColumn('p', model('x', 'z'));
  const text = await frame.explain();
  assert.match(text, /Stage 1: function product, model m, in worker threads\n.*\n +tasks +each reads its own rows/);
  assert.match(text, /= product\(/);
});

test('rows are read as a stream where they are large, and come out the same', async t => {
  const { folder, table } = await setUp(t);
  const rows = await table(
    'SELECT i AS id, list_transform(range(i % 5), lambda e: e + i)::INTEGER[] AS l FROM range(60000) r(i)',
  );
  const sum = udf({ inputs: [{ kind: 'list', element: { kind: 'int32' } }], output: 'int64' }, ([l]) =>
    l.map(each => each.reduce((total, value) => total + value, 0)),
  );
  const out = join(folder, 'out');
  await rows.withColumn('y', sum('l')).write.parquet(out);
  const wrong = await readResult(out, 'count(*), count(*) FILTER (y IS DISTINCT FROM coalesce(list_sum(l), 0))');
  assert.deepEqual(wrong, [[60_000n, 0n]]);
});
