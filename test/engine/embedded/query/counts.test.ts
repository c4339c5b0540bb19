import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DataFrame, JobReport, RunOptions } from '../../../../src/index.js';
import { LINEAR } from '../../../support/models.js';
import { makeFile, numbersSql } from '../../../support/tables.js';
import { assertAgrees, setUpTwoWays } from './two-ways.js';

/* A model sees only the rows that are wanted, and each once. How many those are is counted here with arithmetic. */

const ROWS = 10_000;

const ways = setUpTwoWays(async folder => ({
  t: await makeFile(join(folder, 't.parquet'), numbersSql(ROWS)),
  // Every hundredth row of t has one here, and one in two of them is flagged.
  u: await makeFile(
    join(folder, 'u.parquet'),
    'SELECT (i * 100)::BIGINT AS id, i % 2 = 0 AS flag, i::FLOAT AS w FROM range(100) r(i)',
  ),
  v: 'SELECT *, m(x, z) AS p FROM t',
}));

const ids = Array.from({ length: ROWS }, (_, id) => id);
const answer = (id: number): number => LINEAR.a * (id / 8) + LINEAR.c * (id % 7) + LINEAR.b;

async function reportOf(run: (options: RunOptions) => Promise<unknown>): Promise<JobReport> {
  let report: JobReport | undefined;
  await run({
    onEvent: event => {
      if (event.kind === 'jobFinished') report = event.report;
    },
  });
  assert.ok(report !== undefined, 'a job that ends says so');
  return report;
}

function collecting(frame: DataFrame): Promise<JobReport> {
  return reportOf(options => frame.collect(options));
}

