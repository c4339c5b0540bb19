import { operations, query, refuses } from '../declare.js';
import { boolean, date, float32, float64, int32, int64, int128, list, string, struct, table } from '../types.js';

const t = table({
  id: int64(1, 2, 3, 4, 5),
  g: string('a', 'b', 'a', null, 'b'),
  x: float32(1, 2, 0.5, 4, null),
  d: date('2024-01-01', '2024-01-02', '2024-02-01', null, '2023-12-31'),
  l: list(int64)([1, 2], [], null, [3], [4, null]),
});
const u = table({ id: int64(1, 1, 3, 9), w: float64(10, 20, 30, 40) });
const tree = table({ node: int64(1, 2, 3, 4), parent: int64(null, 1, 1, 3) });

export const QUERIES = operations(
  'SQL queries',
  { t, u, tree },
  {
    'sql: SELECT and WHERE': query("SELECT id, x * 2 AS y FROM t WHERE g = 'a'", { id: int64(1, 3), y: float32(2, 1) }),
    'sql: rows of one table in its order': query(
      'SELECT id FROM t WHERE id <> 2',
      { id: int64(1, 3, 4, 5) },
      { ordered: true },
    ),
    'sql: DISTINCT': query('SELECT DISTINCT g FROM t', { g: string('a', 'b', null) }),
    'sql: ORDER BY, LIMIT and OFFSET': query(
      'SELECT id FROM t ORDER BY x DESC NULLS LAST LIMIT 2 OFFSET 1',
      { id: int64(2, 1) },
      { ordered: true },
    ),
    'sql: ORDER BY, nulls last': query('SELECT id FROM t ORDER BY x', { id: int64(3, 1, 2, 4, 5) }, { ordered: true }),
    'sql: CASE': query(
      "SELECT CASE WHEN x > 1 THEN 'more' WHEN x <= 1 THEN 'less' END AS y FROM t",
      {
        y: string('less', 'more', 'less', 'more', null),
      },
      { ordered: true },
    ),
    'sql: three-valued NOT IN': query('SELECT id FROM t WHERE id NOT IN (SELECT parent FROM tree)', { id: int64() }),
    'sql: GROUP BY': query('SELECT g, count(*) AS n, sum(x) AS x FROM t GROUP BY g', {
      g: string('a', 'b', null),
      n: int64(2, 2, 1),
      x: float64(1.5, 2, 4),
    }),
    'sql: HAVING': query('SELECT g FROM t GROUP BY g HAVING count(x) > 1', { g: string('a') }),
    'sql: FILTER of an aggregate': query('SELECT count(*) FILTER (WHERE x >= 1) AS n FROM t', { n: int64(3) }),
    'sql: GROUPING SETS': query('SELECT g, count(*) AS n, grouping(g) AS k FROM t GROUP BY GROUPING SETS ((g), ())', {
      g: string('a', 'b', null, null),
      n: int64(2, 2, 1, 5),
      k: int64(0, 0, 0, 1),
    }),
    'sql: ROLLUP': query('SELECT g, sum(id) AS s FROM t WHERE g IS NOT NULL GROUP BY ROLLUP (g)', {
      g: string('a', 'b', null),
      s: int128(4, 7, 11),
    }),
    'sql: inner join': query('SELECT t.id, w FROM t JOIN u ON t.id = u.id', {
      id: int64(1, 1, 3),
      w: float64(10, 20, 30),
    }),
    'sql: left join': query('SELECT t.id, w FROM t LEFT JOIN u USING (id) WHERE t.id < 4', {
      id: int64(1, 1, 2, 3),
      w: float64(10, 20, null, 30),
    }),
    'sql: full join': query('SELECT id, w, g FROM t FULL JOIN u USING (id) WHERE w IS NULL OR g IS NULL', {
      id: int64(2, 4, 5, 9),
      w: float64(null, null, null, 40),
      g: string('b', null, 'b', null),
    }),
    'sql: cross join': query('SELECT count(*) AS n FROM t, u', { n: int64(20) }),
    'sql: a table with itself': query(
      'SELECT a.node, b.parent FROM tree a JOIN tree b ON a.parent = b.node WHERE a.node > 2',
      {
        node: int64(3, 4),
        parent: int64(null, 1),
      },
    ),
    'sql: UNION': query('SELECT id FROM t WHERE id < 4 UNION SELECT id FROM u', { id: int64(1, 2, 3, 9) }),
    'sql: UNION ALL': query('SELECT id FROM t WHERE id < 2 UNION ALL SELECT id FROM u', { id: int64(1, 1, 1, 3, 9) }),
    'sql: INTERSECT and EXCEPT': query('(SELECT id FROM t INTERSECT SELECT id FROM u) EXCEPT SELECT 3', {
      id: int64(1),
    }),
    'sql: a subquery in FROM': query('SELECT max(y) AS y FROM (SELECT x + 1 AS y FROM t) s', { y: float32(5) }),
    'sql: a scalar subquery': query('SELECT id FROM t WHERE x = (SELECT max(x) FROM t)', { id: int64(4) }),
    'sql: a correlated subquery': query(
      'SELECT id, (SELECT sum(w) FROM u WHERE u.id = t.id) AS w FROM t WHERE id < 4',
      {
        id: int64(1, 2, 3),
        w: float64(30, null, 30),
      },
    ),
    'sql: EXISTS': query('SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.id)', { id: int64(1, 3) }),
    'sql: IN a subquery': query('SELECT id FROM t WHERE id IN (SELECT id FROM u)', { id: int64(1, 3) }),
    'sql: a lateral subquery': query(
      'SELECT t.id, m.w FROM t, LATERAL (SELECT max(w) AS w FROM u WHERE u.id = t.id) m WHERE m.w IS NOT NULL',
      { id: int64(1, 3), w: float64(20, 30) },
    ),
    'sql: WITH': query(
      'WITH big AS (SELECT * FROM t WHERE x >= 1) SELECT a.id FROM big a JOIN big b ON a.id = b.id + 1',
      {
        id: int64(2),
      },
    ),
    'sql: WITH RECURSIVE': query(
      `WITH RECURSIVE below(node) AS (SELECT 3::BIGINT UNION ALL SELECT tree.node FROM tree JOIN below ON tree.parent = below.node)
     SELECT node FROM below`,
      { node: int64(3, 4) },
    ),
    'sql: windows': query(
      'SELECT id, row_number() OVER (PARTITION BY g ORDER BY id) AS n, sum(x) OVER (PARTITION BY g) AS s FROM t',
      { id: int64(1, 2, 3, 4, 5), n: int64(1, 1, 2, 1, 2), s: float64(1.5, 2, 1.5, 4, 2) },
    ),
    'sql: QUALIFY': query('SELECT g, id FROM t QUALIFY row_number() OVER (PARTITION BY g ORDER BY id DESC) = 1', {
      g: string('a', 'b', null),
      id: int64(3, 5, 4),
    }),
    'sql: VALUES': query("SELECT * FROM (VALUES (1, 'a'), (2, NULL)) v(n, s)", {
      n: int32(1, 2),
      s: string('a', null),
    }),
    'sql: unnest': query('SELECT id, unnest(l) AS e FROM t', { id: int64(1, 1, 4, 5, 5), e: int64(1, 2, 3, 4, null) }),
    'sql: lambdas': query('SELECT list_transform(l, lambda e: e * id) AS y FROM t WHERE id <> 2', {
      y: list(int64)([1, 2], null, [12], [20, null]),
    }),
    'sql: structs': query("SELECT {'n': id, 'g': g} AS y FROM t WHERE id = 1", {
      y: struct({ n: int64, g: string })({ n: 1, g: 'a' }),
    }),
    'sql: dates': query("SELECT id FROM t WHERE d BETWEEN DATE '2024-01-01' AND DATE '2024-01-31' AND month(d) = 1", {
      id: int64(1, 2),
    }),
    'sql: LIKE and ILIKE': query("SELECT id FROM t WHERE g LIKE 'a%' OR g ILIKE 'B'", { id: int64(1, 2, 3, 5) }),
    'sql: PIVOT': query("PIVOT (SELECT id > 2 AS late, g FROM t) ON g IN ('a', 'b') USING count(*) GROUP BY late", {
      late: boolean(false, true),
      a: int64(1, 1),
      b: int64(1, 1),
    }),
    'sql: UNPIVOT': query('UNPIVOT (SELECT id, 2 * id AS twice FROM t WHERE id < 3) ON id, twice INTO NAME n VALUE v', {
      n: string('id', 'twice', 'id', 'twice'),
      v: int64(1, 2, 2, 4),
    }),
    'sql: parameters by position': query(
      'SELECT id FROM t WHERE id > ? AND g = $2',
      { id: int64(3) },
      { params: [1, 'a'] },
    ),
    'sql: parameters by name': query(
      'SELECT id + $more AS y FROM t WHERE g = $g',
      { y: int64(3, 6) },
      { params: { more: 1, g: 'b' } },
    ),
    'sql: a parameter is never text of the statement': query(
      'SELECT id FROM t WHERE g = ?',
      { id: int64() },
      {
        params: ["a' OR 'a' = 'a"],
      },
    ),
    'sql: a column that is not there': refuses('SELECT idd FROM t', 'COLUMN_NOT_FOUND'),
    'sql: a table that is not there': refuses('SELECT * FROM nowhere', 'TABLE_NOT_FOUND'),
    'sql: a syntax error': refuses('SELECT FROM WHERE', 'STATEMENT_INVALID'),
    'sql: two statements': refuses('SELECT 1; SELECT 2', 'ARGUMENT_INVALID'),
  },
);

