import type { Plan } from '../plan.js';
import type { Relation } from '../relation.js';
import { typesOfRows } from '../row-wise.js';
import { passThrough } from './columns.js';
import type { AnalysisContext } from './context.js';
import { resolveAll } from './resolve.js';
import { liftWindows } from './windows.js';

/** Rows in the order of values of theirs; columns that only the order needs are left out again. */
export async function analyzeSort(plan: Plan & { readonly kind: 'sort' }, context: AnalysisContext): Promise<Relation> {
  const input = await context.analyze(plan.input);
  const exprs = await resolveAll(
    plan.keys.map(key => key.expr),
    input.schema,
    context,
  );
  const lifted = await liftWindows(exprs, input, context);
  await typesOfRows(lifted.exprs, lifted.input.schema, context.engine);
  const keys = plan.keys.map((key, index) => ({ ...key, expr: lifted.exprs[index]! }));
  const sorted: Relation = { kind: 'sort', schema: lifted.input.schema, input: lifted.input, keys };
  if (lifted.input === input) return sorted;
  return { kind: 'project', schema: input.schema, input: sorted, columns: passThrough(input.schema) };
}
