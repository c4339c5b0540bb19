import { InframeError, listNames } from '../errors.js';
import type { Expr, Named } from '../expr.js';
import type { Plan } from '../plan.js';
import type { Relation } from '../relation.js';
import { Schema } from '../schema.js';
import { type DataType, sameType, typeName } from '../types.js';
import type { AnalysisContext } from './context.js';

/** Rows of several tables, their columns matched by position or by name and brought to common types. */
export async function analyzeSetOperation(
  plan: Plan & { readonly kind: 'setOperation' },
  context: AnalysisContext,
): Promise<Relation> {
  const inputs: Relation[] = [];
  for (const input of plan.inputs) inputs.push(await context.analyze(input));
  const names = namesOf(plan, inputs);
  const fields: { name: string; type: DataType }[] = [];
  for (const [index, name] of names.entries()) {
    const types = inputs.map(({ schema }) => (plan.byName ? schema.type(name) : schema.fields[index]!.type));
    const type = types.every(other => sameType(other, types[0]!)) ? types[0] : await context.engine.commonType(types);
    if (type === undefined) {
      throw new InframeError(
        'TYPE_MISMATCH',
        `column '${name}' is ${types.map(typeName).join(' in one table and ')} in the other; cast one of them`,
        { column: name },
      );
    }
    fields.push({ name, type });
  }
  const schema = new Schema(fields);
  return {
    kind: 'setOperation',
    schema,
    operation: plan.operation,
    all: plan.all,
    inputs: inputs.map(input => aligned(input, schema, plan.byName)),
  };
}

function namesOf(plan: Plan & { readonly kind: 'setOperation' }, inputs: readonly Relation[]): readonly string[] {
  const [first] = inputs;
  const { names } = first!.schema;
  for (const { schema } of inputs) {
    if (schema.length !== names.length) {
      throw new InframeError(
        'COLUMN_NOT_FOUND',
        `${plan.operation} needs tables of the same columns; one has ${names.length}: ${listNames(names)}; the other ${schema.length}: ${listNames(schema.names)}`,
      );
    }
    if (plan.byName) for (const name of names) schema.field(name);
  }
  return names;
}

/** The input with the names, order and types of the result. */
function aligned(input: Relation, schema: Schema, byName: boolean): Relation {
  const columns = schema.fields.map(({ name, type }, index): Named => {
    const own = byName ? input.schema.field(name) : input.schema.fields[index]!;
    const column: Expr = { kind: 'column', name: own.name };
    return { name, expr: sameType(own.type, type) ? column : { kind: 'cast', input: column, type, safe: false } };
  });
  const same = columns.every(({ name, expr }, at) => expr.kind === 'column' && input.schema.names[at] === name);
  return same ? input : { kind: 'project', schema, input, columns };
}
