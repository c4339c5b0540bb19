import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { col, timeseries } from '../../../src/index.js';
import { graph } from '../../../src/udf/onnx/build.js';
import { serializeModel } from '../../../src/udf/onnx/file.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';

/** A network over windows [N, L, k] that gives, for each column, its last value minus its mean. */
function surprise(folder: string, length: number | string, columns: number | string): string {
  const path = join(folder, `surprise-${length}-${columns}.onnx`);
  writeFileSync(
    path,
    serializeModel(
      graph({
        inputs: [{ name: 'x', dtype: 'float32', dims: ['N', length, columns] }],
        outputs: [{ name: 'y', dtype: 'float32', dims: ['N', columns] }],
        nodes: [
          { op: 'ReduceMean', inputs: ['x'], outputs: ['mean'], attributes: { axes: [1], keepdims: 0 } },
          { op: 'Gather', inputs: ['x', 'last'], outputs: ['end'], attributes: { axis: 1 } },
          { op: 'Sub', inputs: ['end', 'mean'], outputs: ['y'] },
        ],
        initializers: [{ name: 'last', dtype: 'int64', dims: [], data: [-1n] }],
      }),
    ),
  );
  return path;
}

interface Reading {
  readonly sensor: string;
  readonly time: number;
  readonly a: number;
  readonly b: number;
}

/** The windows of every row, by plain loops. */
function windowsOf(
  rows: readonly Reading[],
  length: number,
  pad: boolean,
): ReadonlyMap<Reading, readonly Reading[] | null> {
  const found = new Map<Reading, readonly Reading[] | null>();
  for (const row of rows) {
    const before = rows
      .filter(other => other.sensor === row.sensor && other.time <= row.time)
      .sort((x, y) => x.time - y.time)
      .slice(-length);
    const missing = length - before.length;
    found.set(row, missing === 0 ? before : pad ? [...Array<Reading>(missing).fill(before[0]!), ...before] : null);
  }
  return found;
}

test('windows are those that plain loops give, whatever the series, order and length', async t => {
  const session = await openSession(t, { workers: 1, threads: 1 });
  const reading = fc.record({
    sensor: fc.constantFrom('p', 'q'),
    a: fc.integer({ min: -9, max: 9 }),
    b: fc.integer({ min: -9, max: 9 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(reading, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      fc.constantFrom('time-first' as const, 'series-first' as const),
      async (given, length, pad, layout) => {
        const rows = given.map((each, at): Reading => ({ ...each, time: (at * 7) % 13 }));
        const options = {
          partitionBy: 'sensor',
          orderBy: 'time',
          length,
          layout,
          incomplete: pad ? 'pad' : 'null',
        } as const;
        const frame = session.fromRows(rows.map((row, id) => ({ id, ...row })));
        const collected = await frame
          .withColumns({ one: timeseries('a', options), both: timeseries(['a', 'b'], options) })
          .orderBy('id')
          .collect();
        const expected = windowsOf(rows, length, pad);
        collected.forEach(({ one, both }, at) => {
          const window = expected.get(rows[at]!) ?? null;
          assert.deepEqual(one, window?.map(({ a }) => a) ?? null);
          const pairs = window?.map(({ a, b }) => [a, b]) ?? null;
          const series = window && [window.map(({ a }) => a), window.map(({ b }) => b)];
          assert.deepEqual(both, layout === 'time-first' ? pairs : series);
        });
      },
    ),
    { numRuns: 20 },
  );
});

test('a model scores windows a row, in code and in SQL, of fixed and of open length', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 2, threads: 1 });
  const rows = Array.from(
    { length: 40 },
    (_, at): Reading => ({ sensor: at % 3 === 0 ? 'p' : 'q', time: at, a: at % 5, b: at }),
  );
  const frame = session.fromRows(rows.map((row, id) => ({ id, ...row })));
  const expected = rows.map(row => {
    const window = windowsOf(rows, 4, false).get(row);
    return window
      ? [row.a - window.reduce((sum, { a }) => sum + a, 0) / 4, row.b - window.reduce((sum, { b }) => sum + b, 0) / 4]
      : null;
  });
  for (const [length, columns] of [
    [4, 2],
    ['L', 2],
    ['L', 'k'],
  ] as const) {
    const model = await session.model(surprise(folder, length, columns));
    const window = timeseries(['a', 'b'], { partitionBy: 'sensor', orderBy: 'time', length: 4 });
    const scored = await frame.withColumn('y', model(window)).orderBy('id').collect();
    assert.deepEqual(
      scored.map(({ y }) => y),
      expected,
    );
    session.register('surprise', model, { replace: true });
    await frame.createView('readings', { replace: true });
    const inSql = await session
      .sql(
        `SELECT surprise(CASE WHEN len(w) = 4 THEN w END) AS y FROM (
           SELECT id, list([a, b]) OVER (PARTITION BY sensor ORDER BY time ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS w FROM readings
         ) ORDER BY id`,
      )
      .collect();
    assert.deepEqual(
      inSql.map(({ y }) => y),
      expected,
    );
  }
});

