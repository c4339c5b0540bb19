import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { classification } from '../../../src/index.js';
import { graph } from '../../../src/udf/onnx/build.js';
import { serializeModel } from '../../../src/udf/onnx/file.js';
import type { ModelProto } from '../../../src/udf/onnx/onnx_pb.js';
import { assertClose, inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { transformer } from '../../support/transformer.js';

const TOKENIZER = 'test/udf/adapters/text/data/bert-uncased.json';

/** A folder as Hugging Face lays it out. */
function layOut(
  parent: string,
  name: string,
  model: ModelProto,
  files: Readonly<Record<string, object>>,
  tokenizer = false,
): string {
  const folder = join(parent, name);
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  writeFileSync(join(folder, 'onnx', 'model.onnx'), serializeModel(model));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), JSON.stringify(content));
  }
  if (tokenizer) copyFileSync(TOKENIZER, join(folder, 'tokenizer.json'));
  return folder;
}

const BERT = { vocabulary: 4000, width: 32, heads: 4, layers: 1, tokenTypes: true } as const;

/** A network over pictures that gives the mean of each channel as logits. */
function means(): ModelProto {
  return graph({
    inputs: [{ name: 'pixel_values', dtype: 'float32', dims: ['batch', 3, 'height', 'width'] }],
    outputs: [{ name: 'logits', dtype: 'float32', dims: ['batch', 3] }],
    nodes: [
      { op: 'ReduceMean', inputs: ['pixel_values'], outputs: ['logits'], attributes: { axes: [2, 3], keepdims: 0 } },
    ],
  });
}

const IMAGE_FILES = {
  'config.json': {
    model_type: 'vit',
    architectures: ['ViTForImageClassification'],
    id2label: { 0: 'red', 1: 'green', 2: 'blue' },
  },
  'preprocessor_config.json': {
    image_processor_type: 'ViTImageProcessor',
    do_resize: true,
    size: { height: 8, width: 8 },
    resample: 2,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: [0.5, 0.5, 0.5],
    image_std: [0.5, 0.5, 0.5],
  },
};

test('a folder of texts: classes, sentence vectors and names without another word', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 2, threads: 1 });
  const messages = session.fromRows([{ text: 'Ok lar' }, { text: 'Free entry in 2 a wkly comp' }, { text: null }], {
    text: { kind: 'string' },
  });
  const classes = layOut(
    folder,
    'spam',
    transformer({ ...BERT, output: 'logits', classes: 2 }),
    {
      'config.json': {
        model_type: 'bert',
        architectures: ['BertForSequenceClassification'],
        id2label: { 0: 'ham', 1: 'spam' },
      },
    },
    true,
  );
  const spam = await session.model(classes);
  assert.equal(spam.modelName, 'spam');
  const labelled = await messages.withColumn('class', spam()).collect();
  for (const { class: found } of labelled.slice(0, 2)) {
    const { label, score } = found as { readonly label: string; readonly score: number };
    assert.ok(['ham', 'spam'].includes(label) && score >= 0.5 && score <= 1);
  }
  assert.equal(labelled[2]!['class'], null);
  const both = await session.model(classes, { outputs: { logits: classification({ top: 2 }) } });
  const [first] = await messages.withColumn('all', both('text')).collect();
  assert.equal((first!['all'] as readonly unknown[]).length, 2);

  const sentences = layOut(
    folder,
    'sentences',
    transformer({ ...BERT, output: 'hidden' }),
    {
      'config.json': { model_type: 'bert', architectures: ['BertModel'] },
      'modules.json': [
        { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
        { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
        { idx: 2, name: '2', path: '2_Normalize', type: 'sentence_transformers.models.Normalize' },
      ],
      '1_Pooling/config.json': {
        word_embedding_dimension: 32,
        pooling_mode_mean_tokens: true,
        pooling_mode_cls_token: false,
      },
    },
    true,
  );
  const embed = await session.model(sentences);
  const vectors = await messages.withColumn('v', embed()).collect();
  assertClose([Math.hypot(...(vectors[0]!['v'] as number[]))], [1], 1e-5);
  assert.equal((vectors[1]!['v'] as readonly number[]).length, 32);

  const names = layOut(
    folder,
    'names',
    transformer({ ...BERT, output: 'tokens', classes: 3 }),
    {
      'config.json': {
        model_type: 'bert',
        architectures: ['BertForTokenClassification'],
        id2label: { 0: 'O', 1: 'B-PER', 2: 'I-PER' },
      },
    },
    true,
  );
  const find = await session.model(names);
  const [row] = await messages.withColumn('names', find()).collect();
  for (const { start, end, text } of row!['names'] as readonly {
    readonly start: number;
    readonly end: number;
    readonly text: string;
  }[]) {
    assert.equal(text, 'Ok lar'.slice(start, end));
  }
});

