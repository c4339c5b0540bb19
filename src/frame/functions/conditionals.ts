import {
  binary,
  type ColumnOf,
  callOf,
  choose,
  FLOAT64,
  keepingOne,
  labelled,
  type Numeric,
  ternary,
  toColumn,
  unary,
  type ValueOf,
} from './declare.js';

/*
 * Functions that choose between values. Beside these: `when(...).otherwise(...)`.
 */

export const conditionals = {
  /** `coalesce(value, ...)`: the first value that is not null. */
  coalesce: keepingOne('coalesce'),

  /** `ifNull(value, otherwise)`: the value, or another where it is null. */
  ifNull: <T>(value: ValueOf<T>, otherwise: ValueOf<T>): ColumnOf<T> =>
    labelled('ifNull', [value, otherwise], callOf('coalesce', value, otherwise)),

  /** `nullIf(value, unwanted)`: the value, or null where it equals another. */
  nullIf: <T>(value: ValueOf<T>, unwanted: ValueOf<T>): ColumnOf<T> =>
    labelled('nullIf', [value, unwanted], callOf('nullif', value, unwanted)),

  /** `nvl2(value, present, absent)`: one value where the first is not null, another where it is. */
  nvl2: ternary<unknown, unknown, unknown, unknown>('nvl2', (value, present, absent) =>
    choose(value.isNotNull(), present, absent),
  ),

  /** `greatest(value, ...)`: the greatest of several; nulls are passed over. */
  greatest: keepingOne('greatest'),

  /** `least(value, ...)`: the least of several; nulls are passed over. */
  least: keepingOne('least'),

  /** `equalNull(first, second)`: equality in which null equals null and nothing else; never null. */
  equalNull: binary<unknown, unknown, boolean>('equalNull', (first, second) =>
    callOf('coalesce', first.eq(second), first.isNull().and(second.isNull())),
  ),

  /** `isNaN(value)`: true of not-a-number; false of a null. */
  isNaN: unary<Numeric, boolean>('isNaN', value => callOf('coalesce', callOf('isnan', value.cast(FLOAT64)), false)),

  /** `nanvl(value, otherwise)`: the value, or another where it is not-a-number. */
  nanvl: (value: ValueOf<number>, otherwise: ValueOf<number>): ColumnOf<number> =>
    labelled('nanvl', [value, otherwise], choose(callOf('isnan', toColumn(value).cast(FLOAT64)), otherwise, value)),
};
