import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, type DuckDBInstance, JSDuckDBValueConverter } from '@duckdb/node-api';
import type { RecordBatch } from 'apache-arrow';
import { chunksToBatch } from '../../connectors/arrow/from-duckdb.js';
import { quote } from '../../connectors/duckdb/quote.js';
import { fromDuckDBType, toSql } from '../../connectors/duckdb/types.js';
import type { Engine, Row, RunOptions, WriteTarget } from '../../frame/engine.js';
import { InframeError, messageOf } from '../../frame/errors.js';
import { type Expr, mapChildren } from '../../frame/expr.js';
import type { JobReport } from '../../frame/job.js';
import type { ScanNode } from '../../frame/plan.js';
import { filesOf, type Relation, type ScanRelation } from '../../frame/relation.js';
import type { Schema } from '../../frame/schema.js';
import type { DataType, Field } from '../../frame/types.js';
import { type Model, type ModelOptions, makeModel } from '../../udf/model.js';
import { compile } from './compile.js';
import { nameFile, openConnection, openDatabase, translate } from './duckdb.js';
import { explainStages } from './explain.js';
import { Job } from './job.js';
import { jobIdentity } from './keys.js';
import type { JobIdentity } from './manifest.js';
import type { ProbeResult } from './messages.js';
import { parseExpression } from './parse.js';
import { WorkerPool } from './pool.js';
import { resolveScan } from './scan.js';
import { aborted } from './schedule.js';
import { ScratchStore } from './scratch-store.js';
import { type Machine, spread } from './spread.js';
import { expressionSql } from './sql.js';
import { RowStream } from './stream.js';
import { TargetStore } from './target-store.js';

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
  /** For planning: short statements, one after the other. Streams open connections of their own (DESIGN section 5). */
  readonly #connection: DuckDBConnection;
  readonly #pool: WorkerPool;
  readonly #machine: Machine;
  readonly #folder: string;
  readonly #removeFolder: () => void;

  private constructor(init: {
    instance: DuckDBInstance;
    connection: DuckDBConnection;
    pool: WorkerPool;
    machine: Machine;
    folder: string;
    removeFolder: () => void;
  }) {
    this.#instance = init.instance;
    this.#connection = init.connection;
    this.#pool = init.pool;
    this.#machine = init.machine;
    this.#folder = init.folder;
    this.#removeFolder = init.removeFolder;
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
    return new EmbeddedEngine({ instance, connection, pool, machine, removeFolder, folder });
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
      const prepared = await this.#connection.prepare(
        `SELECT ${values.join(', ')} FROM (SELECT ${columns.join(', ')})`,
      );
      try {
        return exprs.map((_, index) => fromDuckDBType(prepared.columnType(index)));
      } finally {
        prepared.destroySync();
      }
    } catch (error) {
      throw translate(error, schema.names);
    }
  }

  parseExpression(text: string): Promise<{ readonly text: string; readonly columns: readonly string[] }> {
    return parseExpression(this.#connection, text);
  }

  /** Reads and tries a model in a worker (Rule 1). */
  async loadModel(path: string, options: ModelOptions): Promise<Model> {
    if (typeof path !== 'string' || path === '') {
      throw new InframeError('ARGUMENT_INVALID', `model path ${JSON.stringify(path)} is not a path; name an ONNX file`);
    }
    const answer = await this.#pool.run<ProbeResult>({ kind: 'probe', path, threads: this.#machine.threads ?? 1 });
    if ('cancelled' in answer) throw aborted();
    return makeModel({ ...answer.ok, ...spread(answer.ok.bytes, this.#machine) }, options);
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
    const store = await ScratchStore.open(this.#folder);
    const connection = await openConnection(this.#instance);
    try {
      const job = new Job(connection, this.#pool, store, options);
      const ready = await job.prepare(relation);
      const stream = await RowStream.open(connection, compile(ready));
      for await (const chunk of stream.chunks()) {
        if (options.signal?.aborted) throw aborted();
        yield [chunk];
      }
      options.onEvent?.({ kind: 'jobFinished', report: job.report([], []) });
    } catch (error) {
      throw nameFile(error, filesOf(relation));
    } finally {
      connection.closeSync();
      await store.close();
    }
  }

  async write(relation: Relation, target: WriteTarget, options: RunOptions): Promise<JobReport> {
    const identity = jobIdentity(relation, target);
    const store = await TargetStore.open(target, identity);
    let connection: DuckDBConnection | undefined;
    try {
      connection = await openConnection(this.#instance);
      const job = new Job(connection, this.#pool, store, options);
      const report =
        (await finishedReport(job, store)) ?? (await publishedReport(job, store, relation, target, identity));
      options.onEvent?.({ kind: 'jobFinished', report });
      return report;
    } catch (cause) {
      const error = nameFile(cause, filesOf(relation));
      const known = error instanceof InframeError ? error : new InframeError('INTERNAL', messageOf(error), {}, error);
      options.onEvent?.({ kind: 'jobFailed', error: known });
      throw known;
    } finally {
      connection?.closeSync();
      await store.close();
    }
  }

  explain(relation: Relation): Promise<string> {
    return Promise.resolve(explainStages(relation));
  }

  async close(): Promise<void> {
    await this.#pool.close();
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

/** A null of a type: what an expression is typed over, without a table. */
function nullOf(type: DataType): string {
  return type.kind === 'other' || type.kind === 'null' ? 'NULL' : `CAST(NULL AS ${toSql(type)})`;
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
