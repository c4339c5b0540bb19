import { col, fn, lit, sql, when } from '../../../src/index.js';
import { fails, of, operations, rows } from '../declare.js';
import {
  boolean,
  date,
  decimal,
  float64,
  int32,
  int64,
  list,
  nulls,
  string,
  struct,
  table,
  timestamp,
} from '../types.js';

const NAN = Number.NaN;
const INFINITY = Number.POSITIVE_INFINITY;

const t = table({
  a: int64(7, -7, 0, null, 7),
  b: int64(2, 2, 5, 1, null),
  i: int32(7, -7, 2, 2147483647, null),
  x: float64(0.5, -0, NAN, INFINITY, null),
  y: float64(2, 0, NAN, 1, 1),
  s: string('abc', 'a%c', '', null, 'b'),
  p: boolean(true, true, false, false, null),
  q: boolean(true, null, null, false, null),
  d: date('2024-02-29', '2023-12-31', '1969-12-31', null, '2024-03-01'),
  at: timestamp(
    '2024-02-29 12:00:00',
    '2023-12-31 23:59:59.999999',
    '1969-12-31 00:00:00',
    null,
    '2024-03-01 00:00:00',
  ),
  m: decimal(6, 2)('1.50', '-0.01', '1000.00', null, '0.00'),
});

export const ARITHMETIC = operations(
  'Arithmetic',
  { t },
  {
    'add: of 64-bit integers': of(col('a').add(col('b')), int64(9, -5, 5, null, null)),
    'add: of 32-bit integers and a whole number': of(col('i').sub(1).add(1), int32(7, -7, 2, 2147483647, null)),
    'add: of an integer and a float': of(col('a').add(col('x')), float64(7.5, -7, NAN, null, null)),
    'add: of an integer and a number with a fraction': of(col('b').add(0.5), float64(2.5, 2.5, 5.5, 1.5, null)),
    'add: beyond the type fails': fails(({ t }) => t.select(col('i').add(col('i')).as('y')), 'QUERY_FAILED'),
    'add: of decimals': of(col('m').add(col('m')), decimal(7, 2)('3.00', '-0.02', '2000.00', null, '0.00')),
    'sub: of 64-bit integers': of(col('a').sub(col('b')), int64(5, -9, -5, null, null)),
    'sub: infinity from itself': of(col('x').sub(INFINITY), float64(-INFINITY, -INFINITY, NAN, NAN, null)),
    'mul: of 64-bit integers': of(col('a').mul(col('b')), int64(14, -14, 0, null, null)),
    'mul: of floats, with the sign of zero': of(col('x').mul(col('y')), float64(1, -0, NAN, INFINITY, null)),
    'div: of integers is of real numbers': of(col('a').div(col('b')), float64(3.5, -3.5, 0, null, null)),
    'div: by zero, as IEEE 754 has it': of(col('y').div(0), float64(INFINITY, NAN, NAN, INFINITY, INFINITY)),
    'mod: has the sign of the dividend': of(col('a').mod(col('b')), int64(1, -1, 0, null, null)),
    'mod: by zero is null': of(col('b').mod(col('b').sub(2)), int64(null, null, 2, 0, null)),
    'mod: of floats': of(col('y').mod(1.5), float64(0.5, 0, NAN, 1, 1)),
    'neg: of integers': of(col('a').neg(), int64(-7, 7, 0, null, -7)),
    'neg: of floats': of(col('x').neg(), float64(-0.5, 0, NAN, -INFINITY, null)),
    'sql: an expression': of(sql('a * 2 + b'), int64(16, -12, 5, null, null)),
    'sql: what is no expression': fails(({ t }) => t.select(sql('a; DROP TABLE t').as('y')), 'EXPRESSION_INVALID'),
  },
);

