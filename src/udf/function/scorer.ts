import { InframeError, messageOf } from '../../frame/errors.js';
import type { ColumnView } from '../columns.js';
import { ROW_FAILED, ROW_NULL, ROW_OK } from '../pack.js';
import { FunctionBatch } from './batch.js';
import { type FunctionCallDescriptor, typeOfResult } from './descriptor.js';
import type { LoadedFunction } from './load.js';
import { type OutputColumn, outputColumn, StructsOutput } from './output-columns.js';
import { faultOf, fitsWhole, type ResultColumn, resultColumns } from './results.js';

/** How many reasons are kept for the report. */
const REASONS = 5;

/** Told when the user's code begins and ends, so that somebody outside can see that it does not come back. */
export interface CallWatch {
  /** @throws to stop before the function is called */
  enter(): void;
  leave(): void;
}

/** What the function gave for some of the rows it was given. */
interface Answer {
  readonly from: number;
  readonly rows: number;
  readonly columns: readonly ResultColumn[];
}

/**
 * Calls a user's function on the rows of one task, batch by batch, and keeps what it gives.
 *
 * Invariant F2: rows come out in the order they came in, one for each. A batch the function throws on is halved until the
 * rows it throws on are found, so that one bad row is that row's failure alone (Rule 5).
 */
export class FunctionScorer {
  readonly result: OutputColumn;
  readonly reasons: string[] = [];
  nullRows = 0;
  failedRows = 0;
  /** How often the function has been called. */
  runs = 0;
  readonly #call: FunctionCallDescriptor;
  readonly #function: LoadedFunction;
  readonly #watch: CallWatch;
  readonly #batch: FunctionBatch;

  /** @param expectedRows an upper bound where there is one, to allocate once */
  constructor(call: FunctionCallDescriptor, loaded: LoadedFunction, expectedRows: number, watch: CallWatch) {
    this.#call = call;
    this.#function = loaded;
    this.#watch = watch;
    this.#batch = new FunctionBatch(call);
    this.result = outputColumn(typeOfResult(call), expectedRows);
  }

  /** Rows whose outputs are known. */
  get rows(): number {
    return this.result.length;
  }

  /** Takes `count` rows of a chunk; calls the function whenever a batch is full. */
  async add(columns: readonly ColumnView[], count: number): Promise<void> {
    let from = 0;
    while (from < count) {
      from += this.#batch.append(columns, from, count - from);
      if (this.#batch.full) await this.flush();
    }
  }

  /** Calls the function on what has been collected; to be called once more at the end. */
  async flush(): Promise<void> {
    const batch = this.#batch;
    if (batch.rows === 0) return;
    const answers: Answer[] = [];
    if (batch.given > 0) await this.#run(0, batch.given, answers);
    this.#markFaults(answers);
    this.#countStatus();
    this.#keep(answers);
    batch.reset();
  }

  async #run(from: number, to: number, answers: Answer[]): Promise<void> {
    const rows = to - from;
    const outcome = await this.#attempt(from, to);
    if ('answer' in outcome) {
      const columns = resultColumns(this.#call, outcome.answer, rows);
      // The function may give the same array again, filled with other values, for the next part of the batch.
      const part = rows < this.#batch.given;
      answers.push({ from, rows, columns: part ? columns.map(column => column.slice()) : columns });
      return;
    }
    const { error } = outcome;
    if (this.#call.source.kind === 'text' && error instanceof ReferenceError) throw this.#notSelfContained(error);
    // One of ours says all there is to say.
    if (this.#call.onError === 'fail') {
      throw error instanceof InframeError ? error : this.#rowFailure(messageOf(error));
    }
    if (rows === 1) {
      this.#batch.fail(this.#batch.positionOf(from), messageOf(error));
      return;
    }
    const middle = from + (rows >> 1);
    await this.#run(from, middle, answers);
    await this.#run(middle, to, answers);
  }

  async #attempt(from: number, to: number): Promise<{ readonly answer: unknown } | { readonly error: unknown }> {
    this.#watch.enter();
    try {
      this.runs += 1;
      const answer = this.#function(this.#batch.argument(from, to), to - from);
      return { answer: isThenable(answer) ? await answer : answer };
    } catch (error) {
      return { error };
    } finally {
      this.#watch.leave();
    }
  }

  /** Values of the wrong type are failures of their rows. */
  #markFaults(answers: readonly Answer[]): void {
    for (const { from, rows, columns } of answers) {
      columns.forEach((column, index) => {
        const { name, type } = this.#call.outputs[index]!;
        if (fitsWhole(type, column)) return;
        for (let row = 0; row < rows; row++) {
          const reason = faultOf(type, column[row]);
          if (reason === undefined) continue;
          const where = this.#call.result === 'columns' ? ` (${name})` : '';
          this.#batch.fail(this.#batch.positionOf(from + row), `${reason}${where}`);
        }
      });
    }
  }

  #countStatus(): void {
    const { status } = this.#batch;
    if (!status.some(each => each !== ROW_OK)) return;
    status.forEach((each, row) => {
      if (each === ROW_NULL) this.nullRows += 1;
      if (each !== ROW_FAILED) return;
      this.failedRows += 1;
      const reason = this.#batch.reasonOf(row);
      if (this.#call.onError === 'fail') throw this.#rowFailure(reason);
      if (this.reasons.length < REASONS && !this.reasons.includes(reason)) this.reasons.push(reason);
    });
  }

  /** Puts answers behind those of earlier batches, with nulls for rows that have none. */
  #keep(answers: readonly Answer[]): void {
    const batch = this.#batch;
    const { status } = batch;
    const before = this.result.length;
    for (const { from, rows, columns } of answers) {
      for (let start = 0; start < rows; ) {
        const position = batch.positionOf(from + start);
        // As many rows as stand side by side and are well.
        let end = start;
        while (
          end < rows &&
          batch.positionOf(from + end) === position + end - start &&
          status[position + end - start] === ROW_OK
        ) {
          end += 1;
        }
        if (end === start) {
          start += 1;
          continue;
        }
        this.result.appendNulls(before + position - this.result.length);
        this.#append(columns, start, end - start);
        start = end;
      }
    }
    this.result.appendNulls(before + batch.rows - this.result.length);
  }

  #append(columns: readonly ResultColumn[], from: number, count: number): void {
    const { result } = this;
    if (this.#call.result === 'columns' && result instanceof StructsOutput) result.appendColumns(columns, from, count);
    else result.append(columns[0]!, from, count);
  }

  #rowFailure(reason: string): InframeError {
    const { name } = this.#call;
    return new InframeError(
      'FUNCTION_FAILED',
      `function '${name}' failed on a row: ${reason}; make it with onError: 'null' to keep such rows without a value`,
      { function: name },
    );
  }

  #notSelfContained(error: ReferenceError): InframeError {
    const { name } = this.#call;
    return new InframeError(
      'FUNCTION_FAILED',
      `function '${name}' uses something that a worker does not have: ${messageOf(error)}; a function given by value sees nothing around it: define what it uses inside it, or put it into a module and give { module }`,
      { function: name },
    );
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
