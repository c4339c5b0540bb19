import { col, fn, lit } from '../../../src/index.js';
import { anyOrder, fails, operations, rows } from '../declare.js';
import { boolean, decimal, float64, int32, int64, list, string, struct, table } from '../types.js';

const t = table({
  id: int64(1, 2, 3, 4, 5),
  cut: string('Ideal', 'Good', null, 'Ideal', 'Fair'),
  price: float64(326, 327, 334.5, null, 2757),
});

/** Which columns there are, and what they are called. */
export const COLUMNS = operations(
  'Columns',
  { t },
  {
    'select: by name, in another order': rows(({ t }) => t.select('price', 'id'), {
      price: float64(326, 327, 334.5, null, 2757),
      id: int64(1, 2, 3, 4, 5),
    }),
    'select: all of them and one more': rows(({ t }) => t.select('*', col('id').mul(2).as('twice')), {
      id: int64(1, 2, 3, 4, 5),
      cut: string('Ideal', 'Good', null, 'Ideal', 'Fair'),
      price: float64(326, 327, 334.5, null, 2757),
      twice: int64(2, 4, 6, 8, 10),
    }),
    'select: a name without regard to case, as it was written': rows(({ t }) => t.select('ID'), {
      ID: int64(1, 2, 3, 4, 5),
    }),
    'select: a column that is not there': fails(({ t }) => t.select('prize'), 'COLUMN_NOT_FOUND'),
    'select: a name twice': fails(({ t }) => t.select('id', col('price').as('ID')), 'COLUMN_DUPLICATE'),
    'select: a constant': rows(({ t }) => t.select(lit('a').as('a'), lit(true).as('b'), lit(0.5).as('c')).limit(2), {
      a: string('a', 'a'),
      b: boolean(true, true),
      c: float64(0.5, 0.5),
    }),
    'selectExpr: texts of SQL': rows(({ t }) => t.selectExpr('id', "coalesce(cut, 'none') AS cut").limit(3), {
      id: int64(1, 2, 3),
      cut: string('Ideal', 'Good', 'none'),
    }),
    'selectExpr: a star': rows(({ t }) => t.select('id').selectExpr('*', 'id > 3 AS late'), {
      id: int64(1, 2, 3, 4, 5),
      late: boolean(false, false, false, true, true),
    }),
    'withColumn: a new one is the last': rows(({ t }) => t.select('id').withColumn('next', col('id').add(1)), {
      id: int64(1, 2, 3, 4, 5),
      next: int64(2, 3, 4, 5, 6),
    }),
    'withColumn: one that is there stays where it is': rows(
      ({ t }) => t.withColumn('id', col('id').neg()).drop('cut'),
      {
        id: int64(-1, -2, -3, -4, -5),
        price: float64(326, 327, 334.5, null, 2757),
      },
    ),
    'withColumns: none sees another': rows(
      ({ t }) => t.select('id').withColumns({ id: col('id').add(10), before: col('id') }),
      { id: int64(11, 12, 13, 14, 15), before: int64(1, 2, 3, 4, 5) },
    ),
    'withColumnRenamed: one column': rows(
      ({ t }) => t.select('id', 'cut').withColumnRenamed('cut', 'quality').limit(1),
      {
        id: int64(1),
        quality: string('Ideal'),
      },
    ),
    'rename: two that change places': rows(
      ({ t }) => t.select('id', 'price').rename({ id: 'price', price: 'id' }).limit(1),
      {
        price: int64(1),
        id: float64(326),
      },
    ),
    'drop: some': rows(({ t }) => t.drop('cut', 'price'), { id: int64(1, 2, 3, 4, 5) }),
    'drop: one that is not there': fails(({ t }) => t.drop('colour'), 'COLUMN_NOT_FOUND'),
    'transform: a function of frames': rows(({ t }) => t.transform(frame => frame.select('id').limit(1)), {
      id: int64(1),
    }),
  },
);

