import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { InframeError } from '../../../src/frame/errors.js';
import type { AudioAdapter, TextAdapter } from '../../../src/udf/adapters/adapter.js';
import { classification } from '../../../src/udf/adapters/outputs/classification.js';
import { detection } from '../../../src/udf/adapters/outputs/detection.js';
import { embedding } from '../../../src/udf/adapters/outputs/embedding.js';
import { raw } from '../../../src/udf/adapters/outputs/raw.js';
import { regression } from '../../../src/udf/adapters/outputs/regression.js';
import { tokens } from '../../../src/udf/adapters/outputs/tokens.js';
import { configure } from '../../../src/udf/huggingface/configure.js';
import { readModelFolder } from '../../../src/udf/huggingface/folder.js';
import { inframeError } from '../../support/onnx.js';
import { configured, type FolderFiles, modelFolder, PICTURES, signature, TEXT_INPUTS } from './folders.js';

const LOGITS = { logits: ['N', 2] } as const;
const STATES = { last_hidden_state: ['N', 'L', 8] } as const;
const CATS = { id2label: { '0': 'cat', '1': 'dog' }, label2id: { cat: 0, dog: 1 } };
const TOKENIZER = { 'tokenizer.json': '{}' };
const VIT = { 'preprocessor_config.json': { image_processor_type: 'ViTImageProcessor' } };

test('a classifier of texts', async t => {
  const made = await configured(
    t,
    {
      ...TOKENIZER,
      'config.json': {
        architectures: ['BertForSequenceClassification'],
        model_type: 'bert',
        max_position_embeddings: 512,
        pad_token_id: 0,
        ...CATS,
      },
      'tokenizer_config.json': {
        model_max_length: 256,
        pad_token: '[PAD]',
        added_tokens_decoder: { '7': { content: '[PAD]' } },
      },
    },
    signature(TEXT_INPUTS, LOGITS),
  );
  assert.equal(made.task, 'text-classification');
  const { input_ids: text, ...others } = made.inputs as { readonly input_ids: TextAdapter };
  assert.deepEqual(others, {});
  assert.deepEqual(
    [text.adapter, text.maxLength, text.truncation, text.specialTokens, text.padId],
    ['text', 256, 'end', true, 7],
  );
  assert.match(text.tokenizer, /net.tokenizer\.json$/);
  assert.deepEqual(made.outputs, { logits: classification({ labels: ['cat', 'dog'] }) });
  assert.deepEqual([made.constants, made.notes, made.name], [{}, [], 'net']);
  assert.ok([made, made.inputs, made.outputs, made.constants, made.notes, text].every(Object.isFrozen));
});

test('labels stand by their index, though it is written in another order', async t => {
  const id2label = {
    '10': 'k',
    '2': 'c',
    '0': 'a',
    '1': 'b',
    '3': 'd',
    '4': 'e',
    '5': 'f',
    '6': 'g',
    '7': 'h',
    '8': 'i',
    '9': 'j',
  };
  const files = { ...VIT, 'config.json': { architectures: ['ViTForImageClassification'], id2label } };
  const { outputs } = await configured(t, files, signature(PICTURES, { logits: ['N', 11] }));
  assert.deepEqual(outputs['logits'], classification({ labels: [...'abcdefghijk'] }));
});