test('a folder of pictures: size, range and labels are those of its files', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  const vit = await session.model(layOut(folder, 'colours', means(), IMAGE_FILES));
  const green = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#00ff00' } })
    .png()
    .toBuffer();
  const [row] = await session
    .fromRows([{ image: new Uint8Array(green) }])
    .withColumn('what', vit())
    .collect();
  const { label, score } = row!['what'] as { readonly label: string; readonly score: number };
  assert.equal(label, 'green');
  // Channels become -1, 1 and -1.
  assertClose([score], [Math.E / (Math.E + 2 / Math.E)], 1e-5);
  assert.match(JSON.stringify(vit.signature), /pixel_values/);
});

test('detection with a mask of pixels that nobody feeds', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  const boxes = graph({
    inputs: [
      { name: 'pixel_values', dtype: 'float32', dims: ['batch', 3, 'height', 'width'] },
      { name: 'pixel_mask', dtype: 'int64', dims: ['batch', 64, 64] },
    ],
    outputs: [
      { name: 'logits', dtype: 'float32', dims: ['batch', 1, 3] },
      { name: 'pred_boxes', dtype: 'float32', dims: ['batch', 1, 4] },
    ],
    nodes: [
      { op: 'ReduceMean', inputs: ['pixel_values'], outputs: ['mean'], attributes: { axes: [1, 2, 3], keepdims: 0 } },
      { op: 'Cast', inputs: ['pixel_mask'], outputs: ['mask'], attributes: { to: 1 } },
      { op: 'ReduceMean', inputs: ['mask'], outputs: ['share'], attributes: { axes: [1, 2], keepdims: 0 } },
      { op: 'Mul', inputs: ['mean', 'zero'], outputs: ['nothing'] },
      { op: 'Add', inputs: ['nothing', 'share'], outputs: ['one'] },
      { op: 'Reshape', inputs: ['one', 'shape'], outputs: ['row'] },
      { op: 'Mul', inputs: ['row', 'classes'], outputs: ['logits'] },
      { op: 'Mul', inputs: ['row', 'box'], outputs: ['pred_boxes'] },
    ],
    initializers: [
      { name: 'zero', dtype: 'float32', dims: [], data: [0] },
      { name: 'shape', dtype: 'int64', dims: [3], data: [-1n, 1n, 1n] },
      { name: 'classes', dtype: 'float32', dims: [1, 1, 3], data: [5, 0, 0] },
      { name: 'box', dtype: 'float32', dims: [1, 1, 4], data: [0.5, 0.5, 0.5, 0.5] },
    ],
  });
  const detr = await session.model(
    layOut(folder, 'detr', boxes, {
      'config.json': {
        model_type: 'detr',
        architectures: ['DetrForObjectDetection'],
        id2label: { 0: 'cat', 1: 'dog' },
      },
      'preprocessor_config.json': {
        image_processor_type: 'DetrImageProcessor',
        do_resize: true,
        size: { height: 64, width: 64 },
        do_normalize: true,
        image_mean: [0.485, 0.456, 0.406],
        image_std: [0.229, 0.224, 0.225],
      },
    }),
  );
  const picture = await sharp({ create: { width: 100, height: 40, channels: 3, background: '#444' } })
    .png()
    .toBuffer();
  const [row] = await session
    .fromRows([{ image: new Uint8Array(picture) }])
    .withColumn('found', detr())
    .collect();
  const [found] = row!['found'] as readonly { readonly label: string; readonly box: object }[];
  assert.equal(found!.label, 'cat');
  assertClose(Object.values(found!.box), [25, 10, 50, 20], 1e-3);
});

test('a hub id: once from the hub, then from the cache; without a network it says that it needs one', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  const source = layOut(folder, 'colours', means(), IMAGE_FILES);
  const commit = 'a'.repeat(40);
  const files = ['config.json', 'preprocessor_config.json', 'onnx/model.onnx'];
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    const path = decodeURIComponent(new URL(request.url ?? '', 'http://hub').pathname);
    if (path.startsWith('/api/models/')) {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ id: 'someone/colours', sha: commit, siblings: files.map(rfilename => ({ rfilename })) }),
      );
      return;
    }
    const name = files.find(file => path.endsWith(`/${file}`));
    if (name === undefined) response.statusCode = 404;
    response.setHeader('x-repo-commit', commit);
    response.end(name === undefined ? 'no such file' : readFileSync(join(source, name)));
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  t.after(() => void server.close());
  const before = process.env['HF_ENDPOINT'];
  process.env['HF_ENDPOINT'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.after(() => {
    if (before === undefined) delete process.env['HF_ENDPOINT'];
    else process.env['HF_ENDPOINT'] = before;
  });
  const cache = join(folder, 'cache');
  const first = await session.model('someone/colours', { cache });
  assert.equal(first.modelName, 'colours');
  assert.ok(asked > 0);
  server.closeAllConnections();
  await new Promise(done => server.close(done));
  assert.equal((await session.model('someone/colours', { cache })).sha256, first.sha256);
  await assert.rejects(
    session.model('someone/else', { cache }),
    inframeError('MODEL_NOT_FOUND', 'someone/else', /network/),
  );
});
