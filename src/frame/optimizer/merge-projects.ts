import { mapInputs, type Relation } from '../relation.js';
import { substitute } from './substitute.js';
import { isVolatile } from './volatile.js';

/** A projection of a projection is one projection; equal model calls of both then stand side by side and run once. */
export function mergeProjects(relation: Relation): Relation {
  const node = mapInputs(relation, mergeProjects);
  if (node.kind !== 'project' || node.input.kind !== 'project') return node;
  const inner = node.input;
  if (inner.columns.some(column => isVolatile(column.expr))) return node;
  const columns = node.columns.map(({ name, expr }) => ({ name, expr: substitute(expr, inner.columns) }));
  const whole = columns.flatMap(({ name, expr }) => (expr === undefined ? [] : [{ name, expr }]));
  return whole.length === columns.length ? { ...node, input: inner.input, columns: whole } : node;
}
