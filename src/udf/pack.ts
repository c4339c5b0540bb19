import { InframeError } from '../frame/errors.js';
import { type ColumnView, isValid, type ListColumn, type NumericColumn, type StringColumn } from './columns.js';
import { type CallDescriptor, elementsOf, type InputBinding } from './descriptor.js';
import { type NumericArray, numericArray } from './dtypes.js';
import type { Tensor } from './runtime.js';

/** What has become of a row. */
export const ROW_OK = 0;
/** An input was null: no prediction, and no failure. */
export const ROW_NULL = 1;
/** An input did not fit, or the model failed on it: no prediction, and it is counted. */
export const ROW_FAILED = 2;

/**
 * Collects the rows of a batch, column by column, into the buffers of input tensors.
 *
 * Invariant P1: positions 0 to `rows` of every buffer hold the batch; a row that is not ROW_OK holds zeros or empty
 * strings, so that it can be run with the others and its result thrown away.
 */
export class BatchPacker {
  readonly capacity: number;
  readonly #call: CallDescriptor;
  readonly #inputs: readonly InputPacker[];
  readonly #status: Uint8Array;
  readonly #reasons = new Map<number, string>();
  rows = 0;

  constructor(call: CallDescriptor) {
    this.#call = call;
    this.capacity = call.batchRows;
    this.#status = new Uint8Array(call.batchRows);
    this.#inputs = call.inputs.map(input =>
      input.layout === 'list' ? new ListPacker(input, this.capacity) : new ScalarPacker(input, this.capacity),
    );
  }

  get full(): boolean {
    return this.rows === this.capacity;
  }

  /** What has become of each row of the batch so far. */
  get status(): Uint8Array {
    return this.#status.subarray(0, this.rows);
  }

  reasonOf(row: number): string {
    return this.#reasons.get(row) ?? 'the model failed on it';
  }

  fail(row: number, reason: string): void {
    this.#status[row] = ROW_FAILED;
    this.#reasons.set(row, reason);
  }

  /**
   * Takes rows of a chunk, as many as there is room for.
   *
   * @param columns the call's arguments
   * @returns how many were taken
   */
  append(columns: readonly ColumnView[], from: number, count: number): number {
    const taken = Math.min(count, this.capacity - this.rows);
    const at = this.rows;
    this.#status.fill(ROW_OK, at, at + taken);
    this.rows += taken;
    let column = 0;
    for (const input of this.#inputs) {
      const own = columns.slice(column, column + input.binding.columns);
      column += input.binding.columns;
      own.forEach((view, position) => {
        this.#markNulls(view, input.binding, from, taken, at);
        input.append(view, position, from, taken, at, this);
      });
    }
    for (; column < columns.length; column++) this.#markMisfits(columns[column]!, from, taken, at);
    return taken;
  }

  #markNulls(view: ColumnView, binding: InputBinding, from: number, count: number, at: number): void {
    const { validity } = view;
    if (validity === undefined) return;
    const asNaN = this.#call.nulls === 'nan' && (binding.dtype === 'float32' || binding.dtype === 'float64');
    if (asNaN && view.kind !== 'list') return;
    for (let row = 0; row < count; row++) {
      if (isValid(validity, from + row)) continue;
      if (this.#call.nulls === 'fail') {
        throw new InframeError(
          'MODEL_RUN_FAILED',
          `input '${binding.name}' of model '${this.#call.modelName}' is null in a row; filter such rows out, or load the model with nulls: 'null'`,
        );
      }
      if (this.#status[at + row] === ROW_OK) this.#status[at + row] = ROW_NULL;
    }
  }

  /** A value that did not fit its integer type was read as null; it is a failure all the same. */
  #markMisfits(view: ColumnView, from: number, count: number, at: number): void {
    const { values } = view as NumericColumn;
    for (let row = 0; row < count; row++) {
      if (values[from + row] && isValid(view.validity, from + row)) {
        this.fail(at + row, 'a value does not fit the integer type of the input');
      }
    }
  }

  /** A list held a null: like any null. */
  markNull(row: number): void {
    if (this.#call.nulls === 'fail') {
      throw new InframeError(
        'MODEL_RUN_FAILED',
        `input of model '${this.#call.modelName}' holds a null in a list; filter such rows out, or load the model with nulls: 'null'`,
      );
    }
    if (this.#status[row] === ROW_OK) this.#status[row] = ROW_NULL;
  }

  /** The whole batch as tensors. Only for inputs whose rows all have one shape. */
  whole(padTo: number): Readonly<Record<string, Tensor>> {
    const feeds: Record<string, Tensor> = {};
    for (const input of this.#inputs) feeds[input.binding.name] = input.whole(this.rows, Math.max(padTo, this.rows));
    return feeds;
  }

  /** Some rows of the batch as tensors, repeated to `padTo` rows; slower than {@link BatchPacker.whole}. */
  gather(rows: readonly number[], padTo: number): Readonly<Record<string, Tensor>> {
    const padded = [...rows];
    while (padded.length < padTo) padded.push(rows[rows.length - 1]!);
    const feeds: Record<string, Tensor> = {};
    for (const input of this.#inputs) feeds[input.binding.name] = input.gather(padded);
    return feeds;
  }

  /** Rows whose inputs have the same shape, group by group, in order of first appearance; undefined if all have one. */
  groups(): readonly (readonly number[])[] | undefined {
    const ragged = this.#inputs.filter((input): input is ListPacker => input instanceof ListPacker && input.ragged);
    if (ragged.length === 0) return undefined;
    const groups = new Map<string, number[]>();
    for (let row = 0; row < this.rows; row++) {
      if (this.#status[row] !== ROW_OK) continue;
      const key = ragged.map(input => input.lengthOf(row)).join(',');
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [row]);
      else group.push(row);
    }
    return [...groups.values()];
  }

  /** Ready for the next batch; the buffers stay. */
  reset(): void {
    this.rows = 0;
    this.#reasons.clear();
    for (const input of this.#inputs) input.reset();
  }
}

/** Buffers of one input. */
interface InputPacker {
  readonly binding: InputBinding;
  append(view: ColumnView, position: number, from: number, count: number, at: number, batch: BatchPacker): void;
  whole(rows: number, padded: number): Tensor;
  gather(rows: readonly number[]): Tensor;
  reset(): void;
}

type Buffer = NumericArray | string[];

function makeBuffer(dtype: InputBinding['dtype'], length: number): Buffer {
  return dtype === 'string' ? new Array<string>(length).fill('') : numericArray(dtype, length);
}

function part(buffer: Buffer, length: number): NumericArray | string[] {
  if (buffer.length === length) return buffer;
  return Array.isArray(buffer) ? buffer.slice(0, length) : buffer.subarray(0, length);
}

/** An input fed by scalar columns: `columns` layout `[k, capacity]`, `rows` layout `[capacity, k]`. */
class ScalarPacker implements InputPacker {
  readonly binding: InputBinding;
  readonly #capacity: number;
  readonly #width: number;
  readonly #columnMajor: boolean;
  readonly #buffer: Buffer;

  constructor(binding: InputBinding, capacity: number) {
    this.binding = binding;
    this.#capacity = capacity;
    this.#width = binding.columns;
    this.#columnMajor = binding.layout === 'columns';
    this.#buffer = makeBuffer(binding.dtype, capacity * this.#width);
  }

  append(view: ColumnView, position: number, from: number, count: number, at: number): void {
    const buffer = this.#buffer;
    const start = this.#columnMajor ? position * this.#capacity + at : at * this.#width + position;
    const step = this.#columnMajor ? 1 : this.#width;
    if (view.kind === 'string') {
      const strings = buffer as string[];
      for (let row = 0, to = start; row < count; row++, to += step) {
        strings[to] = isValid(view.validity, from + row) ? view.at(from + row) : '';
      }
      return;
    }
    const numbers = buffer as Float32Array;
    const source = (view as NumericColumn).values as Float32Array;
    if (step === 1) {
      numbers.set(source.subarray(from, from + count), start);
    } else {
      for (let row = 0, to = start; row < count; row++, to += step) numbers[to] = source[from + row]!;
    }
    if (view.validity !== undefined) this.#clearNulls(view, from, count, start, step);
  }

  /** What stands where a value is null is anything: NaN for floats (which only `nulls: 'nan'` lets through), zero else. */
  #clearNulls(view: ColumnView, from: number, count: number, start: number, step: number): void {
    const buffer = this.#buffer as Float32Array | BigInt64Array;
    const float = this.binding.dtype === 'float32' || this.binding.dtype === 'float64';
    const nothing = float ? Number.NaN : buffer instanceof BigInt64Array || buffer instanceof BigUint64Array ? 0n : 0;
    for (let row = 0, to = start; row < count; row++, to += step) {
      if (!isValid(view.validity, from + row)) buffer[to] = nothing;
    }
  }

  whole(rows: number, padded: number): Tensor {
    const { dtype } = this.binding;
    const width = this.#width;
    if (!this.#columnMajor) {
      const buffer = this.#buffer;
      for (let row = rows; row < padded; row++) {
        for (let column = 0; column < width; column++) buffer[row * width + column] = buffer[column]!;
      }
      return { dtype, data: part(buffer, padded * width), dims: [padded, ...(this.binding.rowDims as number[])] };
    }
    if (padded === this.#capacity && rows === padded) {
      return { dtype, data: this.#buffer as NumericArray, dims: [width, padded] };
    }
    return this.gather(Array.from({ length: padded }, (_, row) => (row < rows ? row : 0)));
  }

  gather(rows: readonly number[]): Tensor {
    const { dtype } = this.binding;
    const width = this.#width;
    const result = makeBuffer(dtype, rows.length * width);
    const source = this.#buffer;
    for (let column = 0; column < width; column++) {
      for (let index = 0; index < rows.length; index++) {
        const row = rows[index]!;
        const from = this.#columnMajor ? column * this.#capacity + row : row * width + column;
        const to = this.#columnMajor ? column * rows.length + index : index * width + column;
        result[to] = source[from]!;
      }
    }
    const dims = this.#columnMajor ? [width, rows.length] : [rows.length, ...(this.binding.rowDims as number[])];
    return { dtype, data: result, dims };
  }

  reset(): void {}
}

/** An input fed by a list column: rows of one length in one buffer, rows of several lengths one after the other. */
class ListPacker implements InputPacker {
  readonly binding: InputBinding;
  /** True if rows may have different lengths. */
  readonly ragged: boolean;
  readonly #size: number;
  #buffer: Buffer;
  #filled = 0;
  readonly #offsets: Float64Array;
  readonly #lengths: Float64Array;
  /** The lengths a ragged row may have are multiples of this: the product of the dimensions that are known. */
  readonly #unit: number;

  constructor(binding: InputBinding, capacity: number) {
    this.binding = binding;
    const size = elementsOf(binding.rowDims);
    this.ragged = size === undefined;
    this.#size = size ?? 0;
    this.#unit = elementsOf(binding.rowDims.filter(dim => dim !== null)) ?? 1;
    this.#buffer = makeBuffer(binding.dtype, this.ragged ? 1024 : capacity * this.#size);
    this.#offsets = new Float64Array(this.ragged ? capacity : 0);
    this.#lengths = new Float64Array(this.ragged ? capacity : 0);
  }

  lengthOf(row: number): number {
    return this.#lengths[row]!;
  }

  append(view: ColumnView, _position: number, from: number, count: number, at: number, batch: BatchPacker): void {
    const list = view as ListColumn;
    for (let row = 0; row < count; row++) {
      const valid = isValid(list.validity, from + row);
      const offset = Number(list.entries[(from + row) * 2]);
      const length = valid ? Number(list.entries[(from + row) * 2 + 1]) : 0;
      if (this.ragged) this.#appendRagged(list, valid, offset, length, at + row, batch);
      else this.#appendFixed(list, valid, offset, length, at + row, batch);
    }
  }

  #appendFixed(
    list: ListColumn,
    valid: boolean,
    offset: number,
    length: number,
    row: number,
    batch: BatchPacker,
  ): void {
    const to = row * this.#size;
    if (valid && length === this.#size) {
      this.#copy(list.child, offset, length, to, row, batch);
      return;
    }
    if (valid) {
      batch.fail(row, `a list of ${length} values stands where the input '${this.binding.name}' takes ${this.#size}`);
    }
    clear(this.#buffer, to, to + this.#size);
  }

  #appendRagged(
    list: ListColumn,
    valid: boolean,
    offset: number,
    length: number,
    row: number,
    batch: BatchPacker,
  ): void {
    this.#offsets[row] = this.#filled;
    this.#lengths[row] = length;
    if (!valid) return;
    if (length === 0 || length % this.#unit !== 0) {
      batch.fail(row, `a list of ${length} values does not fit the input '${this.binding.name}'`);
      this.#lengths[row] = 0;
      return;
    }
    this.#reserve(this.#filled + length);
    this.#copy(list.child, offset, length, this.#filled, row, batch);
    this.#filled += length;
  }

  #reserve(length: number): void {
    if (length <= this.#buffer.length) return;
    const larger = makeBuffer(this.binding.dtype, Math.max(length, this.#buffer.length * 2));
    if (Array.isArray(larger)) larger.splice(0, this.#buffer.length, ...(this.#buffer as string[]));
    else (larger as Float32Array).set(this.#buffer as Float32Array);
    this.#buffer = larger;
  }

  #copy(
    child: NumericColumn | StringColumn,
    offset: number,
    length: number,
    to: number,
    row: number,
    batch: BatchPacker,
  ): void {
    if (child.kind === 'string') {
      const strings = this.#buffer as string[];
      for (let index = 0; index < length; index++) {
        const valid = isValid(child.validity, offset + index);
        strings[to + index] = valid ? child.at(offset + index) : '';
        if (!valid) batch.markNull(row);
      }
      return;
    }
    const numbers = this.#buffer as Float32Array;
    numbers.set((child.values as Float32Array).subarray(offset, offset + length), to);
    if (child.validity === undefined) return;
    for (let index = 0; index < length; index++) {
      if (isValid(child.validity, offset + index)) continue;
      batch.markNull(row);
      clear(this.#buffer, to + index, to + index + 1);
    }
  }

  whole(rows: number, padded: number): Tensor {
    if (this.ragged) return this.gather(Array.from({ length: padded }, (_, row) => Math.min(row, rows - 1)));
    const size = this.#size;
    for (let row = rows; row < padded; row++) {
      for (let index = 0; index < size; index++) this.#buffer[row * size + index] = this.#buffer[index]!;
    }
    return {
      dtype: this.binding.dtype,
      data: part(this.#buffer, padded * size),
      dims: [padded, ...(this.binding.rowDims as number[])],
    };
  }

  gather(rows: readonly number[]): Tensor {
    const length = this.ragged ? this.#lengths[rows[0]!]! : this.#size;
    const result = makeBuffer(this.binding.dtype, rows.length * length);
    rows.forEach((row, index) => {
      const from = this.ragged ? this.#offsets[row]! : row * length;
      for (let i = 0; i < length; i++) result[index * length + i] = this.#buffer[from + i]!;
    });
    const dims = this.binding.rowDims.map(dim => dim ?? length / this.#unit);
    return { dtype: this.binding.dtype, data: result, dims: [rows.length, ...dims] };
  }

  reset(): void {
    this.#filled = 0;
  }
}

function clear(buffer: Buffer, from: number, to: number): void {
  const nothing = Array.isArray(buffer)
    ? ''
    : buffer instanceof BigInt64Array || buffer instanceof BigUint64Array
      ? 0n
      : 0;
  (buffer as unknown[]).fill(nothing, from, to);
}
