import { InframeError } from '../../../frame/errors.js';
import { type ColumnView, isValid, type StringColumn } from '../../columns.js';
import type { TextBinding } from '../../descriptor.js';
import type { Feeds, InputPacker, RowMarks } from '../../input-packers.js';
import { lengthBatches, packTexts } from './batches.js';
import type { TextInputs } from './inputs.js';
import { type EncodedText, openTokenizer, type TextTokenizer } from './tokenizer.js';

/** What one run of a network takes, padding included: more leave the caches. */
const MOST_TOKENS = 4096;

/** Texts of a batch as token ids `[N, L]`, with attention mask and token types where the network has them. */
export class TextPacker implements InputPacker {
  readonly binding: TextBinding;
  readonly split: (rows: readonly number[]) => readonly (readonly number[])[];
  readonly #inputs: TextInputs;
  readonly #texts: (string | undefined)[] = [];
  readonly #pairs: (string | undefined)[] = [];
  readonly #rows: EncodedText[] = [];
  #lengths = new Int32Array(0);
  #tokenizer: TextTokenizer | undefined;

  /** @param runRows rows in one run of the network */
  constructor(binding: TextBinding, runRows: number) {
    const { name, dtype, mask, types, length } = binding;
    const input = (of: string | undefined) => (of === undefined ? undefined : { name: of, dtype });
    this.binding = binding;
    this.#inputs = { ids: { name, dtype }, mask: input(mask), types: input(types), length };
    this.split = rows => lengthBatches(this.#lengths, rows, { maxTokens: MOST_TOKENS, maxRows: runRows });
  }

  append(view: ColumnView, position: number, from: number, count: number, at: number): void {
    const texts = view as StringColumn;
    const target = position === 0 ? this.#texts : this.#pairs;
    for (let row = 0; row < count; row++) {
      target[at + row] = isValid(texts.validity, from + row) ? texts.at(from + row) : undefined;
    }
  }

  async prepare(rows: number, marks: RowMarks): Promise<void> {
    const { binding } = this;
    this.#tokenizer ??= openTokenizer({ ...binding, adapter: 'text' }, binding.length);
    if (this.#lengths.length < rows) this.#lengths = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      const text = this.#texts[row];
      const pair = this.#pairs[row];
      if (text === undefined || (binding.columns === 2 && pair === undefined)) continue;
      const encoded = this.#tokenizer.encode(text, pair);
      if ('failure' in encoded) {
        marks.fail(row, encoded.failure);
        continue;
      }
      this.#rows[row] = encoded;
      this.#lengths[row] = encoded.ids.length;
    }
  }

  /** The tokens of a row that has not failed. */
  rowAt(row: number): EncodedText {
    return this.#rows[row]!;
  }

  /** The row's text, and the second one of a pair. */
  textsAt(row: number): readonly [string, string?] {
    const pair = this.#pairs[row];
    return pair === undefined ? [this.#texts[row]!] : [this.#texts[row]!, pair];
  }

  /** Where a row's tokens begin in a tensor of so many a row. */
  firstToken(row: number, width: number): number {
    return this.#tokenizer!.padSide === 'end' ? 0 : width - this.rowAt(row).ids.length;
  }

  feedWhole(): void {
    throw new InframeError('INTERNAL', 'texts are run in groups');
  }

  feedSome(feeds: Feeds, rows: readonly number[]): void {
    const { padId, padType, padSide } = this.#tokenizer!;
    Object.assign(
      feeds,
      packTexts(this.#inputs, this.#rows, rows, { padId, padType, padSide, length: this.binding.length }),
    );
  }

  reset(): void {
    this.#texts.length = 0;
    this.#pairs.length = 0;
    this.#rows.length = 0;
  }
}
