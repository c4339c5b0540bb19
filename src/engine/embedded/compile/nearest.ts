import { quote } from '../../../connectors/duckdb/quote.js';
import type { Metric } from '../../../frame/plan-verbs.js';
import type { NearestRelation } from '../../../frame/relation.js';
import { inlineInputs } from '../query/statement.js';

/*
 * The nearest rows as SELECTs, in which tables stand under the names below, each once and with an alias (T1 in
 * query/statement.ts). Vectors are compared in 64 bits, as `cosine`, `dot` and `l2` do it.
 */

export const LEFT = '__inframe_left_rows';
export const RIGHT = '__inframe_right_rows';
/** Of each left row, right rows that may be near. */
export const CANDIDATES = '__inframe_candidates';
/** Pairs of row numbers that are in the result, with place and score. */
export const FOUND = '__inframe_found';

/** What is nearest has the greatest of these. */
const NEARNESS: Readonly<Record<Metric, string>> = { cosine: 'score', dot: 'score', l2: '-score' };

/** The whole search as one SELECT: every pair is compared, and of each left row the best are kept as they come by. */
export function nearestSql(relation: NearestRelation, left: string, right: string): string {
  const text = `WITH own AS MATERIALIZED (SELECT * FROM ${LEFT} AS t), other AS MATERIALIZED (SELECT * FROM ${RIGHT} AS t),
    found AS (${everyPairText(relation, 'own', 'other')})
    ${resultText(relation, 'own', 'other', 'found')}`;
  return inlineInputs(text, [LEFT, RIGHT], [left, right]);
}

/** A table's row numbers `n` and vectors `v`, in 64 bits; rows whose vector is null or holds one are left out. */
export function vectorsText(relation: NearestRelation, side: 0 | 1, table: string): string {
  const vector = `CAST(t.${quote(relation.vectors[side])} AS DOUBLE[])`;
  return `SELECT t.${quote(relation.numbers[side])} AS n, ${vector} AS v FROM ${table} AS t
    WHERE ${vector} IS NOT NULL AND list_position(${vector}, NULL) IS NULL`;
}

/**
 * Pairs `a`, `b` of row numbers with `place` and `score`, of all pairs there are. Vectors are materialized once they are
 * clean: DuckDB would refuse a vector for the nulls of those that have been left out beside it.
 */
export function everyPairText(relation: NearestRelation, left: string, right: string): string {
  const { metric } = relation;
  const known = (name: string, side: 0 | 1, table: string): string => `
    ${name}_vectors AS MATERIALIZED (${vectorsText(relation, side, table)}),
    ${name} AS MATERIALIZED (SELECT n, v, len(v) AS size, sqrt(list_dot_product(v, v)) AS length FROM ${name}_vectors),`;
  const value: Readonly<Record<Metric, string>> = {
    cosine: 'list_dot_product(a.v, b.v) / (a.length * b.length)',
    dot: 'list_dot_product(a.v, b.v)',
    l2: 'list_distance(a.v, b.v)',
  };
  const score = metric === 'cosine' ? 'CASE WHEN isfinite(x) THEN greatest(-1, least(1, x)) END' : 'x';
  return `WITH ${known('lefts', 0, left)}${known('rights', 1, right)}
    pairs AS (SELECT a, b, ${score} AS score FROM (
      SELECT a.n AS a, b.n AS b, CASE WHEN a.size = b.size THEN ${value[metric]} END AS x FROM lefts a CROSS JOIN rights b)),
    best AS (${bestText(relation, 'pairs')})
    ${placesText('best')}`;
}

/** Of each left row the best, as a list. Of equally near right rows the one of the lower number goes first. */
function bestText({ metric, k }: NearestRelation, pairs: string): string {
  return `SELECT a, max_by({b: b, score: score}, {nearness: ${NEARNESS[metric]}, first: -b}, ${k}) AS best
      FROM ${pairs} WHERE NOT isnan(score) GROUP BY a`;
}

function placesText(best: string): string {
  return `SELECT a, pair.b AS b, place, pair.score AS score FROM (
      SELECT a, unnest(best) AS pair, CAST(generate_subscripts(best, 1) AS INTEGER) AS place FROM ${best})`;
}

