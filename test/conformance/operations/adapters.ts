import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import {
  anomaly,
  audio,
  classification,
  col,
  type DataFrame,
  detection,
  embedding,
  image,
  raw,
  regression,
  text,
  tokens,
} from '../../../src/index.js';
import { saveModel } from '../../support/tables.js';
import type { Tolerance } from '../compare.js';
import { type Context, fails, operations, rows } from '../declare.js';
import { MODELS } from '../models.js';
import { array, float32, int32, int64, list, string, struct, table } from '../types.js';

/** Tokens of it: [CLS] 2, [SEP] 3, a 42, ##t 123, the 206, ca 219. */
const TOKENIZER = 'test/udf/adapters/text/data/bert-uncased.json';

const FLOAT32: Tolerance = Object.freeze({
  relative: 2 ** -20,
  reason: 'exponentials and means of float32 are rounded as the kernel that computes them does',
});

const t = table({
  id: int64(1, 2, 3, 4),
  s: string('the cat', 'a', null, '😀 the cat'),
  other: string('a', 'the', 'a', 'a'),
  a: float32(1, 2, null, 0),
  b: float32(0.5, -1, 3, 0),
  w: list(float32)([3, 0, 0], [0, -3, 3], null, [1]),
  file: string('red.png', 'torn.png', null, '../red.png'),
});

/** Two pictures of one colour each, of unlike size, and a file that is none. */
async function pictures({ folder }: Context): Promise<string> {
  const photos = join(folder, 'photos');
  await mkdir(photos, { recursive: true });
  for (const [name, width, background] of [
    ['blue.png', 2, { r: 0, g: 51, b: 255 }],
    ['red.png', 4, { r: 255, g: 51, b: 0 }],
  ] as const) {
    const picture = sharp({ create: { width, height: 2, channels: 3, background } });
    await writeFile(join(photos, name), await picture.png().toBuffer());
  }
  await writeFile(join(photos, 'torn.png'), 'no picture');
  return photos;
}

async function read(context: Context): Promise<DataFrame> {
  return context.session.read.images(await pictures(context));
}

