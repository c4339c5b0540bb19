import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { columnsOf, type Expr } from '../../src/frame/expr.js';
import { referenceOf } from '../../src/frame/model.js';
import { liftModelCalls } from '../../src/frame/optimizer/lift-model-calls.js';
import { optimize } from '../../src/frame/optimizer/optimize.js';
import { expressionsOf, inputsOf, type Relation } from '../../src/frame/relation.js';
import type { Schema } from '../../src/frame/schema.js';
import type { InframeSession, Row } from '../../src/index.js';
import { linear } from '../support/models.js';
import { openSession, temporaryFolder } from '../support/sessions.js';
import { makeFile, saveModel } from '../support/tables.js';
import { type Call, type Tree, TreeBuilder, tree } from './trees.js';

/**
 * Runs random trees optimized, and without any rule but the one that takes models out of expressions: both give the same
 * rows. Their order is not compared, for joins and groups have none.
 */
export async function checkTrees(test: TestContext, runs: number): Promise<void> {
  const session = await openSession(test, { workers: 2 });
  const folder = temporaryFolder(test);
  const tables = await Promise.all(
    [
      'SELECT i::DOUBLE AS a, (i * 7 % 5)::DOUBLE AS b, CASE WHEN i % 4 <> 1 THEN (i % 3)::DOUBLE END AS c FROM range(17) r(i)',
      'SELECT (i % 4)::DOUBLE AS a, CASE WHEN i <> 2 THEN (i * 3)::DOUBLE END AS b FROM range(7) r(i)',
      'SELECT i::DOUBLE AS a, i::DOUBLE AS b FROM range(0) r(i)',
    ].map(async (select, index) => {
      const path = await makeFile(`${folder}/t${index}.parquet`, select);
      return session.engine.scan({ kind: 'scan', format: 'parquet', paths: [path], csv: {} });
    }),
  );
  const models = [
    await session.model(await saveModel(folder, 'first.onnx', linear())),
    await session.model(await saveModel(folder, 'second.onnx', linear('N', 3))),
  ];
  const call: Call = (index, left, right, schema) => {
    const known = referenceOf(models[index % models.length])!;
    const bound = known.bind({ positional: [left, right], named: {} }, () => ({ kind: 'float64' }), schema);
    return { kind: 'modelCall', call: bound };
  };
  await fc.assert(
    fc.asyncProperty(tree, (each: Tree) => check(session, tables, call, each)),
    { numRuns: runs },
  );
}

async function check(session: InframeSession, tables: readonly Relation[], call: Call, each: Tree): Promise<void> {
  const written = new TreeBuilder(tables, call, false).build(each);
  const optimized = optimize(written);
  assert.deepEqual(optimized.schema.toJSON(), written.schema.toJSON(), 'the columns are those there were');
  assertSound(optimized);
  const unoptimized = liftModelCalls(new TreeBuilder(tables, call, true).build(each));
  assert.deepEqual(await run(session, optimized), await run(session, unoptimized));
}

/** Every column that is read is there (R1), and the tables of a join share none (R4). */
function assertSound(relation: Relation): void {
  const inputs = inputsOf(relation);
  const there = (schema: Schema, expr: Expr): void => {
    for (const name of columnsOf(expr)) assert.equal(schema.find(name)?.name, name, `${relation.kind} reads ${name}`);
  };
  for (const expr of expressionsOf(relation)) {
    if (inputs.length === 1) there(inputs[0]!.schema, expr);
  }
  if (relation.kind === 'join') {
    const [left, right] = relation.inputs;
    assert.ok(left.schema.names.every(name => !right.schema.has(name)));
  }
  inputs.forEach(assertSound);
}

/** The rows, sorted by how they are written; -0 and 0 are one number. */
async function run(session: InframeSession, relation: Relation): Promise<readonly string[]> {
  const rows: Row[] = [];
  for await (const block of session.engine.rows(relation, {})) rows.push(...block);
  const { names } = relation.schema;
  return rows.map(row => JSON.stringify(names.map(name => (row[name] === 0 ? 0 : row[name])))).sort();
}
