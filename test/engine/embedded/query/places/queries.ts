import type { Question } from '../two-ways.js';

/** Model calls in joins, subqueries, common table expressions, set operations and views. */
export const QUERIES: Readonly<Record<string, Question>> = {
  'JOIN ... ON a call of one side': { sql: 'SELECT t.id, u.w FROM t JOIN u ON t.id = u.id AND m(t.x, t.z) > 10' },
  'JOIN ... ON a call of both sides': { sql: 'SELECT t.id, u.id FROM t JOIN u ON t.k = u.k AND m(t.x, u.w) > 10' },
  'JOIN ... ON the equality of two calls': { sql: 'SELECT t.id, u.id AS uid FROM t JOIN u ON m(t.k, 1) = m(u.k, 1)' },
  'JOIN ... ON nothing but a call': { sql: 'SELECT t.id, u.id AS uid FROM t JOIN u ON m(t.z, u.w) > 20' },
  'LEFT JOIN ... ON a call of the left side': {
    sql: 'SELECT t.id, u.w FROM t LEFT JOIN u ON t.id = u.id AND m(t.x, t.z) > 20',
  },
  'LEFT JOIN ... ON a call of the right side': {
    sql: 'SELECT t.id, u.w FROM t LEFT JOIN u ON t.id = u.id AND m(u.w, 1) > 6',
  },
  'LEFT JOIN ... ON a call of both sides': {
    sql: 'SELECT t.id, u.w FROM t LEFT JOIN u ON t.k = u.k AND m(t.x, u.w) > 10',
  },
  'RIGHT and FULL JOIN ... ON a call of one side': {
    sql: `SELECT t.id, u.id AS uid, v.id AS vid FROM t RIGHT JOIN u ON t.id = u.id AND m(t.x, t.z) > 20
          FULL JOIN u v ON v.id = t.id AND m(v.w, 1) > 6`,
  },
  'USING below a call': { sql: 'SELECT id, m(t.x, u.w) AS p FROM t JOIN u USING (id) WHERE m(x, w) > 3' },
  'a USING column as argument': { sql: 'SELECT k, m(k, w) AS p FROM t LEFT JOIN u USING (k)' },
  'FULL JOIN USING below a call of the common column': {
    sql: 'SELECT id, m(id, 1) AS p, x, w FROM t FULL JOIN u USING (id)',
  },
  'NATURAL and CROSS JOIN below a call': {
    sql: 'SELECT m(x, w) AS p, a.v FROM t NATURAL JOIN u, (VALUES (1), (2)) a(v)',
  },
  'SEMI and ANTI JOIN': {
    sql: `SELECT id, m(x, z) AS p FROM t SEMI JOIN u USING (k) ANTI JOIN (SELECT id FROM u WHERE m(w, 1) > 7) v USING (id)`,
  },
  'a self join of scored tables': {
    sql: `SELECT a.id, b.id AS other FROM (SELECT id, k, m(x, z) AS p FROM t) a JOIN (SELECT id, k, n(x, z) AS p FROM t) b
          ON a.k = b.k AND a.p > b.p`,
  },
  'a LATERAL subquery with a call of its own columns': {
    sql: 'SELECT t.id, v.p FROM t, LATERAL (SELECT m(w, 1) AS p FROM u WHERE u.k = t.k) v',
  },
  'unnest laterally, below a call': { sql: 'SELECT id, m(e.v, z) AS p FROM t, unnest(l) AS e(v)' },
  'a call above unnest of the SELECT list': { sql: 'SELECT m(v, z) AS p FROM (SELECT unnest(l) AS v, z FROM t)' },
  CTE: { sql: 'WITH c AS (SELECT id, m(x, z) AS p FROM t) SELECT * FROM c WHERE p > 20' },
  'CTE used twice': {
    sql: 'WITH c AS (SELECT id, k, m(x, z) AS p FROM t) SELECT a.id, b.p FROM c a JOIN c b ON a.k = b.k AND a.id = b.id + 4',
  },
  'CTE, materialized and not': {
    sql: `WITH c AS MATERIALIZED (SELECT id, m(x, z) AS p FROM t), d AS NOT MATERIALIZED (SELECT id, n(p, 1) AS q FROM c)
          SELECT c.id, p, q FROM c JOIN d USING (id)`,
  },
  'CTE with column names': { sql: 'WITH c(i, score) AS (SELECT id, m(x, z) FROM t) SELECT i FROM c WHERE score > 20' },
  'nested CTEs': {
    sql: `WITH a AS (WITH b AS (SELECT id, x, z FROM t WHERE m(x, z) > 10) SELECT id, m(x, z) AS p FROM b)
          SELECT sum(p), count(*) FROM a WHERE n(p, 1) > 100`,
  },
  'CTE that hides a table': {
    sql: 'WITH t AS (SELECT id, m(x, z) AS x FROM t WHERE k = 1) SELECT id, m(x, 0) AS p FROM t',
  },
  'recursive CTE beside': {
    sql: `WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i * 2 FROM r WHERE i < 20)
          SELECT r.i, m(t.x, r.i) AS p FROM r JOIN t ON t.id = r.i`,
  },
  'recursive CTE over a scored CTE': {
    sql: `WITH RECURSIVE c AS (SELECT id, m(k, 0) AS p FROM t WHERE id < 6),
               r AS (SELECT 0::BIGINT AS id, 0::FLOAT AS total UNION ALL SELECT r.id + 1, r.total + c.p FROM r JOIN c USING (id))
          SELECT * FROM r`,
  },
  'subquery in FROM': { sql: 'SELECT k, max(p) FROM (SELECT k, m(x, z) AS p FROM t) s WHERE p < 50 GROUP BY k' },
  'subqueries in subqueries': {
    sql: 'SELECT * FROM (SELECT id, n(p, k) AS q FROM (SELECT id, k, m(x, z) AS p FROM t WHERE z > 1) WHERE p > 9) WHERE q > 90',
  },
  'scalar subquery': { sql: 'SELECT id FROM t WHERE x > (SELECT avg(m(w, 1)) FROM u)' },
  'scalar subquery in the SELECT list': { sql: 'SELECT id, (SELECT max(m(w, 1)) FROM u) AS best, m(x, z) AS p FROM t' },
  'IN (SELECT ...)': { sql: 'SELECT id FROM t WHERE id IN (SELECT id FROM u WHERE m(w, 1) > 6)' },
  'a call IN (SELECT ...) of a call': { sql: 'SELECT id FROM t WHERE m(k, 1) IN (SELECT m(k, 1) FROM u)' },
  'NOT IN (SELECT ...)': { sql: 'SELECT id FROM t WHERE k NOT IN (SELECT k FROM u WHERE m(w, 1) > 8)' },
  'EXISTS (SELECT ...)': { sql: 'SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE m(w, 1) > 6) AND m(x, z) > 40' },
  'ANY and ALL of a subquery': {
    sql: 'SELECT id FROM t WHERE x > ALL (SELECT m(w, 0) FROM u WHERE w < 1) AND m(x, z) > ANY (SELECT m(w, 4) FROM u)',
  },
  'ARRAY (SELECT ...)': {
    sql: 'SELECT id, ARRAY(SELECT m(w, 1) FROM u WHERE w > 1 ORDER BY id) AS a FROM t WHERE id < 3',
  },
  'subqueries in columns that have no name': {
    sql: 'SELECT (SELECT max(m(w, 1)) FROM u), id IN (SELECT id FROM scored WHERE p > 20), EXISTS (FROM u WHERE m(w, 1) > 99) FROM t',
  },
  'correlated scalar subquery, the call over inner columns': {
    sql: 'SELECT id, (SELECT max(m(u.w, 1)) FROM u WHERE u.k = t.k) AS best FROM t',
  },
  'correlated EXISTS, the call over inner columns': {
    sql: 'SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.k = t.k AND m(u.w, u.k) > 12)',
  },
  'correlated IN, the call over inner columns': {
    sql: 'SELECT id FROM t WHERE 1 IN (SELECT u.k FROM u WHERE u.id <= t.id AND m(w, 1) > 5)',
  },
  'a call outside, of a correlated subquery': {
    sql: 'SELECT id, m((SELECT max(u.w) FROM u WHERE u.k = t.k), z) AS p FROM t',
  },
  'UNION ALL': { sql: 'SELECT m(x, z) AS p FROM t UNION ALL SELECT m(w, 1) FROM u' },
  UNION: { sql: 'SELECT m(k, 1) AS p FROM t UNION SELECT m(k, 1) FROM u' },
  'UNION BY NAME': { sql: 'SELECT id, m(x, z) AS p FROM t UNION ALL BY NAME SELECT m(w, 1) AS p, k FROM u' },
  'INTERSECT and INTERSECT ALL': {
    sql: '(SELECT m(k, 1) AS p FROM t INTERSECT ALL SELECT m(k, 1) FROM u) UNION ALL (SELECT m(k, 2) FROM t INTERSECT SELECT m(k, 2) FROM u)',
  },
  'EXCEPT and EXCEPT ALL': {
    sql: '(SELECT m(k, 1) AS p FROM t EXCEPT ALL SELECT m(k, 1) FROM u) UNION ALL (SELECT m(k, 1) FROM u EXCEPT SELECT m(k, 1) FROM t)',
  },
  'a set operation of calls with types that meet': {
    sql: 'SELECT m(x, z) AS p FROM t UNION ALL SELECT 1.5 UNION ALL SELECT id FROM u',
  },
  'LIMIT in the parts of a set operation': {
    sql: '(SELECT m(k, z) AS p FROM t ORDER BY p LIMIT 3) UNION ALL (SELECT m(k, w) FROM u ORDER BY 1 DESC LIMIT 2)',
  },
  'above a set operation': { sql: 'SELECT m(a, 1) AS p FROM (SELECT x AS a FROM t UNION SELECT w FROM u)' },
  'a view with a call inside': { sql: 'SELECT id, p FROM scored WHERE p > 20' },
  'a view of a view with calls inside': { sql: 'SELECT k, sum(q), count(*) FROM best GROUP BY k' },
  'a call on top of a view with calls': { sql: 'SELECT id, m(p, q) AS r FROM best WHERE m(p, q) > 500' },
  'a view joined to what it is of': {
    sql: 'SELECT t.id, scored.p, m(t.x, t.z) AS again FROM scored JOIN t USING (id) WHERE p > 30',
  },
};
