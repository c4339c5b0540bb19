import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { quoteText } from '../src/connectors/duckdb/quote.js';
import { col, connect, image } from '../src/index.js';
import { graph } from '../src/udf/onnx/build.js';
import { serializeModel } from '../src/udf/onnx/file.js';

/*
 * npm run bench:picture-memory
 *
 * Peak memory of a job over 1 000 pictures and over 20 000, as files and as a column of Parquet; each in a process of its own.
 */

const COUNTS = [1000, 20000] as const;

if (process.argv[2] === 'run') await score(process.argv[3]!, process.argv[4]!);
else await measure();

/** Scores pictures and prints this process's peak memory in bytes. */
async function score(source: string, model: string): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), 'inframe-bench-'));
  const session = await connect();
  const network = await session.model(model, { inputs: { x: image({ width: 64, height: 64 }) } });
  const frame = source.endsWith('.parquet') ? session.read.parquet(source) : session.read.images(source);
  const report = await frame.select('path', network(col('image')).as('mean')).write.parquet(join(out, 'scored'));
  await session.close();
  rmSync(out, { recursive: true, force: true });
  console.log(JSON.stringify({ peak: report.peakMemory, rows: report.rows, failed: report.failedRows }));
}

async function measure(): Promise<void> {
  const fixtures = resolve(process.env['INFRAME_FIXTURES'] ?? '../shared/fixtures');
  const folder = mkdtempSync(join(fixtures.startsWith(tmpdir()) ? fixtures : tmpdir(), 'inframe-bench-'));
  const photos = ['cat', 'dog'].flatMap(kind => {
    const own = join(fixtures, 'images', 'pets', kind);
    return readdirSync(own).map(name => join(own, name));
  });
  const model = join(folder, 'means.onnx');
  const means = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3, 64, 64] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', 3] }],
    nodes: [{ op: 'ReduceMean', inputs: ['x'], outputs: ['y'], attributes: { axes: [2, 3], keepdims: 0 } }],
  });
  writeFileSync(model, serializeModel(means));
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  const lines: string[] = [];
  try {
    const peaks = new Map<string, number[]>();
    for (const count of COUNTS) {
      const pictures = join(folder, String(count));
      mkdirSync(pictures);
      const originals = join(folder, `originals-${count}`);
      mkdirSync(originals);
      const copies = photos.map((photo, index) => {
        const copy = join(originals, `${index}.jpg`);
        execFileSync('cp', [photo, copy]);
        return copy;
      });
      for (let index = 0; index < count; index++) {
        linkSync(copies[index % copies.length]!, join(pictures, `${String(index).padStart(6, '0')}.jpg`));
      }
      const table = join(folder, `${count}.parquet`);
      await connection.run(
        `COPY (SELECT filename AS path, content AS image FROM read_blob(${quoteText(`${pictures}/*.jpg`)})) TO ${quoteText(table)} (ROW_GROUP_SIZE 2048)`,
      );
      for (const [name, source] of [
        ['files', pictures],
        ['a Parquet column', table],
      ] as const) {
        const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), 'run', source, model], {
          encoding: 'utf8',
        });
        const { peak, rows, failed } = JSON.parse(output.trim().split('\n').at(-1)!) as Record<string, number>;
        if (rows !== count || failed !== 0) throw new Error(`${rows} rows, ${failed} failed`);
        peaks.set(name, [...(peaks.get(name) ?? []), peak!]);
      }
    }
    for (const [name, [few, many]] of peaks) {
      const size = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
      lines.push(`| ${name} | ${size(few!)} | ${size(many!)} | ${(many! / few!).toFixed(2)} |`);
    }
  } finally {
    connection.closeSync();
    database.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
  const text = `# Memory and the number of pictures

Written by \`npm run bench:picture-memory\`: peak memory of a whole process that scores photographs (copies of the pets of the fixtures) with a
small network over 64 x 64 pixels.

| | ${COUNTS[0]} pictures | ${COUNTS[1]} | ratio |
|---|---|---|---|
${lines.join('\n')}
`;
  writeFileSync('bench/picture-memory-results.md', text);
  process.stdout.write(text);
}
