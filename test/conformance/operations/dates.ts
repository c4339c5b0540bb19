import { col, fn } from '../../../src/index.js';
import { fails, of, operations } from '../declare.js';
import { date, float64, int32, int64, string, table, timestamp } from '../types.js';

const t = table({
  d: date('2024-02-29', '1969-12-31', '2000-01-01', null, '2023-10-31'),
  e: date('2024-03-31', '1970-01-01', '1999-12-31', '2024-01-01', '2024-02-29'),
  at: timestamp(
    '2024-02-29 23:59:58.75',
    '1969-12-31 12:30:00',
    '2000-01-01 00:00:00',
    null,
    '2023-10-31 06:07:08.000009',
  ),
  s: string('2024-02-29', '31.12.1969 07:05', '2023-02-29', null, '2023-10-31 06:07:08.5'),
  i: int32(1, -1, 13, 1, 2),
});

export const DATES = operations(
  'Functions of dates and times',
  { t },
  {
    'fn.year': of(fn.year(col('d')), int32(2024, 1969, 2000, null, 2023)),
    'fn.quarter': of(fn.quarter(col('d')), int32(1, 4, 1, null, 4)),
    'fn.month': of(fn.month(col('at')), int32(2, 12, 1, null, 10)),
    'fn.weekOfYear: by ISO 8601': of(fn.weekOfYear(col('d')), int32(9, 1, 52, null, 44)),
    'fn.day': of(fn.day(col('d')), int32(29, 31, 1, null, 31)),
    'fn.dayOfYear': of(fn.dayOfYear(col('d')), int32(60, 365, 1, null, 304)),
    'fn.dayOfWeek: 1 is Sunday': of(fn.dayOfWeek(col('d')), int32(5, 4, 7, null, 3)),
    'fn.weekday: 0 is Sunday': of(fn.weekday(col('d')), int32(4, 3, 6, null, 2)),
    'fn.hour': of(fn.hour(col('at')), int32(23, 12, 0, null, 6)),
    'fn.minute': of(fn.minute(col('at')), int32(59, 30, 0, null, 7)),
    'fn.second': of(fn.second(col('at')), int32(58, 0, 0, null, 8)),
    'fn.monthName': of(fn.monthName(col('d')), string('Feb', 'Dec', 'Jan', null, 'Oct')),
    'fn.dayName': of(fn.dayName(col('d')), string('Thu', 'Wed', 'Sat', null, 'Tue')),
    'fn.lastDay': of(fn.lastDay(col('d')), date('2024-02-29', '1969-12-31', '2000-01-31', null, '2023-10-31')),
    'fn.nextDay: behind the day': of(
      fn.nextDay(col('d'), 'tue'),
      date('2024-03-05', '1970-01-06', '2000-01-04', null, '2023-11-07'),
    ),
    'fn.dateAdd': of(
      fn.dateAdd(col('d'), col('i')),
      date('2024-03-01', '1969-12-30', '2000-01-14', null, '2023-11-02'),
    ),
    'fn.dateSub': of(fn.dateSub(col('d'), 1), date('2024-02-28', '1969-12-30', '1999-12-31', null, '2023-10-30')),
    'fn.dateDiff': of(fn.dateDiff(col('e'), col('d')), int32(31, 1, -1, null, 121)),
    'fn.addMonths: to the last day': of(
      fn.addMonths(col('d'), col('i')),
      date('2024-03-29', '1969-11-30', '2001-02-01', null, '2023-12-31'),
    ),
    'fn.monthsBetween: whole between last days': of(
      fn.monthsBetween(col('e'), col('d')),
      float64(1, 0.03225806, -0.03225806, null, 4),
    ),
    'fn.makeDate: null of what is none': of(
      fn.makeDate(2023, 2, fn.day(col('d'))),
      date(null, null, '2023-02-01', null, null),
    ),
    'fn.makeTimestamp': of(
      fn.makeTimestamp(2024, 2, 29, col('i'), 30, 1.25),
      timestamp(
        '2024-02-29 01:30:01.25',
        null,
        '2024-02-29 13:30:01.25',
        '2024-02-29 01:30:01.25',
        '2024-02-29 02:30:01.25',
      ),
    ),
    'fn.toDate: null of what is none': of(fn.toDate(col('s')), date('2024-02-29', null, null, null, '2023-10-31')),
    'fn.toDate: by a pattern': of(fn.toDate(col('s'), 'dd.MM.yyyy HH:mm'), date(null, '1969-12-31', null, null, null)),
    'fn.toTimestamp': of(
      fn.toTimestamp(col('s')),
      timestamp('2024-02-29 00:00:00', null, null, null, '2023-10-31 06:07:08.5'),
    ),
    'fn.toTimestamp: by a pattern': of(
      fn.toTimestamp(col('s'), 'dd.MM.yyyy HH:mm'),
      timestamp(null, '1969-12-31 07:05:00', null, null, null),
    ),
    'fn.dateFormat': of(
      fn.dateFormat(col('at'), 'dd/MM/yy HH:mm:ss'),
      string('29/02/24 23:59:58', '31/12/69 12:30:00', '01/01/00 00:00:00', null, '31/10/23 06:07:08'),
    ),
    'fn.dateTrunc: to the hour': of(
      fn.dateTrunc('hour', col('at')),
      timestamp('2024-02-29 23:00:00', '1969-12-31 12:00:00', '2000-01-01 00:00:00', null, '2023-10-31 06:00:00'),
    ),
    'fn.dateTrunc: to the week, which begins on Monday': of(
      fn.dateTrunc('week', col('at')),
      timestamp('2024-02-26 00:00:00', '1969-12-29 00:00:00', '1999-12-27 00:00:00', null, '2023-10-30 00:00:00'),
    ),
    'fn.dateTrunc: of a date is a moment': of(
      fn.dateTrunc('year', col('d')),
      timestamp('2024-01-01 00:00:00', '1969-01-01 00:00:00', '2000-01-01 00:00:00', null, '2023-01-01 00:00:00'),
    ),
    'fn.dateTrunc: a unit that is none': fails(({ t }) => t.select(fn.dateTrunc('eon', col('at'))), 'ARGUMENT_INVALID'),
    'fn.trunc: to the quarter': of(
      fn.trunc(col('d'), 'quarter'),
      date('2024-01-01', '1969-10-01', '2000-01-01', null, '2023-10-01'),
    ),
    'fn.unixTimestamp: before 1970 too': of(
      fn.unixTimestamp(col('at')),
      int64(1709251198, -41400, 946684800, null, 1698732428),
    ),
    'fn.unixMillis': of(fn.unixMillis(col('at')), int64(1709251198750, -41400000, 946684800000, null, 1698732428000)),
    'fn.timestampSeconds': of(
      fn.timestampSeconds(col('i').mul(1.5)),
      timestamp(
        '1970-01-01 00:00:01.5',
        '1969-12-31 23:59:58.5',
        '1970-01-01 00:00:19.5',
        '1970-01-01 00:00:01.5',
        '1970-01-01 00:00:03',
      ),
    ),
    'fn.timestampMillis': of(
      fn.timestampMillis(col('i')),
      timestamp(
        '1970-01-01 00:00:00.001',
        '1969-12-31 23:59:59.999',
        '1970-01-01 00:00:00.013',
        '1970-01-01 00:00:00.001',
        '1970-01-01 00:00:00.002',
      ),
    ),
    'add: days to a date': of(
      col('d').add(col('i')),
      date('2024-03-01', '1969-12-30', '2000-01-14', null, '2023-11-02'),
    ),
    'lt: of two dates': of(col('d').lt(col('e')).cast({ kind: 'int32' }), int32(1, 1, 0, null, 1)),
  },
);
