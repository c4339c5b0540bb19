import type { RecordBatch, Table } from 'apache-arrow';
import { Catalog, type CatalogSnapshot } from './catalog.js';
import { CommandQueue } from './command-queue.js';
import { DataFrame } from './dataframe.js';
import type { Engine, RunOptions } from './engine.js';
import { InframeError, shown } from './errors.js';
import { fromArrow } from './local/from-arrow.js';
import { fromColumns } from './local/from-columns.js';
import { fromRows } from './local/from-rows.js';
import type { GivenSchema } from './local/given-schema.js';
import { referenceOf } from './model.js';
import type { Names } from './names.js';
import type { Parameters, Plan } from './plan.js';
import { DataFrameReader } from './reader.js';
import { type CommandContext, carryOut, createView, queryIn } from './sql/carry-out.js';
import { checkParameters } from './sql/parameters.js';
import { runScript } from './sql/script.js';
import { parseScript, parseStatement } from './sql/statement.js';
import type { Unchecked } from './typed/row.js';
import type { GivenRow } from './typed/verbs.js';

/**
 * Where tables are read, models are loaded and SQL is run. Made by `connect()`.
 *
 * @example
 * const session = await connect();
 * try { await session.read.parquet('flights.parquet').show(); } finally { await session.close(); }
 */
export class Session<M = unknown, O = object> implements AnySession {
  readonly #engine: Engine;
  readonly #loadModel: (path: string, options: O) => Promise<M>;
  readonly #catalog: Catalog;
  readonly #commands = new CommandQueue();
  #closing: Promise<void> | undefined;

  constructor(engine: Engine, loadModel: (path: string, options: O) => Promise<M>) {
    this.#engine = engine;
    this.#loadModel = loadModel;
    this.#catalog = new Catalog(engine.reservedFunctions, engine.builtins);
  }

  /** Readers of tables. */
  get read(): DataFrameReader {
    return new DataFrameReader(this);
  }

  /**
   * A table of plain objects, one a row; a column that a row does not have is null there.
   *
   * Without a schema columns have the types of their values: numbers are float64 and bigints int64, whatever their values;
   * then there are texts, booleans, dates (timestamps in microseconds), `Uint8Array` (binary), arrays and typed arrays
   * (lists), plain objects (structs) and null. `collect()` gives the same values back. Everything is copied now.
   *
   * @param schema names and types: `{ id: { kind: 'int64' }, name: { kind: 'string' } }`
   * @throws InframeError TYPE_MISMATCH, naming row and column, for values of several types in one column
   * @example
   * session.fromRows([{ cut: 'Ideal', price: 326 }, { cut: 'Good', price: null }]);
   */
  fromRows<S extends object = Unchecked>(rows: readonly GivenRow<S>[], schema?: GivenSchema): DataFrame<S> {
    return new DataFrame(
      this,
      this.#local(() => fromRows(rows, schema)),
    );
  }

  /**
   * A table of lists of the same length, one a column; types are those of {@link Session.fromRows}. A typed array is a column
   * of numbers of its type: `Float32Array` of float32, `BigInt64Array` of int64.
   */
  fromColumns<S = Unchecked>(
    columns: Readonly<Record<string, ArrayLike<unknown>>>,
    schema?: GivenSchema,
  ): DataFrame<S> {
    return new DataFrame(
      this,
      this.#local(() => fromColumns(columns, schema)),
    );
  }

  /** An Arrow table (of the package `apache-arrow`), or a list of record batches of one schema. */
  fromArrow<S = Unchecked>(table: Table | readonly RecordBatch[]): DataFrame<S> {
    return new DataFrame(
      this,
      this.#local(() => fromArrow(table)),
    );
  }

  /**
   * Loads an ONNX file and gives it as a function of columns.
   *
   * @throws InframeError MODEL_NOT_FOUND, MODEL_INVALID, MODEL_UNSUPPORTED, MODEL_EXTERNAL_DATA
   */
  async model(path: string, options?: O): Promise<M> {
    this.#checkOpen();
    return this.#loadModel(path, options ?? ({} as O));
  }

