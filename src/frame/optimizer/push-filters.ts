import { callsModel, children, columnsOf, type Expr } from '../expr.js';
import { type JoinRelation, mapInputs, type Relation, withInputs } from '../relation.js';
import { callKey } from './call-key.js';
import { conjuncts } from './conjuncts.js';
import { KEPT_SIDES } from './join-sides.js';
import { readsOnly } from './reads.js';
import { substitute } from './substitute.js';
import { evaluatesVolatile, isVolatile } from './volatile.js';

/**
 * Filters go down as far as the result is the same, and of one condition the parts without a model go before those with
 * one, and these one after the other: each model then runs on the rows that are left. Nothing passes what is volatile, or
 * what counts rows (limits and samples).
 */
export function pushFilters(relation: Relation): Relation {
  const node = mapInputs(relation, pushFilters);
  if (node.kind !== 'filter') return node;
  const parts = conjuncts(node.predicate);
  if (parts.some(isVolatile)) return node;
  const inOrder = parts
    .map(part => ({ part, calls: callsIn(part).size }))
    .sort((a, b) => a.calls - b.calls)
    .map(({ part }) => part);
  return inOrder.reduce((input, part) => sink(part, input), node.input);
}

/** The different calls in an expression, those inside others included. */
function callsIn(expr: Expr, into: Set<string> = new Set()): ReadonlySet<string> {
  if (expr.kind === 'modelCall') into.add(callKey(expr.call));
  for (const child of children(expr)) callsIn(child, into);
  return into;
}

/** The input with a filter on it, or somewhere in it. */
function sink(predicate: Expr, input: Relation): Relation {
  return below(predicate, input) ?? { kind: 'filter', schema: input.schema, input, predicate };
}

/** The input with the filter below its topmost node; undefined if it has to stay above that. */
function below(predicate: Expr, input: Relation): Relation | undefined {
  if (evaluatesVolatile(input)) return undefined;
  if (input.kind === 'project') return belowProject(predicate, input);
  if (input.kind === 'sort') return into(input, predicate);
  // The rows above other nodes may be fewer than those below: what costs most waits for that.
  if (callsModel(predicate)) return undefined;
  switch (input.kind) {
    case 'filter':
      return belowFilter(predicate, input);
    case 'aggregate':
      return belowAggregate(predicate, input);
    case 'window':
      return readsOnlyNames(predicate, partitioningColumns(input)) ? into(input, predicate) : undefined;
    case 'distinct':
      return into(input, predicate);
    case 'explode': {
      const made = [input.column, ...(input.position === undefined ? [] : [input.position])];
      const read = columnsOf(predicate);
      return made.some(name => read.has(name)) ? undefined : into(input, predicate);
    }
    case 'setOperation':
      // Whether a row is in the result depends on its values alone.
      return { ...input, inputs: input.inputs.map(each => sink(predicate, each)) };
    case 'join':
      return belowJoin(predicate, input);
    case 'nearest':
      // What is near to a row depends on that row, and on all rows of the other table.
      return readsOnly(predicate, input.inputs[0].schema)
        ? withInputs(input, [sink(predicate, input.inputs[0]), input.inputs[1]])
        : undefined;
    default:
      return undefined;
  }
}

function into(node: Relation & { readonly input: Relation }, predicate: Expr): Relation {
  return withInputs(node, [sink(predicate, node.input)]);
}

function readsOnlyNames(predicate: Expr, names: ReadonlySet<string>): boolean {
  return [...columnsOf(predicate)].every(name => names.has(name));
}

function belowProject(predicate: Expr, input: Relation & { readonly kind: 'project' }): Relation | undefined {
  const moved = substitute(predicate, input.columns);
  if (moved === undefined) return undefined;
  if (!callsModel(moved)) return into(input, moved);
  // A condition on a prediction goes below only where another model then runs on fewer rows.
  const asked = callsIn(moved);
  const others = input.columns.some(({ expr }) => [...callsIn(expr)].some(key => !asked.has(key)));
  return others ? into(input, moved) : undefined;
}

/**
 * Below a filter that waits for a model, in it or below it; below another only if there is more to pass, because what was
 * asked first may guard the rest.
 */
function belowFilter(predicate: Expr, input: Relation & { readonly kind: 'filter' }): Relation | undefined {
  const deeper = below(predicate, input.input);
  if (deeper !== undefined) return { ...input, input: deeper };
  return waitsForModel(input.predicate, input.input) ? into(input, predicate) : undefined;
}

/** True of a condition that is there because a model, in it or below it, has to run first: others may go before it. */
function waitsForModel(predicate: Expr, input: Relation): boolean {
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

/** A condition on keys alone says which groups there are: their rows can be chosen before. */
function belowAggregate(predicate: Expr, input: Relation & { readonly kind: 'aggregate' }): Relation | undefined {
  // Without keys there is a row even of no rows, and of several sets of keys each makes rows of its own.
  if (input.keys.length === 0 || input.sets !== undefined) return undefined;
  if (!readsOnlyNames(predicate, new Set(input.keys.map(({ name }) => name)))) return undefined;
  const moved = substitute(predicate, input.keys);
  return moved === undefined || callsModel(moved) ? undefined : into(input, moved);
}

/** Columns by whose values every window of a node divides the rows: whole partitions pass or fail. */
function partitioningColumns({ columns }: Relation & { readonly kind: 'window' }): ReadonlySet<string> {
  const each = columns.map(({ expr }) =>
    expr.kind === 'window' ? expr.partitionBy.flatMap(key => (key.kind === 'column' ? [key.name] : [])) : [],
  );
  return new Set(each[0]?.filter(name => each.every(names => names.includes(name))));
}

function belowJoin(predicate: Expr, join: JoinRelation): Relation | undefined {
  const side = KEPT_SIDES[join.how].find(each => readsOnly(predicate, join.inputs[each].schema));
  return side === undefined ? undefined : withInputs(join, join.inputs.with(side, sink(predicate, join.inputs[side])));
}
