import { InframeError } from '../errors.js';
import type { Expr } from '../expr.js';
import type { Plan } from '../plan.js';
import type { Relation } from '../relation.js';
import { columnOf, freshName } from './columns.js';
import type { AnalysisContext } from './context.js';
import { ascending, identifyRows, withoutKey, withRowNumber } from './row-identity.js';

/** One row of each set of rows that are equal in some columns: the one that comes first. */
export async function analyzeDistinct(
  plan: Plan & { readonly kind: 'distinct' },
  context: AnalysisContext,
): Promise<Relation> {
  const input = await context.analyze(plan.input);
  const { schema } = input;
  if (plan.subset === undefined) return { kind: 'distinct', schema, input };
  const subset = [...new Set(plan.subset.map(name => schema.field(name).name))];
  if (subset.length === 0) {
    throw new InframeError('ARGUMENT_INVALID', 'subset of dropDuplicates is empty; name a column, or leave it out');
  }
  const { relation, key } = identifyRows(input);
  const rank = freshName('rank', name => relation.schema.has(name));
  const ranked = withRowNumber(relation, rank, subset, key.map(ascending));
  const first: Expr = { kind: 'operator', name: 'eq', operands: [columnOf(rank), { kind: 'literal', value: 1 }] };
  return withoutKey({ kind: 'filter', schema: ranked.schema, input: ranked, predicate: first }, schema);
}
