import { Schema as ArrowSchema, type RecordBatch, Table } from 'apache-arrow';
import { analyze } from './analyze.js';
import type { Row, RunOptions } from './engine.js';
import type { Column, ColumnOrValue, SortColumn } from './expr.js';
import { fn } from './functions.js';
import { optimize } from './optimizer/optimize.js';
import type { Plan } from './plan.js';
import type { Relation } from './relation.js';
import type { Schema } from './schema.js';
import type { AnySession } from './session.js';
import { formatTable, type ShowOptions } from './show.js';
import { aggregate } from './verbs/aggregate.js';
import { wholeNumber } from './verbs/arguments.js';
import { drop } from './verbs/drop.js';
import { filter } from './verbs/filter.js';
import { limit } from './verbs/limit.js';
import { orderBy } from './verbs/order-by.js';
import { rename } from './verbs/rename.js';
import { sample } from './verbs/sample.js';
import { select } from './verbs/select.js';
import { withColumns } from './verbs/with-columns.js';
import { DataFrameWriter } from './writer.js';

/**
 * A table that is computed when somebody asks for it. Immutable: every verb gives a new frame, and nothing is read before
 * an action (`show`, `collect`, `count`, `toArrow`, `batches`, `write`).
 *
 * @example
 * const big = session.read.csv('diamonds.csv').filter(col('carat').gt(2)).select('carat', 'cut', 'price');
 * await big.orderBy(col('price').desc()).limit(3).collect();
 */
export class DataFrame {
  readonly plan: Plan;
  readonly #session: AnySession;

  constructor(session: AnySession, plan: Plan) {
    this.#session = session;
    this.plan = Object.freeze(plan);
    Object.freeze(this);
  }

  #with(plan: Plan): DataFrame {
    return new DataFrame(this.#session, plan);
  }

  /** Only these columns, in this order; `'*'` stands for all there are. */
  select(...columns: readonly (string | Column)[]): DataFrame {
    return this.#with(select(this.plan, columns));
  }

  /** All columns and one more; a column of that name is replaced where it stands. */
  withColumn(name: string, value: ColumnOrValue): DataFrame {
    return this.#with(withColumns(this.plan, { [name]: value }));
  }

  /** Several at once; none of them sees another. */
  withColumns(columns: Readonly<Record<string, ColumnOrValue>>): DataFrame {
    return this.#with(withColumns(this.plan, columns));
  }

  /** All columns but these. */
  drop(...names: readonly string[]): DataFrame {
    return this.#with(drop(this.plan, names));
  }

  /** Other names: `rename({ old: 'new' })`. */
  rename(names: Readonly<Record<string, string>>): DataFrame {
    return this.#with(rename(this.plan, names));
  }

  /** Only the rows for which a condition is true: a column, or SQL text such as `'price > 1000'`. */
  filter(condition: Column | string): DataFrame {
    return this.#with(filter(this.plan, condition));
  }

  /** The first rows, in the order of the source. */
  limit(count: number, offset = 0): DataFrame {
    return this.#with(limit(this.plan, count, offset));
  }

  /** About this fraction (0 to 1) of the rows; the same seed gives the same rows on the same table. */
  sample(fraction: number, options: { readonly seed?: number } = {}): DataFrame {
    return this.#with(sample(this.plan, fraction, options.seed ?? 0));
  }

  /** Sorted; nulls last. */
  orderBy(...keys: readonly (string | Column | SortColumn)[]): DataFrame {
    return this.#with(orderBy(this.plan, keys));
  }

  /** Groups of equal keys, to be aggregated with `.agg(...)`; without keys the whole table is one group. */
  groupBy(...keys: readonly (string | Column)[]): GroupedDataFrame {
    const make = (aggregates: readonly Column[]): DataFrame => this.#with(aggregate(this.plan, keys, aggregates));
    return Object.freeze({
      agg: (...aggregates: readonly Column[]) => make(aggregates),
      count: () => make([fn.count().as('count')]),
    });
  }

  /** The whole table as one row. */
  agg(...aggregates: readonly Column[]): DataFrame {
    return this.groupBy().agg(...aggregates);
  }

  /** The checked and optimized plan. @throws InframeError what is wrong with it */
  async #relation(): Promise<Relation> {
    return optimize(await this.#checked(this.plan));
  }

  /** The plan, checked, once all commands of the session so far have ended. */
  async #checked(plan: Plan): Promise<Relation> {
    const names = await this.#session.names(plan);
    return analyze(plan, this.#session.engine, names);
  }

  /** Names and types of the columns; files are looked at, rows are not read (Rule 4). */
  async schema(): Promise<Schema> {
    return (await this.#checked(this.plan)).schema;
  }

  /** The number of rows. */
  async count(options: RunOptions = {}): Promise<number> {
    const [row] = await this.agg(fn.count().as('count')).collect(options);
    return Number(row!['count']);
  }

  /**
   * All rows as plain objects. 64-bit integers are `bigint`, dates and timestamps `Date` (UTC, milliseconds), blobs
   * `Uint8Array`, lists arrays, structs objects. A large result is better taken with {@link DataFrame.batches}.
   */
  async collect(options: RunOptions = {}): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for await (const block of this.#session.engine.rows(await this.#relation(), options)) {
      for (const row of block) rows.push(row);
    }
    return rows;
  }

  /** The same rows one after the other, with bounded memory: the next are computed when they are asked for. */
  async *rows(options: RunOptions = {}): AsyncGenerator<Row, void, undefined> {
    for await (const block of this.#session.engine.rows(await this.#relation(), options)) yield* block;
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
    yield* this.#session.engine.batches(await this.#relation(), options);
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
    const relation = optimize(await this.#checked(this.limit(count + 1).plan));
    const rows: Row[] = [];
    for await (const block of this.#session.engine.rows(relation, {})) rows.push(...block);
    return formatTable(relation.schema, rows.slice(0, count), { ...options, more: rows.length > count });
  }

  /** The stages the frame is carried out in, as text for a person. */
  async explain(): Promise<string> {
    return this.#session.engine.explain(await this.#relation());
  }

  /**
   * Gives the frame a name that SQL and `session.table()` know. It stays a question: its rows are computed wherever the view
   * is used. The plan is checked now.
   *
   * @throws InframeError NAME_TAKEN where there is one of that name and `replace` is not said
   */
  createView(name: string, options: { readonly replace?: boolean } = {}): Promise<void> {
    return this.#session.createView(name, this.plan, options);
  }

  /** Writes the rows to a folder: `.write.parquet('scored')`. */
  get write(): DataFrameWriter {
    return new DataFrameWriter(this.#session.engine, () => this.#relation());
  }
}

/** Groups waiting for what is to be computed of them. */
export interface GroupedDataFrame {
  agg(...aggregates: readonly Column[]): DataFrame;
  /** The number of rows of each group, as column `count`. */
  count(): DataFrame;
}
