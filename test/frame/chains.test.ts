import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { analyze } from '../../src/frame/analyze.js';
import { liftModelCalls } from '../../src/frame/optimizer/lift-model-calls.js';
import { optimize } from '../../src/frame/optimizer/optimize.js';
import type { Relation } from '../../src/frame/relation.js';
import { connect, type DataFrame, type InframeSession, type Model, type Row } from '../../src/index.js';
import { linear } from '../support/models.js';
import { makeFile, saveModel } from '../support/tables.js';
import { applySteps, type PlainTable, relationalStep, type Step, scoringStep, type Value } from './chains.js';

/*
 * The same chain of verbs three times: optimized, not optimized, and in plain JavaScript.
 */

const NUMERIC = ['id', 'x', 'z'];

/** Small whole numbers, so that sums and products are exact in any order and in float32. */
const TABLE: PlainTable = {
  names: ['id', 'x', 'z', 'name'],
  rows: Array.from({ length: 57 }, (_, id): readonly Value[] => [
    id,
    id % 5 === 3 ? null : (id * 7) % 11,
    ((id * 5) % 9) - 4,
    id % 7 === 2 ? null : ['ada', 'bob', 'Cid', 'dot'][id % 4]!,
  ]),
};

let folder: string;
let session: InframeSession;
let sources: Readonly<Record<'csv' | 'parquet', DataFrame>>;
let model: Model;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inframe-chains-'));
  session = await connect({ workers: 2 });
  const line = (row: readonly Value[]): string => row.map(value => value ?? '').join(',');
  const text = (rows: PlainTable['rows']): string => `${[TABLE.names, ...rows].map(line).join('\n')}\n`;
  writeFileSync(join(folder, 'whole.csv'), text(TABLE.rows));
  // Two files, one after the other.
  const values = (rows: PlainTable['rows']): string =>
    rows
      .map(row => `(${row.map(value => (typeof value === 'string' ? `'${value}'` : String(value))).join(', ')})`)
      .join(', ');
  const select = (rows: PlainTable['rows']): string =>
    `SELECT id::DOUBLE AS id, x::DOUBLE AS x, z::DOUBLE AS z, name FROM (VALUES ${values(rows)}) t(id, x, z, name)`;
  const first = await makeFile(join(folder, 'a.parquet'), select(TABLE.rows.slice(0, 30)));
  const second = await makeFile(join(folder, 'b.parquet'), select(TABLE.rows.slice(30)));
  sources = { csv: session.read.csv(join(folder, 'whole.csv')), parquet: session.read.parquet(first, second) };
  model = await session.model(await saveModel(folder, 'linear.onnx', linear()));
});

after(async () => {
  await session?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(relation: Relation): Promise<PlainTable['rows']> {
  const rows: Row[] = [];
  for await (const block of session.engine.rows(relation, {})) rows.push(...block);
  return rows.map(row =>
    relation.schema.names.map(name => {
      const value = row[name];
      return typeof value === 'bigint' ? Number(value) : (value as Value);
    }),
  );
}

/** -0 and 0 are one number in a table. */
function plainRows(rows: PlainTable['rows']): PlainTable['rows'] {
  return rows.map(row => row.map(value => (value === 0 ? 0 : value)));
}

async function check(source: 'csv' | 'parquet', steps: readonly Step[], rules: (relation: Relation) => Relation) {
  const { frame, plain } = applySteps(sources[source], TABLE, NUMERIC, steps, (a, b) => model({ in: [a, b] }));
  const large = plain.rows.some(row => row.some(value => typeof value === 'number' && Math.abs(value) > 2 ** 20));
  fc.pre(!large);
  const analyzed = await analyze(frame.plan, session.engine);
  const optimized = optimize(analyzed);
  assert.deepEqual(optimized.schema.names, plain.names);
  assert.deepEqual(analyzed.schema.toJSON(), optimized.schema.toJSON());
  assert.deepEqual(plainRows(await run(optimized)), plainRows(plain.rows), 'optimized');
  assert.deepEqual(plainRows(await run(rules(analyzed))), plainRows(plain.rows), 'not optimized');
}

const source = fc.constantFrom('csv' as const, 'parquet' as const);

test('chains of verbs mean what they mean in plain JavaScript, optimized or not', async () => {
  await fc.assert(
    fc.asyncProperty(source, fc.array(relationalStep, { maxLength: 7 }), (from, steps) =>
      check(from, steps, relation => relation),
    ),
    { numRuns: 150 },
  );
});

test('so do chains with model calls', async () => {
  await fc.assert(
    fc.asyncProperty(source, fc.array(scoringStep, { minLength: 1, maxLength: 6 }), (from, steps) =>
      check(from, steps, liftModelCalls),
    ),
    { numRuns: 60 },
  );
});
