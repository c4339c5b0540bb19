import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { InframeError, type InframeSession } from '../../src/index.js';
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

for (const engine of ENGINES) {
  for (const operation of OPERATIONS) {
    const unsupported = engine.unsupported[operation.name];
    test(`${operation.group}, ${operation.name}, on ${engine.name}${unsupported ? ` (${unsupported.kind})` : ''}`, async () => {
      for (const layout of LAYOUTS) {
        const bench = benches.get(keyOf(engine, layout.workers))!;
        const where = `${operation.name}, on ${engine.name}, ${layout.name}`;
        if (unsupported === undefined) {
          const wrong = await bench.check(operation, layout);
          assert.ok(wrong === undefined, `${where}: ${wrong}`);
          continue;
        }
        const error = await bench.failure(operation, layout);
        assert.ok(error instanceof InframeError, `${where}: declared as '${unsupported.kind}', and does not refuse`);
        assert.notEqual(error.code, 'INTERNAL', `${where}: ${error.message}`);
      }
    });
  }
}

test('every operation has a name of its own, and what is unsupported is an operation', () => {
  const names = OPERATIONS.map(({ name }) => name);
  assert.deepEqual(
    names.filter((name, at) => names.indexOf(name) < at),
    [],
  );
  for (const { name, unsupported } of ENGINES) {
    const unknown = Object.keys(unsupported).filter(operation => !names.includes(operation));
    assert.deepEqual(unknown, [], name);
  }
});

test('the documentation lists every operation', () => {
  const text = documentOf(OPERATIONS, ENGINES);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOCUMENT, text);
  assert.equal(readFileSync(DOCUMENT, 'utf8'), text, `${DOCUMENT} is made by UPDATE_DOCS=1 and this test`);
});