/** The rows of both tables beside each other. @param found a table of pairs with place and score */
export function resultText(relation: NearestRelation, left: string, right: string, found: string): string {
  const { inputs, numbers, rank, score, outer } = relation;
  const columns = [
    ...inputs[0].schema.names.map(name => `a.${quote(name)}`),
    ...inputs[1].schema.names.map(name => `b.${quote(name)}`),
    `f.place AS ${quote(rank)}`,
    `f.score AS ${quote(score)}`,
  ];
  const how = outer ? 'LEFT' : 'INNER';
  const [own, other] = numbers.map(name => quote(name));
  return `SELECT ${columns.join(', ')} FROM ${left} AS a ${how} JOIN ${found} AS f ON a.${own} = f.a
    ${how} JOIN ${right} AS b ON f.b = b.${other} ORDER BY a.${own}, f.place`;
}

/** What is known of the right vectors that candidates were chosen from. */
export interface Searched {
  /** Elements of every vector. */
  readonly size: number;
  /** The greatest length of one. */
  readonly longest: number;
  /** Candidates of a left row, at most; fewer only where there are no more right rows. */
  readonly kept: number;
}

/**
 * The best of candidates that were chosen by scores in 32 bits, as pairs with place and score, and with `sure`: false for
 * the pairs of a left row of which another right row may be nearer still.
 *
 * A right row that is no candidate has at most the score of the worst one that was kept, and that score is off by at most
 * (n + 2) u |q| |v| for n elements, u = 2^-24 (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section
 * 3.1: any order of summation; two more roundings are those of the elements). Twice that is allowed for here.
 *
 * The left table is one of {@link vectorsText}; candidates are `n` and `hits`, a struct of lists `row` and `score`.
 */
export function candidatesText(relation: NearestRelation, { size, longest, kept }: Searched): string {
  const { metric, k } = relation;
  const relative = (size + 8) * 2 ** -23;
  const scale: Readonly<Record<Metric, string>> = {
    cosine: 'length',
    dot: `length * ${float(longest)}`,
    l2: `(2 * length * ${float(longest)} + ${float(longest ** 2)})`,
  };
  // Behind it, what is lost of numbers that are too small for 32 bits.
  const error = `(${float(relative)} * ${scale[metric]} + ${float(size * 1e-37)} * (1 + length + ${float(longest)}))`;
  const nearer: Readonly<Record<Metric, string>> = {
    cosine: `worst * length > limit_ + ${error}`,
    dot: `worst > limit_ + ${error}`,
    l2: `length * length - limit_ - ${error} > worst * worst`,
  };
  return `WITH own AS MATERIALIZED (SELECT n, v, sqrt(list_dot_product(v, v)) AS length FROM ${LEFT} AS t),
    hits AS (SELECT n AS a, unnest(hits.row) AS b, unnest(hits.score) AS rough FROM ${CANDIDATES} AS t),
    kept AS MATERIALIZED (SELECT a, max_by({b: b, rough: rough}, {rough: rough, first: -b}, ${kept}) AS kept FROM hits WHERE b >= 0 GROUP BY a),
    chosen AS MATERIALIZED (SELECT a, pair.b AS b FROM (SELECT a, unnest(kept) AS pair FROM kept)),
    wanted AS MATERIALIZED (SELECT * FROM (${vectorsText(relation, 1, RIGHT)}) WHERE n IN (SELECT b FROM chosen)),
    pairs AS (SELECT c.a, c.b, ${metric}(l.v, r.v) AS score FROM chosen c JOIN own l ON l.n = c.a JOIN wanted r ON r.n = c.b),
    best AS (${bestText(relation, 'pairs')}),
    judged AS (SELECT own.n AS a, best, length, len(kept) AS count, kept[${kept}].rough AS limit_, best[${k}].score AS worst
      FROM own LEFT JOIN kept ON kept.a = own.n LEFT JOIN best ON best.a = own.n),
    sure AS (SELECT a, coalesce(count < ${kept} OR (len(best) = ${k} AND length < 1e15 AND ${nearer[metric]}), FALSE) AS sure, best FROM judged)
    SELECT a, sure, pair.b AS b, place, pair.score AS score FROM (SELECT a, sure, unnest(coalesce(best, [NULL])) AS pair,
      unnest(coalesce(range(1, len(best) + 1), [NULL])) AS place FROM sure)`;
}

function float(value: number): string {
  return value.toExponential();
}
