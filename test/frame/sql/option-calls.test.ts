import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isOptionCall, type OptionCall, parseOptionCall } from '../../../src/frame/sql/options.js';
import { parseStatement } from '../../../src/frame/sql/statement.js';
import { inframeError } from '../../support/onnx.js';

function optionsOf(text: string): unknown {
  const { statement } = parseStatement(`CREATE MODEL m FROM 'm.onnx' WITH (${text})`);
  return statement.kind === 'createModel' && statement.options;
}

function call(name: string, options: OptionCall['options'] = {}, ...given: OptionCall['arguments']): OptionCall {
  return { call: name, arguments: given, options };
}

test('inputs and outputs of a model are adapters in words', () => {
  const text = `inputs = { data_0: image(width = 224, height = 224, channels = 'BGR') },
    outputs = { softmaxout_1: classification(labels = 'imagenet_labels.txt', top = 5) }`;
  assert.deepEqual(optionsOf(text), {
    inputs: { data_0: call('image', { width: 224, height: 224, channels: 'BGR' }) },
    outputs: { softmaxout_1: call('classification', { labels: 'imagenet_labels.txt', top: 5 }) },
  });
});

test('all the ways to write a call', () => {
  const input = (text: string): unknown =>
    (optionsOf(`inputs = { x: ${text} }`) as { inputs: { x: unknown } }).inputs.x;
  assert.deepEqual(input('image()'), call('image'));
  assert.deepEqual(input("image('imagenet')"), call('image', {}, 'imagenet'));
  assert.deepEqual(input('IMAGE(imagenet, width = 256)'), call('IMAGE', { width: 256 }, 'imagenet'));
  assert.deepEqual(
    input('image (range = [-1, 1], mean: 0.5, std := [1, 2])'),
    call('image', { range: [-1, 1], mean: 0.5, std: [1, 2] }),
  );
  assert.deepEqual(
    input("a(labels = ['x', 'y'], b = null, c = true)"),
    call('a', { labels: ['x', 'y'], b: null, c: true }),
  );
  assert.deepEqual(
    input('audio(mel = { bands: 80 }, "odd key" = 1)'),
    call('audio', { mel: { bands: 80 }, 'odd key': 1 }),
  );
  assert.deepEqual(input("a(b(c = 'd'))"), call('a', {}, call('b', { c: 'd' })));
  // Beside columns, which stay what they were.
  assert.deepEqual(optionsOf('inputs = { x: image(), y: [a, b], z: c }, outputs = [p]'), {
    inputs: { x: call('image'), y: ['a', 'b'], z: 'c' },
    outputs: ['p'],
  });
});

test('task and variant of a model that is a folder', () => {
  assert.deepEqual(optionsOf("task = 'image-classification', variant = Q4"), {
    task: 'image-classification',
    variant: 'Q4',
  });
  assert.deepEqual(optionsOf('task = null, variant = NULL'), {});
});

test('calls are frozen, and told from other values', () => {
  const made = parseOptionCall('image(range = [0, 1])');
  assert.ok(
    isOptionCall(made) && Object.isFrozen(made) && Object.isFrozen(made.options) && Object.isFrozen(made.arguments),
  );
  for (const value of [null, 'a', 1, [], {}, { call: 'a' }, { call: 1, arguments: [], options: {} }, { x: made }]) {
    assert.equal(isOptionCall(value), false);
  }
});

test('in a shell, texts need no quotes', () => {
  assert.deepEqual(
    parseOptionCall('image(width=224,height=224,channels=BGR)'),
    call('image', { width: 224, height: 224, channels: 'BGR' }),
  );
  assert.deepEqual(
    parseOptionCall('classification(labels=imagenet_labels.txt,top=5)'),
    call('classification', { labels: 'imagenet_labels.txt', top: 5 }),
  );
  assert.deepEqual(parseOptionCall('text(../model-1/tokenizer.json)'), call('text', {}, '../model-1/tokenizer.json'));
  assert.deepEqual(parseOptionCall('a(b=/x/y z, c=1)'.replace(' z', '')), call('a', { b: '/x/y', c: 1 }));
  assert.deepEqual(
    parseOptionCall('a(b=-1, c=-0.5e3, d=+2, e=2024.txt, f=-x)'),
    call('a', { b: -1, c: -500, d: 2, e: '2024.txt', f: '-x' }),
  );
  assert.deepEqual(
    parseOptionCall('a(b=[x.txt,y], c=TRUE, d=null, e={f: g/h})'),
    call('a', { b: ['x.txt', 'y'], c: true, d: null, e: { f: 'g/h' } }),
  );
  assert.deepEqual(parseOptionCall(" a ( b = 'x, y' ) "), call('a', { b: 'x, y' }));
  assert.deepEqual(parseOptionCall('a(b=hf:org/name@v1)'), call('a', { b: 'hf:org/name@v1' }));
});

test('a text in quotes is the same in a shell and in SQL, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (value, key) => {
      const text = `a("${key.replaceAll('"', '""')}" = '${value.replaceAll("'", "''")}')`;
      assert.deepEqual(parseOptionCall(text), call('a', Object.fromEntries([[key, value]])));
      assert.deepEqual(optionsOf(`inputs = { x: ${text} }`), { inputs: { x: parseOptionCall(text) } });
    }),
  );
});

test('what is no call is refused with its place', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['inputs = { x: image( }', /column \d+: '}' stands where a value is expected/],
    ['inputs = { x: image(width = ) }', /'\)' stands where a value is expected/],
    ['inputs = { x: image(width = 1 }', /'}' stands where '\)' is expected/],
    ['inputs = { x: image(width = 1, width = 2) }', /name 'width' is given twice; give it once/],
    [
      "inputs = { x: image(width = 1, 'imagenet') }",
      /a value without a key stands behind keys of image\(\); write key = value/,
    ],
    ['inputs = { x: 5 }', /option 'inputs' is .*give columns or adapters by input/],
    ['inputs = image()', /option 'inputs' is .*give columns or adapters by input/],
    ['outputs = { y: [a] }', /option 'outputs' is .*or adapters by output/],
    ['outputs = raw()', /option 'outputs' is .*or adapters by output/],
    ['outputs = [raw()]', /option 'outputs' is .*or adapters by output/],
    ['batch_size = raw()', /option 'batch_size' is .*whole number/],
    ['task = 5', /option 'task' is 5; give a text/],
    ["variant = ''", /option 'variant' is ""; give a text/],
    [`inputs = { x: ${'a('.repeat(20)}`, /nested too deeply/],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => optionsOf(text), inframeError('STATEMENT_INVALID', message), text);
  }
  for (const text of [
    '',
    'image',
    'image(',
    'image()x',
    "image('a)",
    '(a)',
    'image() image()',
    "'image'()",
    'a(b=x y)',
  ]) {
    assert.throws(() => parseOptionCall(text), inframeError('STATEMENT_INVALID', /./), text);
  }
});

test('whatever stands in a shell, it is a call or refused in words', () => {
  const piece = fc.constantFrom(
    'a',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '=',
    ':',
    ',',
    '-',
    '.',
    '1',
    ' ',
    "'",
    '"',
    '$',
    '--',
    '/*',
    '\\',
    'é',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      try {
        return isOptionCall(parseOptionCall(`a(${pieces.join('')}`));
      } catch (error) {
        assert.ok(inframeError('STATEMENT_INVALID', /; /)(error));
        return true;
      }
    }),
    { numRuns: 2000 },
  );
});
