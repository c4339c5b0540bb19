import { InframeError } from '../../frame/errors.js';
import { elementsOf, type TensorOutput } from '../descriptor.js';
import { type NumericArray, numericArray } from '../dtypes.js';
import type { Tensor } from '../runtime.js';
import type { OutputCollector, RunRows } from './collector.js';

/**
 * The values of one output for all rows of a task, flat: row r of an output of k elements stands at r*k. Rows without a
 * prediction hold zeros or empty strings; who is valid is told apart (see scorer.ts).
 */
export class TensorCollector implements OutputCollector {
  readonly binding: TensorOutput;
  /** Elements a row, or undefined where rows differ. */
  readonly size: number | undefined;
  #buffer: NumericArray | string[];
  /** Rows that differ in length, each with its own values. */
  readonly ragged: (NumericArray | readonly string[] | undefined)[] = [];

  constructor(binding: TensorOutput, rows: number) {
    this.binding = binding;
    this.size = elementsOf(binding.rowDims);
    this.#buffer = binding.dtype === 'string' ? [] : numericArray(binding.dtype, (this.size ?? 0) * rows);
  }

  /** All values so far; only where {@link TensorCollector.size} is known. */
  get values(): NumericArray | readonly string[] {
    return this.#buffer;
  }

  put(results: Readonly<Record<string, Tensor>>, { base, rows, count }: RunRows): void {
    const tensor = results[this.binding.name]!;
    const at = rows === undefined ? base : rows.map(row => base + row);
    const perRow = this.#check(tensor, count);
    if (this.size === undefined) this.#putRagged(tensor, at, count, perRow);
    else if (Array.isArray(this.#buffer)) this.#putStrings(this.#buffer, tensor.data as readonly string[], at, count);
    else this.#putNumbers(tensor.data as Float32Array, at, count, this.size);
  }

  /** Makes room for rows that nothing is put into. */
  skipTo(rows: number): void {
    if (this.size === undefined) {
      while (this.ragged.length < rows) this.ragged.push(undefined);
    } else if (Array.isArray(this.#buffer)) {
      while (this.#buffer.length < rows * this.size) this.#buffer.push('');
    } else {
      this.#reserve(rows * this.size);
    }
  }

  #check(tensor: Tensor, rows: number): number {
    const perRow = tensor.dims.slice(1).reduce((product, dim) => product * dim, 1);
    // A padded run gives more rows than were asked for; fewer would shift answers between rows.
    if ((tensor.dims[0] ?? 0) < rows || (this.size !== undefined && perRow !== this.size)) {
      throw new InframeError(
        'SHAPE_MISMATCH',
        `output '${this.binding.name}' has shape [${tensor.dims.join(', ')}] for ${rows} rows; expected ${this.size ?? 'some'} values a row`,
      );
    }
    return perRow;
  }

  #putNumbers(data: Float32Array, at: number | readonly number[], rows: number, size: number): void {
    if (typeof at === 'number') {
      this.#reserve((at + rows) * size);
      (this.#buffer as Float32Array).set(data.subarray(0, rows * size), at * size);
      return;
    }
    this.#reserve((at.reduce((most, row) => Math.max(most, row), 0) + 1) * size);
    const buffer = this.#buffer as Float32Array;
    for (const [index, row] of at.entries()) buffer.set(data.subarray(index * size, (index + 1) * size), row * size);
  }

  #putStrings(buffer: string[], data: readonly string[], at: number | readonly number[], rows: number): void {
    const size = this.size!;
    for (let index = 0; index < rows; index++) {
      const row = typeof at === 'number' ? at + index : at[index]!;
      while (buffer.length < row * size) buffer.push('');
      for (let element = 0; element < size; element++) buffer[row * size + element] = data[index * size + element]!;
    }
  }

  #putRagged(tensor: Tensor, at: number | readonly number[], rows: number, perRow: number): void {
    for (let index = 0; index < rows; index++) {
      const row = typeof at === 'number' ? at + index : at[index]!;
      this.skipTo(row + 1);
      this.ragged[row] = tensor.data.slice(index * perRow, (index + 1) * perRow) as NumericArray | readonly string[];
    }
  }

  #reserve(length: number): void {
    const buffer = this.#buffer as Float32Array;
    if (length <= buffer.length) return;
    const larger = numericArray(this.binding.dtype, Math.max(length, buffer.length * 2)) as Float32Array;
    larger.set(buffer);
    this.#buffer = larger;
  }
}
