import { InframeError, shown } from '../errors.js';
import type { Expr, LiteralValue, Named } from '../expr.js';
import type { FillNullsNode } from '../plan-verbs.js';
import type { Relation } from '../relation.js';
import type { Schema } from '../schema.js';
import { type Field, typeName } from '../types.js';
import { columnOf, passThrough } from './columns.js';
import type { AnalysisContext } from './context.js';
import { isPresent } from './missing-values.js';
import { valueIn } from './value-fits.js';

/** Missing values filled in; the columns keep their types. */
export async function analyzeFillNulls(plan: FillNullsNode, context: AnalysisContext): Promise<Relation> {
  const input = await context.analyze(plan.input);
  const { schema } = input;
  const filled = fillsOf(plan, schema);
  if (filled.size === 0) return input;
  const columns = passThrough(schema).map(({ name, expr }): Named => {
    const value = filled.get(name);
    if (value === undefined) return { name, expr };
    const branches = [[isPresent(schema.field(name)), columnOf(name)] as const];
    return { name, expr: { kind: 'case', branches, otherwise: value } };
  });
  return { kind: 'project', schema, input, columns };
}

/** What each column is filled with, by the column's name. */
function fillsOf({ fills }: FillNullsNode, schema: Schema): ReadonlyMap<string, Expr> {
  if ('value' in fills && fills.subset === undefined) {
    const able = schema.fields.flatMap(field => {
      const value = valueIn(fills.value, field.type);
      return value === undefined ? [] : [[field.name, value] as const];
    });
    return new Map(able);
  }
  const named = 'value' in fills ? fills.subset!.map(column => ({ column, value: fills.value })) : fills;
  return new Map(
    named.map(({ column, value }) => {
      const field = schema.field(column);
      return [field.name, valueFor(field, value)] as const;
    }),
  );
}

/** @throws InframeError TYPE_MISMATCH if the column cannot take the value */
export function valueFor(field: Field, value: LiteralValue): Expr {
  const expr = valueIn(value, field.type);
  if (expr !== undefined) return expr;
  throw new InframeError(
    'TYPE_MISMATCH',
    `value ${shown(value)} does not fit column '${field.name}', which is ${typeName(field.type)}; give another value, or cast the column first`,
    { column: field.name },
  );
}
