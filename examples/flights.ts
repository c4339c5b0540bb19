import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { measureLimit } from '../bench/limit.js';
import { Progress } from '../src/cli/progress.js';
import { col, connect, fn } from '../src/index.js';

/*
 * npm run demo: three million real flights scored by a small network, and what came out of it.
 */

const root = new URL('../../', import.meta.url);
const table = fileURLToPath(new URL('node_modules/vega-datasets/data/flights-3m.parquet', root));
const modelFile = fileURLToPath(new URL('examples/models/delay.onnx', root));
const target = fileURLToPath(new URL('out/flights', root));

if (!existsSync(table)) throw new Error('flights-3m.parquet is not there; run npm ci first');
rmSync(target, { recursive: true, force: true });

const session = await connect();
const delay = await session.model(modelFile);

// Inputs of the network that are not columns yet are computed by DuckDB; the others are found by their names.
const flights = session.read
  .parquet(table)
  .withColumns({ hour: fn.hour(col('date')), weekday: fn.weekday(col('date')) });

console.log('3 million flights of 2001, each with the risk of arriving more than 15 minutes late\n');
const progress = new Progress({ stream: process.stderr, quiet: false });
const report = await flights
  .select('date', 'origin', 'destination', 'delay', delay().as('risk'))
  .write.parquet(target, { onEvent: progress.onEvent });
progress.stop();

await session.read
  .parquet(target)
  .withColumn('late', col('delay').gt(15).cast({ kind: 'int32' }))
  .groupBy('origin')
  .agg(
    fn.count().as('flights'),
    fn.round(fn.avg(col('risk')), 3).as('mean risk'),
    fn.round(fn.avg(col('late')), 3).as('late'),
    fn.max(col('risk')).as('highest risk'),
  )
  .orderBy(col('flights').desc())
  .show(10);

const limit = await limitRate();
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
console.log(
  `\n${whole(report.rows)} rows in ${report.seconds.toFixed(1)} s: ${whole(report.rowsPerSecond)} rows/s, Parquet to Parquet`,
);
console.log(
  `${whole(limit)} rows/s is ONNX Runtime's limit: the same network on tensors in memory, nothing read or written`,
);
console.log(`the scored table is in ${target}`);
await session.close();

/** The network alone, on rows of the table that are in memory already. */
async function limitRate(): Promise<number> {
  const rows = 4096;
  const sample = await flights.select('origin', 'destination', 'distance', 'hour', 'weekday').limit(rows).collect();
  const texts = (name: string) => ({ dtype: 'string', data: sample.map(row => row[name] as string), dims: [rows, 1] });
  const numbers = (name: string) => ({
    dtype: 'float32',
    data: Float32Array.from(sample, row => Number(row[name])),
    dims: [rows, 1],
  });
  const feeds = {
    origin: texts('origin'),
    destination: texts('destination'),
    distance: numbers('distance'),
    hour: numbers('hour'),
    weekday: numbers('weekday'),
  };
  return measureLimit({ model: modelFile, feeds, rowsPerRun: rows, rows: 1_500_000 }, { layout: 'one session a core' });
}
