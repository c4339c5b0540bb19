import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Float64, Int32, Int64, Table, TimestampMicrosecond, vectorFromArray } from 'apache-arrow';
import { quoteText } from '../../src/connectors/duckdb/quote.js';
import { temporaryFolder } from '../support/sessions.js';
import { duck, numbersSql } from '../support/tables.js';
import { difference } from './compare.js';
import { type Input, Inputs, LAYOUTS, type Layout } from './inputs.js';
import { float64, int64, list, map, string, struct, table, timestamp } from './types.js';

/* The suite has to see what is wrong: what it compares with, and how tables lie in files. */

const twoInts = new Table({ a: vectorFromArray([1n, null], new Int64()) });
const floats = new Table({ a: vectorFromArray([0, Number.NaN, 0.1], new Float64()) });

test('tables that are the same have no difference', () => {
  assert.equal(difference(twoInts, table({ a: int64(1, null) }), true), undefined);
  assert.equal(difference(twoInts, table({ a: int64(null, 1) }), false), undefined);
  assert.equal(difference(floats, table({ a: float64(0, Number.NaN, 0.1) }), true), undefined);
  const near = { relative: 1e-9, reason: 'a test' };
  assert.equal(difference(floats, table({ a: float64(0, Number.NaN, 0.1 + 1e-12) }), true, near), undefined);
});

test('every difference is seen, and told', () => {
  const wrong = [
    [difference(twoInts, table({ b: int64(1, null) }), true), 'columns are a: Int64; expected b: Int64'],
    [
      difference(new Table({ a: vectorFromArray([1], new Int32()) }), table({ a: int64(1) }), true),
      'expected a: Int64',
    ],
    [difference(twoInts, table({ a: int64(1) }), true), '2 rows, expected 1'],
    [difference(twoInts, table({ a: int64(null, 1) }), true), 'row 0 is [1n], expected [null]'],
    [difference(twoInts, table({ a: int64(2, null) }), false), 'expected [2n]'],
    [difference(floats, table({ a: float64(-0, Number.NaN, 0.1) }), true), 'row 0 is [0], expected [-0]'],
    [difference(floats, table({ a: float64(0, null, 0.1) }), true), 'row 1 is [NaN], expected [null]'],
    [difference(floats, table({ a: float64(0, Number.NaN, 0.1 + 2 ** -56) }), true), 'row 2 is [0.1]'],
  ] as const;
  for (const [told, words] of wrong) assert.ok(told?.includes(words), `${words}: ${told}`);
});

test('moments are compared to the microsecond', () => {
  const type = new TimestampMicrosecond();
  const at = new Table({ a: vectorFromArray([Date.UTC(2024, 1, 29)], type) });
  assert.equal(difference(at, table({ a: timestamp('2024-02-29 00:00:00') }), true), undefined);
  assert.match(difference(at, table({ a: timestamp('2024-02-29 00:00:00.000001') }), true) ?? '', /row 0/);
});

const NESTED = table({
  n: int64(1, 2, 3, 4, 5, null, 7),
  s: string("it's", null, '', 'ü', 'a', 'b', 'c'),
  l: list(int64)([1, null], [], null, [2], [3], [4], [5]),
  o: struct({ x: float64, t: string })(...[1, -0, null, 4, 5, 6, 7].map(x => (x === null ? null : { x, t: null }))),
  m: map(string, int64)(...[1, 2, 3, 4, 5, 6, 7].map(v => [['k', v] as const])),
});

/** How many row groups all files of a table have together. */
function groupsOf(input: Input, { files, group }: Layout): number {
  const end = (file: number): number => Math.floor((input.rows * file) / files);
  const size = 'sql' in input ? 2048 : group;
  const counts = Array.from({ length: files }, (_, file) =>
    group === undefined ? 1 : Math.ceil((end(file + 1) - end(file)) / size!),
  );
  return counts.reduce((sum, each) => sum + each);
}

test('tables lie in files as their layout says, with all rows in order', async t => {
  const inputs = new Inputs(temporaryFolder(t));
  const generated: Input = { rows: 5000, sql: (from, to) => numbersSql(to - from, from) };
  for (const layout of LAYOUTS) {
    for (const input of [NESTED, generated] as readonly Input[]) {
      const folder = await inputs.folder(input, layout);
      const glob = quoteText(`${folder}/*.parquet`);
      const [counts] = await duck(
        `SELECT count(DISTINCT file_name)::INT, count(DISTINCT (file_name, row_group_id))::INT FROM parquet_metadata(${glob})`,
      );
      assert.deepEqual(counts, [layout.files, groupsOf(input, layout)], layout.name);
    }
    const folder = await inputs.folder(NESTED, layout);
    const rows = await duck(
      `SELECT n, s, l::VARCHAR, o.x, m['k'] FROM read_parquet(${quoteText(`${folder}/*.parquet`)})`,
    );
    assert.deepEqual(rows, [
      [1n, "it's", '[1, NULL]', 1, 1n],
      [2n, null, '[]', -0, 2n],
      [3n, '', null, null, 3n],
      [4n, 'ü', '[2]', 4, 4n],
      [5n, 'a', '[3]', 5, 5n],
      [null, 'b', '[4]', 6, 6n],
      [7n, 'c', '[5]', 7, 7n],
    ]);
  }
});
