import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  col,
  type DataFrame,
  fn,
  type InframeSession,
  type JobEvent,
  type NearestOptions,
} from '../../../src/index.js';
import { linear } from '../../support/models.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile, saveModel } from '../../support/tables.js';

/*
 * More than a million pairs, so that they are compared by networks of blocks, against two loops.
 */

type Vector = readonly (number | null)[] | null;
type Metric = NonNullable<NearestOptions['metric']>;

const METRICS: readonly Metric[] = ['cosine', 'dot', 'l2'];

/** A draw from 0 to 1 that is the same in every run: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function drawn(count: number, size: number, seed: number, value: (draw: number) => number): readonly Vector[] {
  const draw = generator(seed);
  return Array.from({ length: count }, () => Array.from({ length: size }, () => value(draw())));
}

/** Values of which many are equal, whose products are exact. */
const coarse = (draw: number): number => Math.floor(draw * 5) - 2;
const fine = (draw: number): number => Math.fround(draw - 0.5);

interface Found {
  readonly q: number;
  readonly id: number;
  readonly rank: number;
  readonly score: number;
}

function score(a: Vector, b: Vector, metric: Metric): number | null {
  if (a === null || b === null || a.length !== b.length || a.includes(null) || b.includes(null)) return null;
  let [ab, aa, bb, dd] = [0, 0, 0, 0];
  a.forEach((x, at) => {
    const y = b[at]!;
    ab += x! * y;
    aa += x! * x!;
    bb += y * y;
    dd += (x! - y) ** 2;
  });
  const value = { cosine: ab / (Math.sqrt(aa) * Math.sqrt(bb)), dot: ab, l2: Math.sqrt(dd) }[metric];
  if (metric !== 'cosine') return Number.isNaN(value) ? null : value;
  return Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : null;
}

function twoLoops(queries: readonly Vector[], items: readonly Vector[], metric: Metric, k: number): readonly Found[] {
  const sign = metric === 'l2' ? 1 : -1;
  return queries.flatMap((query, q) => {
    const scores = items.flatMap((item, id) => {
      const value = score(query, item, metric);
      return value === null ? [] : [{ id, value }];
    });
    scores.sort((one, other) => sign * (one.value - other.value) || one.id - other.id);
    return scores.slice(0, k).map(({ id, value }, at) => ({ q, id, rank: at + 1, score: value }));
  });
}

async function frameOf(
  session: InframeSession,
  path: string,
  vectors: readonly Vector[],
  type = 'FLOAT[]',
): Promise<DataFrame> {
  const rows = vectors.map(
    (vector, id) =>
      `(${id}, ${vector === null ? 'NULL' : `[${vector.map(v => (v === null ? 'NULL' : `'${v}'`)).join()}]`}::${type})`,
  );
  await makeFile(path, `SELECT id::INTEGER AS id, v FROM (VALUES ${rows.join()}) t(id, v)`);
  return session.read.parquet(path);
}

interface Case {
  readonly queries: readonly Vector[];
  readonly items: readonly Vector[];
  readonly k: number;
  readonly type?: string;
  /** The SELECT that gives the items; without it they are written out. */
  readonly made?: string;
}

/** Searches by every metric; gives how many networks ran. */
async function check(
  context: TestContext,
  { queries, items, k, type, made }: Case,
  metrics = METRICS,
): Promise<number> {
  const folder = temporaryFolder(context);
  const session = await openSession(context, { workers: 2 });
  const left = (await frameOf(session, join(folder, 'q.parquet'), queries, type)).rename({ id: 'q' });
  const path = join(folder, 'i.parquet');
  const right =
    made === undefined ? await frameOf(session, path, items, type) : session.read.parquet(await makeFile(path, made));
  let networks = 0;
  const onEvent = (event: JobEvent): void => {
    if (event.kind === 'stageStarted' && event.description === 'nearest') networks += 1;
  };
  for (const metric of metrics) {
    const search = left.nearest(right, { k, by: 'v', metric, suffix: '_i', score: 'score' });
    const found = (await search.select('q', 'id', 'rank', 'score').collect({ onEvent })) as unknown as readonly Found[];
    const expected = twoLoops(queries, items, metric, k);
    assert.deepEqual(
      found.map(({ q, id, rank }) => [q, id, rank]),
      expected.map(({ q, id, rank }) => [q, id, rank]),
      metric,
    );
    for (const [at, row] of found.entries()) {
      const wanted = expected[at]!.score;
      assert.ok(
        row.score === wanted || Math.abs(row.score - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted)),
        `${metric}: ${row.score}, ${wanted}`,
      );
    }
  }
  return networks;
}

test('the nearest rows are those of two loops', async context => {
  const queries = [...drawn(1099, 24, 1, fine), null];
  const items = drawn(1000, 24, 2, fine);
  assert.equal(await check(context, { queries, items, k: 3 }), METRICS.length);
});

test('of equally near rows, the first are found: networks cannot tell, and DuckDB does', async context => {
  const [query] = drawn(1, 3, 5, coarse);
  const queries = [...drawn(1100, 3, 3, coarse), query!, [0, 0, 0]];
  assert.equal(await check(context, { queries, items: drawn(1000, 3, 4, coarse), k: 12 }), METRICS.length);
});

