import { mapInputs, type Relation } from '../relation.js';

/** `limit(20)` after a projection is the projection of 20 rows; two limits in a row are one. */
export function pushLimits(relation: Relation): Relation {
  const node = mapInputs(relation, pushLimits);
  if (node.kind !== 'limit') return node;
  const { input } = node;
  if (input.kind === 'project') {
    const limited = pushLimits({ ...node, input: input.input, schema: input.input.schema });
    return { ...input, input: limited };
  }
  if (input.kind === 'limit') {
    const count = Math.max(0, Math.min(node.count, input.count - node.offset));
    return { ...input, count, offset: input.offset + node.offset };
  }
  return node;
}
