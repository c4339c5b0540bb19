import type { Column, ColumnOrValue } from '../expr.js';
import type { NeedsOf, Unnamed, ValuesOf } from './column.js';
import type { Compares, Fits } from './needs.js';
import type { IsAny, Unchecked } from './row.js';
import type { Arithmetic, Concatenated, Float, NullOf, NullsIn } from './terms.js';
import type { Interval, Numeric } from './values.js';

/*
 * Type-level only: the operators of a column of values `T` and needs `R`. Their parameters are wide, since only a table can
 * tell whether a value fits; what has to hold is added to the needs of the result.
 */

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

/*
 * Sums, products and texts of many parts are one term of all of them, not a term of a term of a term: the compiler follows
 * them only so far.
 */

type Additive = Numeric | Date | Interval | readonly unknown[];

/** What of a type is not the result of arithmetic, about which everything has been asked. */
type Unasked<T> = T extends Arithmetic<unknown, unknown> | NullOf<unknown> ? never : T;

type Added<T> = T extends Arithmetic<infer A, unknown> ? A : Unasked<T>;

type Subtracted<T> = T extends Arithmetic<unknown, infer B> ? B : never;

/** A difference is not taken apart: twice the difference of two dates is no date. */
type Factors<T> =
  T extends NullOf<unknown> ? never : T extends Arithmetic<infer A, infer B> ? ([B] extends [never] ? A : T) : T;

type Sum<T, V> = IsAny<T | V> extends true ? Unchecked : Arithmetic<Added<T | V>, Subtracted<T | V>>;

type Minus<T, V> =
  IsAny<T | V> extends true ? Unchecked : Arithmetic<Added<T> | Subtracted<V>, Subtracted<T> | Added<V>>;

type Product<T> = IsAny<T> extends true ? Unchecked : Arithmetic<Factors<T>>;

export type Add<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<Sum<T, ValuesOf<V>> | NullsOf<T, V>, R | NeedsOf<V> | Fits<Unasked<T | ValuesOf<V>>, Additive>, Unnamed>;

export type Subtract<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<Minus<T, ValuesOf<V>> | NullsOf<T, V>, R | NeedsOf<V> | Fits<Unasked<T | ValuesOf<V>>, Additive>, Unnamed>;

export type Multiply<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<Product<T | ValuesOf<V>> | NullsOf<T, V>, R | NeedsOf<V> | Factor<T> | Factor<ValuesOf<V>>, Unnamed>;

export type Negate<T, R> = () => Column<Product<T> | NullsIn<T>, R | Factor<T>, Unnamed>;

type Factor<T> = Fits<Unasked<T>, Numeric>;

/** What is left of a division; of one by 0, nothing. */
export type Modulo<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<
  Product<T | ValuesOf<V>> | NullsOf<T, V> | NullOfZero<V>,
  R | NeedsOf<V> | Factor<T> | Factor<ValuesOf<V>>,
  Unnamed
>;

type NullOfZero<V> = V extends Numeric ? (0 extends V ? null : 0n extends V ? null : never) : null;

export type Divide<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<Float | NullsOf<T, V>, R | NeedsOf<V> | Factor<T> | Factor<ValuesOf<V>>, Unnamed>;

export type Logic<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<boolean | NullsOf<T, V>, R | NeedsOf<V> | Fits<T, boolean> | Fits<ValuesOf<V>, boolean>, Unnamed>;

export type Concatenate<T, R> = <const V extends ColumnOrValue>(
  other: V,
) => Column<Concatenated<Parts<T | ValuesOf<V>>> | NullsOf<T, V>, R | NeedsOf<V>, Unnamed>;

type Parts<T> = T extends Concatenated<infer A> ? A : T extends NullOf<unknown> ? never : T;
