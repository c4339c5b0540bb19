import assert from 'node:assert/strict';
import type { DataFrame } from '../../../../src/index.js';
import { duck } from '../../../support/tables.js';

/** A row as its values, in the order of the columns. */
export type Values = readonly unknown[];

/** The rows of a frame as values, in the order they come. */
export async function valuesOf(frame: DataFrame): Promise<readonly Values[]> {
  return (await frame.collect()).map(row => Object.values(row));
}

/** Rows in an order that depends on what is in them alone. */
export function sorted(rows: readonly Values[]): readonly Values[] {
  return [...rows]
    .map(row => [textOf(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, row]) => row);
}

/** A value as text that is the same for the same value alone. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`;
    if (typeof part === 'number' && !Number.isFinite(part)) return `number ${part}`;
    return part ?? null;
  });
}

/** The frame has these rows, in any order. */
export async function assertSameRows(frame: DataFrame, expected: readonly Values[], message?: string): Promise<void> {
  assert.deepEqual(sorted(await valuesOf(frame)), sorted(expected), message);
}

/** The frame has the rows that a statement gives in a DuckDB of the test's own. */
export async function assertAnswer(frame: DataFrame, statement: string, ordered = false): Promise<void> {
  const expected = await duck(statement);
  const actual = await valuesOf(frame);
  assert.deepEqual(ordered ? actual : sorted(actual), ordered ? expected : sorted(expected), statement);
}
