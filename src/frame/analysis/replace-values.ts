import type { Expr, LiteralValue, Named } from '../expr.js';
import type { ReplaceValuesNode } from '../plan-verbs.js';
import type { Relation } from '../relation.js';
import type { Field } from '../types.js';
import { columnOf, passThrough } from './columns.js';
import type { AnalysisContext } from './context.js';
import { valueFor } from './fill-nulls.js';
import { subsetOf } from './missing-values.js';
import { valueIn } from './value-fits.js';

/** Some values replaced by others; the columns keep their types, and without a subset those that cannot hold the values are passed over. */
export async function analyzeReplaceValues(plan: ReplaceValuesNode, context: AnalysisContext): Promise<Relation> {
  const input = await context.analyze(plan.input);
  const { schema } = input;
  const named = plan.subset !== undefined;
  const chosen = new Set(subsetOf(schema, plan.subset).map(({ name }) => name));
  const columns = passThrough(schema).map(({ name, expr }): Named => {
    const branches = chosen.has(name) ? branchesOf(schema.field(name), plan.pairs, named) : [];
    return branches.length === 0 ? { name, expr } : { name, expr: { kind: 'case', branches, otherwise: expr } };
  });
  return { kind: 'project', schema, input, columns };
}

function branchesOf(
  field: Field,
  pairs: ReplaceValuesNode['pairs'],
  named: boolean,
): readonly (readonly [condition: Expr, value: Expr])[] {
  const fits = (value: LiteralValue): boolean => value === null || valueIn(value, field.type) !== undefined;
  const cast = (value: LiteralValue): Expr =>
    value === null
      ? { kind: 'cast', input: { kind: 'literal', value }, type: field.type, safe: false }
      : valueFor(field, value);
  return pairs.flatMap(([from, to]) => {
    if (!named && !(fits(from) && fits(to))) return [];
    const column = columnOf(field.name);
    const condition: Expr =
      from === null
        ? { kind: 'operator', name: 'isNull', operands: [column] }
        : { kind: 'operator', name: 'eq', operands: [column, cast(from)] };
    return [[condition, cast(to)] as const];
  });
}
