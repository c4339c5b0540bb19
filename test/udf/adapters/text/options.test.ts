import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { InframeError } from '../../../../src/frame/errors.js';
import { type TextOptions, text } from '../../../../src/udf/adapters/text/options.js';
import { FOLDER } from './golden.js';

const folder = mkdtempSync(join(tmpdir(), 'inframe-'));
after(() => {
  rmSync(folder, { recursive: true });
});

function file(content: unknown): string {
  const path = join(folder, 'some.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function errorOf(options: unknown): InframeError {
  try {
    // What a person without a compiler may give.
    text(options as TextOptions);
  } catch (error) {
    assert.ok(error instanceof InframeError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'nothing wrong' });
}

test('a file, or the folder that holds it, is read and hashed', () => {
  const source = join(FOLDER, 'roberta.json');
  const sha256 = createHash('sha256').update(readFileSync(source)).digest('hex');
  assert.deepEqual(text({ tokenizer: source }), {
    adapter: 'text',
    tokenizer: resolve(source),
    sha256,
    maxLength: undefined,
    truncation: 'end',
    specialTokens: true,
    padId: undefined,
  });
  const inside = join(folder, 'model');
  mkdirSync(inside);
  writeFileSync(join(inside, 'tokenizer.json'), readFileSync(source));
  const given = text({ tokenizer: inside, maxLength: 9, truncation: 'fail', specialTokens: false, padId: 1 });
  assert.equal(given.tokenizer, join(inside, 'tokenizer.json'));
  assert.equal(given.sha256, sha256);
  assert.deepEqual([given.maxLength, given.truncation, given.specialTokens, given.padId], [9, 'fail', false, 1]);
  assert.ok(Object.isFrozen(given));
});

test('what is not there is said', () => {
  const missing = errorOf({ tokenizer: join(folder, 'nothing.json') });
  assert.equal(missing.code, 'SOURCE_NOT_FOUND');
  assert.match(missing.message, /^tokenizer '.*nothing\.json' is not there/);
  mkdirSync(join(folder, 'empty'));
  assert.match(errorOf({ tokenizer: join(folder, 'empty') }).message, /^folder '.*empty' holds no tokenizer\.json/);
});

test('a file that is no tokenizer is refused, with the reason', () => {
  const bert = JSON.parse(readFileSync(join(FOLDER, 'bert-uncased.json'), 'utf8')) as {
    model: Record<string, unknown>;
  };
  const why = (content: unknown): string => {
    const error = errorOf({ tokenizer: file(content) });
    assert.equal(error.code, 'MODEL_INVALID');
    return error.message
      .replace(/^file '.*' is not a tokenizer: /, '')
      .replace(/; give the tokenizer\.json that .*$/, '');
  };
  assert.equal(why('{"model": '), 'it is not JSON');
  assert.equal(why(''), 'it is not JSON');
  assert.equal(why('[1, 2]'), 'it holds [1,2], not an object');
  assert.equal(why({ architectures: ['Bert'] }), "it has no 'model'");
  assert.equal(why({ model: 'bert.onnx' }), 'its \'model\' is "bert.onnx", not an object');
  assert.equal(why({ model: { type: 'WordPiece' } }), "its 'model' has no 'vocab'");
  assert.equal(why({ model: { type: 'BPE', vocab: { a: 0 } } }), "its BPE model has no 'merges'");
  assert.equal(why({ model: { ...bert.model, vocab: { a: -1 } } }), 'its vocabulary gives "a" the id -1');
  assert.equal(why({ model: { ...bert.model, vocab: { a: '1' } } }), 'its vocabulary gives "a" the id "1"');
  assert.match(why({ model: { type: 'Unigram', vocab: [['a', 'b']] } }), /not pairs of a piece and its score/);
  assert.match(why({ model: { type: 'Unigram', vocab: { a: 1 } } }), /^the vocabulary of its Unigram model is/);
  const unknown = errorOf({ tokenizer: file({ model: { type: 'Charformer', vocab: {} } }) });
  assert.equal(unknown.code, 'MODEL_UNSUPPORTED');
  assert.match(unknown.message, /has a model of type "Charformer"; inframe knows: WordPiece, BPE, Unigram, WordLevel$/);
});

test('a file that is too large is not read', () => {
  const path = file('{}');
  truncateSync(path, 64 * 1024 * 1024 + 1);
  assert.match(
    errorOf({ tokenizer: path }).message,
    /^file '.*' has 67108865 bytes; a tokenizer has 67108864 at most$/,
  );
});

test('options that cannot be are wrong use', () => {
  const tokenizer = join(FOLDER, 'words.json');
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [undefined, /^tokenizer of text\(\) is undefined; give the path/],
    [{ tokenizer: '' }, /^tokenizer of text\(\) is ""/],
    [{ tokenizer: 7 }, /^tokenizer of text\(\) is 7/],
    [{ tokenizer, max_length: 3 }, /^option 'max_length' of text\(\) does not exist; there are: tokenizer, maxLength/],
    [{ tokenizer, maxLength: 0 }, /^maxLength of text\(\) is 0; it is a whole number/],
    [{ tokenizer, maxLength: 1.5 }, /^maxLength of text\(\) is 1.5/],
    [{ tokenizer, truncation: 'left' }, /^truncation of text\(\) is "left"; it is one of: end, start, fail/],
    [{ tokenizer, specialTokens: 'no' }, /^specialTokens of text\(\) is "no"/],
    [{ tokenizer, padId: -1 }, /^padId of text\(\) is -1/],
  ];
  for (const [options, message] of wrong) {
    const error = errorOf(options);
    assert.equal(error.code, 'ARGUMENT_INVALID');
    assert.match(error.message, message);
  }
});
