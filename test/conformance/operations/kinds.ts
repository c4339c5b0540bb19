import { join } from 'node:path';
import { col, type DataFrame, type DataType } from '../../../src/index.js';
import { type Context, type Operation, operations, rows } from '../declare.js';
import { LAYOUTS } from '../inputs.js';
import {
  array,
  binary,
  boolean,
  type ColumnData,
  date,
  decimal,
  enumeration,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  int128,
  interval,
  list,
  map,
  nulls,
  string,
  struct,
  table,
  time,
  timestamp,
  timestampMs,
  timestampNs,
  timestampS,
  timestampUtc,
  uint8,
  uint16,
  uint32,
  uint64,
  uint128,
  uuid,
} from '../types.js';

/*
 * Every kind of column type on its way through an engine: as Arrow, into files and back. A value is given as text or as a
 * list, and cast, which is all that is asked of the engine besides.
 */

/** How values come into a frame, and what they are in Arrow. */
interface Kind {
  /** Values of the first two rows, before the cast; in the third stands null. */
  readonly values: readonly [unknown, unknown];
  readonly gives: ColumnData;
  /** What a format gives back, where it has no such type. */
  readonly fromParquet?: ColumnData;
  readonly fromArrow?: ColumnData;
}

const UUID = '2b7c3f9e-0000-4000-8000-000000000001';
const NO_UUID = '00000000-0000-0000-0000-000000000000';
const inner: DataType = { kind: 'struct', fields: [{ name: 'n', type: { kind: 'int32' } }] };
const MOST = 2n ** 127n - 1n;

function integer<V extends number | bigint>(
  make: (...values: readonly (V | null)[]) => ColumnData,
  least: V,
  most: V,
): Kind {
  return { values: [String(least), String(most)], gives: make(least, most, null) };
}

