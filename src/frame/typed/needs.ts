import type { IsAny } from './row.js';
import type { IsOpen, Ref, ValueIn } from './terms.js';
import type { Numeric } from './values.js';

/*
 * Type-level only. What a column asks of the table it meets is a union: names of columns that have to be there, and the
 * two types below, which say what values have to be. It is checked by the verb that brings the column to a table, and not
 * at all where the table's row was not declared.
 */

/** Values of the one type have to be of the other; a null always is. */
export interface Needs<T, Wanted> {
  readonly values: T;
  readonly wanted: Wanted;
}

/** Values of these types have to be comparable. */
export interface Comparable<A, B> {
  readonly one: A;
  readonly other: B;
}

/** That values are of a type, unless this is known already. */
export type Fits<T, Wanted> =
  IsAny<T> extends true
    ? never
    : IsOpen<T> extends true
      ? Needs<T, Wanted>
      : [ValueIn<T, unknown>] extends [Wanted | null]
        ? never
        : Needs<T, Wanted>;

/** That values of two types can be compared, as soon as one of them is known. */
export type Compares<A, B> =
  IsAny<A | B> extends true
    ? never
    : IsOpen<B> extends false
      ? Fits<A, LikeAll<ValueIn<B, unknown>>>
      : IsOpen<A> extends false
        ? Fits<B, LikeAll<ValueIn<A, unknown>>>
        : Comparable<A, B>;

/** What can be compared with values of a type; whatever there is, where the type is null or not known. */
type LikeAll<V> = unknown extends V ? unknown : [V] extends [null] ? unknown : Like<V>;

type Like<V> = V extends Numeric
  ? Numeric
  : V extends string
    ? string
    : V extends boolean
      ? boolean
      : V extends Date
        ? Date
        : V extends Uint8Array
          ? Uint8Array
          : V extends readonly unknown[]
            ? readonly unknown[]
            : V;

/** What is wrong with the needs of a column in a table of that row, in words; never, if nothing is. */
export type Misfit<R, S> =
  IsAny<R> extends true
    ? never
    : R extends string
      ? string extends R
        ? never
        : R extends keyof S
          ? never
          : NotInTable<R, S>
      : R extends Needs<infer T, infer Wanted>
        ? Unfit<T, Wanted, ValueIn<T, S>>
        : R extends Comparable<infer A, infer B>
          ? Incomparable<A, ValueIn<A, S>, ValueIn<B, S>>
          : never;

type Unfit<T, Wanted, V> = unknown extends V
  ? never
  : [V] extends [Wanted | null]
    ? never
    : `${Described<T, V>}, but ${A<Wanted>} is needed`;

type Incomparable<T, V, W> = unknown extends V
  ? never
  : [V] extends [LikeAll<W> | null]
    ? never
    : `${Described<T, V>}, which cannot be compared with ${A<W>}`;

type Described<T, V> = T extends Ref<infer N extends string> ? `column '${N}' is ${A<V>}` : `the value is ${A<V>}`;

/** What values are, in a word. */
export type A<V> = unknown extends V
  ? 'another value'
  : [Extract<V, string>] extends [never]
    ? [Extract<V, Numeric>] extends [never]
      ? [Extract<V, boolean>] extends [never]
        ? [Extract<V, Date>] extends [never]
          ? [Extract<V, Uint8Array>] extends [never]
            ? [Extract<V, readonly unknown[]>] extends [never]
              ? 'a struct'
              : 'a list'
            : 'binary'
          : 'a date'
        : 'a boolean'
      : 'a number'
    : 'a string';

/**
 * The message for a name that the table does not have. Where there is only an empty text yet, an editor shows the names that
 * there are.
 */
export type NotInTable<N extends string, S> = N extends ''
  ? keyof S & string
  : [Nearest<N, keyof S & string>] extends [never]
    ? `column '${N}' is not in the table`
    : `column '${N}' is not in the table (did you mean '${Nearest<N, keyof S & string>}'?)`;

/** Names that differ in case, or of which one begins with the other. Looked for only where there is an error. */
type Nearest<N extends string, Existing extends string> = Existing extends string
  ? Lowercase<N> extends `${Lowercase<Existing>}${string}`
    ? Existing
    : N extends ThreeLetters<N>
      ? Lowercase<Existing> extends `${Lowercase<N>}${string}`
        ? Existing
        : never
      : never
  : never;

/** The text itself if it has three letters: many names may begin with fewer. */
type ThreeLetters<N extends string> = N extends `${infer _0}${infer _1}${infer _2}${string}` ? N : never;