  /**
   * Makes a model, or a function made with `udf()`, callable in SQL under a name.
   *
   * @throws InframeError NAME_TAKEN where there is one of that name and `replace` is not said, or SQL has such a function
   * @example
   * session.register('risk', await session.model('delay.onnx'));
   * await session.sql("SELECT *, risk() AS risk FROM 'flights.parquet'").show();
   */
  register(name: string, model: unknown, options: { readonly replace?: boolean } = {}): void {
    this.#checkOpen();
    const reference = referenceOf(model);
    if (reference === undefined) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `value ${shown(model)} to be registered as '${name}' is not a model; give what session.model() or udf() gives`,
      );
    }
    this.#commands.addShort(`register ${name}`, () => {
      this.#catalog.checkModel(name, options);
      this.#catalog.addModel({ name, reference });
    });
  }

  /** Takes the name of a model or function away. @throws InframeError MODEL_NOT_FOUND */
  unregister(name: string): void {
    this.#checkOpen();
    this.#commands.addShort(`unregister ${name}`, () => this.#catalog.removeModel(name, false));
  }

  /**
   * Runs one SQL statement. A query is lazy, as every frame is. A command (`CREATE`, `DROP`, `COPY`, `SHOW`, `DESCRIBE`,
   * `EXPLAIN`) is carried out at once, and the frame's rows are what it answers.
   *
   * Commands are carried out in the order of the calls, and later statements and actions of the session wait for them.
   * One that fails throws where its frame is acted upon; where nobody does that, the next use of the session throws
   * instead (an action, a command or `close()`), and commands given in between are not carried out.
   *
   * @param text one statement, with or without a `;`
   * @param params values for `?` or `$1` by position, for `$name` by name; bound, never pasted into the text
   * @param options of a command's run; a query takes them with its action
   * @throws InframeError STATEMENT_INVALID, STATEMENT_UNSUPPORTED, ARGUMENT_INVALID
   * @example
   * await session.sql("SELECT cut, avg(price) FROM 'diamonds.csv' WHERE carat > $1 GROUP BY cut", [1]).show();
   */
  sql<S = Unchecked>(text: string, params: Parameters = [], options: RunOptions = {}): DataFrame<S> {
    this.#checkOpen();
    const values = checkParameters(params);
    const { statement, text: written } = parseStatement(text);
    if (statement.kind === 'query') {
      return new DataFrame(this, { kind: 'query', text: statement.text, params: values });
    }
    if (queryIn(statement) === undefined && Object.keys(values).length > 0) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `parameters ${shown(values)} have no place in statement '${labelOf(written)}'; only queries take them`,
      );
    }
    const run = (): Promise<Plan> => carryOut(statement, values, this.#context, options);
    return new DataFrame(this, { kind: 'command', command: this.#commands.add(labelOf(written), run) });
  }

  /**
   * Runs a script: statements with `;` between them, one after the other, to the end or the first that fails. Queries
   * before the last statement are checked and give their rows to nobody, so they are not run.
   *
   * @returns the frame of the last statement
   * @throws InframeError whatever is wrong, with the number and line of the statement; what cannot be read is found before
   *   the first statement runs
   */
  async execute<S = Unchecked>(script: string, options: RunOptions = {}): Promise<DataFrame<S>> {
    this.#checkOpen();
    if (typeof script !== 'string') {
      throw new InframeError('ARGUMENT_INVALID', `script ${shown(script)} is not a text; give SQL statements`);
    }
    const statements = parseScript(script);
    const run = (): Promise<Plan> => runScript(statements, this.#context, options);
    return new DataFrame(this, await this.#commands.add(`script of ${statements.length} statements`, run).outcome());
  }

  /** A table or view of the session. Whether it exists is found when the frame runs. */
  table<S = Unchecked>(name: string): DataFrame<S> {
    this.#checkOpen();
    if (typeof name === 'string' && name !== '') return new DataFrame(this, { kind: 'named', name });
    throw new InframeError('ARGUMENT_INVALID', `table name ${shown(name)} is not a name; give a non-empty string`);
  }

  /** The names of models, functions, tables and views, as they are now; commands on their way are not waited for. */
  get catalog(): CatalogSnapshot {
    return this.#catalog.read();
  }

  /** Gives a plan a name; `DataFrame.createView` calls it. @internal */
  async createView(name: string, plan: Plan, options: { readonly replace?: boolean }): Promise<void> {
    this.#checkOpen();
    const replace = options.replace === true;
    await this.#commands.add(`create view ${name}`, () => createView(name, plan, this.#context, { replace })).outcome();
  }

  /** Who carries plans out; not for users. @internal */
  get engine(): Engine {
    this.#checkOpen();
    return this.#engine;
  }

  /** What names stand for when all commands so far have ended. @internal */
  async names(plan: Plan): Promise<Names> {
    this.#checkOpen();
    return this.#commands.use(() => this.#catalog.read(), commandsIn(plan));
  }

  get #context(): CommandContext {
    const loadModel = (path: string, options: object): Promise<M> => this.#loadModel(path, options as O);
    return { engine: this.#engine, catalog: this.#catalog, loadModel };
  }

  #local(make: () => Plan): Plan {
    this.#checkOpen();
    return make();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw sessionClosed();
  }

  /**
   * Waits for the commands on their way, stops the workers and gives everything back: tables, views and registered models
   * end with the session, and it cannot be used again.
   *
   * @throws InframeError for a command that failed and that nobody has looked at
   */
  close(): Promise<void> {
    if (this.#closing !== undefined) return this.#closing.catch(() => {});
    this.#closing = this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    try {
      await this.#commands.use(() => {});
    } finally {
      await this.#engine.close();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The commands whose rows a plan reads. */
function commandsIn(plan: Plan): readonly object[] {
  if (plan.kind === 'command') return [plan.command];
  if ('inputs' in plan) return plan.inputs.flatMap(commandsIn);
  if ('left' in plan) return [...commandsIn(plan.left), ...commandsIn(plan.right)];
  return 'input' in plan ? commandsIn(plan.input) : [];
}

/** A statement's words, short enough for a sentence. */
function labelOf(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function sessionClosed(): InframeError {
  return new InframeError('SESSION_CLOSED', 'session is closed; make another with connect()');
}

/** What a frame needs of its session, whatever models it loads. */
export interface AnySession {
  readonly engine: Engine;
  /**
   * What names stand for when every earlier command has ended.
   *
   * @param plan what is to be analyzed
   * @throws InframeError for a command that failed and that nobody has looked at
   */
  names(plan: Plan): Promise<Names>;
  createView(name: string, plan: Plan, options: { readonly replace?: boolean }): Promise<void>;
}
