import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  Column,
  col,
  DataFrame,
  DataFrameReader,
  DataFrameWriter,
  fn,
  InframeError,
  type InframeSession,
} from '../../src/index.js';
import type { Operation } from './declare.js';
import { documentOf } from './document.js';
import { ENGINES, type TestedEngine } from './engines.js';
import { Inputs, LAYOUTS } from './inputs.js';
import { OPERATIONS } from './operations/index.js';
import { Bench } from './run.js';

const DOCUMENT = 'docs/operations.md';

const folder = mkdtempSync(join(tmpdir(), 'inframe-conformance-'));
const sessions: InframeSession[] = [];
/** A bench for each number of workers. */
const benches = new Map<string, Bench>();
const keyOf = (engine: TestedEngine, workers: number): string => `${engine.name} ${workers}`;

before(async () => {
  const inputs = new Inputs(folder);
  for (const engine of ENGINES) {
    for (const workers of new Set(LAYOUTS.map(layout => layout.workers))) {
      const session = await engine.connect({ workers });
      sessions.push(session);
      benches.set(keyOf(engine, workers), new Bench(session, inputs, folder));
    }
  }
});

after(async () => {
  for (const session of sessions) await session.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What is wrong in each layout; nothing if all is well. */
async function check(operation: Operation, engine: TestedEngine): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const layout of operation.layouts ?? LAYOUTS) {
    const found = await benches.get(keyOf(engine, layout.workers))!.check(operation, layout);
    if (found !== undefined) wrong.push(`${operation.name}, on ${engine.name}, ${layout.name}: ${found}`);
  }
  return wrong;
}

/** What is not refused in each layout, or not as it should be. */
async function checkRefused(operation: Operation, engine: TestedEngine): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const layout of operation.layouts ?? LAYOUTS) {
    const error = await benches.get(keyOf(engine, layout.workers))!.failure(operation, layout);
    if (error instanceof InframeError && error.code !== 'INTERNAL') continue;
    const what = error instanceof Error ? error.stack : 'nothing fails';
    wrong.push(`${operation.name}, declared as unsupported on ${engine.name}, ${layout.name}: ${what}`);
  }
  return wrong;
}

for (const engine of ENGINES) {
  for (const operation of OPERATIONS) {
    const { group, name } = operation;
    const fault = engine.faults[name];
    test(`${engine.name}: ${group}, ${name}`, async () => {
      if (engine.unsupported[name] !== undefined) {
        assert.equal((await checkRefused(operation, engine)).join('\n'), '');
        return;
      }
      const wrong = await check(operation, engine);
      if (fault === undefined) assert.equal(wrong.join('\n'), '');
      else assert.ok(fault.sometimes || wrong.length > 0, `${name} is listed as a fault of ${engine.name}, and passes`);
    });
  }
}

test('every operation has a name of its own, and what is unsupported is an operation', () => {
  const names = OPERATIONS.map(({ name }) => name);
  assert.deepEqual(
    names.filter((name, at) => names.indexOf(name) < at),
    [],
  );
  for (const { name, unsupported, faults } of ENGINES) {
    const declared = [...Object.keys(unsupported), ...Object.keys(faults)];
    assert.deepEqual(
      declared.filter((operation, at) => !names.includes(operation) || declared.indexOf(operation) < at),
      [],
      name,
    );
  }
});

/** What gives text for people, which is not the same for every engine, and what is a part of other operations. */
const NOT_OPERATIONS = [
  'constructor',
  'with',
  'show',
  'toText',
  'explain',
  'printSchema',
  'as',
  'asc',
  'desc',
  'expr',
  'label',
];

test('every verb, action, method of a column, reader, writer and function is an operation', () => {
  const named = new Set(OPERATIONS.map(({ name }) => name.split(':')[0]!));
  const methods = (type: { readonly prototype: object }): readonly string[] =>
    Object.getOwnPropertyNames(type.prototype);
  const wanted = [
    ...methods(DataFrame).filter(name => name !== 'write'),
    ...methods(Object.getPrototypeOf(DataFrame) as typeof DataFrame).filter(name => name !== 'write'),
    ...methods(Column),
    ...Object.keys(col('x')),
    ...Object.keys(fn).map(name => `fn.${name}`),
    ...['fromRows', 'fromColumns', 'fromArrow', 'lit', 'sql', 'when', 'udf', 'model'],
    ...methods(DataFrameReader).map(name => `read.${name}`),
    ...methods(DataFrameWriter).map(name => `write.${name}`),
  ];
  const missing = wanted.filter(name => !named.has(name) && !NOT_OPERATIONS.includes(name.replace(/^\w+\./, '')));
  assert.deepEqual(missing, []);
});

test('the documentation lists every operation', () => {
  const text = documentOf(OPERATIONS, ENGINES);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOCUMENT, text);
  assert.equal(readFileSync(DOCUMENT, 'utf8'), text, `${DOCUMENT} is made by UPDATE_DOCS=1 and this test`);
});
