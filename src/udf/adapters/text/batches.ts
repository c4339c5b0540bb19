import type { Tensor } from '../../runtime.js';
import type { TextInput, TextInputs } from './inputs.js';
import type { EncodedText } from './tokenizer.js';

/** How much one run of the network takes. */
export interface BatchLimits {
  /** Rows times the longest of them; one row alone may be longer. */
  readonly maxTokens: number;
  readonly maxRows: number;
}

/** What a run costs beside its tokens, in tokens: fewer are not worth a run of their own. */
export const RUN_COST = 64;

/**
 * Groups rows of like length: every row of a group is padded to its longest.
 *
 * Rows are sorted by length (those of one length as they come), and the sorted rows are cut where the padded tokens,
 * and `RUN_COST` for every group, are fewest. No grouping within the limits is cheaper, in source order or any other:
 * whatever the groups, the sorted rows cut into groups of the same sizes (in the order of their longest rows) have
 * longest rows that are no longer.
 *
 * @param lengths tokens of each row, by row number
 * @param rows the rows to group
 * @returns groups of rows, from the shortest to the longest; each row is in exactly one
 */
export function lengthBatches(lengths: ArrayLike<number>, rows: readonly number[], limits: BatchLimits): number[][] {
  const sorted = rows.map((row, index) => ({ row, index }));
  sorted.sort((a, b) => lengths[a.row]! - lengths[b.row]! || a.index - b.index);
  const { maxTokens, maxRows } = limits;
  // The cheapest way to group the first so many rows, and how many of them its last group has.
  const costs = new Float64Array(sorted.length + 1);
  const sizes = new Int32Array(sorted.length + 1);
  for (let end = 1; end <= sorted.length; end++) {
    const longest = lengths[sorted[end - 1]!.row]!;
    let best = Number.POSITIVE_INFINITY;
    for (let size = 1; size <= end && (size === 1 || (size <= maxRows && size * longest <= maxTokens)); size++) {
      const cost = costs[end - size]! + size * longest + RUN_COST;
      if (cost > best) continue;
      best = cost;
      sizes[end] = size;
    }
    costs[end] = best;
  }
  const groups: number[][] = [];
  for (let end = sorted.length; end > 0; end -= sizes[end]!) {
    groups.push(sorted.slice(end - sizes[end]!, end).map(({ row }) => row));
  }
  return groups.reverse();
}

/** How a group becomes tensors. */
export interface PackOptions {
  readonly padId: number;
  readonly padType: number;
  readonly padSide: 'end' | 'start';
  /** Tokens a row, where the network fixes them; the longest of the group otherwise. */
  readonly length?: number | undefined;
  /** Rows of the tensors, where the network fixes them; the last row is repeated. */
  readonly rows?: number | undefined;
}

/**
 * The tensors of one run, by input name: `[rows, tokens]` each.
 *
 * @param encoded tokens by row number
 * @param group the rows of this run, in the order they have in the tensors
 */
export function packTexts(
  inputs: TextInputs,
  encoded: readonly EncodedText[],
  group: readonly number[],
  options: PackOptions,
): Readonly<Record<string, Tensor>> {
  const rows = Math.max(options.rows ?? 0, group.length);
  let longest = 1;
  for (const row of group) longest = Math.max(longest, encoded[row]!.ids.length);
  const length = options.length ?? longest;
  const grid: Grid = {
    texts: Array.from({ length: rows }, (_, index) => encoded[group[Math.min(index, group.length - 1)]!]!),
    length,
    start: options.padSide === 'start',
  };
  const feeds: Record<string, Tensor> = {
    [inputs.ids.name]: filled(inputs.ids, grid, options.padId, text => text.ids),
  };
  if (inputs.mask !== undefined) feeds[inputs.mask.name] = filled(inputs.mask, grid, 0, () => undefined);
  if (inputs.types !== undefined) {
    feeds[inputs.types.name] = filled(inputs.types, grid, options.padType, text => text.types);
  }
  return feeds;
}

interface Grid {
  readonly texts: readonly EncodedText[];
  readonly length: number;
  /** True if the padding is at the beginning. */
  readonly start: boolean;
}

/** @param values undefined for a 1 a token */
function filled(
  input: TextInput,
  { texts, length, start }: Grid,
  padding: number,
  values: (text: EncodedText) => ArrayLike<number> | undefined,
): Tensor {
  const size = texts.length * length;
  const data = input.dtype === 'int64' ? new BigInt64Array(size) : new Int32Array(size);
  // An int64 of a token is its lower half: the upper is 0. Every platform of Node is little-endian.
  const numbers = data instanceof BigInt64Array ? new Int32Array(data.buffer) : data;
  const step = data instanceof BigInt64Array ? 2 : 1;
  texts.forEach((text, row) => {
    const count = Math.min(text.ids.length, length);
    const tokens = values(text);
    const first = start ? length - count : 0;
    for (let at = 0; at < length; at++) {
      const token = at - first;
      const inside = token >= 0 && token < count;
      numbers[(row * length + at) * step] = inside ? (tokens === undefined ? 1 : tokens[token]!) : padding;
    }
  });
  return { dtype: input.dtype, data, dims: [texts.length, length] };
}
