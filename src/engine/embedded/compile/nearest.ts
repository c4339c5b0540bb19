import { quote } from '../../../connectors/duckdb/quote.js';
import type { NearestRelation } from '../../../frame/relation.js';

/** What is nearest has the greatest of these. */
const NEARNESS = { cosine: 'score', dot: 'score', l2: '-score' } as const;

/**
 * The nearest rows as one SELECT: every pair is compared, and of each left row the best are kept as they come by.
 *
 * @param left the SELECT of the left table
 * @param right that of the right
 */
export function nearestSql(relation: NearestRelation, left: string, right: string): string {
  const { vectors, numbers, metric, k } = relation;
  const [ownNumber, otherNumber] = [quote(numbers[0]), quote(numbers[1])];
  const side = (name: string, number: string, vector: string): string =>
    `SELECT ${number} AS n, CAST(${quote(vector)} AS DOUBLE[]) AS v FROM ${name} WHERE ${quote(vector)} IS NOT NULL`;
  return `WITH __inframe_a AS MATERIALIZED (${left}), __inframe_b AS MATERIALIZED (${right}),
    __inframe_pairs AS (SELECT a.n AS a, b.n AS b, ${metric}(a.v, b.v) AS score
      FROM (${side('__inframe_a', ownNumber, vectors[0])}) a CROSS JOIN (${side('__inframe_b', otherNumber, vectors[1])}) b),
    ${bestSql('__inframe_pairs', metric, k)}
    ${resultSql(relation, ownNumber, otherNumber)}`;
}

/** A CTE of the best of each left row, of pairs with their scores. Of equal ones the right row of the lower number is better. */
function bestSql(pairs: string, metric: NearestRelation['metric'], k: number): string {
  const order = `{nearness: ${NEARNESS[metric]}, first: -b}`;
  return `__inframe_best AS (SELECT a, max_by({b: b, score: score}, ${order}, ${k}) AS best
      FROM ${pairs} WHERE NOT isnan(score) GROUP BY a),
    __inframe_found AS (SELECT a, unnest(best) AS pair, CAST(generate_subscripts(best, 1) AS INTEGER) AS place FROM __inframe_best)`;
}

/** The rows of both tables beside each other. */
function resultSql({ inputs, rank, score, outer }: NearestRelation, ownNumber: string, otherNumber: string): string {
  const columns = [
    ...inputs[0].schema.names.map(name => `a.${quote(name)}`),
    ...inputs[1].schema.names.map(name => `b.${quote(name)}`),
    `f.place AS ${quote(rank)}`,
    `f.pair.score AS ${quote(score)}`,
  ];
  const how = outer ? 'LEFT' : 'INNER';
  return `SELECT ${columns.join(', ')} FROM __inframe_a a
    ${how} JOIN __inframe_found f ON a.${ownNumber} = f.a ${how} JOIN __inframe_b b ON f.pair.b = b.${otherNumber}
    ORDER BY a.${ownNumber}, f.place`;
}
