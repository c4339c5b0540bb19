import { InframeError, listNames, shown } from '../errors.js';
import type { Column, ColumnOrValue } from '../expr.js';
import type { FunctionOf } from '../typed/functions.js';
import { directives } from './date-patterns.js';
import {
  binary,
  callOf,
  choose,
  countOf,
  FLOAT64,
  INT32,
  INT64,
  labelled,
  type Numeric,
  type Plain,
  ternary,
  toColumn,
  typed,
  unary,
} from './declare.js';

/*
 * Dates and timestamps are `Date` in JavaScript; times with a zone are taken in UTC. What of a timestamp needs a date
 * forgets its time of day.
 */

/** A time of day comes out of `collect()` as microseconds. */
type Time = bigint;

const DATE = Object.freeze({ kind: 'date' } as const);
/** Seconds to the microsecond, without the rounding of floats. */
const SECONDS = Object.freeze({ kind: 'decimal', precision: 28, scale: 6 } as const);
const TIMESTAMP = Object.freeze({ kind: 'timestamp', unit: 'us', zone: false } as const);

const part = <In = Date>(
  name: string,
  engineName: string = name,
): FunctionOf<[value: In], number, [value: ColumnOrValue]> => unary<In, number>(name, countOf(engineName));

/** Spark's words for a unit of time, and the engine's. */
const UNITS: Readonly<Record<string, string>> = {
  year: 'year',
  yyyy: 'year',
  yy: 'year',
  quarter: 'quarter',
  month: 'month',
  mon: 'month',
  mm: 'month',
  week: 'week',
  day: 'day',
  dd: 'day',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
  millisecond: 'millisecond',
  microsecond: 'microsecond',
};

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