test('what the problem of a classifier is decides what its numbers become', async t => {
  const outputs = async (config: object, classes = 2) => {
    const files = { ...TOKENIZER, 'config.json': { architectures: ['BertForSequenceClassification'], ...config } };
    return configured(t, files, signature(TEXT_INPUTS, { logits: ['N', classes] }));
  };
  assert.deepEqual((await outputs({ ...CATS, problem_type: 'multi_label_classification' })).outputs, {
    logits: classification({ labels: ['cat', 'dog'], activation: 'sigmoid' }),
  });
  assert.deepEqual((await outputs({ problem_type: 'single_label_classification' })).outputs, {
    logits: classification(),
  });
  assert.deepEqual((await outputs({ problem_type: 'regression', id2label: { '0': 'LABEL_0' } }, 1)).outputs, {
    logits: regression(),
  });
  assert.deepEqual((await outputs({ ...CATS, problem_type: 'regression' })).outputs, {
    logits: regression({ names: ['cat', 'dog'] }),
  });
  // A cross-encoder: one number, of which a softmax would make 1.
  const one = await outputs({ id2label: { '0': 'LABEL_0' } }, 1);
  assert.deepEqual(one.outputs, { logits: regression() });
  assert.deepEqual(one.notes, ["model 'net' has one class, so its number is given as it is, without a sigmoid"]);
  assert.deepEqual((await outputs({}, 1)).outputs, { logits: regression() });
  await assert.rejects(
    outputs({ problem_type: 'other' }),
    inframeError(
      'MODEL_INVALID',
      /setting 'problem_type' in file 'config\.json' of model 'net' is "other" and not one of regression/,
    ),
  );
});

test('tasks by the class that a network was saved from', async t => {
  const files = { ...TOKENIZER, 'config.json': { architectures: ['BertForTokenClassification'], ...CATS } };
  const ner = await configured(t, files, signature(TEXT_INPUTS, { logits: ['N', 'L', 2] }));
  assert.deepEqual([ner.task, ner.outputs], ['token-classification', { logits: tokens({ labels: ['cat', 'dog'] }) }]);
  const teacher = { ...VIT, 'config.json': { architectures: ['DeiTForImageClassificationWithTeacher'], ...CATS } };
  const outputs = { logits: ['N', 2], cls_logits: ['N', 2] } as const;
  const image = await configured(t, teacher, signature(PICTURES, outputs));
  assert.deepEqual(
    [image.task, image.outputs],
    ['image-classification', { logits: classification({ labels: ['cat', 'dog'] }) }],
  );
  const parts = { ...VIT, 'config.json': { architectures: ['SegformerForSemanticSegmentation'] } };
  const segments = await configured(t, parts, signature(PICTURES, { logits: ['N', 150, 'h', 'w'] }));
  assert.deepEqual([segments.task, segments.outputs, segments.notes], ['image-segmentation', { logits: raw() }, []]);
  const unknown = { ...TOKENIZER, 'config.json': { architectures: ['BertForMaskedLM'] } };
  const masked = await configured(t, unknown, signature(TEXT_INPUTS, { logits: ['N', 'L', 30522] }));
  assert.deepEqual([masked.task, masked.outputs], ['other', { logits: raw() }]);
  assert.match(
    masked.notes[0]!,
    /^what model 'net' is for is not known, so its outputs are given as they are; say it with task/,
  );
  // The same class, exported for vectors.
  assert.deepEqual((await configured(t, unknown, signature(TEXT_INPUTS, STATES))).task, 'feature-extraction');
});

test('a task that is said comes before what the folder says', async t => {
  const files = { ...TOKENIZER, 'config.json': { architectures: ['BertModel'] } };
  const of = signature(TEXT_INPUTS, { logits: ['N', 2] });
  assert.deepEqual((await configured(t, files, of, 'sentiment-analysis')).outputs, { logits: classification() });
  assert.deepEqual((await configured(t, files, of, 'ner')).task, 'token-classification');
  await assert.rejects(
    configured(t, files, of, 'image-classificaton'),
    inframeError(
      'ARGUMENT_INVALID',
      /^task "image-classificaton" of model 'net' is not known; .*did you mean 'image-classification'\?/,
    ),
  );
  await assert.rejects(
    configured(t, files, of, 'constructor'),
    inframeError('ARGUMENT_INVALID', /^task "constructor"/),
  );
});

