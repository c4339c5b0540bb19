import type { NearestOptions } from '../verbs/nearest.js';
import type { InBoth, Joined } from './joins.js';
import type { Misfit, Needs, NotInTable } from './needs.js';
import type { Extended, IsAny, Suggested, Unchecked } from './row.js';
import type { Ref } from './terms.js';
import type { List, Numeric } from './values.js';

/*
 * Type-level only: rows of a table of row `L` beside those of one of row `R` that are nearest.
 */

/** What may be said of a search, with names that the editor suggests. */
export type SaidOfNearest<L, R> = Omit<NearestOptions, 'by'> & {
  readonly by: Suggested<L> | readonly [left: Suggested<L>, right: Suggested<R>];
};

/** The same, or what is wrong with it. */
export type CheckedNearest<O extends { readonly by: unknown }, L, R> =
  IsAny<O | L | R> extends true
    ? O
    : [InBoth<L, R, never, 'cross', O>] extends [never]
      ? {
          readonly [K in keyof O]: K extends 'by'
            ? CheckedBy<O['by'], L, R>
            : K extends keyof NearestOptions
              ? O[K]
              : never;
        }
      : InBoth<L, R, never, 'cross', O>;

type CheckedBy<By, L, R> = By extends readonly [infer A, infer B]
  ? readonly [VectorColumn<A, L>, VectorColumn<B, R>]
  : VectorColumn<By, L> extends By
    ? VectorColumn<By, R>
    : VectorColumn<By, L>;

/** The name of a column of vectors. */
type VectorColumn<N, S> = string extends N
  ? N
  : N extends keyof S
    ? [Misfit<Needs<Ref<N>, List<Numeric | null>>, S>] extends [never]
      ? N
      : Misfit<Needs<Ref<N>, List<Numeric | null>>, S>
    : NotInTable<N & string, S>;

/** The row that is found. */
export type Near<L, R, O> =
  IsAny<L | R> extends true
    ? Unchecked
    : IsAny<Joined<L, R, never, HowOf<O>, O>> extends true
      ? Unchecked
      : Extended<
          Joined<L, R, never, HowOf<O>, O>,
          Readonly<Record<RankOf<O> | ScoreOf<O>, number | (O extends { readonly outer: true } ? null : never)>>
        >;

type HowOf<O> = O extends { readonly outer: true } ? 'left' : O extends { readonly outer: boolean } ? 'left' : 'inner';

type RankOf<O> = O extends { readonly rank: infer N extends string } ? N : 'rank';

type ScoreOf<O> = O extends { readonly score: infer N extends string }
  ? N
  : O extends { readonly metric: 'l2' }
    ? 'distance'
    : 'score';
