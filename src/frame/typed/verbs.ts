import type { Row } from '../engine.js';
import type { Column, SortColumn } from '../expr.js';
import type { NameOf, NeedsOf, ValuesOf } from './column.js';
import type { Misfit, NotInTable } from './needs.js';
import type { Extended, IsAny, IsLiteral, Unchecked } from './row.js';
import type { ValueIn } from './terms.js';

/*
 * Type-level only: what the verbs of a table of row `S` take, and the row they give.
 *
 * The type of a parameter is that of the argument if it is right, and else a sentence, which the compiler prints as what
 * the argument cannot be assigned to. Where the row was not declared nothing is checked; where a name is known only when
 * the program runs, the result is unchecked.
 *
 * The type of a parameter asks first whether its argument is `any`. So the compiler takes it when it makes sure that a frame
 * of many columns is one of few (`out` in `DataFrame<out S>`); a type that then still depended on `S` would not let it.
 */

/** The argument, or what is wrong with what it reads. */
type Fitting<V, S> = [Misfit<NeedsOf<V>, S>] extends [never] ? V : Misfit<NeedsOf<V>, S>;

/** A value of each row. */
export type Value<V, S> = IsAny<V | S> extends true ? V : Fitting<V, S>;

/** Values by name. */
export type Values<C, S> = IsAny<C | S> extends true ? C : { readonly [N in keyof C]: Value<C[N], S> };

/** A condition; SQL text is not looked into. */
export type Condition<C, S> =
  IsAny<C | S> extends true
    ? C
    : C extends string
      ? C
      : unknown extends ValueOf<C, S>
        ? Fitting<C, S>
        : [ValueOf<C, S>] extends [boolean | null]
          ? Fitting<C, S>
          : 'a condition is a boolean; compare the column with something, such as .gt(0)';

/** The name of a column. */
export type Name<N, S> =
  IsAny<N | S> extends true ? N : N extends keyof S ? N : IsLiteral<N> extends true ? NotInTable<N & string, S> : N;

export type Names<C, S> = IsAny<C | S> extends true ? C : { readonly [I in keyof C]: Name<C[I], S> };

/** A column by name or as an expression, or an order of one. */
export type Key<C, S> = C extends string
  ? Name<C, S>
  : C extends SortColumn<infer R>
    ? [Misfit<R, S>] extends [never]
      ? C
      : Misfit<R, S>
    : Value<C, S>;

export type Keys<C, S> = IsAny<C | S> extends true ? C : { readonly [I in keyof C]: Key<C[I], S> };

/** A column that has a name in the result. */
type Selectable<C, S> = C extends '*'
  ? C
  : C extends string
    ? Name<C, S>
    : NameIn<C> extends ''
      ? "the expression has no name; give it one with .as('name')"
      : Fitting<C, S>;

export type Selection<C, S> = IsAny<C | S> extends true ? C : { readonly [I in keyof C]: Selectable<C[I], S> };

/** Names of columns and their new ones. */
export type Renaming<M, S> =
  IsAny<M | S> extends true ? M : { readonly [N in keyof M]: Name<N, S> extends N ? M[N] : Name<N, S> & string };

/** What a value is in a table of that row. */
export type ValueOf<V, S> = ValueIn<ValuesOf<V>, S>;

/** A row as a program gives it. */
export type GivenRow<S extends object> = IsAny<S> extends true ? Readonly<Record<string, unknown>> : NoInfer<S>;

/**
 * A row as `collect()` gives it. Looked up in a type of both, since the compiler would take what a conditional type gives
 * for a hint at what `S` is.
 */
export type RowOf<S> = { readonly declared: S; readonly unchecked: Row }[IsAny<S> extends true
  ? 'unchecked'
  : 'declared'];

/** The row of what was selected. */
export type Selected<C extends readonly unknown[], S> =
  IsAny<S> extends true
    ? Unchecked
    : true extends IsUnknown<C[number]>
      ? Unchecked
      : '*' extends C[number]
        ? Extended<S, Picked<C, S>>
        : { [I in keyof C & `${number}` as NameIn<C[I]>]: PickedValue<C[I], S> };

type Picked<C extends readonly unknown[], S> = {
  [I in keyof C & `${number}` as NameIn<C[I]>]: PickedValue<C[I], S>;
};

type PickedValue<C, S> = C extends keyof S ? S[C] : ValueOf<C, S>;

/** What something is called that was selected. */
type NameIn<C> = C extends '*' ? never : C extends string ? C : NameOf<C>;

/** True if what it is called is known only when the program runs. */
type IsUnknown<C> = C extends '*' ? false : IsLiteral<NameIn<C>> extends true ? false : true;

/** The row with one column more. */
export type WithColumn<S, N extends string, V> =
  IsLiteral<N> extends true ? Extended<S, Readonly<Record<N, ValueOf<V, S>>>> : Unchecked;

/** The row with columns more. */
export type WithColumns<S, C> =
  IsLiteral<keyof C> extends true ? Extended<S, { readonly [N in keyof C]: ValueOf<C[N], S> }> : Unchecked;

/** The row without columns. */
export type Dropped<S, N> =
  IsAny<S> extends true ? Unchecked : IsLiteral<N> extends true ? { [K in Exclude<keyof S, N>]: S[K] } : Unchecked;

/*
 * Keys are not remapped with `as`: of a type made so, the compiler finds the names anew each time they are asked for,
 * which makes a table of 200 columns cost a hundred times as much.
 */

/** The row with other names. */
export type Renamed<S, M> =
  IsAny<S> extends true
    ? Unchecked
    : IsLiteral<keyof M | M[keyof M]> extends true
      ? { [K in Exclude<keyof S, keyof M> | (M[keyof M] & string)]: S[OldName<K, M> & keyof S] }
      : Unchecked;

type OldName<K, M> = K extends M[keyof M] ? { [N in keyof M]: M[N] extends K ? N : never }[keyof M] : K;

/** The column that counts rows. */
export type Counted = Column<bigint, never, 'count'>;