/** 16-bit samples of one channel, 16 000 a second, as WAV: https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html */
function wav(samples: readonly number[]): Buffer {
  const file = Buffer.alloc(44 + 2 * samples.length);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(16_000, 24);
  file.writeUInt32LE(32_000, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(2 * samples.length, 40);
  for (const [at, sample] of samples.entries()) file.writeInt16LE(sample, 44 + 2 * at);
  return file;
}

/** Sounds of three samples, of five, and a file that is none. */
async function sounds({ session, folder }: Context): Promise<DataFrame> {
  await writeFile(join(folder, '1.wav'), wav([16_384, -16_384, 8192]));
  await writeFile(join(folder, '2.wav'), wav([-32_768, 0, 4096, 8192, 16_384]));
  await writeFile(join(folder, '3.wav'), 'no sound');
  return session.read.audio(folder);
}

const COLOURS = ['red', 'green', 'blue'];
const oneClass = { label: string, score: float32 };
const entity = { label: string, score: float32, start: int32, end: int32, text: string };
const box = struct({ x: float32, y: float32, width: float32, height: float32 });

/** What softmax makes of 1 and 0.2 beside 0. */
const SUM = Math.E + Math.exp(0.2) + 1;
/** Of 16 beside 0 and 0. */
const SURE = 1 / (1 + 2 * Math.exp(-16));

export const ADAPTERS = operations(
  'Pictures, texts and sound',
  { t },
  {
    'image: pixels in the range that is said; a file that is no picture is null': rows(
      async (_, context) => {
        const means = await context.model('colours', { inputs: { pixels: image({ range: [0, 1] }) } });
        return (await read(context)).select(means().as('y'));
      },
      { y: array(float32, 3)([0, 51 / 255, 1], [1, 51 / 255, 0], null) },
      FLOAT32,
    ),
    'image: channels turned round, mean and deviation': rows(
      async (_, context) => {
        const adapter = image({ channels: 'BGR', mean: [255, 51, 0], std: [1, 2, 4] });
        const means = await context.model('colours', { inputs: { pixels: adapter } });
        return (await read(context)).select(means('image').as('y'));
      },
      { y: array(float32, 3)([0, 0, 0], [-255, 0, 63.75], null) },
    ),
    'image: paths in a column, which may not leave the folder': rows(
      async ({ t }, context) => {
        const adapter = image({ folder: await pictures(context) });
        const means = await context.model('colours', { inputs: { pixels: adapter } });
        return t.select('id', means('file').as('y'));
      },
      { id: int64(1, 2, 3, 4), y: array(float32, 3)([255, 51, 0], null, null, null) },
    ),
    "image: onError: 'fail'": fails(async (_, context) => {
      const means = await context.model('colours', { inputs: { pixels: image() }, onError: 'fail' });
      return (await read(context)).select(means().as('y'));
    }, 'MODEL_RUN_FAILED'),
    'image: for an input that takes no picture': fails(
      async ({ t }, { model }) => t.select((await model('linear', { inputs: { in: image() } }))('file').as('y')),
      'SHAPE_MISMATCH',
    ),
    'classification: the best class': rows(
      async (_, context) => {
        const classify = await context.model('colours', {
          inputs: { pixels: image({ range: [0, 1] }) },
          outputs: { means: classification({ labels: COLOURS, activation: 'none' }) },
        });
        return (await read(context)).select(classify().as('y'));
      },
      { y: struct(oneClass)({ label: 'blue', score: 1 }, { label: 'red', score: 1 }, null) },
    ),
    'classification: the best two, after a softmax': rows(
      async (_, context) => {
        const classify = await context.model('colours', {
          inputs: { pixels: image({ range: [0, 1] }) },
          outputs: { means: classification({ labels: COLOURS, top: 2 }) },
        });
        return (await read(context)).select(classify().as('y'));
      },
      {
        y: list(struct(oneClass))(
          [
            { label: 'blue', score: Math.E / SUM },
            { label: 'green', score: Math.exp(0.2) / SUM },
          ],
          [
            { label: 'red', score: Math.E / SUM },
            { label: 'green', score: Math.exp(0.2) / SUM },
          ],
          null,
        ),
      },
      FLOAT32,
    ),
    'classification: too few labels': fails(async (_, context) => {
      const outputs = { means: classification({ labels: ['red', 'green'] }) };
      const classify = await context.model('colours', { inputs: { pixels: image() }, outputs });
      return (await read(context)).select(classify().as('y'));
    }, 'SHAPE_MISMATCH'),
    'detection: boxes in pixels of the picture as it came': rows(
      async (_, context) => {
        const detect = await context.model('halves', {
          inputs: { pixels: image({ range: [0, 1] }) },
          outputs: { boxes: detection({ labels: ['half'] }) },
        });
        return (await read(context)).select(detect().as('y'));
      },
      {
        y: list(struct({ label: string, score: float32, box }))(
          [],
          [{ label: 'half', score: 0.75, box: { x: 0, y: 0, width: 2, height: 2 } }],
          null,
        ),
      },
    ),
    'text, embedding: the mean of the tokens of a row': rows(
      async ({ t }, { model }) => {
        const embed = await model('ids of tokens', {
          inputs: { input_ids: text({ tokenizer: TOKENIZER }) },
          outputs: { last_hidden_state: embedding({ pooling: 'mean' }) },
        });
        return t.select('id', embed('s').as('y'));
      },
      {
        id: int64(1, 2, 3, 4),
        y: array(float32, 2)([553 / 5, 1], [47 / 3, 1], null, [(2 + 121 + 206 + 219 + 123 + 3) / 6, 1]),
      },
      FLOAT32,
    ),
    'text, embedding: of pairs, the largest': rows(
      async ({ t }, { model }) => {
        const embed = await model('ids of tokens', {
          inputs: { input_ids: text({ tokenizer: TOKENIZER }) },
          outputs: { last_hidden_state: embedding({ pooling: 'max' }) },
        });
        return t.select(embed({ input_ids: ['other', 's'] }).as('y'));
      },
      { y: array(float32, 2)([219, 1], [206, 1], null, [219, 1]) },
    ),
    'text: a text that is too long fails its row': rows(
      async ({ t }, { model }) => {
        const embed = await model('ids of tokens', {
          inputs: { input_ids: text({ tokenizer: TOKENIZER, maxLength: 4, truncation: 'fail' }) },
          outputs: { last_hidden_state: embedding({ pooling: 'cls' }) },
        });
        return t.select(embed('s').as('y'));
      },
      { y: array(float32, 2)(null, [2, 1], null, null) },
    ),
    'text: of numbers': fails(async ({ t }, { model }) => {
      const embed = await model('ids of tokens', { inputs: { input_ids: text({ tokenizer: TOKENIZER }) } });
      return t.select(embed('a').as('y'));
    }, 'TYPE_MISMATCH'),
    'tokens: entities and their places, in UTF-16 units': rows(
      async ({ t }, { model }) => {
        const find = await model('cats', {
          inputs: { input_ids: text({ tokenizer: TOKENIZER }) },
          outputs: { logits: tokens({ labels: ['O', 'B-ANIMAL', 'I-ANIMAL'] }) },
        });
        return t.select(find('s').as('y'));
      },
      {
        y: list(struct(entity))([{ label: 'ANIMAL', score: SURE, start: 4, end: 7, text: 'cat' }], [], null, [
          { label: 'ANIMAL', score: SURE, start: 7, end: 10, text: 'cat' },
        ]),
      },
      FLOAT32,
    ),
    'audio, raw: samples from -1 to 1, cut and filled up with silence': rows(
      async (_, context) => {
        const samples = await context.model('four samples', { inputs: { x: audio() }, outputs: { y: raw() } });
        return (await sounds(context)).select(samples('audio').as('y'));
      },
      { y: array(float32, 4)([0.5, -0.5, 0.25, 0], [-1, 0, 0.125, 0.25], null) },
    ),
    'regression: in the unit of what was learnt': rows(
      async ({ t }, { model }) => {
        const outputs = { y: regression({ scale: 2, offset: 1 }) };
        return t.select((await model('linear', { outputs }))('a', 'b').as('y'));
      },
      { y: float32(11, 3, null, 3) },
    ),
    'regression: several targets by name': rows(
      async ({ t }, { model }) => {
        const outputs = { both: regression({ names: ['same', 'twice'], scale: [1, 2] }) };
        return t.select((await model('several', { outputs }))('a', 'b').as('y'));
      },
      {
        // a, and twice b: the output holds both as they came.
        y: struct({ same: float32, twice: float32 })({ same: 1, twice: 1 }, { same: 2, twice: -2 }, null, {
          same: 0,
          twice: 0,
        }),
      },
    ),
    'anomaly: how far the output is from the input': rows(
      async ({ t }, { model }) => {
        const squared = await model('negation of vectors', { outputs: { y: anomaly() } });
        const absolute = await model('negation of vectors', { outputs: { y: anomaly({ error: 'mae' }) } });
        return t.select(squared('w').as('mse'), absolute('w').as('mae'));
      },
      { mse: float32(12, 24, null, null), mae: float32(2, 4, null, null) },
      FLOAT32,
    ),
    'sql model: of pictures, in groups': rows(
      async (_, context) => {
        const classify = await context.model('colours', {
          inputs: { pixels: image() },
          outputs: { means: classification({ labels: COLOURS, top: 1, activation: 'none' }) },
        });
        const { session } = context;
        session.register('classify', classify, { replace: true });
        const photos = await pictures(context);
        return session.sql(`SELECT classify(image)[1].label AS label, count(*) AS n
          FROM read_images('${photos}/*.png') GROUP BY ALL ORDER BY label NULLS LAST`);
      },
      { label: string('blue', 'red', null), n: int64(1, 1, 1) },
    ),
    'sql: CREATE MODEL WITH adapters': rows(
      async (_, context) => {
        const { session, folder } = context;
        const path = await saveModel(folder, 'colours.onnx', MODELS.colours);
        await session
          .sql(`CREATE OR REPLACE MODEL colour FROM '${path}' WITH (inputs = { pixels: image(channels = 'BGR') },
            outputs = { means: classification(labels = ['blue', 'green', 'red'], activation = 'none') })`)
          .collect();
        return session.sql(`SELECT colour(image).label AS label FROM read_images('${await pictures(context)}')`);
      },
      { label: string('blue', 'red', null) },
    ),
    'model: adapters, then a filter on what they give': rows(
      async (_, context) => {
        const classify = await context.model('colours', {
          inputs: { pixels: image() },
          outputs: { means: classification({ labels: COLOURS, activation: 'none' }) },
        });
        const found = (await read(context)).withColumn('what', classify());
        return found.filter(col('what').field('label').eq('red')).select('size', 'what').drop('size');
      },
      { what: struct(oneClass)({ label: 'red', score: 255 }) },
    ),
  },
);
