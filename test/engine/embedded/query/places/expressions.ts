import type { Question } from '../two-ways.js';

/** A model call inside every sort of expression, and every sort of expression inside a model call. */
export const EXPRESSIONS: Readonly<Record<string, Question>> = {
  CASE: {
    sql: `SELECT id, CASE WHEN m(x, z) > 30 THEN 'high' WHEN k = 1 THEN name ELSE m(x, 0)::VARCHAR END AS c FROM t`,
  },
  'CASE of the call': { sql: `SELECT CASE m(k, 1) WHEN 5 THEN 'five' WHEN 7 THEN 'seven' END AS c, id FROM t` },
  'COALESCE and NULLIF': { sql: 'SELECT id, coalesce(m(x, z), m(k, 0), -1) AS p, nullif(m(k, 1), 5) FROM t' },
  'IS DISTINCT FROM, boolean tests, negation': {
    sql: 'SELECT id, m(x, z) IS DISTINCT FROM n(x, z) AS d, (m(x, z) > 20) IS TRUE AS h, -m(x, z), NOT m(x, z) > 3 FROM t',
  },
  'IN a list of calls and BETWEEN two calls': {
    sql: 'SELECT id, 21 IN (m(x, z), 4, m(k, 1)) AS i, 20 BETWEEN m(x, 0) AND n(z, k) AS b, [m(x, z), n(z, 1)] AS l FROM t',
  },
  'casts and text of the call': {
    sql: `SELECT id, m(x, z)::INTEGER, 'p = ' || m(x, z), CAST(n(x, z) AS DECIMAL(9, 2)) AS d FROM t`,
  },
  'functions of the call': {
    sql: 'SELECT id, greatest(m(x, z), n(x, 0)), round(sqrt(m(x, z)), 6), m(x, z) IN (1, 5) FROM t',
  },
  'inside aggregates': {
    sql: 'SELECT k, sum(m(x, z)), avg(m(x, z)), count(m(x, z)), min(n(x, z)), count(*) FROM t GROUP BY k',
  },
  'inside an aggregate with DISTINCT': { sql: 'SELECT count(DISTINCT m(k, 1)), sum(DISTINCT m(k, k)) FROM t' },
  'inside an aggregate with FILTER': {
    sql: 'SELECT k, sum(x) FILTER (WHERE m(x, z) > 20), count(*) FILTER (m(x, z) IS NULL) FROM t GROUP BY k',
  },
  'inside an aggregate with ORDER BY': {
    sql: `SELECT k, list(id ORDER BY m(x, z) DESC NULLS LAST, id), string_agg(name, ',' ORDER BY n(x, z), id),
                 list(m(x, z) ORDER BY id), arg_max(name, m(x, id)) FROM t GROUP BY k`,
  },
  'over aggregates': { sql: 'SELECT k, m(avg(x), max(z)) AS p FROM t GROUP BY k' },
  'over aggregates of the whole table': { sql: 'SELECT m(sum(x), count(*)) AS p, max(id) FROM t' },
  'over and inside aggregates': { sql: 'SELECT k, m(max(m(x, z)), min(n(x, z))) AS p FROM t GROUP BY k' },
  'an aggregate with FILTER as argument': { sql: 'SELECT m(sum(x) FILTER (WHERE k > 1), k) AS p, k FROM t GROUP BY k' },
  'argument of a window': {
    sql: 'SELECT id, sum(m(x, z)) OVER (ORDER BY id) AS s, lag(m(x, z), 2) OVER (ORDER BY id) FROM t',
  },
  'PARTITION BY of a window': { sql: 'SELECT id, count(*) OVER (PARTITION BY m(k, 1)) AS c FROM t' },
  'ORDER BY of a window': { sql: 'SELECT id, row_number() OVER (PARTITION BY k ORDER BY m(x, z), id) AS r FROM t' },
  'frame and FILTER of a window': {
    sql: `SELECT id, avg(m(x, z)) FILTER (WHERE n(x, z) > 30) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING) AS a FROM t`,
  },
  'over a window': { sql: 'SELECT id, m(lag(x) OVER (ORDER BY id), z) AS p FROM t' },
  'over a window that reads no column': {
    sql: 'SELECT id, m(count(*) OVER (), 0) AS p, m(rank() OVER (ORDER BY 1), 2) AS q FROM t',
  },
  'over windows inside windows of calls': {
    sql: 'SELECT id, m(sum(m(x, z)) OVER (PARTITION BY k ORDER BY id), row_number() OVER (ORDER BY id)) AS p FROM t',
  },
  'a window over an aggregate of the call': {
    sql: 'SELECT k, sum(m(x, z)) AS s, rank() OVER (ORDER BY sum(m(x, z)) DESC) AS r FROM t GROUP BY k',
  },
  'nested calls': { sql: 'SELECT id, m(m(x, z), z) AS p, m(n(x, m(z, 1)), m2(x).a) AS q FROM t' },
  'nested calls, thrice': { sql: 'SELECT id FROM t WHERE m(m(m(x, 0), 0), z) > 60' },
  'named arguments': { sql: 'SELECT id, pair(x := x, z := z) AS p, pair(z := k, x := m(x, z)) AS q FROM t' },
  'no arguments: columns of the names of the inputs': {
    sql: 'SELECT id, pair() AS p FROM t WHERE pair() > 20',
    plainSql: 'SELECT id, pair(x, z) AS p FROM t WHERE pair(x, z) > 20',
  },
  'arguments by position of a model of two inputs': { sql: 'SELECT id, pair(x, z) AS p FROM t' },
  'a member of a struct result': { sql: `SELECT id, m2(x).a, m2(x)['b'], m2(z).b + 1 AS c FROM t WHERE m2(x).b > 3` },
  'a struct result whole': { sql: 'SELECT id, m2(x) AS s FROM t' },
  'all members of a struct result': { sql: 'SELECT id, unnest(m2(x)) FROM t WHERE x IS NOT NULL' },
  'a member of a struct result under an alias': { sql: 'SELECT id, m2(x) AS s, (s).a + (s).b AS ab FROM t' },
  'an element of a list result': {
    sql: 'SELECT id, emb(x)[1] AS first, emb(x)[-1] AS last, emb(x)[2:3] AS rest FROM t',
  },
  'a list result whole, and unnested': { sql: 'SELECT id, emb(x) AS e, unnest(emb(z)::FLOAT[]) AS v FROM t' },
  'functions of a list result': {
    sql: 'SELECT id, list_sum(emb(x)), array_distance(emb(x), emb(z)) AS d, len(emb(x)), list_contains(emb(x), 2) FROM t',
  },
  'a lambda over a list result': { sql: 'SELECT id, list_transform(emb(x), lambda v: v * 2 + k) AS e FROM t' },
  'a lambda whose parameter has the name of a column': {
    sql: 'SELECT id, list_filter(emb(z)::FLOAT[], lambda x: x > 2) AS e, m(x, z) AS p FROM t',
  },
  'constants as arguments': { sql: 'SELECT id, m(1, 2) AS p, m(x, 2.5) AS q, m(x, -1) AS r, m(NULL, z) AS s FROM t' },
  'constants only, without a table': { sql: 'SELECT m(1, 2) AS p, m2(3).b AS q, emb(1 + 1)[2] AS r' },
  'expressions as arguments': {
    sql: 'SELECT id, m(x + z, abs(k - 2) * 2) AS p, m(CASE WHEN k = 1 THEN x ELSE z END, length(name)) AS q FROM t',
  },
  'casts of arguments': {
    sql: `SELECT id, m(x::DOUBLE, id::TINYINT) AS p, m(CAST(k AS VARCHAR)::DECIMAL(4, 1), k > 1) AS q FROM t`,
  },
  'conditions and dates of arguments': {
    sql: `SELECT id, m(k = 1, day(day)) AS p, m(coalesce(x, z, 0), day - DATE '2024-03-01') AS q FROM t`,
  },
  'scalar subqueries as the only arguments': {
    sql: 'SELECT id, m((SELECT count(*) FROM u), (SELECT max(w) FROM u)) AS p FROM t',
  },
  'a scalar subquery as argument': { sql: 'SELECT id, m(x, (SELECT max(w) FROM u)) AS p FROM t' },
  'a parameter ?': { sql: 'SELECT id, m(x, z) AS p FROM t WHERE m(x, z) > ? AND k < ?', params: [12, 3] },
  'a parameter as argument': { sql: 'SELECT id, m(x, ?::FLOAT) AS p FROM t WHERE id > ?', params: [2, 4] },
  'parameters $1 twice': {
    sql: 'SELECT id FROM t WHERE m($1::INTEGER, z) > 10 AND k <> $2 AND id > $1',
    params: [1, 2],
  },
  'parameters by name': {
    sql: 'SELECT id, m(x, z) AS p FROM t WHERE m(x, z) > $low AND name <> $name',
    params: { low: 12, name: 'n1' },
  },
  'macros of SQL beside the call: TRY_CAST, EXTRACT, INTERVAL': {
    sql: `SELECT id, extract(day FROM day) + m(x, z) AS p, day + INTERVAL 1 DAY AS next, TRY_CAST(name AS INTEGER) AS nothing FROM t`,
  },
};
