import type { Expr, Named, SortKey } from './expr.js';
import type { ModelCall } from './model.js';
import type { CsvOptions, Format, GroupingSets, JoinKind, LocalNode, SetOperation } from './plan.js';
import type { Metric } from './plan-verbs.js';
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

/** Where a cached frame's rows are once they have been computed. Frames that share the cache share this. */
export interface CacheStore {
  result: Promise<ScanRelation> | undefined;
  /** True if the rows were in an order of their own, which is then theirs in every run. */
  inOrder?: boolean;
}

/**
 * A checked plan: every name exists, every type is known, every model call fits its model.
 *
 * Invariant R1: column names in expressions are spelt exactly as in the input's schema.
 * Invariant R2: no expression holds a `model` or `sql` node, only `modelCall` and `fragment`; and after the optimizer none
 * holds a `modelCall` either, because every call stands in a `score` node.
 * Invariant R3: only a `window` node holds window expressions, each as one of its columns.
 * Invariant R4: the inputs of a join, and of a nearest node, share no column name.
 */
export type Relation =
  | ScanRelation
  | LocalNode
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
      readonly from: number;
      readonly to: number;
      readonly seed: number;
    }
  | { readonly kind: 'sort'; readonly schema: Schema; readonly input: Relation; readonly keys: readonly SortKey[] }
  | {
      readonly kind: 'aggregate';
      readonly schema: Schema;
      readonly input: Relation;
      readonly keys: readonly Named[];
      readonly aggregates: readonly Named[];
      /** Once for each set, by the keys at these places; a key that does not take part is null. */
      readonly sets?: GroupingSets;
    }
  /** The input's columns and, behind them, one column a window expression. */
  | { readonly kind: 'window'; readonly schema: Schema; readonly input: Relation; readonly columns: readonly Named[] }
  | { readonly kind: 'distinct'; readonly schema: Schema; readonly input: Relation }
  | {
      readonly kind: 'explode';
      readonly schema: Schema;
      readonly input: Relation;
      readonly column: string;
      readonly outer: boolean;
      readonly position: string | undefined;
    }
  /** Computed once; nothing moves into it. */
  | { readonly kind: 'cache'; readonly schema: Schema; readonly input: Relation; readonly store: CacheStore }
  /** The input's columns and, behind them, one column a call. */
  | { readonly kind: 'score'; readonly schema: Schema; readonly input: Relation; readonly calls: readonly ScoreCall[] }
  | JoinRelation
  | NearestRelation
  | SetOperationRelation
  | QueryRelation;

/** Two tables side by side (R4); `condition` reads both. A semi or anti join has the left columns only. */
export interface JoinRelation {
  readonly kind: 'join';
  readonly schema: Schema;
  readonly inputs: readonly [left: Relation, right: Relation];
  readonly how: JoinKind;
  /** Undefined for a cross join. */
  readonly condition: Expr | undefined;
}

/**
 * For each row of the left table the `k` rows of the right one whose vectors are nearest (R4): left columns, right columns,
 * `rank` and `score`; in the order of the left rows, and of each the nearest first. Of right rows that are equally near, the
 * one of the lower number goes first. A row whose vector cannot be compared is near to none.
 *
 * The inputs hold the vectors, and numbers that tell their rows apart and are the same each time they are read.
 */
export interface NearestRelation {
  readonly kind: 'nearest';
  readonly schema: Schema;
  readonly inputs: readonly [left: Relation, right: Relation];
  readonly vectors: readonly [left: string, right: string];
  readonly numbers: readonly [left: string, right: string];
  readonly metric: Metric;
  readonly k: number;
  /** True if a left row without any near one is kept, with nulls. */
  readonly outer: boolean;
  readonly rank: string;
  readonly score: string;
}

/** Rows of several tables whose schemas are the same. */
export interface SetOperationRelation {
  readonly kind: 'setOperation';
  readonly schema: Schema;
  readonly inputs: readonly Relation[];
  readonly operation: SetOperation;
  readonly all: boolean;
}

/** A statement in the engine's own language over named inputs; no model is called in it. */
export interface QueryRelation {
  readonly kind: 'query';
  readonly schema: Schema;
  readonly inputs: readonly Relation[];
  /** What each input is called in the text. */
  readonly names: readonly string[];
  readonly text: string;
  /** What the statement reads beside its inputs. */
  readonly files: readonly SourceFile[];
  /** Part of the keys of its tasks: results are taken over from an earlier run only where this is the same. */
  readonly identity: string;
}

/** A model call and the column its result stands in. */
export interface ScoreCall {
  readonly column: string;
  readonly call: ModelCall;
}

/** What an earlier stage has written, as a table. @param identity what the files hold is known by this */
export function stageResult(schema: Schema, files: readonly SourceFile[], identity: string): ScanRelation {
  return { kind: 'scan', schema, format: 'parquet', files, csv: {}, partitions: [], splittable: true, identity };
}

/** The relations a relation reads, in order. */
export function inputsOf(relation: Relation): readonly Relation[] {
  if ('inputs' in relation) return relation.inputs;
  return 'input' in relation ? [relation.input] : [];
}

/** The relation over other inputs, as many as it had; its schema stays. */
export function withInputs(relation: Relation, inputs: readonly Relation[]): Relation {
  if (relation.kind === 'join' || relation.kind === 'nearest') {
    return { ...relation, inputs: [inputs[0]!, inputs[1]!] };
  }
  if ('inputs' in relation) return { ...relation, inputs };
  return 'input' in relation ? { ...relation, input: inputs[0]! } : relation;
}

/** The relation with each of its inputs replaced by `change(input)`; the schema stays. */
export function mapInputs(relation: Relation, change: (input: Relation) => Relation): Relation {
  const inputs = inputsOf(relation);
  const changed = inputs.map(change);
  return changed.every((input, index) => input === inputs[index]) ? relation : withInputs(relation, changed);
}

/** Every expression a node evaluates itself. */
export function expressionsOf(relation: Relation): readonly Expr[] {
  switch (relation.kind) {
    case 'project':
    case 'window':
      return relation.columns.map(column => column.expr);
    case 'filter':
      return [relation.predicate];
    case 'sort':
      return relation.keys.map(key => key.expr);
    case 'aggregate':
      return [...relation.keys, ...relation.aggregates].map(column => column.expr);
    case 'score':
      return relation.calls.flatMap(({ call }) => call.args);
    case 'join':
      return relation.condition === undefined ? [] : [relation.condition];
    default:
      return [];
  }
}

/** The node with every expression it evaluates itself replaced; its schema stays. */
export function mapExpressions(relation: Relation, change: (expr: Expr) => Expr): Relation {
  switch (relation.kind) {
    case 'project':
    case 'window':
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
    case 'join':
      return relation.condition === undefined ? relation : { ...relation, condition: change(relation.condition) };
    default:
      return relation;
  }
}

/** True if the test holds for the relation or any below it. */
export function anyRelation(relation: Relation, test: (part: Relation) => boolean): boolean {
  return test(relation) || inputsOf(relation).some(input => anyRelation(input, test));
}

/** All files a relation reads, in order. */
export function filesOf(relation: Relation): readonly SourceFile[] {
  if (relation.kind === 'scan') return relation.files;
  const below = inputsOf(relation).flatMap(filesOf);
  return relation.kind === 'query' ? [...below, ...relation.files] : below;
}
