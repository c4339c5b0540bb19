import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { col, type DataType, fn, lit, udf, Window } from '../../../src/index.js';
import { numbersSql } from '../../support/tables.js';
import { anyOrder, fails, operations, rows } from '../declare.js';
import type { Generated } from '../inputs.js';
import {
  array,
  boolean,
  date,
  float32,
  float64,
  int32,
  int64,
  int128,
  list,
  string,
  struct,
  table,
  timestamp,
} from '../types.js';

const NAN = Number.NaN;

const t = table({
  id: int64(1, 2, 3, 4),
  a: float32(1, 2, null, NAN),
  b: float32(0.5, -1, 3, 1),
  k: int32(3, 0, 9, null),
  v: list(float32)([1, 2], [0, -1], null, [1, null]),
  w: list(float32)([1, 2, 3], [0, -1, 0.5], null, [1]),
  s: string('x', '', null, 'ü'),
  f: boolean(true, false, null, true),
  g: string('p', 'q', 'p', 'q'),
});

/** id from 0, x = id / 8 and z = id % 7. */
const many: Generated = {
  rows: 6000,
  sql: (from, to) => numbersSql(to - from, from),
};

/** 2x + 4z + 1 of row `id` of `many`. */
const scored = (id: number): number => id / 4 + 4 * (id % 7) + 1;

/** 2a + 4b + 1 of the rows of `t`. */
const linear = float32(5, 1, null, NAN);

