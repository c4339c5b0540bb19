import type { Column } from '../expr.js';
import type { NeedsOf } from './column.js';
import type { Compares, Misfit } from './needs.js';
import type { IsAny, Suggested, Unchecked } from './row.js';
import type { Name } from './verbs.js';

/*
 * Type-level only: two tables side by side, the left of row `L`, the right of row `R`. `H` is how they are joined, `O` the
 * options, `N` the names of columns that both have and by which rows belong together.
 */

/** The columns of one of the tables, for a condition. */
export type Side<S> = <const N extends Suggested<S>>(name: Name<N, S>) => Column<SideValue<N, S>, never, N>;

type SideValue<N, S> = IsAny<S> extends true ? Unchecked : N extends keyof S ? S[N] : unknown;

/** What may be said of what makes rows belong together. */
export type On<L, R> = string | readonly string[] | Column | ((left: Side<L>, right: Side<R>) => Column);

/** The same, or what is wrong with it; of a function, in what it gives. */
export type CheckedOn<C, L, R, H, O> =
  IsAny<C | L | R> extends true
    ? C
    : C extends Column
      ? Unless<InBoth<L, R, never, H, O>, C>
      : C extends (left: never, right: never) => infer Condition
        ? (
            left: Side<L>,
            right: Side<R>,
          ) => Unless<Misfit<NeedsOf<Condition>, unknown> | InBoth<L, R, never, H, O>, Condition>
        : [SharedName<NamesIn<C>, L, R>] extends [NamesIn<C>]
          ? Unless<InBoth<L, R, NamesIn<C>, H, O>, C>
          : C extends string
            ? SharedName<C, L, R>
            : { readonly [I in keyof C]: SharedName<C[I], L, R> };

type Unless<Problem, T> = [Problem] extends [never] ? T : Problem;

/** The names that rows are joined by. */
export type NamesIn<C> = C extends string | readonly string[] ? EachName<C> : never;

export type EachName<N> = N extends readonly unknown[] ? N[number] : N;

/** A name that both tables have, of values that can be compared. */
type SharedName<N, L, R> = N extends ''
  ? keyof L & keyof R
  : string extends N
    ? N
    : N extends keyof L & keyof R
      ? [Misfit<Compares<L[N], R[N]>, unknown>] extends [never]
        ? N
        : `column '${N & string}' has values in the two tables that cannot be compared`
      : `column '${N & string}' is not in the ${N extends keyof L ? 'right' : 'left'} table`;

/** Another table, of whose columns none has the name of one of this. */
export type Beside<T, R, L, O> = IsAny<L | R> extends true ? T : Unless<InBoth<L, R, never, 'cross', O>, T>;

/** What is wrong where nothing tells apart columns of the same name. */
export type InBoth<L, R, N, H, O> = [KindOf<H>] extends ['semi' | 'anti']
  ? never
  : O extends { readonly suffix: string }
    ? never
    : string extends N
      ? never
      : SameName<Exclude<keyof L & keyof R & string, N>>;

type SameName<N extends string> = N extends string
  ? `column '${N}' is in both tables; join by it, rename one, or give a suffix: { suffix: '_right' }`
  : never;

/** Another word for how tables are joined. */
type KindOf<H> = H extends `left${string}semi`
  ? 'semi'
  : H extends `left${string}anti`
    ? 'anti'
    : H extends 'outer' | `full${string}`
      ? 'full'
      : H extends `left${string}`
        ? 'left'
        : H extends `right${string}`
          ? 'right'
          : H;

/** The row of a join. */
export type Joined<L, R, N, H, O> =
  IsAny<L | R> extends true
    ? Unchecked
    : string extends N
      ? Unchecked
      : [KindOf<H>] extends ['semi' | 'anti']
        ? L
        : [KindOf<H>] extends ['inner' | 'cross']
          ? SideBySide<L, R, N, never, never, SuffixOf<O>>
          : [KindOf<H>] extends ['left']
            ? SideBySide<L, R, N, never, null, SuffixOf<O>>
            : [KindOf<H>] extends ['right']
              ? SideBySide<L, R, N, null, never, SuffixOf<O>>
              : [KindOf<H>] extends ['full']
                ? SideBySide<L, R, N, null, null, SuffixOf<O>>
                : Unchecked;

type SuffixOf<O> = O extends { readonly suffix: infer X extends string } ? X : '';

/** @typeParam A null where a row may have no left side @typeParam B null where it may have no right side */
type SideBySide<L, R, N, A, B, X extends string> = {
  [K in keyof L | Exclude<keyof R, keyof L> | `${Exclude<keyof L & keyof R & string, N>}${X}`]: K extends keyof L
    ? K extends N
      ? Shared<L[K], K extends keyof R ? R[K] : never, A, B>
      : L[K] | A
    : K extends keyof R
      ? R[K] | B
      : K extends `${infer Original}${X}`
        ? R[Original & keyof R] | B
        : never;
};

/** The value of a column by which rows are joined: that of the side that has one. A null belongs to no other. */
type Shared<V, W, A, B> = [B] extends [never]
  ? Exclude<V, null> | ([A] extends [never] ? never : W)
  : V | ([A] extends [never] ? never : W);
