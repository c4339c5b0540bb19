import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openSession, temporaryFolder } from '../support/sessions.js';
import { committedTasks, type RunningCli, runCli, slowIdentity, startCli, writeModel, writeNumbers } from './cli.js';

const noFifo = process.platform === 'win32' ? 'there are no named pipes here' : false;

const ROWS = 400_000;

/** A table of some two dozen tasks, each of which takes a while. */
async function slowJob(t: TestContext, layers: number): Promise<{ folder: string; words: readonly string[] }> {
  const folder = temporaryFolder(t);
  const table = await writeNumbers(t, folder, ROWS);
  await writeModel(join(folder, 'slow.onnx'), slowIdentity(layers));
  return { folder, words: ['score', table, '--model', 'slow.onnx', '--out', 'scored', '--workers', '1'] };
}

/** Waits for a state, not for a time. */
async function until(job: RunningCli, state: () => boolean): Promise<void> {
  while (!state()) {
    assert.equal(job.child.exitCode, null, 'the job has ended before it was stopped');
    await wait(2);
  }
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} stops cleanly, and the same words go on`, async t => {
    const { folder, words } = await slowJob(t, 8);
    const target = join(folder, 'scored');
    const job = startCli(t, folder, words);
    await until(job, () => committedTasks(target) > 0);
    job.child.kill(signal);
    const stopped = await job.ended;
    assert.equal(stopped.code, code, stopped.stderr);
    assert.equal(stopped.stdout, '');
    const said = /^inframe: stopping; .*\ninframe: stopped; ([\d,]+) of 400,000 rows are committed: .*\n$/.exec(
      stopped.stderr,
    );
    assert.ok(said, stopped.stderr);
    const committed = Number(said[1]!.replaceAll(',', ''));
    assert.ok(committed > 0 && committed < ROWS, stopped.stderr);
    const done = committedTasks(target);
    assert.equal(existsSync(join(target, '_SUCCESS')), false);

    const { code: second, stdout, stderr } = await runCli(t, folder, ...words);
    assert.equal(second, 0, stderr);
    assert.match(
      stdout,
      new RegExp(`\\nwent on where an earlier run stopped: ${done} of \\d+ tasks w(as|ere) done\\n`),
    );
    assert.match(stdout, /\n400,000 rows in the result\n/);
    assert.ok(stdout.startsWith(`${(ROWS - committed).toLocaleString('en-US')} rows scored in `), stdout);

    const session = await openSession(t, { workers: 1 });
    const all = session.read.parquet(target);
    assert.equal(await all.count(), ROWS);
    assert.equal(await all.filter('y = x').count(), ROWS, 'every row has its own prediction');
    const ids = await all.select('id').toArrow();
    const column = ids.getChild('id')!;
    for (let at = 0; at < ROWS; at++) assert.equal(Number(column.get(at)), at);
  });
}

test('a stopped job says so in JSON too', async t => {
  const { folder, words } = await slowJob(t, 8);
  const job = startCli(t, folder, [...words, '--json', '--quiet']);
  await until(job, () => committedTasks(join(folder, 'scored')) > 0);
  job.child.kill('SIGINT');
  const { code, stdout } = await job.ended;
  assert.equal(code, 130);
  const { error } = JSON.parse(stdout) as {
    error: { code: string; details: { committedRows: number; totalRows: number } };
  };
  assert.equal(error.code, 'JOB_ABORTED');
  assert.equal(error.details.totalRows, ROWS);
  assert.ok(error.details.committedRows > 0 && error.details.committedRows < ROWS);
});

test('a second signal ends it at once, though a thread is inside a native call', { skip: noFifo }, async t => {
  const folder = temporaryFolder(t);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  // Opening a pipe that nobody writes to blocks its thread as a run of a network does; process.exit would wait for it.
  const program = `
    import { Worker } from 'node:worker_threads';
    import { Interrupt } from ${JSON.stringify(new URL('../../src/cli/interrupt.js', import.meta.url).href)};
    process.on('exit', () => console.log('cleaned'));
    new Interrupt(() => console.log('first'), () => console.log('terminal'));
    const worker = new Worker(
      "require('node:worker_threads').parentPort.postMessage('up'); require('node:fs').openSync('pipe')",
      { eval: true },
    );
    worker.once('message', () => console.log('ready'));`;
  await writeFile(join(folder, 'program.mjs'), program);
  const child = spawn(process.execPath, ['program.mjs'], { cwd: folder });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const said: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    said.push(line);
    if (line === 'ready' || line === 'first') child.kill('SIGINT');
  }
  assert.deepEqual(said, ['ready', 'first', 'terminal', 'cleaned']);
  assert.deepEqual(await ended, [null, 'SIGINT']);
});
