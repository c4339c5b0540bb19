import type { Expr, LiteralValue, Named, SortKey } from './expr.js';

import { type ContentOptions, FILE_FORMATS, type FileFormat } from './file-formats.js';
import type { MemoryNode, NearestNode, VerbNode } from './plan-verbs.js';

import type { CacheStore, ScanRelation } from './relation.js';
import type { Schema } from './schema.js';

/** A file format that can be read and written. */
export type Format = 'parquet' | 'csv' | 'jsonl' | 'arrow';

export const FORMATS: readonly Format[] = Object.freeze(['parquet', 'csv', 'jsonl', 'arrow']);

/** Whatever a reader reads: tables in files, or files as rows. */
export type ReadFormat = Format | FileFormat;

export const READ_FORMATS: readonly ReadFormat[] = Object.freeze([...FORMATS, ...FILE_FORMATS]);

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
  readonly format: ReadFormat;
  /** Files, folders and globs, as the user wrote them. */
  readonly paths: readonly string[];
  readonly csv: CsvOptions;
  /** How files become rows, where they do. */
  readonly content?: ContentOptions;
}

/** Rows that are in memory already; a row holds one value a column. */
export interface LocalNode {
  readonly kind: 'local';
  readonly schema: Schema;
  readonly rows: readonly (readonly LocalValue[])[];
}

/** A value of a row in memory: as `collect()` gives it. */
export type LocalValue = LiteralValue | readonly LocalValue[] | { readonly [member: string]: LocalValue };

/** Values for the parameters of a statement: by position (`?`, `$1`) or by name (`$name`). */
export type Parameters = readonly LiteralValue[] | Readonly<Record<string, LiteralValue>>;

/** A statement that gives rows, as the user wrote it. The engine's own parser reads it; analysis resolves its names. */
export interface QueryNode {
  readonly kind: 'query';
  readonly text: string;
  readonly params: Parameters;
}

/** Files that a statement reads by functions of its own: paths and globs, and false where that cannot be told. */
export interface StatementReads {
  readonly paths: readonly string[];
  readonly known: boolean;
}

/** Which rows of two tables stand side by side, and which stand alone. */
export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'cross';

/** What makes two rows belong together: equal columns of the same names, or a condition over both sides. */
export type JoinCondition =
  | { readonly kind: 'using'; readonly names: readonly string[] }
  /** Columns of the right table are written with `side: 'right'`. */
  | { readonly kind: 'on'; readonly condition: Expr }
  | { readonly kind: 'none' };

export type SetOperation = 'union' | 'intersect' | 'except';

/** Places of the keys that take part in each grouping. */
export type GroupingSets = readonly (readonly number[])[];

/**
 * What is asked of a table, as frozen plain data: a tree whose leaves are readers. Names are as the user wrote them and
 * are checked when the frame runs, by analysis, which turns a `Plan` into a {@link Relation}.
 */
export type Plan =
  | ScanNode
  | LocalNode
  | MemoryNode
  | VerbNode
  | NearestNode
  | QueryNode
  /** A statement over named inputs in which no model is called: what is left of a query. */
  | {
      readonly kind: 'statement';
      readonly text: string;
      /** What each input is called in the text. */
      readonly names: readonly string[];
      readonly inputs: readonly Plan[];
      readonly reads: StatementReads;
    }
  /** A view or table of the session, by name. */
  | { readonly kind: 'named'; readonly name: string }
  /** The rows that a command of the session gives once it has been carried out. */
  | { readonly kind: 'command'; readonly command: { outcome(): Promise<Plan> } }
  /** Rows that the engine has stored. */
  | { readonly kind: 'stored'; readonly relation: ScanRelation }
  /** Computed once, when it is first needed, and then kept. */
  | { readonly kind: 'cache'; readonly input: Plan; readonly store: CacheStore }
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
  /** Rows whose draw from 0 to 1 falls into `from` (included) to `to` (not included). */
  | { readonly kind: 'sample'; readonly input: Plan; readonly from: number; readonly to: number; readonly seed: number }
  | { readonly kind: 'sort'; readonly input: Plan; readonly keys: readonly SortKey[] }
  | {
      readonly kind: 'aggregate';
      readonly input: Plan;
      readonly keys: readonly Named[];
      readonly aggregates: readonly Named[];
      /** Which keys the rows are grouped by, by their places: once for each set. Without it, by all of them, once. */
      readonly sets?: GroupingSets;
    }
  /** One row of each set of rows that are equal in the subset (in all columns where there is none). */
  | { readonly kind: 'distinct'; readonly input: Plan; readonly subset: readonly string[] | undefined }
  /** One row an element of a list column, which the element takes the place of. */
  | {
      readonly kind: 'explode';
      readonly input: Plan;
      readonly column: string;
      /** True if a row without elements is kept, with a null. */
      readonly outer: boolean;
      /** A column for the element's position, counted from 0. */
      readonly position: string | undefined;
    }
  | {
      readonly kind: 'join';
      readonly left: Plan;
      readonly right: Plan;
      readonly how: JoinKind;
      readonly on: JoinCondition;
      /** What is put behind the names of right columns that the left table has too; without it they are an error. */
      readonly suffix: string | undefined;
    }
  | {
      readonly kind: 'setOperation';
      readonly operation: SetOperation;
      readonly all: boolean;
      readonly byName: boolean;
      /** True if a column that a table does not have is null there; goes with `byName`. */
      readonly allowMissing?: boolean;
      readonly inputs: readonly Plan[];
    };
