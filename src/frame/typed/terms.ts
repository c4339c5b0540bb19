import type { Extended, IsAny } from './row.js';
import type { Entries, Interval, List, Numeric } from './values.js';

/*
 * Type-level only. What a column's values are is not known where the column is written: `col('price')` may meet any table.
 * So the type of its values is a union of JavaScript types and of terms, which say how the rest is found in a row.
 */

declare const term: unique symbol;

/** Something that is found when the row is known; what, stands in {@link Meanings}. */
export interface Term<Kind, A, B = never> {
  readonly [term]: readonly [Kind, A, B];
}

type AnyTerm = Term<unknown, unknown, unknown>;

/** The values of the column of that name. */
export interface Ref<Name> extends Term<'ref', Name> {}
/** Null, if `A` may be null. */
export interface NullOf<A> extends Term<'nullOf', A> {}
/** `A` where it is not null. */
export interface NotNull<A> extends Term<'notNull', A> {}
/** What arithmetic makes of values that are one of `A`, and of what is subtracted, one of `B`; nulls apart. */
export interface Arithmetic<A, B = never> extends Term<'arithmetic', A, B> {}
/** A sum of many: of integers one of 64 bits or more. */
export interface Total<A> extends Term<'total', A> {}
/** What `A || B` is, nulls apart. */
export interface Concatenated<A> extends Term<'concatenated', A> {}
/** A member of a struct. */
export interface Member<A, Name> extends Term<'member', A, Name> {}
/** An element of a list. */
export interface Element<A> extends Term<'element', A> {}
/** A list of these. */
export interface ListOf<A> extends Term<'listOf', A> {}
/** A struct whose members are columns of these types. */
export interface StructOf<Members> extends Term<'structOf', Members> {}
/** The struct `A` with other members, which replace those of their names. */
export interface WithMembers<A, Members> extends Term<'withMembers', A, Members> {}
/** A map, as its entries. */
export interface MapOf<Key, Value> extends Term<'mapOf', Key, Value> {}
/** A whole number as it was written, which takes the type of what it is calculated with. */
export interface Whole extends Term<'whole', number> {}
/** A number that is no integer: whatever is calculated with it is none either. */
export interface Float extends Term<'float', number> {}

interface Meanings<A, B, S> {
  readonly ref: A extends keyof S ? S[A] : unknown;
  readonly nullOf: Extract<Found<A, S>, null>;
  readonly notNull: Exclude<Found<A, S>, null>;
  readonly arithmetic: Calculated<Exclude<Found<A, S>, null>, Exclude<Found<B, S>, null>>;
  readonly total: Totalled<Exclude<Found<A, S>, null>>;
  readonly concatenated: Joined<Exclude<ValueIn<A, S>, null>>;
  readonly member: MemberOf<Found<A, S>, B>;
  readonly element: ElementOf<Found<A, S>>;
  readonly listOf: List<ValueIn<A, S>>;
  readonly structOf: MembersIn<A, S>;
  readonly withMembers: Extended<Exclude<Found<A, S>, null>, MembersIn<B, S>>;
  readonly mapOf: Entries<ValueIn<A, S>, ValueIn<B, S>>;
  readonly whole: Whole;
  readonly float: Float;
}

/** A type with its terms found in a row; `Whole` and `Float` are still there. */
type Found<T, S> =
  T extends Term<infer Kind, infer A, infer B>
    ? Kind extends keyof Meanings<A, B, S>
      ? Meanings<A, B, S>[Kind]
      : never
    : T;

/** The type of a column's values in a table of that row; `unknown` if nobody has typed them. */
export type ValueIn<T, S> = IsAny<T> extends true ? unknown : Settled<Found<T, S>>;

/** Numbers as JavaScript has them. All values of a column are of one type, so a whole number becomes what the others are. */
type Settled<V> = [Extract<V, AnyTerm>] extends [never]
  ? V
  : [Extract<V, Float>] extends [never]
    ? [Extract<V, Numeric>] extends [never]
      ? Exclude<V, AnyTerm> | number
      : Exclude<V, AnyTerm>
    : Exclude<V, AnyTerm | bigint> | number;

/** Days between dates are whole numbers, between moments an interval. */
type Calculated<A, B> = unknown extends A | B
  ? unknown
  : [Extract<A, Date>] extends [never]
    ? Combined<A | B>
    : [Extract<B, Date>] extends [never]
      ? Date
      : bigint | Interval;

/** What numbers give together, whatever is done with them. */
type Combined<V> = [Extract<V, Float>] extends [never]
  ? [V] extends [number | Whole]
    ? number
    : [V] extends [bigint | Whole]
      ? bigint
      : [V] extends [Numeric | Whole]
        ? Numeric
        : V
  : Float;

type Totalled<V> = [Extract<V, Float>] extends [never] ? ([V] extends [number | Whole] ? Numeric : Combined<V>) : Float;

type Joined<V> = unknown extends V ? V : [V] extends [readonly unknown[] | Uint8Array] ? V : string;

type MemberOf<V, Name> = Name extends keyof Exclude<V, null> ? Exclude<V, null>[Name] | Extract<V, null> : unknown;

type ElementOf<V> = Exclude<V, null> extends List<infer E> ? E : unknown;

type MembersIn<Members, S> = { readonly [N in keyof Members]: ValueIn<Members[N], S> };

/** The nulls among values of these types. */
export type NullsIn<T> =
  IsAny<T> extends true
    ? null
    : T extends AnyTerm
      ? T extends NullOf<infer A>
        ? NullOf<A>
        : T extends Term<'ref' | 'member' | 'element', unknown, unknown>
          ? NullOf<T>
          : never
      : Extract<T, null>;

/** True if more than nulls depends on the row. */
export type IsOpen<T> = [Exclude<Extract<T, AnyTerm>, NullOf<unknown> | Whole | Float>] extends [never] ? false : true;
