import type { DataType } from '../../frame/types.js';
import {
  type BinaryColumn,
  type ColumnView,
  isValid,
  type ListColumn,
  type NumericColumn,
  type StringColumn,
  type StructColumn,
  type Validity,
} from '../columns.js';
import { type NumericArray, numericArray } from '../dtypes.js';
import type { Dtype } from '../signature.js';
import { dtypeOf } from './transport.js';

/*
 * The rows of a batch, kept in columns, and handed to a function as JavaScript knows them.
 *
 * Invariant F1: whatever is handed out is a copy of its own. A function may change what it is given, and may be given the
 * same rows again after it has thrown.
 */

/** The values of one argument. */
export interface InputColumn {
  /** Takes rows of a chunk; without `nullable`, only such as hold no null. */
  append(view: ColumnView, from: number, count: number): void;
  /** Rows as one array: typed for numbers, unless nulls may be among them. */
  column(from: number, to: number): unknown;
  /** One row's value; null if it is. */
  value(index: number): unknown;
  /** What the values take, roughly. */
  readonly bytes: number;
  reset(): void;
}

/** A column for values of a declared type; `nullable` if the function is to see nulls. */
export function inputColumn(type: DataType, nullable: boolean): InputColumn {
  const nulls = nullable ? new NullFlags() : undefined;
  switch (type.kind) {
    case 'string':
      return new TextColumn(nulls);
    case 'binary':
      return new BytesColumn(nulls);
    case 'list':
    case 'array':
      return new ListsColumn(inputColumn(type.element, nullable), nulls);
    case 'struct':
      return new StructsColumn(
        type.fields.map(field => [field.name, inputColumn(field.type, nullable)] as const),
        nulls,
      );
    case 'date':
      return new NumbersColumn('int32', nulls, days => new Date(Number(days) * 86_400_000));
    case 'timestamp':
      return new NumbersColumn('int64', nulls, dateOfMicroseconds);
    case 'boolean':
      return new NumbersColumn('bool', nulls, value => value === 1, true);
    default:
      return new NumbersColumn(dtypeOf(type), nulls, undefined);
  }
}

/** Rounded down to the millisecond, before 1970 too. */
function dateOfMicroseconds(value: number | bigint): Date {
  const microseconds = BigInt(value);
  return new Date(Number((microseconds - (((microseconds % 1000n) + 1000n) % 1000n)) / 1000n));
}

/** Which rows are null. */
class NullFlags {
  #flags = new Uint8Array(1024);
  #length = 0;

