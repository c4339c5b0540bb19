import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { graph } from '../../src/udf/onnx/build.js';
import { serializeModel } from '../../src/udf/onnx/file.js';
import { temporaryFolder } from '../support/sessions.js';
import { modelFolder } from '../udf/huggingface/folders.js';
import { line, runCli, writeModel } from './cli.js';

/** A classifier of pictures: the mean of each channel, of which there are two classes. */
const network = serializeModel(
  graph({
    inputs: [{ name: 'pixel_values', dtype: 'float32', dims: ['N', 3, 4, 4] }],
    outputs: [{ name: 'logits', dtype: 'float32', dims: ['N', 2] }],
    nodes: [
      { op: 'ReduceMean', inputs: ['pixel_values'], outputs: ['means'], attributes: { axes: [2, 3], keepdims: 0 } },
      { op: 'MatMul', inputs: ['means', 'w'], outputs: ['logits'] },
    ],
    initializers: [{ name: 'w', dtype: 'float32', dims: [3, 2], data: [1, 0, 0, 1, 0, 0] }],
  }),
);
const FILES = {
  'onnx/model.onnx': network,
  'config.json': { architectures: ['ViTForImageClassification'], id2label: { '0': 'red', '1': 'green' } },
  'preprocessor_config.json': { image_processor_type: 'ViTImageProcessor', size: 4 },
};

test('inspect of a folder says how the model is fed, and what its outputs become', async t => {
  const folder = modelFolder(t, FILES, 'colours');
  const { code, stdout, stderr } = await runCli(t, folder, 'inspect', '.');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^model +colours\nfile +onnx.model\.onnx, /);
  assert.match(
    stdout,
    /\nconfiguration \(image-classification\)\n {2}pixel_values = image\(width = 4, height = 4, resize = exact, .*range = \[0,1\], mean = \[0\.5,0\.5,0\.5\]/,
  );
  assert.match(stdout, /\n {2}logits = classification\(labels = 2 texts, activation = auto\)\n/);

  const json = await runCli(t, folder, 'inspect', '.', '--json', '--task', 'image-segmentation');
  const { configuration } = JSON.parse(json.stdout) as { readonly configuration: Record<string, unknown> };
  assert.equal(configuration['task'], 'image-segmentation');
  assert.deepEqual(configuration['outputs'], { logits: { adapter: 'raw' } });
  assert.deepEqual(configuration['notes'], []);
});

test('a folder that cannot be followed still shows its network', async t => {
  const folder = modelFolder(t, {
    ...FILES,
    'preprocessor_config.json': { image_processor_type: 'ViTImageProcessor', do_pad: true },
  });
  const { code, stdout } = await runCli(t, folder, 'inspect', '.');
  assert.equal(code, 0);
  assert.match(
    stdout,
    /\nconfiguration\n {2}cannot be followed: setting 'do_pad' in file 'preprocessor_config\.json' of model '.*' is true/,
  );
  assert.match(stdout, /\noperators \(2\)\n/);
});

test('flags of folders, and folders that are none', async t => {
  const folder = temporaryFolder(t);
  await writeModel(join(folder, 'line.onnx'), line);
  const flags = await runCli(t, folder, 'inspect', 'line.onnx', '--variant', 'q4');
  assert.equal(flags.code, 2);
  assert.match(flags.stderr, /option --variant is for folders and ids of Hugging Face, and 'line\.onnx' is neither/);
  const two = modelFolder(t, { 'onnx/encoder_model.onnx': 'x', 'onnx/decoder_model.onnx': 'y' });
  const many = await runCli(t, two, 'inspect', '.');
  assert.equal(many.code, 2);
  assert.match(many.stderr, /has no model\.onnx; it has: onnx\/decoder_model\.onnx, onnx\/encoder_model\.onnx/);
});
