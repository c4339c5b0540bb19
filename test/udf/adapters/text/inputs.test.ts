import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InframeError } from '../../../../src/frame/errors.js';
import { textInputs } from '../../../../src/udf/adapters/text/inputs.js';
import type { TensorInfo } from '../../../../src/udf/signature.js';

function input(
  name: string,
  dims: TensorInfo['dims'] = ['batch', 'sequence'],
  dtype: TensorInfo['dtype'] = 'int64',
): TensorInfo {
  return { name, dtype, dims };
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof InframeError && error.code === 'SHAPE_MISMATCH', String(error));
    return error.message;
  }
  return 'nothing wrong';
}

test('ids, mask and token types are known by their names, in any order', () => {
  const found = textInputs([input('attention_mask'), input('token_type_ids', undefined, 'int32'), input('input_ids')]);
  assert.deepEqual(found, {
    ids: { name: 'input_ids', dtype: 'int64' },
    mask: { name: 'attention_mask', dtype: 'int64' },
    types: { name: 'token_type_ids', dtype: 'int32' },
    length: undefined,
  });
});

test('what takes the ids may be named, and a single input need not be', () => {
  assert.equal(textInputs([input('words')]).ids.name, 'words');
  const found = textInputs([input('words'), input('input_mask'), input('segment_ids')], 'words');
  assert.deepEqual([found.ids.name, found.mask?.name, found.types?.name], ['words', 'input_mask', 'segment_ids']);
});

test('a length that the network fixes is found, and must be one', () => {
  assert.equal(textInputs([input('input_ids', [1, 128]), input('attention_mask', ['n', 'm'])]).length, 128);
  assert.match(
    messageOf(() => textInputs([input('input_ids', [1, 128]), input('attention_mask', [1, 64])])),
    /^input 'attention_mask' takes 64 tokens a row and 'input_ids' takes 128/,
  );
});

test('what texts do not feed is named', () => {
  assert.match(
    messageOf(() => textInputs([input('input_ids'), input('bbox', [1, 2, 4])])),
    /^input 'bbox' of the model is not fed by a text: text\(\) feeds input_ids, attention_mask and token_type_ids; give 'bbox' a column/,
  );
  assert.match(
    messageOf(() => textInputs([input('input_ids'), input('decoder_input_ids')])),
    /^input 'decoder_input_ids' of the model is not fed by a text: the model writes text, token by token/,
  );
  assert.match(
    messageOf(() => textInputs([input('a'), input('b')])),
    /^text\(\) finds no input for token ids; the model has: a, b; name the one/,
  );
  assert.match(
    messageOf(() => textInputs([input('a')], 'z')),
    /^input 'z' is not in the model; it has: a/,
  );
  assert.match(
    messageOf(() => textInputs([input('input_ids', ['n', 3, 224, 224], 'float32')])),
    /^input 'input_ids' takes float32\[n, 3, 224, 224\]; texts feed int64 or int32 \[rows, tokens\]$/,
  );
});
