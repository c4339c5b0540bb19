import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Memo } from '../../../src/engine/embedded/memo.js';

test('what has been asked is not asked again, and failures are not kept', async () => {
  const memo = new Memo<number>(10);
  let asked = 0;
  const ask = async (): Promise<number> => ++asked;
  assert.deepEqual([await memo.get('a', ask), await memo.get('a', ask), await memo.get('b', ask)], [1, 1, 2]);
  const fail = async (): Promise<number> => Promise.reject(new Error('no'));
  await assert.rejects(memo.get('c', fail), /no/);
  assert.equal(await memo.get('c', ask), 3);
});

test('the answer longest unused goes first', async () => {
  const memo = new Memo<string>(2);
  await memo.get('a', async () => 'first a');
  await memo.get('b', async () => 'first b');
  await memo.get('a', async () => 'second a');
  await memo.get('c', async () => 'first c');
  assert.equal(await memo.get('a', async () => 'third a'), 'first a');
  assert.equal(await memo.get('b', async () => 'second b'), 'second b');
});

test('a very long key is not kept', async () => {
  const memo = new Memo<number>(10);
  const key = 'x'.repeat(100_000);
  await memo.get(key, async () => 1);
  assert.equal(await memo.get(key, async () => 2), 2);
});
