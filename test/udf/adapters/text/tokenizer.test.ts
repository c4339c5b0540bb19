import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { InframeError } from '../../../../src/frame/errors.js';
import { text } from '../../../../src/udf/adapters/text/options.js';
import { openTokenizer } from '../../../../src/udf/adapters/text/tokenizer.js';
import { encoded, FOLDER, golden, idsOf, NAMES, opened, pairs, texts } from './golden.js';

for (const name of NAMES) {
  test(`${name}: token ids, types and special tokens are those of the Python library`, () => {
    const tokenizer = opened(name);
    const { single, pair } = golden(name);
    const check = (
      of: readonly [string, string?],
      [ids, types, special]: readonly [number[], string, string, number[]],
    ) => {
      const got = encoded(tokenizer, ...of);
      assert.deepEqual([...got.ids], ids, JSON.stringify(of));
      assert.equal([...got.types].join(''), types, JSON.stringify(of));
      assert.equal([...got.special].join(''), special, JSON.stringify(of));
    };
    texts.forEach((each, index) => {
      check([each], single[index]!);
    });
    pairs.forEach((each, index) => {
      check(each, pair[index]!);
    });
  });

  test(`${name}: without special tokens, and cut at the end and at the start, too`, () => {
    const { plain, truncated } = golden(name);
    const bare = opened(name, { specialTokens: false });
    assert.deepEqual(
      plain.map((_, index) => idsOf(bare, texts[index]!)),
      plain,
    );
    for (const { length, side, single, pair } of truncated) {
      const cut = opened(name, { maxLength: length, truncation: side });
      assert.deepEqual(
        single.map((_, index) => idsOf(cut, texts[5 + index]!)),
        single,
        `${length} tokens, ${side}`,
      );
      assert.deepEqual(
        pairs.map(each => idsOf(cut, ...each)),
        pair,
        `pairs of ${length} tokens, ${side}`,
      );
    }
  });
}

/** Texts made of pieces of hard ones. */
const hard = fc
  .array(fc.oneof(fc.constantFrom(...texts), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 6 })
  .map(parts => parts.join(' '));

test('a text cut to n tokens has the first n of the whole, and at the start the last n', () => {
  for (const name of NAMES) {
    const whole = opened(name, { specialTokens: false });
    fc.assert(
      fc.property(hard, fc.integer({ min: 1, max: 40 }), (each, length) => {
        const all = idsOf(whole, each);
        assert.deepEqual(idsOf(opened(name, { specialTokens: false, maxLength: length }), each), all.slice(0, length));
        const last = opened(name, { specialTokens: false, maxLength: length, truncation: 'start' });
        assert.deepEqual(idsOf(last, each), all.slice(Math.max(0, all.length - length)));
      }),
      { numRuns: 20 },
    );
  }
});

test('of a long text only what is needed is looked at, and the tokens are those of the whole', () => {
  // Some tens of kilobytes, with white space that is no token and long words, so that beginnings are tried several times.
  const long = fc.array(fc.constantFrom(...texts, ' '.repeat(3000), 'haha'.repeat(700), '\n\n\n', 'é'.repeat(1500)), {
    minLength: 60,
    maxLength: 90,
  });
  for (const name of NAMES) {
    const whole = opened(name, { specialTokens: false });
    fc.assert(
      fc.property(long, fc.integer({ min: 4, max: 600 }), (parts, length) => {
        const each = parts.join(' ');
        const all = idsOf(whole, each);
        assert.deepEqual(idsOf(opened(name, { specialTokens: false, maxLength: length }), each), all.slice(0, length));
      }),
      { numRuns: 3 },
    );
  }
});

test('a row of too many tokens fails where it is not to be cut', () => {
  const tokenizer = opened('bert-uncased', { maxLength: 8, truncation: 'fail' });
  assert.deepEqual(tokenizer.encode('hello hello hello hello hello hello hello'), {
    failure: 'a text has more tokens than the 8 that fit',
  });
  assert.ok(!('failure' in tokenizer.encode('hello')));
  assert.ok('failure' in tokenizer.encode('hello', 'x'.repeat(1_000_000).replaceAll('xx', 'x ')));
});

