import type { LiteralValue } from '../expr.js';
import type { DataType, IntegerKind } from '../types.js';
import type { Unchecked } from './row.js';
import type { Float, Whole } from './terms.js';

/*
 * Type-level only: the JavaScript types of values, as `collect()` gives them.
 */

/** What a column of numbers gives: 64-bit integers are `bigint`. */
export type Numeric = number | bigint;

/** What an interval gives. */
export interface Interval {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}

/** What a map gives: its entries. */
export type Entries<K, V> = List<{ readonly key: K; readonly value: V }>;

/** A list. */
export type List<T> = readonly T[];

type WideInteger = 'int64' | 'uint64' | 'int128' | 'uint128';

/** Of the kinds of column type that need no more to be known. */
interface ValueOfKind
  extends Readonly<Record<Exclude<IntegerKind, WideInteger>, number>>,
    Readonly<Record<WideInteger, bigint>> {
  readonly boolean: boolean;
  readonly float32: number;
  readonly float64: number;
  readonly decimal: number;
  readonly string: string;
  readonly binary: Uint8Array;
  readonly uuid: string;
  readonly date: Date;
  /** Microseconds since midnight. */
  readonly time: bigint;
  readonly timestamp: Date;
  readonly interval: Interval;
  readonly null: null;
  readonly other: unknown;
}

/** What the values of a column type are, nulls apart. */
export type ValueOfType<D> = DataType extends D
  ? Unchecked
  : D extends { readonly kind: infer K }
    ? K extends keyof ValueOfKind
      ? ValueOfKind[K]
      : D extends { readonly kind: 'enum'; readonly values: readonly (infer V)[] }
        ? V
        : D extends { readonly kind: 'list' | 'array'; readonly element: infer E }
          ? List<ValueOfType<E> | null>
          : D extends { readonly kind: 'map'; readonly key: infer A; readonly value: infer B }
            ? Entries<ValueOfType<A>, ValueOfType<B> | null>
            : D extends { readonly kind: 'struct'; readonly fields: infer F }
              ? ValueOfFields<F>
              : unknown
    : never;

type ValueOfFields<F> = {
  readonly [I in keyof F & `${number}` as F[I] extends { readonly name: infer N extends string }
    ? N
    : never]: F[I] extends {
    readonly type: infer D;
  }
    ? ValueOfType<D> | null
    : never;
};

/**
 * What a plain value of a program is in a table. A whole number is an integer of the least width that holds it, as in
 * SQL, and comes back as `bigint` from 64 bits on.
 */
export type ValueOfPlain<V> = V extends number
  ? OfNumber<V>
  : V extends bigint
    ? OfWhole<V>
    : V extends boolean
      ? boolean
      : V extends string
        ? string
        : V extends readonly (infer E)[]
          ? LiteralValue extends E
            ? List<unknown>
            : List<ListElement<ValueOfPlain<E>>>
          : V;

/** Of a number that is not known by its digits, nothing can be told. */
type OfNumber<V extends number> = number extends V
  ? Numeric
  : `${V}` extends `${string}.${string}` | `${string}e-${string}`
    ? Float
    : OfWhole<V>;

type OfWhole<V extends Numeric> = bigint extends V ? Numeric : `${V}` extends TenDigits<`${V}`> ? Numeric : Whole;

/** The text itself if it has ten characters or more. */
type TenDigits<N extends string> =
  N extends `${infer _0}${infer _1}${infer _2}${infer _3}${infer _4}${infer _5}${infer _6}${infer _7}${infer _8}${infer _9}${string}`
    ? N
    : never;

/** A list holds values, not what is known of how they were written. */
type ListElement<T> = T extends Whole | Float ? number : T;
