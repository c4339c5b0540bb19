import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lengthBatches, packTexts, RUN_COST } from '../../../../src/udf/adapters/text/batches.js';
import type { EncodedText } from '../../../../src/udf/adapters/text/tokenizer.js';

const table = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 60 });
const limits = fc.record({ maxTokens: fc.integer({ min: 1, max: 2000 }), maxRows: fc.integer({ min: 1, max: 20 }) });

function longest(group: readonly number[], lengths: readonly number[]): number {
  return Math.max(...group.map(row => lengths[row]!));
}

function cost(groups: readonly (readonly number[])[], lengths: readonly number[]): number {
  return groups.reduce((sum, group) => sum + group.length * longest(group, lengths) + RUN_COST, 0);
}

test('every row is in one group, groups keep the limits, and lengths go up', () => {
  fc.assert(
    fc.property(table, limits, (lengths, { maxTokens, maxRows }) => {
      const rows = lengths.map((_, row) => row).filter(row => row % 3 !== 1);
      const groups = lengthBatches(lengths, rows, { maxTokens, maxRows });
      assert.deepEqual(
        groups.flat().sort((a, b) => a - b),
        rows,
      );
      for (const group of groups) {
        assert.ok(
          group.length === 1 || (group.length <= maxRows && group.length * longest(group, lengths) <= maxTokens),
        );
      }
      const sorted = groups.flat().map(row => lengths[row]!);
      assert.deepEqual(
        sorted,
        [...sorted].sort((a, b) => a - b),
      );
      assert.deepEqual(lengthBatches(lengths, rows, { maxTokens, maxRows }), groups);
    }),
  );
});

test('no way to batch rows in any order is cheaper: padded tokens and runs together', () => {
  fc.assert(
    fc.property(table, limits, fc.infiniteStream(fc.nat()), (lengths, { maxTokens, maxRows }, random) => {
      const rows = lengths.map((_, row) => row);
      const best = cost(lengthBatches(lengths, rows, { maxTokens, maxRows }), lengths);
      const others = [
        rows,
        rows
          .map(row => ({ row, key: random.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ row }) => row),
      ];
      for (const order of others) {
        const groups: number[][] = [];
        for (const row of order) {
          const last = groups.at(-1);
          const joined = [...(last ?? []), row];
          const fits =
            last !== undefined && joined.length <= maxRows && joined.length * longest(joined, lengths) <= maxTokens;
          if (fits) last.push(row);
          else groups.push([row]);
        }
        assert.ok(best <= cost(groups, lengths));
      }
    }),
  );
});

function encodedOf(ids: readonly number[], types: readonly number[]): EncodedText {
  const zeros = new Int32Array(ids.length);
  return {
    ids: Int32Array.from(ids),
    types: Uint8Array.from(types),
    special: new Uint8Array(ids.length),
    sequences: new Int8Array(ids.length),
    starts: zeros,
    ends: zeros,
  };
}

const rows = [encodedOf([7, 8, 9], [0, 0, 1]), encodedOf([5], [0]), encodedOf([2 ** 31 - 1, 4], [0, 1])];
const int64 = { dtype: 'int64' } as const;
const inputs = {
  ids: { name: 'input_ids', ...int64 },
  mask: { name: 'attention_mask', ...int64 },
  types: { name: 'token_type_ids', dtype: 'int32' },
  length: undefined,
} as const;

test('a group is padded to its longest, at the end', () => {
  assert.deepEqual(packTexts(inputs, rows, [2, 1], { padId: 99, padType: 3, padSide: 'end' }), {
    input_ids: { dtype: 'int64', data: BigInt64Array.of(2147483647n, 4n, 5n, 99n), dims: [2, 2] },
    attention_mask: { dtype: 'int64', data: BigInt64Array.of(1n, 1n, 1n, 0n), dims: [2, 2] },
    token_type_ids: { dtype: 'int32', data: Int32Array.of(0, 1, 0, 3), dims: [2, 2] },
  });
});

test('or at the start, to the length and the number of rows that the network fixes', () => {
  const only = { ...inputs, mask: undefined, types: undefined };
  assert.deepEqual(packTexts(only, rows, [1, 0], { padId: 1, padType: 0, padSide: 'start', length: 4, rows: 3 }), {
    input_ids: { dtype: 'int64', data: BigInt64Array.of(1n, 1n, 1n, 5n, 1n, 7n, 8n, 9n, 1n, 7n, 8n, 9n), dims: [3, 4] },
  });
});

test('a row without tokens is one pad', () => {
  const packed = packTexts(inputs, [encodedOf([], [])], [0], { padId: 6, padType: 0, padSide: 'end' });
  assert.deepEqual(packed['input_ids']!.data, BigInt64Array.of(6n));
  assert.deepEqual(packed['attention_mask']!.data, BigInt64Array.of(0n));
});
