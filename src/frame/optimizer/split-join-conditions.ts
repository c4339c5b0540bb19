import { passThrough } from '../analysis/columns.js';
import { InframeError } from '../errors.js';
import { callsModel, type Expr, mapChildren, type Named, some } from '../expr.js';
import type { JoinKind } from '../plan.js';
import { type JoinRelation, mapInputs, type Relation } from '../relation.js';
import { Schema } from '../schema.js';
import { callKey } from './call-key.js';
import { conjunction, conjuncts } from './conjuncts.js';
import { FILTERED_SIDES, joinSchema, type Side } from './join-sides.js';
import { readsOnly } from './reads.js';
import { isVolatile } from './volatile.js';

/**
 * Takes the conditions of joins apart, so that none calls a model:
 *
 * - a part that reads one table becomes a filter on it, where rows of that table that fail it are not in the result;
 * - a model call that reads one table becomes a column of it, computed before the join;
 * - a part with a call that reads both becomes a filter above the join, which has to be an inner one.
 *
 * Where a part is volatile none moves below the join.
 *
 * @throws InframeError MODEL_CALL_MISPLACED for a call over both tables of an outer, semi or anti join
 */
export function splitJoinConditions(relation: Relation): Relation {
  const node = mapInputs(relation, splitJoinConditions);
  return node.kind === 'join' && node.condition !== undefined ? split(node, node.condition) : node;
}

function split(join: JoinRelation, condition: Expr): Relation {
  const parts = conjuncts(condition);
  if (parts.some(isVolatile)) return withoutCalls(join, join.inputs, parts);
  const inputs: [Relation, Relation] = [...join.inputs];
  const kept: Expr[] = [];
  for (const part of parts) {
    const side = sideOf(part, join);
    if (side === undefined || !FILTERED_SIDES[join.how].includes(side)) kept.push(part);
    else inputs[side] = { kind: 'filter', schema: inputs[side].schema, input: inputs[side], predicate: part };
  }
  return withoutCalls(join, inputs, kept);
}

/** The table an expression reads, if it is one alone. What reads no column belongs to neither. */
function sideOf(expr: Expr, { inputs }: JoinRelation): Side | undefined {
  if (!some(expr, part => part.kind === 'column')) return undefined;
  if (readsOnly(expr, inputs[0].schema)) return 0;
  return readsOnly(expr, inputs[1].schema) ? 1 : undefined;
}

function withoutCalls(join: JoinRelation, inputs: JoinRelation['inputs'], parts: readonly Expr[]): Relation {
  const scored = new ScoredSides(join, inputs);
  const replaced = parts.map(part => scored.replace(part));
  const wide = replaced.filter(callsModel);
  if (wide.length > 0 && join.how !== 'inner' && join.how !== 'cross') throw misplaced(wide[0]!, join.how);
  // Volatile parts are evaluated as often as before only where all stay together.
  const above = wide.length > 0 && parts.some(isVolatile) ? replaced : wide;
  const condition = conjunction(replaced.filter(part => !above.includes(part)));
  const sides = scored.inputs;
  const schema = joinSchema(join.how, sides);
  const predicate = conjunction(above);
  const joined: Relation = { ...join, ...howWith(join.how, condition), schema, inputs: sides };
  const result: Relation = predicate === undefined ? joined : { kind: 'filter', schema, input: joined, predicate };
  if (schema.length === join.schema.length) return result;
  return { kind: 'project', schema: join.schema, input: result, columns: passThrough(join.schema) };
}

/** Without a condition every row of an inner join meets every other; of another kind that has to be said. */
function howWith(how: JoinKind, condition: Expr | undefined): Pick<JoinRelation, 'how' | 'condition'> {
  if (condition !== undefined) return { how: how === 'cross' ? 'inner' : how, condition };
  if (how === 'inner' || how === 'cross') return { how: 'cross', condition };
  return { how, condition: { kind: 'literal', value: true } };
}

/** The tables of a join, with a column for every model call that reads one of them. */
class ScoredSides {
  readonly #join: JoinRelation;
  readonly #inputs: JoinRelation['inputs'];
  readonly #columns: Readonly<Record<Side, Map<string, ScoredColumn>>> = { 0: new Map(), 1: new Map() };
  #next = 0;

  constructor(join: JoinRelation, inputs: JoinRelation['inputs']) {
    this.#join = join;
    this.#inputs = inputs;
  }

  /** The expression with its outermost calls that read one table as columns of that table. */
  replace(expr: Expr): Expr {
    if (!callsModel(expr)) return expr;
    // A call that is volatile belongs to a pair of rows, not to a row.
    const side = expr.kind === 'modelCall' && !isVolatile(expr) ? this.#sideOfCall(expr) : undefined;
    if (expr.kind !== 'modelCall' || side === undefined) return mapChildren(expr, part => this.replace(part));
    const key = callKey(expr.call);
    const name = this.#columns[side].get(key)?.name ?? this.#fresh();
    this.#columns[side].set(key, { name, expr });
    return { kind: 'column', name };
  }

  #sideOfCall(expr: CallExpr): Side | undefined {
    // A call that reads nothing is the same on either side.
    return some(expr, part => part.kind === 'column') ? sideOf(expr, this.#join) : 0;
  }

  #fresh(): string {
    const [left, right] = this.#inputs;
    let name: string;
    do name = `__inframe_on_${this.#next++}`;
    while (left.schema.has(name) || right.schema.has(name));
    return name;
  }

  get inputs(): JoinRelation['inputs'] {
    return [this.#scored(0), this.#scored(1)];
  }

  #scored(side: Side): Relation {
    const input = this.#inputs[side];
    const calls = [...this.#columns[side].values()];
    if (calls.length === 0) return input;
    const added = calls.map(({ name, expr }) => ({ name, type: expr.call.type }));
    const schema = new Schema([...input.schema.fields, ...added]);
    return { kind: 'project', schema, input, columns: [...passThrough(input.schema), ...calls] };
  }
}

type CallExpr = Expr & { readonly kind: 'modelCall' };

interface ScoredColumn extends Named {
  readonly expr: CallExpr;
}

function misplaced(expr: Expr, how: JoinKind): InframeError {
  let name = '';
  let kind = 'model';
  some(expr, part => {
    if (part.kind !== 'modelCall') return false;
    name = part.call.modelName;
    kind = part.call.descriptor.kind;
    return true;
  });
  const join = `${how === 'anti' ? 'an anti' : `a ${how}`} join`;
  const why = isVolatile(expr)
    ? 'may give another value for every pair of rows'
    : 'reads both tables, and which rows belong together is not known before it';
  return new InframeError(
    'MODEL_CALL_MISPLACED',
    `call of ${kind} '${name}' in the condition of ${join} ${why}; call it on the columns of one table, or make the join an inner one`,
    { model: name, place: `the condition of ${join}` },
  );
}