/** Statements, and how many rows are scored for each, all models together. */
const COUNTS: Readonly<Record<string, { readonly sql: string; readonly scored: number; readonly ordered?: boolean }>> =
  {
    'a cheap condition before the model': {
      sql: 'SELECT count(*) FROM t WHERE id < 1000 AND m(x, z) > 100',
      scored: 1000,
    },
    'a cheap condition behind the model': {
      sql: "SELECT count(*) FROM t WHERE m(x, z) > 100 AND name LIKE '%7' AND z = 3",
      scored: ids.filter(id => id % 10 === 7 && id % 7 === 3).length,
    },
    'a cheap condition outside a scored subquery': {
      sql: 'SELECT count(*) FROM (SELECT id, m(x, z) AS p FROM t) WHERE p > 100 AND id BETWEEN 2000 AND 2999',
      scored: 1000,
    },
    'a cheap condition on a view with a call': {
      sql: 'SELECT count(*), max(p) FROM v WHERE p > 100 AND id % 4 = 1',
      scored: 2500,
    },
    'a cheap condition with a subquery': {
      sql: 'SELECT id, m(x, z) AS p FROM t WHERE m(x, z) > 10 AND id IN (SELECT id FROM u)',
      scored: 100,
    },
    'ORDER BY a column and LIMIT': {
      sql: 'SELECT id, m(x, z) AS p FROM t ORDER BY id DESC LIMIT 20',
      scored: 20,
      ordered: true,
    },
    'LIMIT below the call': { sql: 'SELECT m(x, z) AS p FROM (SELECT * FROM t ORDER BY z, id LIMIT 30)', scored: 30 },
    'ORDER BY the call and LIMIT, behind a cheap condition': {
      sql: 'SELECT id FROM t WHERE id >= 9000 ORDER BY m(x, z) DESC, id LIMIT 5',
      scored: 1000,
      ordered: true,
    },
    'equal calls': {
      sql: `SELECT id, m(x, z), m(x, z) * 2 AS q, M(t.x, t.z) AS r FROM t
          WHERE id < 500 AND m(x, z) > 10 ORDER BY m(x, z) DESC, id`,
      scored: 500,
      ordered: true,
    },
    'a call in SELECT and WHERE': { sql: 'SELECT id, m(x, z) AS p FROM t WHERE m(x, z) > 300', scored: ROWS },
    'equal calls over a view with that call': { sql: 'SELECT id, m(x, z) + p AS q FROM v WHERE id < 70', scored: 70 },
    'two models in one WHERE: the second sees what passed the first': {
      sql: 'SELECT id FROM t WHERE id < 4000 AND m(x, z) > 900 AND n(x, z) > 3900',
      scored: 4000 + ids.filter(id => id < 4000 && answer(id) > 900).length,
    },
    'a model over the rows that another let pass, in a subquery': {
      sql: 'SELECT id, n(x, z) AS q FROM (SELECT * FROM t WHERE m(x, z) > 2400)',
      scored: ROWS + ids.filter(id => answer(id) > 2400).length,
    },
    'a call over both sides of a join': {
      sql: 'SELECT t.id FROM t JOIN u ON t.id = u.id WHERE u.flag AND t.id < 5000 AND m(t.x, u.w) > 10',
      scored: 25,
    },
    'a call over one side of a join': {
      sql: 'SELECT t.id FROM t JOIN u ON t.id = u.id WHERE u.flag AND t.id < 5000 AND m(t.x, t.z) > 10',
      scored: 25,
    },
    'a call in ON, beside cheap conditions': {
      sql: 'SELECT t.id FROM t JOIN u ON t.id = u.id AND u.flag AND m(u.w, 1) > 10',
      scored: 50,
    },
    'the call of a group': { sql: 'SELECT z, m(avg(x), count(*)) AS p FROM t GROUP BY z', scored: 7 },
    'the call of a group that a cheap HAVING lets pass': {
      sql: 'SELECT z FROM t GROUP BY z HAVING z >= 5 AND m(min(x), z) > 1',
      scored: 2,
    },
    'a call whose result nobody asks for': { sql: 'SELECT count(*) FROM (SELECT id, m(x, z) AS p FROM t)', scored: 0 },
    'a view whose call nobody asks for': { sql: 'SELECT id, name FROM v WHERE z = 1', scored: 0 },
    'a call with constant arguments': { sql: 'SELECT id, m(1, 2) + x AS p FROM t', scored: 1 },
    'a call in a scalar subquery': {
      sql: 'SELECT id FROM t WHERE x > (SELECT max(m(w, 0)) FROM u WHERE flag)',
      scored: 50,
    },
    'a CTE used twice': {
      sql: `WITH c AS (SELECT id, m(x, z) AS p FROM t WHERE id < 300)
          SELECT a.id FROM c a JOIN c b ON a.id = b.id + 1 WHERE a.p > b.p`,
      scored: 300,
    },
    'the parts of a set operation': {
      sql: 'SELECT m(x, z) AS p FROM t WHERE id < 10 UNION ALL SELECT m(w, 1) FROM u WHERE flag',
      scored: 60,
    },
    'no row passes the cheap condition': { sql: 'SELECT count(*) FROM t WHERE id < 0 AND m(x, z) > 1', scored: 0 },
  };

for (const [name, { sql, scored, ordered = false }] of Object.entries(COUNTS)) {
  test(`${name}: ${scored} rows`, async () => {
    const { scoredRows } = await collecting(ways.session.sql(sql));
    assert.equal(scoredRows, scored, sql);
    await assertAgrees(ways, { sql, ordered });
  });
}

test('LIMIT 20 without ORDER BY scores one batch at most', async () => {
  const report = await collecting(ways.session.sql('SELECT id, m(x, z) AS p FROM t LIMIT 20'));
  assert.equal(report.modelRuns, 1);
  assert.ok(report.scoredRows <= 1024, `${report.scoredRows} rows`);
  await assertAgrees(ways, { sql: 'SELECT id, m(x, z) AS p FROM t LIMIT 20', ordered: true });
});

test('count() of a statement scores what its conditions need', async () => {
  const filtered = ways.session.sql('SELECT id, n(x, z) AS q FROM t WHERE id < 1000 AND m(x, z) > 100');
  assert.equal((await reportOf(options => filtered.count(options))).scoredRows, 1000);
  assert.equal(await filtered.count(), ids.filter(id => id < 1000 && answer(id) > 100).length);
  const plain = ways.session.sql('SELECT id, n(x, z) AS q FROM t WHERE id < 1000');
  assert.equal((await reportOf(options => plain.count(options))).scoredRows, 0);
  assert.equal(await plain.count(), 1000);
});
