import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe as describeExpr, type Expr } from '../../src/frame/expr.js';
import { Schema } from '../../src/frame/schema.js';
import type { DataType } from '../../src/frame/types.js';
import { bindArguments } from '../../src/udf/bind.js';
import type { TensorBinding } from '../../src/udf/descriptor.js';
import type { TensorInfo } from '../../src/udf/signature.js';
import { inframeError } from '../support/onnx.js';

const F32: DataType = { kind: 'float32' };
const F64: DataType = { kind: 'float64' };

function list(element: DataType): DataType {
  return { kind: 'list', element };
}

function array(element: DataType, length: number): DataType {
  return { kind: 'array', element, length };
}

const schema = new Schema([
  { name: 'a', type: F32 },
  { name: 'b', type: F64 },
  { name: 'n', type: { kind: 'int64' } },
  { name: 'Flag', type: { kind: 'boolean' } },
  { name: 's', type: { kind: 'string' } },
  { name: 'day', type: { kind: 'date' } },
  { name: 'v', type: list(F32) },
  { name: 'v3', type: array(F64, 3) },
  { name: 'm23', type: array(array(F32, 3), 2) },
  { name: 'mm', type: list(list(F32)) },
  { name: 'ints', type: list({ kind: 'int64' }) },
  { name: 'texts', type: list({ kind: 'string' }) },
  { name: 'words', type: list(list({ kind: 'string' })) },
]);

function input(name: string, dims: TensorInfo['dims'], dtype: TensorInfo['dtype'] = 'float32'): TensorInfo {
  return { name, dtype, dims };
}

const cols = (...names: readonly string[]): readonly Expr[] => names.map(name => ({ kind: 'column', name }));

function bind(
  inputs: readonly TensorInfo[],
  positional: readonly string[] = [],
  named: Readonly<Record<string, readonly string[]>> = {},
  columns: Readonly<Record<string, readonly string[]>> = {},
) {
  const bound = bindArguments(
    'net',
    inputs,
    {
      positional: cols(...positional),
      named: Object.fromEntries(Object.entries(named).map(([name, each]) => [name, cols(...each)])),
    },
    expr => (expr.kind === 'column' ? schema.type(expr.name) : F32),
    schema,
    columns,
  );
  // No input here has an adapter.
  return { ...bound, inputs: bound.inputs as readonly TensorBinding[] };
}

function args(bound: ReturnType<typeof bind>): readonly string[] {
  return bound.args.map(describeExpr);
}

test('k columns fill [N, k], column after column', () => {
  const bound = bind([input('x', ['N', 2])], ['a', 'b']);
  assert.deepEqual(bound.inputs, [{ name: 'x', dtype: 'float32', layout: 'columns', columns: 2, rowDims: [2] }]);
  assert.deepEqual(args(bound), ['a', 'b']);
  assert.deepEqual(bound.argTypes, [F32, F64]);
  assert.equal(bound.misfits, 0);
});

test('one column fills [N], [N, 1] and [N, 1, 1] row after row', () => {
  for (const [dims, rowDims] of [
    [['N'], []],
    [['N', 1], [1]],
    [
      ['N', 1, 1],
      [1, 1],
    ],
  ] as const) {
    const bound = bind([input('x', dims)], ['a']);
    assert.deepEqual(bound.inputs, [{ name: 'x', dtype: 'float32', layout: 'rows', columns: 1, rowDims }]);
  }
});

test('columns fill tensors of higher rank in row-major order', () => {
  const [binding] = bind([input('x', ['N', 2, 2])], ['a', 'b', 'a', 'n']).inputs;
  assert.deepEqual(binding, { name: 'x', dtype: 'float32', layout: 'rows', columns: 4, rowDims: [2, 2] });
});

test('a width that the file leaves open is that of the call', () => {
  assert.deepEqual(bind([input('x', ['N', 'k'])], ['a', 'b', 'n']).inputs[0]!.rowDims, [3]);
  assert.deepEqual(bind([input('x', undefined)], ['a', 'b']).inputs[0]!.rowDims, [2]);
});

