import { col } from '../../../src/index.js';
import { anyOrder, fails, operations, rows } from '../declare.js';
import { boolean, date, float64, int32, int64, string, table } from '../types.js';

const a = table({ id: int64(1, 2, 2, 3, null), name: string('a', 'b', 'c', 'd', 'e') });
const b = table({ id: int64(2, 3, 3, 4, null), size: int64(20, 30, 31, 40, 50) });
/** The same keys under another name. */
const c = table({ key: int64(2, 3, 4), size: int64(20, 30, 40) });
const none = table({ id: int64(), size: int64() });
const spans = table({ low: int64(1, 3), high: int64(2, 9), span: string('small', 'large') });
const days = table({
  id: int64(1, 1, 2),
  day: date('2024-01-01', '2024-01-02', '2024-01-01'),
  sold: float64(0.5, 1.5, null),
});

export const JOINS = operations(
  'Joins',
  { a, b, c, none, spans, days },
  {
    'join: inner, by a name': anyOrder(({ a, b }) => a.join(b, 'id'), {
      id: int64(2, 2, 3, 3),
      name: string('b', 'c', 'd', 'd'),
      size: int64(20, 20, 30, 31),
    }),
    'join: left': anyOrder(({ a, b }) => a.join(b, 'id', 'left'), {
      id: int64(1, 2, 2, 3, 3, null),
      name: string('a', 'b', 'c', 'd', 'd', 'e'),
      size: int64(null, 20, 20, 30, 31, null),
    }),
    'join: right': anyOrder(({ a, b }) => a.join(b, 'id', 'right'), {
      id: int64(2, 2, 3, 3, 4, null),
      name: string('b', 'c', 'd', 'd', null, null),
      size: int64(20, 20, 30, 31, 40, 50),
    }),
    'join: full': anyOrder(({ a, b }) => a.join(b, 'id', 'full'), {
      id: int64(1, 2, 2, 3, 3, 4, null, null),
      name: string('a', 'b', 'c', 'd', 'd', null, 'e', null),
      size: int64(null, 20, 20, 30, 31, 40, null, 50),
    }),
    'join: outer is full': anyOrder(
      ({ b, c }) => b.join(c, (left, right) => left('id').eq(right('key')), 'outer', { suffix: '_c' }),
      {
        id: int64(2, 3, 3, 4, null),
        size: int64(20, 30, 31, 40, 50),
        key: int64(2, 3, 3, 4, null),
        size_c: int64(20, 30, 30, 40, null),
      },
    ),
    'join: semi': anyOrder(({ a, b }) => a.join(b, 'id', 'semi'), { id: int64(2, 2, 3), name: string('b', 'c', 'd') }),
    'join: left_semi is semi': anyOrder(({ a, b }) => a.join(b, 'id', 'left_semi').select('name'), {
      name: string('b', 'c', 'd'),
    }),
    'join: anti': anyOrder(({ a, b }) => a.join(b, 'id', 'anti'), { id: int64(1, null), name: string('a', 'e') }),
    'join: on a condition over both sides': anyOrder(
      ({ a, c }) => a.join(c, (left, right) => left('id').eq(right('key'))),
      { id: int64(2, 2, 3), name: string('b', 'c', 'd'), key: int64(2, 2, 3), size: int64(20, 20, 30) },
    ),
    'join: on a condition that is no equality': anyOrder(
      ({ a, spans }) =>
        a
          .join(spans, (row, span) =>
            row('id')
              .ge(span('low'))
              .and(row('id').le(span('high'))),
          )
          .select('name', 'span'),
      { name: string('a', 'b', 'c', 'd'), span: string('small', 'small', 'small', 'large') },
    ),
    'join: left, on a condition with a part of one side': anyOrder(
      ({ a, b }) =>
        a
          .join(b, (left, right) => left('id').eq(right('id')).and(right('size').gt(30)), 'left', { suffix: '_b' })
          .select('name', 'size'),
      { name: string('a', 'b', 'c', 'd', 'e'), size: int64(null, null, null, 31, null) },
    ),
    'join: left, on a condition of the left side alone': anyOrder(
      ({ a, c }) =>
        a.join(c, (left, right) => left('name').eq('a').and(right('key').eq(4)), 'left').select('name', 'key'),
      { name: string('a', 'b', 'c', 'd', 'e'), key: int64(4, null, null, null, null) },
    ),
    'join: names that both have, with a suffix': anyOrder(
      ({ b, c }) => b.join(c, (left, right) => left('id').eq(right('key')), 'inner', { suffix: '_c' }),
      { id: int64(2, 3, 3, 4), size: int64(20, 30, 31, 40), key: int64(2, 3, 3, 4), size_c: int64(20, 30, 30, 40) },
    ),
    'join: names that both have, without a suffix': fails(
      ({ b, c }) => b.join(c, (left, right) => left('id').eq(right('key'))),
      'COLUMN_DUPLICATE',
    ),
    'join: by two names': anyOrder(({ days }) => days.join(days.rename({ sold: 'again' }), ['id', 'day']), {
      id: int64(1, 1, 2),
      day: date('2024-01-01', '2024-01-02', '2024-01-01'),
      sold: float64(0.5, 1.5, null),
      again: float64(0.5, 1.5, null),
    }),
    'join: a table with itself': anyOrder(
      ({ days }) =>
        days
          .join(
            days,
            (left, right) =>
              left('id')
                .eq(right('id'))
                .and(left('day').lt(right('day'))),
            'inner',
            { suffix: '_2' },
          )
          .select('id', 'sold', 'sold_2'),
      { id: int64(1), sold: float64(0.5), sold_2: float64(1.5) },
    ),
    'join: keys of several number types': anyOrder(
      ({ a, c }) => a.join(c.select(col('key').cast({ kind: 'int32' }).as('id')), 'id', 'semi').select('name'),
      { name: string('b', 'c', 'd') },
    ),
    'join: a text with a number': fails(({ a }) => a.join(a, (l, r) => l('id').eq(r('name')), 'semi'), 'TYPE_MISMATCH'),
    'join: with an empty table': anyOrder(({ a, none }) => a.join(none, 'id'), {
      id: int64(),
      name: string(),
      size: int64(),
    }),
    'join: left, with an empty table': anyOrder(
      ({ c, none }) => c.select(col('key').as('id')).join(none, 'id', 'left'),
      {
        id: int64(2, 3, 4),
        size: int64(null, null, null),
      },
    ),
    'join: cross with a condition is inner': anyOrder(
      ({ a, c }) => a.join(c, (left, right) => left('id').eq(right('key')), 'cross').select('name'),
      { name: string('b', 'c', 'd') },
    ),
    'join: a column that is not there': fails(({ a, b }) => a.join(b, 'key'), 'COLUMN_NOT_FOUND'),
    'crossJoin: every pair': anyOrder(({ c, spans }) => c.limit(2).crossJoin(spans).select('key', 'span'), {
      key: int64(2, 2, 3, 3),
      span: string('small', 'large', 'small', 'large'),
    }),
    'crossJoin: with an empty table': anyOrder(({ c, none }) => c.select('key').crossJoin(none.select('id')), {
      key: int64(),
      id: int64(),
    }),
  },
);

