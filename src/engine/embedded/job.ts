import { stat } from 'node:fs/promises';
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { storedTypes } from '../../connectors/duckdb/stored.js';
import { readRowGroups } from '../../connectors/parquet.js';
import { scanSql } from '../../connectors/scan.js';
import type { RunOptions, WriteTarget } from '../../frame/engine.js';
import type { JobEvent, JobReport } from '../../frame/job.js';
import {
  anyRelation,
  inputsOf,
  mapInputs,
  type Relation,
  type ScanRelation,
  type SourceFile,
  stageResult,
  withInputs,
} from '../../frame/relation.js';
import { weightOf, workersOf } from '../../udf/descriptor.js';
import { hashOf } from '../../udf/hash.js';
import { computeCaches } from './caches.js';
import { columnList, compile, noRowsSql } from './compile.js';
import { convertArrow, type Once, rowsWanted } from './convert.js';
import { convertLines } from './convert-lines.js';
import { translate } from './duckdb.js';
import { checkSomeWell } from './every-row-failed.js';
import { holdsFiles, planFileTasks } from './file-tasks.js';
import { interruptOn } from './interrupt.js';
import { leafIdentity, type PartFormat, partFormat, scanIdentity, stageFingerprint, taskKey, VERSION } from './keys.js';
import { OUTPUTS_FUNCTION, type PartRequest, type ScoreRequestCall, type ScoreResult } from './messages.js';
import { countRows, searchInBlocks } from './nearest.js';
import { writePart } from './part.js';
import type { WorkerPool } from './pool.js';
import { aborted, runTasks, type ScheduledTask } from './schedule.js';
import { toRequestCall, withoutRuns } from './score-request.js';
import { rowBytesOf, rowGroupRows, typeBytes } from './sizes.js';
import { countStages, cut, type ModelStage, outputSql, slicedInput, sliceSql } from './stages.js';
import type { CommittedTask, PartStore } from './store.js';
import { sum } from './sum.js';
import { Tally } from './tally.js';
import { isBuffered, planTasks, type Slice } from './tasks.js';
import { checkUnchanged, rowFiles } from './unchanged.js';

const ROW_GROUP_ROWS = 122_880;

/** Whole files as values: few together. Of fewer than DuckDB's vectors have, it would make a row group of each. */
const FILES_A_ROW_GROUP = 4096;

/** What one stage hands to the next lives for minutes: fast to write, fast to read. */
const BETWEEN: PartFormat = { format: 'parquet', compression: 'snappy', partitionBy: [] };

/** What a job has done for it beside its own connection. */
export interface JobServices {
  /** Computes a plan and keeps its rows until the session closes. */
  readonly keep: (relation: Relation) => Promise<ScanRelation>;
  /** The rows of a SELECT, over a connection of its own (DESIGN section 5). */
  readonly stream: (sql: string) => AsyncIterable<DuckDBDataChunk>;
}

/** Carries one plan out, stage by stage. */
export class Job {
  readonly #connection: DuckDBConnection;
  readonly #pool: WorkerPool;
  readonly #store: PartStore;
  readonly #options: RunOptions;
  readonly #beside: JobServices;
  #tally = new Tally();
  #stage = 0;

  constructor(
    connection: DuckDBConnection,
    pool: WorkerPool,
    store: PartStore,
    options: RunOptions,
    beside: JobServices,
  ) {
    this.#connection = connection;
    this.#pool = pool;
    this.#store = store;
    this.#options = options;
    this.#beside = beside;
  }

