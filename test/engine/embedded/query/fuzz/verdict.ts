import { messageOf } from '../../../../../src/frame/errors.js';
import { InframeError } from '../../../../../src/index.js';
import { type Answer, answerOf, assertSameAnswer } from '../answers.js';
import type { TwoWays } from '../two-ways.js';

/** How a statement fared: the two answers agree, both sides refused it, or only one of them did. */
export type Verdict = 'agreed' | 'refusedByBoth' | 'misplaced' | 'refusedAlone' | 'answeredAlone' | 'undecided';

/** What DuckDB has not learnt, or says of the macro's text rather than of the statement. */
const OWN_LIMITS = /not (?:yet )?(?:supported|implemented)|has to be bound in the root subquery|literal has no effect/i;

/**
 * Rules that a macro breaks by what it is made of, and a column does not: once a call is scored it is a column, so that a
 * window of a call of a window is no nested window.
 */
const MACRO_LIMITS =
  /window function calls cannot be nested|must appear in the GROUP BY clause|Referenced table .* not found/;

/** What a plain DuckDB says: an answer, a refusal before the first row, or a failure that tells nothing. */
type Expectation =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Asks a statement both ways.
 *
 * Invariant F1: whatever DuckDB refuses with the macros, the session refuses with an InframeError, but for a few that are
 * refused because of what a macro is made of.
 * Invariant F2: whatever DuckDB answers, the session answers alike, unless it says MODEL_CALL_MISPLACED, or for very few
 * gives another InframeError: names of a query around several others are not always told from misspelt ones.
 *
 * Where DuckDB fails while it runs (an overflow, say) or has not learnt to plan the statement, the session may find a
 * way or fail too.
 *
 * @throws what was found wrong
 */
export async function judge(ways: TwoWays, sql: string): Promise<Verdict> {
  const expected = await expectationOf(ways, sql);
  let actual: Answer;
  try {
    actual = await answerOf(ways.session.sql(sql));
  } catch (error) {
    if (!(error instanceof InframeError)) throw new Error(`not an InframeError for ${sql}`, { cause: error });
    if (error.code === 'INTERNAL' || /INTERNAL Error|has been invalidated/.test(error.message)) throw error;
    if (expected.kind === 'refused') return 'refusedByBoth';
    if (error.code === 'MODEL_CALL_MISPLACED') return 'misplaced';
    if (expected.kind === 'unknown') return 'undecided';
    if (error.code === 'COLUMN_NOT_FOUND' || error.code === 'EXPRESSION_INVALID') return 'refusedAlone';
    throw new Error(`refused with ${error.code}: ${error.message}\nof ${sql}`, { cause: error });
  }
  if (expected.kind === 'unknown') return 'undecided';
  if (expected.kind === 'refused' && MACRO_LIMITS.test(expected.reason)) return 'answeredAlone';
  if (expected.kind === 'refused') throw new Error(`answered, but DuckDB refuses: ${expected.reason}\nof ${sql}`);
  assertSameAnswer(actual, expected.answer, false, sql);
  return 'agreed';
}

async function expectationOf({ oracle }: TwoWays, sql: string): Promise<Expectation> {
  try {
    return { kind: 'answer', answer: await oracle.answer(sql) };
  } catch (error) {
    const reason = messageOf(error);
    const refused = /^(?:Parser|Binder|Catalog) Error/.test(reason) && !OWN_LIMITS.test(reason);
    return { kind: refused ? 'refused' : 'unknown', reason };
  }
}
