import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planTasks, type Slice } from '../../../src/engine/embedded/tasks.js';

const bounds = { outputBytes: 4, inputBytes: 80, modelBytes: 10_000 };

interface Table {
  readonly file: { readonly path: string; readonly bytes: number; readonly modified: number };
  readonly groups: readonly { readonly rows: number; readonly bytes: number }[];
}

function table(name: string, groups: readonly number[]): Table {
  return { file: { path: name, bytes: 1, modified: 0 }, groups: groups.map(rows => ({ rows, bytes: rows * 90 })) };
}

/** Every row of the slices as [file, row], in order; whole files are counted out. */
function rowsOf(slices: readonly Slice[], tables: readonly Table[]): string[] {
  return slices.flatMap(slice =>
    slice.files.flatMap(file => {
      const { groups } = tables.find(other => other.file === file)!;
      const { from, to } = slice.range ?? { from: 0, to: groups.reduce((sum, group) => sum + group.rows, 0) };
      return Array.from({ length: to - from }, (_, row) => `${file.path} ${from + row}`);
    }),
  );
}

const tables = fc
  .array(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 5 }), { maxLength: 6 })
  .map(files => files.map((groups, index) => table(`${index}.parquet`, groups)));

test('tasks hold every row once, in the order of the source, and no task is larger than it may be', () => {
  fc.assert(
    fc.property(tables, fc.integer({ min: 1, max: 100_000 }), (files, inputBytes) => {
      const slices = planTasks(files, undefined, { outputBytes: 4, inputBytes, modelBytes: 1_000_000 });
      const all = files.flatMap(({ file, groups }) => {
        const rows = groups.reduce((sum, group) => sum + group.rows, 0);
        return Array.from({ length: rows }, (_, row) => `${file.path} ${row}`);
      });
      assert.deepEqual(rowsOf(slices, files), all);
      for (const slice of slices) {
        assert.equal(slice.rows, rowsOf([slice], files).length);
        // Slices begin where DuckDB's vectors do, so a wide row may bring up to a vector more.
        assert.ok(
          slice.rows <= Math.max(4096, (1024 ** 3 / inputBytes) * 2),
          `${slice.rows} rows of ${inputBytes} bytes`,
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('a limit takes rows of the source from its offset on', () => {
  fc.assert(
    fc.property(tables, fc.nat({ max: 50_000 }), fc.nat({ max: 50_000 }), (files, count, offset) => {
      const everything = rowsOf(planTasks(files, undefined, bounds), files);
      const limited = rowsOf(planTasks(files, { count, offset }, bounds), files);
      assert.deepEqual(limited, everything.slice(offset, offset + count));
    }),
    { numRuns: 40 },
  );
});

test('a file more leaves the tasks of the others as they were', () => {
  const files = Array.from({ length: 10 }, (_, index) => table(`${index}.parquet`, [122_880, 122_880, 122_880]));
  const before = planTasks(files.slice(0, 9), undefined, bounds);
  const after = planTasks(files, undefined, bounds);
  assert.deepEqual(after.slice(0, before.length), before);
});

test('a large file is cut at its row groups', () => {
  const file = table('a.parquet', new Array(40).fill(122_880));
  for (const slice of planTasks([file], undefined, bounds).slice(0, 30)) assert.equal(slice.range!.from % 122_880, 0);
});

test('row groups are cut where the network takes longer than reading, and not where it does not', () => {
  const file = table('a.parquet', new Array(9).fill(122_880));
  const cheap = planTasks([file], undefined, bounds);
  // Nine row groups, the last two of them in halves.
  assert.deepEqual(
    cheap.map(slice => slice.rows),
    [...new Array(7).fill(122_880), ...new Array(4).fill(61_440)],
  );
  assert.ok(planTasks([file], undefined, { ...bounds, modelBytes: 2_000_000 }).length > 30);
});

test('small files share a task, and a source without rows has none', () => {
  const files = Array.from({ length: 50 }, (_, index) => table(`${index}.parquet`, [10]));
  assert.equal(planTasks(files, undefined, bounds).length, 1);
  assert.deepEqual(planTasks([table('a.parquet', [])], undefined, bounds), []);
});
