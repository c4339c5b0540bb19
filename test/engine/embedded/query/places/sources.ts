import type { Question } from '../two-ways.js';

/** Model calls over every sort of table, and beside every way to name columns. `{folder}` is where the files lie. */
export const SOURCES: Readonly<Record<string, Question>> = {
  'a star beside the call': { sql: 'SELECT *, m(x, z) AS p FROM t' },
  'a star over a join': { sql: 'SELECT *, m(x, w) AS p FROM t JOIN u ON t.id = u.id' },
  'the star of one table': { sql: 'SELECT u.*, m(t.x, u.w) AS p FROM t JOIN u USING (k)' },
  '* EXCLUDE': { sql: 'SELECT * EXCLUDE (x, l), m(x, z) AS p FROM t' },
  '* REPLACE by a call': { sql: 'SELECT * REPLACE (m(x, z) AS x) FROM t' },
  '* EXCLUDE and REPLACE of one table': {
    sql: 'SELECT a.* EXCLUDE (l) REPLACE (m(a.x, a.z) AS z) FROM t a JOIN u USING (k)',
  },
  '* RENAME': { sql: 'SELECT * RENAME (x AS ex), m(x, z) AS p FROM t' },
  '* LIKE': { sql: `SELECT * LIKE 'n%', m(x, z) AS p FROM t` },
  'COLUMNS as an argument': { sql: `SELECT id, m(COLUMNS('^[xz]$'), 1) FROM t` },
  'COLUMNS beside a call': { sql: `SELECT COLUMNS(c -> c <> 'l'), m(x, z) AS p FROM t` },
  'COLUMNS over a scored table': {
    sql: `SELECT min(COLUMNS('^[pq]$')) FROM (SELECT m(x, z) AS p, n(x, z) AS q FROM t)`,
  },
  'quoted and mixed-case names': {
    sql: `SELECT "Row Id", m("X value", "select") AS "the ""score""" FROM "Mixed Case" WHERE "x VALUE" > 2 AND "it's" <> 'n1'`,
  },
  'names in other cases': {
    sql: 'SELECT ID, M(X, T.Z) AS P FROM T WHERE Pair(x, Z) > 20 ORDER BY p, Id',
    ordered: true,
  },
  'a table with column names': { sql: 'SELECT a, m(c, d) AS p FROM t AS s(a, b, c, d) WHERE m(s.c, s.d) > 20' },
  'a subquery with column names': {
    sql: 'SELECT s.p, m(s.p, 1) AS q FROM (SELECT m(x, z), id FROM t) s(p, i) WHERE i > 3',
  },
  'VALUES as a table': {
    sql: `SELECT name, m(a, b) AS p FROM (VALUES ('r', 1, 2.5), ('s', NULL, 3), ('t', 4, 0)) v(name, a, b)`,
  },
  range: { sql: 'SELECT i, m(i, i % 3) AS p FROM range(5, 50, 5) r(i) WHERE m(i, 0) > 30' },
  'generate_series beside a table': {
    sql: 'SELECT t.id, m(t.x, g.i) AS p FROM t, generate_series(1, 3) g(i) WHERE t.id < 4',
  },
  'unnest as a table': { sql: 'SELECT m(v, 1) AS p FROM unnest([1, 2, NULL, 4]) u(v)' },
  'a struct column whose member is an argument': {
    sql: `SELECT s.id, m(s.v.x, s.v.y.z) AS p FROM (SELECT id, {'x': x, 'y': {'z': z}} AS v FROM t) s`,
  },
  'a list element as argument': { sql: 'SELECT id, m(l[1], l[2]) AS p FROM t' },
  'a list as argument': { sql: 'SELECT id, m(l) AS p, m([x, z]) AS q FROM t WHERE x IS NOT NULL AND z IS NOT NULL' },
  'a table, a column and a model of one name': {
    sql: 'WITH m AS (SELECT id, x AS m, z FROM t) SELECT m, m(m, z) AS p, m.m AS q, m(m.m, m.z) > 20 AS m2 FROM m WHERE m(m, z) > 9',
  },
  'a table without rows': { sql: 'SELECT id, m(x, z) AS p, emb(x) AS e, m2(x) AS s FROM none', empty: true },
  'aggregates over a table without rows': { sql: 'SELECT count(m(x, z)), sum(m(x, z)), m(max(x), count(*)) FROM none' },
  'a join with a table without rows': { sql: 'SELECT t.id, m(t.x, none.z) AS p FROM t LEFT JOIN none USING (id)' },
  'a table of one row': { sql: 'SELECT id, m(x, z) AS p, emb(x)[2] AS e FROM one WHERE m(x, z) > 1' },
  'a condition that no row meets': { sql: 'SELECT id FROM t WHERE m(x, z) > 1000000', empty: true },
  'nulls in arguments': {
    sql: 'SELECT id, m(x, z), pair(x := z, z := x), m2(x), emb(z) FROM t WHERE x IS NULL OR z IS NULL',
  },
  'a file name as a table': { sql: `SELECT id, m(x, z) AS p FROM '{folder}/t.parquet' WHERE m(x, z) > 20` },
  'a file name with an alias': { sql: `SELECT f.id, m(f.x, u.w) AS p FROM '{folder}/t.parquet' f JOIN u USING (id)` },
  'read_parquet with options': {
    sql: `SELECT m(x, file_row_number) AS p, file_row_number FROM read_parquet('{folder}/t.parquet', file_row_number = true)`,
  },
  'several files': { sql: `SELECT id, m(x, z) AS p FROM read_parquet(['{folder}/t.parquet', '{folder}/one.parquet'])` },
  'hive partitions': {
    sql: `SELECT k, sum(m(x, z)) FROM read_parquet('{folder}/parts/**/*.parquet', hive_partitioning = true) GROUP BY k`,
  },
  'a hive partition as argument': { sql: `SELECT id, m(x, k) AS p FROM '{folder}/parts/*/*.parquet' WHERE k = 2` },
  'a CSV file': { sql: `SELECT id, m(x, z) AS p, name FROM '{folder}/t.csv' WHERE m(x, z) > 20` },
  'read_csv with options': {
    sql: `SELECT id, m(x, z) AS p FROM read_csv('{folder}/t.csv', header = true, types = {'x': 'FLOAT'})`,
  },
  'PIVOT of a scored table': {
    sql: `SELECT * FROM (SELECT k, name, m(x, z) AS p FROM t) PIVOT (sum(p) FOR k IN (0, 1, 2, 3)) ORDER BY name`,
    ordered: true,
  },
  'UNPIVOT of scored columns': {
    sql: `SELECT * FROM (SELECT id, m(x, z) AS p, n(x, z) AS q FROM t) UNPIVOT (v FOR what IN (p, q))`,
  },
  'a positional join': { sql: 'SELECT m(a.x, b.w) AS p FROM t a POSITIONAL JOIN u b' },
  'an ASOF join of a scored table': {
    sql: 'SELECT t.id, s.p FROM t ASOF JOIN (SELECT id, m(w, 1) AS p FROM u) s ON t.id >= s.id WHERE m(t.x, s.p) > 20',
  },
};
