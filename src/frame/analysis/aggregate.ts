import type { Named } from '../expr.js';
import type { GroupingSets, Plan } from '../plan.js';
import type { Relation } from '../relation.js';
import { typesOfGroups, typesOfRows } from '../row-wise.js';
import { Schema } from '../schema.js';
import { withRowOrder } from './aggregate-order.js';
import type { AnalysisContext } from './context.js';
import { resolveNamed } from './resolve.js';
import { refuseWindows } from './windows.js';

/** Groups of equal keys and what is computed of them. */
export async function analyzeAggregate(
  plan: Plan & { readonly kind: 'aggregate' },
  context: AnalysisContext,
): Promise<Relation> {
  return aggregated(await context.analyze(plan.input), plan.keys, plan.aggregates, context, plan.sets);
}

export async function aggregated(
  input: Relation,
  keys: readonly Named[],
  aggregates: readonly Named[],
  context: AnalysisContext,
  sets?: GroupingSets,
): Promise<Relation> {
  refuseWindows(
    [...keys, ...aggregates].map(({ expr }) => expr),
    'groups',
  );
  const ownKeys = await resolveNamed(keys, input.schema, context);
  const { input: rows, aggregates: values } = withRowOrder(
    input,
    await resolveNamed(aggregates, input.schema, context),
  );
  // Keys and aggregates may not stand side by side without a GROUP BY, so their types are asked for apart.
  const types = [
    ...(await typesOfRows(
      ownKeys.map(column => column.expr),
      input.schema,
      context.engine,
    )),
    ...(await typesOfGroups(
      values.map(column => column.expr),
      rows.schema,
      context.engine,
    )),
  ];
  const schema = new Schema([...ownKeys, ...values].map(({ name }, index) => ({ name, type: types[index]! })));
  return { kind: 'aggregate', schema, input: rows, keys: ownKeys, aggregates: values, ...(sets && { sets }) };
}
