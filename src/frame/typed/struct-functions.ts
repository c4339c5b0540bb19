import type { Column, ColumnOrValue } from '../expr.js';
import type { HasMember, NameOf, NeedsOf, Unnamed, ValuesOf } from './column.js';
import type { Member, NullsIn, StructOf, WithMembers } from './terms.js';

/*
 * Type-level only: functions that make structs of columns, and columns of structs.
 */

export type Struct = <const C extends readonly Column[]>(
  ...columns: C
) => Column<StructOf<Members<C>>, NeedsOf<C[number]>, Unnamed>;

/** Members are called what the columns are called. */
type Members<C extends readonly unknown[]> = {
  [I in keyof C & `${number}` as NameOf<C[I]>]: ValuesOf<C[I]>;
};

export type NamedStruct = <const M extends Readonly<Record<string, ColumnOrValue>>>(
  members: M,
) => Column<StructOf<{ [N in keyof M]: ValuesOf<M[N]> }>, NeedsOf<M[keyof M]>, Unnamed>;

export type GetField = <C extends Column, const N extends string>(
  struct: C,
  name: N,
) => Column<Member<ValuesOf<C>, N>, NeedsOf<C> | HasMember<ValuesOf<C>, N>, Unnamed>;

export type WithField = <C extends Column, const N extends string, const V extends ColumnOrValue>(
  struct: C,
  name: N,
  value: V,
) => Column<WithMembers<ValuesOf<C>, Readonly<Record<N, ValuesOf<V>>>> | NullsIn<ValuesOf<C>>, NeedsOf<C | V>, Unnamed>;
