import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptLengths, type TruncationStrategy } from '../../../../src/udf/adapters/text/truncation.js';
import { goldenOf } from './golden.js';

// By the Python library: a tokenizer of words, `enable_truncation(room, strategy=...)`, `encode('a ' * first, 'a ' * second)`,
// and the tokens counted that stay of either; first and second from 0 to 6, two digits each, -- where it refuses.
const expected =
  goldenOf<readonly (readonly [strategy: TruncationStrategy, room: number, kept: string])[]>('truncation');

test('of pairs as much stays as in the Python library, for all lengths to 6 and all room to 6', () => {
  for (const [strategy, room, kept] of expected) {
    let got = '';
    for (let first = 0; first < 7; first++) {
      for (let second = 0; second < 7; second++) got += keptLengths(first, second, room, strategy)?.join('') ?? '--';
    }
    assert.equal(got, kept, `${strategy}, ${room} tokens`);
  }
});

test('of one text the rest goes', () => {
  assert.deepEqual(keptLengths(9, undefined, 5, 'longest_first'), [5, 0]);
  assert.deepEqual(keptLengths(9, undefined, 5, 'only_first'), [5, 0]);
  assert.equal(keptLengths(9, undefined, 5, 'only_second'), undefined);
  assert.deepEqual(keptLengths(3, undefined, 5, 'longest_first'), [3, 0]);
});
