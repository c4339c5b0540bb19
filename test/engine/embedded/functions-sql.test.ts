import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { udf } from '../../../src/index.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { duck, makeFile, numbersSql } from '../../support/tables.js';

/* Registered functions in SQL. */

test('a registered function is called in SQL, by position and by name', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 2 });
  const file = await makeFile(join(folder, 'rows.parquet'), numbersSql(5000));
  const split = udf({ inputs: ['string'], output: { word: 'string', number: 'int32' } }, ([text]) => ({
    word: text.map(each => each.split(' ')[0]!),
    number: text.map(each => Number(each.split(' ')[1])),
  }));
  const times = udf({ inputs: { x: 'float64', z: 'float64' }, output: 'float64', name: 'times' }, ({ x, z }) =>
    x.map((value, row) => value * z[row]!),
  );
  session.register('times', times);
  session.register('split_name', split);
  const rows = await session
    .sql(
      `SELECT id, times(x, z) AS a, times(z := x, x := z + 1) AS b, split_name(name).number AS n
       FROM '${file}' WHERE times(x, z) > 10 ORDER BY times(x, z) DESC, id LIMIT 3`,
    )
    .collect();
  // 6 * x is largest where id % 7 is 6.
  const wanted = [4997, 4990, 4983].map(id => ({ id: BigInt(id), a: (id / 8) * 6, b: (id / 8) * 7, n: id }));
  assert.deepEqual(rows, wanted);
  const sums = await session
    .sql(`SELECT split_name(name).word AS w, sum(times(x, z)) AS s FROM '${file}' GROUP BY w`)
    .collect();
  const [[sum]] = (await duck(`SELECT sum(x::DOUBLE * z) FROM '${file}'`)) as [[number]];
  assert.deepEqual(sums, [{ w: 'name', s: sum }]);
});

test('in SQL too, a call that is not deterministic is neither merged nor moved', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1 });
  const file = await makeFile(join(folder, 'rows.parquet'), numbersSql(4000));
  const draw = udf({ inputs: ['float64'], output: 'float64', deterministic: false }, ([x]) =>
    x.map(() => Math.random()),
  );
  session.register('draw', draw);
  const pairs = await session.sql(`SELECT draw(1) AS a, draw(1) AS b FROM '${file}'`).collect();
  assert.equal(new Set(pairs.flatMap(row => [row['a'], row['b']])).size, 8000);
  const kept = await session
    .sql(`SELECT a, a + a AS b FROM (SELECT draw(x) AS a FROM '${file}') WHERE a >= 0.5`)
    .collect();
  assert.ok(kept.length > 0 && kept.length < 4000);
  assert.ok(kept.every(row => Number(row['a']) >= 0.5 && row['b'] === Number(row['a']) * 2));
});
