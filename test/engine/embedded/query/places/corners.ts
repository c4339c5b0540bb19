import type { Question } from '../two-ways.js';

/** Where scopes and names meet: subqueries over joins, columns that joins share, aliases that columns have too. */
export const CORNERS: Readonly<Record<string, Question>> = {
  'correlated subquery over a join, the call over one of its tables': {
    sql: 'SELECT id, (SELECT max(m(u.w, 1)) FROM u JOIN u v ON u.id = v.id WHERE u.k = t.k) AS best FROM t',
  },
  'correlated subquery over a join, the call over both of its tables': {
    sql: 'SELECT id FROM t WHERE id IN (SELECT v.id FROM u JOIN u v USING (k) WHERE u.k = t.k AND m(u.w, v.w) > 3)',
  },
  'correlated LATERAL subquery over a join': {
    sql: 'SELECT t.id, q.p FROM t, LATERAL (SELECT m(u.w, v.z) AS p FROM u JOIN t v USING (id) WHERE u.k = t.k) q',
  },
  'correlated subquery over an outer join': {
    sql: 'SELECT id, (SELECT sum(m(u.w, v.w)) FROM u LEFT JOIN u v ON u.id = v.k WHERE u.k = t.k) AS total FROM t',
  },
  'a derived table inside a correlated subquery, the call outside': {
    sql: `SELECT id, m(x, z) AS p, m((SELECT max(c) FROM (SELECT w AS c FROM u WHERE u.k = t.k) q), 1) AS q FROM t
          WHERE x > (SELECT min(c) FROM (SELECT w AS c FROM u WHERE u.k = t.k AND w IS NOT NULL) q)`,
  },
  'a derived table inside a correlated subquery, the call inside': {
    sql: 'SELECT id, (SELECT max(c) FROM (SELECT m(u.w, 1) AS c FROM u WHERE u.id = t.x * 2) q) AS best FROM t',
  },
  'correlated subquery over an anti join, without a call': {
    sql: 'SELECT id, (SELECT max(u.id) FROM u ANTI JOIN u v ON u.w = v.k WHERE u.k = t.k) AS last FROM t',
  },
  'correlated subquery over an anti join with a scored view': {
    sql: 'SELECT id FROM u WHERE EXISTS (SELECT 1 FROM t ANTI JOIN best ON t.id = best.id WHERE t.k = u.k)',
  },
  'correlated subquery over a semi and a full join with a scored view': {
    sql: `SELECT id, (SELECT count(*) FROM t SEMI JOIN scored s ON t.id = s.id AND s.p > 20 WHERE t.k = u.k) AS a,
                 (SELECT count(s.p) FROM t FULL JOIN scored s ON t.id = s.id + 20 WHERE t.k = u.k) AS b FROM u`,
  },
  'scalar subquery as the only argument': { sql: 'SELECT m((SELECT count(*) FROM u), 0) AS p FROM t' },
  'a struct result of constants beside GROUP BY': { sql: 'SELECT m2(1).b AS p, k FROM t GROUP BY k' },
  'a call of constants beside GROUP BY, not selected': { sql: 'SELECT m2(1).b AS p FROM t GROUP BY k' },
  'alias of a call that a grouped column has too': { sql: 'SELECT m(max(x), 1) AS k FROM t GROUP BY k' },
  'alias beside a call that a grouped column has too': {
    sql: 'SELECT max(x) AS k, m(1, count(*)) AS p FROM t GROUP BY k',
  },
  'alias of a call that a column in HAVING has too': {
    sql: 'SELECT k, m(max(x), 1) AS z FROM t GROUP BY k HAVING max(z) > 5 AND m(max(z), 0) > 1',
  },
  'the common column of each side of a RIGHT JOIN USING': {
    sql: 'SELECT id, u.id AS uid, t.id AS tid, m(t.x, 1) AS p FROM u RIGHT JOIN t USING (id)',
  },
  'the common column of each side of a FULL JOIN USING': {
    sql: 'SELECT id, u.k AS uk, u.id AS uid, t.id AS tid, m(u.w, 1) AS p, m(u.id, t.id) AS q FROM u FULL JOIN t USING (id)',
  },
  'the star of each side of a LEFT JOIN USING': {
    sql: 'SELECT u.*, t.* EXCLUDE (l), m(t.x, 1) AS p FROM t LEFT JOIN u USING (id)',
  },
  'a star above a semi join with a call and a join by a common column': {
    sql: 'SELECT * EXCLUDE (l), m(a.k, 1) AS p FROM t a SEMI JOIN scored s ON a.k = s.id AND m(s.p, 1) > 3 LEFT JOIN u USING (id)',
  },
  'a common column of three tables': {
    sql: 'SELECT r.i FROM range(3) r(i) JOIN range(9) q(i) USING (i) JOIN scored s ON q.i = s.id WHERE m(1, s.k) > 7',
  },
  'a macro of SQL over columns of a JOIN USING': {
    sql: 'SELECT nullif(m(0, u.id), t.id) AS c FROM u LEFT JOIN t USING (id)',
  },
  'a name in ON that a table joined later has too': {
    sql: 'SELECT r.i FROM range(9) r(i) JOIN (VALUES (1, 3), (2, 6)) v(id, w) ON id < m(r.i, i) JOIN u ON v.w = u.id',
  },
  'a lambda in ON whose parameter has the name of a column': {
    sql: `SELECT t.id, rank() OVER (ORDER BY m(t.x, t.k), t.id) AS r
          FROM t, (VALUES (0, 1), (1, 2)) a(id, v) JOIN u ON t.id = u.id AND list_sum(list_transform(emb(1), lambda v: v + v)) < u.id`,
  },
  'a lambda whose parameter has the name of a key of GROUP BY': {
    sql: 'SELECT list_sum(list_transform(emb(count(*)), lambda k: k + k)) AS e, k FROM t GROUP BY k',
  },
  'a call of both sides of a RIGHT JOIN, and one of constants in the ANTI JOIN above': {
    sql: `SELECT t.id FROM u RIGHT JOIN t ON u.id = t.id AND m(t.k, u.id) > 3
          ANTI JOIN t v ON t.k = v.id AND m2(1).b IS NULL`,
  },
  'a call of constants in a RIGHT JOIN above an ANTI JOIN': {
    sql: 'SELECT r.i, u.id FROM range(1, 8) r(i) ANTI JOIN t ON r.i = t.k RIGHT JOIN u ON r.i = u.id AND m(1, 1) > r.i',
  },
  'a call in an inner join below a left join': {
    sql: 'SELECT t.id, v.w FROM t JOIN u ON t.k = u.k AND m(t.x, u.w) > 10 LEFT JOIN u v ON v.id = t.id',
  },
  'SEMI and ANTI JOIN ... ON a call of both sides': {
    sql: `SELECT t.id FROM t SEMI JOIN u ON t.k = u.k AND m(t.x, u.w) > 10
          UNION ALL SELECT t.id FROM t ANTI JOIN u ON t.k = u.k AND m(t.x, u.w) > 10`,
  },
  'RIGHT and FULL JOIN ... ON a call of both sides': {
    sql: `SELECT t.id, u.id AS uid FROM t RIGHT JOIN u ON t.k = u.k AND m(t.x, u.w) > 10
          UNION ALL SELECT t.id, u.id FROM t FULL JOIN u ON t.k = u.k AND m(t.x, u.w) > 10`,
  },
};