/** Which rows there are. */
export const ROWS = operations(
  'Rows',
  { t, none: table({ id: int64(), cut: string() }) },
  {
    'filter: a condition': rows(({ t }) => t.filter(col('price').gt(326)).select('id'), { id: int64(2, 3, 5) }),
    'filter: a text of SQL': rows(({ t }) => t.filter("cut = 'Ideal' AND id > 1").select('id'), { id: int64(4) }),
    'filter: of nothing, all of what is not true': rows(({ t }) => t.filter(col('id').gt(9)).select('id'), {
      id: int64(),
    }),
    'filter: of an empty table': rows(({ none }) => none.filter(col('id').gt(0)), { id: int64(), cut: string() }),
    'filter: what is no condition': fails(({ t }) => t.filter(col('cut')), 'TYPE_MISMATCH'),
    'limit: the first rows': rows(({ t }) => t.select('id').limit(2), { id: int64(1, 2) }),
    'limit: more than there are': rows(({ t }) => t.select('id').limit(9), { id: int64(1, 2, 3, 4, 5) }),
    'limit: none, with the columns': rows(({ t }) => t.limit(0).drop('price'), { id: int64(), cut: string() }),
    'limit: from an offset': rows(({ t }) => t.select('id').limit(2, 3), { id: int64(4, 5) }),
    'offset: all but the first': rows(({ t }) => t.select('id').offset(3), { id: int64(4, 5) }),
    'offset: of a limit': rows(({ t }) => t.select('id').limit(4).offset(1).limit(2), { id: int64(2, 3) }),
    'sample: every row': rows(({ t }) => t.select('id').sample(1, 3), { id: int64(1, 2, 3, 4, 5) }),
    'sample: no row': rows(({ t }) => t.select('id').sample(0, 3), { id: int64() }),
    'sample: the same seed draws the same rows': anyOrder(
      ({ t }) =>
        t
          .sample(0.5, 7)
          .exceptAll(t.sample(0.5, { seed: 7 }))
          .select('id'),
      { id: int64() },
    ),
    'randomSplit: every row in one part': anyOrder(
      ({ t }) => {
        const [first, second, third] = t.select('id').randomSplit([1, 2, 3], 11);
        return first!.union(second!).union(third!);
      },
      { id: int64(1, 2, 3, 4, 5) },
    ),
    'randomSplit: no row in two parts': anyOrder(
      ({ t }) => {
        const [first, second] = t.select('id').randomSplit([0.5, 0.5], 11);
        return first!.intersectAll(second!);
      },
      { id: int64() },
    ),
    'randomSplit: a part of weight 0 is empty': anyOrder(({ t }) => t.select('id').randomSplit([0, 1])[0]!, {
      id: int64(),
    }),
    'cache: the rows as they were': rows(({ t }) => t.select('id').filter(col('id').gt(3)).cache(), {
      id: int64(4, 5),
    }),
    'persist: is cache': rows(({ t }) => t.select('id').persist().limit(1), { id: int64(1) }),
    'unpersist: the rows again': rows(({ t }) => t.select('id').cache().unpersist().limit(1), { id: int64(1) }),
  },
);

const shapes = table({
  id: int32(1, 2, 3, 4),
  tags: list(string)(['a', 'b'], [], null, ['c', null]),
  points: list(struct({ x: int64, y: int64 }))(
    [{ x: 1, y: 2 }],
    null,
    [
      { x: 3, y: 4 },
      { x: 5, y: 6 },
    ],
    [],
  ),
});

