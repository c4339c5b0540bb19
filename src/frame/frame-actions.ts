import { Schema as ArrowSchema, type RecordBatch, Table } from 'apache-arrow';
import { analyze } from './analyze.js';
import type { DataFrame } from './dataframe.js';
import type { Row, RunOptions } from './engine.js';
import { fn } from './functions.js';
import { optimize } from './optimizer/optimize.js';
import type { Plan } from './plan.js';
import type { Relation } from './relation.js';
import { checkReportOptions, type ReportOptions, type ReportSummary } from './report/options.js';
import { makeReport } from './report/report.js';
import type { Schema } from './schema.js';
import type { AnySession } from './session.js';
import { formatTable, type ShowOptions } from './show.js';
import { approxQuantile, corr, cov } from './statistics.js';
import type { NameOfKind } from './typed/reshape.js';
import type { rowType, Suggested, Unchecked } from './typed/row.js';
import type { Numeric } from './typed/values.js';
import type { RowOf } from './typed/verbs.js';
import { aggregate } from './verbs/aggregate.js';
import { wholeNumber } from './verbs/arguments.js';
import { limit } from './verbs/limit.js';
import { DataFrameWriter } from './writer.js';

/** What a frame can be asked for: the half of {@link DataFrame} that reads. */
export abstract class FrameActions<out S> {
  /** Where a frame has its row type: nothing is there when the program runs. */
  declare readonly [rowType]: S;
  readonly plan: Plan;
  protected readonly session: AnySession;

  constructor(session: AnySession, plan: Plan) {
    this.session = session;
    this.plan = Object.freeze(plan);
    Object.freeze(this);
  }

  /** Another frame of the same session. */
  protected abstract with(plan: Plan): DataFrame;

  /** The checked and optimized plan. @throws InframeError what is wrong with it */
  async #relation(): Promise<Relation> {
    return optimize(await this.#checked(this.plan));
  }

