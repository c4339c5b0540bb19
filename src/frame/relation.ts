import type { Expr, Named, SortKey } from './expr.js';
import type { ModelCall } from './model.js';
import type { CsvOptions, Format } from './plan.js';
import type { Schema } from './schema.js';
import type { Field } from './types.js';

/** A file as it was when it was listed; its identity in task keys. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** Files that have been found, and looked at for their columns. */
export interface ScanRelation {
  readonly kind: 'scan';
  readonly schema: Schema;
  readonly format: Format;
  /** In the order of the rows. */
  readonly files: readonly SourceFile[];
  readonly csv: CsvOptions;
  /** Columns that come from folder names such as `year=2024`, with their types. */
  readonly partitions: readonly Field[];
  /** True if the rows of a range can be read without the others. */
  readonly splittable: boolean;
  /** Set where the files are an earlier stage's: what they hold is known by this, not by their dates. */
  readonly identity: string | undefined;
}

/**
 * A checked plan: every name exists, every type is known, every model call fits its model.
 *
 * Invariant R1: column names in expressions are spelt exactly as in the input's schema.
 * Invariant R2: no expression holds a `model` node, only `modelCall`; and after the optimizer none holds either, because
 * every call stands in a `score` node.
 */
export type Relation =
  | ScanRelation
  | { readonly kind: 'project'; readonly schema: Schema; readonly input: Relation; readonly columns: readonly Named[] }
  | { readonly kind: 'filter'; readonly schema: Schema; readonly input: Relation; readonly predicate: Expr }
  | {
      readonly kind: 'limit';
      readonly schema: Schema;
      readonly input: Relation;
      readonly count: number;
      readonly offset: number;
    }
  | {
      readonly kind: 'sample';
      readonly schema: Schema;
      readonly input: Relation;
      readonly fraction: number;
      readonly seed: number;
    }
  | { readonly kind: 'sort'; readonly schema: Schema; readonly input: Relation; readonly keys: readonly SortKey[] }
  | {
      readonly kind: 'aggregate';
      readonly schema: Schema;
      readonly input: Relation;
      readonly keys: readonly Named[];
      readonly aggregates: readonly Named[];
    }
  /** The input's columns and, behind them, one column a call. */
  | { readonly kind: 'score'; readonly schema: Schema; readonly input: Relation; readonly calls: readonly ScoreCall[] };

/** A model call and the column its result stands in. */
export interface ScoreCall {
  readonly column: string;
  readonly call: ModelCall;
}

/** What an earlier stage has written, as a table. @param identity what the files hold is known by this */
export function stageResult(schema: Schema, files: readonly SourceFile[], identity: string): ScanRelation {
  return { kind: 'scan', schema, format: 'parquet', files, csv: {}, partitions: [], splittable: true, identity };
}

/** The relation with its input (if it has one) replaced by `change(input)`; the schema stays. */
export function mapInput(relation: Relation, change: (input: Relation) => Relation): Relation {
  return relation.kind === 'scan' ? relation : { ...relation, input: change(relation.input) };
}

/** Every expression a node evaluates itself. */
export function expressionsOf(relation: Relation): readonly Expr[] {
  switch (relation.kind) {
    case 'project':
      return relation.columns.map(column => column.expr);
    case 'filter':
      return [relation.predicate];
    case 'sort':
      return relation.keys.map(key => key.expr);
    case 'aggregate':
      return [...relation.keys, ...relation.aggregates].map(column => column.expr);
    case 'score':
      return relation.calls.flatMap(({ call }) => call.args);
    default:
      return [];
  }
}

/** The node with every expression it evaluates itself replaced; its schema stays. */
export function mapExpressions(relation: Relation, change: (expr: Expr) => Expr): Relation {
  switch (relation.kind) {
    case 'project':
      return { ...relation, columns: relation.columns.map(c => ({ ...c, expr: change(c.expr) })) };
    case 'filter':
      return { ...relation, predicate: change(relation.predicate) };
    case 'sort':
      return { ...relation, keys: relation.keys.map(key => ({ ...key, expr: change(key.expr) })) };
    case 'aggregate':
      return {
        ...relation,
        keys: relation.keys.map(c => ({ ...c, expr: change(c.expr) })),
        aggregates: relation.aggregates.map(c => ({ ...c, expr: change(c.expr) })),
      };
    default:
      return relation;
  }
}

/** True if the test holds for the relation or any below it. */
export function anyRelation(relation: Relation, test: (part: Relation) => boolean): boolean {
  return test(relation) || (relation.kind !== 'scan' && anyRelation(relation.input, test));
}

/** All files a relation reads, in order. */
export function filesOf(relation: Relation): readonly SourceFile[] {
  return relation.kind === 'scan' ? relation.files : filesOf(relation.input);
}
