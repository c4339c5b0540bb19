import { col } from '../../../src/index.js';
import { fails, operations, rows, value } from '../declare.js';
import { boolean, date, float64, int32, int64, string, table } from '../types.js';

const NAN = Number.NaN;

const t = table({
  id: int64(1, 2, 3, 4),
  x: float64(1, NAN, null, 4),
  s: string('a', null, null, 'd'),
  n: int32(null, 2, null, 4),
});

const kept = (...ids: readonly number[]) => ({ id: int64(...ids) });

export const MISSING = operations(
  'Missing values',
  { t },
  {
    'dropNulls: rows that miss nothing': rows(({ t }) => t.dropNulls(), {
      id: int64(4),
      x: float64(4),
      s: string('d'),
      n: int32(4),
    }),
    'dropNulls: rows that miss not all': rows(
      ({ t }) => t.dropNulls({ how: 'all', subset: ['x', 's', 'n'] }).select('id'),
      kept(1, 2, 4),
    ),
    'dropNulls: in some columns, not-a-number is missing': rows(
      ({ t }) => t.dropNulls({ subset: 'x' }).select('id'),
      kept(1, 4),
    ),
    'dropNulls: rows with so many values': rows(({ t }) => t.dropNulls({ threshold: 3 }).select('id'), kept(1, 4)),
    'fillNulls: a number, in columns of numbers': rows(({ t }) => t.fillNulls(0), {
      id: int64(1, 2, 3, 4),
      x: float64(1, 0, 0, 4),
      s: string('a', null, null, 'd'),
      n: int32(0, 2, 0, 4),
    }),
    'fillNulls: a fraction, not in columns of integers': rows(({ t }) => t.fillNulls(0.5).select('x', 'n'), {
      x: float64(1, 0.5, 0.5, 4),
      n: int32(null, 2, null, 4),
    }),
    'fillNulls: a text, in columns of texts': rows(({ t }) => t.fillNulls('none').drop('id', 'x'), {
      s: string('a', 'none', 'none', 'd'),
      n: int32(null, 2, null, 4),
    }),
    'fillNulls: a value a column': rows(({ t }) => t.fillNulls({ s: '-', n: -1 }).select('s', 'n'), {
      s: string('a', '-', '-', 'd'),
      n: int32(-1, 2, -1, 4),
    }),
    'fillNulls: in some columns': rows(({ t }) => t.fillNulls(9, ['n']).select('x', 'n'), {
      x: float64(1, NAN, null, 4),
      n: int32(9, 2, 9, 4),
    }),
    'fillNulls: what a column cannot hold': fails(({ t }) => t.fillNulls('none', 'n'), 'TYPE_MISMATCH'),
    'replaceValues: numbers and null': rows(
      ({ t }) =>
        t.replaceValues([
          [1, 10],
          [4, null],
        ]),
      {
        id: int64(10, 2, 3, null),
        x: float64(10, NAN, null, null),
        s: string('a', null, null, 'd'),
        n: int32(null, 2, null, null),
      },
    ),
    'replaceValues: all pairs at once': rows(
      ({ t }) =>
        t
          .replaceValues([
            ['a', 'd'],
            ['d', 'a'],
          ])
          .select('s'),
      {
        s: string('d', null, null, 'a'),
      },
    ),
    'replaceValues: in some columns': rows(({ t }) => t.replaceValues([[4, 5]], 'n').select('id', 'n'), {
      id: int64(1, 2, 3, 4),
      n: int32(null, 2, null, 5),
    }),
  },
);

const m = table({
  x: float64(1, 2, 3, null),
  k: int64(10, 30, 20, 40),
  s: string('b', 'a', null, 'c'),
  d: date('2024-01-01', null, null, null),
  flag: boolean(true, true, true, true),
  minus: float64(-1, -2, -3, null),
  same: int32(7, 7, 7, 7),
});

export const STATISTICS = operations(
  'Statistics',
  { m },
  {
    'describe: numbers and texts': rows(({ m }) => m.describe('x', 's'), {
      summary: string('count', 'mean', 'stddev', 'min', 'max'),
      x: string('3', '2.0', '1.0', '1.0', '3.0'),
      s: string('3', null, null, 'a', 'c'),
    }),
    'describe: without names, the columns it can': rows(({ m }) => m.select('k', 'd', 'flag').describe().limit(1), {
      summary: string('count'),
      k: string('4'),
    }),
    'describe: a column of dates': fails(({ m }) => m.describe('d'), 'TYPE_MISMATCH'),
    'summary: with quartiles': rows(({ m }) => m.select('k').summary().filter(col('summary').ne('stddev')), {
      summary: string('count', 'mean', 'min', '25%', '50%', '75%', 'max'),
      k: string('4', '25.0', '10', '10', '20', '30', '40'),
    }),
    'summary: some statistics': rows(({ m }) => m.select('same', 's').summary('max', '90%', 'count_distinct'), {
      summary: string('max', '90%', 'count_distinct'),
      same: string('7', '7', '1'),
      s: string('c', null, '3'),
    }),
    'approxQuantile: values of the column': value(
      ({ m }) => m.approxQuantile('k', [0, 0.25, 0.5, 0.51, 1]),
      [10, 10, 20, 30, 40],
    ),
    'approxQuantile: of no values': value(({ m }) => m.filter(col('k').gt(99)).approxQuantile('k', [0.5]), []),
    'corr: a line': value(({ m }) => m.corr('x', 'minus'), -1),
    'corr: where one does not vary': value(({ m }) => m.corr('k', 'same'), null),
    'cov: of a sample': value(({ m }) => m.cov('x', 'x'), 1),
    'cov: of one row': value(({ m }) => m.limit(1).cov('x', 'k'), null),
  },
);