export const MODELS = operations(
  'Models',
  { t, many },
  {
    'model: columns in the order of its values': rows(
      async ({ t }, { model }) => t.select((await model('linear'))('a', 'b').as('y')),
      { y: linear },
    ),
    'model: columns by the name of an input': rows(
      async ({ t }, { model }) => t.select((await model('linear'))({ in: ['a', col('b')] }).as('y')),
      { y: linear },
    ),
    'model: a list column': rows(async ({ t }, { model }) => t.select((await model('linear'))('v').as('y')), {
      y: float32(11, -3, null, null),
    }),
    'model: columns named once, for every call': rows(
      async ({ t }, { model }) => t.select((await model('linear', { inputs: { in: ['a', 'b'] } }))().as('y')),
      { y: linear },
    ),
    'model: inputs fed by the columns of their names': rows(
      async ({ t }, { model }) => t.select((await model('several'))().field('difference').as('y')),
      { y: float32(0.5, 3, null, NAN) },
    ),
    'model: several outputs are a struct': rows(
      async ({ t }, { model }) => t.limit(2).select((await model('several'))('a', 'b').as('y')),
      {
        y: struct({ sum: float32, difference: float32, both: array(float32, 2) })(
          { sum: 1.5, difference: 0.5, both: [1, 0.5] },
          { sum: 1, difference: 3, both: [2, -1] },
        ),
      },
    ),
    'model: some outputs, a column each': rows(
      async ({ t }, { model }) => {
        const several = await model('several', { outputs: ['both', 'sum'] });
        return t.select('a', 'b').limit(1).withColumns(several.outputs('a', 'b')).drop('a', 'b');
      },
      { both: array(float32, 2)([1, 0.5]), sum: float32(1.5) },
    ),
    'model: integers and expressions as inputs': rows(
      async ({ t }, { model }) => t.select((await model('linear'))(col('id').mul(2), col('k')).as('y')),
      { y: float32(17, 9, 49, null) },
    ),
    'model: a constant for an input, for the other the column of its name': rows(
      async ({ t }, { model }) =>
        t.select(
          (await model('several'))({ b: lit(1) })
            .field('sum')
            .as('y'),
        ),
      { y: float32(2, 3, null, NAN) },
    ),
    'model: a constant as input': rows(
      async ({ t }, { model }) => t.select((await model('linear'))(lit(0.5), lit(2)).as('y')).limit(2),
      { y: float32(10, 10) },
    ),
    "model: nulls: 'nan'": rows(
      async ({ t }, { model }) => t.select((await model('linear', { nulls: 'nan' }))('a', 'b').as('y')),
      { y: float32(5, 1, NAN, NAN) },
    ),
    "model: nulls: 'fail'": fails(
      async ({ t }, { model }) => t.select((await model('linear', { nulls: 'fail' }))('a', 'b').as('y')),
      'MODEL_RUN_FAILED',
    ),
    'model: a row that fails is null': rows(
      async ({ t }, { model }) => t.select((await model('lookup'))('k').as('y')),
      { y: float32(30, 0, null, null) },
    ),
    "model: onError: 'fail'": fails(
      async ({ t }, { model }) => t.select((await model('lookup', { onError: 'fail' }))('k').as('y')),
      'MODEL_RUN_FAILED',
    ),
    'model: texts': rows(async ({ t }, { model }) => t.select((await model('identity of texts'))('s').as('y')), {
      y: string('x', '', null, 'ü'),
    }),
    'model: booleans': rows(async ({ t }, { model }) => t.select((await model('identity of booleans'))('f').as('y')), {
      y: boolean(true, false, null, true),
    }),
    'model: float64': rows(async ({ t }, { model }) => t.select((await model('identity of float64'))('b').as('y')), {
      y: float64(0.5, -1, 3, 1),
    }),
    'model: int64': rows(async ({ t }, { model }) => t.select((await model('negation of int64'))('id').as('y')), {
      y: int64(-1, -2, -3, -4),
    }),
    'model: vectors, another length fails its row': rows(
      async ({ t }, { model }) => t.select((await model('negation of vectors'))('w').as('y')),
      { y: array(float32, 3)([-1, -2, -3], [-0, 1, -0.5], null, null) },
    ),
    'model: nested lists': rows(
      async ({ t }, { model }) =>
        t
          .limit(2)
          .select((await model('negation of matrices'))(fn.array(col('v'), fn.array(col('b'), col('b')))).as('y')),
      {
        y: array(array(float32, 2), 2)(
          [
            [-1, -2],
            [-0.5, -0.5],
          ],
          [
            [-0, 1],
            [1, 1],
          ],
        ),
      },
    ),
    'model: lists of any length': rows(
      async ({ t }, { model }) => t.select((await model('negation of lists'))('w').as('y')),
      { y: list(float32)([-1, -2, -3], [-0, 1, -0.5], null, [-1]) },
    ),
    'model: in a filter': rows(
      async ({ t }, { model }) => t.filter((await model('linear'))('a', 'b').gt(2)).select('id'),
      { id: int64(1, 4) },
    ),
    'model: in a key of order': rows(
      async ({ t }, { model }) => t.orderBy((await model('linear'))('b', 'b').desc()).select('id'),
      { id: int64(3, 4, 1, 2) },
    ),
    'model: in an aggregate': anyOrder(
      async ({ t }, { model }) => t.groupBy('g').agg(fn.max((await model('linear'))('b', 'b')).as('y')),
      { g: string('p', 'q'), y: float32(19, 7) },
    ),
    'model: of groups': anyOrder(
      async ({ t }, { model }) => {
        const groups = t.groupBy('g').agg(fn.min(col('b')).as('low'), fn.max(col('b')).as('high'));
        return groups.select('g', (await model('linear'))('low', 'high').as('y'));
      },
      { g: string('p', 'q'), y: float32(14, 3) },
    ),
    'model: in a window': rows(
      async ({ t }, { model }) => {
        const y = (await model('linear'))('b', 'b');
        return t.select('id', fn.rank().over(Window.orderBy(y)).as('y')).orderBy('id');
      },
      { id: int64(1, 2, 3, 4), y: int64(2, 1, 4, 3) },
    ),
    'model: in a condition of a join, over both sides': anyOrder(
      async ({ t }, { model }) => {
        const score = await model('linear');
        return t.join(t, (l, r) => score(l('b'), r('b')).eq(11), 'inner', { suffix: '_r' }).select('id', 'id_r');
      },
      // 2 b + 4 b' is 10: of 3 and 1, and of -1 and 3.
      { id: int64(3, 2), id_r: int64(4, 3) },
    ),
    'model: of the result of a model': rows(
      async ({ t }, { model }) => {
        const score = await model('linear');
        return t.select(score(score('b', 'b'), 'b').as('y'));
      },
      // 6 b + 1, and 2 of it + 4 b + 1.
      { y: float32(11, -13, 51, 19) },
    ),
    'model: a batch fixed at 1': rows(
      async ({ t }, { model }) => t.select((await model('linear of 1'))('a', 'b').as('y')),
      { y: linear },
    ),
    'model: a batch fixed at 3 by a Reshape': rows(
      async ({ t }, { model }) => t.select((await model('linear of 3, reshaped'))('a', 'b').as('y')),
      { y: linear },
    ),
    'model: a batch that stays fixed at 3': rows(
      async ({ t }, { model }) => t.select((await model('linear of 3, stuck'))('a', 'b').as('y')),
      { y: linear },
    ),
    'model: of no rows': rows(
      async ({ t }, { model }) => t.filter(col('id').gt(9)).select((await model('linear'))('a', 'b').as('y')),
      { y: float32() },
    ),
    'model: of many rows, in order': rows(
      async ({ many }, { model }) =>
        many
          .withColumn('y', (await model('linear', { batchSize: 100 }))('x', 'z'))
          .filter(col('id').mod(1000).eq(7))
          .select('id', 'y'),
      {
        id: int64(...[0, 1, 2, 3, 4, 5].map(at => at * 1000 + 7)),
        y: float32(...[0, 1, 2, 3, 4, 5].map(at => scored(at * 1000 + 7))),
      },
    ),
    'model: a limit behind it': rows(
      async ({ many }, { model }) =>
        many
          .withColumn('y', (await model('linear'))('x', 'z'))
          .limit(2, 4000)
          .select('y'),
      { y: float32(scored(4000), scored(4001)) },
    ),
    'model: a text for a number': fails(
      async ({ t }, { model }) => t.select((await model('linear'))('a', 's').as('y')),
      'TYPE_MISMATCH',
    ),
    'model: too few columns': fails(
      async ({ t }, { model }) => t.select((await model('linear'))('a').as('y')),
      'SHAPE_MISMATCH',
    ),
    'model: a file that is not there': fails(async ({ t }, { session, folder }) => {
      const absent = await session.model(join(folder, 'absent.onnx'));
      return t.select(absent('a', 'b').as('y'));
    }, 'MODEL_NOT_FOUND'),
  },
);