test('one result a window: every so many rows of a series, from its first whole window on', async t => {
  const session = await openSession(t, { workers: 1, threads: 1 });
  const rows = Array.from({ length: 18 }, (_, at) => ({ sensor: at % 2, time: at, a: at * at }));
  for (const stride of [1, 2, 3]) {
    const windows = await session
      .fromRows(rows)
      .withColumn('window', timeseries('a', { partitionBy: 'sensor', orderBy: 'time', length: 3, stride }))
      .filter(col('window').isNotNull())
      .orderBy('sensor', 'time')
      .select('time', 'window')
      .collect();
    const expected = [0, 1].flatMap(sensor => {
      const own = rows.filter(row => row.sensor === sensor);
      return own.flatMap(({ time }, at) =>
        at >= 2 && (at - 2) % stride === 0 ? [[time, own.slice(at - 2, at + 1).map(({ a }) => a)]] : [],
      );
    });
    assert.deepEqual(
      windows.map(({ time, window }) => [time, window]),
      expected,
    );
  }
});

test('rows of unlike shape in one partition: each by its own shape, ragged ones fail', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  const model = await session.model(surprise(folder, 'L', 'k'));
  const windows = [
    [
      [1, 2],
      [3, 6],
    ],
    [[1], [2], [6]],
    [[1, 2], [3]],
    null,
    [
      [1, null],
      [2, 3],
    ],
    [
      [5, 5],
      [5, 7],
    ],
    [],
  ];
  const list = (element: object): object => ({ kind: 'list', element });
  const frame = session.fromRows(
    windows.map(w => ({ w })),
    { w: list(list({ kind: 'float64' })) } as never,
  );
  const scored = await frame.withColumn('y', model('w')).collect();
  assert.deepEqual(
    scored.map(({ y }) => y),
    [[1, 2], [3], null, null, null, [0, 1], null],
  );
  const report = await frame.withColumn('y', model('w')).write.parquet(join(folder, 'out'));
  assert.equal(report.failedRows, 2);
});

test('what makes no window is said in words', () => {
  const wrong = (options: object) => () => timeseries('a', options as never);
  assert.throws(wrong({ orderBy: 't', length: 0 }), inframeError('ARGUMENT_INVALID', 'length 0'));
  assert.throws(wrong({ length: 3 }), inframeError('ARGUMENT_INVALID', 'orderBy'));
  assert.throws(
    wrong({ orderBy: 't', length: 3, layout: 'x' }),
    inframeError('ARGUMENT_INVALID', 'time-first, series-first'),
  );
  assert.throws(wrong({ orderBy: 't', length: 3, size: 1 }), inframeError('ARGUMENT_INVALID', 'size'));
  assert.throws(() => timeseries([], { orderBy: 't', length: 3 }), inframeError('ARGUMENT_INVALID', 'columns'));
});
