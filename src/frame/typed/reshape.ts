import type { Column } from '../expr.js';
import type { NeedsOf, ValuesOf } from './column.js';
import type { EachName } from './joins.js';
import type { A, Fits, Misfit, Needs } from './needs.js';
import type { Extended, IsAny, IsLiteral, Unchecked } from './row.js';
import type { Ref, Total, ValueIn } from './terms.js';
import type { List, Numeric, ValueOfPlain } from './values.js';
import type { Name, Names, ValueOf } from './verbs.js';

/*
 * Type-level only: verbs that change what values, rows and columns there are.
 */

/** One name, or a list of names. */
export type OneOrMore<C, S> = IsAny<C | S> extends true ? C : C extends string ? Name<C, S> : Names<C, S>;

/** Options that name columns in a member called `subset`. */
export type WithSubset<O, S> =
  IsAny<O | S> extends true ? O : { readonly [K in keyof O]: K extends 'subset' ? OneOrMore<O[K], S> : O[K] };

/** The row where some columns have no nulls. */
type Present<S, N> =
  IsAny<S> extends true
    ? Unchecked
    : { [K in keyof S]: string extends N ? S[K] : K extends N ? Exclude<S[K], null> : S[K] };

/** The row where nothing, or nothing of a subset, is missing; as it was, if the options are known only to the program. */
export type NullsDropped<S, O> = 'threshold' extends keyof O
  ? S
  : 'how' extends keyof O
    ? O['how'] extends 'any'
      ? Present<S, SubsetOf<O, S>>
      : S
    : Present<S, SubsetOf<O, S>>;

type SubsetOf<O, S> = 'subset' extends keyof O
  ? undefined extends O['subset']
    ? never
    : EachName<O['subset']>
  : keyof S;

/** What fills columns: a value for each of some, by name. */
export type Fills<V, S> =
  IsAny<V | S> extends true
    ? V
    : V extends PlainValue
      ? V
      : {
          readonly [N in keyof V]: N extends keyof S
            ? [Misfit<Fits<Exclude<S[N], null>, Comparand<V[N]>>, unknown>] extends [never]
              ? V[N]
              : `column '${N & string}' is ${A<S[N]>}, and cannot be filled with ${A<V[N]>}`
            : Name<N, S> & string;
        };

type PlainValue = boolean | number | bigint | string | Date | Uint8Array | null | readonly unknown[];

type Comparand<V> = V extends Numeric ? Numeric : ValueOfPlain<V>;

/** The row with nulls filled in. One value for all fills only the columns that have such a value, and these are not known. */
export type Filled<S, V, C> =
  IsAny<S> extends true ? Unchecked : V extends PlainValue ? Present<S, EachName<C>> : Present<S, keyof V>;

/** The row where values were replaced. */
export type Replaced<S, P> =
  IsAny<S> extends true
    ? Unchecked
    : P extends readonly (readonly [unknown, infer To])[]
      ? null extends To
        ? { [K in keyof S]: S[K] | null }
        : S
      : S;

/** The name of a column whose values are of that type. */
export type NameOfKind<N, Wanted, S> =
  IsAny<N | S> extends true
    ? N
    : N extends keyof S
      ? [Misfit<Needs<Ref<N>, Wanted>, S>] extends [never]
        ? N
        : Misfit<Needs<Ref<N>, Wanted>, S>
      : Name<N, S>;

export type NamesOfKind<C, Wanted, S> =
  IsAny<C | S> extends true ? C : { readonly [I in keyof C]: NameOfKind<C[I], Wanted, S> };

/** A column of lists. */
export type Explodable<C, S> =
  IsAny<C | S> extends true
    ? C
    : C extends string
      ? NameOfKind<C, List<unknown>, S>
      : [Misfit<NeedsOf<C> | Needs<ValuesOf<C>, List<unknown>>, S>] extends [never]
        ? C
        : Misfit<NeedsOf<C> | Needs<ValuesOf<C>, List<unknown>>, S>;

