import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { graph, type ModelSpec } from '../../src/udf/onnx/build.js';
import { serializeModel } from '../../src/udf/onnx/file.js';
import { openSession } from '../support/sessions.js';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Outcome>;
}

/** Starts the compiled command line; it goes when the test ends, whatever happens. */
export function startCli(test: TestContext, folder: string, args: readonly string[], env = {}): RunningCli {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env: { ...process.env, ...env } });
  test.after(() => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, killedBy) => resolve({ code, killedBy, stdout, stderr }));
  });
  return { child, ended };
}

/** Runs the command line to its end. */
export function runCli(test: TestContext, folder: string, ...args: readonly string[]): Promise<Outcome> {
  return startCli(test, folder, args).ended;
}

export async function writeModel(path: string, spec: ModelSpec): Promise<void> {
  await writeFile(path, serializeModel(graph(spec)));
}

/** y = 2 x + 1 */
export const line: ModelSpec = {
  inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 1] }],
  outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 1] }],
  nodes: [
    { op: 'Mul', inputs: ['x', 'two'], outputs: ['twice'] },
    { op: 'Add', inputs: ['twice', 'one'], outputs: ['y'] },
  ],
  initializers: [
    { name: 'two', dtype: 'float32', dims: [1], data: [2] },
    { name: 'one', dtype: 'float32', dims: [1], data: [1] },
  ],
};

/** sum = a + b of an input of two values; difference = a - b. */
export const sumAndDifference: ModelSpec = {
  inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 2] }],
  outputs: [
    { name: 'sum', dtype: 'float32', dims: ['N', 1] },
    { name: 'difference', dtype: 'float32', dims: ['N', 1] },
  ],
  nodes: [
    { op: 'MatMul', inputs: ['x', 'plus'], outputs: ['sum'] },
    { op: 'MatMul', inputs: ['x', 'minus'], outputs: ['difference'] },
  ],
  initializers: [
    { name: 'plus', dtype: 'float32', dims: [2, 1], data: [1, 1] },
    { name: 'minus', dtype: 'float32', dims: [2, 1], data: [1, -1] },
  ],
};

/** y = x, by way of so many products of matrices that a task takes a while on any machine. */
export function slowIdentity(layers: number, width = 256): ModelSpec {
  const identity = Float32Array.from({ length: width * width }, (_, at) => (at % (width + 1) === 0 ? 1 : 0));
  const first = Float32Array.from({ length: width }, (_, at) => (at === 0 ? 1 : 0));
  return {
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 1] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 1] }],
    nodes: [
      { op: 'MatMul', inputs: ['x', 'first'], outputs: ['h0'] },
      ...Array.from({ length: layers }, (_, at) => ({
        op: 'MatMul',
        inputs: [`h${at}`, 'identity'],
        outputs: [`h${at + 1}`],
      })),
      { op: 'MatMul', inputs: [`h${layers}`, 'last'], outputs: ['y'] },
    ],
    initializers: [
      { name: 'first', dtype: 'float32', dims: [1, width], data: first },
      { name: 'identity', dtype: 'float32', dims: [width, width], data: identity },
      { name: 'last', dtype: 'float32', dims: [width, 1], data: first },
    ],
  };
}

/** A Parquet file of `id` and `x = id / 2`, by way of a CSV file. */
export async function writeNumbers(test: TestContext, folder: string, rows: number): Promise<string> {
  const csv = join(folder, 'numbers.csv');
  await writeFile(csv, `id,x\n${Array.from({ length: rows }, (_, id) => `${id},${id / 2}\n`).join('')}`);
  const session = await openSession(test, { workers: 1 });
  const report = await session.read.csv(csv).write.parquet(join(folder, 'numbers'));
  return join(folder, 'numbers', report.files[0]!);
}

/** Tasks that the job writing to a folder has committed so far. */
export function committedTasks(target: string): number {
  const manifest = join(target, '_inframe', 'manifest.jsonl');
  if (!existsSync(manifest)) return 0;
  return readFileSync(manifest, 'utf8').split('"kind":"task"').length - 1;
}
