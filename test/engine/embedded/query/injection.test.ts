import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quote, quoteText } from '../../../../src/connectors/duckdb/quote.js';
import { answerOf } from './answers.js';
import { makePlaces } from './places/tables.js';
import { assertAgrees, setUpTwoWays } from './two-ways.js';

/* Values are bound and names are quoted: text in them stays text, whatever it looks like. */

const ways = setUpTwoWays(makePlaces);

const HOSTILE = [
  "n1' OR '1' = '1",
  "'; DROP VIEW t; --",
  "n1'; SELECT m(1, 2); --",
  'm(x, z)',
  '$1',
  '?',
  '"; DROP VIEW t; --',
  "\\'; --",
  "''",
  '/* */ -- \n',
  '__inframe_hole_0_',
  '%s {x}',
  '',
];

async function assertUntouched(): Promise<void> {
  await assertAgrees(ways, { sql: 'SELECT id, m(x, z) AS p FROM t' });
}

test('a text given for a parameter is compared, not read', async () => {
  for (const text of HOSTILE) {
    const params = [text];
    await assertAgrees(ways, { sql: 'SELECT id FROM t WHERE name = ? AND m(x, z) > 1', params, empty: true });
    await assertAgrees(ways, { sql: 'SELECT id, m(x, z) AS p, $1 AS given FROM t WHERE m(x, z) > 1', params });
    await assertAgrees(ways, {
      sql: `SELECT CASE WHEN m(x, z) > 20 THEN $text || name ELSE $text END AS c, count(*) FROM t GROUP BY ALL`,
      params: { text },
    });
    await assertAgrees(ways, { sql: 'SELECT m(length(?), z) AS p FROM t', params });
  }
  await assertUntouched();
});

test('a text in the statement that looks like a call, a parameter or a comment is a text', async () => {
  for (const text of HOSTILE) {
    await assertAgrees(ways, { sql: `SELECT id, m(x, z) AS p, ${quoteText(text)} AS given FROM t WHERE m(x, z) > 1` });
  }
});

test('names of columns, tables and results are quoted wherever they go', async () => {
  for (const [index, text] of HOSTILE.filter(name => name !== '').entries()) {
    const column = quote(text);
    const view = quote(`${text} ${index}`);
    const define = `CREATE VIEW ${view} AS SELECT id, x AS ${column}, z FROM t`;
    await ways.session.execute(define);
    await ways.oracle.run(define);
    await assertAgrees(ways, {
      sql: `SELECT v.id, m(v.${column}, z) AS ${quote(`p ${text}`)}, max(${column}) OVER () AS ${column}
            FROM ${view} v WHERE m(${column}, z) > 10`,
    });
    await assertAgrees(ways, { sql: `SELECT * REPLACE (m(${column}, 1) AS ${column}) FROM ${view} AS ${quote(text)}` });
  }
  await assertUntouched();
});

test('a text is no name: a parameter cannot name a column', async () => {
  const frame = ways.session.sql('SELECT count(*) AS n FROM t WHERE $1 = name', ['name']);
  assert.deepEqual((await answerOf(frame)).rows, [[0n]]);
});
