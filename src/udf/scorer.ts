import { InframeError, messageOf } from '../frame/errors.js';
import type { OutputCollector } from './collectors/collector.js';
import { collectorOf } from './collectors/collectors.js';
import type { ColumnView } from './columns.js';
import type { NetworkCallDescriptor } from './descriptor.js';
import { BatchPacker, ROW_FAILED, ROW_NULL, ROW_OK } from './pack.js';
import type { ModelSession, Tensor } from './runtime.js';

/** How many reasons are kept for the report. */
const REASONS = 5;

/**
 * Scores the rows of one task with one model call: packs batches, runs them, keeps the outputs.
 *
 * Invariant C1: the outputs of row r do not depend on which other rows were in its batch (Rules 8, 9): padding, grouping
 * and the search for a failing row only decide who is run together.
 */
export class CallScorer {
  readonly outputs: readonly OutputCollector[];
  readonly reasons: string[] = [];
  nullRows = 0;
  failedRows = 0;
  /** One byte a row: ROW_OK, ROW_NULL or ROW_FAILED. */
  #status: Uint8Array;
  #rows = 0;
  readonly #call: NetworkCallDescriptor;
  readonly #session: ModelSession;
  readonly #batch: BatchPacker;

  /** @param expectedRows an upper bound where there is one, to allocate once */
  constructor(call: NetworkCallDescriptor, session: ModelSession, expectedRows: number) {
    this.#call = call;
    this.#session = session;
    this.#batch = new BatchPacker(call);
    this.outputs = call.outputs.map(output => collectorOf(output, expectedRows));
    this.#status = new Uint8Array(expectedRows);
  }

  /** Rows whose outputs are known. */
  get rows(): number {
    return this.#rows;
  }

  /** Takes `count` rows of a chunk; runs the network whenever a batch is full. */
  async add(columns: readonly ColumnView[], count: number): Promise<void> {
    let from = 0;
    while (from < count) {
      from += this.#batch.append(columns, from, count - from);
      if (this.#batch.full) await this.flush();
    }
  }

  /** Runs what has been collected; to be called once more at the end. */
  async flush(): Promise<void> {
    const batch = this.#batch;
    const rows = batch.rows;
    if (rows === 0) return;
    await batch.prepare();
    const status = batch.status;
    if (status.includes(ROW_OK)) {
      const groups = batch.groups();
      if (groups === undefined) await this.#runWhole(rows);
      else for (const group of groups) await this.#runSome(group);
    }
    this.#keepStatus(status, rows);
    this.#rows += rows;
    for (const output of this.outputs) output.skipTo(this.#rows);
    batch.reset();
  }

  /** One bit a row, 1 where there is a prediction; undefined where there is one for every row. */
  validity(): Uint8Array | undefined {
    if (this.nullRows + this.failedRows === 0) return undefined;
    const bits = new Uint8Array(Math.ceil(this.#rows / 64) * 8);
    for (let row = 0; row < this.#rows; row++) {
      if (this.#status[row] === ROW_OK) bits[row >> 3]! |= 1 << (row & 7);
    }
    return bits;
  }

  get #padTo(): number {
    const { batch } = this.#call.model.edits;
    return batch.kind === 'fixed' ? batch.size : 1;
  }

  async #runWhole(rows: number): Promise<void> {
    try {
      this.#keep(await this.#session.run(this.#batch.whole(this.#padTo)), undefined, rows);
    } catch (error) {
      if (error instanceof InframeError) throw error;
      const usable = Array.from({ length: rows }, (_, row) => row).filter(row => this.#batch.status[row] === ROW_OK);
      if (usable.length < rows) await this.#runSome(usable);
      else await this.#split(usable, messageOf(error));
    }
  }

  /** Runs some rows; if the network fails on them, finds those it fails on: at most two runs a row, as C1 wants no guess. */
  async #runSome(rows: readonly number[]): Promise<void> {
    if (rows.length === 0) return;
    try {
      const outputs = await this.#session.run(this.#batch.gather(rows, this.#padTo));
      this.#keep(outputs, rows, rows.length);
    } catch (error) {
      if (error instanceof InframeError) throw error;
      await this.#split(rows, messageOf(error));
    }
  }

  async #split(rows: readonly number[], reason: string): Promise<void> {
    if (rows.length === 1) {
      this.#batch.fail(rows[0]!, reason);
      return;
    }
    const middle = rows.length >> 1;
    await this.#runSome(rows.slice(0, middle));
    await this.#runSome(rows.slice(middle));
  }

  /** @param rows of the batch, or undefined for all of it */
  #keep(results: Readonly<Record<string, Tensor>>, rows: readonly number[] | undefined, count: number): void {
    const run = { count, base: this.#rows, rows, batch: this.#batch };
    for (const output of this.outputs) output.put(results, run);
  }

  #keepStatus(status: Uint8Array, rows: number): void {
    if (this.#rows + rows > this.#status.length) {
      const larger = new Uint8Array(Math.max(this.#rows + rows, this.#status.length * 2));
      larger.set(this.#status);
      this.#status = larger;
    }
    this.#status.set(status, this.#rows);
    for (let row = 0; row < rows; row++) {
      if (status[row] === ROW_NULL) this.nullRows += 1;
      if (status[row] !== ROW_FAILED) continue;
      this.failedRows += 1;
      const reason = this.#batch.reasonOf(row);
      if (this.#call.onError === 'fail') {
        throw new InframeError(
          'MODEL_RUN_FAILED',
          `model '${this.#call.modelName}' failed on a row: ${reason}; load it with onError: 'null' to keep such rows without a prediction`,
        );
      }
      if (this.reasons.length < REASONS && !this.reasons.includes(reason)) this.reasons.push(reason);
    }
  }
}
