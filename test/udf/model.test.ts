import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Column, describe as describeExpr } from '../../src/frame/expr.js';
import { col, lit } from '../../src/frame/functions.js';
import type { ModelCall } from '../../src/frame/model.js';
import { Schema } from '../../src/frame/schema.js';
import { type DataType, typeName } from '../../src/frame/types.js';
import type { NetworkCallDescriptor } from '../../src/udf/descriptor.js';
import { type LoadedModel, type ModelOptions, makeModel } from '../../src/udf/model.js';
import { inframeError } from '../support/onnx.js';

const F32: DataType = { kind: 'float32' };
const schema = new Schema([
  { name: 'a', type: F32 },
  { name: 'b', type: F32 },
]);

const loaded: LoadedModel = {
  path: '/models/delay.v2.onnx',
  sha256: 'ab12',
  signature: {
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 2] }],
    outputs: [
      { name: 'label', dtype: 'int64', dims: ['N'] },
      { name: 'scores', dtype: 'float16', dims: ['N', 1, 3] },
      { name: 'trail', dtype: 'float32', dims: ['N', 'T', 2] },
    ],
  },
  batch: { kind: 'free', freed: false },
  outputDims: { label: [], scores: [1, 3], trail: [null, 2] },
  threads: 1,
  workers: 2,
  bytes: 1000,
};

function bound(column: Column): ModelCall {
  assert.ok(column.expr.kind === 'model');
  const { model, args } = column.expr;
  return model.bind(args, expr => (expr.kind === 'column' ? schema.type(expr.name) : F32), schema);
}

function descriptorOf(options: ModelOptions, from: LoadedModel = loaded): NetworkCallDescriptor {
  return bound(makeModel(from, options)('a', 'b')).descriptor as NetworkCallDescriptor;
}

test('a model is a frozen function that says what it is', () => {
  const model = makeModel(loaded, {});
  assert.equal(model.modelName, 'delay.v2');
  assert.equal(model.path, '/models/delay.v2.onnx');
  assert.equal(model.sha256, 'ab12');
  assert.deepEqual(model.signature, loaded.signature);
  assert.ok(Object.isFrozen(model));
  assert.equal(makeModel(loaded, { name: 'risk' }).modelName, 'risk');
});

test('it is called with columns, names, named inputs or nothing', () => {
  const model = makeModel(loaded, { inputs: { x: ['a', 'b'] }, outputs: ['label'] });
  const text = (column: Column): string => describeExpr(column.expr);
  assert.equal(text(model(col('a'), 'b')), 'delay.v2(a, b)');
  assert.equal(text(model({ x: ['a', col('b').add(1)] })), 'delay.v2(x: [a, (b + 1)])');
  assert.equal(text(model({ x: lit([1, 2]) })), 'delay.v2(x: [1, 2])');
  assert.equal(text(model()), 'delay.v2()');
  assert.deepEqual(bound(model()).args.map(describeExpr), ['a', 'b']);
});

test('the result is a column of the output, or a struct of all', () => {
  assert.equal(typeName(bound(makeModel(loaded, { outputs: ['label'] })('a', 'b')).type), 'int64');
  assert.equal(
    typeName(bound(makeModel(loaded, {})('a', 'b')).type),
    'struct<label: int64, scores: float32[3], trail: list<float32>>',
    'sizes of 1 are left out, float16 is read as float32, rows of open size are flat lists',
  );
});

test('outputs() gives one column an output, of one call', () => {
  const columns = makeModel(loaded, {}).outputs('a', 'b');
  assert.deepEqual(Object.keys(columns), ['label', 'scores', 'trail']);
  const calls = Object.values(columns).map(({ expr }) => {
    assert.ok(expr.kind === 'member');
    return expr.input;
  });
  assert.equal(new Set(calls).size, 1);
  const only = makeModel(loaded, { outputs: ['label'] }).outputs({ x: ['a', 'b'] });
  assert.equal(only['label']!.expr.kind, 'model', 'where there is one output, the call is the column');
});

test('what a worker is told is plain JSON (Rule 3)', () => {
  const descriptor = descriptorOf({ outputs: ['scores'], nulls: 'nan', onError: 'fail' });
  assert.deepEqual(JSON.parse(JSON.stringify(descriptor)), descriptor);
  assert.equal(descriptor.nulls, 'nan');
  assert.equal(descriptor.onError, 'fail');
  assert.deepEqual(descriptor.model.edits.widenedOutputs, ['scores']);
  assert.deepEqual(descriptor.model.edits.transposedInputs, ['x']);
  assert.deepEqual(descriptor.model.edits.outputs, ['scores']);
});

