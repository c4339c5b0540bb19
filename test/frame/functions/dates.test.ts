import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { dates } from '../../../src/frame/functions/dates.js';
import { col, fn } from '../../../src/index.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile } from '../../support/tables.js';
import { at, each, testUses } from './table.js';

/** A leap day, the last moment before 1970, the end of a long month before a short one, and nothing. */
const SOURCE = `SELECT t, t::DATE AS d, strftime(t, '%d.%m.%Y') AS s, k::BIGINT AS k FROM (VALUES
  (TIMESTAMP '2024-02-29 10:11:12.987', 1),
  (TIMESTAMP '1969-12-31 23:59:59.5', -1),
  (TIMESTAMP '2016-08-31 00:00:00', 0),
  (NULL, NULL)) v(t, k)`;

const t = col('t');
const d = col('d');
const k = col('k');
const all = (value: unknown): readonly unknown[] => each(value, 4);

testUses('functions of dates', dates, SOURCE, {
  year: [
    [fn.year(t), [2024, 1969, 2016, null]],
    [fn.year(at('1582-10-14')), all(1582)],
  ],
  quarter: [[fn.quarter(t), [1, 4, 3, null]]],
  month: [[fn.month(d), [2, 12, 8, null]]],
  weekOfYear: [
    [fn.weekOfYear(d), [9, 1, 35, null]],
    [fn.weekOfYear(at('2021-01-03')), all(53)],
  ],
  day: [[fn.day(t), [29, 31, 31, null]]],
  dayOfYear: [
    [fn.dayOfYear(d), [60, 365, 244, null]],
    [fn.dayOfYear(at('2024-12-31')), all(366)],
  ],
  dayOfWeek: [
    [fn.dayOfWeek(d), [5, 4, 4, null]],
    [fn.dayOfWeek(at('2009-07-30')), all(5)],
    [fn.dayOfWeek(at('2024-03-03')), all(1)],
  ],
  weekday: [
    [fn.weekday(t), [4, 3, 3, null]],
    [fn.weekday(at('2024-03-03')), all(0)],
  ],
  hour: [[fn.hour(t), [10, 23, 0, null]]],
  minute: [[fn.minute(t), [11, 59, 0, null]]],
  second: [[fn.second(t), [12, 59, 0, null]]],
  monthName: [[fn.monthName(d), ['Feb', 'Dec', 'Aug', null]]],
  dayName: [[fn.dayName(t), ['Thu', 'Wed', 'Wed', null]]],
  lastDay: [
    [fn.lastDay(t), [at('2024-02-29'), at('1969-12-31'), at('2016-08-31'), null]],
    [fn.lastDay(at('2023-02-01')), all(at('2023-02-28'))],
  ],
  nextDay: [
    [fn.nextDay(at('2015-01-14'), 'TU'), all(at('2015-01-20'))],
    [fn.nextDay(t, 'Mon'), [at('2024-03-04'), at('1970-01-05'), at('2016-09-05'), null]],
    [fn.nextDay(d, 'wednesday'), [at('2024-03-06'), at('1970-01-07'), at('2016-09-07'), null]],
  ],
  dateAdd: [
    [fn.dateAdd(d, 1), [at('2024-03-01'), at('1970-01-01'), at('2016-09-01'), null]],
    [fn.dateAdd(t, k), [at('2024-03-01'), at('1969-12-30'), at('2016-08-31'), null]],
  ],
  dateSub: [[fn.dateSub(t, 366), [at('2023-02-28'), at('1968-12-30'), at('2015-08-31'), null]]],
  dateDiff: [
    [fn.dateDiff(at('2009-07-31'), at('2009-07-30')), all(1)],
    [fn.dateDiff(at('1970-01-01'), t), [-19782, 1, -17044, null]],
  ],
  addMonths: [
    [fn.addMonths(t, 1), [at('2024-03-29'), at('1970-01-31'), at('2016-09-30'), null]],
    [fn.addMonths(d, -12), [at('2023-02-28'), at('1968-12-31'), at('2015-08-31'), null]],
    [fn.addMonths(d, k), [at('2024-03-29'), at('1969-11-30'), at('2016-08-31'), null]],
  ],
  monthsBetween: [
    [fn.monthsBetween(at('1997-02-28T10:30:00'), at('1996-10-30')), all(3.94959677)],
    [fn.monthsBetween(at('2024-02-29'), d), [0, 650, 90, null]],
    [fn.monthsBetween(at('2024-01-31'), at('2024-02-29T12:00:00')), all(-1)],
    [fn.monthsBetween(at('2024-01-01'), at('2024-02-01T12:00:00')), all(-1)],
    [fn.monthsBetween(at('2024-01-01'), at('2024-01-02')), all(-0.03225806)],
  ],
  makeDate: [
    [fn.makeDate(2024, 2, 29), all(at('2024-02-29'))],
    [fn.makeDate(2023, 2, k.add(28)), [null, at('2023-02-27'), at('2023-02-28'), null]],
    [fn.makeDate(2024, 13, 1), all(null)],
  ],
  makeTimestamp: [
    [fn.makeTimestamp(2014, 12, 28, 6, 30, 45.887), all(at('2014-12-28T06:30:45.887'))],
    [fn.makeTimestamp(2023, 2, k.add(28), 0, 0, 0), [null, at('2023-02-27'), at('2023-02-28'), null]],
    [fn.makeTimestamp(2023, 1, 1, 25, 0, 0), all(null)],
  ],
  toDate: [
    [fn.toDate('2016-12-31'), all(at('2016-12-31'))],
    [fn.toDate('2023-02-29'), all(null)],
    [fn.toDate('yesterday'), all(null)],
    [fn.toDate(t), [at('2024-02-29'), at('1969-12-31'), at('2016-08-31'), null]],
    [fn.toDate(col('s'), 'dd.MM.yyyy'), [at('2024-02-29'), at('1969-12-31'), at('2016-08-31'), null]],
    [fn.toDate(col('s'), 'dd/MM/yyyy'), all(null)],
  ],
  toTimestamp: [
    [fn.toTimestamp('2016-12-31 00:12:00'), all(at('2016-12-31T00:12:00'))],
    [fn.toTimestamp('31 Dec 2016 at 12:01 AM', "d MMM yyyy 'at' hh:mm a"), all(at('2016-12-31T00:01:00'))],
    [fn.toTimestamp('25:00', 'HH:mm'), all(null)],
  ],
  dateFormat: [
    [fn.dateFormat(at('2016-04-08'), 'y'), all('2016')],
    [
      fn.dateFormat(t, 'yyyy-MM-dd HH:mm:ss.SSS'),
      ['2024-02-29 10:11:12.987', '1969-12-31 23:59:59.500', '2016-08-31 00:00:00.000', null],
    ],
    [
      fn.dateFormat(d, "EEE, d. MMMM ''yy, 'day' D 100%"),
      [
        "Thu, 29. February '24, day 60 100%",
        "Wed, 31. December '69, day 365 100%",
        "Wed, 31. August '16, day 244 100%",
        null,
      ],
    ],
    [
      fn.dateFormat(t, 'h a H m s SSSSSS'),
      ['10 AM 10 11 12 987000', '11 PM 23 59 59 500000', '12 AM 0 0 0 000000', null],
    ],
  ],
  dateTrunc: [
    [fn.dateTrunc('HOUR', at('2015-03-05T09:32:05.359')), all(at('2015-03-05T09:00:00'))],
    [
      fn.dateTrunc('MILLISECOND', t),
      [at('2024-02-29T10:11:12.987'), at('1969-12-31T23:59:59.500'), at('2016-08-31'), null],
    ],
    [fn.dateTrunc('week', t), [at('2024-02-26'), at('1969-12-29'), at('2016-08-29'), null]],
    [fn.dateTrunc('YEAR', d), [at('2024-01-01'), at('1969-01-01'), at('2016-01-01'), null]],
  ],
  trunc: [
    [fn.trunc(at('2019-08-04'), 'week'), all(at('2019-07-29'))],
    [fn.trunc(at('2019-08-04'), 'quarter'), all(at('2019-07-01'))],
    [fn.trunc(t, 'MM'), [at('2024-02-01'), at('1969-12-01'), at('2016-08-01'), null]],
  ],
  unixTimestamp: [
    [fn.unixTimestamp(t), [1709201472n, -1n, 1472601600n, null]],
    [fn.unixTimestamp(d), [1709164800n, -86400n, 1472601600n, null]],
  ],
  unixMillis: [[fn.unixMillis(t), [1709201472987n, -500n, 1472601600000n, null]]],
  timestampSeconds: [
    [fn.timestampSeconds(1230219000), all(at('2008-12-25T15:30:00'))],
    [fn.timestampSeconds(-0.5), all(at('1969-12-31T23:59:59.500'))],
    [fn.timestampSeconds(k), [at('1970-01-01T00:00:01'), at('1969-12-31T23:59:59'), at('1970-01-01'), null]],
  ],
  timestampMillis: [[fn.timestampMillis(1230219000123), all(at('2008-12-25T15:30:00.123'))]],
});