  append(validity: Validity, from: number, count: number): void {
    if (this.#length + count > this.#flags.length) {
      const larger = new Uint8Array(Math.max(this.#length + count, this.#flags.length * 2));
      larger.set(this.#flags);
      this.#flags = larger;
    }
    for (let row = 0; row < count; row++) this.#flags[this.#length + row] = isValid(validity, from + row) ? 0 : 1;
    this.#length += count;
  }

  has(row: number): boolean {
    return this.#flags[row] === 1;
  }

  reset(): void {
    this.#length = 0;
  }
}

/** Rows as a plain array, with null where there is none. */
function plain(column: InputColumn, from: number, to: number): readonly unknown[] {
  const result = new Array<unknown>(to - from);
  for (let row = from; row < to; row++) result[row - from] = column.value(row);
  return result;
}

/** Numbers, booleans, and dates, which are numbers in a table. */
class NumbersColumn implements InputColumn {
  readonly #dtype: Dtype;
  readonly #nulls: NullFlags | undefined;
  readonly #convert: ((value: number | bigint) => unknown) | undefined;
  /** True if rows without nulls are handed out as the numbers they are. */
  readonly #typed: boolean;
  #values: NumericArray;
  #length = 0;

  constructor(
    dtype: Dtype,
    nulls: NullFlags | undefined,
    convert: ((value: number | bigint) => unknown) | undefined,
    typed = convert === undefined,
  ) {
    this.#dtype = dtype;
    this.#nulls = nulls;
    this.#convert = convert;
    this.#typed = typed && nulls === undefined;
    this.#values = numericArray(dtype, 1024);
  }

  append(view: ColumnView, from: number, count: number): void {
    const { values, validity } = view as NumericColumn;
    if (this.#length + count > this.#values.length) {
      const larger = numericArray(this.#dtype, Math.max(this.#length + count, this.#values.length * 2));
      copy(larger, this.#values, 0);
      this.#values = larger;
    }
    copy(this.#values, values.subarray(from, from + count), this.#length);
    this.#nulls?.append(validity, from, count);
    this.#length += count;
  }

  column(from: number, to: number): unknown {
    return this.#typed ? this.#values.slice(from, to) : plain(this, from, to);
  }

  value(index: number): unknown {
    if (this.#nulls?.has(index)) return null;
    const value = this.#values[index]!;
    return this.#convert === undefined ? value : this.#convert(value);
  }

  get bytes(): number {
    return this.#length * this.#values.BYTES_PER_ELEMENT;
  }

  reset(): void {
    this.#length = 0;
    this.#nulls?.reset();
  }
}

/** Values may be converted on the way, integers to floats; a call's types see to it that 64-bit integers stay what they are. */
function copy(to: NumericArray, from: NumericArray, at: number): void {
  (to as Float64Array).set(from as Float64Array, at);
}

class TextColumn implements InputColumn {
  readonly #nulls: NullFlags | undefined;
  readonly #values: string[] = [];
  bytes = 0;

  constructor(nulls: NullFlags | undefined) {
    this.#nulls = nulls;
  }

  append(view: ColumnView, from: number, count: number): void {
    const { at, validity } = view as StringColumn;
    for (let row = from; row < from + count; row++) {
      const text = isValid(validity, row) ? at(row) : '';
      this.#values.push(text);
      this.bytes += 16 + text.length * 2;
    }
    this.#nulls?.append(validity, from, count);
  }

  column(from: number, to: number): unknown {
    return this.#nulls === undefined ? this.#values.slice(from, to) : plain(this, from, to);
  }

  value(index: number): unknown {
    return this.#nulls?.has(index) ? null : this.#values[index];
  }

  reset(): void {
    this.#values.length = 0;
    this.bytes = 0;
    this.#nulls?.reset();
  }
}

const NO_BYTES = new Uint8Array(0);

class BytesColumn implements InputColumn {
  readonly #nulls: NullFlags | undefined;
  readonly #values: Uint8Array[] = [];
  bytes = 0;

  constructor(nulls: NullFlags | undefined) {
    this.#nulls = nulls;
  }

  append(view: ColumnView, from: number, count: number): void {
    const { at, validity } = view as BinaryColumn;
    for (let row = from; row < from + count; row++) {
      const bytes = isValid(validity, row) ? at(row) : NO_BYTES;
      this.#values.push(bytes);
      this.bytes += 64 + bytes.length;
    }
    this.#nulls?.append(validity, from, count);
  }

  column(from: number, to: number): unknown {
    return plain(this, from, to);
  }

  value(index: number): unknown {
    return this.#nulls?.has(index) ? null : this.#values[index]!.slice();
  }

  reset(): void {
    this.#values.length = 0;
    this.bytes = 0;
    this.#nulls?.reset();
  }
}

class ListsColumn implements InputColumn {
  readonly #nulls: NullFlags | undefined;
  readonly #child: InputColumn;
  /** Where each row's elements begin in the child, and behind the last where they end. */
  readonly #offsets: number[] = [0];

  constructor(child: InputColumn, nulls: NullFlags | undefined) {
    this.#child = child;
    this.#nulls = nulls;
  }

  append(view: ColumnView, from: number, count: number): void {
    const { entries, child, validity } = view as ListColumn;
    let end = this.#offsets[this.#offsets.length - 1]!;
    for (let row = from; row < from + count; row++) {
      const length = isValid(validity, row) ? Number(entries[row * 2 + 1]) : 0;
      if (length > 0) this.#child.append(child, Number(entries[row * 2]), length);
      end += length;
      this.#offsets.push(end);
    }
    this.#nulls?.append(validity, from, count);
  }

  column(from: number, to: number): unknown {
    return plain(this, from, to);
  }

  value(index: number): unknown {
    if (this.#nulls?.has(index)) return null;
    return this.#child.column(this.#offsets[index]!, this.#offsets[index + 1]!);
  }

  get bytes(): number {
    return this.#child.bytes + this.#offsets.length * 64;
  }

  reset(): void {
    this.#offsets.length = 1;
    this.#child.reset();
    this.#nulls?.reset();
  }
}

class StructsColumn implements InputColumn {
  readonly #nulls: NullFlags | undefined;
  readonly #fields: readonly (readonly [name: string, column: InputColumn])[];
  #length = 0;

  constructor(fields: readonly (readonly [string, InputColumn])[], nulls: NullFlags | undefined) {
    this.#fields = fields;
    this.#nulls = nulls;
  }

  append(view: ColumnView, from: number, count: number): void {
    const { fields, validity } = view as StructColumn;
    this.#fields.forEach(([, column], at) => {
      column.append(fields[at]!, from, count);
    });
    this.#nulls?.append(validity, from, count);
    this.#length += count;
  }

  column(from: number, to: number): unknown {
    return plain(this, from, to);
  }

  value(index: number): unknown {
    if (this.#nulls?.has(index)) return null;
    return Object.fromEntries(this.#fields.map(([name, column]) => [name, column.value(index)]));
  }

  get bytes(): number {
    return this.#fields.reduce((sum, [, column]) => sum + column.bytes, this.#length * 64);
  }

  reset(): void {
    this.#length = 0;
    for (const [, column] of this.#fields) column.reset();
    this.#nulls?.reset();
  }
}
