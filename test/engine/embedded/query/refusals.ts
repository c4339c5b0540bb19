import type { Refusal } from './two-ways.js';

/** Calls of models where no row is there to score, or not yet: the sentence says where. */
export const MISPLACED: Readonly<Record<string, Refusal>> = {
  'a call in a correlated scalar subquery that reads outer columns': {
    sql: 'SELECT id, (SELECT max(m(u.w, t.x)) FROM u) AS best FROM t',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'the SELECT list', 'line 1, column'],
  },
  'a call in a correlated EXISTS that reads outer columns': {
    sql: 'SELECT id FROM t\nWHERE EXISTS (SELECT 1 FROM u\n  WHERE u.k = t.k AND m(u.w, t.x) > 3)',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'WHERE', 'line 3, column'],
  },
  'a call in a lateral subquery that reads outer columns': {
    sql: 'SELECT t.id, v.p FROM t, LATERAL (SELECT m(u.w, t.x) AS p FROM u WHERE u.k = t.k) v',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'"],
  },
  'a call two subqueries deep that reads the outermost': {
    sql: 'SELECT id FROM t WHERE k IN (SELECT k FROM u WHERE u.w < (SELECT max(m(v.w, t.x)) FROM u v))',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'"],
  },
  'a call of the aggregates of a correlated subquery': {
    sql: 'SELECT id, (SELECT m(max(w), count(*)) FROM u WHERE u.k = t.k) AS p FROM t',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'correlated subquery', 'groups', 'line 1, column 20'],
  },
  'a call of a window of a correlated subquery': {
    sql: 'SELECT id, id IN (SELECT m(row_number() OVER (ORDER BY id), 0) FROM u WHERE u.k = t.k) AS found FROM t',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'correlated subquery', 'window', 'line 1, column 26'],
  },
  'a call in HAVING of a correlated subquery': {
    sql: 'SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.k = t.k GROUP BY id % 2 HAVING m(max(w), 0) > 3)',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'correlated subquery', 'groups'],
  },
  'a call in the recursive part of a CTE': {
    sql: `WITH RECURSIVE r(i) AS (SELECT 1::FLOAT UNION ALL SELECT m(i, 0) FROM r WHERE i < 100) SELECT i FROM r`,
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'recursive'],
  },
  'a call over the recursive table, joined': {
    sql: `WITH RECURSIVE r AS (SELECT 0::BIGINT AS id UNION ALL
            SELECT t.id + 1 FROM r JOIN t ON t.id = r.id AND m(t.x, r.id) < 100) SELECT * FROM r`,
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'recursive'],
  },
  "a call in a table function's argument": {
    sql: 'SELECT i FROM range(m(1, 2)::INTEGER) r(i)',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'table function'],
  },
  "a call in a lateral table function's argument": {
    sql: 'SELECT t.id, r.i FROM t, range(m(t.k, 0)::INTEGER) r(i)',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'table function'],
  },
  'a call over the parameter of a lambda': {
    sql: 'SELECT id, list_transform(l, lambda v: m(v, z)) FROM t',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'lambda'],
  },
  'DISTINCT on a model': {
    sql: 'SELECT m(DISTINCT x, z) FROM t',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'DISTINCT'],
  },
  'FILTER on a model': {
    sql: 'SELECT m(x, z) FILTER (WHERE k = 1) FROM t',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'FILTER'],
  },
  'ORDER BY inside a model': {
    sql: 'SELECT m(x, z ORDER BY id) FROM t',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'ORDER BY'],
  },
  'OVER on a model': {
    sql: 'SELECT m(x, z) OVER (PARTITION BY k) FROM t',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'OVER', 'avg(m('],
  },
  'a model as a table': { sql: 'SELECT * FROM m(1, 2)', code: 'MODEL_CALL_MISPLACED', words: ["model 'm'"] },
  // A star alone in parentheses is nothing to DuckDB's parser, as in count(*): inputs are then matched by name.
  'a star as argument': { sql: 'SELECT m(*) FROM t', code: 'COLUMN_NOT_FOUND', words: ["input 'in'", "model 'm'"] },
  'a star among the arguments': {
    sql: 'SELECT m(x, t.*) FROM t',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'star'],
  },
  'a call in VALUES': {
    sql: 'SELECT a + 1 FROM (VALUES (m(1, 2)), (m(3, 4))) v(a)',
    code: 'MODEL_CALL_MISPLACED',
    words: ["call of model 'm'", 'VALUES', 'line 1, column 28'],
  },
  'a call of an aggregate in WHERE': {
    sql: 'SELECT id FROM t WHERE m(avg(x), 1) > 3',
    code: 'EXPRESSION_INVALID',
    words: ['WHERE', 'aggregate'],
  },
  'a call inside an aggregate in GROUP BY': {
    sql: 'SELECT count(*) FROM t GROUP BY sum(m(x, z))',
    code: 'EXPRESSION_INVALID',
    words: ['GROUP BY', 'aggregate'],
  },
  'a call of a window inside an aggregate': {
    sql: 'SELECT sum(m(rank() OVER (ORDER BY x), 1)) FROM t',
    code: 'EXPRESSION_INVALID',
    words: ['aggregate', 'window'],
  },
  'a call of a column that is not grouped': {
    sql: 'SELECT k, m(x, z) FROM t GROUP BY k',
    code: 'EXPRESSION_INVALID',
    words: ['GROUP BY'],
  },
  'a call of a window in WHERE': {
    sql: 'SELECT id FROM t WHERE m(row_number() OVER (), 1) > 3',
    code: 'EXPRESSION_INVALID',
    words: ['WHERE', 'window'],
  },
};