test('inputs are matched by position, by name, by option, or by the name of a column', () => {
  const two = [input('a', ['N']), input('flag', ['N'], 'bool')];
  assert.deepEqual(args(bind(two, ['b', 'Flag'])), ['b', 'Flag']);
  assert.deepEqual(args(bind(two, [], { a: ['b'], flag: ['Flag'] })), ['b', 'Flag']);
  assert.deepEqual(args(bind(two, [], { a: ['b'] })), ['b', 'Flag'], 'the rest by name, in any case');
  assert.deepEqual(args(bind(two)), ['a', 'Flag']);
  assert.deepEqual(args(bind([input('x', ['N', 2])], [], {}, { x: ['A', 'B'] })), ['a', 'b']);
  assert.deepEqual(args(bind([input('a', ['N', 2])], [], {}, { a: ['b', 'a'] })), ['b', 'a'], 'an option comes first');
});

test('an input with a name that objects have by nature is an input like any other', () => {
  assert.throws(
    () => bind([input('constructor', ['N'])]),
    inframeError('COLUMN_NOT_FOUND', "input 'constructor' (float32[N])"),
  );
});

test('columns are cast where a tensor needs it', () => {
  assert.deepEqual(
    args(bind([input('x', ['N'])], ['n'])),
    ['cast(n as float64)'],
    'JavaScript sets no bigint into floats',
  );
  assert.deepEqual(args(bind([input('x', ['N'], 'float16')], ['a'])), ['a']);
  assert.equal(bind([input('x', ['N'], 'float16')], ['a']).inputs[0]!.dtype, 'float32', 'the graph casts to float16');
  assert.deepEqual(args(bind([input('x', ['N'], 'int64')], ['Flag'])), ['cast(Flag as int64)']);
});

test('a value that may not fit is asked for apart, behind all values', () => {
  const bound = bind([input('x', ['N', 2], 'int8'), input('a', ['N'])], [], { x: ['n', 'Flag'] });
  assert.deepEqual(args(bound), [
    'try_cast(n as int8)',
    'cast(Flag as int8)',
    'a',
    '((n is not null) and (try_cast(n as int8) is null))',
  ]);
  assert.equal(bound.misfits, 1);
  assert.deepEqual(bound.argTypes.at(-1), { kind: 'boolean' });
});

test('a list that may not fit tells by its count of values: one that does not fit becomes a null inside', () => {
  const bound = bind([input('x', ['N', 3], 'int32')], ['ints']);
  assert.deepEqual(args(bound), ['try_cast(ints as list)', '(list_count(ints) <> list_count(try_cast(ints as list)))']);
  assert.deepEqual(bound.argTypes[0], list({ kind: 'int32' }));
});

