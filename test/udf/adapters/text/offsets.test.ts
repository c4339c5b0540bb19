import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { trimmed } from '../../../../src/udf/adapters/text/offsets.js';
import { encoded, golden, NAMES, opened, pairs, texts } from './golden.js';

for (const name of NAMES) {
  test(`${name}: the place of every token is that of the Python library`, () => {
    const tokenizer = opened(name);
    const { single, pair } = golden(name);
    const offsets = (...of: readonly [string, string?]): number[] => {
      const { ids, starts, ends, sequences } = encoded(tokenizer, ...of);
      return Array.from(ids).flatMap((_, at) => (sequences[at]! < 0 ? [-1, -1] : [starts[at]!, ends[at]!]));
    };
    texts.forEach((each, index) => {
      assert.deepEqual(offsets(each), single[index]![3], JSON.stringify(each));
    });
    pairs.forEach((each, index) => {
      assert.deepEqual(offsets(...each), pair[index]![3], JSON.stringify(each));
    });
  });
}

test('places lie in the text, and go on from left to right', () => {
  for (const name of NAMES) {
    const tokenizer = opened(name, { specialTokens: false });
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...texts), { maxLength: 5 }), parts => {
        const source = parts.join('');
        const { ids, starts, ends } = encoded(tokenizer, source);
        for (let at = 0; at < ids.length; at++) {
          assert.ok(starts[at]! >= 0 && starts[at]! <= ends[at]! && ends[at]! <= source.length);
          if (at > 0) assert.ok(starts[at]! >= starts[at - 1]!, `${name} ${JSON.stringify(source)} token ${at}`);
        }
      }),
      { numRuns: 20 },
    );
  }
});

test('a token of plain text is what stands at its place', () => {
  const { starts, ends, special } = encoded(opened('bert-uncased'), 'WINNER! Call 0800');
  const words = Array.from(starts).flatMap((start, at) =>
    special[at] ? [] : ['WINNER! Call 0800'.slice(start, ends[at])],
  );
  assert.equal(words.join(''), 'WINNER!Call0800');
});

test('spaces at the ends of a token are left out, but the one that was put before the text is not in it', () => {
  assert.deepEqual(trimmed(4, 9, [1, 0], false), [5, 9]);
  assert.deepEqual(trimmed(4, 9, [0, 2], false), [4, 7]);
  assert.deepEqual(trimmed(0, 5, [1, 0], true), [0, 5]);
  assert.deepEqual(trimmed(0, 2, [2, 2], false), [2, 2]);
  assert.deepEqual(trimmed(0, 2, [1, 1], true), [0, 0]);
});
