import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quoteText } from '../src/connectors/duckdb/quote.js';
import { connect, type InframeSession, type NearestOptions } from '../src/index.js';
import { median } from './statistics.js';

/*
 * npm run bench:vectors
 *
 * The five nearest of 100 000 vectors of 384 float32 for each of 1 000, from Parquet files: the verb, DuckDB alone, and
 * brute force by numpy. Then what SQL has for it, on fewer queries, and what the functions cost a pair.
 */

const ITEMS = 100_000;
const QUERIES = 1_000;
const SIZE = 384;
const K = 5;
const ROUNDS = 3;
/** Queries for the forms of SQL that take long. */
const FEW = 20;

/** What a run took: seconds on the clock, seconds of all cores together, and the sum of the best scores. */
interface Run {
  readonly seconds: number;
  readonly cpu: number;
  readonly sum: number;
}

interface Timed {
  readonly name: string;
  readonly seconds: number[];
  /** Says more than the clock where the machine does something else as well. */
  readonly cpu: number[];
  /** Of the best scores, to see that all find the same. */
  sum: number;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'inframe-bench-'));
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  const session = await connect();
  try {
    const [items, queries] = [join(folder, 'items.parquet'), join(folder, 'queries.parquet')];
    await connection.run('SELECT setseed(0.5)');
    for (const [path, count] of [
      [items, ITEMS],
      [queries, QUERIES],
    ] as const) {
      await connection.run(
        `COPY (SELECT i::INTEGER AS id, list_transform(range(${SIZE}), lambda x: (random() - 0.5)::FLOAT) AS v FROM range(${count}) r(i)) TO ${quoteText(path)}`,
      );
    }
    const timed: Timed[] = [];
    const measure = async (name: string, rounds: number, run: () => Promise<Run>): Promise<void> => {
      const entry = timed.find(each => each.name === name) ?? { name, seconds: [], cpu: [], sum: 0 };
      if (!timed.includes(entry)) timed.push(entry);
      if (entry.seconds.length >= rounds) return;
      const { seconds, cpu, sum } = await run();
      entry.seconds.push(seconds);
      entry.cpu.push(cpu);
      entry.sum = sum;
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const metric of ['cosine', 'dot', 'l2'] as const) {
        await measure(`nearest, ${metric}`, ROUNDS, () => search(session, items, queries, metric));
      }
      await measure('numpy (float32), cosine', ROUNDS, async () => byNumpy(items, queries));
      await measure('DuckDB alone (float32), cosine', 1, () => byDuckDB(connection, items, queries));
    }
    const sql = await formsOfSql(session, items, queries);
    const pairs = await costOfPairs(session, items, queries);
    report(timed, sql, pairs);
  } finally {
    await session.close();
    connection.closeSync();
    database.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives what has passed since, when it is called. */
function startClock(): () => Pick<Run, 'seconds' | 'cpu'> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
  };
}

async function search(
  session: InframeSession,
  items: string,
  queries: string,
  metric: NonNullable<NearestOptions['metric']>,
): Promise<Run> {
  const found = session.read
    .parquet(queries)
    .nearest(session.read.parquet(items), { k: K, by: 'v', metric, suffix: '_item', score: 'score' })
    .select('id', 'id_item', 'rank', 'score');
  const clock = startClock();
  const rows = await found.collect();
  const took = clock();
  const best = rows.filter(row => row['rank'] === 1).map(row => Number(row['score']));
  return { ...took, sum: best.reduce((total, score) => total + score, 0) };
}

async function byDuckDB(connection: DuckDBConnection, items: string, queries: string): Promise<Run> {
  const typed = (path: string): string => `(SELECT id, v::FLOAT[${SIZE}] AS v FROM ${quoteText(path)})`;
  const clock = startClock();
  const result = await connection.runAndReadAll(`SELECT sum(best[1].s) FROM (
    SELECT max_by({b: b, s: s}, {s: s, b: -b}, ${K}) AS best FROM (
      SELECT a.id AS a, b.id AS b, array_cosine_similarity(a.v, b.v) AS s FROM ${typed(queries)} a, ${typed(items)} b) GROUP BY a)`);
  return { ...clock(), sum: Number(result.getRowsJS()[0]![0]) };
}