test('lists fill tensors: flat, or nested as deep', () => {
  const flat = bind([input('x', ['N', 3])], ['v3']);
  assert.deepEqual(flat.inputs, [{ name: 'x', dtype: 'float32', layout: 'list', columns: 1, rowDims: [3] }]);
  assert.deepEqual(flat.argTypes, [list(F64)]);
  assert.deepEqual(bind([input('x', ['N', 1, 2, 2])], ['v']).inputs[0]!.rowDims, [1, 2, 2]);
  assert.deepEqual(bind([input('x', ['N', 'T'])], ['v']).inputs[0]!.rowDims, [null]);
  assert.deepEqual(bind([input('x', ['N', 2, 3])], ['m23']).argTypes, [list(F32)]);
  assert.match(args(bind([input('x', ['N', 2, 3])], ['mm']))[0]!, /flatten\(/);
  assert.deepEqual(bind([input('x', ['N', 'T'], 'string')], ['texts']).argTypes, [list({ kind: 'string' })]);
});

test('lists in lists that no row of an open input can be read from are refused in words', () => {
  // m23 is lists of 2 lists of 3.
  assert.throws(
    () => bind([input('x', ['N', 'L', 4])], ['m23']),
    inframeError('SHAPE_MISMATCH', "'m23'", "'x' (float32[N, L, 4])"),
  );
  assert.throws(() => bind([input('x', ['N', 3, 'k'])], ['m23']), inframeError('SHAPE_MISMATCH', "'m23'"));
  assert.equal(bind([input('x', ['N', 'L', 3])], ['m23']).inputs[0]!.layout, 'nested');
  for (const dims of [
    ['N', 'H', 'W'],
    ['N', 'H', 2],
  ]) {
    assert.throws(
      () => bind([input('x', dims, 'string')], ['words']),
      inframeError('MODEL_UNSUPPORTED', "'words'", 'texts', 'flat list'),
    );
  }
  assert.equal(bind([input('x', ['N', 2, 2], 'string')], ['words']).inputs[0]!.layout, 'list');
});

test('lists in lists fill a tensor of several open sizes as they are nested', () => {
  const { inputs, argTypes } = bind([input('x', ['N', 'H', 'W'])], ['mm']);
  assert.deepEqual(inputs, [{ name: 'x', dtype: 'float32', layout: 'nested', columns: 1, rowDims: [null, null] }]);
  assert.deepEqual(argTypes, [list(list(F32))]);
});

test('every mismatch has its sentence', () => {
  const x2 = [input('x', ['N', 2])];
  const cases: readonly (readonly [() => unknown, Parameters<typeof inframeError>[0], ...string[]])[] = [
    [
      () => bind(x2, ['a']),
      'SHAPE_MISMATCH',
      "input 'x' (float32[N, 2]) takes 2 values a row",
      'given 1: a',
      '2 columns',
    ],
    [
      () => bind([input('x', ['N'])], ['a', 'b']),
      'SHAPE_MISMATCH',
      'takes 1 value a row',
      'given 2: a, b',
      'one column',
    ],
    [() => bind([input('x', ['N', 3, 'T'])], ['a', 'b', 'n']), 'SHAPE_MISMATCH', 'any shape', 'one list column'],
    [
      () => bind(x2, ['a', 's']),
      'TYPE_MISMATCH',
      "column 's' is string",
      "input 'x'",
      'numbers and booleans',
      'cast it',
    ],
    [() => bind([input('x', ['N'], 'int64')], ['b']), 'TYPE_MISMATCH', 'float64', 'integers and booleans'],
    [() => bind([input('x', ['N'], 'string')], ['a']), 'TYPE_MISMATCH', 'float32', 'takes strings'],
    [() => bind([input('x', ['N'])], ['day']), 'TYPE_MISMATCH', "column 'day' is date"],
    [() => bind([input('x', ['N', 2])], ['texts']), 'TYPE_MISMATCH', "column 'texts' is list<string>"],
    [() => bind(x2, ['v3']), 'SHAPE_MISMATCH', "column 'v3' is float64[3]", 'lists of 2 values'],
    [() => bind([input('x', ['N', 3, 2])], ['m23']), 'SHAPE_MISMATCH', 'float32[3][2]', 'lists of 6 values'],
    [() => bind([input('x', ['N', 4])], ['mm']), 'SHAPE_MISMATCH', 'list<list<float32>>'],
    [() => bind([input('x', ['N', 'H', 'W'])], ['v']), 'MODEL_UNSUPPORTED', 'several dimensions'],
    [
      () => bind(x2),
      'COLUMN_NOT_FOUND',
      "input 'x' (float32[N, 2]) of model 'net'",
      'the table has: a, b',
      "{ x: ['...'] }",
    ],
    [
      () => bind(x2, [], { y: ['a'] }),
      'ARGUMENT_INVALID',
      "input 'y' is not one of model 'net'",
      "'x' (float32[N, 2])",
    ],
    [() => bind(x2, [], {}, { x: ['a', 'c'] }), 'COLUMN_NOT_FOUND', "column 'c'"],
    [
      () => bind([input('p', ['N']), input('q', ['N'])], ['a', 'b', 'n']),
      'SHAPE_MISMATCH',
      'has 2 inputs',
      'called with 3 arguments',
      "'p' (float32[N]), 'q' (float32[N])",
      '{ p: ... }',
    ],
  ];
  for (const [call, code, ...words] of cases) assert.throws(call, inframeError(code, ...words), String(call));
});
