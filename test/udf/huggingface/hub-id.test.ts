import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultCache } from '../../../src/udf/huggingface/hub-cache.js';
import { hubIdOf } from '../../../src/udf/huggingface/hub-id.js';
import { inframeError } from '../../support/onnx.js';

test('ids are told from paths', () => {
  const main = { revision: 'main' };
  assert.deepEqual(hubIdOf('sentence-transformers/all-MiniLM-L6-v2'), {
    id: 'sentence-transformers/all-MiniLM-L6-v2',
    ...main,
  });
  assert.deepEqual(hubIdOf('Xenova/yolos-tiny_1.0'), { id: 'Xenova/yolos-tiny_1.0', ...main });
  assert.deepEqual(hubIdOf('hf:org/name'), { id: 'org/name', ...main });
  assert.deepEqual(hubIdOf('hf:org/name@v1.0'), { id: 'org/name', revision: 'v1.0' });
  assert.deepEqual(hubIdOf('hf:org/name@refs/pr/1'), { id: 'org/name', revision: 'refs/pr/1' });
  assert.deepEqual(hubIdOf('hf:bert-base-uncased'), { id: 'bert-base-uncased', ...main });
  assert.deepEqual(hubIdOf('hf:org/name.onnx'), { id: 'org/name.onnx', ...main });
  for (const path of [
    ...[
      'models/delay.onnx',
      'models/DELAY.ONNX',
      'model',
      './org/name',
      '../name',
      '/org/name',
      'a/b/c',
      'org/name@v1',
      '',
      'a/',
      '/b',
    ],
    ...[
      'org\\name',
      'C:/name',
      'or g/name',
      'org/na..me',
      'org/na--me',
      'org/-name',
      'org/name.',
      '~/name',
      'org/name/',
      'örg/name',
    ],
  ]) {
    assert.equal(hubIdOf(path), undefined, path);
  }
});

test('hf: before what is no id', () => {
  for (const text of [
    'hf:',
    'hf:a/b/c',
    'hf:../b',
    'hf:a/b@',
    'hf:a/b@../c',
    'hf:a/b@x@y',
    'hf:a/b@/x',
    'hf:https://huggingface.co/a/b',
  ]) {
    assert.throws(
      () => hubIdOf(text),
      inframeError('ARGUMENT_INVALID', /is no id of a hub; write hf:owner\/name or/),
      text,
    );
  }
});

test('the cache is where the environment says, or where the system keeps such things', () => {
  assert.equal(defaultCache({ INFRAME_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
  assert.equal(defaultCache({ INFRAME_CACHE: '', XDG_CACHE_HOME: '/b' }), '/b/inframe');
  assert.match(defaultCache({}), /inframe$/);
});