export const EXPLODE = operations(
  'Lists as rows',
  { t: shapes },
  {
    'explode: a row an element': rows(({ t }) => t.select('id', 'tags').explode('tags'), {
      id: int32(1, 1, 4, 4),
      tags: string('a', 'b', 'c', null),
    }),
    'explode: rows without elements stay': rows(({ t }) => t.select('id', 'tags').explode('tags', { outer: true }), {
      id: int32(1, 1, 2, 3, 4, 4),
      tags: string('a', 'b', null, null, 'c', null),
    }),
    'explode: with positions from 0, under another name': rows(
      ({ t }) => t.select('id', 'tags').explode('tags', { as: 'tag', position: 'at' }),
      { id: int32(1, 1, 4, 4), tag: string('a', 'b', 'c', null), at: int64(0, 1, 0, 1) },
    ),
    'explode: positions of rows without elements': rows(
      ({ t }) => t.select('id', 'tags').explode('tags', { outer: true, position: 'at' }),
      { id: int32(1, 1, 2, 3, 4, 4), tags: string('a', 'b', null, null, 'c', null), at: int64(0, 1, null, null, 0, 1) },
    ),
    'explode: structs': rows(
      ({ t }) => t.select('id', 'points').explode('points').select('id', col('points').field('y').as('y')),
      { id: int32(1, 3, 3), y: int64(2, 4, 6) },
    ),
    'explode: an expression': rows(
      ({ t }) =>
        t
          .filter(col('id').eq(1))
          .select('id')
          .explode(fn.array(col('id'), lit(7)).as('n')),
      { id: int32(1, 1), n: int32(1, 7) },
    ),
    'explode: a list of fixed length': rows(
      ({ t }) =>
        t
          .limit(1)
          .select(
            fn
              .array(lit(1), lit(2))
              .cast({ kind: 'array', element: { kind: 'int32' }, length: 2 })
              .as('n'),
          )
          .explode('n'),
      { n: int32(1, 2) },
    ),
    'explode: a map': rows(
      ({ t }) =>
        t
          .limit(1)
          .select(fn.mapFromArrays(lit(['a', 'b']), lit([1, 2])).as('m'))
          .explode('m'),
      { key: string('a', 'b'), value: int32(1, 2) },
    ),
    'explode: what is no list': fails(({ t }) => t.explode('id'), 'TYPE_MISMATCH'),
  },
);

const wide = table({
  shop: string('north', 'south'),
  jan: int32(10, null),
  feb: int64(20, 40),
});

const long = table({
  shop: string('north', 'north', 'north', 'south', 'south'),
  quarter: string('Q1', 'Q2', 'Q1', 'Q2', null),
  sold: int64(1, 2, 3, 4, 5),
});

export const PIVOT = operations(
  'Columns as rows and rows as columns',
  { wide, long },
  {
    'unpivot: named columns as rows': rows(({ wide }) => wide.unpivot('shop', ['jan', 'feb']), {
      shop: string('north', 'north', 'south', 'south'),
      variable: string('jan', 'feb', 'jan', 'feb'),
      value: int64(10, 20, null, 40),
    }),
    'unpivot: all but the ids, under names': rows(({ wide }) => wide.unpivot(['shop'], undefined, 'month', 'sold'), {
      shop: string('north', 'north', 'south', 'south'),
      month: string('jan', 'feb', 'jan', 'feb'),
      sold: int64(10, 20, null, 40),
    }),
    'unpivot: texts and numbers together': fails(({ wide }) => wide.unpivot([], undefined), 'TYPE_MISMATCH'),
    'pivot: a column a value': anyOrder(
      ({ long }) => long.groupBy('shop').pivot('quarter', ['Q1', 'Q2', 'Q3']).sum('sold'),
      {
        shop: string('north', 'south'),
        Q1: decimal(38, 0)('4', null),
        Q2: decimal(38, 0)('2', '4'),
        Q3: decimal(38, 0)(null, null),
      },
    ),
    'pivot: several aggregates': anyOrder(
      ({ long }) =>
        long
          .groupBy('shop')
          .pivot('quarter', ['Q1'])
          .agg(fn.count().as('n'), fn.max(col('sold')).as('most')),
      { shop: string('north', 'south'), Q1_n: int64(2, null), Q1_most: int64(3, null) },
    ),
    'pivot: without values': fails(
      ({ long }) => long.groupBy('shop').pivot('quarter', []).sum('sold'),
      'ARGUMENT_INVALID',
    ),
  },
);