export const dates = {
  /** `year(date)`: the year. */
  year: part('year'),

  /** `quarter(date)`: 1 to 4. */
  quarter: part('quarter'),

  /** `month(date)`: 1 to 12. */
  month: part('month'),

  /** `weekOfYear(date)`: 1 to 53; weeks begin on Monday, the first has the year's first Thursday. */
  weekOfYear: part('weekOfYear', 'weekofyear'),

  /** `day(date)`: the day of the month, 1 to 31. */
  day: part('day'),

  /** `dayOfYear(date)`: 1 to 366. */
  dayOfYear: part('dayOfYear', 'dayofyear'),

  /** `dayOfWeek(date)`: 1 is Sunday, 7 is Saturday. */
  dayOfWeek: unary<Date, number>('dayOfWeek', date => callOf('dayofweek', date).add(1).cast(INT32)),

  /** `weekday(date)`: 0 is Sunday, 6 is Saturday, as in JavaScript; in Spark 0 is Monday. */
  weekday: part('weekday', 'dayofweek'),

  /** `hour(time)`: 0 to 23. */
  hour: part<Date | Time>('hour'),

  /** `minute(time)`: 0 to 59. */
  minute: part<Date | Time>('minute'),

  /** `second(time)`: 0 to 59. */
  second: part<Date | Time>('second'),

  /** `monthName(date)`: `Jan` to `Dec`. */
  monthName: unary<Date, string>('monthName', date => callOf('strftime', date, '%b')),

  /** `dayName(date)`: `Mon` to `Sun`. */
  dayName: unary<Date, string>('dayName', date => callOf('strftime', date, '%a')),

  /** `lastDay(date)`: the last day of its month. */
  lastDay: unary<Date, Date>('lastDay', 'last_day'),

  /** `nextDay(date, day)`: the first day behind it that is a `'monday'` (or `'mon'`, `'mo'`). */
  nextDay: typed<[date: Date, day: Plain<string>], Date>((date, day) => {
    const onDate = toColumn(date).cast(DATE);
    const ahead = callOf('dayofweek', onDate)
      .neg()
      .add(dayNumber(day) + 6)
      .mod(7)
      .add(1);
    return labelled('nextDay', [date, day], onDate.add(ahead.cast(INT32)));
  }),

  /** `dateAdd(date, days)`: so many days later. */
  dateAdd: binary<Date, Numeric, Date>('dateAdd', (date, days) => date.cast(DATE).add(days.cast(INT32))),

  /** `dateSub(date, days)`: so many days before. */
  dateSub: binary<Date, Numeric, Date>('dateSub', (date, days) => date.cast(DATE).sub(days.cast(INT32))),

  /** `dateDiff(end, start)`: the number of days from start to end. */
  dateDiff: binary<Date, Date, number>('dateDiff', (end, start) => end.cast(DATE).sub(start.cast(DATE)).cast(INT32)),

  /** `addMonths(date, months)`: so many months later; a day that its month does not have becomes its last. */
  addMonths: binary<Date, Numeric, Date>('addMonths', (date, months) =>
    date
      .cast(DATE)
      .add(callOf('to_months', months.cast(INT32)))
      .cast(DATE),
  ),

  /** `monthsBetween(end, start)`: months from start to end, with a fraction of 31 days; whole between equal days or two last days of months. To 8 digits. */
  monthsBetween: binary<Date, Date, number>('monthsBetween', (end, start) => {
    const [a, b] = [end.cast(TIMESTAMP), start.cast(TIMESTAMP)];
    const months = monthNumber(a).sub(monthNumber(b)).cast(FLOAT64);
    const days = callOf('day', a).sub(callOf('day', b));
    const fraction = days
      .mul(86_400)
      .add(secondOfDay(a))
      .sub(secondOfDay(b))
      .div(31 * 86_400);
    const whole = days.eq(0).or(isLastDay(a).and(isLastDay(b)));
    return choose(whole, months, callOf('round', months.add(fraction), 8));
  }),

  /** `makeDate(year, month, day)`: a date; null of what is none. */
  makeDate: ternary<Numeric, Numeric, Numeric, Date | null>('makeDate', (...parts) =>
    callOf('try', callOf('make_date', ...parts.map(each => each.cast(INT64)))),
  ),

  /** `makeTimestamp(year, month, day, hour, minute, second)`: a moment; null of what is none. The second may have a fraction. */
  makeTimestamp: typed<
    [year: Numeric, month: Numeric, day: Numeric, hour: Numeric, minute: Numeric, second: Numeric],
    Date | null
  >((year, month, day, hour, minute, second) => {
    const parts = [year, month, day, hour, minute].map(each => toColumn(each).cast(INT64));
    const made = callOf('try', callOf('make_timestamp', ...parts, toColumn(second).cast(FLOAT64)));
    return labelled('makeTimestamp', [year, month, day, hour, minute, second], made);
  }),

  /** `toDate(value, pattern?)`: a text as a date, by a pattern such as `dd.MM.yyyy`; without one as in `2024-02-29`. Null of what is none. */
  toDate: typed<[value: string | Date, pattern?: Plain<string>], Date | null>((value, pattern?) =>
    labelled('toDate', [value, pattern], parsed('toDate', value, pattern).tryCast(DATE)),
  ),

  /** `toTimestamp(value, pattern?)`: a text as a moment, by a pattern such as `dd.MM.yyyy HH:mm`. Null of what is none. */
  toTimestamp: typed<[value: string | Date, pattern?: Plain<string>], Date | null>((value, pattern?) =>
    labelled('toTimestamp', [value, pattern], parsed('toTimestamp', value, pattern).tryCast(TIMESTAMP)),
  ),

  /** `dateFormat(date, pattern)`: as text by a pattern such as `dd.MM.yyyy`. */
  dateFormat: typed<[date: Date, pattern: Plain<string>], string>((date, pattern) =>
    labelled('dateFormat', [date, pattern], callOf('strftime', date, directives('dateFormat', pattern))),
  ),

  /** `dateTrunc(unit, time)`: the beginning of its `'year'`, `'quarter'`, `'month'`, `'week'`, `'day'`, `'hour'`, `'minute'`, `'second'` ... */
  dateTrunc: typed<[unit: Plain<string>, time: Date], Date>((unit, time) =>
    labelled('dateTrunc', [unit, time], callOf('date_trunc', unitOf('dateTrunc', unit), time)),
  ),

  /** `trunc(date, unit)`: as `dateTrunc`, as a date. */
  trunc: typed<[date: Date, unit: Plain<string>], Date>((date, unit) =>
    labelled('trunc', [date, unit], callOf('date_trunc', unitOf('trunc', unit), date).cast(DATE)),
  ),

  /** `unixTimestamp(time)`: whole seconds since 1970. */
  unixTimestamp: unary<Date, bigint>('unixTimestamp', time => callOf('floor', callOf('epoch', time)).cast(INT64)),

  /** `unixMillis(time)`: milliseconds since 1970. */
  unixMillis: unary<Date, bigint>('unixMillis', 'epoch_ms'),

  /** `timestampSeconds(seconds)`: the moment so many seconds since 1970; they may have a fraction. */
  timestampSeconds: unary<Numeric, Date>('timestampSeconds', seconds =>
    callOf('make_timestamp', seconds.cast(SECONDS).mul(1_000_000).cast(INT64)),
  ),

  /** `timestampMillis(milliseconds)`: the moment so many milliseconds since 1970. */
  timestampMillis: unary<Numeric, Date>('timestampMillis', milliseconds =>
    callOf('make_timestamp', milliseconds.cast(INT64).mul(1000)),
  ),
};

function parsed(name: string, value: ColumnOrValue, pattern: string | undefined): Column {
  return pattern === undefined ? toColumn(value) : callOf('try_strptime', value, directives(name, pattern));
}

function monthNumber(time: Column): Column {
  return callOf('year', time).mul(12).add(callOf('month', time));
}

function secondOfDay(time: Column): Column {
  return callOf('hour', time).mul(3600).add(callOf('minute', time).mul(60)).add(callOf('second', time));
}

function isLastDay(time: Column): Column {
  return time.cast(DATE).eq(callOf('last_day', time));
}

function unitOf(name: string, unit: string): string {
  const found = typeof unit === 'string' ? UNITS[unit.toLowerCase()] : undefined;
  if (found !== undefined) return found;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `unit ${shown(unit)} of ${name}() is not a unit of time; there are: ${listNames([...new Set(Object.values(UNITS))])}`,
  );
}

/** 0 is Sunday. */
function dayNumber(day: string): number {
  const folded = typeof day === 'string' ? day.toLowerCase() : '';
  const at = DAYS.findIndex(name => [name, name.slice(0, 3), name.slice(0, 2)].includes(folded));
  if (at >= 0) return at;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `day ${shown(day)} of nextDay() is not a day of the week; there are: ${listNames(DAYS)}`,
  );
}
