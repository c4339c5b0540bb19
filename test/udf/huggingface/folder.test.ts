import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readModelFolder } from '../../../src/udf/huggingface/folder.js';
import { locateModel } from '../../../src/udf/huggingface/locate.js';
import { chooseModelFile, isWeightsOf } from '../../../src/udf/huggingface/model-file.js';
import { inframeError } from '../../support/onnx.js';
import { temporaryFolder } from '../../support/sessions.js';
import { modelFolder } from './folders.js';
import { hubOf, serve } from './hub-server.js';

test('a folder is read', async t => {
  const folder = modelFolder(t, {
    'config.json': { model_type: 'bert' },
    'tokenizer.json': '{}',
    'tokenizer_config.json': { a: 1 },
  });
  const read = await readModelFolder(folder);
  assert.equal(read.folder, folder);
  assert.equal(read.name, 'net');
  assert.equal(read.file, join(folder, 'onnx', 'model.onnx'));
  assert.equal(read.config.text('model_type'), 'bert');
  assert.equal(read.preprocessor, undefined);
  assert.equal(read.sentence, undefined);
  assert.equal(read.tokenizer?.path, join(folder, 'tokenizer.json'));
  assert.equal(read.tokenizer?.sha256, createHash('sha256').update('{}').digest('hex'));
  assert.ok(Object.isFrozen(read));
});

test('a folder of the cache of huggingface_hub is called like its model', async t => {
  const folder = modelFolder(t, {}, join('models--org--vit-base', 'snapshots', 'abc'));
  assert.equal((await readModelFolder(folder)).name, 'vit-base');
});

test('the network of a folder, and its variants', () => {
  const all = [
    'onnx/model.onnx',
    'onnx/model_quantized.onnx',
    'onnx/vision_model.onnx',
    'model.onnx',
    'model_q4.onnx',
    'config.json',
  ];
  assert.equal(chooseModelFile(all, undefined, 'm'), 'onnx/model.onnx');
  assert.equal(chooseModelFile(['model.onnx', 'other.onnx'], undefined, 'm'), 'model.onnx');
  assert.equal(chooseModelFile(all, 'quantized', 'm'), 'onnx/model_quantized.onnx');
  assert.equal(chooseModelFile(all, 'q4', 'm'), 'model_q4.onnx');
  assert.equal(chooseModelFile(all, 'vision_model', 'm'), 'onnx/vision_model.onnx');
  assert.equal(chooseModelFile(['onnx/net.onnx'], undefined, 'm'), 'onnx/net.onnx');
  const cases: readonly (readonly [readonly string[], string | undefined, RegExp])[] = [
    [[], undefined, /^model 'm' has no ONNX file in its folder or in onnx\/; export it: optimum-cli/],
    [['a/b/model.onnx', 'pytorch_model.bin'], undefined, /^model 'm' has no ONNX file/],
    [
      ['onnx/encoder_model.onnx', 'onnx/decoder_model.onnx'],
      undefined,
      /has no model\.onnx; it has: onnx\/decoder_model\.onnx, onnx\/encoder_model\.onnx; name one as the variant/,
    ],
    [all, 'quantised', /has no variant 'quantised'; it has: .* such as 'quantized' \(did you mean 'quantized'\?\)/],
    [['onnx/net.onnx'], 'fp16', /has no variant 'fp16'; it has: onnx\/net\.onnx/],
  ];
  for (const [files, variant, message] of cases) {
    assert.throws(
      () => chooseModelFile(files, variant, 'm'),
      inframeError('MODEL_NOT_FOUND', message),
      String(message),
    );
  }
});

test('weights beside a network', () => {
  for (const file of ['onnx/model.onnx_data', 'onnx/model.onnx_data_1', 'onnx/model.onnx.data', 'onnx/model.data']) {
    assert.ok(isWeightsOf('onnx/model.onnx', file), file);
  }
  for (const file of ['model.onnx_data', 'onnx/model_fp16.onnx_data', 'onnx/model.onnx', 'onnx/other.data']) {
    assert.ok(!isWeightsOf('onnx/model.onnx', file), file);
  }
});

