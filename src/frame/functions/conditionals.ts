import {
  binary,
  callOf,
  choose,
  FLOAT64,
  keepingOne,
  type Like,
  labelled,
  type Numeric,
  ternary,
  toColumn,
  typed,
  unary,
} from './declare.js';

/*
 * Functions that choose between values. Beside these: `when(...).otherwise(...)`.
 */

export const conditionals = {
  /** `coalesce(value, ...)`: the first value that is not null. */
  coalesce: keepingOne<'anyPresent'>('coalesce'),

  /** `ifNull(value, otherwise)`: the value, or another where it is null. */
  ifNull: typed<[value: unknown, otherwise: unknown], Like<'anyPresent'>>((value, otherwise) =>
    labelled('ifNull', [value, otherwise], callOf('coalesce', value, otherwise)),
  ),

  /** `nullIf(value, unwanted)`: the value, or null where it equals another. */
  nullIf: typed<[value: unknown, unwanted: unknown], Like<'firstOrNull'>>((value, unwanted) =>
    labelled('nullIf', [value, unwanted], callOf('nullif', value, unwanted)),
  ),

  /** `nvl2(value, present, absent)`: one value where the first is not null, another where it is. */
  nvl2: ternary<unknown, unknown, unknown, Like<'anyOfRest'>>('nvl2', (value, present, absent) =>
    choose(value.isNotNull(), present, absent),
  ),

  /** `greatest(value, ...)`: the greatest of several; nulls are passed over. */
  greatest: keepingOne<'any'>('greatest'),

  /** `least(value, ...)`: the least of several; nulls are passed over. */
  least: keepingOne<'any'>('least'),

  /** `equalNull(first, second)`: equality in which null equals null and nothing else; never null. */
  equalNull: binary<unknown, unknown, Like<'boolean'>>('equalNull', (first, second) =>
    callOf('coalesce', first.eq(second), first.isNull().and(second.isNull())),
  ),

  /** `isNaN(value)`: true of not-a-number; false of a null. */
  isNaN: unary<Numeric, Like<'boolean'>>('isNaN', value =>
    callOf('coalesce', callOf('isnan', value.cast(FLOAT64)), false),
  ),

  /** `nanvl(value, otherwise)`: the value, or another where it is not-a-number. */
  nanvl: typed<[value: Numeric, otherwise: Numeric], Like<'any'>>((value, otherwise) =>
    labelled('nanvl', [value, otherwise], choose(callOf('isnan', toColumn(value).cast(FLOAT64)), otherwise, value)),
  ),
};
