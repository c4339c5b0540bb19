import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { quoteText } from '../src/connectors/duckdb/quote.js';
import { connect } from '../src/index.js';
import { serializeModel } from '../src/udf/onnx/file.js';
import { linear } from '../test/support/models.js';
import { median } from './statistics.js';

/*
 * npm run bench:sql
 *
 * What session.sql() costs beside DuckDB alone on statements without a model, and how long planning takes with fifty model
 * calls. Both are measured in turn, statement by statement; DuckDB reads the same files through views of its own.
 */

const RUNS = 60;

/** RUN stands for another number in every run: nothing is remembered from the run before. */
const STATEMENTS: readonly string[] = [
  'SELECT 1 AS one, RUN AS run',
  'SELECT kind, RUN AS run, count(*) AS n FROM facts GROUP BY ALL ORDER BY kind',
  'SELECT f.id, d.label, RUN AS run FROM facts f JOIN kinds d ON f.kind = d.kind WHERE f.id < 100 ORDER BY f.id',
  'WITH best AS (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY x DESC) AS place FROM facts) SELECT id, RUN AS run FROM best WHERE place <= 3 ORDER BY id',
];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'inframe-bench-'));
  const session = await connect();
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  try {
    const facts = join(folder, 'facts.parquet');
    const kinds = join(folder, 'kinds.parquet');
    await connection.run(
      `COPY (SELECT i AS id, (i / 8.0)::FLOAT AS x, (i % 7)::FLOAT AS z, i % 5 AS kind FROM range(10000) r(i)) TO ${quoteText(facts)}`,
    );
    await connection.run(`COPY (SELECT i AS kind, 'kind ' || i AS label FROM range(5) r(i)) TO ${quoteText(kinds)}`);
    for (const [name, path] of [
      ['facts', facts],
      ['kinds', kinds],
    ] as const) {
      await connection.run(`CREATE VIEW ${name} AS FROM read_parquet(${quoteText(path)})`);
      session.sql(`CREATE VIEW ${name} AS FROM read_parquet(${quoteText(path)})`);
    }
    const path = join(folder, 'linear.onnx');
    writeFileSync(path, serializeModel(linear()));
    session.register('linear', await session.model(path));
    const lines: string[] = [];
    for (const statement of STATEMENTS) {
      const alone: number[] = [];
      const ours: number[] = [];
      for (let run = 0; run < RUNS + 10; run += 1) {
        const text = statement.replace('RUN', String(run));
        const first = await milliseconds(async () => (await connection.runAndReadAll(text)).getRowObjectsJS());
        const second = await milliseconds(() => session.sql(text).collect());
        if (run >= 10) {
          alone.push(first);
          ours.push(second);
        }
      }
      const extra = median(ours.map((value, index) => value - alone[index]!));
      lines.push(
        `| \`${statement}\` | ${median(alone).toFixed(1)} | ${median(ours).toFixed(1)} | ${extra.toFixed(1)} |`,
      );
    }
    const calls = Array.from({ length: 50 }, (_, index) => `linear(x + ${index}, z) AS y${index}`).join(', ');
    const planning: number[] = [];
    for (let run = 0; run < RUNS / 2; run += 1) {
      const many = `SELECT id, ${calls} FROM facts WHERE kind = ${run}`;
      planning.push(await milliseconds(() => session.sql(many).explain()));
    }
    report(lines, median(planning.slice(5)));
  } finally {
    await session.close();
    connection.closeSync();
    database.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function report(lines: readonly string[], planning: number): void {
  const text = `# SQL beside DuckDB alone

Written by \`npm run bench:sql\`: ${cpus()[0]!.model.replace(/\s+/g, ' ')}, ${cpus().length} cores, Node ${process.versions.node}. Medians of ${RUNS} runs in turn, in milliseconds.

| statement (10 000 rows) | DuckDB | inframe | difference |
|---|---|---|---|
${lines.join('\n')}

Planning a statement of 50 different model calls (parsed, bound, optimized, explained, not run): ${planning.toFixed(1)} ms.
`;
  writeFileSync('bench/sql-results.md', text);
  process.stdout.write(text);
}

await main();
