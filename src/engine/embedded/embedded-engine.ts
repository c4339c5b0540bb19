import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBInstance,
  JSDuckDBValueConverter,
} from '@duckdb/node-api';
import type { RecordBatch } from 'apache-arrow';
import { chunksToBatch } from '../../connectors/arrow/from-duckdb.js';
import { quote } from '../../connectors/duckdb/quote.js';
import type { Engine, PageFile, Row, RunOptions, WriteTarget } from '../../frame/engine.js';
import { InframeError, messageOf } from '../../frame/errors.js';
import { type Expr, mapChildren } from '../../frame/expr.js';
import type { JobReport } from '../../frame/job.js';
import type { ModelReference } from '../../frame/model.js';
import type { Names } from '../../frame/names.js';
import type { Plan, QueryNode, ScanNode, StatementReads } from '../../frame/plan.js';
import type { MemoryTable } from '../../frame/plan-verbs.js';
import { filesOf, type QueryRelation, type Relation, type ScanRelation } from '../../frame/relation.js';
import type { Schema } from '../../frame/schema.js';
import type { DataType, Field } from '../../frame/types.js';
import { builtins } from '../../udf/builtin/builtins.js';
import type { Model, ModelOptions } from '../../udf/model.js';
import { thumbnails } from '../../udf/report/thumbnails.js';
import { compile } from './compile.js';
import { Connections } from './connections.js';
import { nameFile, openConnection, openDatabase, translate } from './duckdb.js';
import { explainStages } from './explain.js';
import { interruptOn } from './interrupt.js';
import { Job } from './job.js';
import { jobIdentity } from './keys.js';
import { loadModel } from './load-model.js';
import type { JobIdentity } from './manifest.js';
import { storeTable } from './memory-table.js';
import type { ProbeResult } from './messages.js';
import { openPage } from './page-file.js';
import { parseExpression } from './parse.js';
import { WorkerPool } from './pool.js';
import { constantFields, nullOf } from './prepared.js';
import { functionNames } from './query/functions.js';
import { planQuery } from './query/plan-query.js';
import { readsOf } from './query/reads.js';
import { statementSchema } from './query/statement.js';
import { resolveScan } from './scan.js';
import { aborted } from './schedule.js';
import { ScratchStore } from './scratch-store.js';
import { type Machine, spread } from './spread.js';
import { expressionSql } from './sql.js';
import type { PartStore } from './store.js';
import { RowStream } from './stream.js';
import { TargetStore } from './target-store.js';
import { checkUnchanged, rowFiles } from './unchanged.js';

/** How an embedded session is set up. Everything has a default that suits the machine. */
export interface EmbeddedOptions {
  /** Threads that run models; one a core where nothing is said. */
  readonly workers?: number;
  /** Threads inside one run of a network; chosen from the cores and the model's size where nothing is said. */
  readonly threads?: number;
  /** A folder for what does not fit the memory and for intermediate results; the system's where nothing is said. */
  readonly tempDirectory?: string;
  /** Bytes DuckDB may use for joins, sorts and groups before it spills to disk; a quarter of the memory where nothing is said. */
  readonly memoryLimit?: number;
}

const WORKER_MEMORY = 1024 ** 3;

/** DuckDB and a pool of worker threads, in this process. */
export class EmbeddedEngine implements Engine {
  readonly #instance: DuckDBInstance;
  readonly #connections: Connections;
  /** For planning: short statements, one after the other. Streams open connections of their own (DESIGN section 5). */
  readonly #connection: DuckDBConnection;
  readonly #pool: WorkerPool;
  readonly #machine: Machine;
  readonly #folder: string;
  readonly #removeFolder: () => void;
  /** Functions of DuckDB: models cannot take their names. */
  readonly reservedFunctions: ReadonlySet<string>;
  readonly builtins = builtins();

  private constructor(init: {
    instance: DuckDBInstance;
    connection: DuckDBConnection;
    pool: WorkerPool;
    machine: Machine;
    folder: string;
    removeFolder: () => void;
    reservedFunctions: ReadonlySet<string>;
  }) {
    this.#instance = init.instance;
    this.#connections = new Connections(init.instance);
    this.#connection = init.connection;
    this.#pool = init.pool;
    this.#machine = init.machine;
    this.#folder = init.folder;
    this.#removeFolder = init.removeFolder;
    this.reservedFunctions = init.reservedFunctions;
  }

