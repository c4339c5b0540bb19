import type { Plan } from '../plan.js';
import type { Relation } from '../relation.js';
import { typesOfGroups, typesOfRows } from '../row-wise.js';
import { Schema } from '../schema.js';
import type { AnalysisContext } from './context.js';
import { resolveNamed } from './resolve.js';

/** Groups of equal keys and what is computed of them. */
export async function analyzeAggregate(
  plan: Plan & { readonly kind: 'aggregate' },
  context: AnalysisContext,
): Promise<Relation> {
  const input = await context.analyze(plan.input);
  const keys = await resolveNamed(plan.keys, input.schema, context);
  const aggregates = await resolveNamed(plan.aggregates, input.schema, context);
  // Keys and aggregates may not stand side by side without a GROUP BY, so their types are asked for apart.
  const types = [
    ...(await typesOfRows(
      keys.map(column => column.expr),
      input.schema,
      context.engine,
    )),
    ...(await typesOfGroups(
      aggregates.map(column => column.expr),
      input.schema,
      context.engine,
    )),
  ];
  const schema = new Schema([...keys, ...aggregates].map(({ name }, index) => ({ name, type: types[index]! })));
  return { kind: 'aggregate', schema, input, keys, aggregates };
}
