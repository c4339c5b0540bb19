import { InframeError } from '../errors.js';
import type { Plan } from '../plan.js';
import type { Relation } from '../relation.js';
import { Schema } from '../schema.js';
import { typeName } from '../types.js';
import type { AnalysisContext } from './context.js';

/** One row an element of a list. */
export async function analyzeExplode(
  plan: Plan & { readonly kind: 'explode' },
  context: AnalysisContext,
): Promise<Relation> {
  const input = await context.analyze(plan.input);
  const { name, type } = input.schema.field(plan.column);
  if (type.kind !== 'list' && type.kind !== 'array') {
    throw new InframeError('TYPE_MISMATCH', `column '${name}' is ${typeName(type)}, not a list; explode takes lists`, {
      column: name,
    });
  }
  const fields = input.schema.fields.map(field => (field.name === name ? { name, type: type.element } : field));
  const position = plan.position === undefined ? [] : [{ name: plan.position, type: { kind: 'int64' } as const }];
  return { ...plan, kind: 'explode', schema: new Schema([...fields, ...position]), input, column: name };
}
