import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { openTwoWays } from '../two-ways.js';
import { Choices } from './choices.js';
import { Queries } from './queries.js';
import { FUZZ_TABLES, makeFuzzTables } from './tables.js';
import { judge, type Verdict } from './verdict.js';
import { Watchdog } from './watchdog.js';

/** Milliseconds for one statement over twenty rows: what needs more hangs. */
const BOUND = 60_000;

/** Out of a hundred statements that DuckDB answers, as many may be refused because a model call cannot be lifted. */
const MISPLACED_PERCENT = 3;
/** Statements that only one side answers, of a thousand: more would mean that F1 and F2 are not looked at. */
const ALONE_PER_MILLE = 5;

/** Smaller statements that are tried once one has failed, so that a failure is told in a minute or so. */
const SHRINKS = 500;

/**
 * Statements as SQL text; see {@link Choices} for how they shrink. fast-check drops numbers from the front of a list first,
 * and those are to be the last choices.
 */
export const statements: fc.Arbitrary<string> = fc
  .noBias(fc.array(fc.nat(65_535), { maxLength: 300, size: 'max' }))
  .map(numbers => new Queries(new Choices(numbers.toReversed())).statement(FUZZ_TABLES));

/** Generates statements and holds each to the invariants of verdict.ts. */
export async function fuzz(
  test: TestContext,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): Promise<void> {
  const ways = await openTwoWays(makeFuzzTables);
  test.after(() => ways.close());
  const watchdog = new Watchdog(BOUND);
  test.after(() => watchdog.close());
  const tally: Record<Verdict, number> = {
    agreed: 0,
    refusedByBoth: 0,
    misplaced: 0,
    refusedAlone: 0,
    answeredAlone: 0,
    undecided: 0,
  };
  let shrinks: number | undefined;
  const property = fc.asyncProperty(statements, async sql => {
    if (shrinks !== undefined && ++shrinks > SHRINKS) return;
    try {
      tally[await watchdog.watch(sql, () => judge(ways, sql))] += 1;
    } catch (error) {
      shrinks ??= 0;
      throw error;
    }
  });
  await fc.assert(property, { numRuns: runs, seed });
  test.diagnostic(`seed ${seed}: ${JSON.stringify(tally)}`);
  const answerable = tally.agreed + tally.misplaced;
  assert.ok(answerable > runs / 2, `only ${answerable} of ${runs} statements have an answer: they test too little`);
  assert.ok(
    tally.misplaced * 100 <= answerable * MISPLACED_PERCENT,
    `${tally.misplaced} of ${answerable} statements were refused with MODEL_CALL_MISPLACED`,
  );
  assert.ok(
    tally.refusedAlone * 1000 <= Math.max(1000, runs * ALONE_PER_MILLE),
    `${tally.refusedAlone} of ${runs} statements were refused where DuckDB answers the macros`,
  );
  assert.ok(
    tally.answeredAlone * 1000 <= Math.max(1000, runs * ALONE_PER_MILLE),
    `${tally.answeredAlone} of ${runs} statements were answered where DuckDB refuses the macros`,
  );
}
