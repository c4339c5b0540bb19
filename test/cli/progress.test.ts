import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { type JobStatus, JobWatch } from '../../src/cli/job-watch.js';
import { barLine, logLine, Progress } from '../../src/cli/progress.js';
import { duration, rate } from '../../src/cli/words.js';
import type { JobEvent } from '../../src/index.js';

const started = (rows: number | undefined, reusedRows = 0): JobEvent => ({
  kind: 'stageStarted',
  stage: 0,
  description: 'delay',
  tasks: 4,
  reusedTasks: 0,
  rows,
  reusedRows,
});

const progressed = (rows: number, failedRows = 0): JobEvent => ({ kind: 'progress', stage: 0, rows, failedRows });

test('the rate is that of the last seconds, and says how long it will take', () => {
  const watch = new JobWatch();
  watch.event(started(100_000), 0);
  for (let second = 1; second <= 20; second++) watch.event(progressed(second * 1000), second);
  const status = watch.status(20);
  assert.equal(status.rows, 20_000);
  assert.equal(status.rate, 1000);
  assert.equal(status.secondsLeft, 80);
});

test('what was done before does not count into the rate', () => {
  const watch = new JobWatch();
  watch.event(started(100_000, 90_000), 10);
  assert.equal(watch.committedRows, 90_000);
  watch.event(progressed(90_400), 14);
  assert.equal(watch.status(14).rate, 100);
  watch.event({ kind: 'taskFinished', stage: 0, task: 3, rows: 2000 }, 15);
  assert.equal(watch.committedRows, 92_000);
});

test('the first moments say nothing of the rate, and the bar never runs backwards', () => {
  const watch = new JobWatch();
  watch.event(started(1000), 0);
  watch.event(progressed(10), 1);
  assert.equal(watch.status(1).rate, undefined);
  watch.event(progressed(500), 3);
  watch.event(progressed(300), 4);
  assert.equal(watch.status(4).rows, 500);
});

const status: JobStatus = {
  label: 'delay',
  rows: 1_260_000,
  total: 3_000_000,
  failedRows: 12,
  rate: 712_345,
  secondsLeft: 2.4,
  seconds: 2,
};

test('a line of progress', () => {
  assert.equal(logLine(status), 'delay: 1,260,000 of 3,000,000 rows (42 %), 712,000 rows/s, 12 failed, 3 s left');
  assert.equal(
    barLine(status, 120),
    'delay ████████████░░░░░░░░░░░░░░░░░░  42 %  1,260,000 of 3,000,000 rows  712,000 rows/s  12 failed  3 s left',
  );
  assert.equal(barLine({ ...status, rows: 0, total: 0 }, 200).includes('100 %'), true);
  assert.equal(barLine({ ...status, total: undefined, seconds: 61 }, 80), 'delay ... 1 min 01 s');
});

test('the bar fits any terminal, whatever the model is called', () => {
  for (let columns = 12; columns < 200; columns++) {
    for (const label of ['delay', '模型'.repeat(30), 'bell\u0007\nend']) {
      const text = barLine({ ...status, label }, columns);
      assert.ok(stringWidth(text) < columns, `${columns}: ${text}`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: there must be none
      assert.doesNotMatch(text, /[\u0000-\u001f]/);
    }
  }
});

/** What is drawn for a job of 30 seconds. */
function drawn(terminal: boolean, quiet: boolean): string {
  let now = 0;
  let text = '';
  const stream = Object.assign(new PassThrough(), { isTTY: terminal, columns: 80 });
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const progress = new Progress({ stream, quiet, now: () => now });
  progress.begin('loading the model');
  progress.onEvent(started(3000));
  for (now = 0; now < 30; now += 0.1) progress.onEvent(progressed(Math.floor(now * 100)));
  progress.stop();
  progress.stop();
  stream.end();
  return text + (stream.read()?.toString() ?? '');
}

test('in a log there is a line every ten seconds at most', () => {
  const lines = drawn(false, false).trimEnd().split('\n');
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /^inframe: delay: 1,0\d\d of 3,000 rows \(3\d %\), 1\d\d rows\/s, \d+ s left$/);
});

test('on a terminal the bar goes without a trace, and the cursor is back', () => {
  const text = drawn(true, false);
  assert.match(text, /loading the model \.\.\. /);
  assert.ok(text.lastIndexOf('\u001b[?25h') > text.lastIndexOf('\u001b[?25l'));
  assert.equal(text.includes('\n'), false);
});

test('quiet is quiet', () => {
  assert.equal(drawn(true, true), '');
  assert.equal(drawn(false, true), '');
});

test('numbers for people', () => {
  assert.deepEqual([0.31, 4.24, 41.4, 59.7, 125, 11_520].map(duration), [
    '0.31 s',
    '4.2 s',
    '41 s',
    '1 min 00 s',
    '2 min 05 s',
    '3 h 12 min',
  ]);
  assert.deepEqual([712_345, 1234, 12.34, 1.26, Number.POSITIVE_INFINITY].map(rate), [
    '712,000',
    '1,230',
    '12',
    '1.3',
    '0',
  ]);
});