test('detectors of the family of DETR', async t => {
  const detr = {
    'preprocessor_config.json': { image_processor_type: 'DetrImageProcessor' },
    'config.json': { architectures: ['DetrForObjectDetection'], model_type: 'detr', ...CATS },
  };
  const of = signature(
    { ...PICTURES, pixel_mask: ['N', 64, 64] },
    { logits: ['N', 100, 3], pred_boxes: ['N', 100, 4] },
  );
  const made = await configured(t, detr, of);
  assert.deepEqual(made.outputs, {
    pred_boxes: detection({ format: 'detr', boxes: 'pred_boxes', scores: 'logits', labels: ['cat', 'dog'] }),
  });
  assert.deepEqual(made.constants, { pixel_mask: { value: 1, like: 'pixel_values' } });
  assert.equal(made.notes.length, 1);
  const rt = { ...detr, 'config.json': { architectures: ['RTDetrForObjectDetection'], model_type: 'rt_detr' } };
  await assert.rejects(
    configured(t, rt, of),
    inframeError(
      'MODEL_UNSUPPORTED',
      /setting 'model_type' in file 'config\.json' of model 'net' is "rt_detr", and of detectors in a folder these are known: detr, yolos/,
    ),
  );
  await assert.rejects(
    configured(t, detr, signature(PICTURES, LOGITS)),
    inframeError('MODEL_UNSUPPORTED', /has no output 'pred_boxes'; it has: logits/),
  );
});

