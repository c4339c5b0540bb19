import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { spread } from '../../../src/engine/embedded/spread.js';

const GIB = 1024 ** 3;

test('a small model is open in every worker, with one thread each', () => {
  assert.deepEqual(spread(50_000, { cores: 8, workers: 8, threads: undefined, memory: 16 * GIB }), {
    workers: 8,
    threads: 1,
  });
});

test('a model too large for that is open less often, and each run takes more threads', () => {
  // Three times 2 GiB a copy: two of them fit in half of 24 GiB.
  assert.deepEqual(spread(2 * GIB, { cores: 8, workers: 8, threads: undefined, memory: 24 * GIB }), {
    workers: 2,
    threads: 4,
  });
  assert.deepEqual(spread(40 * GIB, { cores: 8, workers: 8, threads: undefined, memory: 24 * GIB }), {
    workers: 1,
    threads: 8,
  });
});

test('what the user says is done', () => {
  assert.deepEqual(spread(50_000, { cores: 8, workers: 2, threads: 3, memory: 16 * GIB }), { workers: 2, threads: 3 });
  assert.deepEqual(spread(50_000, { cores: 8, workers: 2, threads: undefined, memory: 16 * GIB }), {
    workers: 2,
    threads: 4,
  });
});

test('there is always a worker and a thread, and never more threads than cores', () => {
  const size = fc.integer({ min: 0, max: 2 ** 42 });
  const few = fc.integer({ min: 1, max: 64 });
  fc.assert(
    fc.property(size, few, few, fc.integer({ min: 1, max: 2 ** 40 }), (bytes, cores, workers, memory) => {
      const chosen = spread(bytes, { cores, workers, threads: undefined, memory });
      assert.ok(chosen.workers >= 1 && chosen.workers <= workers && chosen.threads >= 1);
      assert.ok(chosen.workers * chosen.threads <= Math.max(cores, workers));
    }),
  );
});
