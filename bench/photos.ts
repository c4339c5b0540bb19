import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { classification, col, connect, image } from '../src/index.js';
import { readModel } from '../src/udf/onnx/file.js';
import { freeOf } from './photos-model.js';
import type { PictureWork } from './pictures-worker.js';
import { formatRates, formatRatios } from './statistics.js';

/*
 * npm run bench:photos
 *
 * JPEG files to a Parquet file of their best classes, with SqueezeNet on all cores: beside what its halves could at most give
 * (decoding alone and the network alone, as many workers as the job has), and beside the same job by hand in Python.
 */

const FIXTURES = resolve(process.env['INFRAME_FIXTURES'] ?? '../shared/fixtures');
const ROUNDS = 3;
const COPIES = 4;
const cores = availableParallelism();

function photographs(folder: string): readonly string[] {
  const files: string[] = [];
  for (const kind of ['cat', 'dog']) {
    for (const name of readdirSync(join(FIXTURES, 'images', 'pets', kind)).sort()) {
      for (let copy = 0; copy < COPIES; copy++) {
        const path = join(folder, `${copy}-${name}`);
        copyFileSync(join(FIXTURES, 'images', 'pets', kind, name), path);
        files.push(path);
      }
    }
  }
  return files.sort();
}

/** Pictures a second that as many workers as there are cores get done with one half of the work. */
async function halfAlone(work: PictureWork): Promise<number> {
  const workers = Array.from({ length: cores }, (_, at) => {
    const files = work.files.filter((_file, index) => index % cores === at);
    return new Worker(fileURLToPath(new URL('./pictures-worker.js', import.meta.url)), {
      workerData: { ...work, files },
    });
  });
  const answer = (worker: Worker): Promise<unknown> =>
    new Promise((done, failed) => {
      worker.once('message', done);
      worker.once('error', failed);
    });
  try {
    await Promise.all(workers.map(answer));
    const started = performance.now();
    const finished = workers.map(answer);
    for (const worker of workers) worker.postMessage('go');
    await Promise.all(finished);
    return work.files.length / ((performance.now() - started) / 1000);
  } finally {
    await Promise.all(workers.map(worker => worker.terminate()));
  }
}

function python(script: string, args: readonly string[]): number | undefined {
  const path = fileURLToPath(new URL(`../../bench/peers/${script}`, import.meta.url));
  try {
    const output = execFileSync(process.env['INFRAME_PYTHON'] ?? 'python3', [path, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return (JSON.parse(output.trim().split('\n').at(-1)!) as { readonly rows_per_second: number }).rows_per_second;
  } catch {
    // Not installed: the benchmark says so and goes on without.
    return undefined;
  }
}

async function main(): Promise<void> {
  if (!existsSync(FIXTURES)) throw new Error(`the fixtures are not in ${FIXTURES}; say where: INFRAME_FIXTURES`);
  const folder = mkdtempSync(join(tmpdir(), 'inframe-bench-'));
  const photos = join(folder, 'photos');
  mkdirSync(photos);
  const files = photographs(photos);
  const path = join(FIXTURES, 'models', 'squeezenet.onnx');
  const labels = join(FIXTURES, 'models', 'imagenet_labels.txt');
  const session = await connect();
  try {
    const inputs = { data_0: image({ width: 224, height: 224, channels: 'BGR' }) };
    const outputs = { softmaxout_1: classification({ labels, top: 5 }) };
    const model = await session.model(path, { inputs, outputs });
    const { geometry, descriptor, batch } = await freeOf(model);
    const { sha256 } = await readModel(path);
    const work = { files, geometry, model: { ...descriptor, sha256 }, input: 'data_0', batch };
    const rates = { job: [] as number[], decode: [] as number[], model: [] as number[], python: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      const out = join(folder, `out-${round}`);
      const report = await session.read
        .images(photos)
        .select('path', model(col('image')).as('what'))
        .write.parquet(out);
      rates.job.push(report.rowsPerSecond);
      rates.decode.push(await halfAlone({ ...work, half: 'decode' }));
      rates.model.push(await halfAlone({ ...work, half: 'model' }));
      const peer = python('pillow_onnx.py', [
        '--folder',
        photos,
        '--model',
        path,
        '--out',
        join(folder, `py-${round}`),
        '--processes',
        String(cores),
      ]);
      if (peer !== undefined) rates.python.push(peer);
    }
    const limits = rates.decode.map((rate, round) => 1 / (1 / rate + 1 / rates.model[round]!));
    const text = `# Photographs to Parquet

Written by \`npm run bench:photos\`: ${cpus()[0]!.model.replace(/\s+/g, ' ')}, ${cores} cores, Node ${process.versions.node}. ${files.length} JPEG files (the pets of the
fixtures, ${COPIES} copies each), SqueezeNet, the best five classes of each; ${ROUNDS} rounds, everything once in each round.

| | pictures a second |
|---|---|
| inframe, files to Parquet | ${formatRates(rates.job)} |
| decoding and resizing alone, ${cores} workers | ${formatRates(rates.decode)} |
| the network alone, ${cores} workers | ${formatRates(rates.model)} |
| 1 / (1 / decoding + 1 / network) | ${formatRates(limits)} |
${rates.python.length === 0 ? 'Python is not here.' : `| Python by hand (Pillow, onnxruntime), ${cores} processes | ${formatRates(rates.python)} |`}

Of the limit: ${formatRatios(rates.job, limits)}.${rates.python.length === 0 ? '' : ` Times Python by hand: ${formatRatios(rates.job, rates.python)}.`}
`;
    writeFileSync('bench/photos-results.md', text);
    process.stdout.write(text);
  } finally {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