test('rows that are nearer than 32 bits can tell are told apart', async context => {
  const draw = generator(9);
  const items = Array.from({ length: 1000 }, () => [1000 + draw() * 1e-9, -1000 + draw() * 1e-9]);
  const queries = items.map(([x, y]) => [x! + 1e-10, y!]).concat(items.slice(0, 100));
  assert.equal(await check(context, { queries, items, k: 2, type: 'DOUBLE[]' }, ['l2']), 1);
});

test('several blocks, the last of them small', async context => {
  const count = 65_536 * 2 + 3;
  const element = (id: number, at: number): number =>
    ((id * 48271 + at * 350377 + id * at * 16807) % 1048573) / 1048576 - 0.5;
  const items = Array.from({ length: count }, (_, id) => [0, 1, 2, 3].map(at => element(id, at)));
  const made = `SELECT id::INTEGER AS id, list_transform(range(4), lambda j:
    ((id * 48271 + j * 350377 + id * j * 16807) % 1048573) / 1048576 - 0.5)::FLOAT[] AS v FROM range(${count}) r(id)`;
  assert.equal(await check(context, { queries: drawn(9, 4, 7, fine), items, made, k: 5 }), 3 * METRICS.length);
});

test('vectors that are null, zero, not finite, or hold a null', async context => {
  const odd: readonly Vector[] = [null, [0, 0], [Number.NaN, 1], [1, null], [3, -2]];
  const infinite: readonly Vector[] = [[Number.POSITIVE_INFINITY, 1]];
  const queries = [...drawn(1100, 2, 8, fine), ...odd, ...infinite, [Math.fround(1e30), Math.fround(1e-30)]];
  // As items, infinite vectors leave the range of a network, but have no direction.
  assert.equal(await check(context, { queries, items: [...odd, ...drawn(1000, 2, 9, fine), ...odd], k: 2 }), 3);
  const items = [...drawn(1000, 2, 10, fine), ...infinite, [1e20, 1e20]];
  assert.equal(await check(context, { queries, items, k: 2, type: 'DOUBLE[]' }), 1);
});

test('vectors of unlike length are compared by DuckDB alone', async context => {
  const items = [...drawn(1000, 3, 11, fine), ...drawn(3, 2, 12, fine)];
  const queries = [...drawn(1100, 3, 13, fine), ...drawn(2, 2, 14, fine)];
  assert.ok((await check(context, { queries, items, k: 2 }, ['cosine'])) <= 1);
  // Where the right vectors are of one length, left ones of another are near to none.
  assert.equal(await check(context, { queries, items: items.slice(0, 1000), k: 2 }, ['cosine']), 1);
});

test('a search between models, with filters, in a job that is written and goes on', async context => {
  const folder = temporaryFolder(context);
  const session = await openSession(context, { workers: 2 });
  const vectors = drawn(1200, 4, 15, fine);
  const left = await frameOf(session, join(folder, 'q.parquet'), vectors);
  const right = await frameOf(session, join(folder, 'i.parquet'), drawn(1000, 4, 16, fine));
  const model = await session.model(await saveModel(folder, 'linear', linear()));
  const scored = left.withColumn('p', model(fn.elementAt(col('v'), 1), fn.elementAt(col('v'), 2)));
  const search = scored
    .filter(col('p').isNotNull())
    .nearest(right, { k: 2, by: 'v', suffix: '_i' })
    .filter(col('id').lt(1190).and(col('rank').eq(2)))
    .withColumn('again', model(fn.elementAt(col('v'), 1), fn.elementAt(col('v'), 2)))
    .select('id', 'id_i', 'p', 'again', 'score');
  const report = await search.write.parquet(join(folder, 'out'));
  assert.equal(report.rows, 1190);
  // Of the search's own networks, the report does not speak.
  assert.equal(report.failedRows + report.nullRows, 0);
  const written = await session.read.parquet(join(folder, 'out')).collect();
  const expected = twoLoops(vectors, drawn(1000, 4, 16, fine), 'cosine', 2).filter(
    ({ q, rank }) => rank === 2 && q < 1190,
  );
  assert.deepEqual(
    written.map(({ id, id_i }) => [id, id_i]),
    expected.map(({ q, id }) => [q, id]),
  );
  for (const row of written) assert.equal(row['p'], row['again']);
  assert.deepEqual(
    readdirSync(join(folder, 'out')).filter(name => name.startsWith('_inframe')),
    readdirSync(join(folder, 'out')).includes('_inframe') ? ['_inframe'] : [],
  );
});

test('a table beside itself, and a search that is stopped', async context => {
  const folder = temporaryFolder(context);
  const session = await openSession(context, { workers: 1 });
  const table = await frameOf(session, join(folder, 't.parquet'), drawn(1100, 3, 17, fine));
  const itself = table.nearest(table, { k: 1, by: 'v', metric: 'l2', suffix: '_other', outer: true });
  const rows = await itself.collect();
  assert.equal(rows.length, 1100);
  assert.ok(rows.every(row => row['id'] === row['id_other'] && row['distance'] === 0 && row['rank'] === 1));
  await assert.rejects(itself.collect({ signal: AbortSignal.abort() }), inframeError('JOB_ABORTED'));
});