function byNumpy(items: string, queries: string): Run {
  // Compiled to build/bench/, the scripts stand in bench/peers/.
  const script = fileURLToPath(new URL('../../bench/peers/numpy_nearest.py', import.meta.url));
  const python = process.env['INFRAME_PYTHON'] ?? 'python3';
  const output = execFileSync(python, [script, '--items', items, '--queries', queries, '--k', String(K)], {
    encoding: 'utf8',
  });
  return JSON.parse(output.trim().split('\n').at(-1)!) as Run;
}

/** Milliseconds a query, of all cores together. */
async function formsOfSql(
  session: InframeSession,
  items: string,
  queries: string,
): Promise<Readonly<Record<string, number>>> {
  const few = `(SELECT * FROM ${quoteText(queries)} WHERE id < ${FEW})`;
  const texts = {
    'LATERAL (... ORDER BY cosine(...) DESC LIMIT 5)': `SELECT q.id, i.id FROM ${few} q, LATERAL (
      SELECT id FROM ${quoteText(items)} ORDER BY cosine(q.v, v) DESC LIMIT ${K}) i`,
    'max_by(id, cosine(...), 5) GROUP BY': `SELECT q.id, max_by(i.id, cosine(q.v, i.v), ${K}) FROM ${few} q, ${quoteText(items)} i GROUP BY q.id`,
  };
  const result: Record<string, number> = {};
  for (const [name, text] of Object.entries(texts)) {
    const clock = startClock();
    await session.sql(text).collect();
    result[name] = (clock().cpu * 1000) / FEW;
  }
  return result;
}

/** Microseconds a pair, of all cores together, less what the pairs alone take. */
async function costOfPairs(
  session: InframeSession,
  items: string,
  queries: string,
): Promise<Readonly<Record<string, number>>> {
  const pairs = (value: string): string =>
    `SELECT max(${value}) AS m FROM (SELECT id, v::FLOAT[${SIZE}] AS v FROM ${quoteText(queries)} WHERE id < ${FEW}) q, (SELECT id, v::FLOAT[${SIZE}] AS v FROM ${quoteText(items)}) i`;
  const time = async (value: string): Promise<number> => {
    const runs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const clock = startClock();
      await session.sql(pairs(value)).collect();
      runs.push(clock().cpu);
    }
    return (median(runs) * 1e6) / (FEW * ITEMS);
  };
  const nothing = await time('q.id + i.id + len(i.v) + len(q.v)');
  const result: Record<string, number> = {};
  for (const name of ['cosine', 'dot', 'l2', 'array_cosine_similarity']) {
    result[name] = Math.max(0, (await time(`${name}(q.v, i.v)`)) - nothing);
  }
  return result;
}

function report(
  timed: readonly Timed[],
  sql: Readonly<Record<string, number>>,
  pairs: Readonly<Record<string, number>>,
): void {
  const rows = timed.map(
    ({ name, seconds, cpu, sum }) =>
      `| ${name} | ${median(cpu).toFixed(1)} | ${median(seconds).toFixed(2)} | ${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)} | ${sum.toPrecision(8)} |`,
  );
  const text = `# Vectors

Written by \`npm run bench:vectors\`: ${cpus()[0]!.model.replace(/\s+/g, ' ')}, ${cpus().length} cores, Node ${process.versions.node}; load of the machine at the end ${loadavg()[0]!.toFixed(1)}.

The ${K} nearest of ${ITEMS.toLocaleString('en')} vectors of ${SIZE} float32 for each of ${QUERIES.toLocaleString('en')}, all from Parquet files, in turn, ${ROUNDS} rounds (DuckDB alone one). The sum of the best
scores says that all find the same.

| | seconds of all cores together | seconds on the clock, median | range | sum |
|---|---|---|---|---|
${rows.join('\n')}

Forms of SQL, on ${FEW} of the queries, milliseconds of all cores together a query:

| | ms |
|---|---|
${Object.entries(sql)
  .map(([name, ms]) => `| \`${name}\` | ${ms.toFixed(0)} |`)
  .join('\n')}

Microseconds a pair, of all cores together, less what pairs alone take; DuckDB's own function computes in 32 bits, ours in 64:

| | µs |
|---|---|
${Object.entries(pairs)
  .map(([name, microseconds]) => `| \`${name}\` | ${microseconds.toFixed(2)} |`)
  .join('\n')}
`;
  writeFileSync('bench/vectors-results.md', text);
  process.stdout.write(text);
}

await main();
