import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromArrow } from '../../../src/frame/local/from-arrow.js';
import { fromColumns } from '../../../src/frame/local/from-columns.js';
import { fromRows } from '../../../src/frame/local/from-rows.js';
import type { DataType } from '../../../src/frame/types.js';
import { inframeError } from '../../support/onnx.js';

/** What is given wrongly, and the words of the error. What no compiler lets through is written with `as never`. */
const WRONG: readonly (readonly [Parameters<typeof inframeError>[0], () => unknown, ...string[]])[] = [
  ['ARGUMENT_INVALID', () => fromRows({} as never), 'rows {} are not a list'],
  ['ARGUMENT_INVALID', () => fromRows([]), 'rows name no column', 'give a schema'],
  ['ARGUMENT_INVALID', () => fromRows([{}]), 'rows name no column'],
  ['ARGUMENT_INVALID', () => fromRows([{ a: 1 }, [2]] as never), 'row [2] at rows[1] is not an object'],
  ['ARGUMENT_INVALID', () => fromRows([null] as never), 'row null at rows[0]'],
  ['ARGUMENT_INVALID', () => fromRows([new Date(0)] as never), 'rows[0]'],
  ['ARGUMENT_INVALID', () => fromRows([{ '': 1 }]), 'column name ""'],
  ['ARGUMENT_INVALID', () => fromRows([{ a: () => 1 }]), 'value a function of rows[0].a cannot stand in a column'],
  ['ARGUMENT_INVALID', () => fromRows([{ a: Symbol('s') }]), 'rows[0].a'],
  ['ARGUMENT_INVALID', () => fromRows([{ a: new Map() }]), 'rows[0].a'],
  ['ARGUMENT_INVALID', () => fromRows([{ a: {} }]), 'object of rows[0].a has no member'],
  ['ARGUMENT_INVALID', () => fromRows([{ a: { x: 1, X: 2 } }]), 'case only'],
  ['ARGUMENT_INVALID', () => fromRows([{ a: { '': 1 } }]), 'member name ""'],
  ['COLUMN_DUPLICATE', () => fromRows([{ a: 1, A: 2 }]), "'A'"],
  [
    'TYPE_MISMATCH',
    () => fromRows([{ p: 1 }, { p: null }, { p: 'x' }]),
    'value "x" of rows[2].p is a text',
    'rows[0].p is a number',
  ],
  ['TYPE_MISMATCH', () => fromRows([{ p: 1n }, { p: 1 }]), 'rows[1].p is a number', 'rows[0].p is a bigint'],
  [
    'TYPE_MISMATCH',
    () => fromRows([{ p: [1, 'x'] }]),
    'value "x" of rows[0].p[1] is a text',
    'rows[0].p[0] is a number',
  ],
  ['TYPE_MISMATCH', () => fromRows([{ p: [1] }, { p: ['x'] }]), 'rows[1].p is a list of other values'],
  ['TYPE_MISMATCH', () => fromRows([{ p: { a: 1 } }, { p: { a: 'x' } }]), 'rows[1].p is an object with members'],
  [
    'TYPE_MISMATCH',
    () => fromRows([{ p: new Date(Number.NaN) }]),
    'of rows[0].p does not fit its type timestamp[us]',
    'a valid Date',
  ],
  ['TYPE_MISMATCH', () => fromRows([{ p: 2n ** 63n }]), '9223372036854775808n of rows[0].p', 'int64'],
  [
    'COLUMN_NOT_FOUND',
    () => fromRows([{ pricee: 1 }], { price: { kind: 'int32' } }),
    "column 'pricee' of rows[0]",
    "did you mean 'price'?",
  ],
  ['ARGUMENT_INVALID', () => fromRows([{ a: 1 }], {}), 'schema names no column'],
  ['ARGUMENT_INVALID', () => fromRows([{ a: 1 }], 'a int' as never), 'schema "a int"'],
  ['ARGUMENT_INVALID', () => fromRows([{ a: 1 }], { a: 'int32' } as never), 'type "int32" of column \'a\''],
  ['ARGUMENT_INVALID', () => fromColumns({}), 'columns {}'],
  ['ARGUMENT_INVALID', () => fromColumns([[1]] as never), 'columns [[1]]'],
  ['ARGUMENT_INVALID', () => fromColumns({ a: 'text' as never }), 'column \'a\' is "text", not a list'],
  ['ARGUMENT_INVALID', () => fromColumns({ a: [1], b: [1, 2] }), "column 'b' has 2 values and 'a' 1"],
  ['TYPE_MISMATCH', () => fromColumns({ a: [1, true] }), 'a[1] is a boolean', 'a[0] is a number'],
  [
    'COLUMN_NOT_FOUND',
    () => fromColumns({ a: [1] }, { a: { kind: 'int8' }, b: { kind: 'int8' } }),
    "column 'b' of the schema",
  ],
  ['COLUMN_NOT_FOUND', () => fromColumns({ a: [1] }, { b: { kind: 'int8' } }), "column 'a' of the columns"],
  ['ARGUMENT_INVALID', () => fromArrow({} as never), 'is not an Arrow table'],
  ['ARGUMENT_INVALID', () => fromArrow([] as never), 'is not an Arrow table'],
  ['ARGUMENT_INVALID', () => fromArrow(null as never), 'value null'],
];