  /** The plan, checked, once all commands of the session so far have ended. */
  async #checked(plan: Plan): Promise<Relation> {
    const names = await this.session.names(plan);
    return analyze(plan, this.session.engine, names);
  }

  /** Names and types of the columns; files are looked at, rows are not read (Rule 4). */
  async schema(): Promise<Schema> {
    return (await this.#checked(this.plan)).schema;
  }

  /** The number of rows. */
  async count(options: RunOptions = {}): Promise<number> {
    const [row] = await this.with(aggregate(this.plan, [], [fn.count().as('count')])).collect(options);
    return Number(row!['count']);
  }

  /**
   * All rows as plain objects. 64-bit integers are `bigint`, dates and timestamps `Date` (UTC, milliseconds), blobs
   * `Uint8Array`, lists arrays, structs objects. A large result is better taken with {@link DataFrame.batches}.
   */
  async collect<R = S>(options: RunOptions = {}): Promise<readonly RowOf<R>[]> {
    const rows: RowOf<R>[] = [];
    for await (const block of await this.#blocks(options)) {
      for (const row of block) rows.push(row);
    }
    return rows;
  }

  /** The same rows one after the other, with bounded memory: the next are computed when they are asked for. */
  async *rows<R = S>(options: RunOptions = {}): AsyncGenerator<RowOf<R>, void, undefined> {
    for await (const block of await this.#blocks(options)) yield* block;
  }

  /** The rows in blocks. What a row is, is the word of whoever declared it. */
  async #blocks(options: RunOptions): Promise<AsyncIterable<readonly Unchecked[]>> {
    return this.session.engine.rows(await this.#relation(), options);
  }

  /** All rows as one Arrow table (of the package `apache-arrow`). */
  async toArrow(options: RunOptions = {}): Promise<Table> {
    const batches: RecordBatch[] = [];
    for await (const batch of this.batches(options)) batches.push(batch);
    return batches.length === 0 ? new Table(new ArrowSchema([])) : new Table(batches);
  }

  /**
   * The rows as Arrow record batches, in order, with bounded memory: the next is computed when it is asked for. There is
   * always at least one, which is empty when there are no rows, so that the schema is known.
   */
  async *batches(options: RunOptions = {}): AsyncGenerator<RecordBatch, void, undefined> {
    yield* this.session.engine.batches(await this.#relation(), options);
  }

  /**
   * Prints the first rows as a table.
   *
   * @param count how many rows
   */
  async show(count = 20, options: ShowOptions = {}): Promise<void> {
    const out = options.write ?? ((text: string) => process.stdout.write(text));
    out(`${await this.toText(count, options)}\n`);
  }

  /** What {@link DataFrame.show} prints. */
  async toText(count = 20, options: ShowOptions = {}): Promise<string> {
    wholeNumber('count', count, 0);
    const relation = optimize(await this.#checked(limit(this.plan, count + 1, 0)));
    const rows: Row[] = [];
    for await (const block of this.session.engine.rows(relation, {})) rows.push(...block);
    return formatTable(relation.schema, rows.slice(0, count), { ...options, more: rows.length > count });
  }

  /** The stages the frame is carried out in, as text for a person. */
  async explain(): Promise<string> {
    return this.session.engine.explain(await this.#relation());
  }

  /**
   * Gives the frame a name that SQL and `session.table()` know. It stays a question: its rows are computed wherever the view
   * is used. The plan is checked now.
   *
   * @throws InframeError NAME_TAKEN where there is one of that name and `replace` is not said
   */
  createView(name: string, options: { readonly replace?: boolean } = {}): Promise<void> {
    return this.session.createView(name, this.plan, options);
  }

  /**
   * Writes a page to look at after a job: pictures in small with what was predicted for them, the least certain rows, the
   * rows without a prediction, histograms of scores, counts of labels. One HTML file that needs nothing beside it.
   *
   * Models of the plan run once. `options.onEvent` hears of them.
   *
   * @throws InframeError ARGUMENT_INVALID, COLUMN_NOT_FOUND, TYPE_MISMATCH; TARGET_EXISTS for a file that is no report, unless
   *   `overwrite` is said
   * @example
   * await session.read.parquet('scored').report('report.html', { title: 'Cats and dogs' });
   */
  async report(path: string, options: ReportOptions = {}): Promise<ReportSummary> {
    const settings = checkReportOptions(path, options);
    const { engine } = this.session;
    const source = {
      engine,
      plan: this.plan,
      relation: await this.#relation(),
      frame: (plan: Plan) => this.with(plan),
    };
    return makeReport(source, path, settings, options);
  }

  /** Writes the rows to a folder: `.write.parquet('scored')`. */
  get write(): DataFrameWriter<keyof S & string> {
    return new DataFrameWriter(this.session.engine, () => this.#relation());
  }

  /** The names of the columns. */
  async columns(): Promise<readonly string[]> {
    return (await this.schema()).names;
  }

  /** Prints the columns and their types, one a line. */
  async printSchema(options: Pick<ShowOptions, 'write'> = {}): Promise<void> {
    const out = options.write ?? ((text: string) => process.stdout.write(text));
    out(`${await this.schema()}\n`);
  }

  /** True if there is no row. */
  async isEmpty(options: RunOptions = {}): Promise<boolean> {
    return (await this.take(1, options)).length === 0;
  }

  /** The first row; undefined if there is none. */
  async first<R = S>(options: RunOptions = {}): Promise<RowOf<R> | undefined> {
    return (await this.take<R>(1, options))[0];
  }

  /** The first rows. */
  take<R = S>(count: number, options: RunOptions = {}): Promise<readonly RowOf<R>[]> {
    const first: DataFrame<R> = this.with(limit(this.plan, count, 0));
    return first.collect(options);
  }

  /** The first rows; another word for {@link DataFrame.take}. */
  head<R = S>(count = 1, options: RunOptions = {}): Promise<readonly RowOf<R>[]> {
    return this.take(count, options);
  }

  /** The last rows, in their order. The rows are counted first, which may be as much work as computing them. */
  async tail<R = S>(count: number, options: RunOptions = {}): Promise<readonly RowOf<R>[]> {
    wholeNumber('tail', count, 0);
    const rows = await this.count(options);
    const last: DataFrame<R> = this.with(limit(this.plan, count, Math.max(0, rows - count)));
    return last.collect(options);
  }

  /**
   * For each probability (0 to 1) the least value of a column of numbers that is not below that part of its values. Nulls
   * and not-a-number count for nothing; of no values the result is empty.
   *
   * @param error how far off the ranks may be, from 0 to 1; the answer here is exact, and any bound holds
   * @throws InframeError TYPE_MISMATCH if the column holds no numbers
   */
  approxQuantile<const N extends Suggested<S>>(
    column: NameOfKind<N, Numeric, S>,
    probabilities: readonly number[],
    error = 0,
  ): Promise<readonly number[]> {
    return approxQuantile(this.with(this.plan), column, probabilities, error);
  }

  /** Pearson's correlation of two columns of numbers; null where one of them does not vary. */
  corr<const N extends Suggested<S>, const M extends Suggested<S>>(
    first: NameOfKind<N, Numeric, S>,
    second: NameOfKind<M, Numeric, S>,
  ): Promise<number | null> {
    return corr(this.with(this.plan), first, second);
  }

  /** The covariance of two columns of numbers, as of a sample; null of fewer than two rows. */
  cov<const N extends Suggested<S>, const M extends Suggested<S>>(
    first: NameOfKind<N, Numeric, S>,
    second: NameOfKind<M, Numeric, S>,
  ): Promise<number | null> {
    return cov(this.with(this.plan), first, second);
  }
}