/** 2x + 4 id + 1 */
const scores = float32(7, 13, 14, 25, null);

export const MODEL_QUERIES = operations(
  'Models in SQL',
  { t, u },
  {
    'sql model: SELECT list': query('SELECT m(x, id) AS y FROM t', { y: scores }, { ordered: true }),
    'sql model: by names': query(
      'SELECT pair(b := id, a := x).sum AS y FROM t',
      { y: float32(2, 4, 3.5, 8, null) },
      { ordered: true },
    ),
    'sql model: a constant for an input, for the other the column of its name': query(
      'SELECT pair(b := 1).difference AS y FROM (SELECT x AS a FROM t)',
      {
        y: float32(0, 1, -0.5, 3, null),
      },
    ),
    'sql model: a list in the result': query('SELECT pair(x, id).both[1] AS y FROM t WHERE id < 3', {
      y: float32(1, 2),
    }),
    'sql model: WHERE': query('SELECT id FROM t WHERE m(x, id) > 13', { id: int64(3, 4) }),
    'sql model: in CASE': query('SELECT CASE WHEN id > 3 THEN m(x, id) ELSE 0 END AS y FROM t', {
      y: float32(0, 0, 0, 25, null),
    }),
    'sql model: GROUP BY': query('SELECT m(x, id) > 13 AS high, count(*) AS n FROM t GROUP BY high', {
      high: boolean(false, true, null),
      n: int64(2, 2, 1),
    }),
    'sql model: in an aggregate': query('SELECT g, max(m(x, id)) AS y FROM t GROUP BY g', {
      g: string('a', 'b', null),
      y: float32(14, 13, 25),
    }),
    'sql model: HAVING, of aggregates': query('SELECT g FROM t GROUP BY g HAVING m(max(x), min(id)) > 7', {
      g: string('b', null),
    }),
    'sql model: ORDER BY': query(
      'SELECT id FROM t ORDER BY m(x, id) DESC NULLS LAST',
      { id: int64(4, 3, 2, 1, 5) },
      { ordered: true },
    ),
    'sql model: QUALIFY': query('SELECT id FROM t QUALIFY rank() OVER (ORDER BY m(x, id) DESC NULLS LAST) <= 2', {
      id: int64(3, 4),
    }),
    'sql model: in a window': query('SELECT id, sum(m(x, id)) OVER (PARTITION BY g) AS y FROM t', {
      id: int64(1, 2, 3, 4, 5),
      y: float64(21, 13, 21, 25, 13),
    }),
    'sql model: JOIN ... ON': query('SELECT t.id, w FROM t JOIN u ON t.id = u.id AND m(t.x, u.w) > 60', {
      id: int64(1, 3),
      w: float64(20, 30),
    }),
    'sql model: in WITH and a subquery': query(
      'WITH s AS (SELECT id, m(x, id) AS y FROM t) SELECT id FROM s WHERE y = (SELECT max(m(x, id)) FROM t)',
      { id: int64(4) },
    ),
    'sql model: in a set operation': query(
      'SELECT m(x, id) AS y FROM t WHERE id = 1 UNION ALL SELECT m(w, id) FROM u WHERE id = 9',
      {
        y: float32(7, 117),
      },
    ),
    'sql model: of a model': query('SELECT m(m(x, id), id) AS y FROM t WHERE id = 1', { y: float32(19) }),
    'sql model: of constants': query('SELECT m(1, 2) AS y', { y: float32(11) }),
    'sql model: LIMIT': query('SELECT m(x, id) AS y FROM t LIMIT 2', { y: float32(7, 13) }, { ordered: true }),
    'sql model: in a correlated subquery over its own rows': query(
      'SELECT id, (SELECT max(m(w, 0)) FROM u WHERE u.id = t.id) AS y FROM t WHERE id < 4',
      { id: int64(1, 2, 3), y: float32(41, null, 61) },
    ),
    'sql model: over columns of a subquery and of the query around it': query(
      'SELECT id, (SELECT max(m(u.w, t.x)) FROM u WHERE u.id = t.id) AS y FROM t WHERE id < 4',
      { id: int64(1, 2, 3), y: float32(45, null, 63) },
    ),
    'sql model: in the recursive part of WITH RECURSIVE': query(
      'WITH RECURSIVE r(y) AS (SELECT 1::FLOAT UNION ALL SELECT m(y, 0) FROM r WHERE y < 10) SELECT y FROM r',
      { y: float32(1, 3, 7, 15) },
    ),
    'sql model: over the elements of a list': query(
      'SELECT list_transform(l, lambda e: m(e, 0)) AS y FROM t WHERE id = 1',
      {
        y: list(float32)([3, 5]),
      },
    ),
    'sql model: in VALUES': query('SELECT y FROM (VALUES (m(1, 2)), (m(0, 0))) v(y)', { y: float32(11, 1) }),
    'sql model: in the arguments of a table function': query('SELECT i FROM range(m(1, 0)::INTEGER) r(i)', {
      i: int64(0, 1, 2),
    }),
  },
);
