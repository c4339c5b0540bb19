import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { graph } from '../../src/udf/onnx/build.js';
import { serializeModel } from '../../src/udf/onnx/file.js';
import { duck, makeFile } from '../support/tables.js';
import { examplesIn } from './readme.js';

/*
 * What a stranger gets: the tarball, installed into an empty folder. Nothing here imports from the clone but the tools.
 */

const root = resolve('.');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const env = {
  ...process.env,
  ONNXRUNTIME_NODE_INSTALL: 'skip',
  npm_config_onnxruntime_node_install: 'skip',
  npm_config_update_notifier: 'false',
};

function run(command: string, args: readonly string[], cwd: string, milliseconds = 300_000) {
  const result = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: milliseconds,
    shell: process.platform === 'win32',
  });
  return { status: result.status, stdout: result.stdout ?? '', stderr: result.stderr ?? '', error: result.error };
}

function mustRun(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = run(command, args, cwd);
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${error ?? ''}\n${stdout}\n${stderr}`);
  return stdout;
}

let folder: string;
let packed: readonly string[];
let tarball: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'inframe-package-'));
  // `prepare` builds dist/ from the sources as they are now, as `npm publish` would.
  const [report] = JSON.parse(mustRun(npm, ['pack', '--json', '--pack-destination', folder], root)) as {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }[];
  packed = report!.files.map(({ path }) => path).sort();
  tarball = join(folder, report!.filename);
  writeFileSync(join(folder, 'package.json'), '{"name":"stranger","version":"1.0.0","private":true,"type":"module"}');
  mustRun(npm, ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], folder);
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('the tarball holds what runs, and nothing else', () => {
  const wanted = ['README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js'];
  for (const path of [...wanted, 'dist/engine/embedded/worker.js', 'examples/models/delay.onnx']) {
    assert.ok(packed.includes(path), `${path} is missing`);
  }
  const allowed =
    /^(?:dist\/.+\.(?:js|d\.ts)(?:\.map)?|examples\/models\/(?:[^/]+\.onnx|README\.md)|README\.md|package\.json|LICEN[CS]E.*)$/;
  assert.deepEqual(
    packed.filter(path => !allowed.test(path)),
    [],
  );
  assert.deepEqual(
    packed.filter(path => /(?:^|\/)(?:test|bench|fixtures|node_modules)\//.test(path) || path.includes('.tsbuildinfo')),
    [],
  );
});

test('what was built for a file that is gone is not in it', () => {
  const sources = new Set(
    readdirSync('src', { recursive: true }).map(name => String(name).replaceAll('\\', '/').replace(/\.ts$/, '.js')),
  );
  const stale = packed
    .filter(path => path.startsWith('dist/') && path.endsWith('.js'))
    .filter(path => !sources.has(path.slice('dist/'.length)));
  assert.deepEqual(stale, []);
});

test("the README's examples run as they stand", async () => {
  const [example, sql, pictures] = examplesIn(readFileSync('README.md', 'utf8'));
  copyFileSync(join(root, 'examples/models/delay.onnx'), join(folder, 'delay.onnx'));
  await makeFile(
    join(folder, 'flights.parquet'),
    `SELECT TIMESTAMP '2001-01-01 00:00:00' + to_minutes(i * 37 % 500000) AS date, (i % 60 - 10)::SMALLINT AS delay,
            (i * 7 % 2500 + 100)::SMALLINT AS distance, ['ABQ', 'BOS', 'ORD', 'SFO'][i % 4 + 1] AS origin,
            ['JFK', 'LAX', 'SEA'][i % 3 + 1] AS destination
     FROM range(5000) r(i)`,
  );
  writeFileSync(join(folder, 'example.mjs'), example!);
  const output = mustRun(process.execPath, ['example.mjs'], folder);
  assert.match(output, /risk/);
  assert.match(output, /\b5000 rows\b/);
  assert.ok(existsSync(join(folder, 'scored', '_SUCCESS')));
  const parts = join(folder, 'scored', '*.parquet').replaceAll("'", "''");
  const [counts] = await duck(`SELECT count(*)::INT, count(risk)::INT FROM read_parquet('${parts}')`);
  assert.deepEqual(counts, [5000, 5000]);
  writeFileSync(join(folder, 'sql.mjs'), sql!);
  const table = mustRun(process.execPath, ['sql.mjs'], folder);
  for (const word of ['origin', 'flights', 'risk', 'ABQ', 'SFO']) assert.ok(table.includes(word), word);
  await makePhotos(folder);
  writeFileSync(join(folder, 'pictures.mjs'), pictures!);
  const shown = mustRun(process.execPath, ['pictures.mjs'], folder);
  for (const word of ['class 2', 'JPEG 8x6', 'label']) assert.ok(shown.includes(word), `${word}: ${shown}`);
  assert.match(readFileSync(join(folder, 'photos.html'), 'utf8'), /class 2/);
});

/** A blue photograph, and a network of SqueezeNet's shape that names the strongest channel. */
async function makePhotos(parent: string): Promise<void> {
  mkdirSync(join(parent, 'photos', 'summer'), { recursive: true });
  const photo = sharp({ create: { width: 8, height: 6, channels: 3, background: '#0000ff' } });
  writeFileSync(join(parent, 'photos', 'summer', 'sea.jpg'), await photo.jpeg().toBuffer());
  writeFileSync(
    join(parent, 'imagenet_labels.txt'),
    Array.from({ length: 1000 }, (_, index) => `class ${999 - index}\n`).join(''),
  );
  const network = graph({
    inputs: [{ name: 'data_0', dtype: 'float32', dims: [1, 3, 224, 224] }],
    outputs: [{ name: 'softmaxout_1', dtype: 'float32', dims: [1, 1000, 1, 1] }],
    nodes: [
      { op: 'GlobalAveragePool', inputs: ['data_0'], outputs: ['means'] },
      { op: 'Conv', inputs: ['means', 'weights'], outputs: ['classes'] },
      { op: 'Softmax', inputs: ['classes'], outputs: ['softmaxout_1'], attributes: { axis: 1 } },
    ],
    initializers: [
      {
        name: 'weights',
        dtype: 'float32',
        dims: [1000, 3, 1, 1],
        // Blue comes first, as the example asks for it, and wakes class 997, which is called 2.
        data: Float32Array.from({ length: 3000 }, (_, at) => (at === 997 * 3 ? 1 : 0)),
      },
    ],
  });
  writeFileSync(join(parent, 'squeezenet.onnx'), serializeModel(network));
}

test('the command line is installed with it', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  assert.equal(mustRun(npx, ['--no-install', 'inframe', '--version'], folder).trim(), version);
  const wrong = run(
    npx,
    ['--no-install', 'inframe', 'score', 'nothing.parquet', '--model', 'delay.onnx', '--out', 'o'],
    folder,
  );
  assert.notEqual(wrong.status, 0);
  assert.doesNotMatch(wrong.stderr, /^\s+at .+:\d+:\d+/m, 'no stack trace');
});

test('its types are enough to compile against', () => {
  writeFileSync(
    join(folder, 'use.ts'),
    `import { connect, col, fn, type Model, type JobReport } from 'inframe';
     const session = await connect();
     const model: Model = await session.model('delay.onnx');
     const report: JobReport = await session.read.parquet('t').withColumn('p', model(col('a'))).write.parquet('out');
     export const rows: number = report.rows + (await session.read.csv('t').agg(fn.count()).count());\n`,
  );
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = [
    '--noEmit',
    '--strict',
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--skipLibCheck',
    '--types',
    '',
  ];
  mustRun(process.execPath, [tsc, ...options, 'use.ts'], folder);
});
