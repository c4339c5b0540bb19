import { type ColumnView, isValid } from '../columns.js';
import type { InputBinding } from '../descriptor.js';
import { type NumericArray, numericArray } from '../dtypes.js';
import { type Feeds, groupBy, type InputPacker, type RowMarks } from '../input-packers.js';
import type { Dtype } from '../signature.js';
import { ValueError } from './value-error.js';

/** One row of a tensor that had to be made: a decoded picture, a waveform. */
export interface MadeRow {
  readonly data: NumericArray;
  readonly dims: readonly number[];
}

/** How many rows are made at once: decoders work on threads of their own, and each holds a row's pixels. */
const AT_ONCE = 2;

/**
 * Collects values that take time to become rows of a tensor: they are taken as they come, made into rows before the batch
 * is run, and rows of unlike shape are kept apart.
 */
export abstract class MadeRowsPacker<Value, Row extends MadeRow> implements InputPacker {
  abstract readonly binding: InputBinding;
  abstract readonly dtype: Dtype;
  readonly split: InputPacker['split'];
  /** By row of the batch; nothing where there is no value. */
  readonly #values: (Value | undefined)[] = [];
  readonly #rows: (Row | undefined)[] = [];
  /** Stands in where there is no row (P1). */
  readonly #blank: MadeRow | undefined;

  /** @param blank a row of zeros, where all rows have one shape */
  constructor(blank: MadeRow | undefined) {
    this.#blank = blank;
    this.split = blank === undefined ? rows => groupBy(rows, row => this.rowAt(row)!.dims.join()) : undefined;
  }

  /** The value of a row, copied: the view is good until the next chunk only. */
  protected abstract take(view: ColumnView, index: number): Value;

  /** @throws Error whose message says what is wrong with the value */
  protected abstract make(value: Value): Promise<Row>;

  /** What has become of a row; nothing where it has none. */
  rowAt(row: number): Row | undefined {
    return this.#rows[row];
  }

  append(view: ColumnView, _position: number, from: number, count: number, at: number): void {
    for (let row = 0; row < count; row++) {
      this.#values[at + row] = isValid(view.validity, from + row) ? this.take(view, from + row) : undefined;
    }
  }

  async prepare(rows: number, marks: RowMarks): Promise<void> {
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < rows) {
        const row = next++;
        const value = this.#values[row];
        this.#values[row] = undefined;
        if (value === undefined) continue;
        try {
          this.#rows[row] = await this.make(value);
        } catch (error) {
          if (!(error instanceof ValueError)) throw error;
          marks.fail(row, error.message);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  feedWhole(feeds: Feeds, rows: number, padded: number): void {
    this.feedSome(
      feeds,
      Array.from({ length: padded }, (_, row) => (row < rows ? row : 0)),
    );
  }

  feedSome(feeds: Feeds, rows: readonly number[]): void {
    const { dims, data: first } = this.rowAt(rows[0]!) ?? this.#blank!;
    const size = first.length;
    const data = numericArray(this.dtype, rows.length * size) as Uint8Array;
    rows.forEach((row, index) => {
      const made = this.rowAt(row);
      if (made !== undefined) data.set(made.data as Uint8Array, index * size);
    });
    feeds[this.binding.name] = { dtype: this.dtype, data, dims: [rows.length, ...dims] };
  }

  reset(): void {
    this.#values.length = 0;
    this.#rows.length = 0;
  }
}
