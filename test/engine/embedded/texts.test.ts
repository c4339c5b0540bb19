import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { classification, embedding, text, tokens } from '../../../src/index.js';
import { serializeModel } from '../../../src/udf/onnx/file.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { transformer } from '../../support/transformer.js';

const TOKENIZER = 'test/udf/adapters/text/data/bert-uncased.json';

const TEXTS = [
  'Go until jurong point, crazy.. Available only in bugis n great world la e buffet...',
  'Ok lar',
  'Free entry in 2 a wkly comp to win FA Cup final tkts 21st May 2005. Text FA to 87121',
  '',
  null,
  'U dun say so early hor... U c already then say...',
  'x '.repeat(2000),
];

test('texts of unlike length: the same answers alone, together, in any batch, on any worker', async t => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'bert.onnx');
  writeFileSync(
    path,
    serializeModel(
      transformer({ vocabulary: 4000, width: 32, heads: 4, layers: 2, output: 'hidden', tokenTypes: true }),
    ),
  );
  const rows = [...TEXTS, ...TEXTS].map((message, id) => ({ id, message }));
  const answers: (readonly (readonly number[] | null)[])[] = [];
  for (const [workers, batchSize] of [
    [1, undefined],
    [1, 1],
    [2, 3],
  ] as const) {
    const session = await openSession(t, { workers, threads: 1 });
    const embed = await session.model(path, {
      inputs: { input_ids: text({ tokenizer: TOKENIZER, maxLength: 64 }) },
      outputs: { last_hidden_state: embedding({ normalize: true }) },
      ...(batchSize === undefined ? {} : { batchSize }),
    });
    const found = await session
      .fromRows(rows, { id: { kind: 'int32' }, message: { kind: 'string' } })
      .withColumn('v', embed('message'))
      .collect();
    answers.push(found.map(({ v }) => v as readonly number[] | null));
  }
  const [first, ...others] = answers;
  first!.forEach((vector, row) => {
    if (TEXTS[row % TEXTS.length] === null) {
      assert.equal(vector, null);
      return;
    }
    const norm = Math.hypot(...vector!);
    assert.ok(Math.abs(norm - 1) < 1e-5, `row ${row}: ${norm}`);
    for (const other of others) {
      other[row]!.forEach((value, at) => {
        assert.ok(Math.abs(value - vector![at]!) < 1e-5);
      });
    }
  });
  assert.deepEqual(first![0], first![TEXTS.length]);
});

test('pairs, classes and names in texts', async t => {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  const write = (name: string, output: 'logits' | 'tokens', classes: number): string => {
    const path = join(folder, name);
    writeFileSync(
      path,
      serializeModel(
        transformer({ vocabulary: 4000, width: 32, heads: 4, layers: 1, output, classes, tokenTypes: true }),
      ),
    );
    return path;
  };
  const inputs = { input_ids: text({ tokenizer: TOKENIZER }) };
  const classify = await session.model(write('pairs.onnx', 'logits', 3), {
    inputs,
    outputs: { logits: classification({ labels: ['yes', 'no', 'perhaps'] }) },
  });
  const frame = session.fromRows([
    { text: 'Ok lar', other: 'Free entry' },
    { text: 'Free entry', other: 'Ok lar' },
  ]);
  const rows = await frame.withColumn('pair', classify('text', 'other')).withColumn('one', classify()).collect();
  for (const { pair, one } of rows as readonly { readonly pair: Best; readonly one: Best }[]) {
    assert.ok(['yes', 'no', 'perhaps'].includes(pair.label) && pair.score > 1 / 3 && pair.score <= 1);
    assert.notEqual(pair.score, one.score);
  }
  const names = await session.model(write('names.onnx', 'tokens', 3), {
    inputs,
    outputs: { logits: tokens({ labels: ['O', 'B-PER', 'I-PER'] }) },
  });
  const [found] = await frame.limit(1).withColumn('names', names('text')).collect();
  for (const { label, start, end, text: part } of found!['names'] as readonly Entity[]) {
    assert.equal(label, 'PER');
    assert.equal(part, 'Ok lar'.slice(start, end));
  }
});

interface Best {
  readonly label: string;
  readonly score: number;
}

interface Entity {
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
