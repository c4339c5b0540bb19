import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Column, DataFrame, Row } from '../../../src/index.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile } from '../../support/tables.js';

/** One use of a function, and what it gives in each row of the table. */
export type Use = readonly [column: Column, gives: readonly unknown[]];

/** What every function of a domain gives; one that has no entry does not compile. */
export type Uses<Functions> = { readonly [name in keyof Functions]: readonly Use[] };

/** The same in each of so many rows: for what is asked of values rather than of columns. */
export function each(value: unknown, rows: number): readonly unknown[] {
  return Array.from({ length: rows }, () => value);
}

/** A day or a moment of UTC: `'2024-02-29'`, `'2024-02-29T10:00:00'`. */
export function at(text: string): Date {
  return new Date(text.includes('T') ? `${text}Z` : `${text}T00:00:00Z`);
}

/**
 * Tests the functions of a domain on the rows of a table.
 *
 * @param source the table, as DuckDB's SELECT
 * @param ask how values are asked for: by `select` where nothing is said
 */
export function testUses<Functions extends object>(
  title: string,
  functions: Functions,
  source: string,
  uses: Uses<Functions>,
  ask: (table: DataFrame, columns: readonly Column[]) => DataFrame = (table, columns) => table.select(...columns),
): void {
  test(title, async context => {
    const session = await openSession(context, { workers: 1 });
    const path = await makeFile(join(temporaryFolder(context), 't.parquet'), source);
    const table = session.read.parquet(path);
    assert.deepEqual(Object.keys(uses).sort(), Object.keys(functions).sort(), 'every function has its uses');
    for (const name of Object.keys(functions)) {
      await context.test(name, async () => {
        // The keys are those of the functions, as was seen.
        const list = uses[name as keyof Functions];
        assert.ok(list.length > 0, `${name} is not used`);
        const columns = list.map(([column], index) => column.as(`u${index}`));
        const rows = await ask(table, columns).collect();
        list.forEach(([, gives], index) => {
          compare(rows, `u${index}`, gives, `${name}, use ${index}`);
        });
      });
    }
  });
}

function compare(rows: readonly Row[], column: string, gives: readonly unknown[], message: string): void {
  const actual = rows.map(row => plain(row[column]));
  const expected = gives.map(plain);
  assert.deepEqual(actual, expected, message);
}

/** Values that can be compared: floats to 12 digits, bytes as text. */
function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(12)) + 0 : value;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (value instanceof Date || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}
