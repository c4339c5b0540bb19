import type { Expr, Named, SortKey } from './expr.js';

/** A file format that can be read and written. */
export type Format = 'parquet' | 'csv' | 'jsonl' | 'arrow';

export const FORMATS: readonly Format[] = Object.freeze(['parquet', 'csv', 'jsonl', 'arrow']);

/** How a CSV file is written; what is left out is found by looking at the file. */
export interface CsvOptions {
  /** True if the first line holds column names. */
  readonly header?: boolean;
  /** The character between values: `','`, `'\t'`. */
  readonly delimiter?: string;
  /** The character around values; `''` if quotes are ordinary characters. */
  readonly quote?: string;
  /** Texts that mean null, beside the empty one. */
  readonly nullValues?: readonly string[];
  /** Names of the columns, where there is no header. */
  readonly columns?: readonly string[];
}

/** What a reader was asked for. */
export interface ScanNode {
  readonly kind: 'scan';
  readonly format: Format;
  /** Files, folders and globs, as the user wrote them. */
  readonly paths: readonly string[];
  readonly csv: CsvOptions;
}

/**
 * What is asked of a table, as frozen plain data: a tree whose leaves are readers. Names are as the user wrote them and
 * are checked when the frame runs, by analysis, which turns a `Plan` into a {@link Relation}.
 */
export type Plan =
  | ScanNode
  | { readonly kind: 'select'; readonly input: Plan; readonly columns: readonly (Named | '*')[] }
  | { readonly kind: 'withColumns'; readonly input: Plan; readonly columns: readonly Named[] }
  | { readonly kind: 'drop'; readonly input: Plan; readonly names: readonly string[] }
  | {
      readonly kind: 'rename';
      readonly input: Plan;
      readonly names: readonly (readonly [from: string, to: string])[];
    }
  | { readonly kind: 'filter'; readonly input: Plan; readonly predicate: Expr }
  | { readonly kind: 'limit'; readonly input: Plan; readonly count: number; readonly offset: number }
  | { readonly kind: 'sample'; readonly input: Plan; readonly fraction: number; readonly seed: number }
  | { readonly kind: 'sort'; readonly input: Plan; readonly keys: readonly SortKey[] }
  | {
      readonly kind: 'aggregate';
      readonly input: Plan;
      readonly keys: readonly Named[];
      readonly aggregates: readonly Named[];
    };
