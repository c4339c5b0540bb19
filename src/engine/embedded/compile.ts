import { quote } from '../../connectors/duckdb/quote.js';
import { scanSql } from '../../connectors/scan.js';
import { InframeError } from '../../frame/errors.js';
import type { Expr, Named } from '../../frame/expr.js';
import type { JoinRelation, Relation, ScanRelation } from '../../frame/relation.js';
import type { Schema } from '../../frame/schema.js';
import { sortKeysSql } from './call-sql.js';
import { aggregateSql } from './compile/aggregate.js';
import { columnList } from './compile/columns.js';
import { explodeSql } from './compile/explode.js';
import { localSql } from './compile/local.js';
import { nearestSql } from './compile/nearest.js';
import { firstFiles } from './file-tasks.js';

import { inlineInputs } from './query/statement.js';
import { expressionSql, literal, operatorSql } from './sql.js';

export { columnList } from './compile/columns.js';

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
      return `SELECT * FROM (${compile(firstFiles(relation.input, relation.offset + relation.count), leaf)}) LIMIT ${relation.count} OFFSET ${relation.offset}`;
    case 'sort':
      return `SELECT * FROM (${compile(relation.input, leaf)}) ORDER BY ${sortKeysSql(relation.keys, expressionSql)}`;
    case 'aggregate':
      return aggregateSql(relation, compile(relation.input, leaf));
    case 'sample':
      return sampleSql(compile(relation.input, leaf), relation);
    case 'local':
      return localSql(relation);
    case 'window':
      return `SELECT *, ${columnList(relation.columns)} FROM (${compile(relation.input, leaf)})`;
    case 'distinct':
      return `SELECT DISTINCT * FROM (${compile(relation.input, leaf)})`;
    case 'explode':
      return explodeSql(relation, compile(relation.input, leaf));
    case 'cache':
      return compile(relation.input, leaf);
    case 'join':
      return joinSql(relation, leaf);
    case 'nearest':
      return nearestSql(relation, compile(relation.inputs[0], leaf), compile(relation.inputs[1], leaf));
    case 'setOperation': {
      const operation = `${relation.operation.toUpperCase()}${relation.all ? ' ALL' : ''}`;
      return relation.inputs.map(input => `(${compile(input, leaf)})`).join(` ${operation} `);
    }
    case 'query': {
      const inputs = relation.inputs.map(input => compile(input, leaf));
      const text = inlineInputs(relation.text, relation.names, inputs);
      return `SELECT ${relation.schema.names.map(name => quote(name)).join(', ')} FROM (${text})`;
    }
    case 'score':
      throw new InframeError('INTERNAL', 'score node has not been carried out');
  }
}

/** The columns of a table, and no row. */
export function noRowsSql({ fields }: Schema): string {
  const columns = fields.map(({ name, type }): Named => {
    const none: Expr = { kind: 'literal', value: null };
    return { name, expr: { kind: 'cast', input: none, type, safe: false } };
  });
  return `SELECT ${columnList(columns)} WHERE false`;
}

function joinSql(relation: JoinRelation, leaf: LeafWriter): string {
  const [left, right] = relation.inputs.map(input => `(${compile(input, leaf)})`);
  const on = relation.condition === undefined ? '' : ` ON ${expressionSql(relation.condition)}`;
  const how = relation.condition === undefined ? 'CROSS' : relation.how.toUpperCase();
  return `SELECT * FROM ${left} ${how} JOIN ${right}${on}`;
}

const DRAWS = 2 ** 32;

/** Rows drawn by their number; analysis draws them by what tells them apart, see `isDrawn`. */
function sampleSql(input: string, { from, to, seed }: Relation & { readonly kind: 'sample' }): string {
  const [low, high] = [from, to].map(bound => literal(Math.round(bound * DRAWS)));
  const drawn = operatorSql('isDrawn', [literal(seed), low!, high!, '(row_number() OVER ())']);
  return `SELECT * EXCLUDE (__inframe_drawn) FROM (SELECT *, ${drawn} AS __inframe_drawn FROM (${input})) WHERE __inframe_drawn`;
}
