import { type Expr, mapChildren } from '../expr.js';
import type { ModelCall } from '../model.js';
import { mapExpressions, mapInputs, type Relation } from '../relation.js';
import { callKey } from './lift-model-calls.js';
import { substitute } from './substitute.js';
import { isVolatile } from './volatile.js';

/**
 * A call that a projection below has already made is not made again: `withColumn('p', m(x)).filter(m(x).gt(0.5))` becomes
 * a filter on `p`.
 */
export function reuseModelCalls(relation: Relation): Relation {
  const node = mapInputs(relation, reuseModelCalls);
  if (!('input' in node)) return node;
  const { input } = node;
  const replace = (expr: Expr): Expr => {
    const made = expr.kind === 'modelCall' && !isVolatile(expr) ? columnHolding(expr.call, input) : undefined;
    return made === undefined ? mapChildren(expr, replace) : { kind: 'column', name: made };
  };
  return mapExpressions(node, replace);
}

/** The column that holds this very call already, seen through nodes that pass columns on as they are. */
function columnHolding(call: ModelCall, input: Relation): string | undefined {
  switch (input.kind) {
    case 'filter':
    case 'sort':
    case 'limit':
    case 'sample':
      return columnHolding(call, input.input);
    case 'project': {
      const moved = substitute({ kind: 'modelCall', call }, input.columns);
      if (moved?.kind !== 'modelCall' || isVolatile(moved)) return undefined;
      const key = callKey(moved.call);
      const here = input.columns.find(({ expr }) => expr.kind === 'modelCall' && callKey(expr.call) === key)?.name;
      if (here !== undefined) return here;
      // Made further down, and handed on under some name.
      const below = columnHolding(moved.call, input.input);
      return input.columns.find(({ expr }) => expr.kind === 'column' && expr.name === below)?.name;
    }
    default:
      return undefined;
  }
}