export const COMPARISONS = operations(
  'Comparisons',
  { t },
  {
    'eq: of integers': of(col('a').eq(7), boolean(true, false, false, null, true)),
    'eq: of texts': of(col('s').eq('abc'), boolean(true, false, false, null, false)),
    'eq: 0 and -0 are equal': of(col('x').eq(0), boolean(false, true, false, false, null)),
    'eq: not-a-number equals itself': of(col('x').eq(col('y')), boolean(false, true, true, false, null)),
    'eq: of a number and a text': fails(({ t }) => t.select(col('a').eq(col('s')).as('y')), 'TYPE_MISMATCH'),
    'eq: with null is null': of(col('a').eq(null), boolean(null, null, null, null, null)),
    'eq: of a date and a moment': of(col('d').eq(col('at')), boolean(false, false, true, null, true)),
    'eq: of a decimal and a number': of(col('m').eq(1.5), boolean(true, false, false, null, false)),
    'ne: of integers': of(col('a').ne(col('b')), boolean(true, true, true, null, null)),
    'lt: not-a-number is greater than infinity': of(col('x').lt(INFINITY), boolean(true, true, false, false, null)),
    'le: of dates': of(col('d').le(new Date(Date.UTC(2024, 1, 29))), boolean(true, true, true, null, false)),
    'gt: of texts, by code points': of(col('s').gt('a'), boolean(true, true, false, null, true)),
    'ge: of floats': of(col('y').ge(1), boolean(true, false, true, true, true)),
    'between: both ends included': of(col('a').between(0, 7), boolean(true, false, true, null, true)),
    'isIn: some values': of(col('s').isIn('abc', 'b'), boolean(true, false, false, null, true)),
    'isIn: with a null among them': of(col('a').isIn(7, null), boolean(true, null, null, null, true)),
    'isIn: none': of(col('a').isIn(), boolean(false, false, false, false, false)),
    'like: any text': of(col('s').like('a%'), boolean(true, true, false, null, false)),
    'like: one character': of(col('s').like('_'), boolean(false, false, false, null, true)),
    'like: upper and lower case differ': of(col('s').like('A%'), boolean(false, false, false, null, false)),
    'concat: of texts': of(col('s').concat('!'), string('abc!', 'a%c!', '!', null, 'b!')),
    'concat: with a null': of(col('s').concat(null), string(null, null, null, null, null)),
  },
);

const nested = table({
  l: list(int64)([1, 2], [], null, [null, 3]),
  s: struct({ n: int64, inner: struct({ t: string }) })({ n: 1, inner: { t: 'a' } }, { n: null, inner: null }, null, {
    n: 4,
    inner: { t: null },
  }),
});

