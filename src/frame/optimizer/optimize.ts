import type { Relation } from '../relation.js';
import { liftModelCalls } from './lift-model-calls.js';
import { mergeProjects } from './merge-projects.js';
import { pruneColumns } from './prune-columns.js';
import { pushFilters } from './push-filters.js';
import { pushLimits } from './push-limits.js';
import { reuseModelCalls } from './reuse-model-calls.js';
import { scoreConstantsOnce } from './score-constants-once.js';
import { splitJoinConditions } from './split-join-conditions.js';

/**
 * The rules, in the order in which each finds what the one before it left. Every rule is pure and keeps the result.
 * Limits and filters sink before calls are lifted, so that a call sees only the rows that are wanted.
 */
const RULES: readonly ((relation: Relation) => Relation)[] = [
  mergeProjects,
  splitJoinConditions,
  pushFilters,
  pushLimits,
  mergeProjects,
  liftModelCalls,
  reuseModelCalls,
  scoreConstantsOnce,
  pruneColumns,
  mergeProjects,
];

/**
 * The plan that is carried out: the same result with fewer rows scored and fewer columns read. Every model call stands in
 * a `score` node (R2).
 *
 * @throws InframeError MODEL_CALL_MISPLACED for a call in the condition of a join that cannot be made before it
 */
export function optimize(relation: Relation): Relation {
  return RULES.reduce((result, rule) => rule(result), relation);
}