test('the key is what the answer depends on, and nothing else', () => {
  const base = descriptorOf({}).key;
  assert.equal(descriptorOf({ batchSize: 7 }).key, base);
  assert.equal(descriptorOf({ name: 'other' }).key, base);
  assert.equal(descriptorOf({}, { ...loaded, path: '/elsewhere.onnx', threads: 4 }).key, base);
  const others = [
    descriptorOf({}, { ...loaded, sha256: 'cd34' }),
    descriptorOf({}, { ...loaded, batch: { kind: 'fixed', size: 1 } }),
    descriptorOf({ outputs: ['label'] }),
    descriptorOf({ nulls: 'nan' }),
    descriptorOf({ nulls: 'fail' }),
    descriptorOf({ onError: 'fail' }),
  ].map(({ key }) => key);
  assert.equal(new Set([base, ...others]).size, 7);
});

test('a batch has as many rows as fit in 2 MiB, thousands at most, or what the model wants', () => {
  const wide = (k: number): LoadedModel => ({
    ...loaded,
    signature: { ...loaded.signature, inputs: [{ name: 'x', dtype: 'float32', dims: ['N', k] }] },
  });
  const rows = (k: number): number => {
    const list = new Schema([{ name: 'x', type: { kind: 'list', element: F32 } }]);
    const { expr } = makeModel(wide(k), {})();
    assert.ok(expr.kind === 'model');
    return (expr.model.bind(expr.args, () => list.type('x'), list).descriptor as NetworkCallDescriptor).batchRows;
  };
  assert.ok(rows(2) >= 256 && rows(2) <= 8192, 'many small rows: how many is a matter of measurement');
  assert.equal(rows(1024), 512);
  assert.equal(rows(3 * 224 * 224), 3, '2097152 / 602112 = 3.48');
  assert.equal(rows(10_000_000), 1);
  assert.equal(descriptorOf({ batchSize: 7 }).batchRows, 7);
  assert.equal(descriptorOf({ batchSize: 7 }, { ...loaded, batch: { kind: 'fixed', size: 2 } }).batchRows, 2);
});

test('wrong options and wrong arguments are refused in words', () => {
  const make = (options: unknown) => () => makeModel(loaded, options as ModelOptions);
  const model = makeModel(loaded, {});
  const call =
    (...args: readonly unknown[]) =>
    () =>
      (model as (...all: readonly unknown[]) => Column)(...args);
  const cases: readonly (readonly [() => unknown, ...string[]])[] = [
    [make({ batchSize: 0 }), "batchSize 0 of model 'delay.v2'", 'whole number from 1'],
    [make({ batchSize: 1.5 }), 'batchSize 1.5'],
    [make({ batchSize: '8' }), 'batchSize "8"'],
    [make({ nulls: 'zero' }), 'nulls "zero"', 'null, nan, fail'],
    [make({ onError: 'skip' }), 'onError "skip"', 'null, fail'],
    [make({ outputs: [] }), 'outputs []', 'label, scores, trail'],
    [make({ outputs: 'label' }), 'outputs "label"'],
    [make({ outputs: ['lable'] }), "output 'lable'", 'it has: label, scores, trail'],
    [make({ inputs: { X: ['a'] } }), "input 'X' is not one of model 'delay.v2'", 'it has: x'],
    [call(1), "argument 1 of model 'delay.v2'", "col('name')"],
    [call(null), 'argument null'],
    [call(undefined), 'argument undefined'],
    [call(1n), 'argument 1n'],
    [call(['a', 'b']), 'argument ["a","b"]', 'is a list', 'one by one'],
    [call({ x: 1 }), 'argument 1'],
    [call({ x: 'a' }, 'b'), 'argument {"x":"a"}'],
    [call(''), 'column name ""'],
  ];
  for (const [wrong, ...words] of cases) assert.throws(wrong, inframeError('ARGUMENT_INVALID', ...words));
});

test('an output named twice is one output', () => {
  assert.deepEqual(descriptorOf({ outputs: ['label', 'label'] }).model.edits.outputs, ['label']);
});
