import { existsSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { writePerceptron } from './models.js';

/** Features of the numeric tables. */
export const FEATURES: readonly string[] = Array.from({ length: 20 }, (_, index) => `f${index}`);

export interface BenchData {
  /** 5 million rows: id and 20 float32. */
  readonly numbers: string;
  /** The first 2 million of these. */
  readonly fewerNumbers: string;
  /** The same ten times over, as ten files. */
  readonly numbersTenfold: string;
  /** 1 million rows: id, 5 float32, 4 texts, 1 blob. */
  readonly wide: string;
  readonly small: string;
  readonly large: string;
  /** MLP 5-64-32-1, for the wide table. */
  readonly wideModel: string;
}

/** Makes what the benchmark reads, once, below `folder`. */
export async function makeData(folder: string): Promise<BenchData> {
  mkdirSync(folder, { recursive: true });
  const paths = {
    numbers: join(folder, 'numbers.parquet'),
    fewerNumbers: join(folder, 'numbers-2m.parquet'),
    numbersTenfold: join(folder, 'numbers-tenfold'),
    wide: join(folder, 'wide.parquet'),
    small: join(folder, 'mlp-20-64-32-1.onnx'),
    large: join(folder, 'mlp-20-512-512-512-1.onnx'),
    wideModel: join(folder, 'mlp-5-64-32-1.onnx'),
  };
  writePerceptron(paths.small, [20, 64, 32, 1]);
  writePerceptron(paths.wideModel, [5, 64, 32, 1]);
  writePerceptron(paths.large, [20, 512, 512, 512, 1]);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const make = async (path: string, columns: readonly string[], rows: number): Promise<void> => {
    if (existsSync(path)) return;
    const select = `SELECT range AS id, ${columns.join(', ')} FROM range(${rows})`;
    await connection.run(`COPY (${select}) TO '${path}.unfinished' (FORMAT parquet)`);
    renameSync(`${path}.unfinished`, path);
  };
  // Hashes stand in for random numbers: the same on every run and every machine.
  // 24 bits of them, so that a dictionary would not pay: measured features rarely repeat.
  const number = (seed: number): string => `((hash(range, ${seed}) >> 40)::DOUBLE / 8388608 - 1)::FLOAT`;
  const features = FEATURES.map((name, index) => `${number(index)} AS ${name}`);
  await make(paths.numbers, features, 5_000_000);
  await make(paths.fewerNumbers, features, 2_000_000);
  await make(
    paths.wide,
    [
      ...FEATURES.slice(0, 5).map((name, index) => `${number(index)} AS ${name}`),
      "'customer ' || (hash(range, 31) % 100000) AS customer",
      'md5(range::VARCHAR) AS token',
      "repeat('word ' || (hash(range, 32) % 50), 8) AS note",
      "['red', 'green', 'blue', 'yellow'][(hash(range, 33) % 4 + 1)::BIGINT] AS color",
      'from_hex(repeat(md5((range + 1)::VARCHAR), 8)) AS thumbnail',
    ],
    1_000_000,
  );
  connection.closeSync();
  instance.closeSync();
  if (!existsSync(paths.numbersTenfold)) {
    mkdirSync(paths.numbersTenfold);
    for (let copy = 0; copy < 10; copy++)
      symlinkSync('../numbers.parquet', join(paths.numbersTenfold, `copy-${copy}.parquet`));
  }
  return paths;
}
