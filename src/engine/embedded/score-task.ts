import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { CallWatch } from '../../udf/function/scorer.js';
import { query } from './duckdb.js';
import { freeNative } from './free-native.js';
import { ProgressSlot, type ScoreRequest, type ScoreResult } from './messages.js';
import type { OpenCalls, RowScorer } from './open-calls.js';
import type { OutputTable } from './output-table.js';
import { writePart } from './part.js';
import { RowStream } from './stream.js';
import { checkUnchanged } from './unchanged.js';
import { viewColumns } from './vectors.js';

/** Streamed chunks are of wide rows, a megabyte and more each. */
const CHUNKS_BETWEEN = 8;

/** Thrown inside a worker when the main thread has asked it to stop. */
export class Cancelled extends Error {}

/**
 * One task, in a worker: reads the model's inputs of its slice, runs the model, then has DuckDB write the columns that
 * pass through with the outputs beside them.
 *
 * Invariant T1: the slice is read twice, in the same order, and its files are the same before and after; what is written
 * is therefore a function of the task.
 */
export async function scoreTask(
  request: ScoreRequest,
  connection: DuckDBConnection,
  outputs: OutputTable,
  open: OpenCalls,
): Promise<ScoreResult> {
  const progress = new Int32Array(request.progress);
  await checkUnchanged(request.files);
  const { scorers, runs } = await open.scorersOf(request.calls, request.rows, watchOf(progress));
  await scoreRows(request, connection, scorers, progress);
  freeNative();
  outputs.show(request.calls, scorers);
  try {
    const { rows, files } = await writePart(connection, request.outputSql, request.part);
    await checkUnchanged(request.files);
    return {
      rows,
      files,
      scoredRows: scorers[0]?.rows ?? 0,
      nullRows: Math.max(0, ...scorers.map(scorer => scorer.nullRows)),
      failedRows: Math.max(0, ...scorers.map(scorer => scorer.failedRows)),
      failures: [...new Set(scorers.flatMap(scorer => scorer.reasons))].slice(0, 5),
      modelRuns: runs(),
    };
  } finally {
    outputs.clear();
  }
}

/** Says in the progress array that users' code runs, and lets none begin once the task is to stop. */
function watchOf(progress: Int32Array): CallWatch {
  return {
    enter: () => {
      if (Atomics.load(progress, ProgressSlot.cancelled) === 1) throw new Cancelled();
      Atomics.add(progress, ProgressSlot.inFunction, 1);
    },
    leave: () => void Atomics.sub(progress, ProgressSlot.inFunction, 1),
  };
}

async function scoreRows(
  request: ScoreRequest,
  connection: DuckDBConnection,
  scorers: readonly RowScorer[],
  progress: Int32Array,
): Promise<void> {
  const types = request.calls.flatMap(call => call.types);
  for await (const chunk of chunksOf(request, connection)) {
    if (Atomics.load(progress, ProgressSlot.cancelled) === 1) throw new Cancelled();
    const views = viewColumns(chunk, types);
    let first = 0;
    for (const [index, call] of request.calls.entries()) {
      await scorers[index]!.add(views.slice(first, first + call.types.length), chunk.rowCount);
      first += call.types.length;
    }
    Atomics.store(progress, ProgressSlot.rows, scorers[0]!.rows);
    Atomics.store(progress, ProgressSlot.failedRows, scorers[0]!.failedRows);
  }
  for (const scorer of scorers) await scorer.flush();
  Atomics.store(progress, ProgressSlot.rows, scorers[0]?.rows ?? 0);
}

/**
 * The arguments, chunk by chunk. Read in one go where they fit: a chunk then costs no trip to another thread and back,
 * and a worker never has two threads that want to run. Streamed where they do not (Rule 6).
 */
function chunksOf(request: ScoreRequest, connection: DuckDBConnection): AsyncGenerator<DuckDBDataChunk> {
  return request.buffered ? buffered(connection, request.inputSql) : streamed(connection, request.inputSql);
}

async function* buffered(connection: DuckDBConnection, sql: string): AsyncGenerator<DuckDBDataChunk> {
  const result = await query(connection, sql);
  for (let index = 0; index < result.chunkCount; index++) yield result.getChunk(index);
}

async function* streamed(connection: DuckDBConnection, sql: string): AsyncGenerator<DuckDBDataChunk> {
  const stream = await RowStream.open(connection, sql);
  let chunks = 0;
  for await (const chunk of stream.chunks()) {
    yield chunk;
    if (++chunks % CHUNKS_BETWEEN === 0) freeNative();
  }
}
