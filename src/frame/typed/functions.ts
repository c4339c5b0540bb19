import type { Column, ColumnOrValue } from '../expr.js';
import type { NeedsOf, Unnamed, ValuesOf } from './column.js';
import type { Fits } from './needs.js';
import type { Element, ListOf, MapOf, Member, NotNull, NullsIn, Total } from './terms.js';

/*
 * Type-level only: functions of columns. A function is declared by what its arguments have to be and by what it gives:
 * JavaScript types as `collect()` gives them, or the markers below.
 *
 * @example
 * type Left = FunctionOf<[text: string, length: number], string>; // null where an argument is null
 */

declare const marker: unique symbol;

/** An argument that is the same in every row: a plain value, never a column. */
export interface Plain<T> {
  readonly [marker]: readonly ['plain', T];
}

/** An argument that has to be a column: nobody knows what is meant by an aggregate of a plain value. */
export interface OnlyColumn<T> {
  readonly [marker]: readonly ['column', T];
}

/** A result that is put together from the types of the arguments. */
export interface Like<How extends keyof Results<readonly unknown[]>> {
  readonly [marker]: readonly ['like', How];
}

/** How a result is put together. @typeParam A the arguments */
interface Results<A extends readonly unknown[]> {
  /** The type of the first argument; null where one of them is null. */
  readonly first: ValuesOf<A[0]> | NullsIn<ValuesOf<A[number]>>;
  /** The type of the first argument, or null. */
  readonly firstOrNull: ValuesOf<A[0]> | null;
  /** The type of one of the arguments. */
  readonly any: ValuesOf<A[number]>;
  /** True or false, never null. */
  readonly boolean: boolean;
  /** Text; null only where the first argument is. */
  readonly concatenated: string | NullsIn<ValuesOf<A[0]>>;
  /** The type of the first argument, or that of the third, or null if there is none. */
  readonly neighbour:
    | ValuesOf<A[0]>
    | (A extends readonly [unknown, unknown, infer Other, ...unknown[]] ? ValuesOf<Other> : null);
  /** The first argument, a list, without nulls. */
  readonly compacted: ListOf<NotNull<Element<ValuesOf<A[0]>>>> | NullsIn<ValuesOf<A[0]>>;
  /** The first argument, a list, and a second as one more element. */
  readonly withElement: ListOf<Element<ValuesOf<A[0]>> | ValuesOf<A[1]>> | NullsIn<ValuesOf<A[0]>>;
  readonly mapOfEntries:
    | MapOf<Member<Element<ValuesOf<A[0]>>, 'key'>, Member<Element<ValuesOf<A[0]>>, 'value'>>
    | NullsIn<ValuesOf<A[0]>>;
  /** The type of one of the arguments behind the first. */
  readonly anyOfRest: A extends readonly [unknown, ...infer Rest] ? ValuesOf<Rest[number]> : unknown;
  /** The type of one of the arguments; null only where the last is null. */
  readonly anyPresent: A extends readonly [...infer Others, infer Last]
    ? NotNull<ValuesOf<Others[number]>> | ValuesOf<Last>
    : ValuesOf<A[number]>;
  /** An element of the first argument; null where there is none. */
  readonly elementOrNull: Element<ValuesOf<A[0]>> | null;
  readonly listOfFirst: ListOf<ValuesOf<A[0]>> | NullsIn<ValuesOf<A[number]>>;
  readonly listOfPresent: ListOf<NotNull<ValuesOf<A[0]>>>;
  readonly listOfAny: ListOf<ValuesOf<A[number]>>;
  /** The elements of the first argument, themselves lists, as one list. */
  readonly flattened: Element<ValuesOf<A[0]>> | null;
  readonly mapOfLists: MapOf<Element<ValuesOf<A[0]>>, Element<ValuesOf<A[1]>>> | NullsIn<ValuesOf<A[number]>>;
  readonly listOfKeys: ListOf<Member<Element<ValuesOf<A[0]>>, 'key'>> | NullsIn<ValuesOf<A[0]>>;
  readonly listOfMapped: ListOf<Member<Element<ValuesOf<A[0]>>, 'value'>> | NullsIn<ValuesOf<A[0]>>;
  readonly mapped: Member<Element<ValuesOf<A[0]>>, 'value'> | null;
  /** The sum of many. */
  readonly total: Total<ValuesOf<A[0]>> | null;
}

type ResultOf<Out, A extends readonly unknown[]> =
  Out extends Like<infer How> ? Results<A>[How] : Out | NullsIn<ValuesOf<A[number]>>;

/** What may be given for an argument; whether it fits, the table tells. */
type Given<In> = In extends Plain<infer P> ? P : In extends OnlyColumn<unknown> ? Column : ColumnOrValue;

type AllGiven<In extends readonly unknown[]> = { -readonly [I in keyof In]: Given<Exclude<In[I], undefined>> };

/** What the arguments ask of the table. */
type NeedsOfAll<A extends readonly unknown[], In extends readonly unknown[]> =
  | NeedsOf<A[number]>
  | { [I in keyof A]: FitsOne<A[I], Exclude<I extends keyof In ? In[I] : In[number], undefined>> }[number];

/** A text that is written out may stand for a date. */
type FitsOne<V, In> = [In] extends [Plain<unknown>]
  ? never
  : [In] extends [OnlyColumn<infer T>]
    ? Fits<ValuesOf<V>, T>
    : [V, Date] extends [string, In]
      ? never
      : Fits<ValuesOf<V>, In>;

/**
 * A function of values of a row. Its result is null where an argument is null, or where `Out` has null.
 *
 * @typeParam In what the arguments have to be
 * @typeParam G what may be given; it follows from `In`
 */
export type FunctionOf<In extends readonly unknown[], Out, G extends readonly unknown[] = AllGiven<In>> = <
  const A extends G,
>(
  ...args: A
) => Column<ResultOf<Out, A>, NeedsOfAll<A, In>, Unnamed>;

/** A function of many rows: its result is null only where `Out` has null. */
export type AggregateOf<In extends readonly unknown[], Out, G extends readonly unknown[] = AllGiven<In>> = <
  const A extends G,
>(
  ...args: A
) => Column<Out extends Like<infer How> ? Results<A>[How] : Out, NeedsOfAll<A, In>, Unnamed>;