const p = table({ id: int64(1, 1, 1, 2, null, null), tag: string('x', 'x', 'x', 'y', null, null) });
const q = table({ id: int64(1, 1, 3, null), tag: string('x', 'x', 'z', null) });
const turned = table({ tag: string('w', null), id: int64(7, 8) });
const narrow = table({ id: int32(5, null), tag: string('n', 'm') });
const more = table({ id: int64(9), colour: boolean(true) });

export const SETS = operations(
  'Set operations',
  { p, q, turned, narrow, more },
  {
    'union: these rows, then those': rows(({ p, q }) => p.filter(col('id').gt(1)).union(q), {
      id: int64(2, 1, 1, 3, null),
      tag: string('y', 'x', 'x', 'z', null),
    }),
    'union: of several': rows(({ narrow, q }) => q.limit(1).union(q.limit(1)).union(narrow.limit(1)), {
      id: int64(1, 1, 5),
      tag: string('x', 'x', 'n'),
    }),
    'union: types of both': rows(({ narrow, q }) => narrow.union(q.limit(1)), {
      id: int64(5, null, 1),
      tag: string('n', 'm', 'x'),
    }),
    'union: columns by position': fails(({ p, turned }) => p.union(turned), 'TYPE_MISMATCH'),
    'union: another number of columns': fails(({ p, q }) => p.union(q.select('id')), 'COLUMN_NOT_FOUND'),
    'unionAll: is union': rows(({ q }) => q.select('id').unionAll(q.select('id')).filter(col('id').gt(1)), {
      id: int64(3, 3),
    }),
    'unionByName: columns by name': rows(({ q, turned }) => q.limit(1).unionByName(turned), {
      id: int64(1, 7, 8),
      tag: string('x', 'w', null),
    }),
    'unionByName: columns that one of them lacks': rows(
      ({ q, more }) => q.limit(1).unionByName(more, { allowMissingColumns: true }),
      { id: int64(1, 9), tag: string('x', null), colour: boolean(null, true) },
    ),
    'unionByName: a column that is not there': fails(({ q, more }) => q.unionByName(more), 'COLUMN_NOT_FOUND'),
    'intersect: each row once, nulls are equal': anyOrder(({ p, q }) => p.intersect(q), {
      id: int64(1, null),
      tag: string('x', null),
    }),
    'intersectAll: as often as both': anyOrder(({ p, q }) => p.intersectAll(q), {
      id: int64(1, 1, null),
      tag: string('x', 'x', null),
    }),
    'except: each row once': anyOrder(({ p, q }) => p.except(q), { id: int64(2), tag: string('y') }),
    'subtract: is except': anyOrder(({ p, q }) => q.subtract(p), { id: int64(3), tag: string('z') }),
    'exceptAll: as often as more': anyOrder(({ p, q }) => p.exceptAll(q), {
      id: int64(1, 2, null),
      tag: string('x', 'y', null),
    }),
    'distinct: each row once': anyOrder(({ p }) => p.distinct(), {
      id: int64(1, 2, null),
      tag: string('x', 'y', null),
    }),
    'dropDuplicates: of all columns': anyOrder(({ q }) => q.dropDuplicates(), {
      id: int64(1, 3, null),
      tag: string('x', 'z', null),
    }),
    'dropDuplicates: the first of those equal in some columns': anyOrder(
      ({ p }) => p.withColumn('at', col('id').isNull()).select('at', 'tag').dropDuplicates('at'),
      { at: boolean(false, true), tag: string('x', null) },
    ),
    'dropDuplicates: the first in order': anyOrder(
      ({ p, q }) =>
        q
          .orderBy(col('id').desc())
          .union(p.filter(col('id').eq(2)))
          .dropDuplicates(['tag']),
      { id: int64(3, 1, null, 2), tag: string('z', 'x', null, 'y') },
    ),
  },
);
