import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attribute, graph, tensor } from '../../../src/udf/onnx/build.js';
import { AttributeProto_AttributeType as Type } from '../../../src/udf/onnx/onnx_pb.js';
import { int64Values } from '../../../src/udf/onnx/tensor.js';
import { float32, inframeError, run } from '../../support/onnx.js';

test('attributes get the type their value has', () => {
  const cases: readonly [Parameters<typeof attribute>[1], Type][] = [
    [1, Type.INT],
    [2n ** 40n, Type.INT],
    [1.5, Type.FLOAT],
    [{ float: 1 }, Type.FLOAT],
    ['a', Type.STRING],
    [[1, 2], Type.INTS],
    [[1n, 2n], Type.INTS],
    [[1, 2.5], Type.FLOATS],
    [{ floats: [] }, Type.FLOATS],
    [['a'], Type.STRINGS],
    [tensor('t', 'int64', [1], [1]), Type.TENSOR],
    [graph({ inputs: [], outputs: [], nodes: [] }).graph!, Type.GRAPH],
  ];
  for (const [value, type] of cases) assert.equal(attribute('a', value).type, type);
  assert.throws(() => attribute('axes', []), inframeError('ARGUMENT_INVALID', "attribute 'axes'", '{ ints: [] }'));
});

test('tensors of every type reach ONNX Runtime as they are', async () => {
  const constants = [
    tensor('f32', 'float32', [2], Float32Array.from([1.5, -2])),
    tensor('f64', 'float64', [2], [1.5, -2]),
    tensor('i8', 'int8', [2], [-128, 127]),
    tensor('u8', 'uint8', [2], Uint8Array.from([0, 255])),
    tensor('i16', 'int16', [2], [-32768, 32767]),
    tensor('u16', 'uint16', [2], [0, 65535]),
    tensor('i32', 'int32', [2], [-(2 ** 31), 2 ** 31 - 1]),
    tensor('u32', 'uint32', [2], [0, 2 ** 32 - 1]),
    tensor('i64', 'int64', [2], [-(2n ** 63n), 2n ** 63n - 1n]),
    tensor('u64', 'uint64', [2], [0n, 2n ** 64n - 1n]),
    tensor('bool', 'bool', [2], [true, false]),
    tensor('string', 'string', [2], ['', 'größe']),
  ];
  const model = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: [1] }],
    outputs: constants.map(item => ({ name: `${item.name}_out`, dtype: DTYPES[item.name]!, dims: [2] })),
    nodes: constants.map(item => ({ op: 'Identity', inputs: [item.name], outputs: [`${item.name}_out`] })),
    initializers: constants,
  });
  const out = await run(model, { x: float32([1], [0]) });
  assert.deepEqual(out['f32_out']!.data, Float32Array.from([1.5, -2]));
  assert.deepEqual(out['f64_out']!.data, Float64Array.from([1.5, -2]));
  assert.deepEqual(out['i8_out']!.data, Int8Array.from([-128, 127]));
  assert.deepEqual(out['u8_out']!.data, Uint8Array.from([0, 255]));
  assert.deepEqual(out['i16_out']!.data, Int16Array.from([-32768, 32767]));
  assert.deepEqual(out['u16_out']!.data, Uint16Array.from([0, 65535]));
  assert.deepEqual(out['i32_out']!.data, Int32Array.from([-(2 ** 31), 2 ** 31 - 1]));
  assert.deepEqual(out['u32_out']!.data, Uint32Array.from([0, 2 ** 32 - 1]));
  assert.deepEqual(out['i64_out']!.data, BigInt64Array.from([-(2n ** 63n), 2n ** 63n - 1n]));
  assert.deepEqual(out['u64_out']!.data, BigUint64Array.from([0n, 2n ** 64n - 1n]));
  assert.deepEqual([...(out['bool_out']!.data as Uint8Array)], [1, 0]);
  assert.deepEqual([...(out['string_out']!.data as string[])], ['', 'größe']);
});

const DTYPES: Readonly<Record<string, Parameters<typeof tensor>[1]>> = {
  f32: 'float32',
  f64: 'float64',
  i8: 'int8',
  u8: 'uint8',
  i16: 'int16',
  u16: 'uint16',
  i32: 'int32',
  u32: 'uint32',
  i64: 'int64',
  u64: 'uint64',
  bool: 'bool',
  string: 'string',
};

test('data that does not fit is refused', () => {
  assert.throws(
    () => tensor('w', 'float32', [2, 2], [1]),
    inframeError('ARGUMENT_INVALID', "tensor 'w' has 1 elements"),
  );
  assert.throws(
    () => tensor('w', 'float32', [1], Float64Array.from([1])),
    inframeError('ARGUMENT_INVALID', 'takes a Float32Array, not a Float64Array'),
  );
});

test('int64Values reads constants however the file keeps them', () => {
  assert.deepEqual(int64Values(tensor('s', 'int64', [2], [-1, 256])), [-1n, 256n]);
  assert.equal(int64Values(tensor('s', 'int32', [2], [-1, 256])), undefined);
  const listed = tensor('s', 'int64', [0], []);
  listed.int64Data = [3n, 4n];
  assert.equal(int64Values(listed), undefined);
  listed.dims = [2n];
  assert.deepEqual(int64Values(listed), [3n, 4n]);
});