/** The row of an element of a list. */
export type Exploded<S, C, O> =
  IsAny<S> extends true
    ? Unchecked
    : ListNameOf<C, O> extends infer N extends string
      ? IsLiteral<N | ElementName<C, O> | PositionName<O>> extends true
        ? Extended<
            { [K in Exclude<keyof S, N>]: S[K] },
            {
              [K in ElementName<C, O> | PositionName<O>]: K extends PositionName<O>
                ? bigint | OuterNull<O>
                : ElementValue<C, S, O>;
            }
          >
        : Unchecked
      : Unchecked;

/** The column whose place the elements take. A list that is computed is put into one first. */
type ListNameOf<C, O> = C extends string
  ? C
  : C extends Column<infer T, Unchecked, infer N>
    ? T extends Ref<infer M>
      ? M
      : AsOr<O, N extends '' ? string : N>
    : never;

type AsOr<O, N> = 'as' extends keyof O ? (O['as'] extends string ? O['as'] : string) : N;

type ElementName<C, O> = AsOr<O, ListNameOf<C, O>> & string;

type PositionName<O> = 'position' extends keyof O ? (O['position'] extends string ? O['position'] : string) : never;

type OuterNull<O> = 'outer' extends keyof O ? (O['outer'] extends false ? never : null) : never;

type ElementValue<C, S, O> =
  Exclude<C extends keyof S ? S[C] : ValueOf<C, S>, null> extends List<infer E> ? E | OuterNull<O> : unknown;

/** The row of a value of one of several columns. */
export type Unpivoted<S, I, V, NameColumn extends string, ValueColumn extends string> =
  IsAny<S> extends true
    ? Unchecked
    : IsLiteral<EachName<I> | NameColumn | ValueColumn> extends true
      ? {
          [K in (EachName<I> & string) | NameColumn | ValueColumn]: K extends NameColumn
            ? string
            : K extends ValueColumn
              ? S[ValueNames<S, I, V>]
              : K extends keyof S
                ? S[K]
                : never;
        }
      : Unchecked;

type ValueNames<S, I, V> = unknown extends V
  ? Exclude<keyof S, EachName<I>>
  : undefined extends V
    ? Exclude<keyof S, EachName<I>>
    : EachName<V> & keyof S;

/** The row of `describe` and `summary`: texts. Which columns there are where none is named, the types do not tell. */
export type Described<S, C extends readonly unknown[]> =
  IsAny<S> extends true
    ? Unchecked
    : C extends readonly []
      ? { readonly summary: string } & { readonly [K in Describable<S>]?: string | null }
      : IsLiteral<C[number]> extends true
        ? { [K in (C[number] & string) | 'summary']: K extends 'summary' ? string : string | null }
        : Unchecked;

/** Of numbers and texts; other values may look the same in JavaScript. */
type Describable<S> = { [K in keyof S]: Exclude<S[K], null> extends Numeric | string ? K : never }[keyof S];

/** The row of keys that may not take part in a group. */
export type NullableRow<K> = IsAny<K> extends true ? Unchecked : { [N in keyof K]: K[N] | null };

/** The names in a list of lists. */
export type NameLists<G, S> = IsAny<G | S> extends true ? G : { readonly [I in keyof G]: Names<G[I], S> };

/** The columns of these names, if they are known. */
export type Chosen<S, N> =
  IsAny<S> extends true ? Unchecked : IsLiteral<N> extends true ? { [K in N & keyof S]: S[K] } : Unchecked;

/** The keys of a group and what was computed of it. */
export type Aggregated<K, A> = IsAny<A> extends true ? Unchecked : Extended<K, A>;

/** What `groupBy(...).sum(...)` gives, and its like. */
export type Summarized<S, C extends readonly unknown[], Verb extends string> =
  IsAny<S> extends true
    ? Unchecked
    : IsLiteral<C[number]> extends true
      ? {
          [K in `${Verb}(${C[number] & string})`]: K extends `${Verb}(${infer N})`
            ? SummaryValue<Verb, N, S> | null
            : never;
        }
      : Unchecked;

type SummaryValue<Verb, N extends string, S> = Verb extends 'sum'
  ? ValueIn<Total<Ref<N>>, S>
  : Verb extends 'avg'
    ? number
    : ValueIn<Ref<N>, S>;