/** Calls whose arguments do not fit the model. */
export const WRONG_ARGUMENTS: Readonly<Record<string, Refusal>> = {
  'a text as argument': {
    sql: 'SELECT m(x, name) FROM t',
    code: 'TYPE_MISMATCH',
    words: ["column 'name' is string", "input 'in'", 'cast it'],
  },
  'a date as argument, in WHERE': {
    sql: 'SELECT id FROM t WHERE m(day, z) > 1',
    code: 'TYPE_MISMATCH',
    words: ["column 'day' is date", "input 'in'"],
  },
  'a text of an expression as argument': {
    sql: `SELECT m(x, name || 'a') FROM t`,
    code: 'TYPE_MISMATCH',
    words: ['string', "input 'in'"],
  },
  'a struct result as argument': {
    sql: 'SELECT m(m2(x), z) FROM t',
    code: 'TYPE_MISMATCH',
    words: ['struct<a: float32, b: float32>', "input 'in'"],
  },
  'too few arguments': {
    sql: 'SELECT m(x) FROM t',
    code: 'SHAPE_MISMATCH',
    words: ["input 'in'", '2 values', 'given 1'],
  },
  'too many arguments': {
    sql: 'SELECT k FROM t GROUP BY k HAVING max(m(x, z, id)) > 1',
    code: 'SHAPE_MISMATCH',
    words: ["input 'in'", '2 values', 'given 3'],
  },
  'too few arguments of a model of two inputs': {
    sql: 'SELECT pair(x) FROM t',
    code: 'SHAPE_MISMATCH',
    words: ["model 'pair'", '2 inputs', '1 argument'],
  },
  'an argument under a name that is no input': {
    sql: 'SELECT pair(x := x, y := z) FROM t',
    code: 'ARGUMENT_INVALID',
    words: ["input 'y'", "model 'pair'", "'x'", "'z'"],
  },
  'an argument given twice': {
    sql: 'SELECT pair(x := x, x := z) FROM t',
    code: 'ARGUMENT_INVALID',
    words: ["input 'x'"],
  },
  'arguments by name and by position': {
    sql: 'SELECT pair(x, z := z) FROM t',
    code: 'ARGUMENT_INVALID',
    words: ['pair', 'by name', 'by position'],
  },
  'a member that the struct result does not have': {
    sql: 'SELECT m2(x).c FROM t',
    code: 'EXPRESSION_INVALID',
    words: ['"c"'],
  },
  'arithmetic on a struct result': { sql: 'SELECT m2(x) + 1 FROM t', code: 'EXPRESSION_INVALID', words: ['STRUCT'] },
};

