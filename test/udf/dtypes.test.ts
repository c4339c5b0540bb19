import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataType } from '../../src/frame/types.js';
import { acceptedTypes, columnTypeOf, numericArray, transportOf } from '../../src/udf/dtypes.js';
import { DTYPES, type Dtype } from '../../src/udf/onnx/dtype.js';

/**
 * How a column of each kind (down) reaches a tensor of each type (across), written out by hand:
 *
 *   =      as it is                      kind   read as that kind
 *   kind!  read as that kind, and a value may not fit (such a row fails)
 *   .      not without a person's decision
 */
const TABLE = `
            float16  float32  float64  int8     int16    int32    int64    uint8    uint16   uint32   uint64   bool     string
boolean     uint8    uint8    uint8    int8     int16    int32    int64    uint8    uint16   uint32   uint64   =        .
int8        =        =        =        =        int16    int32    int64    uint8!   uint16!  uint32!  uint64!  .        .
int16       =        =        =        int8!    =        int32    int64    uint8!   uint16!  uint32!  uint64!  .        .
int32       =        =        =        int8!    int16!   =        int64    uint8!   uint16!  uint32!  uint64!  .        .
int64       float64  float64  float64  int8!    int16!   int32!   =        uint8!   uint16!  uint32!  uint64!  .        .
int128      float64  float64  float64  int8!    int16!   int32!   int64!   uint8!   uint16!  uint32!  uint64!  .        .
uint8       =        =        =        int8!    int16    int32    int64    =        uint16   uint32   uint64   .        .
uint16      =        =        =        int8!    int16!   int32    int64    uint8!   =        uint32   uint64   .        .
uint32      =        =        =        int8!    int16!   int32!   int64    uint8!   uint16!  =        uint64   .        .
uint64      float64  float64  float64  int8!    int16!   int32!   int64!   uint8!   uint16!  uint32!  =        .        .
uint128     float64  float64  float64  int8!    int16!   int32!   int64!   uint8!   uint16!  uint32!  uint64!  .        .
float32     =        =        =        .        .        .        .        .        .        .        .        .        .
float64     =        =        =        .        .        .        .        .        .        .        .        .        .
decimal     float64  float64  float64  .        .        .        .        .        .        .        .        .        .
string      .        .        .        .        .        .        .        .        .        .        .        .        =
enum        .        .        .        .        .        .        .        .        .        .        .        .        string
uuid        .        .        .        .        .        .        .        .        .        .        .        .        string
binary      .        .        .        .        .        .        .        .        .        .        .        .        .
date        .        .        .        .        .        .        .        .        .        .        .        .        .
time        .        .        .        .        .        .        .        .        .        .        .        .        .
timestamp   .        .        .        .        .        .        .        .        .        .        .        .        .
interval    .        .        .        .        .        .        .        .        .        .        .        .        .
list        .        .        .        .        .        .        .        .        .        .        .        .        .
array       .        .        .        .        .        .        .        .        .        .        .        .        .
struct      .        .        .        .        .        .        .        .        .        .        .        .        .
map         .        .        .        .        .        .        .        .        .        .        .        .        .
other       .        .        .        .        .        .        .        .        .        .        .        .        .
null        float32  float32  float64  int8     int16    int32    int64    uint8    uint16   uint32   uint64   boolean  string
`;

const FLOAT: DataType = { kind: 'float32' };

/** Every kind there is: a new one does not compile until it is put here. */
const EXAMPLES: { readonly [K in DataType['kind']]: Extract<DataType, { kind: K }> | DataType } = {
  boolean: { kind: 'boolean' },
  int8: { kind: 'int8' },
  int16: { kind: 'int16' },
  int32: { kind: 'int32' },
  int64: { kind: 'int64' },
  int128: { kind: 'int128' },
  uint8: { kind: 'uint8' },
  uint16: { kind: 'uint16' },
  uint32: { kind: 'uint32' },
  uint64: { kind: 'uint64' },
  uint128: { kind: 'uint128' },
  float32: FLOAT,
  float64: { kind: 'float64' },
  decimal: { kind: 'decimal', precision: 9, scale: 2 },
  string: { kind: 'string' },
  enum: { kind: 'enum', values: ['a'] },
  uuid: { kind: 'uuid' },
  binary: { kind: 'binary' },
  date: { kind: 'date' },
  time: { kind: 'time' },
  timestamp: { kind: 'timestamp', unit: 'us', zone: false },
  interval: { kind: 'interval' },
  list: { kind: 'list', element: FLOAT },
  array: { kind: 'array', element: FLOAT, length: 2 },
  struct: { kind: 'struct', fields: [] },
  map: { kind: 'map', key: FLOAT, value: FLOAT },
  other: { kind: 'other', name: 'BIT' },
  null: { kind: 'null' },
};

const [header, ...lines] = TABLE.trim()
  .split('\n')
  .map(line => line.trim().split(/\s+/));

test('the table covers every kind of column and every type of tensor', () => {
  assert.deepEqual(lines.map(([kind]) => kind).sort(), Object.keys(EXAMPLES).sort());
  assert.deepEqual([...header!].sort(), [...DTYPES].sort());
});

test('columns reach tensors as the table says', () => {
  for (const [kind, ...cells] of lines) {
    const type = EXAMPLES[kind as DataType['kind']];
    for (const [index, cell] of cells.entries()) {
      const dtype = header![index] as Dtype;
      const expected =
        cell === '.' ? undefined : { kind: cell === '=' ? kind : cell.replace('!', ''), narrowing: cell.endsWith('!') };
      const actual = transportOf(type, dtype);
      assert.deepEqual(
        actual && { kind: actual.type.kind, narrowing: actual.narrowing },
        expected,
        `${kind} -> ${dtype}`,
      );
    }
  }
});

test('a tensor type has an array and a column type', () => {
  const arrays: Readonly<Partial<Record<Dtype, string>>> = {
    float32: 'Float32Array',
    float64: 'Float64Array',
    int8: 'Int8Array',
    int16: 'Int16Array',
    int32: 'Int32Array',
    int64: 'BigInt64Array',
    uint8: 'Uint8Array',
    uint16: 'Uint16Array',
    uint32: 'Uint32Array',
    uint64: 'BigUint64Array',
    bool: 'Uint8Array',
  };
  for (const [dtype, name] of Object.entries(arrays)) {
    const array = numericArray(dtype as Dtype, 3);
    assert.equal(array.constructor.name, name);
    assert.equal(array.length, 3);
  }
  assert.throws(() => numericArray('string', 1));
  assert.throws(() => numericArray('float16', 1));
  assert.equal(columnTypeOf('bool').kind, 'boolean');
  assert.equal(columnTypeOf('float16').kind, 'float32');
  assert.equal(columnTypeOf('uint64').kind, 'uint64');
});

test('what is accepted is said in words', () => {
  assert.deepEqual((['float16', 'int8', 'bool', 'string'] as const).map(acceptedTypes), [
    'numbers and booleans',
    'integers and booleans',
    'booleans',
    'strings',
  ]);
});
