import type { Relation } from '../relation.js';
import { liftModelCalls } from './lift-model-calls.js';
import { mergeProjects } from './merge-projects.js';
import { pruneColumns } from './prune-columns.js';
import { pushFilters } from './push-filters.js';
import { pushLimits } from './push-limits.js';
import { reuseModelCalls } from './reuse-model-calls.js';

/**
 * The rules, in the order in which each finds what the one before it left. Every rule is pure and keeps the result.
 * Limits and filters sink before calls are lifted, so that a call sees only the rows that are wanted.
 */
const RULES: readonly ((relation: Relation) => Relation)[] = [
  mergeProjects,
  pushFilters,
  pushLimits,
  mergeProjects,
  reuseModelCalls,
  liftModelCalls,
  pruneColumns,
];

export function optimize(relation: Relation): Relation {
  return RULES.reduce((result, rule) => rule(result), relation);
}
