import type { DataType } from '../../frame/types.js';
import { type ColumnView, isValid, type NumericColumn } from '../columns.js';
import { ROW_FAILED, ROW_NULL, ROW_OK } from '../pack.js';
import type { FunctionCallDescriptor } from './descriptor.js';
import { type InputColumn, inputColumn } from './input-columns.js';
import { holdsNull, mayHoldNull, mayMisfit, misfitOf } from './views.js';

/** A batch of more than this is full, however few its rows (Rule 6). */
const MOST_BYTES = 16 * 1024 * 1024;
/** Rows of values of any length are taken so many at a time, to notice soon that the batch is full. */
const CAREFUL_ROWS = 64;

/**
 * Collects the rows of a batch. Rows that are not given to the function (a null, a value that does not fit) only have
 * their place in it.
 */
export class FunctionBatch {
  rows = 0;
  /** Rows that are given to the function. */
  given = 0;
  readonly #call: FunctionCallDescriptor;
  readonly #columns: readonly InputColumn[];
  readonly #status: Uint8Array;
  readonly #reasons = new Map<number, string>();
  /** Positions in the batch of the rows that are given. */
  readonly #positions: Int32Array;
  readonly #careful: boolean;
  readonly #checked: boolean;

  constructor(call: FunctionCallDescriptor) {
    this.#call = call;
    const types = call.inputs.map(input => input.type);
    this.#columns = types.map(type => inputColumn(type, call.nulls === 'pass'));
    this.#status = new Uint8Array(call.batchRows);
    this.#positions = new Int32Array(call.batchRows);
    this.#careful = types.some(isOfAnyLength);
    this.#checked = types.some(mayMisfit);
  }

  get full(): boolean {
    return this.rows === this.#call.batchRows || this.#columns.reduce((sum, each) => sum + each.bytes, 0) > MOST_BYTES;
  }

  get status(): Uint8Array {
    return this.#status.subarray(0, this.rows);
  }

  /** Where in the batch the row stands that is given to the function at that position. */
  positionOf(given: number): number {
    return this.#positions[given]!;
  }

  reasonOf(row: number): string {
    return this.#reasons.get(row) ?? 'the function failed on it';
  }

  fail(row: number, reason: string): void {
    this.#status[row] = ROW_FAILED;
    this.#reasons.set(row, reason);
  }

  /** Takes rows of a chunk, as many as there is room for. @returns how many were taken */
  append(views: readonly ColumnView[], from: number, count: number): number {
    const room = Math.min(count, this.#call.batchRows - this.rows);
    const taken = this.#careful ? Math.min(room, CAREFUL_ROWS) : room;
    const at = this.rows;
    this.#status.fill(ROW_OK, at, at + taken);
    this.rows += taken;
    const values = views.slice(0, this.#columns.length);
    if (this.#call.nulls === 'skip') this.#markNulls(values, from, taken, at);
    if (this.#checked) this.#markMisfits(values, from, taken, at);
    for (const flags of views.slice(this.#columns.length)) this.#markLost(flags, from, taken, at);
    this.#appendGiven(values, from, taken, at);
    return taken;
  }

  #markNulls(views: readonly ColumnView[], from: number, count: number, at: number): void {
    for (const view of views) {
      if (!mayHoldNull(view)) continue;
      for (let row = 0; row < count; row++) if (holdsNull(view, from + row)) this.#status[at + row] = ROW_NULL;
    }
  }

  #markMisfits(views: readonly ColumnView[], from: number, count: number, at: number): void {
    views.forEach((view, index) => {
      const { name, type } = this.#call.inputs[index]!;
      if (!mayMisfit(type)) return;
      for (let row = 0; row < count; row++) {
        if (this.#status[at + row] !== ROW_OK) continue;
        const reason = misfitOf(type, view, from + row);
        if (reason !== undefined) this.fail(at + row, `${reason} (${name})`);
      }
    });
  }

  /** A value that did not fit its declared type was read as null; it is a failure all the same. */
  #markLost(view: ColumnView, from: number, count: number, at: number): void {
    const { values } = view as NumericColumn;
    for (let row = 0; row < count; row++) {
      if (values[from + row] && isValid(view.validity, from + row)) {
        this.fail(at + row, 'a value does not fit the declared type of the input');
      }
    }
  }

  /** Copies the rows that are given, run by run. */
  #appendGiven(views: readonly ColumnView[], from: number, count: number, at: number): void {
    for (let start = 0; start < count; ) {
      if (this.#status[at + start] !== ROW_OK) {
        start += 1;
        continue;
      }
      let end = start + 1;
      while (end < count && this.#status[at + end] === ROW_OK) end += 1;
      for (const [index, column] of this.#columns.entries()) column.append(views[index]!, from + start, end - start);
      for (let row = start; row < end; row++) this.#positions[this.given++] = at + row;
      start = end;
    }
  }

  /** Rows that are given, as the function takes them: columns by input name, or in order. Copies (Invariant F1). */
  argument(from: number, to: number): unknown {
    const columns = this.#columns.map(column => column.column(from, to));
    if (!this.#call.named) return columns;
    return Object.fromEntries(this.#call.inputs.map(({ name }, index) => [name, columns[index]]));
  }

  reset(): void {
    this.rows = 0;
    this.given = 0;
    this.#reasons.clear();
    for (const column of this.#columns) column.reset();
  }
}

/** True of types whose values differ in size. */
function isOfAnyLength(type: DataType): boolean {
  switch (type.kind) {
    case 'string':
    case 'binary':
    case 'list':
    case 'array':
      return true;
    case 'struct':
      return type.fields.some(field => isOfAnyLength(field.type));
    default:
      return false;
  }
}