const KINDS: readonly (readonly [DataType, Kind])[] = [
  [{ kind: 'boolean' }, { values: [true, false], gives: boolean(true, false, null) }],
  [{ kind: 'int8' }, integer(int8, -128, 127)],
  [{ kind: 'int16' }, integer(int16, -32_768, 32_767)],
  [{ kind: 'int32' }, integer(int32, -(2 ** 31), 2 ** 31 - 1)],
  [{ kind: 'int64' }, integer<number | bigint>(int64, -(2n ** 63n), 2n ** 63n - 1n)],
  [
    { kind: 'int128' },
    {
      values: [`-${'9'.repeat(38)}`, '1'],
      gives: int128(-(10n ** 38n - 1n), 1, null),
      // DuckDB's Parquet has no integers of 128 bits: they are written as decimals of as many digits.
      fromParquet: int128(-(10n ** 38n - 1n), 1, null),
      fromArrow: int128(-(10n ** 38n - 1n), 1, null),
    },
  ],
  [{ kind: 'uint8' }, integer(uint8, 0, 255)],
  [{ kind: 'uint16' }, integer(uint16, 0, 65_535)],
  [{ kind: 'uint32' }, integer(uint32, 0, 2 ** 32 - 1)],
  [{ kind: 'uint64' }, integer<number | bigint>(uint64, 0, 2n ** 64n - 1n)],
  [{ kind: 'uint128' }, { values: ['0', String(MOST)], gives: uint128('0', String(MOST), null) }],
  [{ kind: 'float32' }, { values: [0.1, Number.NaN], gives: float32(0.1, Number.NaN, null) }],
  [{ kind: 'float64' }, { values: [-0, Number.NEGATIVE_INFINITY], gives: float64(-0, Number.NEGATIVE_INFINITY, null) }],
  [
    { kind: 'decimal', precision: 38, scale: 10 },
    {
      values: ['-1234567890123456789012345678.0123456789', '0.0000000001'],
      gives: decimal(38, 10)('-1234567890123456789012345678.0123456789', '0.0000000001', null),
    },
  ],
  [{ kind: 'string' }, { values: ['', 'ü \u0000 😀'], gives: string('', 'ü \u0000 😀', null) }],
  [{ kind: 'binary' }, { values: [new Uint8Array(), Uint8Array.of(0, 255)], gives: binary('', '00ff', null) }],
  [{ kind: 'uuid' }, { values: [UUID, NO_UUID], gives: uuid(UUID, NO_UUID, null) }],
  [
    { kind: 'enum', values: ['one', 'two'] },
    {
      values: ['two', 'one'],
      gives: enumeration('one', 'two')('two', 'one', null),
      fromParquet: string('two', 'one', null),
      fromArrow: string('two', 'one', null),
    },
  ],
  [{ kind: 'date' }, { values: ['0001-01-01', '9999-12-31'], gives: date('0001-01-01', '9999-12-31', null) }],
  [{ kind: 'time' }, { values: ['00:00:00', '23:59:59.999999'], gives: time('00:00:00', '23:59:59.999999', null) }],
  [
    { kind: 'timestamp', unit: 's', zone: false },
    {
      values: ['1969-12-31 23:59:59', '2024-02-29 12:00:00'],
      gives: timestampS('1969-12-31 23:59:59', '2024-02-29 12:00:00', null),
      // Parquet has no unit of seconds.
      fromParquet: timestamp('1969-12-31 23:59:59', '2024-02-29 12:00:00', null),
    },
  ],
  [
    { kind: 'timestamp', unit: 'ms', zone: false },
    {
      values: ['1969-12-31 23:59:59.999', '2024-02-29 12:00:00'],
      gives: timestampMs('1969-12-31 23:59:59.999', '2024-02-29 12:00:00', null),
      fromParquet: timestamp('1969-12-31 23:59:59.999', '2024-02-29 12:00:00', null),
    },
  ],
  [
    { kind: 'timestamp', unit: 'us', zone: false },
    {
      values: ['1969-12-31 23:59:59.999999', '9999-12-31 00:00:00'],
      gives: timestamp('1969-12-31 23:59:59.999999', '9999-12-31 00:00:00', null),
    },
  ],
  [
    { kind: 'timestamp', unit: 'ns', zone: false },
    {
      values: ['1969-12-31 23:59:59.999999999', '2024-02-29 12:00:00'],
      gives: timestampNs('1969-12-31 23:59:59.999999999', '2024-02-29 12:00:00', null),
    },
  ],
  [
    { kind: 'timestamp', unit: 'us', zone: true },
    {
      values: ['2024-02-29 12:00:00+02:00', '1969-12-31 23:59:59.5+00:00'],
      gives: timestampUtc('2024-02-29 10:00:00', '1969-12-31 23:59:59.5', null),
    },
  ],
  [
    { kind: 'interval' },
    {
      values: ['14 months 3 days 1.5 seconds', '0 days'],
      gives: interval('14 months 3 days 1500000 us', '0 months 0 days 0 us', null),
    },
  ],
  [
    { kind: 'list', element: { kind: 'int32' } },
    { values: [[1, null], []], gives: list(int32)([1, null], [], null) },
  ],
  [
    { kind: 'list', element: { kind: 'list', element: { kind: 'string' } } },
    { values: [[['a'], []], [null]], gives: list(list(string))([['a'], []], [null], null) },
  ],
  [
    { kind: 'list', element: inner },
    {
      values: [[{ n: 1 }, null], [{ n: null }]],
      gives: list(struct({ n: int32 }))([{ n: 1 }, null], [{ n: null }], null),
    },
  ],
  [
    { kind: 'array', element: { kind: 'float32' }, length: 2 },
    {
      values: [
        [0.5, 1],
        [2, null],
      ],
      gives: array(float32, 2)([0.5, 1], [2, null], null),
      // Parquet has lists alone.
      fromParquet: list(float32)([0.5, 1], [2, null], null),
    },
  ],
  [inner, { values: [{ n: 1 }, { n: null }], gives: struct({ n: int32 })({ n: 1 }, { n: null }, null) }],
];

const word = (type: DataType): string => {
  if (type.kind === 'timestamp') return `timestamp in ${type.unit}${type.zone ? ' with zone' : ''}`;
  if (type.kind === 'list') return type.element.kind === 'int32' ? 'list' : `list of ${type.element.kind}s`;
  return type.kind;
};

