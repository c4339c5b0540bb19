import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { duck, makeFile } from '../../../../support/tables.js';

const T = `SELECT i::BIGINT AS id, (i % 4)::INTEGER AS k, CASE WHEN i % 7 <> 3 THEN (i / 2.0)::FLOAT END AS x,
                  CASE WHEN i % 11 <> 5 THEN (i * 5 % 8)::FLOAT END AS z, 'n' || i % 5 AS name,
                  DATE '2024-03-01' + i::INTEGER AS day, [(i % 3)::FLOAT, i::FLOAT] AS l
           FROM range(24) r(i)`;

const U = `SELECT (i * 3)::BIGINT AS id, (i % 5)::INTEGER AS k, CASE WHEN i <> 4 THEN (i / 4.0)::FLOAT END AS w
           FROM range(10) r(i)`;

/**
 * Small tables of every sort for the statements of this folder, as views: `t` and `u` have nulls, `none` has no rows and
 * `one` has one; `scored` and `best` are views with model calls inside, the second over the first. Beside them lie
 * `t.csv` and the folder `parts`, which is partitioned by `k`.
 */
export async function makePlaces(folder: string): Promise<Readonly<Record<string, string>>> {
  await makeFile(join(folder, 't.csv'), `SELECT id, k, x, z, name FROM (${T})`, 'FORMAT csv, HEADER');
  mkdirSync(join(folder, 'parts'));
  await duck(`COPY (${T}) TO '${join(folder, 'parts')}' (FORMAT parquet, PARTITION_BY (k), OVERWRITE_OR_IGNORE)`);
  return {
    t: await makeFile(join(folder, 't.parquet'), T),
    u: await makeFile(join(folder, 'u.parquet'), U),
    none: await makeFile(join(folder, 'none.parquet'), `${T} WHERE i < 0`),
    one: await makeFile(join(folder, 'one.parquet'), `${T} WHERE i = 9`),
    'Mixed Case': await makeFile(
      join(folder, 'mixed.parquet'),
      `SELECT id AS "Row Id", x AS "X value", z AS "select", name AS "it's" FROM (${T})`,
    ),
    scored: 'SELECT *, m(x, z) AS p FROM t',
    best: 'SELECT id, k, p, n(p, 1) AS q FROM scored WHERE p > 20',
  };
}