  static async open(options: EmbeddedOptions): Promise<EmbeddedEngine> {
    const cores = availableParallelism();
    const workers = positive('workers', options.workers ?? cores);
    const threads = options.threads === undefined ? undefined : positive('threads', options.threads);
    const machine = { cores, workers, threads, memory: totalmem() };
    const parent = options.tempDirectory ?? tmpdir();
    const folder = await mkdtemp(join(parent, 'inframe-')).catch((error: unknown) => {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `tempDirectory '${parent}' cannot be used: ${messageOf(error)}; name a folder that may be written to`,
      );
    });
    // A program that forgets to close its session, or is stopped, still leaves nothing behind.
    const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
    process.once('exit', removeFolder);
    const memory = positive('memoryLimit', Math.floor(options.memoryLimit ?? totalmem() / 4));
    const instance = await openDatabase({ threads: cores, memoryLimit: memory, tempDirectory: join(folder, 'spill') });
    const connection = await openConnection(instance);
    const pool = new WorkerPool(workers, { memoryLimit: WORKER_MEMORY, tempDirectory: join(folder, 'spill') });
    const { all: reservedFunctions } = await functionNames(connection);
    return new EmbeddedEngine({ instance, connection, pool, machine, removeFolder, folder, reservedFunctions });
  }

  scan(node: ScanNode): Promise<ScanRelation> {
    return resolveScan(this.#connection, node);
  }

  async typesOf(schema: Schema, exprs: readonly Expr[]): Promise<readonly DataType[]> {
    if (exprs.length === 0) return [];
    // A row of nulls of the right types. Model calls are columns of it too: DuckDB mistypes what stands around a constant.
    const fields: Field[] = [...schema.fields];
    const typed = exprs.map(expr => replaceCalls(expr, fields));
    const columns = fields.map(({ name, type }) => `${nullOf(type)} AS ${quote(name)}`);
    const values = typed.map((expr, index) => `${expressionSql(expr)} AS c${index}`);
    try {
      const sql = `SELECT ${values.join(', ')} FROM (SELECT ${columns.join(', ')})`;
      return (await constantFields(this.#connection, sql)).map(({ type }) => type);
    } catch (error) {
      throw translate(error, schema.names);
    }
  }

  parseExpression(text: string, names: Names): Promise<Expr> {
    return parseExpression(this.#connection, text, names);
  }

  planQuery(query: QueryNode, names: Names, schemaOf: (plan: Plan) => Promise<Schema>): Promise<Plan> {
    return planQuery(this.#connection, query, names, schemaOf);
  }

  async statement(
    text: string,
    names: readonly string[],
    inputs: readonly Relation[],
    reads: StatementReads,
  ): Promise<QueryRelation> {
    const constant = reads.known && reads.paths.length === 0;
    const schema = await statementSchema(this.#connection, text, names, inputs, constant);
    const { files, identity } = await readsOf(reads);
    return { kind: 'query', schema, text, names, inputs, files, identity };
  }

  async commonType(types: readonly DataType[]): Promise<DataType | undefined> {
    try {
      const sql = types.map(type => `SELECT ${nullOf(type)}`).join(' UNION ALL ');
      const [field] = await constantFields(this.#connection, sql);
      return field?.type;
    } catch {
      // DuckDB has no type that takes both; that is the answer.
      return undefined;
    }
  }

  async store(table: MemoryTable): Promise<ScanRelation> {
    const connection = await this.#connections.take();
    let ended = false;
    try {
      const stored = await storeTable(table, join(this.#folder, 'tables'), connection);
      ended = true;
      return stored;
    } catch (error) {
      throw translate(error);
    } finally {
      this.#connections.give(connection, ended);
    }
  }

  async materialize(
    relation: Relation,
    options: RunOptions,
  ): Promise<{ readonly relation: ScanRelation; readonly report: JobReport }> {
    // The folder goes when the session closes.
    const store = new ScratchStore(join(this.#folder, 'tables'));
    const connection = await this.#connections.take();
    let ended = false;
    try {
      const result = await this.#job(connection, store, options).materialize(relation);
      ended = true;
      return result;
    } catch (error) {
      await store.close();
      throw nameFile(error, filesOf(relation));
    } finally {
      this.#connections.give(connection, ended);
    }
  }

  #job(connection: DuckDBConnection, store: PartStore, options: RunOptions): Job {
    const keep = async (relation: Relation): Promise<ScanRelation> =>
      (await this.materialize(relation, { signal: options.signal })).relation;
    const stream = (sql: string): AsyncGenerator<DuckDBDataChunk> => this.#stream(sql, options.signal);
    return new Job(connection, this.#pool, store, options, { keep, stream });
  }

  async *#stream(sql: string, signal: AbortSignal | undefined): AsyncGenerator<DuckDBDataChunk, void, undefined> {
    const connection = await this.#connections.take();
    let ended = false;
    try {
      const stream = await RowStream.open(connection, sql, signal);
      for await (const chunk of stream.chunks()) {
        if (signal?.aborted) throw aborted();
        yield chunk;
      }
      ended = true;
    } finally {
      this.#connections.give(connection, ended);
    }
  }

  /** Reads and tries a model in a worker (Rule 1). */
  async loadModel(path: string, options: ModelOptions): Promise<Model> {
    if (typeof path !== 'string' || path === '') {
      throw new InframeError('ARGUMENT_INVALID', `model path ${JSON.stringify(path)} is not a path; name an ONNX file`);
    }
    const probe = async (file: string): Promise<ProbeResult> => {
      const threads = this.#machine.threads ?? 1;
      const answer = await this.#pool.run<ProbeResult>({ kind: 'probe', path: file, threads });
      if ('cancelled' in answer) throw aborted();
      return answer.ok;
    };
    return loadModel(path, options, probe, ({ bytes }) => spread(bytes, this.#machine));
  }

  async *batches(relation: Relation, options: RunOptions): AsyncGenerator<RecordBatch, void, undefined> {
    const { schema } = relation;
    let empty = true;
    for await (const chunks of this.#chunks(relation, options)) {
      empty = false;
      yield chunksToBatch(schema, chunks);
    }
    if (empty) yield chunksToBatch(schema, []);
  }

  async *rows(relation: Relation, options: RunOptions): AsyncGenerator<readonly Row[], void, undefined> {
    const names = relation.schema.names;
    for await (const chunks of this.#chunks(relation, options)) {
      for (const chunk of chunks) {
        const columns = names.map((_, index) => chunk.convertColumnValues(index, JSDuckDBValueConverter));
        yield Array.from({ length: chunk.rowCount }, (_, row) =>
          Object.fromEntries(names.map((name, index) => [name, columns[index]![row]])),
        );
      }
    }
  }

  /** Runs the models, then streams what is left; chunks are of at most 2048 rows. */
  async *#chunks(relation: Relation, options: RunOptions) {
    const { signal } = options;
    const store = new ScratchStore(this.#folder);
    const connection = await this.#connections.take();
    let release: (() => void) | undefined;
    let ended = false;
    try {
      const job = this.#job(connection, store, options);
      const ready = await job.prepare(relation);
      if (signal?.aborted) throw aborted();
      release = interruptOn(signal, connection);
      const stream = await RowStream.open(connection, compile(ready), signal);
      for await (const chunk of stream.chunks()) {
        if (signal?.aborted) throw aborted();
        yield [chunk];
      }
      await checkUnchanged(rowFiles(ready));
      ended = true;
      options.onEvent?.({ kind: 'jobFinished', report: job.report([], []) });
    } catch (error) {
      throw signal?.aborted ? aborted() : nameFile(error, filesOf(relation));
    } finally {
      release?.();
      this.#connections.give(connection, ended);
      await store.close();
    }
  }

  async write(relation: Relation, target: WriteTarget, options: RunOptions): Promise<JobReport> {
    const identity = jobIdentity(relation, target);
    const store = await TargetStore.open(target, identity);
    let connection: DuckDBConnection | undefined;
    let ended = false;
    try {
      connection = await this.#connections.take();
      const job = this.#job(connection, store, options);
      const report =
        (await finishedReport(job, store)) ?? (await publishedReport(job, store, relation, target, identity));
      ended = true;
      options.onEvent?.({ kind: 'jobFinished', report });
      return report;
    } catch (cause) {
      const error = nameFile(cause, filesOf(relation));
      const known = error instanceof InframeError ? error : new InframeError('INTERNAL', messageOf(error), {}, error);
      options.onEvent?.({ kind: 'jobFailed', error: known });
      throw known;
    } finally {
      if (connection !== undefined) this.#connections.give(connection, ended);
      await store.close();
    }
  }

  get thumbnails(): ModelReference {
    return thumbnails();
  }

  openPage(path: string, overwrite: boolean): Promise<PageFile> {
    return openPage(path, overwrite);
  }

  explain(relation: Relation): Promise<string> {
    return Promise.resolve(explainStages(relation));
  }

  async close(): Promise<void> {
    await this.#pool.close();
    this.#connections.close();
    this.#connection.closeSync();
    this.#instance.closeSync();
    process.off('exit', this.#removeFolder);
    this.#removeFolder();
  }
}

async function publishedReport(
  job: Job,
  store: TargetStore,
  relation: Relation,
  target: WriteTarget,
  identity: JobIdentity,
): Promise<JobReport> {
  const tasks = await job.write(relation, target);
  const files = await store.publish(tasks, identity);
  return job.report(tasks, files);
}

/** The very job has ended before, and all it wrote is still there: its report, without doing it again. */
async function finishedReport(job: Job, store: TargetStore): Promise<JobReport | undefined> {
  if (!store.complete) return undefined;
  const tasks = store.finishedTasks();
  const files: string[] = [];
  for (const task of tasks) {
    if ((await store.find(task.key)) === undefined) return undefined;
    files.push(...store.publishedNames(task));
  }
  return job.reusedReport(tasks, files);
}

/** The expression with every model call replaced by a column of its type, which is added to the fields. */
function replaceCalls(expr: Expr, fields: Field[]): Expr {
  if (expr.kind !== 'modelCall') return mapChildren(expr, part => replaceCalls(part, fields));
  const name = `__inframe_typed_${fields.length}`;
  fields.push({ name, type: expr.call.type });
  return { kind: 'column', name };
}

function positive(what: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InframeError('ARGUMENT_INVALID', `${what} ${value} is not possible; give a whole number from 1`);
}
