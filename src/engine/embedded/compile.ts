import { quote } from '../../connectors/duckdb/quote.js';
import { toSql } from '../../connectors/duckdb/types.js';
import { scanSql } from '../../connectors/scan.js';
import { InframeError } from '../../frame/errors.js';
import type { Named } from '../../frame/expr.js';
import type { LocalNode } from '../../frame/plan.js';
import type { JoinRelation, Relation, ScanRelation } from '../../frame/relation.js';
import type { DataType } from '../../frame/types.js';
import { expressionSql, literal, localLiteral } from './sql.js';

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
      return sampleSql(compile(relation.input, leaf), relation.from, relation.to, relation.seed);
    case 'local':
      return localSql(relation);
    case 'window':
      return `SELECT *, ${columnList(relation.columns)} FROM (${compile(relation.input, leaf)})`;
    case 'distinct': {
      const on = relation.subset === undefined ? '' : ` ON (${relation.subset.map(name => quote(name)).join(', ')})`;
      return `SELECT DISTINCT${on} * FROM (${compile(relation.input, leaf)})`;
    }
    case 'explode':
      return explodeSql(relation, compile(relation.input, leaf));
    case 'cache':
      return compile(relation.input, leaf);
    case 'join':
      return joinSql(relation, leaf);
    case 'setOperation': {
      const operation = `${relation.operation.toUpperCase()}${relation.all ? ' ALL' : ''}`;
      return relation.inputs.map(input => `(${compile(input, leaf)})`).join(` ${operation} `);
    }
    case 'query': {
      const inputs = relation.inputs.map(
        (input, at) => `${quote(relation.names[at]!)} AS NOT MATERIALIZED (${compile(input, leaf)})`,
      );
      const given = inputs.length === 0 ? '' : `WITH ${inputs.join(', ')} `;
      return `${given}SELECT ${relation.schema.names.map(name => quote(name)).join(', ')} FROM (${relation.text})`;
    }
    case 'score':
      throw new InframeError('INTERNAL', 'score node has not been carried out');
  }
}

/** `expr AS "name", ...` */
export function columnList(columns: readonly Named[]): string {
  return columns.map(({ name, expr }) => `${expressionSql(expr)} AS ${quote(name)}`).join(', ');
}

function localSql({ schema, rows }: LocalNode): string {
  const nulls = schema.fields.map(({ name, type }) => `${typedSql('NULL', type)} AS ${quote(name)}`).join(', ');
  if (rows.length === 0) return `SELECT ${nulls} WHERE false`;
  const names = schema.names.map(name => quote(name));
  const values = rows.map(
    row => `(${row.map((value, at) => typedSql(localLiteral(value), schema.fields[at]!.type)).join(', ')})`,
  );
  return `SELECT * FROM (VALUES ${values.join(', ')}) AS t(${names.join(', ')})`;
}

function typedSql(value: string, type: DataType): string {
  return type.kind === 'other' || type.kind === 'null' ? value : `CAST(${value} AS ${toSql(type)})`;
}

function explodeSql(relation: Relation & { readonly kind: 'explode' }, input: string): string {
  const list = quote(relation.column);
  const kept = relation.outer ? `CASE WHEN len(${list}) > 0 THEN ${list} ELSE [NULL] END` : list;
  const place =
    relation.position === undefined ? '' : `, generate_subscripts(${kept}, 1) - 1 AS ${quote(relation.position)}`;
  return `SELECT * REPLACE (unnest(${kept}) AS ${list})${place} FROM (${input})`;
}

function joinSql(relation: JoinRelation, leaf: LeafWriter): string {
  const [left, right] = relation.inputs.map(input => `(${compile(input, leaf)})`);
  const on = relation.condition === undefined ? '' : ` ON ${expressionSql(relation.condition)}`;
  const how = relation.condition === undefined ? 'CROSS' : relation.how.toUpperCase();
  return `SELECT * FROM ${left} ${how} JOIN ${right}${on}`;
}

const SAMPLE_STEPS = 2 ** 32;

/**
 * Rows whose number, hashed with the seed, falls into the range: the same rows whatever the number of threads (DuckDB's
 * own sampling is not).
 */
function sampleSql(input: string, from: number, to: number, seed: number): string {
  const [low, high] = [from, to].map(bound => Math.round(bound * SAMPLE_STEPS));
  const draw = `hash(row_number() OVER (), ${literal(seed)}) % ${SAMPLE_STEPS}`;
  return `SELECT * EXCLUDE (__inframe_drawn) FROM (SELECT *, ${draw} AS __inframe_drawn FROM (${input})) WHERE __inframe_drawn >= ${low} AND __inframe_drawn < ${high}`;
}
