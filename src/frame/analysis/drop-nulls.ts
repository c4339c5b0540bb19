import type { Expr } from '../expr.js';
import type { DropNullsNode } from '../plan-verbs.js';
import type { Relation } from '../relation.js';
import type { AnalysisContext } from './context.js';
import { isPresent, subsetOf } from './missing-values.js';

/** Only the rows in which enough of the columns have a value. */
export async function analyzeDropNulls(plan: DropNullsNode, context: AnalysisContext): Promise<Relation> {
  const input = await context.analyze(plan.input);
  const present = subsetOf(input.schema, plan.subset).map(isPresent);
  return { kind: 'filter', schema: input.schema, input, predicate: enough(present, plan.least) };
}

function enough(present: readonly Expr[], least: number | 'all'): Expr {
  if (present.length === 1 && (least === 'all' || least === 1)) return present[0]!;
  if (least === 'all' || least === present.length) return { kind: 'operator', name: 'and', operands: present };
  if (least === 1) return { kind: 'operator', name: 'or', operands: present };
  const [one, none] = [1, 0].map((value): Expr => ({ kind: 'literal', value }));
  const counts = present.map((test): Expr => ({ kind: 'case', branches: [[test, one!]], otherwise: none! }));
  const count: Expr = counts.length === 1 ? counts[0]! : { kind: 'operator', name: 'add', operands: counts };
  return { kind: 'operator', name: 'ge', operands: [count, { kind: 'literal', value: least }] };
}