const LIST: DataType = { kind: 'list', element: { kind: 'float32' } };

const double = udf({ name: 'double', inputs: { a: 'float64' }, output: 'float64' }, ({ a }) =>
  a.map(value => value * 2),
);
const length = udf({ name: 'length', inputs: ['string'], output: 'int32' }, ([s]) => s.map(text => [...text].length));
const both = udf(
  { name: 'both', inputs: ['float32', 'float32'], output: { sum: 'float32', more: 'boolean' } },
  ([a, b]) => ({ sum: a.map((value, row) => value + b[row]!), more: Array.from(a, (value, row) => value > b[row]!) }),
);
const orNone = udf({ name: 'orNone', inputs: ['string'], output: 'string', nulls: 'pass' }, ([s]) =>
  s.map(text => text ?? 'none'),
);
const onlyOdd = udf({ name: 'onlyOdd', inputs: ['int64'], output: 'int64' }, ([ids]) => {
  if (ids.some(id => id % 2n === 0n)) throw new Error('an even number');
  return ids.map(id => id * 10n);
});
const oddOrFail = udf({ name: 'oddOrFail', inputs: ['int64'], output: 'int64', onError: 'fail' }, ([ids]) => {
  if (ids.some(id => id % 2n === 0n)) throw new Error('an even number');
  return ids;
});
const turned = udf({ name: 'turned', inputs: [LIST], output: LIST }, ([w]) =>
  w.map(values => values.slice().reverse()),
);
const nextDay = udf({ name: 'nextDay', inputs: ['date'], output: 'date' }, ([days]) =>
  days.map(day => new Date(day.getTime() + 86_400_000)),
);
const rounded = udf({ name: 'rounded', inputs: ['timestamp'], output: 'timestamp' }, ([times]) =>
  times.map(time => new Date(Math.floor(time.getTime() / 1000) * 1000)),
);
const opposite = udf({ name: 'opposite', inputs: ['boolean'], output: 'boolean' }, ([f]) =>
  Array.from(f, bit => bit === 0),
);
const later = udf({ name: 'later', inputs: ['float32'], output: 'float32', batchSize: 1 }, async ([b]) =>
  b.map(x => x + 1),
);

const days = table({
  id: int64(1, 2, 3),
  d: date('2024-02-28', null, '1969-12-31'),
  at: timestamp('2024-02-29 12:00:00.75', '1969-12-31 23:59:59.25', null),
});

