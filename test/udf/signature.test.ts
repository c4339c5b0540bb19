import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { graph } from '../../src/udf/onnx/build.js';
import { parseModel } from '../../src/udf/onnx/file.js';
import { type TypeProto, TypeProtoSchema } from '../../src/udf/onnx/onnx_pb.js';
import { describeTensor, signatureOf } from '../../src/udf/signature.js';
import { fixture, fixtures } from '../support/fixtures.js';
import { inframeError } from '../support/onnx.js';

const skip = fixtures === undefined ? 'no fixtures' : false;

test('inputs that are constants are not inputs', { skip }, () => {
  const model = parseModel(readFileSync(fixture('models', 'mnist.onnx')), 'mnist');
  assert.equal(model.graph!.input.length, 8);
  assert.deepEqual(signatureOf(model), {
    inputs: [{ name: 'Input3', dtype: 'float32', dims: [1, 1, 28, 28] }],
    outputs: [{ name: 'Plus214_Output_0', dtype: 'float32', dims: [1, 10] }],
  });
});

test('dimensions are a size, a name or unknown', () => {
  const model = graph({
    inputs: [
      { name: 'a', dtype: 'int64', dims: ['N', 3, undefined, -1] },
      { name: 'b', dtype: 'string' },
      { name: 'c', dtype: 'bool', dims: [] },
    ],
    outputs: [{ name: 'd', dtype: 'float16', dims: ['', 2 ** 53] }],
    nodes: [],
  });
  const { inputs, outputs } = signatureOf(model, new Map([['d', ['no', 'yes']]]));
  assert.deepEqual(inputs[0]!.dims, ['N', 3, undefined, undefined]);
  assert.equal(inputs[1]!.dims, undefined);
  assert.deepEqual(inputs.map(describeTensor), ['int64[N, 3, ?, ?]', 'string[...]', 'bool[]']);
  assert.deepEqual(outputs, [{ name: 'd', dtype: 'float16', dims: [undefined, undefined], classes: ['no', 'yes'] }]);
});

test('what is not a tensor JavaScript can hold is refused by name', () => {
  const typed = (type: TypeProto | undefined) => () => {
    const model = graph({ inputs: [{ name: 'x', dtype: 'float32' }], outputs: [], nodes: [] });
    if (type === undefined) delete model.graph!.input[0]!.type;
    else model.graph!.input[0]!.type = type;
    return signatureOf(model);
  };
  const tensorOf = (elemType: number) =>
    create(TypeProtoSchema, { value: { case: 'tensorType', value: { elemType } } });
  const unlisted = (no: number): TypeProto => {
    const type = create(TypeProtoSchema);
    type.$unknown = [{ no, wireType: 2, data: new Uint8Array([0]) }];
    return type;
  };
  const cases: readonly [TypeProto | undefined, string][] = [
    [tensorOf(16), "input 'x' of the model is a tensor of bfloat16"],
    [tensorOf(14), 'complex64'],
    [tensorOf(99), 'element type 99'],
    [
      create(TypeProtoSchema, { value: { case: 'sequenceType', value: { elemType: tensorOf(1) } } }),
      'sequence of tensor',
    ],
    [create(TypeProtoSchema, { value: { case: 'mapType', value: { keyType: 8 } } }), 'map of string to unknown'],
    [unlisted(8), 'sparse tensor'],
    [unlisted(9), 'optional value'],
  ];
  for (const [type, words] of cases) assert.throws(typed(type), inframeError('MODEL_UNSUPPORTED', words));
  assert.throws(typed(undefined), inframeError('MODEL_INVALID', 'states no type'));
  assert.throws(typed(create(TypeProtoSchema)), inframeError('MODEL_INVALID', 'states no type'));
});
