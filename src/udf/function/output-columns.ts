import type { DataType } from '../../frame/types.js';
import { type NumericArray, numericArray } from '../dtypes.js';
import type { Dtype } from '../signature.js';
import { fitsWhole, type ResultColumn } from './results.js';
import { dtypeOf } from './transport.js';

/*
 * The answers of a function for all rows of a task, in columns, in the order of the rows. Values have been looked at
 * before (results.ts).
 */

/** What an engine takes the rows of an output from. */
export type OutputColumn = NumbersOutput | ValuesOutput | ListsOutput | StructsOutput;

/** A column for values of a type. @param rows as many as are expected */
export function outputColumn(type: DataType, rows: number): OutputColumn {
  switch (type.kind) {
    case 'string':
    case 'binary':
      return new ValuesOutput(type.kind);
    case 'list':
    case 'array':
      return new ListsOutput(
        outputColumn(type.element, type.kind === 'array' ? rows * type.length : rows),
        type.kind === 'array' ? type.length : undefined,
      );
    case 'struct':
      return new StructsOutput(type.fields.map(field => [field.name, outputColumn(field.type, rows)] as const));
    default:
      return new NumbersOutput(type, rows);
  }
}

/** One byte a row, 1 where there is no value; nothing is kept while there is one in every row. */
class Nulls {
  #flags: Uint8Array | undefined;

  set(from: number, count: number): void {
    if (count === 0) return;
    const needed = from + count;
    if (this.#flags === undefined || this.#flags.length < needed) {
      const larger = new Uint8Array(Math.max(needed, (this.#flags?.length ?? 512) * 2));
      if (this.#flags !== undefined) larger.set(this.#flags);
      this.#flags = larger;
    }
    this.#flags.fill(1, from, needed);
  }

  has(row: number): boolean {
    return this.#flags?.[row] === 1;
  }

  get any(): boolean {
    return this.#flags !== undefined;
  }
}

/** Numbers, booleans, and dates, which are numbers in a table. */
export class NumbersOutput {
  readonly kind = 'numbers';
  readonly nulls = new Nulls();
  length = 0;
  readonly #type: DataType;
  readonly #dtype: Dtype;
  readonly #convert: (value: unknown) => number | bigint;
  #values: NumericArray;

  constructor(type: DataType, rows: number) {
    this.#type = type;
    this.#dtype = type.kind === 'date' ? 'int32' : type.kind === 'timestamp' ? 'int64' : dtypeOf(type);
    this.#convert = converter(type);
    this.#values = numericArray(this.#dtype, rows);
  }

  get values(): NumericArray {
    return this.#values;
  }

  append(column: ResultColumn, from: number, count: number): void {
    this.#reserve(count);
    if (fitsWhole(this.#type, column)) {
      // A typed array: `fitsWhole` says so. Types that are unlike are converted as they are copied.
      (this.#values as Float64Array).set((column as Float64Array).subarray(from, from + count), this.length);
    } else {
      const values = this.#values as Float64Array;
      for (let index = 0; index < count; index++) {
        const value: unknown = column[from + index];
        if (value === null) this.nulls.set(this.length + index, 1);
        else values[this.length + index] = this.#convert(value) as number;
      }
    }
    this.length += count;
  }

  appendNulls(count: number): void {
    this.#reserve(count);
    this.nulls.set(this.length, count);
    this.length += count;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#values.length) return;
    const larger = numericArray(this.#dtype, Math.max(this.length + count, this.#values.length * 2));
    (larger as Float64Array).set(this.#values as Float64Array);
    this.#values = larger;
  }
}

/** A checked value as the number a table holds. */
function converter(type: DataType): (value: unknown) => number | bigint {
  switch (type.kind) {
    case 'boolean':
      return value => Number(value);
    case 'date':
      return value => Math.floor((value as Date).getTime() / 86_400_000);
    case 'timestamp':
      return value => BigInt((value as Date).getTime()) * 1000n;
    case 'int64':
    case 'uint64':
      return value => BigInt(value as number | bigint);
    default:
      return value => value as number;
  }
}

/** Texts, or bytes. */
export class ValuesOutput {
  readonly kind: 'string' | 'binary';
  readonly nulls = new Nulls();
  readonly values: unknown[] = [];

  constructor(kind: 'string' | 'binary') {
    this.kind = kind;
  }

  get length(): number {
    return this.values.length;
  }

  append(column: ResultColumn, from: number, count: number): void {
    for (let index = from; index < from + count; index++) {
      const value: unknown = column[index];
      if (value === null) this.nulls.set(this.values.length, 1);
      // The function may write to the same bytes again for its next batch.
      this.values.push(value instanceof Uint8Array ? value.slice() : value);
    }
  }

  appendNulls(count: number): void {
    this.nulls.set(this.values.length, count);
    for (let index = 0; index < count; index++) this.values.push(null);
  }
}

/** Lists, of one length where the type says so. */
export class ListsOutput {
  readonly kind = 'lists';
  readonly nulls = new Nulls();
  readonly child: OutputColumn;
  readonly size: number | undefined;
  /** Where each row's elements begin in the child, and behind the last where they end. */
  readonly offsets: number[] = [0];

  constructor(child: OutputColumn, size: number | undefined) {
    this.child = child;
    this.size = size;
  }

  get length(): number {
    return this.offsets.length - 1;
  }

  append(column: ResultColumn, from: number, count: number): void {
    for (let index = from; index < from + count; index++) {
      const value = column[index] as ResultColumn | null | undefined;
      if (value === null || value === undefined) {
        this.appendNulls(1);
      } else {
        this.child.append(value, 0, value.length);
        this.offsets.push(this.child.length);
      }
    }
  }

  appendNulls(count: number): void {
    this.nulls.set(this.length, count);
    for (let index = 0; index < count; index++) {
      if (this.size !== undefined) this.child.appendNulls(this.size);
      this.offsets.push(this.child.length);
    }
  }
}

export class StructsOutput {
  readonly kind = 'structs';
  readonly nulls = new Nulls();
  readonly fields: readonly (readonly [name: string, column: OutputColumn])[];
  length = 0;

  constructor(fields: readonly (readonly [string, OutputColumn])[]) {
    this.fields = fields;
  }

  append(column: ResultColumn, from: number, count: number): void {
    // Objects the function made, or null.
    const rows = Array.prototype.slice.call(column, from, from + count) as (Record<string, unknown> | null)[];
    rows.forEach((row, index) => {
      if (row === null) this.nulls.set(this.length + index, 1);
    });
    for (const [name, field] of this.fields) {
      field.append(
        rows.map(row => row?.[name] ?? null),
        0,
        count,
      );
    }
    this.length += count;
  }

  /** The members of rows, each as a column of its own; no row is null. */
  appendColumns(columns: readonly ResultColumn[], from: number, count: number): void {
    this.fields.forEach(([, field], index) => {
      field.append(columns[index]!, from, count);
    });
    this.length += count;
  }

  appendNulls(count: number): void {
    this.nulls.set(this.length, count);
    for (const [, field] of this.fields) field.appendNulls(count);
    this.length += count;
  }
}
