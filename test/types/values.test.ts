import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DataFrame, fn } from '../../src/index.js';
import { compile, valueLiteral } from '../support/compiler.js';
import { openSession } from '../support/sessions.js';
import { EMPTY, empty, FULL, full, groupUses, methodUses, rowUses, windowUses } from './samples.js';
import { LEFT, type Left, RIGHT, type Right, verbUses } from './verb-samples.js';

/*
 * What the compiler says of values, and what they are: rows are collected, written as TypeScript, and given back to the
 * compiler as values of the types it has worked out.
 */

test('every function is used', () => {
  const used = new Set([
    ...Object.keys(rowUses),
    ...Object.keys(methodUses),
    ...Object.keys(windowUses),
    ...groupUses.map(({ label }) => label),
  ]);
  assert.deepEqual(
    Object.keys(fn).filter(name => !used.has(name)),
    [],
  );
});

test('what functions and methods give is of the type that the compiler says', async t => {
  const session = await openSession(t, { workers: 1 });
  const lines = [
    "import type { RowType } from 'test/types/same';",
    "import type { empty, full } from 'test/types/samples';",
  ];
  const add = async (kind: string, use: string, frame: DataFrame): Promise<void> => {
    const [first, ...others] = await frame.collect();
    assert.ok(first !== undefined && others.length === 0);
    const members = Object.entries(first).map(([name, value]) => `  ${JSON.stringify(name)}: ${valueLiteral(value)},`);
    lines.push(`export const ${kind}_${use}: RowType<ReturnType<(typeof ${kind})['${use}']>> = {`, ...members, '};');
  };
  for (const [use, ask] of Object.entries(full)) await add('full', use, ask(session.sql(FULL)));
  for (const [use, ask] of Object.entries(empty)) await add('empty', use, ask(session.sql(EMPTY)));
  const { errors } = compile(lines.join('\n'));
  assert.deepEqual(
    errors.map(({ line, text }) => `${lines[line - 1]} ${text}`),
    [],
  );
});

test('the rows of verbs are of the type that the compiler says', async t => {
  const session = await openSession(t, { workers: 1 });
  const [left, right] = [session.sql<Left>(LEFT), session.sql<Right>(RIGHT)];
  const lines = [
    "import type { RowType } from 'test/types/same';",
    "import type { verbUses } from 'test/types/verb-samples';",
    'type RowOf<Use extends keyof typeof verbUses> = RowType<ReturnType<(typeof verbUses)[Use]>>;',
  ];
  for (const [use, ask] of Object.entries(verbUses)) {
    const rows = await ask(left, right).collect();
    assert.ok(rows.length > 0, use);
    lines.push(
      `export const ${use}: readonly RowOf<'${use}'>[] = [`,
      ...rows.map(row => `  ${valueLiteral(row)},`),
      '];',
    );
  }
  const { errors } = compile(lines.join('\n'));
  assert.deepEqual(
    errors.map(({ line, text }) => `${lines[line - 1]} ${text}`),
    [],
  );
});
