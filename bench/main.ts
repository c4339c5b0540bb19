import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { connect, type InframeSession } from '../src/index.js';
import { type BenchData, FEATURES, makeData } from './data.js';
import { measureLimit } from './limit.js';
import { isAvailable, PEERS, runPeer } from './peers.js';
import { formatRates, formatRatios, median, ratiosOf } from './statistics.js';

/*
 * npm run bench [-- --rounds 5] [--only networks|wide|memory]
 *
 * Everything is measured in one run, in turn, round after round: a machine that is slower for a while is slower for all.
 * Ratios are taken within a round.
 */

const FOLDER = 'bench/data';
const ROUNDS = option('rounds', 5);

function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}

/** A way of doing the job: gives rows per second. */
interface Contender {
  readonly name: string;
  readonly run: () => Promise<number>;
}

/** Rates of every contender, round by round. The first round warms up and is not counted. */
async function measure(contenders: readonly Contender[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name, run } of contenders) {
      const rate = await run();
      if (round > 0) rates.get(name)!.push(rate);
    }
  }
  return rates;
}

/** The limit takes the batch sizes that networks of this kind are run at; the best one counts. */
const LIMIT_BATCHES = [512, 1024, 2048, 4096, 8192];

async function bestLimitBatch(model: string, rows: number): Promise<number> {
  let best = { batch: 0, rate: 0 };
  for (const batch of LIMIT_BATCHES) {
    const rate = await limitRate(model, batch, rows / 4, 'one session');
    if (rate > best.rate) best = { batch, rate };
  }
  return best.batch;
}

function limitRate(
  model: string,
  batch: number,
  rows: number,
  layout: 'one session' | 'one session a core',
): Promise<number> {
  const data = Float32Array.from(
    { length: batch * FEATURES.length },
    (_, index) => ((index * 7919) % 20011) / 10005 - 1,
  );
  const feeds = { x: { dtype: 'float32', data, dims: [batch, FEATURES.length] } };
  return measureLimit({ model, feeds, rowsPerRun: batch, rows }, { layout });
}

async function scoreRate(session: InframeSession, table: string, model: string): Promise<number> {
  const out = join(FOLDER, 'out');
  rmSync(out, { recursive: true, force: true });
  const network = await session.model(model);
  const report = await session.read
    .parquet(table)
    .select('id', network(...FEATURES).as('score'))
    .write.parquet(out);
  return report.rows / report.seconds;
}

async function compareNetworks(session: InframeSession, data: BenchData, lines: string[]): Promise<void> {
  const peers = PEERS.filter(isAvailable);
  for (const [title, model, table, rows] of [
    ['MLP 20-64-32-1, 5 M rows', data.small, data.numbers, 5_000_000],
    ['MLP 20-512-512-512-1, 2 M rows', data.large, data.fewerNumbers, 2_000_000],
  ] as const) {
    const batch = await bestLimitBatch(model, rows / 10);
    const limits = (['one session', 'one session a core'] as const).map(
      (layout): Contender => ({
        name: `limit: ONNX Runtime alone, ${layout}, batch ${batch}`,
        run: () => limitRate(model, batch, rows / 2, layout),
      }),
    );
    const inframe: Contender = { name: 'inframe, Parquet to Parquet', run: () => scoreRate(session, table, model) };
    const others = peers.map(
      (peer): Contender => ({
        name: peer.name,
        run: async () => runPeer(peer, { input: table, model, out: join(FOLDER, 'peer'), features: FEATURES }),
      }),
    );
    const rates = await measure([limits[0]!, inframe, limits[1]!, ...others]);
    const ours = rates.get(inframe.name)!;
    lines.push('', `## ${title}`, '', '| | rows/s | inframe / this |', '|---|---|---|');
    for (const [name, values] of rates)
      lines.push(`| ${name} | ${formatRates(values)} | ${formatRatios(ours, values)} |`);
    for (const peer of PEERS.filter(peer => !peers.includes(peer)))
      lines.push(`| ${peer.name} | not installed here | |`);
  }
}

