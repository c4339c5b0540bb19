import type { TextBinding } from '../../descriptor.js';
import { numericArray } from '../../dtypes.js';
import type { Feeds } from '../../input-packers.js';
import type { EncodedText } from './tokenizer.js';

/** What one run of a network takes. */
export interface RunBounds {
  /** Rows times the longest of them: what the network computes, padding included. */
  readonly maxTokens: number;
  readonly maxRows: number;
}

/**
 * Rows of like length together: a run costs its rows times the longest of them. Sorted by length, and by place where equal, then cut
 * where the next row would go over a bound.
 *
 * @param lengths tokens of each of `rows`, in their order
 * @returns every row once
 */
export function lengthBatches(
  lengths: readonly number[],
  rows: readonly number[],
  { maxTokens, maxRows }: RunBounds,
): readonly (readonly number[])[] {
  const order = rows.map((_, at) => at).sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  const batches: number[][] = [];
  let open: number[] = [];
  for (const at of order) {
    // The row is the longest so far.
    if (open.length > 0 && (open.length >= maxRows || (open.length + 1) * lengths[at]! > maxTokens)) {
      batches.push(open);
      open = [];
    }
    open.push(rows[at]!);
  }
  if (open.length > 0) batches.push(open);
  return batches;
}

/** How rows are filled up. */
export interface Padding {
  readonly padId: number;
  readonly padType: number;
  readonly padSide: 'end' | 'start';
}

/** The token tensors of some rows: ids, and attention mask and token types where the network has them. */
export function tokenTensors(
  texts: readonly EncodedText[],
  { name, mask, types, dtype, length }: TextBinding,
  { padId, padType, padSide }: Padding,
  feeds: Feeds,
): void {
  const width = length ?? texts.reduce((most, { ids }) => Math.max(most, ids.length), 1);
  const dims = [texts.length, width];
  const tensor = (fill: number, valuesOf: (text: EncodedText) => ArrayLike<number> | number): Feeds[string] => {
    const data = numericArray(dtype, texts.length * width);
    const convert = dtype === 'int64' ? BigInt : (value: number): number => value;
    (data as Int32Array).fill(convert(fill) as number);
    texts.forEach((text, row) => {
      const values = valuesOf(text);
      const count = text.ids.length;
      const from = row * width + (padSide === 'end' ? 0 : width - count);
      for (let at = 0; at < count; at++) {
        data[from + at] = convert(typeof values === 'number' ? values : values[at]!) as number;
      }
    });
    return { dtype, data, dims };
  };
  feeds[name] = tensor(padId, ({ ids }) => ids);
  if (mask !== undefined) feeds[mask] = tensor(0, () => 1);
  if (types !== undefined) feeds[types] = tensor(padType, text => text.types);
}
