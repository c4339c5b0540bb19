import type { Named } from '../expr.js';
import { mapInputs, type Relation } from '../relation.js';
import { substitution } from './substitute.js';
import { isVolatile } from './volatile.js';

/**
 * A projection of a projection is one projection; equal model calls of both then stand side by side and run once. One that
 * only hands on all columns, in their order, is none.
 */
export function mergeProjects(relation: Relation): Relation {
  const node = mapInputs(relation, mergeProjects);
  if (node.kind !== 'project') return node;
  const { input } = node;
  if (isIdentity(node)) return input;
  if (input.kind !== 'project' || input.columns.some(column => isVolatile(column.expr))) return node;
  const substituted = substitution(input.columns);
  const columns: Named[] = [];
  for (const { name, expr } of node.columns) {
    const moved = substituted(expr);
    if (moved === undefined) return node;
    columns.push({ name, expr: moved });
  }
  const merged = { ...node, input: input.input, columns };
  return isIdentity(merged) ? merged.input : merged;
}

function isIdentity({ columns, input }: Relation & { readonly kind: 'project' }): boolean {
  const { fields } = input.schema;
  return (
    columns.length === fields.length &&
    columns.every(({ name, expr }, at) => expr.kind === 'column' && expr.name === name && fields[at]!.name === name)
  );
}