/** Names that are not there, texts that are no statement, and values that are not given. */
export const UNKNOWN: Readonly<Record<string, Refusal>> = {
  'a model that is not registered': {
    sql: 'SELECT pairs(x, z) FROM t',
    code: 'FUNCTION_NOT_FOUND',
    words: ["'pairs'", "did you mean 'pair'?"],
  },
  'a model that is not registered, in WHERE of a subquery': {
    sql: 'SELECT id FROM t WHERE id IN (SELECT id FROM u WHERE embd(w)[1] > 3)',
    code: 'FUNCTION_NOT_FOUND',
    words: ["'embd'", "did you mean 'emb'?"],
  },
  'a column that is not there': {
    sql: 'SELECT nme FROM t',
    code: 'COLUMN_NOT_FOUND',
    words: ["column 'nme'", "did you mean 'name'?"],
  },
  'a column that is not there, as argument': {
    sql: 'SELECT id, m(x, zz) FROM t',
    code: 'COLUMN_NOT_FOUND',
    words: ["column 'zz'"],
  },
  'a column of a table that is not in FROM': {
    sql: 'SELECT m(x, v.z) FROM t',
    code: 'COLUMN_NOT_FOUND',
    words: ['v'],
  },
  'a column that two tables have': {
    sql: 'SELECT m(k, w) FROM t JOIN u ON t.id = u.id',
    code: 'EXPRESSION_INVALID',
    words: ['k'],
  },
  'a table that is not there': {
    sql: 'SELECT m(x, z) FROM scord',
    code: 'TABLE_NOT_FOUND',
    words: ["'scord'", "did you mean 'scored'?"],
  },
  'a table that is not there, in a subquery': {
    sql: 'SELECT id FROM t WHERE id IN (SELECT id FROM nowhere)',
    code: 'TABLE_NOT_FOUND',
    words: ["'nowhere'"],
  },
  'a file that is not there': {
    sql: "SELECT m(x, z) FROM '{folder}/absent.parquet'",
    code: 'SOURCE_NOT_FOUND',
    words: ['absent.parquet'],
  },
  'a syntax error': {
    sql: 'SELECT id,\n  m(x, z) AS p\nFROM t WHER id > 3',
    code: 'STATEMENT_INVALID',
    words: ['line 3, column'],
  },
  'a parenthesis that stays open': {
    sql: 'SELECT m(x, z FROM t',
    code: 'STATEMENT_INVALID',
    words: ['line 1, column'],
  },
  'a quote that stays open': {
    sql: "SELECT id FROM t WHERE name = 'n1",
    code: 'STATEMENT_INVALID',
    words: ['line 1, column'],
  },
  'several statements': {
    sql: 'SELECT 1; SELECT m(1, 2)',
    code: 'ARGUMENT_INVALID',
    words: ['2 statements', 'execute'],
  },
  'no statement': { sql: ' -- nothing\n ;', code: 'STATEMENT_INVALID', words: ['statement is empty'] },
  'a parameter without a value': {
    sql: 'SELECT m(x, $2) FROM t WHERE id > $1',
    params: [1],
    code: 'ARGUMENT_INVALID',
    words: ['$2'],
  },
  'a value without a parameter': { sql: 'SELECT m(x, z) FROM t', params: [1], code: 'ARGUMENT_INVALID', words: ['$1'] },
  'a parameter of another name': {
    sql: 'SELECT id FROM t WHERE m(x, z) > $low',
    params: { lo: 1 },
    code: 'ARGUMENT_INVALID',
    words: ['$low', '$lo'],
  },
  'a parameter in place of a table': {
    sql: 'SELECT * FROM ?',
    params: ['t'],
    code: 'STATEMENT_INVALID',
    words: ['line 1'],
  },
  'columns of a set operation that do not match': {
    sql: 'SELECT id, m(x, z) FROM t UNION ALL SELECT id FROM u',
    code: 'EXPRESSION_INVALID',
    words: ['columns'],
  },
};