test('times with a zone are taken in UTC', async context => {
  const session = await openSession(context, { workers: 1 });
  const path = await makeFile(
    join(temporaryFolder(context), 't.parquet'),
    "SELECT TIMESTAMPTZ '2024-02-29 23:30:00-01:00' AS z",
  );
  const z = col('z');
  const [row] = await session.read
    .parquet(path)
    .select(
      fn.hour(z).as('hour'),
      fn.day(z).as('day'),
      fn.lastDay(z).as('lastDay'),
      fn.dateAdd(z, 1).as('dateAdd'),
      fn.dateTrunc('month', z).as('dateTrunc'),
      fn.dateFormat(z, 'dd.MM. HH:mm').as('dateFormat'),
      fn.unixTimestamp(z).as('unixTimestamp'),
      fn.monthsBetween(z, at('2024-03-01')).as('monthsBetween'),
      fn.toDate(z).as('toDate'),
    )
    .collect();
  assert.deepEqual(row, {
    hour: 0,
    day: 1,
    lastDay: at('2024-03-31'),
    dateAdd: at('2024-03-02'),
    dateTrunc: at('2024-03-01'),
    dateFormat: '01.03. 00:30',
    unixTimestamp: BigInt(Date.UTC(2024, 2, 1, 0, 30) / 1000),
    monthsBetween: 0,
    toDate: at('2024-03-01'),
  });
});
