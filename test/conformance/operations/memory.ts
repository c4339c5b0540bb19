import {
  Field,
  Float32,
  Int64,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  vectorFromArray,
} from 'apache-arrow';
import { col, fn } from '../../../src/index.js';
import { anyOrder, fails, operations, rows, value } from '../declare.js';
import {
  binary,
  boolean,
  date,
  float32,
  float64,
  int32,
  int64,
  list,
  nulls,
  string,
  struct,
  table,
  timestamp,
  uint8,
} from '../types.js';

const t = table({ id: int64(1, 2, 3) });

const NOON = new Date('2024-02-29T12:00:00.250Z');

/** The rows of a table of any type come back as they were given. */
const given = [
  { n: 0.5, i: 1n, s: 'a', b: true, at: NOON, bytes: [1, 2], xs: [1, 2], p: { q: 'x' }, none: null },
  { n: null, i: null, s: null, b: null, at: null, bytes: null, xs: [], p: null, none: null },
];

export const MEMORY = operations(
  'Tables in memory',
  { t },
  {
    'fromRows: types of JavaScript values': rows(
      (_, { session }) =>
        session.fromRows([
          { n: 1, i: 1n, s: 'a', b: true, at: NOON, bytes: Uint8Array.of(1, 255) },
          { n: -0, i: -(2n ** 63n), s: '', b: false },
        ]),
      {
        n: float64(1, -0),
        i: int64(1, -(2n ** 63n)),
        s: string('a', ''),
        b: boolean(true, false),
        at: timestamp('2024-02-29 12:00:00.25', null),
        bytes: binary('01ff', null),
      },
    ),
    'fromRows: lists and structs': rows(
      (_, { session }) =>
        session.fromRows([
          { xs: ['a', null], p: { x: 1, y: [true] } },
          { xs: [], p: null },
        ]),
      {
        xs: list(string)(['a', null], []),
        p: struct({ x: float64, y: list(boolean) })({ x: 1, y: [true] }, null),
      },
    ),
    'fromRows: a column of nulls has no type': rows((_, { session }) => session.fromRows([{ a: null, b: 1 }]), {
      a: nulls(1),
      b: float64(1),
    }),
    'fromRows: a schema': rows(
      (_, { session }) =>
        session.fromRows([{ a: 1, d: new Date('2024-02-29') }, { d: null }], {
          d: { kind: 'date' },
          a: { kind: 'int32' },
        }),
      { d: date('2024-02-29', null), a: int32(1, null) },
    ),
    'fromRows: no rows, with a schema': rows((_, { session }) => session.fromRows([], { a: { kind: 'string' } }), {
      a: string(),
    }),
    'fromRows: values of several types': fails(
      (_, { session }) => session.fromRows([{ a: 1 }, { a: 'x' }]),
      'TYPE_MISMATCH',
    ),
    'fromRows: collect gives the same values': value(async (_, { session }) => {
      const frame = session.fromRows(given.map(row => ({ ...row, bytes: row.bytes && Uint8Array.from(row.bytes) })));
      return (await frame.collect()).map(row => ({ ...row, bytes: row.bytes && Array.from(row.bytes as Uint8Array) }));
    }, given),
    'fromColumns: lists and typed arrays': rows(
      (_, { session }) =>
        session.fromColumns({
          a: [1, null],
          f: Float32Array.of(0.5, 2 ** -20),
          u: Uint8Array.of(255, 0),
          l: BigInt64Array.of(1n, -1n),
        }),
      { a: float64(1, null), f: float32(0.5, 2 ** -20), u: uint8(255, 0), l: int64(1, -1) },
    ),
    'fromColumns: more rows than fit a statement': rows(
      (_, { session }) =>
        session
          .fromColumns({ i: Int32Array.from({ length: 10_000 }, (_value, row) => row) })
          .filter(col('i').mod(2500).eq(7)),
      { i: int32(7, 2507, 5007, 7507) },
    ),
    'fromColumns: columns of unlike length': fails(
      (_, { session }) => session.fromColumns({ a: [1], b: [] }),
      'ARGUMENT_INVALID',
    ),
    'fromArrow: a table': rows(
      (_, { session }) => session.fromArrow(new Table({ a: vectorFromArray([1n, null, 3n], new Int64()) })),
      { a: int64(1, null, 3) },
    ),
    'fromArrow: lists in record batches': rows(
      (_, { session }) => {
        const item = new List(new Field('item', new Float32(), true));
        const vector = vectorFromArray([[0.5, null], null, []], item);
        const schema = new Schema([new Field('xs', item, true)]);
        const data = makeData({
          type: new Struct(schema.fields),
          length: 3,
          nullCount: 0,
          children: [vector.data[0]!],
        });
        const batch = new RecordBatch(schema, data);
        return session.fromArrow([batch, batch]).limit(5, 1);
      },
      { xs: list(float32)(null, [], [0.5, null], null, []) },
    ),
    'fromArrow: what toArrow has given': rows(async ({ t }, { session }) => session.fromArrow(await t.toArrow()), {
      id: int64(1, 2, 3),
    }),
    'join: a table of files with one in memory': anyOrder(
      ({ t }, { session }) => t.join(session.fromRows([{ id: 2n, name: 'two' }]), 'id', 'left'),
      { id: int64(1, 2, 3), name: string(null, 'two', null) },
    ),
    'agg: of a table in memory': rows(
      (_, { session }) => session.fromRows([{ a: 1 }, { a: 2 }]).agg(fn.sum(col('a')).as('a')),
      {
        a: float64(3),
      },
    ),
  },
);
