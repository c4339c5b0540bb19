import { col, type DataType } from '../../../src/index.js';
import { fails, of, operations } from '../declare.js';
import {
  binary,
  boolean,
  date,
  decimal,
  enumeration,
  float32,
  float64,
  int8,
  int32,
  int64,
  int128,
  list,
  string,
  table,
  timestamp,
  timestampMs,
  uuid,
} from '../types.js';

const kind = (
  name: 'boolean' | 'int8' | 'int32' | 'int64' | 'int128' | 'float32' | 'float64' | 'string',
): DataType => ({
  kind: name,
});
const INT8 = kind('int8');
const INT32 = kind('int32');
const INT64 = kind('int64');
const FLOAT32 = kind('float32');
const FLOAT64 = kind('float64');
const STRING = kind('string');
const BOOLEAN = kind('boolean');
const DATE: DataType = { kind: 'date' };
const MOMENT: DataType = { kind: 'timestamp', unit: 'us', zone: false };
const CENTS: DataType = { kind: 'decimal', precision: 6, scale: 2 };

const t = table({
  i: int64(1, -2, 300, null),
  whole: float64(2, -3, 1e10, null),
  half: float64(1.5, 2.5, -1.7, null),
  bad: float64(Number.NaN, 1e300, Number.POSITIVE_INFINITY, null),
  n: string('12', '-3', '0', null),
  f: string('1.5', '-1e3', '0.1', null),
  words: string('one', '2', '', null),
  days: string('2024-02-29', '1969-12-31', '2000-01-01', null),
  b: boolean(true, false, true, null),
  d: date('2024-02-29', '1969-12-31', '2000-01-01', null),
  at: timestamp('2024-02-29 23:59:59.5', '1969-12-31 12:00:00', '2000-01-01 00:00:00', null),
  m: decimal(6, 2)('1.50', '-0.25', '1000.00', null),
  l: list(int64)([1, null], [], [3], null),
});

export const CASTS = operations(
  'Casts',
  { t },
  {
    'cast: int64 to int32': of(col('i').cast(INT32), int32(1, -2, 300, null)),
    'cast: int64 to int8, what does not fit fails': fails(
      ({ t }) => t.select(col('i').cast(INT8).as('y')),
      'QUERY_FAILED',
    ),
    'tryCast: int64 to int8, what does not fit is null': of(col('i').tryCast(INT8), int8(1, -2, null, null)),
    'cast: int64 to int128': of(col('i').cast(kind('int128')), int128(1, -2, 300, null)),
    'cast: int64 to float64': of(col('i').cast(FLOAT64), float64(1, -2, 300, null)),
    'cast: int64 to string': of(col('i').cast(STRING), string('1', '-2', '300', null)),
    'cast: int64 to boolean': of(col('i').cast(BOOLEAN), boolean(true, true, true, null)),
    'cast: int64 to decimal': of(col('i').cast(CENTS), decimal(6, 2)('1.00', '-2.00', '300.00', null)),
    'cast: whole float64 to int64': of(col('whole').cast(INT64), int64(2, -3, 10_000_000_000n, null)),
    'cast: float64 to int64, fractions are cut': of(col('half').cast(INT64), int64(1, 2, -1, null)),
    'tryCast: float64 to int64, what is no integer of 64 bits is null': of(
      col('bad').tryCast(INT64),
      int64(null, null, null, null),
    ),
    'cast: float64 to float32': of(col('half').cast(FLOAT32), float32(1.5, 2.5, -1.7, null)),
    'cast: string to int32': of(col('n').cast(INT32), int32(12, -3, 0, null)),
    'cast: string to float64': of(col('f').cast(FLOAT64), float64(1.5, -1000, 0.1, null)),
    'cast: string to int64, another text fails': fails(
      ({ t }) => t.select(col('words').cast(INT64).as('y')),
      'QUERY_FAILED',
    ),
    'tryCast: string to int64, another text is null': of(col('words').tryCast(INT64), int64(null, 2, null, null)),
    'cast: string to date': of(col('days').cast(DATE), date('2024-02-29', '1969-12-31', '2000-01-01', null)),
    'tryCast: string to date, another text is null': of(col('words').tryCast(DATE), date(null, null, null, null)),
    'cast: string to timestamp': of(
      col('days').cast(MOMENT),
      timestamp('2024-02-29 00:00:00', '1969-12-31 00:00:00', '2000-01-01 00:00:00', null),
    ),
    'cast: string to decimal': of(col('n').cast(CENTS), decimal(6, 2)('12.00', '-3.00', '0.00', null)),
    'cast: string to binary': of(col('n').cast({ kind: 'binary' }), binary('3132', '2d33', '30', null)),
    'tryCast: string to uuid': of(col('words').tryCast({ kind: 'uuid' }), uuid(null, null, null, null)),
    'tryCast: string to enum': of(
      col('words').tryCast({ kind: 'enum', values: ['one', 'two'] }),
      enumeration('one', 'two')('one', null, null, null),
    ),
    'cast: boolean to int32': of(col('b').cast(INT32), int32(1, 0, 1, null)),
    'cast: boolean to string': of(col('b').cast(STRING), string('true', 'false', 'true', null)),
    'cast: date to string': of(col('d').cast(STRING), string('2024-02-29', '1969-12-31', '2000-01-01', null)),
    'cast: date to timestamp': of(
      col('d').cast(MOMENT),
      timestamp('2024-02-29 00:00:00', '1969-12-31 00:00:00', '2000-01-01 00:00:00', null),
    ),
    'cast: timestamp to date': of(col('at').cast(DATE), date('2024-02-29', '1969-12-31', '2000-01-01', null)),
    'cast: timestamp to string': of(
      col('at').cast(STRING),
      string('2024-02-29 23:59:59.5', '1969-12-31 12:00:00', '2000-01-01 00:00:00', null),
    ),
    'cast: timestamp to milliseconds': of(
      col('at').cast({ kind: 'timestamp', unit: 'ms', zone: false }),
      timestampMs('2024-02-29 23:59:59.5', '1969-12-31 12:00:00', '2000-01-01 00:00:00', null),
    ),
    'cast: decimal to float64': of(col('m').cast(FLOAT64), float64(1.5, -0.25, 1000, null)),
    'cast: decimal to string': of(col('m').cast(STRING), string('1.50', '-0.25', '1000.00', null)),
    'cast: decimal to fewer digits, a half away from 0': of(
      col('m').cast({ kind: 'decimal', precision: 6, scale: 1 }),
      decimal(6, 1)('1.5', '-0.3', '1000.0', null),
    ),
    'cast: lists of int64 to lists of string': of(
      col('l').cast({ kind: 'list', element: STRING }),
      list(string)(['1', null], [], ['3'], null),
    ),
    'cast: a type that is none': fails(
      ({ t }) => t.select(col('i').cast({ kind: 'number' } as never)),
      'ARGUMENT_INVALID',
    ),
    'cast: a number to a struct': fails(
      ({ t }) =>
        t.select(
          col('i')
            .cast({ kind: 'struct', fields: [{ name: 'a', type: INT32 }] })
            .as('y'),
        ),
      'TYPE_MISMATCH',
    ),
  },
);