export const LOGIC = operations(
  'Logic, nulls and choices',
  { t, nested },
  {
    'and: of three values': of(col('p').and(col('q')), boolean(true, null, false, false, null)),
    'or: of three values': of(col('p').or(col('q')), boolean(true, true, null, false, null)),
    'not: of three values': of(col('p').not(), boolean(false, false, true, true, null)),
    'isNull: never null itself': of(col('q').isNull(), boolean(false, true, true, false, true)),
    'isNotNull: not-a-number is not null': of(col('x').isNotNull(), boolean(true, true, true, true, false)),
    'when: the first that is true': of(
      when(col('a').gt(0), 'more').when(col('a').le(0), 'less').otherwise('none'),
      string('more', 'less', 'less', 'none', 'more'),
    ),
    'when: without otherwise is null': of(when(col('p'), col('b')), int64(2, 2, null, null, null)),
    'when: of several number types': of(
      when(col('p'), col('i')).otherwise(col('x')),
      float64(7, -7, NAN, INFINITY, null),
    ),
    'fn.coalesce': of(fn.coalesce(col('a'), col('b'), lit(0)), int64(7, -7, 0, 1, 7)),
    'fn.ifNull': of(fn.ifNull(col('s'), 'none'), string('abc', 'a%c', '', 'none', 'b')),
    'fn.nullIf': of(fn.nullIf(col('a'), 7), int64(null, -7, 0, null, null)),
    'fn.nvl2': of(fn.nvl2(col('q'), 'some', 'none'), string('some', 'none', 'none', 'some', 'none')),
    'fn.greatest: nulls are passed over': of(fn.greatest(col('a'), col('b')), int64(7, 2, 5, 1, 7)),
    'fn.least: nulls are passed over': of(fn.least(col('a'), col('b')), int64(2, -7, 0, 1, 7)),
    'fn.equalNull': of(fn.equalNull(col('q'), col('p')), boolean(true, false, false, true, true)),
    'fn.isNaN': of(fn.isNaN(col('x')), boolean(false, false, true, false, false)),
    'fn.nanvl': of(fn.nanvl(col('x'), 1), float64(0.5, -0, 1, INFINITY, null)),
    'at: an element, counted from 0': rows(({ nested }) => nested.select(col('l').at(1).as('y')), {
      y: int64(2, null, null, 3),
    }),
    'at: past the end': rows(({ nested }) => nested.select(col('l').at(9).as('y')), {
      y: int64(null, null, null, null),
    }),
    'field: a member': rows(({ nested }) => nested.select(col('s').field('n').as('y')), { y: int64(1, null, null, 4) }),
    'field: a member of a member': rows(({ nested }) => nested.select(col('s').field('inner').field('t').as('y')), {
      y: string('a', null, null, null),
    }),
    'field: one that is not there': fails(({ nested }) => nested.select(col('s').field('m')), 'EXPRESSION_INVALID'),
    'lit: null has no type': rows(({ nested }) => nested.limit(1).select(lit(null).as('y')), { y: nulls(1) }),
    'lit: a list': rows(({ nested }) => nested.limit(1).select(lit([1, 2]).as('y')), { y: list(int32)([1, 2]) }),
    'lit: bigints': rows(({ nested }) => nested.limit(1).select(lit(9007199254740993n).as('y')), {
      y: int64(9007199254740993n),
    }),
    'lit: a date is a moment': rows(({ nested }) => nested.limit(1).select(lit(new Date(0)).as('y')), {
      y: timestamp('1970-01-01 00:00:00'),
    }),
  },
);

const order = table({
  id: int64(1, 2, 3, 4, 5, 6),
  x: float64(2, null, NAN, -0, -1, INFINITY),
  s: string('b', 'B', 'ä', null, 'a', 'aa'),
  g: int64(1, 2, 1, 2, 1, 2),
});

export const ORDERING = operations(
  'Order',
  { t: order },
  {
    'orderBy: ascending, nulls last, not-a-number before them': rows(({ t }) => t.orderBy('x').select('id'), {
      id: int64(5, 4, 1, 6, 3, 2),
    }),
    'orderBy: descending, nulls last': rows(({ t }) => t.orderBy(col('x').desc()).select('id'), {
      id: int64(3, 6, 1, 4, 5, 2),
    }),
    'orderBy: nulls first': rows(({ t }) => t.orderBy(col('x').asc().withNullsFirst()).select('id'), {
      id: int64(2, 5, 4, 1, 6, 3),
    }),
    'orderBy: descending, nulls first': rows(({ t }) => t.orderBy(col('x').desc().withNullsFirst()).select('id'), {
      id: int64(2, 3, 6, 1, 4, 5),
    }),
    'orderBy: texts by code points': rows(({ t }) => t.orderBy('s').select('s'), {
      s: string('B', 'a', 'aa', 'b', 'ä', null),
    }),
    'orderBy: several keys': rows(({ t }) => t.orderBy('g', col('id').desc()).select('id'), {
      id: int64(5, 3, 1, 6, 4, 2),
    }),
    'orderBy: an expression': rows(({ t }) => t.orderBy(col('id').mul(5).mod(7)).select('id'), {
      id: int64(3, 6, 2, 5, 1, 4),
    }),
    'orderBy: and the first rows': rows(({ t }) => t.orderBy(col('id').desc()).limit(2).select('id'), {
      id: int64(6, 5),
    }),
    'orderBy: a column that is dropped after': rows(({ t }) => t.orderBy(col('id').desc()).select('g').limit(3), {
      g: int64(2, 1, 2),
    }),
    'order of the source: kept by filters and columns': rows(
      ({ t }) =>
        t
          .filter(col('g').eq(1))
          .withColumn('twice', col('id').add(col('id')))
          .select('twice'),
      { twice: int64(2, 6, 10) },
    ),
  },
);
