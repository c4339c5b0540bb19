import type { IsAny, Unchecked } from './row.js';

/*
 * Type-level only: the rows of two tables, of rows `S` and `T`, together.
 *
 * Columns are matched by position, which types do not have: tables whose columns have the same names are taken to have
 * them in the same order. Where names differ, the types of values are not known.
 */

/** The row of `union` and of those that compare rows. */
export type Combined<S, T> =
  IsAny<S | T> extends true ? Unchecked : { [K in keyof S]: K extends keyof T ? S[K] | T[K] : unknown };

/** Another table with the same names. */
export type SameNames<D, S, T, O> =
  IsAny<S | T> extends true
    ? D
    : O extends { readonly allowMissingColumns: boolean }
      ? D
      : [Missing<S, T> | Missing<T, S>] extends [never]
        ? D
        : OneSided<(Missing<S, T> | Missing<T, S>) & string>;

type Missing<S, T> = Exclude<keyof S, keyof T>;

type OneSided<N extends string> = N extends string
  ? `column '${N}' is in one of the tables only; add it, or say { allowMissingColumns: true }`
  : never;

/** The row of `unionByName`: a column that one of the tables does not have is null in its rows. */
export type CombinedByName<S, T> =
  IsAny<S | T> extends true
    ? Unchecked
    : {
        [K in keyof S | keyof T]: (K extends keyof S ? S[K] : null) | (K extends keyof T ? T[K] : null);
      };
