import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { quoteText } from '../../../src/connectors/duckdb/quote.js';
import { col, fn } from '../../../src/index.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile } from '../../support/tables.js';

/*
 * Positions count from 1 and from the end, and go beyond both: Spark's rules, written in JavaScript.
 */

/** Spark's `substring`: a window over the text that may hang over its ends. */
function substringOf(text: string, position: number, length: number): string {
  const characters = [...text];
  const start = position > 0 ? position - 1 : position < 0 ? characters.length + position : 0;
  return characters.slice(Math.max(start, 0), Math.max(start + Math.max(length, 0), 0)).join('');
}

/** Spark's `slice`: nothing where it begins before the list. */
function sliceOf<T>(list: readonly T[], position: number, length: number): readonly T[] {
  const start = position > 0 ? position - 1 : list.length + position;
  return start < 0 ? [] : list.slice(start, start + length);
}

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '👍'), maxLength: 6 });
const position = fc.integer({ min: -8, max: 8 });
const notZero = position.filter(at => at !== 0);
const row = fc.record({ s: text, at: position, start: notZero, length: position, count: fc.nat({ max: 8 }) });

test('parts of texts and lists are those that Spark gives', async context => {
  const session = await openSession(context, { workers: 1 });
  const folder = temporaryFolder(context);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 50, maxLength: 200 }), async rows => {
      const values = rows.map(
        ({ s, at, start, length, count }) =>
          `(${quoteText(s)}, [${[...s].map(quoteText).join(', ')}]::VARCHAR[], ${at}, ${start}, ${length}, ${count})`,
      );
      const source = `SELECT * FROM (VALUES ${values.join(', ')}) v(s, xs, i, j, length, count)`;
      const path = await makeFile(join(folder, `${run++}.parquet`), source);
      const s = col('s');
      const found = await session.read
        .parquet(path)
        .select(
          fn.substring(s, col('i'), col('length')).as('substring'),
          fn.slice(col('xs'), col('j'), col('count')).as('slice'),
          fn.left(s, col('length')).as('left'),
          fn.right(s, col('length')).as('right'),
          fn.elementAt(col('xs'), col('j')).as('elementAt'),
          fn.instr(s, fn.right(s, 2)).as('instr'),
        )
        .collect();
      const expected = rows.map(({ s: value, at, start, length, count }) => {
        const characters = [...value];
        const end = characters.slice(-2).join('');
        return {
          substring: substringOf(value, at, length),
          slice: sliceOf(characters, start, count),
          left: characters.slice(0, Math.max(length, 0)).join(''),
          right: length <= 0 ? '' : characters.slice(-length).join(''),
          elementAt: characters.at(start > 0 ? start - 1 : start) ?? null,
          instr: [...value.slice(0, value.indexOf(end))].length + 1,
        };
      });
      assert.deepEqual(found, expected);
    }),
    { numRuns: 10 },
  );
});
