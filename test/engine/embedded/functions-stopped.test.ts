import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type DataFrame, lit, udf } from '../../../src/index.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile, numbersSql } from '../../support/tables.js';

/* Functions that do not come back, or take their thread with them. */

async function setUp(t: TestContext, workers = 2) {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers, threads: 1 });
  let next = 0;
  const table = async (select: string): Promise<DataFrame> =>
    session.read.parquet(await makeFile(join(folder, `${next++}.parquet`), select));
  return { folder, session, table };
}

/** Stops a job once its function has left word that it runs. */
async function stopOnceRunning(frame: DataFrame, marker: string): Promise<unknown> {
  const stop = new AbortController();
  return frame.collect({
    signal: stop.signal,
    onEvent: () => {
      if (existsSync(marker)) stop.abort();
    },
  });
}

test('a function that does not come back is ended with its job, and the session goes on', async t => {
  const { folder, table } = await setUp(t);
  const rows = await table(numbersSql(40_000));
  const lists = await table('SELECT range(50)::FLOAT[] AS l FROM range(40000)');
  const marker = (name: string): string => join(folder, name);
  const stuck = udf({ inputs: ['float64', 'string'], output: 'float64' }, async ([, path]) => {
    const { writeFileSync: write } = await import('node:fs');
    write(path[0]!, '');
    for (;;);
  });
  const silent = udf({ inputs: ['float64', 'string'], output: 'float64' }, async ([x, path]) => {
    const { writeFileSync: write } = await import('node:fs');
    write(path[0]!, '');
    await new Promise(() => undefined);
    return x;
  });
  const streamed = udf(
    { inputs: [{ kind: 'list', element: { kind: 'float32' } }, 'string'], output: 'float64' },
    async ([, path]) => {
      const { writeFileSync: write } = await import('node:fs');
      write(path[0]!, '');
      for (;;);
    },
  );
  for (const frame of [
    { name: 'stuck', rows: rows.withColumn('y', stuck('x', lit(marker('stuck')))) },
    { name: 'silent', rows: rows.withColumn('y', silent('x', lit(marker('silent')))) },
    { name: 'streamed', rows: lists.withColumn('y', streamed('l', lit(marker('streamed')))) },
  ]) {
    await assert.rejects(stopOnceRunning(frame.rows, marker(frame.name)), inframeError('JOB_ABORTED'), frame.name);
  }
  const double = udf({ inputs: ['float64'], output: 'float64' }, ([x]) => x.map(value => value * 2));
  const after = await rows.limit(3).select(double('x').as('y')).collect();
  assert.deepEqual(after, [{ y: 0 }, { y: 0.25 }, { y: 0.5 }]);
});

test('a function that ends its thread is tried three times, and fails the job', async t => {
  const { table } = await setUp(t, 1);
  const retried: number[] = [];
  const leave = udf({ inputs: ['float64'], output: 'float64' }, ([x]) => {
    process.exit(3);
    return x;
  });
  const rows = await table(numbersSql(100));
  await assert.rejects(
    rows.withColumn('y', leave('x')).collect({
      onEvent: event => {
        if (event.kind === 'taskRetried') retried.push(event.attempt);
      },
    }),
    inframeError('WORKER_FAILED', 'worker stopped before it had finished'),
  );
  assert.deepEqual(retried, [2, 3]);
});
