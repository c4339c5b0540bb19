import { callsModel, type Expr } from '../expr.js';
import { mapInputs, type Relation } from '../relation.js';
import { substitute } from './substitute.js';
import { isVolatile } from './volatile.js';

/**
 * Filters go below projections (and sorts) whenever the result is the same, and of one condition the parts without a
 * model go before those with one: a model then runs on the rows that are left.
 */
export function pushFilters(relation: Relation): Relation {
  const node = mapInputs(relation, pushFilters);
  if (node.kind !== 'filter') return node;
  const parts = conjuncts(node.predicate);
  if (parts.some(isVolatile)) return node;
  const cheap = parts.filter(part => !callsModel(part));
  const costly = parts.filter(callsModel);
  let result = node.input;
  for (const part of [...cheap, ...costly]) result = sink(part, result);
  return result;
}

/** `a and b and c` as its parts. */
function conjuncts(predicate: Expr): readonly Expr[] {
  return predicate.kind === 'operator' && predicate.name === 'and'
    ? predicate.operands.flatMap(conjuncts)
    : [predicate];
}

function sink(predicate: Expr, input: Relation): Relation {
  if (input.kind === 'sort' && !callsModel(predicate)) {
    return { ...input, input: sink(predicate, input.input) };
  }
  if (input.kind === 'filter' && !callsModel(predicate) && waitsForModel(input.predicate, input.input)) {
    return { ...input, input: sink(predicate, input.input) };
  }
  if (input.kind === 'project' && !input.columns.some(column => isVolatile(column.expr))) {
    const moved = substitute(predicate, input.columns);
    // A condition on a prediction stays above it: below, the model would be called in the filter as well.
    if (moved !== undefined && !callsModel(moved)) return { ...input, input: sink(moved, input.input) };
  }
  return { kind: 'filter', schema: input.schema, input, predicate };
}

/** True of a condition that is there because a model, in it or below it, has to run first: others may go before it. */
function waitsForModel(predicate: Expr, input: Relation): boolean {
  if (isVolatile(predicate)) return false;
  if (callsModel(predicate)) return true;
  switch (input.kind) {
    case 'filter':
    case 'sort':
      return waitsForModel(predicate, input.input);
    case 'project': {
      const moved = substitute(predicate, input.columns);
      return moved !== undefined && waitsForModel(moved, input.input);
    }
    default:
      return false;
  }
}
