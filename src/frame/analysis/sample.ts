import type { Expr } from '../expr.js';
import type { Plan } from '../plan.js';
import type { Relation } from '../relation.js';
import { columnOf } from './columns.js';
import type { AnalysisContext } from './context.js';
import { identifyRows, withoutKey } from './row-identity.js';

/** A draw is a whole number from 0 to this, not included. */
const DRAWS = 2 ** 32;

/**
 * Rows that are drawn by what tells them apart in every run, so that the same seed draws the same rows whatever the layout,
 * and ranges that adjoin draw every row once.
 */
export async function analyzeSample(
  plan: Plan & { readonly kind: 'sample' },
  context: AnalysisContext,
): Promise<Relation> {
  const [low, high] = [plan.from, plan.to].map(bound => Math.round(bound * DRAWS));
  const numbers = [plan.seed, low!, high!].map((value): Expr => ({ kind: 'literal', value }));
  return drawn(await context.analyze(plan.input), numbers);
}

function drawn(input: Relation, numbers: readonly Expr[]): Relation {
  // What is computed row by row is computed of the drawn rows only.
  if (input.kind === 'project') return { ...input, input: drawn(input.input, numbers) };
  const { relation, key } = identifyRows(input);
  const predicate: Expr = { kind: 'operator', name: 'isDrawn', operands: [...numbers, ...key.map(columnOf)] };
  return withoutKey({ kind: 'filter', schema: relation.schema, input: relation, predicate }, input.schema);
}
