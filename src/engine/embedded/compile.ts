import { quote } from '../../connectors/duckdb/quote.js';
import { scanSql } from '../../connectors/scan.js';
import { InframeError } from '../../frame/errors.js';
import type { Named } from '../../frame/expr.js';
import type { Relation, ScanRelation } from '../../frame/relation.js';
import { expressionSql, literal } from './sql.js';

/** How the leaf of a relation is read; slices of a task read only their rows. */
export type LeafWriter = (scan: ScanRelation) => string;

const wholeScan: LeafWriter = scan => scanSql(scan, scan.files, undefined);

/**
 * A relation without model calls as one DuckDB SELECT. Pure: nothing is read.
 *
 * Order: DuckDB keeps the source's order through filters, projections and limits (its default, `preserve_insertion_order`),
 * so a nested SELECT per node is enough; DuckDB's own optimizer makes one plan of them.
 */
export function compile(relation: Relation, leaf: LeafWriter = wholeScan): string {
  switch (relation.kind) {
    case 'scan':
      return leaf(relation);
    case 'project':
      return `SELECT ${columnList(relation.columns)} FROM (${compile(relation.input, leaf)})`;
    case 'filter':
      return `SELECT * FROM (${compile(relation.input, leaf)}) WHERE ${expressionSql(relation.predicate)}`;
    case 'limit':
      return `SELECT * FROM (${compile(relation.input, leaf)}) LIMIT ${relation.count} OFFSET ${relation.offset}`;
    case 'sort': {
      const keys = relation.keys.map(
        ({ expr, descending, nullsFirst }) =>
          `${expressionSql(expr)} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`,
      );
      return `SELECT * FROM (${compile(relation.input, leaf)}) ORDER BY ${keys.join(', ')}`;
    }
    case 'aggregate': {
      const { keys, aggregates } = relation;
      const grouping = keys.length > 0 ? ` GROUP BY ${keys.map((_, index) => index + 1).join(', ')}` : '';
      return `SELECT ${columnList([...keys, ...aggregates])} FROM (${compile(relation.input, leaf)})${grouping}`;
    }
    case 'sample':
      return sampleSql(compile(relation.input, leaf), relation.fraction, relation.seed);
    case 'score':
      throw new InframeError('INTERNAL', 'score node has not been carried out');
  }
}

/** `expr AS "name", ...` */
export function columnList(columns: readonly Named[]): string {
  return columns.map(({ name, expr }) => `${expressionSql(expr)} AS ${quote(name)}`).join(', ');
}

const SAMPLE_STEPS = 2 ** 32;

/**
 * Rows whose number, hashed with the seed, falls below the fraction: the same rows whatever the number of threads
 * (DuckDB's own sampling is not).
 */
function sampleSql(input: string, fraction: number, seed: number): string {
  const bound = Math.round(fraction * SAMPLE_STEPS);
  const draw = `hash(row_number() OVER (), ${literal(seed)}) % ${SAMPLE_STEPS} < ${bound}`;
  return `SELECT * EXCLUDE (__inframe_drawn) FROM (SELECT *, ${draw} AS __inframe_drawn FROM (${input})) WHERE __inframe_drawn`;
}
