import { InframeError } from '../../../frame/errors.js';
import { type ColumnView, isValid, type StringColumn } from '../../columns.js';
import type { TextBinding } from '../../descriptor.js';
import type { Feeds, InputPacker, RowMarks } from '../../input-packers.js';
import { lengthBatches, tokenTensors } from './batches.js';
import { type EncodedText, openTokenizer, type TextTokenizer } from './tokenizer.js';

/**
 * What one run of a network takes: padding to the longest row costs as much as tokens do, so rows of like length go
 * together.
 */
const MOST_TOKENS = 4096;

/** Texts of a batch as token ids `[N, L]`, with attention mask and token types where the network has them. */
export class TextPacker implements InputPacker {
  readonly binding: TextBinding;
  readonly split: (rows: readonly number[]) => readonly (readonly number[])[];
  readonly #texts: (string | undefined)[] = [];
  readonly #pairs: (string | undefined)[] = [];
  readonly #rows: (EncodedText | undefined)[] = [];
  #tokenizer: TextTokenizer | undefined;

  constructor(binding: TextBinding, runRows: number) {
    this.binding = binding;
    this.split = rows =>
      lengthBatches(
        rows.map(row => this.rowAt(row).ids.length),
        rows,
        { maxTokens: MOST_TOKENS, maxRows: runRows },
      );
  }

  append(view: ColumnView, position: number, from: number, count: number, at: number): void {
    const texts = view as StringColumn;
    const target = position === 0 ? this.#texts : this.#pairs;
    for (let row = 0; row < count; row++) {
      target[at + row] = isValid(texts.validity, from + row) ? texts.at(from + row) : undefined;
    }
  }

  async prepare(rows: number, marks: RowMarks): Promise<void> {
    this.#tokenizer ??= openTokenizer({ ...this.binding, adapter: 'text' }, this.binding.length);
    const pairs = this.binding.columns === 2;
    for (let row = 0; row < rows; row++) {
      const text = this.#texts[row];
      const pair = this.#pairs[row];
      if (text === undefined || (pairs && pair === undefined)) continue;
      const encoded = this.#tokenizer.encode(text, pair);
      if ('failure' in encoded) marks.fail(row, encoded.failure);
      else this.#rows[row] = encoded;
    }
  }

  /** The tokens of a row that has not failed. */
  rowAt(row: number): EncodedText {
    return this.#rows[row]!;
  }

  textAt(row: number): string {
    return this.#texts[row]!;
  }

  /** Where a row's tokens begin in a tensor of so many a row. */
  firstToken(row: number, width: number): number {
    return this.#tokenizer!.padSide === 'end' ? 0 : width - this.rowAt(row).ids.length;
  }

  feedWhole(): void {
    throw new InframeError('INTERNAL', 'texts are run in groups');
  }

  feedSome(feeds: Feeds, rows: readonly number[]): void {
    tokenTensors(
      rows.map(row => this.rowAt(row)),
      this.binding,
      this.#tokenizer!,
      feeds,
    );
  }

  reset(): void {
    this.#texts.length = 0;
    this.#pairs.length = 0;
    this.#rows.length = 0;
  }
}