/** What columns that only pass through cost, against DuckDB's own copy of them. */
async function comparePassThrough(session: InframeSession, data: BenchData, lines: string[]): Promise<void> {
  const out = join(FOLDER, 'out');
  const inputs = FEATURES.slice(0, 5);
  const network = await session.model(data.wideModel);
  const instance = await DuckDBInstance.create(':memory:', { threads: String(availableParallelism()) });
  const connection = await instance.connect();
  const seconds = async (work: () => Promise<unknown>): Promise<number> => {
    rmSync(out, { recursive: true, force: true });
    const started = performance.now();
    await work();
    return (performance.now() - started) / 1000;
  };
  const wide = session.read.parquet(data.wide);
  const passed = ['id', 'customer', 'token', 'note', 'color', 'thumbnail'];
  const copy: number[] = [];
  const full: number[] = [];
  const narrow: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const one = await seconds(() =>
      connection.run(`COPY (SELECT ${passed.join(', ')} FROM '${data.wide}') TO '${out}.parquet' (FORMAT parquet)`),
    );
    const two = await seconds(() => wide.select(...passed, network(...inputs).as('score')).write.parquet(out));
    const three = await seconds(() => wide.select(network(...inputs).as('score')).write.parquet(out));
    if (round === 0) continue;
    copy.push(one);
    full.push(two);
    narrow.push(three);
  }
  connection.closeSync();
  instance.closeSync();
  rmSync(`${out}.parquet`, { force: true });
  const cost = ratiosOf(
    full.map((value, round) => value - narrow[round]!),
    copy,
  );
  const span = (values: readonly number[]): string =>
    `${median(values).toFixed(2)} s (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
  lines.push(
    '',
    '## Columns that only pass through: 1 M rows, an id, 4 texts and a blob (about 500 bytes a row)',
    '',
    '| | seconds |',
    '|---|---|',
    `| DuckDB copies them, ${availableParallelism()} threads | ${span(copy)} |`,
    `| inframe scores and keeps them | ${span(full)} |`,
    `| inframe scores and keeps only the score | ${span(narrow)} |`,
    '',
    `What keeping them costs, against DuckDB's own copy: ${median(cost).toFixed(2)} (${Math.min(...cost).toFixed(2)} to ${Math.max(...cost).toFixed(2)}).`,
    `The whole job against DuckDB's own copy: ${formatRatios(full, copy)}.`,
  );
}

/** Peak memory of a process of its own, for 5 M and 50 M rows. */
function compareMemory(data: BenchData, lines: string[]): void {
  const script = new URL('./memory.js', import.meta.url).pathname;
  const peak = (table: string): number =>
    Number(execFileSync(process.execPath, [script, table, data.small], { encoding: 'utf8' }).trim());
  const small = peak(data.numbers);
  const large = peak(data.numbersTenfold);
  const megabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
  lines.push(
    '',
    '## Peak memory of the process, MLP 20-64-32-1',
    '',
    '| rows | peak |',
    '|---|---|',
    `| 5 M | ${megabytes(small)} |`,
    `| 50 M | ${megabytes(large)} (${(large / small).toFixed(2)} times) |`,
  );
}

const data = await makeData(FOLDER);
const session = await connect();
const lines = [
  '# Benchmark',
  '',
  `Written by \`npm run bench\`: ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}. Median of ${ROUNDS} rounds, and the range; the machine is shared, so compare ratios.`,
  '"Limit" is ONNX Runtime on tensors that are in memory already: nothing is read and nothing is written.',
];
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
if (only === undefined || only === 'networks') await compareNetworks(session, data, lines);
if (only === undefined || only === 'wide') await comparePassThrough(session, data, lines);
await session.close();
if (only === undefined || only === 'memory') compareMemory(data, lines);
for (const name of ['out', 'peer']) rmSync(join(FOLDER, name), { recursive: true, force: true });
const text = `${lines.join('\n')}\n`;
process.stdout.write(text);
if (only === undefined) writeFileSync('bench/results.md', text);
