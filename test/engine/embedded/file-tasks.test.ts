import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planFileTasks } from '../../../src/engine/embedded/file-tasks.js';
import type { SourceFile } from '../../../src/frame/relation.js';

const MEGABYTE = 1024 * 1024;

function files(count: number, bytes: (index: number) => number = () => 50_000): readonly SourceFile[] {
  return Array.from({ length: count }, (_, index) => ({ path: `/p/${index}`, bytes: bytes(index), modified: 1 }));
}

test('every file is in one task, in order, within the bounds', () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 200 * MEGABYTE })), {
    maxLength: 400,
  });
  fc.assert(
    fc.property(sizes, sizesOf => {
      const source = files(sizesOf.length, index => sizesOf[index]!);
      const tasks = planFileTasks(source, undefined);
      assert.deepEqual(
        tasks.flatMap(task => task.files),
        source,
      );
      for (const task of tasks) {
        assert.equal(task.rows, task.files.length);
        const bytes = task.files.reduce((sum, file) => sum + file.bytes, 0);
        assert.ok(task.files.length === 1 || bytes <= 64 * MEGABYTE);
        assert.ok(task.files.length >= 1 && task.files.length <= 64 && task.range === undefined);
      }
    }),
  );
});

test('many files are neither a task each nor a few', () => {
  const counts = [1, 10, 100, 1000, 20_000].map(count => planFileTasks(files(count), undefined).length);
  // Eight files a task at least; 1000: 32 tasks of 32, the last two halved; 20 000: 312 tasks of 64 and one of 32, the last
  // twenty halved.
  assert.deepEqual(counts, [1, 2, 13, 34, 333]);
});

test('a limit takes the first files alone', () => {
  const wanted = planFileTasks(files(1_000_000), { count: 20, offset: 5 }).flatMap(task => task.files);
  assert.deepEqual(
    wanted.map(file => file.path),
    Array.from({ length: 20 }, (_, index) => `/p/${index + 5}`),
  );
  assert.deepEqual(planFileTasks(files(3), { count: 0, offset: 0 }), []);
});

test('a file that has another size changes its own task alone', () => {
  const before = planFileTasks(files(5000), undefined);
  const after = planFileTasks(
    files(5000, index => (index === 777 ? 60_000 : 50_000)),
    undefined,
  );
  const changed = before.filter((task, index) => JSON.stringify(task) !== JSON.stringify(after[index]));
  assert.deepEqual([before.length, changed.length], [after.length, 1]);
});
