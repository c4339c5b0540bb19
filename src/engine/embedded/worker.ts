import type { DuckDBConnection } from '@duckdb/node-api';
import { workerData } from 'piscina';
import { InframeError, messageOf } from '../../frame/errors.js';
import { probeModel } from '../../udf/probe.js';
import { openConnection, openDatabase } from './duckdb.js';
import { linesTask } from './lines-task.js';
import type { WorkerRequest, WorkerResponse, WorkerSettings } from './messages.js';
import { OpenCalls } from './open-calls.js';
import { OutputTable } from './output-table.js';
import { Cancelled, scoreTask } from './score-task.js';

/*
 * The thread that runs models and functions (Rule 1). What it has opened, and its database, stay open from task to task.
 */

interface Resources {
  readonly connection: DuckDBConnection;
  readonly outputs: OutputTable;
}

const calls = new OpenCalls();
let resources: Promise<Resources> | undefined;

async function openResources(): Promise<Resources> {
  const settings: WorkerSettings = workerData;
  const instance = await openDatabase({ threads: 1, ...settings });
  const connection = await openConnection(instance);
  return { connection, outputs: new OutputTable(connection) };
}

async function handle(request: WorkerRequest): Promise<unknown> {
  if (request.kind === 'probe') return probeModel(request.path, request.threads);
  resources ??= openResources();
  const { connection, outputs } = await resources;
  if (request.kind === 'lines') return linesTask(request, connection);
  await calls.trim();
  return scoreTask(request, connection, outputs, calls);
}

/** Piscina calls this with every task; errors are results, so that they keep their code (see WorkerResponse). */
export default async function run(request: WorkerRequest): Promise<WorkerResponse<unknown>> {
  try {
    return { ok: await handle(request) };
  } catch (error) {
    if (error instanceof Cancelled) return { cancelled: true };
    const known =
      error instanceof InframeError
        ? error
        : new InframeError('WORKER_FAILED', `worker failed: ${messageOf(error)}`, {
            stack: error instanceof Error ? (error.stack ?? '') : '',
          });
    return { error: known.toJSON() };
  }
}
