import { InframeError } from '../errors.js';
import type { Plan } from '../plan.js';
import type { Relation } from '../relation.js';
import type { AnalysisContext } from './context.js';

/** One row of each set of equal rows. */
export async function analyzeDistinct(
  plan: Plan & { readonly kind: 'distinct' },
  context: AnalysisContext,
): Promise<Relation> {
  const input = await context.analyze(plan.input);
  const subset = plan.subset?.map(name => input.schema.field(name).name);
  if (subset?.length === 0) {
    throw new InframeError('ARGUMENT_INVALID', 'subset of dropDuplicates is empty; name a column, or leave it out');
  }
  return { kind: 'distinct', schema: input.schema, input, subset };
}