const SENTENCES: FolderFiles = {
  ...TOKENIZER,
  'config.json': { architectures: ['BertModel'], model_type: 'bert', max_position_embeddings: 512 },
  'modules.json': [
    { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
    { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
    { idx: 2, name: '2', path: '2_Normalize', type: 'sentence_transformers.models.Normalize' },
  ],
  '1_Pooling/config.json': {
    word_embedding_dimension: 8,
    pooling_mode_cls_token: false,
    pooling_mode_mean_tokens: true,
    pooling_mode_max_tokens: false,
  },
  'sentence_bert_config.json': { max_seq_length: 256, do_lower_case: false },
  'tokenizer_config.json': { model_max_length: 512, do_lower_case: true },
};

test('sentence-transformers: pooling and length as it has them', async t => {
  const vectors = async (files: FolderFiles, outputs: Parameters<typeof signature>[1] = STATES) =>
    configured(t, { ...SENTENCES, ...files }, signature(TEXT_INPUTS, outputs));
  const made = await vectors({});
  assert.equal(made.task, 'feature-extraction');
  assert.deepEqual(made.outputs, { last_hidden_state: embedding({ pooling: 'mean', normalize: true }) });
  assert.equal((made.inputs['input_ids'] as TextAdapter).maxLength, 256);
  assert.deepEqual(made.notes, []);
  const pooling = async (config: object) =>
    (await vectors({ '1_Pooling/config.json': config })).outputs['last_hidden_state'];
  assert.deepEqual(await pooling({ pooling_mode_cls_token: true }), embedding({ pooling: 'cls', normalize: true }));
  assert.deepEqual(await pooling({ pooling_mode_max_tokens: true }), embedding({ pooling: 'max', normalize: true }));
  assert.deepEqual(await pooling({ pooling_mode: 'cls' }), embedding({ pooling: 'cls', normalize: true }));
  assert.deepEqual(await pooling({}), embedding({ pooling: 'mean', normalize: true }));
  const plain = await vectors({
    'modules.json': [{ type: 'x.Transformer' }, { type: 'x.Pooling', path: '1_Pooling' }],
  });
  assert.deepEqual(plain.outputs, { last_hidden_state: embedding({ pooling: 'mean' }) });
  // A graph that holds all the steps.
  const whole = await vectors({}, { token_embeddings: ['N', 'L', 8], sentence_embedding: ['N', 8] });
  assert.deepEqual(whole.outputs, { sentence_embedding: embedding({ pooling: 'none' }) });
});

test('steps of sentence-transformers that a graph of tokens does not hold', async t => {
  const of = signature(TEXT_INPUTS, STATES);
  const refused = async (files: FolderFiles, message: RegExp): Promise<void> => {
    await assert.rejects(
      configured(t, { ...SENTENCES, ...files }, of),
      inframeError('MODEL_UNSUPPORTED', message),
      String(message),
    );
  };
  const dense = [
    { type: 'x.Transformer' },
    { type: 'x.Pooling', path: '1_Pooling' },
    { type: 'x.Dense', path: '2_Dense' },
  ];
  await refused(
    { 'modules.json': dense },
    /^model 'net' is followed by Dense, which its ONNX file does not hold; export it whole, with an output 'sentence_embedding'/,
  );
  await refused(
    { '1_Pooling/config.json': { pooling_mode_cls_token: true, pooling_mode_mean_tokens: true } },
    /setting 'pooling_mode_mean_tokens' in file '1_Pooling\/config\.json' .* beside pooling_mode_cls_token/,
  );
  await refused(
    { '1_Pooling/config.json': { pooling_mode_lasttoken: true } },
    /setting 'pooling_mode_lasttoken' .* not known here/,
  );
  await refused({ '1_Pooling/config.json': { pooling_mode_mean_tokens: false } }, /no other way of pooling is chosen/);
  await refused(
    { '1_Pooling/config.json': { pooling_mode: 'weightedmean' } },
    /setting 'pooling_mode' .* is "weightedmean"/,
  );
});

test('what is done to a text before it is cut into tokens is said', async t => {
  const files = {
    ...SENTENCES,
    'sentence_bert_config.json': { max_seq_length: 512, do_lower_case: true },
    'tokenizer_config.json': { do_lower_case: false, padding_side: 'left', truncation_side: 'left' },
    'config_sentence_transformers.json': { prompts: { query: 'query: ' }, default_prompt_name: 'query' },
  };
  const { notes, inputs } = await configured(t, files, signature(TEXT_INPUTS, STATES));
  assert.equal((inputs['input_ids'] as TextAdapter).truncation, 'start');
  assert.match(notes[0]!, /pads on the left; here padding is on the right/);
  assert.match(notes[1]!, /puts "query: " before every text; put it there yourself/);
  assert.match(notes[2]!, /makes every text lower case; do that yourself/);
  assert.equal(notes.length, 3);
});

test('the length of a text is the least that the files say', async t => {
  const length = async (config: object, tokenizer: object) => {
    const files = {
      ...TOKENIZER,
      'config.json': { architectures: ['XModel'], ...config },
      'tokenizer_config.json': tokenizer,
    };
    const { inputs } = await configured(t, files, signature(TEXT_INPUTS, STATES));
    return (inputs['input_ids'] as TextAdapter).maxLength;
  };
  assert.equal(await length({}, {}), undefined);
  assert.equal(await length({ max_position_embeddings: 512 }, {}), 512);
  assert.equal(await length({ max_position_embeddings: 512 }, { model_max_length: 1e30 }), 512);
  assert.equal(await length({ max_position_embeddings: 512 }, { model_max_length: 128 }), 128);
  // RoBERTa's positions begin behind the id of padding, which is 1: 512 of 514 are left.
  assert.equal(await length({ model_type: 'roberta', max_position_embeddings: 514, pad_token_id: 1 }, {}), 512);
  assert.equal(await length({ model_type: 'xlm-roberta', max_position_embeddings: 514 }, {}), 512);
  assert.equal(await length({ max_position_embeddings: -1 }, {}), undefined);
});

test('the token that pads', async t => {
  const pad = async (config: object, tokenizer: object, special?: object) => {
    const files = {
      ...TOKENIZER,
      'config.json': { architectures: ['XModel'], ...config },
      'tokenizer_config.json': tokenizer,
      ...(special && { 'special_tokens_map.json': special }),
    };
    const { inputs } = await configured(t, files, signature(TEXT_INPUTS, STATES));
    return (inputs['input_ids'] as TextAdapter).padId;
  };
  const added = { added_tokens_decoder: { '0': { content: '<s>' }, '1': { content: '<pad>' } } };
  assert.equal(await pad({}, {}), undefined);
  assert.equal(await pad({ pad_token_id: 5 }, {}), 5);
  assert.equal(await pad({ pad_token_id: -1 }, {}), undefined);
  assert.equal(await pad({ pad_token_id: 5 }, { pad_token: '<pad>', ...added }), 1);
  assert.equal(await pad({ pad_token_id: 5 }, { pad_token: { content: '<pad>' }, ...added }), 1);
  assert.equal(await pad({ pad_token_id: 5 }, added, { pad_token: '<pad>' }), 1);
  assert.equal(await pad({ pad_token_id: 5 }, { pad_token: '<other>', ...added }), 5);
});

test('vectors of pictures and of pairs', async t => {
  const config = (architecture: string) => ({ ...VIT, 'config.json': { architectures: [architecture] } });
  const dino = await configured(
    t,
    config('Dinov2Model'),
    signature(PICTURES, { last_hidden_state: ['N', 257, 8], pooler_output: ['N', 8] }),
  );
  assert.deepEqual(dino.outputs, { last_hidden_state: embedding({ pooling: 'cls' }) });
  assert.match(dino.notes[0]!, /that of the first token of output 'last_hidden_state'/);
  const places = await configured(t, config('ResNetModel'), signature(PICTURES, { last_hidden_state: ['N', 8, 7, 7] }));
  assert.deepEqual(
    [places.task, places.outputs],
    ['image-feature-extraction', { last_hidden_state: embedding({ pooling: 'mean' }) }],
  );
  const vision = await configured(
    t,
    config('CLIPVisionModelWithProjection'),
    signature(PICTURES, { image_embeds: ['N', 8], last_hidden_state: ['N', 50, 9] }),
  );
  assert.deepEqual(vision.outputs, { image_embeds: embedding({ pooling: 'none' }) });
  const both = await configured(
    t,
    { ...TOKENIZER, ...config('CLIPModel') },
    signature(
      { ...PICTURES, input_ids: ['M', 77], attention_mask: ['M', 77] },
      { image_embeds: ['N', 8], text_embeds: ['M', 8], logits_per_image: ['N', 'M'] },
    ),
  );
  assert.deepEqual(Object.keys(both.inputs), ['pixel_values', 'input_ids']);
  assert.deepEqual(both.outputs, {
    image_embeds: embedding({ pooling: 'none' }),
    text_embeds: embedding({ pooling: 'none' }),
  });
});

function sound(t: TestContext, extractor: object, config: object = {}, input = 'input_values') {
  const files = {
    'preprocessor_config.json': extractor,
    'config.json': { architectures: ['XForAudioClassification'], ...CATS, ...config },
  };
  const dims =
    input === 'input_values' ? { input_values: ['N', 'L'], attention_mask: ['N', 'L'] } : { [input]: ['N', 80, 3000] };
  return configured(t, files, signature(dims, LOGITS));
}

test('sound: waveforms and what Whisper makes of them', async t => {
  const wave = await sound(t, {
    feature_extractor_type: 'Wav2Vec2FeatureExtractor',
    do_normalize: true,
    feature_size: 1,
    padding_value: 0,
    return_attention_mask: true,
    sampling_rate: 16000,
  });
  const { source: _, ...plain } = wave.inputs['input_values'] as AudioAdapter;
  assert.deepEqual(plain, {
    adapter: 'audio',
    maxSeconds: 600,
    sampleRate: 16000,
    samples: undefined,
    normalize: true,
    mel: undefined,
  });
  assert.deepEqual(wave.constants, { attention_mask: { value: 1, like: 'input_values' } });
  assert.deepEqual(
    [wave.task, wave.outputs],
    ['audio-classification', { logits: classification({ labels: ['cat', 'dog'] }) }],
  );
  const sequence = await sound(
    t,
    { sampling_rate: 8000, do_normalize: false },
    { model_type: 'wavlm', architectures: ['WavLMForSequenceClassification'] },
  );
  assert.equal(sequence.task, 'audio-classification');
  assert.equal((sequence.inputs['input_values'] as AudioAdapter).sampleRate, 8000);

  const whisper = await sound(
    t,
    {
      feature_extractor_type: 'WhisperFeatureExtractor',
      chunk_length: 30,
      feature_size: 80,
      hop_length: 160,
      n_fft: 400,
      n_samples: 480000,
      nb_max_frames: 3000,
      sampling_rate: 16000,
    },
    {},
    'input_features',
  );
  const { samples, normalize, mel } = whisper.inputs['input_features'] as AudioAdapter;
  assert.deepEqual([samples, normalize], [480_000, false]);
  assert.deepEqual(mel, {
    fftSize: 400,
    hop: 160,
    bands: 80,
    low: 0,
    high: 8000,
    scale: 'slaney',
    power: 2,
    log: 'whisper',
    layout: 'bands-first',
    center: true,
  });
  const large = await sound(
    t,
    { feature_extractor_type: 'WhisperFeatureExtractor', feature_size: 128 },
    {},
    'input_features',
  );
  assert.equal((large.inputs['input_features'] as AudioAdapter).mel?.bands, 128);
});

test('front ends of sound that are not computed', async t => {
  const cases: readonly (readonly [object, RegExp])[] = [
    [
      { feature_extractor_type: 'ASTFeatureExtractor' },
      /setting 'feature_extractor_type' .* is "ASTFeatureExtractor", Kaldi's filter bank/,
    ],
    [
      { feature_extractor_type: 'ClapFeatureExtractor' },
      /is "ClapFeatureExtractor", which is not known here; those that are: Wav2Vec2FeatureExtractor/,
    ],
    [{}, /is undefined, which is not known here/],
    [{ feature_extractor_type: 'Wav2Vec2FeatureExtractor', feature_size: 2 }, /setting 'feature_size'/],
    [{ feature_extractor_type: 'WhisperFeatureExtractor', dither: 0.1 }, /setting 'dither' .* is 0\.1, noise/],
    [{ feature_extractor_type: 'WhisperFeatureExtractor', padding_value: 1 }, /setting 'padding_value'/],
  ];
  for (const [file, message] of cases)
    await assert.rejects(sound(t, file), inframeError('MODEL_UNSUPPORTED', message), String(message));
});

test('networks that no column can feed', async t => {
  const config = { 'config.json': { architectures: ['X'] } };
  const cases: readonly (readonly [FolderFiles, Parameters<typeof signature>[0], RegExp])[] = [
    [config, TEXT_INPUTS, /^model 'net' takes tokens and its folder has no tokenizer\.json; save one there/],
    [
      config,
      PICTURES,
      /^model 'net' takes pictures and its folder has no preprocessor_config\.json; .* inputs: \{ pixel_values: image\(/,
    ],
    [config, { input_values: ['N', 'L'] }, /^model 'net' takes sound and its folder has no preprocessor_config\.json/],
    [config, { x: ['N', 3] }, /^input 'x' \(float32\[N, 3\]\) of model 'net' is fed by no picture, text or sound/],
    [config, {}, /^model 'net' has no inputs/],
    [
      { ...config, ...TOKENIZER },
      { input_ids: ['N', 'L'], decoder_input_ids: ['N', 'M'] },
      /^input 'decoder_input_ids' .* generates token by token, which is not supported/,
    ],
    [
      { ...config, ...TOKENIZER },
      { ...TEXT_INPUTS, position_ids: ['N', 'L'] },
      /^input 'position_ids' .* is fed by no column; load the ONNX file itself/,
    ],
    [
      { 'config.json': { model_type: 'siglip' }, ...TOKENIZER },
      { input_ids: ['N', 64] },
      /wants texts padded to one length/,
    ],
  ];
  for (const [files, inputs, message] of cases) {
    await assert.rejects(
      configured(t, files, signature(inputs, LOGITS)),
      inframeError('MODEL_UNSUPPORTED', message),
      String(message),
    );
  }
});

test('labels and outputs that are not there', async t => {
  const net = (config: object, outputs: Parameters<typeof signature>[1] = LOGITS) =>
    configured(
      t,
      { ...VIT, 'config.json': { architectures: ['XForImageClassification'], ...config } },
      signature(PICTURES, outputs),
    );
  assert.deepEqual((await net({}, { scores: ['N', 2] })).outputs, { scores: classification() });
  await assert.rejects(
    net({}, { a: ['N', 2], b: ['N', 2] }),
    inframeError('MODEL_UNSUPPORTED', /has no output 'logits'; it has: a, b/),
  );
  const bad: readonly (readonly [unknown, RegExp])[] = [
    [{ '0': 'a', '2': 'b' }, /^file 'config\.json' of model 'net': its labels skip the index 1/],
    [{ '0': 5 }, /have 5 at index 0, which is no text/],
    [{ cat: 'a' }, /have the index "cat"/],
    [{ '0': 'x'.repeat(1001) }, /have one of 1001 characters at index 0/],
    [['a'], /setting 'id2label' .* not an object/],
  ];
  for (const [id2label, message] of bad)
    await assert.rejects(net({ id2label }), inframeError('MODEL_INVALID', message), String(message));
});

test('an input of another name is known by what the folder holds', async t => {
  const config = { 'config.json': { architectures: ['ViTForImageClassification'] } };
  const made = await configured(t, { ...VIT, ...config }, signature({ input: ['N', 3, 224, 224] }, LOGITS));
  assert.deepEqual(Object.keys(made.inputs), ['input']);
});

test('the variant that is chosen is the file that is given', async t => {
  const files = { ...VIT, 'onnx/model.onnx': 'x', 'onnx/model_q4.onnx': 'y' };
  const folder = await readModelFolder(modelFolder(t, files), { variant: 'q4' });
  assert.equal(configure(folder, signature(PICTURES, LOGITS)).file, join(folder.folder, 'onnx', 'model_q4.onnx'));
});

test('whatever strangers write, it is a configuration or an error in words', async t => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      'ViTImageProcessor',
      'BertModel',
      'detr',
      224,
      0,
      -1,
      1e300,
      true,
      null,
      ['XForImageClassification'],
      { height: 1, width: 1e12 },
    ),
  );
  const names = [
    ...[
      'architectures',
      'model_type',
      'id2label',
      'problem_type',
      'pad_token_id',
      'max_position_embeddings',
      '__proto__',
    ],
    ...[
      'image_processor_type',
      'size',
      'crop_size',
      'resample',
      'image_mean',
      'image_std',
      'do_resize',
      'do_center_crop',
      'rescale_factor',
    ],
    ...['model_max_length', 'pad_token', 'added_tokens_decoder', 'padding_side', 'truncation_side'],
  ];
  const file = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6 });
  await fc.assert(
    fc.asyncProperty(file, file, file, fc.boolean(), async (config, preprocessor, tokenizer, text) => {
      const files = {
        ...TOKENIZER,
        'config.json': config,
        'preprocessor_config.json': preprocessor,
        'tokenizer_config.json': tokenizer,
      };
      try {
        const made = await configured(t, files, signature(text ? TEXT_INPUTS : PICTURES, LOGITS));
        assert.ok(Object.isFrozen(made));
      } catch (error) {
        assert.ok(error instanceof InframeError, String(error));
        assert.ok(['MODEL_INVALID', 'MODEL_UNSUPPORTED'].includes(error.code) && error.message.length < 1000);
      }
    }),
    { numRuns: 300 },
  );
});
