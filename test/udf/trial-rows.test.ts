import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dtype, TensorInfo } from '../../src/udf/signature.js';
import { largerSizes, makeRows, trialSizes } from '../../src/udf/trial-rows.js';

function input(name: string, dims: TensorInfo['dims'], dtype: Dtype = 'float32'): TensorInfo {
  return { name, dtype, dims };
}

/** The shapes that are tried, in order. */
function shapes(...inputs: readonly TensorInfo[]): readonly string[] {
  return trialSizes(inputs).map(sizes =>
    Object.values(makeRows(inputs, 2, sizes).tensors)
      .map(tensor => tensor.dims.join('x'))
      .join(' '),
  );
}

test('inputs without open dimensions are tried once', () => {
  assert.deepEqual(shapes(input('x', ['N', 3, 8, 8]), input('t', ['N'])), ['2x3x8x8 2']);
});

test('pictures are tried at growing sizes, their channels where those are open', () => {
  const tried = shapes(input('x', ['N', 3, 'h', 'w']));
  assert.deepEqual(tried.slice(0, 4), ['2x3x4x4', '2x3x32x32', '2x3x64x64', '2x3x224x224']);
  assert.deepEqual(shapes(input('x', ['N', undefined, undefined, 3])).slice(0, 2), ['2x4x4x3', '2x32x32x3']);
  assert.deepEqual(shapes(input('x', ['N', 'c', 'h', 'w'])).slice(0, 4), [
    '2x3x4x4',
    '2x1x4x4',
    '2x4x4x3',
    '2x3x32x32',
  ]);
  assert.deepEqual(shapes(input('x', ['N', 'c', 224, 224])).slice(0, 2), ['2x3x224x224', '2x1x224x224']);
});

test('dimensions of one name are of one size, and texts beside pictures stay short', () => {
  const ids = [input('ids', ['b', 'l'], 'int64'), input('mask', ['b', 'l'], 'int64'), input('t', ['b', 't'], 'int64')];
  assert.deepEqual(shapes(...ids).slice(0, 2), ['2x4 2x4 2x4', '2x32 2x32 2x32']);
  const both = shapes(input('ids', ['b', 'l'], 'int64'), input('x', ['b', 3, 'h', 'h']), input('boxes', ['b', 'h']));
  assert.deepEqual(both.slice(0, 2), ['2x4 2x3x4x4 2x4', '2x4 2x3x32x32 2x32']);
});

test('an input of unstated rank is tried as a table', () => {
  assert.deepEqual(shapes(input('x', undefined)).slice(0, 2), ['2x4', '2x32']);
});

test('larger sizes are far larger first, and keep to multiples of 32', () => {
  const [first, second] = trialSizes([input('x', ['N', 3, 'h', 'w'])]);
  assert.deepEqual(
    largerSizes(first!).map(sizes => sizes.picture),
    [64, 7, 8],
  );
  assert.deepEqual(
    largerSizes(second!).map(sizes => sizes.picture),
    [64, 64, 64],
  );
});

test('made-up values suit their type, and are the same every time', () => {
  const inputs = [
    input('f', ['N', 50], 'float16'),
    input('i', ['N', 50], 'int64'),
    input('b', ['N', 50], 'bool'),
    input('s', ['N', 50], 'string'),
  ];
  const [sizes] = trialSizes(inputs);
  const { tensors } = makeRows(inputs, 2, sizes!);
  assert.deepEqual(makeRows(inputs, 2, sizes!).tensors, tensors);
  const values = (name: string) => new Set<unknown>(tensors[name]!.data as Iterable<unknown>);
  assert.equal(tensors['f']!.dtype, 'float32');
  assert.ok(values('f').size > 90);
  assert.deepEqual([...values('i')].sort(), [0n, 1n]);
  assert.deepEqual([...values('b')].sort(), [0, 1]);
  assert.deepEqual([...values('s')].sort(), ['a', 'b']);
});
