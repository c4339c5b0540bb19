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
  return exploded(await context.analyze(plan.input), plan);
}

/** One row an element of a list, which the element takes the place of. */
export function exploded(
  input: Relation,
  options: { readonly column: string; readonly outer: boolean; readonly position: string | undefined },
): Relation {
  const { outer, position } = options;
  const { name, type } = input.schema.field(options.column);
  if (type.kind !== 'list' && type.kind !== 'array') {
    const remedy = type.kind === 'map' ? "; give it fn.mapEntries(col('name'))" : '';
    throw new InframeError(
      'TYPE_MISMATCH',
      `column '${name}' is ${typeName(type)}, not a list; explode takes lists${remedy}`,
      { column: name },
    );
  }
  const fields = input.schema.fields.map(field => (field.name === name ? { name, type: type.element } : field));
  const places = position === undefined ? [] : [{ name: position, type: { kind: 'int64' } as const }];
  return { kind: 'explode', schema: new Schema([...fields, ...places]), input, column: name, outer, position };
}
