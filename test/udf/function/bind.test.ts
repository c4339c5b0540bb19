import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe as describeExpr } from '../../../src/frame/expr.js';
import { col } from '../../../src/frame/functions.js';
import { type DataType, type IntegerKind, typeName } from '../../../src/frame/types.js';
import type { TypeOrName } from '../../../src/udf/function/signature.js';
import { udf } from '../../../src/udf/function/udf.js';
import { inframeError } from '../../support/onnx.js';
import { bindCall } from './calls.js';

const F64: DataType = { kind: 'float64' };
const table: Readonly<Record<string, DataType>> = { x: F64, Z: F64, name: { kind: 'string' } };
const add = udf({ inputs: { x: 'float64', z: 'float64' }, output: 'float64', name: 'add' }, ({ x, z }) =>
  x.map((value, row) => value + z[row]!),
);
const pair = udf({ inputs: ['float64', 'string'], output: 'string', name: 'pair' }, ([, text]) => text);

test('inputs are fed by position, by name, or by the columns of their names', () => {
  const args = (column: ReturnType<typeof add>): readonly string[] => bindCall(column, table).args.map(describeExpr);
  assert.deepEqual(args(add('Z', 'x')), ['Z', 'x']);
  assert.deepEqual(args(add({ z: 'x', x: 'Z' })), ['Z', 'x']);
  assert.deepEqual(args(add({ z: col('x').add(1) })), ['x', '(x + 1)']);
  assert.deepEqual(args(add()), ['x', 'Z']);
  assert.deepEqual(args(pair('x', 'name')), ['x', 'name']);
});

test('arguments that do not belong are refused', () => {
  const cases = [
    [add('x'), 'SHAPE_MISMATCH', "function 'add' has 2 inputs", 'called with 1 argument;', "input 'x' (float64)"],
    [add('x', 'x', 'x'), 'SHAPE_MISMATCH', 'called with 3 arguments'],
    [add({ y: 'x' } as never), 'ARGUMENT_INVALID', "input 'y' is not one of function 'add'"],
    [add({ x: ['x', 'Z'] } as never), 'SHAPE_MISMATCH', 'takes one column, but is given 2', 'fn.array'],
    [pair(), 'SHAPE_MISMATCH', 'called with 0 arguments', 'argument 1 (float64), argument 2 (string)'],
    [pair({ 'argument 1': 'x' } as never), 'ARGUMENT_INVALID', 'have none'],
    [add('x', 'name'), 'TYPE_MISMATCH', "column 'name' is string", "input 'z' (float64) of function 'add'", 'numbers'],
    [pair('x', 'Z'), 'TYPE_MISMATCH', "column 'Z' is float64", 'argument 2 (string)', 'takes strings'],
  ] as const;
  for (const [column, code, ...words] of cases) {
    assert.throws(() => bindCall(column, table), inframeError(code, ...words));
  }
  assert.throws(
    () => bindCall(add(), { x: F64, y: F64 }),
    inframeError('COLUMN_NOT_FOUND', "input 'z' (float64) of function 'add'", 'the table has: x, y', "{ z: '...' }"),
  );
  const none = udf({ inputs: {}, output: 'int32', name: 'none' }, (_, rows) => new Int32Array(rows));
  assert.throws(() => bindCall(none('x'), table), inframeError('SHAPE_MISMATCH', 'has 0 inputs'));
});

test('a function without inputs reads something for every row', () => {
  const rows = udf({ inputs: {}, output: 'int32' }, (_, count) => new Int32Array(count));
  const call = bindCall(rows(), table);
  assert.deepEqual(call.args, [{ kind: 'literal', value: false }]);
  assert.deepEqual(call.argTypes, [{ kind: 'boolean' }]);
});

test('the type of a call is that of its output, or a struct', () => {
  assert.deepEqual(bindCall(add(), table).type, F64);
  const several = udf({ inputs: ['float64'], output: { a: 'float64', b: 'timestamp' } }, ([x]) => ({
    a: x,
    b: Array.from(x, value => new Date(value)),
  }));
  assert.equal(typeName(bindCall(several('x'), table).type), 'struct<a: float64, b: timestamp[us]>');
  const only = udf({ inputs: ['float64'], output: { a: 'float64' } }, ([x]) => ({ a: x }));
  assert.equal(typeName(bindCall(only('x'), table).type), 'struct<a: float64>');
});

