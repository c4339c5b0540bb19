import { InframeError } from '../frame/errors.js';
import { SoundPacker } from './adapters/audio/packer.js';
import { PicturePacker } from './adapters/image/packer.js';
import { TextPacker } from './adapters/text/packer.js';
import { type ColumnView, isValid, type NumericColumn } from './columns.js';
import type { InputBinding, NetworkCallDescriptor } from './descriptor.js';
import { type Feeds, type InputPacker, isFloat, ListPacker, type RowMarks, ScalarPacker } from './input-packers.js';
import { NestedListPacker } from './nested-packer.js';

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
export class BatchPacker implements RowMarks {
  readonly capacity: number;
  readonly #call: NetworkCallDescriptor;
  readonly #inputs: readonly InputPacker[];
  readonly #status: Uint8Array;
  readonly #reasons = new Map<number, string>();
  rows = 0;

  constructor(call: NetworkCallDescriptor) {
    this.#call = call;
    this.capacity = call.batchRows;
    this.#status = new Uint8Array(call.batchRows);
    this.#inputs = call.inputs.map(input => packerOf(input, call));
  }

  get nullsAsNaN(): boolean {
    return this.#call.nulls === 'nan';
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

  /** Does what has to be done before the batch can be run; rows may turn out to be failures. */
  async prepare(): Promise<void> {
    for (const input of this.#inputs) await input.prepare?.(this.rows, this);
  }

  /** What fills an input, for outputs that need to know more of a row than its tensors. */
  input(name: string): InputPacker | undefined {
    return this.#inputs.find(({ binding }) => binding.name === name);
  }

  #markNulls(view: ColumnView, binding: InputBinding, from: number, count: number, at: number): void {
    const { validity } = view;
    if (validity === undefined) return;
    // A list that is null as a whole has no length to fill with NaN.
    if (this.nullsAsNaN && takesNaN(binding) && view.kind !== 'list') return;
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

  /** The whole batch as tensors. Only where {@link BatchPacker.groups} gives none. */
  whole(padTo: number): Readonly<Feeds> {
    const feeds: Feeds = {};
    for (const input of this.#inputs) input.feedWhole(feeds, this.rows, Math.max(padTo, this.rows));
    return feeds;
  }

  /** Some rows of the batch as tensors, repeated to `padTo` rows; slower than {@link BatchPacker.whole}. */
  gather(rows: readonly number[], padTo: number): Readonly<Feeds> {
    const padded = [...rows];
    while (padded.length < padTo) padded.push(rows[rows.length - 1]!);
    const feeds: Feeds = {};
    for (const input of this.#inputs) input.feedSome(feeds, padded);
    return feeds;
  }

  /** Rows that can be run together, group by group, in order of first appearance; undefined if all can. */
  groups(): readonly (readonly number[])[] | undefined {
    const splitters = this.#inputs.flatMap(({ split }) => split ?? []);
    if (splitters.length === 0) return undefined;
    const rows = Array.from({ length: this.rows }, (_, row) => row).filter(row => this.#status[row] === ROW_OK);
    return splitters.reduce<readonly (readonly number[])[]>((groups, split) => groups.flatMap(split), [rows]);
  }

  /** Ready for the next batch; the buffers stay. */
  reset(): void {
    this.rows = 0;
    this.#reasons.clear();
    for (const input of this.#inputs) input.reset();
  }
}

function packerOf(
  input: InputBinding,
  { batchRows: capacity, runRows = capacity }: NetworkCallDescriptor,
): InputPacker {
  switch (input.layout) {
    case 'image':
      return new PicturePacker(input);
    case 'text':
      return new TextPacker(input, runRows);
    case 'audio':
      return new SoundPacker(input);
    case 'list':
      return new ListPacker(input, capacity);
    case 'nested':
      return new NestedListPacker(input);
    default:
      return new ScalarPacker(input, capacity);
  }
}

/** Only numbers have a NaN to stand for a null. */
function takesNaN(input: InputBinding): boolean {
  return 'rowDims' in input && isFloat(input);
}
