import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputs, outputs } from '../../src/cli/flags.js';
import { modelOptions } from '../../src/cli/model-flags.js';
import { image } from '../../src/udf/adapters/image/options.js';
import { classification } from '../../src/udf/adapters/outputs/classification.js';
import { raw } from '../../src/udf/adapters/outputs/raw.js';
import { inframeError } from '../support/onnx.js';

test('flags are the options of a model', () => {
  assert.deepEqual(modelOptions({}), { inputs: {} });
  const input = inputs('y=a,"b, c"', inputs('x=image(width=224,height=200,channels=BGR)'));
  const output = outputs('label=classification(labels=[cat,dog],top=2)', outputs('scores'));
  assert.deepEqual(modelOptions({ input, output, task: 't', variant: 'v', batch: 8 }), {
    inputs: { x: image({ width: 224, height: 200, channels: 'BGR' }), y: ['a', 'b, c'] },
    outputs: { scores: raw(), label: classification({ labels: ['cat', 'dog'], top: 2 }) },
    task: 't',
    variant: 'v',
    batchSize: 8,
  });
});

test('outputs of which only names are said are names', () => {
  assert.deepEqual(modelOptions({ output: outputs('b', outputs('a')) }), { inputs: {}, outputs: ['a', 'b'] });
});

test('columns that are called like a call stand in quotes', () => {
  assert.deepEqual(modelOptions({ input: inputs('x="sum(price)"') }), { inputs: { x: ['sum(price)'] } });
  assert.deepEqual(modelOptions({ input: inputs('x=price (EUR), carat') }), {
    inputs: { x: ['price (EUR)', 'carat'] },
  });
  assert.throws(
    () => modelOptions({ input: inputs('x=sum(price)') }),
    inframeError('ARGUMENT_INVALID', /^adapter 'sum' is not known; there are: image/),
  );
});

test('adapters at the wrong end', () => {
  assert.throws(
    () => modelOptions({ input: inputs('x=raw()') }),
    inframeError('ARGUMENT_INVALID', /^adapter 'raw' of input 'x' is one of outputs/),
  );
  assert.throws(
    () => modelOptions({ output: outputs('y=image()') }),
    inframeError('ARGUMENT_INVALID', /^adapter 'image' of output 'y' is one of inputs/),
  );
});
