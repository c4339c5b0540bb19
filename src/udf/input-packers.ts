import { type ColumnView, type FlatListColumn, isValid, type NumericColumn, type StringColumn } from './columns.js';
import { elementsOf, type InputBinding, type TensorBinding } from './descriptor.js';
import { type NumericArray, numericArray } from './dtypes.js';
import { dictionaryOf } from './graph.js';
import type { Tensor } from './runtime.js';
import type { Dtype } from './signature.js';

/** Where packers say what is wrong with a row of the batch. */
export interface RowMarks {
  fail(row: number, reason: string): void;
  markNull(row: number): void;
  /** True if nulls go into float inputs as NaN. */
  readonly nullsAsNaN: boolean;
}

/** Input tensors by name. */
export type Feeds = Record<string, Tensor>;

/** Buffers of one input, or of the several that one adapter fills. */
export interface InputPacker {
  readonly binding: InputBinding;
  append(view: ColumnView, position: number, from: number, count: number, at: number, marks: RowMarks): void;
  /** What takes long and must be done before the first `rows` of the batch can be run: decoding, reading files. */
  prepare?(rows: number, marks: RowMarks): Promise<void>;
  /** The whole batch; only where {@link InputPacker.split} is not there. */
  feedWhole(feeds: Feeds, rows: number, padded: number): void;
  /** Some rows, which fit together. */
  feedSome(feeds: Feeds, rows: readonly number[]): void;
  /** Divides rows into those that can be run together; not there where all can. */
  readonly split: ((rows: readonly number[]) => readonly (readonly number[])[]) | undefined;
  reset(): void;
}

