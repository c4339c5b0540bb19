import type { RecordBatch } from 'apache-arrow';
import type { LiteralValue } from './expr.js';
import type { LocalValue, Plan } from './plan.js';
import type { CacheStore } from './relation.js';
import type { Schema } from './schema.js';

/*
 * Nodes of a plan whose meaning depends on the columns there are: analysis turns each into relations once it knows them.
 */

/** Rows in which values are missing are left out. Not-a-number is missing too, as null is. */
export interface DropNullsNode {
  readonly kind: 'dropNulls';
  readonly input: Plan;
  /** The columns that are looked at; all of them where there is none. */
  readonly subset: readonly string[] | undefined;
  /** How many values a row must have to stay. */
  readonly least: number | 'all';
}

/** Missing values (null, or not-a-number) are filled in. */
export interface FillNullsNode {
  readonly kind: 'fillNulls';
  readonly input: Plan;
  readonly fills: readonly NamedValue[] | AnyColumn;
}

/** A value for a column. */
export interface NamedValue {
  readonly column: string;
  readonly value: LiteralValue;
}

/** A value for all columns that can take it, or for those that are named. */
export interface AnyColumn {
  readonly value: LiteralValue;
  readonly subset: readonly string[] | undefined;
}

/** Values that are equal to the first of a pair become the second. */
export interface ReplaceValuesNode {
  readonly kind: 'replaceValues';
  readonly input: Plan;
  readonly pairs: readonly (readonly [from: LiteralValue, to: LiteralValue])[];
  readonly subset: readonly string[] | undefined;
}

/** One row for each of some columns of a row: the column's name and its value. */
export interface UnpivotNode {
  readonly kind: 'unpivot';
  readonly input: Plan;
  readonly ids: readonly string[];
  /** All but the ids where there is none. */
  readonly values: readonly string[] | undefined;
  readonly nameColumn: string;
  readonly valueColumn: string;
}

/** Rows of statistics of columns. */
export interface SummaryNode {
  readonly kind: 'summary';
  readonly input: Plan;
  readonly statistics: readonly Statistic[];
  /** All columns of numbers and texts where there is none. */
  readonly columns: readonly string[] | undefined;
}

/** A statistic by its name, or the least value that is not below a fraction (0 to 1) of the values. */
export type Statistic =
  | { readonly kind: 'named'; readonly name: NamedStatistic }
  | { readonly kind: 'percentile'; readonly name: string; readonly fraction: number };

/** Rows in memory that are too many for the text of a statement: the engine stores them, once. */
export interface MemoryNode {
  readonly kind: 'memory';
  readonly table: MemoryTable;
  readonly store: CacheStore;
}

/** How near two vectors are: by their angle, their product, or their Euclidean distance. */
export type Metric = 'cosine' | 'dot' | 'l2';

export const METRICS: readonly Metric[] = Object.freeze(['cosine', 'dot', 'l2']);

/** For each row of a table, the rows of another whose vectors are nearest to its own. */
export interface NearestNode {
  readonly kind: 'nearest';
  readonly left: Plan;
  readonly right: Plan;
  /** Columns that hold the vectors. */
  readonly by: readonly [left: string, right: string];
  /** Rows of the right table for each of the left, at most. */
  readonly k: number;
  readonly metric: Metric;
  /** True if a row without any near one is kept, with nulls. */
  readonly outer: boolean;
  /** What is put behind the names of right columns that the left table has too; without it they are an error. */
  readonly suffix: string | undefined;
  /** Names of the columns for the place, from 1, and for how near the rows are. */
  readonly rank: string;
  readonly score: string;
}

/** A table in memory: columns of values as `collect()` gives them, or Arrow batches. */
export type MemoryTable =
  | { readonly kind: 'values'; readonly schema: Schema; readonly columns: readonly ValueColumn[] }
  | { readonly kind: 'arrow'; readonly batches: readonly RecordBatch[] };

/** The values of a column. A typed array holds numbers of the column's type, and no null. */
export type ValueColumn = readonly LocalValue[] | TypedColumn;

/** An array of numbers of one type. */
export type TypedColumn =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

export type NamedStatistic = 'count' | 'count_distinct' | 'mean' | 'stddev' | 'min' | 'max';

/** A verb whose nodes depend on the columns there are. */
export type VerbNode = DropNullsNode | FillNullsNode | ReplaceValuesNode | UnpivotNode | SummaryNode;