export const FUNCTIONS = operations(
  'Functions of your own',
  { t, many, days },
  {
    'udf: of one column': rows(({ t }) => t.select(double('b').as('y')), { y: float64(1, -2, 6, 2) }),
    'udf: inputs fed by the columns of their names': rows(({ t }) => t.select(double().as('y')), {
      y: float64(2, 4, null, NAN),
    }),
    'udf: a named input': rows(({ t }) => t.select(double({ a: col('id') }).as('y')), { y: float64(2, 4, 6, 8) }),
    'udf: of texts, a row with a null is null': rows(({ t }) => t.select(length('s').as('y')), {
      y: int32(1, 0, null, 1),
    }),
    "udf: nulls: 'pass'": rows(({ t }) => t.select(orNone('s').as('y')), { y: string('x', '', 'none', 'ü') }),
    'udf: several outputs are a struct': rows(({ t }) => t.select(both('a', 'b').as('y')).limit(3), {
      y: struct({ sum: float32, more: boolean })({ sum: 1.5, more: true }, { sum: 1, more: true }, null),
    }),
    'udf: outputs, a column each': rows(
      ({ t }) => t.select('a', 'b').limit(2).withColumns(both.outputs('a', 'b')).drop('a', 'b'),
      {
        sum: float32(1.5, 1),
        more: boolean(true, true),
      },
    ),
    'udf: a row it throws on is null': rows(({ t }) => t.select(onlyOdd('id').as('y')), {
      y: int64(10, null, 30, null),
    }),
    "udf: onError: 'fail'": fails(({ t }) => t.select(oddOrFail('id').as('y')), 'FUNCTION_FAILED'),
    'udf: of lists': rows(({ t }) => t.select(turned('w').as('y')), {
      y: list(float32)([3, 2, 1], [0.5, -1, 0], null, [1]),
    }),
    'udf: of dates': rows(({ days }) => days.select(nextDay('d').as('y')), {
      y: date('2024-02-29', null, '1970-01-01'),
    }),
    'udf: of moments': rows(({ days }) => days.select(rounded('at').as('y')), {
      y: timestamp('2024-02-29 12:00:00', '1969-12-31 23:59:59', null),
    }),
    'udf: of booleans': rows(({ t }) => t.select(opposite('f').as('y')), { y: boolean(false, true, null, false) }),
    'udf: a promise, a row at a time': rows(({ t }) => t.select(later('b').as('y')), { y: float32(1.5, 0, 4, 2) }),
    'udf: in a filter': rows(({ t }) => t.filter(double('b').gt(1)).select('id'), { id: int64(3, 4) }),
    'udf: in an aggregate': rows(({ t }) => t.agg(fn.sum(double('b')).as('y')), { y: float64(7) }),
    'udf: of the result of a model': rows(
      async ({ t }, { model }) => t.select(double((await model('linear'))('a', 'b')).as('y')),
      { y: float64(10, 2, null, NAN) },
    ),
    'udf: of many rows, in order': rows(
      ({ many }) => many.select('id', double('x').as('y')).filter(col('id').mod(2000).eq(1999)),
      { id: int64(1999, 3999, 5999), y: float64(1999 / 4, 3999 / 4, 5999 / 4) },
    ),
    'udf: a sum of integers that passes through keeps its digits': rows(
      ({ t }) =>
        t
          .agg(
            fn
              .sum(
                col('id')
                  .add(2n ** 53n)
                  .sub(1),
              )
              .filterWhere(col('id').eq(2))
              .as('sum'),
            fn.max(col('b')).as('a'),
          )
          .withColumn('y', double('a')),
      { sum: int128(2n ** 53n + 1n), a: float32(3), y: float64(6) },
    ),
    'udf: from a module': rows(
      async ({ t }, { folder }) => {
        const module = join(folder, 'negative.mjs');
        await writeFile(module, 'const sign = -1;\nexport default ([b]) => b.map(value => sign * value);\n');
        return t.select(udf({ inputs: ['float32'], output: 'float32', module })('b').as('y'));
      },
      { y: float32(-0.5, 1, -3, -1) },
    ),
    'udf: a text for a number': fails(({ t }) => t.select(double('s').as('y')), 'TYPE_MISMATCH'),
  },
);
