import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FolderLock } from '../../../src/engine/embedded/lock.js';
import { col, type ErrorCode, InframeError } from '../../../src/index.js';
import { LINEAR, linear } from '../../support/models.js';
import { inframeError } from '../../support/onnx.js';
import type { ChildJob, ChildLine } from '../../support/score-child.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { duck, makeFile, numbersSql, saveModel } from '../../support/tables.js';

/* A job that is killed at any moment and started again with the same words ends with the same rows, each once. */

const CHILD = fileURLToPath(new URL('../../support/score-child.js', import.meta.url));
const ROWS = 200_000;

function start(job: ChildJob): ChildProcess {
  return spawn(process.execPath, [CHILD, JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function* linesOf(child: ChildProcess): AsyncGenerator<ChildLine> {
  for await (const line of createInterface({ input: child.stdout! })) yield JSON.parse(line) as ChildLine;
}

async function run(job: ChildJob): Promise<readonly ChildLine[]> {
  const lines: ChildLine[] = [];
  for await (const line of linesOf(start(job))) lines.push(line);
  return lines;
}

/** Kills the child when it has said so many events of a kind. @returns what it had said until then */
async function killAt(job: ChildJob, kind: string, count: number): Promise<readonly ChildLine[]> {
  const child = start(job);
  const gone = new Promise(done => child.once('close', done));
  const lines: ChildLine[] = [];
  let seen = 0;
  for await (const line of linesOf(child)) {
    lines.push(line);
    if ('event' in line && line.event === kind && ++seen === count) child.kill('SIGKILL');
  }
  await gone;
  return lines;
}

function reportOf(lines: readonly ChildLine[]) {
  const last = lines.at(-1);
  assert.ok(last !== undefined && 'report' in last, `no report: ${JSON.stringify(last)}`);
  return last.report;
}

/** Every row once, with the right prediction, in the source's order over the parts. */
async function checkResult(target: string, rows = ROWS, slope: number = LINEAR.a): Promise<void> {
  assert.ok(existsSync(join(target, '_SUCCESS')));
  const [found] = await duck(
    `SELECT count(*)::INT, count(DISTINCT id)::INT, min(id)::INT, max(id)::INT,
       count(*) FILTER (p <> ${slope} * x + ${LINEAR.c} * z + ${LINEAR.b} OR p IS NULL)::INT
     FROM read_parquet('${target}/*.parquet')`,
  );
  assert.deepEqual(found, [rows, rows, 0, rows - 1, 0]);
  const ids = await duck(`SELECT min(id), max(id) FROM read_parquet('${target}/*.parquet', filename = true)
                          GROUP BY filename ORDER BY filename`);
  ids.reduce((before, [first, last]) => {
    assert.equal(first, before);
    return (last as bigint) + 1n;
  }, 0n as unknown);
  const house = readdirSync(join(target, '_inframe'), { recursive: true }).filter(name => name !== 'parts');
  assert.deepEqual(house.sort(), ['lock', 'manifest.jsonl']);
}

/** What readers that pass over `_` and `.` would see. */
function visible(target: string): readonly string[] {
  return readdirSync(target).filter(name => !/^[._]/.test(name));
}

test('killed after any number of tasks, a job goes on where it stopped', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(ROWS), 'FORMAT parquet, ROW_GROUP_SIZE 20480');
  const model = await saveModel(folder, 'm.onnx', linear());
  for (const [kind, count] of [
    ['stageStarted', 1],
    ['taskFinished', 3],
    ['stageFinished', 1],
  ] as const) {
    const job: ChildJob = { source, model, target: join(folder, `${kind}-${count}`) };
    const before = await killAt(job, kind, count);
    const finished = before.filter(line => 'event' in line && line.event === 'taskFinished').length;
    assert.ok(!before.some(line => 'report' in line), 'the job was over before it was killed');
    const again = reportOf(await run(job));
    // What was said to be finished is not scored again; what was finished but not yet said may be there as well.
    assert.ok(again.reusedTasks >= finished, `${again.reusedTasks} tasks were reused of ${finished}`);
    assert.equal(again.rows, ROWS);
    if (finished === 0) assert.ok(again.scoredRows <= ROWS);
    else assert.ok(again.scoredRows < ROWS);
    await checkResult(job.target);
    const third = reportOf(await run(job));
    assert.deepEqual([third.rows, third.scoredRows], [ROWS, 0]);
    await checkResult(job.target);
  }
});

test('scored rows of all runs add up to the table', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(ROWS), 'FORMAT parquet, ROW_GROUP_SIZE 20480');
  const model = await saveModel(folder, 'm.onnx', linear());
  const job: ChildJob = { source, model, target: join(folder, 'out'), workers: 1 };
  await killAt(job, 'taskFinished', 4);
  const manifest = readFileSync(join(job.target, '_inframe', 'manifest.jsonl'), 'utf8');
  const committed = manifest
    .split('\n')
    .filter(line => line.endsWith('}'))
    .map(line => JSON.parse(line) as { kind: string; task?: { rows: number } })
    .reduce((rows, line) => rows + (line.task?.rows ?? 0), 0);
  assert.ok(committed > 0);
  assert.deepEqual(visible(job.target), []);
  assert.equal(reportOf(await run({ ...job, workers: 3 })).scoredRows, ROWS - committed);
  await checkResult(job.target);
});

