import type { Column, ColumnOrValue, SortColumn } from '../expr.js';
import type { WhenColumn } from '../functions.js';
import type { DataType } from '../types.js';
import type { Compares, Fits } from './needs.js';
import type { Unchecked } from './row.js';
import type { Arithmetic, Concatenated, Difference, Float, NullsIn } from './terms.js';
import type { Interval, Numeric, ValueOfPlain, ValueOfType } from './values.js';

/*
 * Type-level only: what the methods of a column give. Their parameters are wide, since only a table can tell whether a
 * value fits; what has to hold is added to the needs of the result.
 */

/*
 * A CASE is a class of its own, of which the compiler does not find the type parameters by looking for those of a column.
 */

/** The type of the values of a column or of a plain value. */
export type ValuesOf<V> =
  V extends WhenColumn<infer T, Unchecked>
    ? T | null
    : V extends Column<infer T, Unchecked, Unchecked>
      ? T
      : ValueOfPlain<V>;

/** What a column asks of its table; a plain value asks for nothing. */
export type NeedsOf<V> =
  V extends WhenColumn<Unchecked, infer R> ? R : V extends Column<Unchecked, infer R, Unchecked> ? R : never;

/** The name of a column. */
export type NameOf<V> =
  V extends WhenColumn<Unchecked, Unchecked> ? Unnamed : V extends Column<Unchecked, Unchecked, infer N> ? N : never;

/** What a key of a verb or window asks of its table. */
export type KeyNeeds<K> = K extends string ? K : K extends SortColumn<infer R> ? R : NeedsOf<K>;

/** That values are structs with a member of that name. */
export type HasMember<T, Name extends string> = Fits<T, Readonly<Record<Name, unknown>>>;

/** The name of a column of which nobody has said what it is called. */
export type Unnamed = '';

/** The name a column was given. */
export type LabelOf<_Name> = string | undefined;

/** Null where the one value or another is. */
export type NullsOf<T, V> = NullsIn<T> | NullsIn<ValuesOf<V>>;

export type Compare<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<boolean | NullsOf<T, V>, R | NeedsOf<V> | ComparesWith<T, V>, Unnamed>;

/** A text that is written out may stand for a date. */
type ComparesWith<T, V> = V extends string ? Fits<T, string | Date> : Compares<T, ValuesOf<V>>;

export type CompareMany<T, R> = <const V extends readonly ColumnOrValue[]>(
  ...values: V
) => Column<boolean | NullsOf<T, V[number]>, R | NeedsOf<V[number]> | ComparesWith<T, V[number]>, Unnamed>;

export type Between<T, R> = <const V extends ColumnOrValue, const W extends ColumnOrValue>(
  low: V,
  high: W,
) => Column<boolean | NullsOf<T, V | W>, R | NeedsOf<V | W> | ComparesWith<T, V> | ComparesWith<T, W>, Unnamed>;

type Additive = Numeric | Date | Interval | readonly unknown[];

export type Add<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<
  Arithmetic<T | ValuesOf<V>> | NullsOf<T, V>,
  R | NeedsOf<V> | Fits<T, Additive> | Fits<ValuesOf<V>, Additive>,
  Unnamed
>;

export type Subtract<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<
  Difference<T, ValuesOf<V>> | NullsOf<T, V>,
  R | NeedsOf<V> | Fits<T, Additive> | Fits<ValuesOf<V>, Additive>,
  Unnamed
>;

export type Multiply<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<
  Arithmetic<T | ValuesOf<V>> | NullsOf<T, V>,
  R | NeedsOf<V> | Fits<T, Numeric> | Fits<ValuesOf<V>, Numeric>,
  Unnamed
>;

/** What is left of a division; of one by 0, nothing. */
export type Modulo<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<
  Arithmetic<T | ValuesOf<V>> | NullsOf<T, V> | NullOfZero<V>,
  R | NeedsOf<V> | Fits<T, Numeric> | Fits<ValuesOf<V>, Numeric>,
  Unnamed
>;

type NullOfZero<V> = V extends Numeric ? (0 extends V ? null : 0n extends V ? null : never) : null;

export type Divide<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<Float | NullsOf<T, V>, R | NeedsOf<V> | Fits<T, Numeric> | Fits<ValuesOf<V>, Numeric>, Unnamed>;

export type Logic<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<boolean | NullsOf<T, V>, R | NeedsOf<V> | Fits<T, boolean> | Fits<ValuesOf<V>, boolean>, Unnamed>;

export type Concatenate<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<Concatenated<T | ValuesOf<V>> | NullsOf<T, V>, R | NeedsOf<V>, Unnamed>;

/** The values of a column after a cast. */
export type CastTo<D extends DataType, T> = ValueOfType<D> | NullsIn<T>;
