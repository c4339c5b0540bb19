import { callsModel, columnsOf, type Expr, mapChildren, type Named } from '../expr.js';
import { isVolatile } from '../optimizer/volatile.js';
import type { Relation } from '../relation.js';
import { Schema } from '../schema.js';
import { columnOf, freshName, passThrough } from './columns.js';
import { exprKey } from './expr-key.js';

/** A join of which no condition calls a model any more. */
export interface ScoredSides {
  readonly left: Relation;
  readonly right: Relation;
  readonly condition: Expr | undefined;
  /** What is left to be asked of the joined rows. */
  readonly after: Expr | undefined;
}

type ModelCallExpr = Expr & { readonly kind: 'modelCall' };

/**
 * Model calls in the condition of a join: one that reads a single table is scored on that table, before the join. A
 * condition with a call that reads both can only be asked of joined rows.
 */
export function scoreBeforeJoin(condition: Expr | undefined, left: Relation, right: Relation): ScoredSides {
  if (condition === undefined || !callsModel(condition)) return { left, right, condition, after: undefined };
  const isLeft = (name: string): boolean => left.schema.has(name);
  const isOneSided = (call: Expr): boolean => {
    const names = [...columnsOf(call)];
    return names.every(isLeft) || !names.some(isLeft);
  };
  const taken = new Set([...left.schema.names, ...right.schema.names]);
  const lifted = new Map<string | Expr, Named & { readonly expr: ModelCallExpr }>();
  const lift = (part: Expr): Expr => {
    if (part.kind !== 'modelCall' || !isOneSided(part)) return mapChildren(part, lift);
    // Two calls that may differ are two calls.
    const key = isVolatile(part) ? part : exprKey(part);
    const name = lifted.get(key)?.name ?? freshName('scored', other => taken.has(other));
    taken.add(name);
    lifted.set(key, { name, expr: part });
    return columnOf(name);
  };
  const parts = conjuncts(condition).map(lift);
  const after = parts.filter(callsModel);
  const [own, other] = [true, false].map(side =>
    [...lifted.values()].filter(({ expr }) => [...columnsOf(expr)].every(isLeft) === side),
  );
  return {
    left: withScores(left, own!),
    right: withScores(right, other!),
    condition: allOf(parts.filter(part => !callsModel(part))),
    after: allOf(after),
  };
}

function conjuncts(condition: Expr): readonly Expr[] {
  return condition.kind === 'operator' && condition.name === 'and'
    ? condition.operands.flatMap(conjuncts)
    : [condition];
}

function allOf(parts: readonly Expr[]): Expr | undefined {
  return parts.length < 2 ? parts[0] : { kind: 'operator', name: 'and', operands: parts };
}

function withScores(input: Relation, scores: readonly (Named & { readonly expr: ModelCallExpr })[]): Relation {
  if (scores.length === 0) return input;
  const added = scores.map(({ name, expr }) => ({ name, type: expr.call.type }));
  const schema = new Schema([...input.schema.fields, ...added]);
  return { kind: 'project', schema, input, columns: [...passThrough(input.schema), ...scores] };
}