test('lone surrogates are U+FFFD, as they are in UTF-8; a pair is a character', () => {
  for (const name of NAMES) {
    const tokenizer = opened(name);
    assert.deepEqual(idsOf(tokenizer, 'a\ud800b\udc00\ud83d'), idsOf(tokenizer, 'a\ufffdb\ufffd\ufffd'));
    assert.deepEqual(idsOf(tokenizer, 'x', '\udfff\ud83d\ude00'), idsOf(tokenizer, 'x', '\ufffd😀'));
  }
});

test('texts of a megabyte, of one word or of none, are tokenised', () => {
  const large: Readonly<Record<string, string>> = {
    spaces: `${' '.repeat(1_000_000)}end`,
    'one word': 'a'.repeat(1_000_000),
    marks: `a${'\u0301\u0323'.repeat(200_000)}`,
    emoji: '😀'.repeat(250_000),
    ideographs: '你好'.repeat(170_000),
    NULs: '\0'.repeat(1_000_000),
  };
  for (const name of ['bert-uncased', 'roberta', 'llama', 't5', 'clip']) {
    for (const truncation of name === 'llama' ? (['end', 'start'] as const) : (['end'] as const)) {
      const tokenizer = opened(name, { maxLength: 16, truncation });
      for (const [what, each] of Object.entries(large)) {
        assert.ok(encoded(tokenizer, each).ids.length <= 16, `${name}: ${what}`);
      }
    }
  }
  // What is behind a megabyte of nothing is found.
  assert.deepEqual(
    idsOf(opened('bert-uncased', { maxLength: 16 }), large['spaces']!),
    idsOf(opened('bert-uncased'), 'end'),
  );
});

test('long words of pairs of letters are cut in windows, with the tokens of the whole', () => {
  // Where every border is one that no merge crosses, each letter pair stands alone whatever the length.
  const tokenizer = opened('roberta', { specialTokens: false });
  const once = idsOf(tokenizer, 'qz'.repeat(8));
  assert.deepEqual(idsOf(tokenizer, 'qz'.repeat(4000)), Array.from({ length: 500 }, () => once).flat());
});