test('killed while parts are being published, a job only publishes again', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(ROWS), 'FORMAT parquet, ROW_GROUP_SIZE 20480');
  const model = await saveModel(folder, 'm.onnx', linear());
  const job: ChildJob = { source, model, target: join(folder, 'out') };
  mkdirSync(job.target);
  const child = start(job);
  const gone = new Promise(done => child.once('close', done));
  // The first part that a reader can see: publishing has begun.
  const watcher = watch(job.target, (_, name) => {
    if (name?.startsWith('part-')) child.kill('SIGKILL');
  });
  for await (const _ of linesOf(child));
  await gone;
  watcher.close();
  const again = reportOf(await run(job));
  assert.deepEqual([again.rows, again.scoredRows], [ROWS, 0]);
  await checkResult(job.target);
});

test('a manifest whose last line was cut off, and a lock file that was not written to its end, do no harm', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(ROWS), 'FORMAT parquet, ROW_GROUP_SIZE 20480');
  const model = await saveModel(folder, 'm.onnx', linear());
  const job: ChildJob = { source, model, target: join(folder, 'out') };
  await killAt(job, 'taskFinished', 3);
  const manifest = join(job.target, '_inframe', 'manifest.jsonl');
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, text.slice(0, -20));
  for (const length of [0, 1, 4096, 8192]) {
    const lock = readFileSync(join(job.target, '_inframe', 'lock'));
    writeFileSync(join(job.target, '_inframe', 'lock'), lock.subarray(0, length));
    if (length === 8192) break;
    await killAt(job, 'stageStarted', 1);
  }
  assert.equal(reportOf(await run(job)).rows, ROWS);
  await checkResult(job.target);
});

test('a second job on a target is refused, in this process and in another, until the first has gone', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(join(folder, 'a.parquet'), numbersSql(ROWS), 'FORMAT parquet, ROW_GROUP_SIZE 20480');
  const model = await saveModel(folder, 'm.onnx', linear());
  const job: ChildJob = { source, model, target: join(folder, 'out') };
  const session = await openSession(t, { workers: 1 });
  const score = await session.model(model);
  const frame = session.read.parquet(source).withColumn('p', score(col('x'), col('z')));
  const busy = inframeError('TARGET_BUSY', `target '${job.target}`, `process ${process.pid}`);

  mkdirSync(join(job.target, '_inframe'), { recursive: true });
  const lock = await FolderLock.acquire(join(job.target, '_inframe'), job.target);
  await assert.rejects(frame.write.parquet(join(job.target, '.')), busy);
  const said = (await run(job)).at(-1);
  assert.ok(said !== undefined && 'error' in said);
  assert.throws(() => {
    throw new InframeError(said.error.code as ErrorCode, said.error.message);
  }, busy);
  lock.release();

  const both = await Promise.allSettled([frame.write.parquet(job.target), frame.write.parquet(job.target)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  for (const result of both) if (result.status === 'rejected') busy(result.reason);
  await checkResult(job.target);
});