  #emit(event: JobEvent): void {
    this.#options.onEvent?.(event);
  }

  /** Runs every model of a plan, and gives what is left: a relation that DuckDB alone can read. */
  async prepare(relation: Relation): Promise<Relation> {
    this.#emit({ kind: 'jobStarted', stages: countStages(relation) });
    let rest = await this.#start(relation);
    for (let next = cut(rest); next !== undefined; next = cut(rest)) {
      const tasks = await this.#runStage(next.stage, BETWEEN);
      const result = await this.#resultScan(next.stage.output, tasks);
      rest = next.rest === undefined ? result : await this.#search(next.rest(result));
    }
    return rest;
  }

  /** Runs a plan to the end, its rows written as parts of the target's format. @returns the tasks of the parts, in order */
  async write(relation: Relation, target: WriteTarget): Promise<readonly CommittedTask[]> {
    const format: PartFormat = target;
    this.#emit({ kind: 'jobStarted', stages: countStages(relation) });
    let rest = await this.#start(relation);
    for (let next = cut(rest); next !== undefined; next = cut(rest)) {
      if (next.rest === undefined) return this.#runStage(next.stage, format);
      const tasks = await this.#runStage(next.stage, BETWEEN);
      rest = await this.#search(next.rest(await this.#resultScan(next.stage.output, tasks)));
    }
    return [await this.#runQuery(rest, format, 'write')];
  }

  /** Runs a plan to the end and gives its rows as a table of their own, which lasts as long as the store. */
  async materialize(relation: Relation): Promise<{ readonly relation: ScanRelation; readonly report: JobReport }> {
    const target: WriteTarget = { ...BETWEEN, path: '', mode: 'error' };
    const tasks = await this.write(relation, target);
    return { relation: await this.#resultScan(relation, tasks), report: this.report(tasks, []) };
  }

  /** What has to stand before the first stage. */
  async #start(relation: Relation): Promise<Relation> {
    return this.#search(await this.#convert(await computeCaches(relation, this.#beside.keep)));
  }

  /** Carries out the searches for near rows below which no model is left to run. */
  async #search(relation: Relation): Promise<Relation> {
    if (!anyRelation(relation, ({ kind }) => kind === 'nearest')) return relation;
    const inputs: Relation[] = [];
    for (const input of inputsOf(relation)) inputs.push(await this.#search(input));
    const node = withInputs(relation, inputs);
    if (node.kind !== 'nearest' || anyRelation(node, ({ kind }) => kind === 'score')) return node;
    // What a search runs is none of the models that the report counts.
    const tally = this.#tally;
    this.#tally = new Tally();
    try {
      return await searchInBlocks(node, {
        threads: this.#pool.size,
        temporary: () => this.#store.temporary(),
        stream: this.#beside.stream,
        count: input => this.#interruptible(() => countRows(this.#connection, input), input),
        query: async input => this.#resultScan(input, [await this.#runQuery(input, BETWEEN, 'nearest')]),
        score: async stage => this.#resultScan(stage.output, await this.#runStage(stage, BETWEEN)),
      });
    } finally {
      this.#tally = tally;
    }
  }

  report(tasks: readonly CommittedTask[], files: readonly string[]): JobReport {
    return this.#tally.report(tasks, files);
  }

  /** The report of a job that an earlier run has finished. */
  reusedReport(tasks: readonly CommittedTask[], files: readonly string[]): JobReport {
    this.#tally.planned(tasks.length, tasks.length);
    for (const task of tasks) this.#tally.count(task);
    return this.report(tasks, files);
  }

  /** Files that DuckDB has no reader for become Parquet, once, before anything else. @param rows no more are wanted */
  async #convert(relation: Relation, rows?: number): Promise<Relation> {
    if (relation.kind !== 'scan') {
      const wanted = rowsWanted(relation, rows);
      const inputs: Relation[] = [];
      for (const input of inputsOf(relation)) inputs.push(await this.#convert(input, wanted));
      return withInputs(relation, inputs);
    }
    if (relation.format !== 'arrow' && relation.format !== 'lines') return relation;
    const once: Once = (key, temporary, work) => this.#once(key, temporary, work);
    const tasks =
      relation.format === 'arrow'
        ? await convertArrow(relation, this.#connection, this.#store, once)
        : await convertLines(relation, rows, this.#pool, this.#store, once, this.#options.signal);
    return this.#resultScan(relation, tasks);
  }

  /** A stage that DuckDB carries out whole, as one part. */
  async #runQuery(relation: Relation, format: PartFormat, purpose: string): Promise<CommittedTask> {
    const key = hashOf({
      VERSION,
      query: compile(relation, scanIdentity),
      sources: leafIdentity(relation),
      format: partFormat(format),
    });
    const stage = this.#stage++;
    const reused = (await this.#store.find(key)) === undefined ? 0 : 1;
    this.#emit({
      kind: 'stageStarted',
      stage,
      description: `DuckDB: ${purpose}`,
      tasks: 1,
      reusedTasks: reused,
      rows: undefined,
      reusedRows: 0,
    });
    const started = performance.now();
    const temporary = this.#store.temporary();
    const task = await this.#once(key, temporary, () => {
      const part: PartRequest = {
        ...format,
        path: temporary,
        rowGroupRows: anyRelation(relation, holdsFiles) ? FILES_A_ROW_GROUP : ROW_GROUP_ROWS,
        storedTypes: storedTypes(relation.schema),
      };
      return this.#interruptible(() => writePart(this.#connection, compile(relation), part), relation);
    });
    this.#tally.planned(1, reused);
    this.#emit({ kind: 'stageFinished', stage, seconds: (performance.now() - started) / 1000 });
    return task;
  }

  async #interruptible<T>(work: () => Promise<T>, relation: Relation): Promise<T> {
    const { signal } = this.#options;
    if (signal?.aborted) throw aborted();
    const release = interruptOn(signal, this.#connection);
    try {
      const result = await work();
      await checkUnchanged(rowFiles(relation));
      return result;
    } catch (error) {
      throw signal?.aborted ? aborted() : translate(error);
    } finally {
      release();
    }
  }

  /** Does something unless an earlier run has, and records it. */
  async #once(
    key: string,
    temporary: string,
    work: () => Promise<Pick<CommittedTask, 'rows' | 'files'>>,
  ): Promise<CommittedTask> {
    const done = await this.#store.find(key);
    if (done !== undefined) return done;
    const { rows, files } = await work();
    const task: CommittedTask = { key, rows, files, scoredRows: 0, nullRows: 0, failedRows: 0, failures: [] };
    await this.#store.commit(task, temporary);
    return task;
  }

  /** Finished parts as a table of their own. */
  async #resultScan(relation: Relation, tasks: readonly CommittedTask[]): Promise<ScanRelation> {
    const files: SourceFile[] = [];
    for (const task of tasks) {
      for (const path of await this.#store.locate(task)) {
        const { size, mtimeMs } = await stat(path);
        files.push({ path, bytes: size, modified: mtimeMs });
      }
    }
    const identity = hashOf(tasks.map(task => task.key));
    return stageResult(relation.schema, files, identity);
  }

  async #runStage(planned: ModelStage, format: PartFormat): Promise<readonly CommittedTask[]> {
    const { stage, sliced } = await this.#sliceable(planned);
    const number = this.#stage++;
    const started = performance.now();
    const calls = stage.calls.map(toRequestCall);
    const slices = await this.#planSlices(sliced.scan, sliced.limit, calls);
    const fingerprint = stageFingerprint(stage, sliced.scan, format);
    const keys = slices.map(slice => taskKey(fingerprint, sliced.scan, slice));
    const finished = new Map<number, CommittedTask>();
    for (const [index, key] of keys.entries()) {
      const task = await this.#store.find(key);
      if (task !== undefined) finished.set(index, task);
    }
    const reusedRows = sum([...finished.keys()].map(index => slices[index]!.rows));
    this.#tally.planned(slices.length, finished.size);
    this.#emit({
      kind: 'stageStarted',
      stage: number,
      description: stage.calls.map(({ call }) => call.modelName).join(', '),
      tasks: slices.length,
      reusedTasks: finished.size,
      rows: sum(slices.map(slice => slice.rows)),
      reusedRows,
    });
    await this.#runSlices(stage, sliced.scan, slices, keys, finished, calls, format, number, reusedRows);
    this.#emit({ kind: 'stageFinished', stage: number, seconds: (performance.now() - started) / 1000 });
    const tasks = slices.map((_, index) => finished.get(index)!);
    for (const task of tasks) this.#tally.count(task);
    const scored = sum(tasks.map(task => task.scoredRows));
    const failed = sum(tasks.map(task => task.failedRows));
    checkSomeWell(stage.calls[0]!.call, scored, failed, tasks[0]?.failures[0]);
    return tasks.length > 0 ? tasks : [await this.#emptyPart(stage, format)];
  }

  /** The stage over an input that can be read slice by slice: made whole first, where it cannot. */
  async #sliceable(
    stage: ModelStage,
  ): Promise<{ stage: ModelStage; sliced: NonNullable<ReturnType<typeof slicedInput>> }> {
    const sliced = slicedInput(stage.input);
    if (sliced !== undefined) return { stage, sliced };
    const whole = await this.#runQuery(stage.input, BETWEEN, 'prepare');
    const input = await this.#resultScan(stage.input, [whole]);
    const replace = (node: Relation): Relation =>
      node.kind === 'score' ? { ...node, input } : mapInputs(node, replace);
    return { stage: { ...stage, input, output: replace(stage.output) }, sliced: { scan: input, limit: undefined } };
  }

  async #planSlices(
    scan: ScanRelation,
    limit: { readonly count: number; readonly offset: number } | undefined,
    calls: readonly ScoreRequestCall[],
  ): Promise<readonly Slice[]> {
    if (holdsFiles(scan)) return planFileTasks(scan.files, limit);
    const groups = await readRowGroups(this.#connection, scan.files).catch((error: unknown) => {
      throw translate(error);
    });
    const files = scan.files.map((file, index) => ({ file, groups: groups[index]! }));
    const all = groups.flat();
    const sourceRowBytes = sum(all.map(group => group.bytes)) / Math.max(1, sum(all.map(group => group.rows)));
    return planTasks(files, limit, {
      outputBytes: sum(calls.map(call => typeBytes(call.column.type))),
      inputBytes: rowBytesOf(calls, sourceRowBytes),
      modelBytes: sum(calls.map(({ descriptor }) => weightOf(descriptor))),
    });
  }

  async #runSlices(
    stage: ModelStage,
    scan: ScanRelation,
    slices: readonly Slice[],
    keys: readonly string[],
    finished: Map<number, CommittedTask>,
    calls: readonly ScoreRequestCall[],
    format: PartFormat,
    number: number,
    reusedRows: number,
  ): Promise<void> {
    let doneRows = reusedRows;
    let failedRows = sum([...finished.values()].map(task => task.failedRows));
    const rowBytes = sum(scan.files.map(file => file.bytes)) / Math.max(1, sum(slices.map(slice => slice.rows)));
    const groupRows = rowGroupRows(rowBytes, ROW_GROUP_ROWS);
    const args = stage.calls.flatMap(({ call }) => call.args);
    const inputBytes = rowBytesOf(calls, rowBytes);
    const stored = storedTypes(stage.output.schema);
    const tasks = slices.flatMap((slice, index): readonly ScheduledTask[] => {
      if (finished.has(index)) return [];
      const select = sliceSql(stage.input, leaf => scanSql(leaf, slice.files, slice.range));
      const inputSql = `SELECT ${columnList(args.map((expr, at) => ({ name: `a${at}`, expr })))} FROM (${select})`;
      return [
        {
          index,
          request: (_, progress) => {
            const path = this.#store.temporary();
            return {
              kind: 'score',
              inputSql,
              buffered: isBuffered(slice.rows, inputBytes),
              calls,
              outputSql: outputSql(stage, select, `${OUTPUTS_FUNCTION}()`),
              part: { ...partFormat(format), path, rowGroupRows: groupRows, storedTypes: stored },
              rows: slice.rows,
              files: slice.files,
              progress,
            };
          },
          done: async (result: ScoreResult, request) => {
            const task: CommittedTask = { key: keys[index]!, ...withoutRuns(result) };
            await this.#store.commit(task, request.part.path);
            finished.set(index, task);
            this.#tally.scored(result);
            doneRows += slice.rows;
            failedRows += result.failedRows;
            this.#emit({ kind: 'taskFinished', stage: number, task: index, rows: slice.rows });
            this.#emit({ kind: 'progress', stage: number, rows: doneRows, failedRows });
          },
        },
      ];
    });
    const lanes = Math.min(...calls.map(({ descriptor }) => workersOf(descriptor)));
    await runTasks(tasks, this.#pool, lanes, {
      signal: this.#options.signal,
      onProgress: (rows, failed) =>
        this.#emit({ kind: 'progress', stage: number, rows: doneRows + rows, failedRows: failedRows + failed }),
      onRetry: (task, attempt, reason) => {
        this.#tally.retried();
        this.#emit({ kind: 'taskRetried', stage: number, task, attempt, reason });
      },
    });
  }

  /** A source without rows gives one part without rows, so that the result has its columns. */
  async #emptyPart(stage: ModelStage, format: PartFormat): Promise<CommittedTask> {
    const key = hashOf({ VERSION, empty: stage.output.schema.toJSON(), format: partFormat(format) });
    const temporary = this.#store.temporary();
    return this.#once(key, temporary, () =>
      writePart(this.#connection, noRowsSql(stage.output.schema), {
        ...partFormat(format),
        partitionBy: [],
        path: temporary,
        rowGroupRows: ROW_GROUP_ROWS,
        storedTypes: storedTypes(stage.output.schema),
      }),
    );
  }
}