test('folders that are none, and files that are not what they are called', async t => {
  const empty = temporaryFolder(t);
  await assert.rejects(readModelFolder(empty), inframeError('MODEL_NOT_FOUND', /has no ONNX file/));
  await assert.rejects(
    readModelFolder(join(empty, 'none')),
    inframeError('MODEL_NOT_FOUND', /^model folder '.*none' cannot be read: .*; check the path$/),
  );
  for (const variant of ['', '../x', 'a/b', '..', 'x'.repeat(101)]) {
    await assert.rejects(
      readModelFolder(modelFolder(t, {}), { variant }),
      inframeError('ARGUMENT_INVALID', /^variant ".*" of model 'net' is not possible/),
    );
  }
  const cases: readonly (readonly [path: string, content: string | object, RegExp])[] = [
    ['config.json', 'root:x:0:0', /^file 'config\.json' of model 'net' is not JSON; download it again$/],
    ['config.json', '', /is not JSON/],
    [
      'config.json',
      'version https://git-lfs.github.com/spec/v1\n',
      /it stands for a file of Git LFS: fetch that with git lfs pull/,
    ],
    ['config.json', '[1]', /holds \[1\] and not an object/],
    ['config.json', 'null', /holds null and not an object/],
    ['preprocessor_config.json', '7', /'preprocessor_config\.json' of model 'net' holds 7/],
    ['modules.json', '{}', /'modules\.json' of model 'net' is not a list of modules/],
    ['modules.json', '[3]', /is not a list of modules/],
    [
      'modules.json',
      [{ type: 'a.Pooling', path: '../../etc' }],
      /setting 'path' in file 'modules\.json' of model 'net' is "\.\.\/\.\.\/etc" and not a folder beside it/,
    ],
    ['modules.json', [{ type: 'a.Pooling', path: '/etc' }], /and not a folder beside it/],
    ['modules.json', [{ type: 'a.Pooling', path: 'a/b' }], /and not a folder beside it/],
    ['modules.json', [{ type: 'a.Pooling', path: '..' }], /and not a folder beside it/],
    ['modules.json', [{ type: 5 }], /setting 'type' in file 'modules\.json' of model 'net' is 5 and not a text/],
  ];
  for (const [path, content, message] of cases) {
    const folder = modelFolder(t, { [path]: content });
    await assert.rejects(readModelFolder(folder), inframeError('MODEL_INVALID', message), String(message));
  }
});

test('what is quoted of a file is nothing of its content', async t => {
  const folder = modelFolder(t, { 'config.json': '{"a": secret}' });
  await assert.rejects(readModelFolder(folder), (error: Error) => !error.message.includes('secret'));
});

test('large files, and folders in their place, are refused before they are read', async t => {
  const large = modelFolder(t, { 'config.json': '{}', 'tokenizer.json': '{}' });
  truncateSync(join(large, 'config.json'), 17 * 1024 * 1024);
  await assert.rejects(
    readModelFolder(large),
    inframeError(
      'MODEL_INVALID',
      /'config\.json' of model 'net' has 17825792 bytes; a configuration has at most 16777216/,
    ),
  );
  writeFileSync(join(large, 'config.json'), '{}');
  truncateSync(join(large, 'tokenizer.json'), 257 * 1024 * 1024);
  await assert.rejects(
    readModelFolder(large),
    inframeError('MODEL_INVALID', /'tokenizer\.json' of model 'net' has \d+ bytes; a tokenizer has at most/),
  );
  const folder = modelFolder(t, {});
  mkdirSync(join(folder, 'config.json'));
  await assert.rejects(
    readModelFolder(folder),
    inframeError('MODEL_INVALID', /'config\.json' of model 'net' is not a file/),
  );
});

test('a model is a file, a folder or an id, in this order', async t => {
  const folder = modelFolder(t, {});
  assert.equal((await locateModel(folder))?.folder, folder);
  assert.equal(await locateModel(join(folder, 'onnx', 'model.onnx')), undefined);
  assert.equal(await locateModel(join(folder, 'none.onnx')), undefined);
  assert.equal(await locateModel('none'), undefined);
  const { endpoint, asked } = await serve(
    t,
    hubOf('org/name', { 'config.json': '{ "model_type": "x" }', 'model.onnx': 'x' }),
  );
  const options = { endpoint, cache: temporaryFolder(t) };
  const found = await locateModel('org/name', options);
  assert.equal(found?.name, 'name');
  assert.equal(found?.config.text('model_type'), 'x');
  // A folder of that name comes first, unless it is said that none is meant.
  const before = asked.length;
  const work = temporaryFolder(t);
  mkdirSync(join(work, 'org', 'name'), { recursive: true });
  writeFileSync(join(work, 'org', 'name', 'model.onnx'), 'y');
  const here = process.cwd();
  process.chdir(work);
  try {
    assert.equal((await locateModel('org/name', options))?.file, join(process.cwd(), 'org', 'name', 'model.onnx'));
    assert.equal(asked.length, before);
    assert.notEqual((await locateModel('hf:org/name', options))?.folder, join(process.cwd(), 'org', 'name'));
  } finally {
    process.chdir(here);
  }
});