const STRING: DataType = { kind: 'string' };
const base = { t: table({ i: int32(0, 1, 2) }) };

/** The values, in a frame whose rows are those of files: two, and a null. */
function frameOf(type: DataType, { values }: Kind, t: DataFrame, { session }: Context): DataFrame {
  const given = values.every(each => typeof each === 'string') ? STRING : type;
  const lookup = session.fromColumns({ i: [0, 1], y: [...values] }, { i: { kind: 'int32' }, y: given });
  return t.join(lookup, 'i', 'left').orderBy('i').select(col('y').cast(type).as('y'));
}

async function through(
  format: 'parquet' | 'arrow',
  frame: DataFrame,
  { session, folder }: Context,
): Promise<DataFrame> {
  await frame.write[format](join(folder, 'out'));
  return session.read.table(join(folder, 'out'), format);
}

function each(
  name: string,
  gives: (kind: Kind) => ColumnData,
  run: (frame: DataFrame, context: Context) => DataFrame | Promise<DataFrame>,
): readonly Operation[] {
  const list = KINDS.map(([type, kind]) => [
    `${name}: ${word(type)}`,
    rows<typeof base>(({ t }, context) => run(frameOf(type, kind, t, context), context), { y: gives(kind) }),
  ]);
  return operations('Types', base, Object.fromEntries(list));
}

const entries = map(string, int64)(
  [
    ['a', 1],
    ['b', null],
  ],
  [
    ['a', 1],
    ['b', null],
  ],
  [
    ['a', 1],
    ['b', null],
  ],
);
const mapped = (t: DataFrame): DataFrame => t.selectExpr("MAP {'a': 1::BIGINT, 'b': NULL} AS y").select(col('y'));

const SPAN = interval('1 months -2 days -3 us');
const spans = (t: DataFrame): DataFrame => t.limit(1).selectExpr("INTERVAL '1 month -2 days -3 microseconds' AS y");

/** Types that are not made of JavaScript values. */
const others = operations('Types', base, {
  'toArrow: map': rows(({ t }) => mapped(t), { y: entries }),
  'toArrow: null': rows((_, { session }) => session.fromRows([{ y: null }, { y: null }]), { y: nulls(2) }),
  'toArrow: interval below zero, of microseconds': rows(({ t }) => spans(t), { y: SPAN }),
  'through cache: interval below zero, of microseconds': rows(({ t }) => spans(t).cache(), { y: SPAN }),
  'through Parquet: interval below zero, of microseconds': rows(
    ({ t }, context) => through('parquet', spans(t), context),
    { y: SPAN },
  ),
  'through Arrow files: interval below zero, of microseconds': rows(
    ({ t }, context) => through('arrow', spans(t), context),
    { y: SPAN },
  ),
  'through cache: map': rows(({ t }) => mapped(t).cache(), { y: entries }),
  'through cache: null': rows((_, { session }) => session.fromRows([{ y: null }, { y: null }]).cache(), {
    y: nulls(2),
  }),
  'through Parquet: map': rows(({ t }, context) => through('parquet', mapped(t), context), { y: entries }),
  'through Arrow files: map': rows(({ t }, context) => through('arrow', mapped(t), context), { y: entries }),
});

/** Once with one file and worker, once with several: what is written and read again is what counts here. */
const [ONE, SEVERAL] = LAYOUTS;

export const TYPES: readonly Operation[] = [
  ...each(
    'toArrow',
    kind => kind.gives,
    frame => frame,
  ),
  ...each(
    'through cache',
    kind => kind.gives,
    frame => frame.cache(),
  ),
  ...each(
    'through Parquet',
    kind => kind.fromParquet ?? kind.gives,
    (frame, context) => through('parquet', frame, context),
  ),
  ...each(
    'through Arrow files',
    kind => kind.fromArrow ?? kind.gives,
    (frame, context) => through('arrow', frame, context),
  ),
  ...others,
].map(operation => Object.freeze({ ...operation, layouts: [ONE!, SEVERAL!] }));