test('what cannot be a table is refused, with the place and what to do', () => {
  for (const [code, make, ...words] of WRONG) assert.throws(make, inframeError(code, ...words), String(make));
});

/** Values that a type does not have. */
const UNFIT: readonly (readonly [DataType, ...unknown[]])[] = [
  [{ kind: 'int8' }, 128, -129, 1.5, '1', 1e300, Number.NaN, true],
  [{ kind: 'uint16' }, -1, 65_536, -1n],
  [{ kind: 'uint64' }, -1n, 2n ** 64n],
  [{ kind: 'int128' }, 2n ** 127n],
  [{ kind: 'float32' }, 1e300, '1', new Date(0)],
  [{ kind: 'float64' }, 2n ** 60n + 1n, 'x'],
  [{ kind: 'string' }, 1, true],
  [{ kind: 'boolean' }, 0, 'true'],
  [{ kind: 'binary' }, 'x', [1]],
  [{ kind: 'date' }, new Date(1), '2024-01-01', 5],
  [{ kind: 'timestamp', unit: 'ms', zone: false }, 5, '2024-01-01'],
  [{ kind: 'decimal', precision: 4, scale: 2 }, 123, '1.234', 'x', '', 1e-7, Number.NaN],
  [{ kind: 'uuid' }, 'x'],
  [{ kind: 'enum', values: ['a'] }, 'b', 1],
  [{ kind: 'list', element: { kind: 'int8' } }, [1, 'x'], 'x', { length: 1 }],
  [{ kind: 'array', element: { kind: 'int8' }, length: 2 }, [1], [1, 2, 3]],
  [{ kind: 'struct', fields: [{ name: 'a', type: { kind: 'int8' } }] }, { b: 1 }, { a: 'x' }, [1]],
  [{ kind: 'null' }, 1],
];

test('a value that its declared type does not have is refused', () => {
  for (const [type, ...values] of UNFIT) {
    for (const value of values) {
      assert.throws(
        () => fromRows([{ a: null }, { a: value }], { a: type }),
        inframeError('TYPE_MISMATCH', 'of rows[1].a'),
        `${JSON.stringify(type)} ${String(value)}`,
      );
    }
  }
  for (const type of [
    { kind: 'map', key: { kind: 'string' }, value: { kind: 'int8' } },
    { kind: 'other', name: 'BIT' },
  ] as const) {
    assert.throws(() => fromRows([], { a: type }), inframeError('TYPE_MISMATCH', "column 'a' cannot be made as"));
  }
});

test('few values are rows of the plan, many are stored; both are copies', () => {
  const row = { a: [1, 2], b: new Date(0), c: new Uint8Array([1]) };
  const few = fromRows([row]);
  row.a[0] = 9;
  row.b.setTime(5);
  row.c[0] = 9;
  assert.ok(few.kind === 'local');
  assert.deepEqual(few.rows, [[[1, 2], new Date(0), new Uint8Array([1])]]);
  const kindOf = (rows: readonly Readonly<Record<string, unknown>>[]): string => fromRows(rows).kind;
  assert.equal(kindOf(Array.from({ length: 100 }, (_, a) => ({ a }))), 'local');
  assert.equal(kindOf(Array.from({ length: 3000 }, (_, a) => ({ a }))), 'memory');
  assert.equal(kindOf([{ a: 'x'.repeat(100_000) }]), 'memory');
  assert.equal(kindOf([{ a: Array.from({ length: 5000 }, () => 1) }]), 'memory');
  // What SQL text cannot hold.
  assert.equal(kindOf([{ a: 'nul \0' }]), 'memory');
});

test('columns come in the order of the schema, or else as they are first named', () => {
  const plan = fromRows([{ b: 1 }, { a: 2, b: 3 }]);
  assert.ok(plan.kind === 'local');
  assert.deepEqual(plan.schema.names, ['b', 'a']);
  const given = fromRows([{ b: 1n }], { a: { kind: 'string' }, b: { kind: 'int64' } });
  assert.ok(given.kind === 'local');
  assert.deepEqual([given.schema.names, given.rows], [['a', 'b'], [[null, 1n]]]);
});
