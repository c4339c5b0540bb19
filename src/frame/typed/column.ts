import type { Column, SortColumn } from '../expr.js';
import type { WhenColumn } from '../functions.js';
import type { DataType } from '../types.js';
import type { Fits } from './needs.js';
import type { Unchecked } from './row.js';
import type { NullsIn } from './terms.js';
import type { ValueOfPlain, ValueOfType } from './values.js';

/*
 * Type-level only: the parts of a column's type.
 *
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

/** The values of a column after a cast. */
export type CastTo<D extends DataType, T> = ValueOfType<D> | NullsIn<T>;
