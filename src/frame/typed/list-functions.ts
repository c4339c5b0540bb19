import type { Column, ColumnOrValue } from '../expr.js';
import type { NeedsOf, Unnamed, ValuesOf } from './column.js';
import type { Fits } from './needs.js';
import type { Element, ListOf, NullsIn } from './terms.js';
import type { List } from './values.js';

/*
 * Type-level only: functions that call back for the elements of a list. What a callback is given are columns of the
 * elements, whatever these are in the table.
 */

/** What stands for an element of a list. */
type ElementOf<L> = Column<Element<ValuesOf<L>>, never, string>;

/** The place of an element, from 0. */
type Index = Column<bigint, never, string>;

type NeedsList<L> = NeedsOf<L> | Fits<ValuesOf<L>, List<unknown>>;

type NeedsCondition<V> = NeedsOf<V> | Fits<ValuesOf<V>, boolean>;

export type Transform = <const L extends ColumnOrValue, const V extends ColumnOrValue>(
  list: L,
  callback: (element: ElementOf<L>, index: Index) => V,
) => Column<ListOf<ValuesOf<V>> | NullsIn<ValuesOf<L>>, NeedsList<L> | NeedsOf<V>, Unnamed>;

export type FilterList = <const L extends ColumnOrValue, const V extends ColumnOrValue>(
  list: L,
  callback: (element: ElementOf<L>, index: Index) => V,
) => Column<ValuesOf<L>, NeedsList<L> | NeedsCondition<V>, Unnamed>;

export type TestElements = <const L extends ColumnOrValue, const V extends ColumnOrValue>(
  list: L,
  callback: (element: ElementOf<L>) => V,
) => Column<boolean | NullsIn<ValuesOf<L>> | NullsIn<ValuesOf<V>>, NeedsList<L> | NeedsCondition<V>, Unnamed>;

export type Reduce = <const L extends ColumnOrValue, const I extends ColumnOrValue, const V extends ColumnOrValue>(
  list: L,
  initial: I,
  callback: (sum: Column<ValuesOf<I> | Element<ValuesOf<L>>, never, string>, element: ElementOf<L>) => V,
) => Column<ValuesOf<I | V> | NullsIn<ValuesOf<L>>, NeedsList<L> | NeedsOf<I | V>, Unnamed>;

export type ZipWith = <const A extends ColumnOrValue, const B extends ColumnOrValue, const V extends ColumnOrValue>(
  first: A,
  second: B,
  callback: (a: OrNull<A>, b: OrNull<B>) => V,
) => Column<ListOf<ValuesOf<V>> | NullsIn<ValuesOf<A | B>>, NeedsList<A> | NeedsList<B> | NeedsOf<V>, Unnamed>;

/** An element of the shorter list may not be there. */
type OrNull<L> = Column<Element<ValuesOf<L>> | null, never, string>;