test('lengths, padding and sides are what the files say, unless the adapter or the network says otherwise', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inframe-'));
  try {
    const json = JSON.parse(readFileSync(join(FOLDER, 'bert-uncased.json'), 'utf8')) as Record<string, unknown>;
    writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(json));
    assert.equal(openTokenizer(text({ tokenizer: folder })).maxLength, 512);
    writeFileSync(
      join(folder, 'tokenizer_config.json'),
      JSON.stringify({
        model_max_length: 77,
        pad_token: { content: '[SEP]' },
        padding_side: 'left',
        truncation_side: 'left',
      }),
    );
    // Another file, so that what is open already is not taken.
    const save = (more: object) => writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify({ ...json, ...more }));
    save({ version: '1.1' });
    const adapter = text({ tokenizer: folder });
    assert.equal(adapter.truncation, 'start');
    const { maxLength, padId, padSide } = openTokenizer(adapter);
    assert.deepEqual({ maxLength, padId, padSide }, { maxLength: 77, padId: 3, padSide: 'start' });
    save({
      truncation: { max_length: 33, strategy: 'LongestFirst', stride: 0, direction: 'Right' },
      padding: { strategy: 'BatchLongest', direction: 'Right', pad_id: 4, pad_type_id: 1, pad_token: '[MASK]' },
    });
    const stated = openTokenizer(text({ tokenizer: folder }));
    assert.deepEqual([stated.maxLength, stated.padId, stated.padType, stated.padSide], [33, 4, 1, 'end']);
    assert.equal(openTokenizer(text({ tokenizer: folder, maxLength: 20, padId: 9 }), 64).maxLength, 20);
    assert.equal(openTokenizer(text({ tokenizer: folder, maxLength: 200, padId: 9 }), 64).maxLength, 64);
    assert.equal(openTokenizer(text({ tokenizer: folder, padId: 9 }), 64).padId, 9);
    save({ padding: { pad_id: 4.5 } });
    assert.equal(openTokenizer(text({ tokenizer: folder })).padId, 3);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a file that changed after the model was loaded is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inframe-'));
  try {
    const path = join(folder, 'tokenizer.json');
    writeFileSync(path, readFileSync(join(FOLDER, 'words.json'), 'utf8').replace('"[PAD]"', '"[pad]"'));
    const adapter = text({ tokenizer: path });
    writeFileSync(path, readFileSync(join(FOLDER, 'chars.json')));
    assert.throws(
      () => openTokenizer(adapter),
      (error: unknown) =>
        error instanceof InframeError && error.code === 'MODEL_CHANGED' && error.message.includes(path),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('special tokens that leave no room for a text are wrong use', () => {
  const adapter = text({ tokenizer: join(FOLDER, 'bert-uncased.json'), maxLength: 2 });
  assert.throws(
    () => openTokenizer(adapter),
    (error: unknown) =>
      error instanceof InframeError &&
      error.code === 'ARGUMENT_INVALID' &&
      error.message.startsWith('maxLength 2 leaves no room for a text: the tokenizer puts 2 special tokens around it'),
  );
  const three = openTokenizer({ ...adapter, maxLength: 3 });
  assert.equal(encoded(three, 'hello').ids.length, 3);
  assert.deepEqual(encoded(openTokenizer({ ...adapter, maxLength: 4 }), 'a', 'b').special, Uint8Array.of(1, 1, 0, 1));
});

test('parts that inframe has no form of are named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inframe-'));
  const json = JSON.parse(readFileSync(join(FOLDER, 'bert-uncased.json'), 'utf8')) as Record<string, unknown>;
  const messageFor = (change: object): string => {
    const path = join(folder, 'tokenizer.json');
    writeFileSync(path, JSON.stringify({ ...json, ...change }));
    try {
      openTokenizer(text({ tokenizer: path }));
    } catch (error) {
      assert.ok(error instanceof InframeError, String(error));
      return error.message;
    }
    return 'nothing wrong';
  };
  try {
    assert.match(
      messageFor({ normalizer: { type: 'Rot13' } }),
      /^tokenizer's normalizer 'Rot13' is not supported; inframe knows: Bert/,
    );
    assert.match(messageFor({ normalizer: { type: 'toString' } }), /normalizer 'toString' is not supported/);
    assert.match(
      messageFor({ pre_tokenizer: { type: 'UnicodeScripts' } }),
      /^tokenizer's pre-tokenizer 'UnicodeScripts' is not/,
    );
    assert.match(messageFor({ post_processor: { type: 'Odd' } }), /^tokenizer's post-processor 'Odd' is not supported/);
    assert.match(
      messageFor({ normalizer: 3 }),
      /^tokenizer is damaged: its normalizer is 3, not an object with a type$/,
    );
    assert.match(messageFor({ added_tokens: { a: 1 } }), /^tokenizer is damaged: its list of added tokens is/);
    assert.match(messageFor({ added_tokens: [{ id: -1, content: 'x' }] }), /id of an added token is -1/);
    const split = (regex: string) => ({
      pre_tokenizer: { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated' },
    });
    assert.match(messageFor(split('(((')), /^tokenizer is damaged: its pattern '\(\(\(' cannot be read/);
    assert.match(
      messageFor({ normalizer: { type: 'Precompiled', precompiled_charsmap: 'AAAA' } }),
      /^tokenizer's table of characters \(precompiled_charsmap\) is damaged/,
    );
    assert.match(
      messageFor({ post_processor: { type: 'TemplateProcessing', single: [], pair: [], special_tokens: {} } }),
      /^tokenizer is damaged: its template for one text does not hold it exactly once/,
    );
    assert.equal(messageFor({}), 'nothing wrong');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