/** What is read for a column of a type where a function declares another: `type`, and `?` behind it if values may be lost. */
function read(from: DataType, declared: TypeOrName): string {
  const made = udf({ inputs: [declared], output: 'boolean' }, (_, rows) => new Uint8Array(rows));
  try {
    const { argTypes } = bindCall(made('c'), { c: from });
    return `${typeName(argTypes[0]!)}${argTypes.length > 1 ? '?' : ''}`;
  } catch (error) {
    inframeError('TYPE_MISMATCH')(error);
    return 'no';
  }
}

test('columns are cast where nothing is lost, checked where a value may not fit, and refused where a person decides', () => {
  const list = (element: DataType): DataType => ({ kind: 'list', element });
  const array = (element: DataType, length: number): DataType => ({ kind: 'array', element, length });
  const struct = (fields: Readonly<Record<string, DataType>>): DataType => ({
    kind: 'struct',
    fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
  });
  const of = (kind: IntegerKind | 'float32' | 'float64' | 'string' | 'date' | 'binary' | 'boolean'): DataType => ({
    kind,
  });
  const time = (unit: 's' | 'ms' | 'us' | 'ns', zone = false): DataType => ({ kind: 'timestamp', unit, zone });
  const cases: readonly (readonly [DataType, TypeOrName, string])[] = [
    // Floats take their own array kinds as they are; JavaScript converts those.
    [of('int32'), 'float64', 'int32'],
    [of('int64'), 'float64', 'float64'],
    [of('float64'), 'float32', 'float64'],
    [{ kind: 'decimal', precision: 9, scale: 2 }, 'float64', 'float64'],
    [of('boolean'), 'float64', 'uint8'],
    [{ kind: 'null' }, 'float64', 'float64'],
    [of('int64'), 'int64', 'int64'],
    [of('int32'), 'int64', 'int64'],
    [of('int64'), 'int32', 'int32?'],
    [of('uint64'), 'int64', 'int64?'],
    [of('float64'), 'int32', 'no'],
    [of('string'), 'float64', 'no'],
    [of('float64'), 'string', 'no'],
    [of('boolean'), 'boolean', 'boolean'],
    [of('int8'), 'boolean', 'no'],
    [{ kind: 'enum', values: ['a'] }, 'string', 'string'],
    [{ kind: 'uuid' }, 'string', 'string'],
    [of('binary'), 'binary', 'binary'],
    [of('string'), 'binary', 'no'],
    [of('date'), 'date', 'date'],
    [time('us'), 'date', 'no'],
    [time('us'), 'timestamp', 'timestamp[us]'],
    [time('us', true), 'timestamp', 'timestamp[us, UTC]'],
    [time('s'), 'timestamp', 'timestamp[us]?'],
    [time('ns'), 'timestamp', 'timestamp[us]?'],
    [of('date'), 'timestamp', 'timestamp[us]?'],
    [list(of('float32')), list(of('float32')), 'list<float32>'],
    [array(of('float32'), 3), list(of('float32')), 'list<float32>'],
    [list(of('float32')), array(of('float32'), 3), 'list<float32>'],
    [list(of('int64')), list(of('int8')), 'list<int8>?'],
    [list(list(of('int64'))), list(list(of('int8'))), 'no'],
    [list(list(of('int8'))), list(list(of('int64'))), 'list<list<int64>>'],
    [list(of('string')), list(of('float32')), 'no'],
    [of('float32'), list(of('float32')), 'no'],
    [struct({ a: of('int32'), b: of('string') }), struct({ b: of('string') }), 'struct<b: string>'],
    [struct({ a: of('int32') }), struct({ a: of('int64') }), 'struct<a: int64>'],
    [struct({ a: of('int64') }), struct({ a: of('int8') }), 'no'],
    [struct({ a: of('int64') }), struct({ b: of('int64') }), 'no'],
    [of('int64'), struct({ a: of('int64') }), 'no'],
  ];
  for (const [from, declared, wanted] of cases) {
    assert.equal(read(from, declared), wanted, `${typeName(from)} for ${JSON.stringify(declared)}`);
  }
});