/** Rows of the same key, in order of first appearance. */
export function groupBy(rows: readonly number[], keyOf: (row: number) => string | number): readonly number[][] {
  const groups = new Map<string | number, number[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

function makeBuffer(binding: TensorBinding, length: number): NumericArray {
  return binding.dtype === 'string' ? new Int32Array(length) : numericArray(binding.dtype, length);
}

export function isFloat({ dtype }: TensorBinding): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

/** What the buffer's elements are to ONNX Runtime: texts go in as codes. */
function fedType(binding: TensorBinding): Dtype {
  return binding.dtype === 'string' ? 'int32' : binding.dtype;
}

/** What codeOf gives for a text that cannot go into a tensor. */
const NO_CODE = -1;

/** The texts of a batch, each once. Code 0 is the empty text, which also stands where there is none. */
class Dictionary {
  #texts: string[] = [''];
  readonly #codes = new Map<string, number>([['', 0]]);

  codeOf(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    // ONNX Runtime's binding takes texts up to their first NUL: better no prediction than one of half a text.
    if (text.includes('\0')) return NO_CODE;
    const code = this.#texts.length;
    this.#texts.push(text);
    this.#codes.set(text, code);
    return code;
  }

  tensor(): Tensor {
    return { dtype: 'string', data: this.#texts, dims: [this.#texts.length] };
  }

  reset(): void {
    this.#texts = [''];
    this.#codes.clear();
    this.#codes.set('', 0);
  }
}

function encode(dictionary: Dictionary, text: string, row: number, marks: RowMarks): number {
  const code = dictionary.codeOf(text);
  if (code !== NO_CODE) return code;
  marks.fail(row, 'a text holds a NUL character, which tensors cannot');
  return 0;
}

/** An input fed by scalar columns: `columns` layout `[k, capacity]`, `rows` layout `[capacity, k]`. */
export class ScalarPacker implements InputPacker {
  readonly binding: TensorBinding;
  readonly #capacity: number;
  readonly #width: number;
  readonly #columnMajor: boolean;
  readonly #buffer: NumericArray;
  readonly #dictionary: Dictionary | undefined;
  readonly split = undefined;

  constructor(binding: TensorBinding, capacity: number) {
    this.binding = binding;
    this.#capacity = capacity;
    this.#width = binding.columns;
    this.#columnMajor = binding.layout === 'columns';
    this.#buffer = makeBuffer(binding, capacity * this.#width);
    this.#dictionary = binding.dtype === 'string' ? new Dictionary() : undefined;
  }

  append(view: ColumnView, position: number, from: number, count: number, at: number, marks: RowMarks): void {
    const buffer = this.#buffer;
    const start = this.#columnMajor ? position * this.#capacity + at : at * this.#width + position;
    const step = this.#columnMajor ? 1 : this.#width;
    if (view.kind === 'string') {
      const codes = buffer as Int32Array;
      const dictionary = this.#dictionary!;
      for (let row = 0, to = start; row < count; row++, to += step) {
        codes[to] = isValid(view.validity, from + row) ? encode(dictionary, view.at(from + row), at + row, marks) : 0;
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
    const nothing = isFloat(this.binding)
      ? Number.NaN
      : buffer instanceof BigInt64Array || buffer instanceof BigUint64Array
        ? 0n
        : 0;
    for (let row = 0, to = start; row < count; row++, to += step) {
      if (!isValid(view.validity, from + row)) buffer[to] = nothing;
    }
  }

  feedWhole(feeds: Feeds, rows: number, padded: number): void {
    feeds[this.binding.name] = this.#whole(rows, padded);
    if (this.#dictionary !== undefined) feeds[dictionaryOf(this.binding.name)] = this.#dictionary.tensor();
  }

  feedSome(feeds: Feeds, rows: readonly number[]): void {
    feeds[this.binding.name] = this.#gather(rows);
    if (this.#dictionary !== undefined) feeds[dictionaryOf(this.binding.name)] = this.#dictionary.tensor();
  }

  #whole(rows: number, padded: number): Tensor {
    const dtype = fedType(this.binding);
    const width = this.#width;
    if (!this.#columnMajor) {
      const buffer = this.#buffer;
      for (let row = rows; row < padded; row++) {
        for (let column = 0; column < width; column++) buffer[row * width + column] = buffer[column]!;
      }
      return { dtype, data: buffer.subarray(0, padded * width), dims: [padded, ...(this.binding.rowDims as number[])] };
    }
    if (padded === this.#capacity && rows === padded) {
      return { dtype, data: this.#buffer as NumericArray, dims: [width, padded] };
    }
    return this.#gather(Array.from({ length: padded }, (_, row) => (row < rows ? row : 0)));
  }

  #gather(rows: readonly number[]): Tensor {
    const dtype = fedType(this.binding);
    const width = this.#width;
    const result = makeBuffer(this.binding, rows.length * width);
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

  reset(): void {
    this.#dictionary?.reset();
  }
}

/** An input fed by a list column: rows of one length in one buffer, rows of several lengths one after the other. */
export class ListPacker implements InputPacker {
  readonly binding: TensorBinding;
  /** There if rows may have different lengths. */
  readonly split: InputPacker['split'];
  readonly #size: number;
  readonly #ragged: boolean;
  #buffer: NumericArray;
  readonly #dictionary: Dictionary | undefined;
  #filled = 0;
  readonly #offsets: Float64Array;
  readonly #lengths: Float64Array;
  /** The lengths a ragged row may have are multiples of this: the product of the dimensions that are known. */
  readonly #unit: number;

  constructor(binding: TensorBinding, capacity: number) {
    this.binding = binding;
    const size = elementsOf(binding.rowDims);
    this.#ragged = size === undefined;
    this.split = this.#ragged ? rows => groupBy(rows, row => this.#lengths[row]!) : undefined;
    this.#size = size ?? 0;
    this.#unit = elementsOf(binding.rowDims.filter(dim => dim !== null)) ?? 1;
    this.#buffer = makeBuffer(binding, this.#ragged ? 1024 : capacity * this.#size);
    this.#dictionary = binding.dtype === 'string' ? new Dictionary() : undefined;
    this.#offsets = new Float64Array(this.#ragged ? capacity : 0);
    this.#lengths = new Float64Array(this.#ragged ? capacity : 0);
  }

  append(view: ColumnView, _position: number, from: number, count: number, at: number, marks: RowMarks): void {
    const list = view as FlatListColumn;
    for (let row = 0; row < count; row++) {
      const valid = isValid(list.validity, from + row);
      const offset = Number(list.entries[(from + row) * 2]);
      const length = valid ? Number(list.entries[(from + row) * 2 + 1]) : 0;
      if (this.#ragged) this.#appendRagged(list, valid, offset, length, at + row, marks);
      else this.#appendFixed(list, valid, offset, length, at + row, marks);
    }
  }

  #appendFixed(
    list: FlatListColumn,
    valid: boolean,
    offset: number,
    length: number,
    row: number,
    marks: RowMarks,
  ): void {
    const to = row * this.#size;
    if (valid && length === this.#size) {
      this.#copy(list.child, offset, length, to, row, marks);
      return;
    }
    if (valid) {
      marks.fail(row, `a list of ${length} values stands where the input '${this.binding.name}' takes ${this.#size}`);
    }
    clear(this.#buffer, to, to + this.#size);
  }

  #appendRagged(
    list: FlatListColumn,
    valid: boolean,
    offset: number,
    length: number,
    row: number,
    marks: RowMarks,
  ): void {
    this.#offsets[row] = this.#filled;
    this.#lengths[row] = length;
    if (!valid) return;
    if (length === 0 || length % this.#unit !== 0) {
      marks.fail(row, `a list of ${length} values does not fit the input '${this.binding.name}'`);
      this.#lengths[row] = 0;
      return;
    }
    this.#reserve(this.#filled + length);
    this.#copy(list.child, offset, length, this.#filled, row, marks);
    this.#filled += length;
  }

  #reserve(length: number): void {
    if (length <= this.#buffer.length) return;
    const larger = makeBuffer(this.binding, Math.max(length, this.#buffer.length * 2));
    (larger as Float32Array).set(this.#buffer as Float32Array);
    this.#buffer = larger;
  }

  #copy(
    child: NumericColumn | StringColumn,
    offset: number,
    length: number,
    to: number,
    row: number,
    marks: RowMarks,
  ): void {
    if (child.kind === 'string') {
      const codes = this.#buffer as Int32Array;
      for (let index = 0; index < length; index++) {
        const valid = isValid(child.validity, offset + index);
        codes[to + index] = valid ? encode(this.#dictionary!, child.at(offset + index), row, marks) : 0;
        if (!valid) marks.markNull(row);
      }
      return;
    }
    const numbers = this.#buffer as Float32Array;
    numbers.set((child.values as Float32Array).subarray(offset, offset + length), to);
    if (child.validity === undefined) return;
    for (let index = 0; index < length; index++) {
      if (isValid(child.validity, offset + index)) continue;
      if (marks.nullsAsNaN && isFloat(this.binding)) {
        numbers[to + index] = Number.NaN;
        continue;
      }
      marks.markNull(row);
      clear(this.#buffer, to + index, to + index + 1);
    }
  }

  feedWhole(feeds: Feeds, rows: number, padded: number): void {
    feeds[this.binding.name] = this.#whole(rows, padded);
    if (this.#dictionary !== undefined) feeds[dictionaryOf(this.binding.name)] = this.#dictionary.tensor();
  }

  feedSome(feeds: Feeds, rows: readonly number[]): void {
    feeds[this.binding.name] = this.#gather(rows);
    if (this.#dictionary !== undefined) feeds[dictionaryOf(this.binding.name)] = this.#dictionary.tensor();
  }

  #whole(rows: number, padded: number): Tensor {
    const size = this.#size;
    for (let row = rows; row < padded; row++) {
      for (let index = 0; index < size; index++) this.#buffer[row * size + index] = this.#buffer[index]!;
    }
    return {
      dtype: fedType(this.binding),
      data: this.#buffer.subarray(0, padded * size),
      dims: [padded, ...(this.binding.rowDims as number[])],
    };
  }

  #gather(rows: readonly number[]): Tensor {
    const length = this.#ragged ? this.#lengths[rows[0]!]! : this.#size;
    const result = makeBuffer(this.binding, rows.length * length);
    rows.forEach((row, index) => {
      const from = this.#ragged ? this.#offsets[row]! : row * length;
      for (let i = 0; i < length; i++) result[index * length + i] = this.#buffer[from + i]!;
    });
    const dims = this.binding.rowDims.map(dim => dim ?? length / this.#unit);
    return { dtype: fedType(this.binding), data: result, dims: [rows.length, ...dims] };
  }

  reset(): void {
    this.#filled = 0;
    this.#dictionary?.reset();
  }
}

function clear(buffer: NumericArray, from: number, to: number): void {
  const nothing = buffer instanceof BigInt64Array || buffer instanceof BigUint64Array ? 0n : 0;
  (buffer as Int32Array).fill(nothing as number, from, to);
}
