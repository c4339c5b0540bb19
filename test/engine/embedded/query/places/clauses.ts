import type { Question } from '../two-ways.js';

/** A model call in every clause of a SELECT. */
export const CLAUSES: Readonly<Record<string, Question>> = {
  'SELECT list': { sql: 'SELECT id, m(x, z) AS p FROM t' },
  'SELECT list, without a name': { sql: 'SELECT m(x, z), m(x, z) + 1, -n(x, 2) FROM t' },
  'SELECT list alone, twice': { sql: 'SELECT m(x, z) AS a, m(x, z) AS b FROM t' },
  'alias used again in the same SELECT': {
    sql: 'SELECT id, m(x, z) AS p, p * 2 AS twice, p + id AS sum FROM t WHERE p > 9',
  },
  'alias that hides a column': {
    sql: 'SELECT id, m(x, z) AS x, x AS again FROM t WHERE x > 3 ORDER BY id',
    ordered: true,
  },
  'FROM first': { sql: 'FROM t SELECT id, m(x, z) WHERE m(x, z) < 30' },
  'FROM alone, over a scored subquery': { sql: 'FROM (SELECT m(x, z) AS p, * FROM t)' },
  WHERE: { sql: 'SELECT id FROM t WHERE m(x, z) > 20' },
  'WHERE under OR and NOT': { sql: 'SELECT id FROM t WHERE NOT (m(x, z) > 20 OR k = 1) OR n(x, z) IS NULL' },
  'WHERE ... BETWEEN, IN and IS NULL': {
    sql: `SELECT id FROM t WHERE m(x, z) BETWEEN 5 AND 40 AND m(x, 0)::INTEGER % 10 IN (1, 3, 5) OR m(x, z) IS NULL`,
  },
  'WHERE of an alias': { sql: 'SELECT id, m(x, z) AS score FROM t WHERE score > 20 AND k <> 2' },
  'GROUP BY expression': { sql: 'SELECT m(k, 1), count(*) FROM t GROUP BY m(k, 1)' },
  'GROUP BY expression that holds the call': {
    sql: 'SELECT m(x, z) > 20 AS high, sum(id) FROM t GROUP BY m(x, z) > 20',
  },
  'GROUP BY alias': { sql: 'SELECT floor(m(x, z) / 10) AS band, count(*), min(name) FROM t GROUP BY band' },
  'GROUP BY position': { sql: 'SELECT m(k, 1) AS p, count(*) AS n FROM t GROUP BY 1' },
  'GROUP BY ALL': { sql: 'SELECT m(k, 1) AS p, name, max(x) FROM t GROUP BY ALL' },
  'GROUP BY ALL with an aggregate of the call': { sql: 'SELECT k, sum(m(x, z)), count(*) FROM t GROUP BY ALL' },
  'GROUP BY a call that is not selected': { sql: 'SELECT count(*) AS n, max(id) FROM t GROUP BY m(k, k)' },
  'GROUPING SETS with the call': {
    sql: 'SELECT m(k, 1) AS p, name, count(*), grouping(m(k, 1)) FROM t GROUP BY GROUPING SETS ((m(k, 1)), (name), ())',
  },
  'ROLLUP and CUBE': { sql: 'SELECT m(k, 0) AS p, name, sum(m(x, z)) FROM t GROUP BY CUBE (p, name)' },
  'HAVING of the call of an aggregate': { sql: 'SELECT k FROM t GROUP BY k HAVING m(avg(x), max(z)) > 41' },
  'HAVING of an aggregate of the call': { sql: 'SELECT k, count(*) FROM t GROUP BY k HAVING max(m(x, z)) > 45' },
  'HAVING of the call of a group key': { sql: 'SELECT k, sum(x) FROM t GROUP BY k HAVING m(k, 1) > 5' },
  'HAVING without GROUP BY': { sql: 'SELECT sum(id) FROM t HAVING avg(m(x, z)) > 1' },
  'HAVING of an alias': { sql: 'SELECT k, avg(m(x, z)) AS score FROM t GROUP BY k HAVING score > 20' },
  'ORDER BY the call': { sql: 'SELECT id, x FROM t ORDER BY m(x, z) DESC NULLS FIRST, id', ordered: true },
  'ORDER BY an expression of the call': {
    sql: 'SELECT id FROM t ORDER BY m(x, z)::INTEGER % 7 NULLS LAST, -m(x, 0) NULLS LAST, id',
    ordered: true,
  },
  'ORDER BY alias': { sql: 'SELECT id, m(x, z) AS p FROM t ORDER BY p NULLS LAST, id', ordered: true },
  'ORDER BY position': { sql: 'SELECT m(x, z), id FROM t ORDER BY 1 DESC, 2', ordered: true },
  'ORDER BY ALL': { sql: 'SELECT m(k, z), id FROM t ORDER BY ALL', ordered: true },
  'ORDER BY in a set operation': {
    sql: 'SELECT id, m(x, z) AS p FROM t UNION ALL SELECT id, w FROM u ORDER BY p DESC NULLS LAST, id',
    ordered: true,
  },
  'ORDER BY an aggregate of the call': {
    sql: 'SELECT name FROM t GROUP BY name ORDER BY sum(m(x, z)) DESC, name',
    ordered: true,
  },
  QUALIFY: {
    sql: 'SELECT id, k FROM t QUALIFY row_number() OVER (PARTITION BY k ORDER BY m(x, z) DESC NULLS LAST, id) <= 2',
  },
  'QUALIFY by the call itself': {
    sql: 'SELECT id, rank() OVER (ORDER BY id) AS r FROM t QUALIFY m(x, z) > 20 AND r > 5',
  },
  'QUALIFY by a call of a window': { sql: 'SELECT id FROM t QUALIFY m(lag(x) OVER (ORDER BY id), z) > 20' },
  DISTINCT: { sql: 'SELECT DISTINCT m(k, 1), name FROM t' },
  'DISTINCT with ORDER BY': { sql: 'SELECT DISTINCT m(k, 1) AS p FROM t ORDER BY p DESC', ordered: true },
  'DISTINCT ON the call': { sql: 'SELECT DISTINCT ON (m(k, 1)) id, k FROM t ORDER BY m(k, 1), id DESC', ordered: true },
  'DISTINCT ON a column, ordered by the call': {
    sql: 'SELECT DISTINCT ON (k) k, id, m(x, z) AS p FROM t ORDER BY k, p DESC NULLS LAST, id',
    ordered: true,
  },
  'LIMIT without ORDER BY': { sql: 'SELECT id, m(x, z) FROM t LIMIT 5', ordered: true },
  'LIMIT and OFFSET': {
    sql: 'SELECT id, m(x, z) AS p FROM t ORDER BY p NULLS LAST, id LIMIT 5 OFFSET 3',
    ordered: true,
  },
  'LIMIT of a condition on the call': { sql: 'SELECT id FROM t WHERE m(x, z) > 20 LIMIT 4', ordered: true },
  'LIMIT in per cent': { sql: 'SELECT id FROM t ORDER BY m(k, z) NULLS LAST, id LIMIT 25%', ordered: true },
  'LIMIT by a subquery with a call': {
    sql: 'SELECT id FROM t ORDER BY id LIMIT (SELECT min(m(x, z))::INTEGER + 2 FROM t)',
    ordered: true,
  },
  'the named window of a WINDOW clause': {
    sql: `SELECT id, sum(m(x, z)) OVER w AS s, rank() OVER (w ORDER BY id) AS r FROM t
          WINDOW w AS (PARTITION BY m(k, 1) > 4)`,
  },
};
