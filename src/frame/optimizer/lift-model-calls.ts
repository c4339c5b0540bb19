import { passThrough } from '../analysis/columns.js';
import { callsModel, type Expr, mapChildren } from '../expr.js';
import { expressionsOf, inputsOf, mapExpressions, type Relation, type ScoreCall, withInputs } from '../relation.js';
import { Schema } from '../schema.js';
import { callKey } from './call-key.js';
import { isVolatile } from './volatile.js';

/**
 * Takes every model call out of its expression into a `score` node below, so that what is left is relational (R2). Equal
 * calls of one node become one; calls inside the arguments of calls become score nodes of their own, further down. Calls
 * in the conditions of joins have been taken out by `splitJoinConditions`.
 *
 * The columns that hold results are numbered from the leaf upwards, so that the same plan, standing twice in a larger one,
 * has the same words both times: its tasks are then known to be the same.
 */
export function liftModelCalls(relation: Relation): Relation {
  return lift(relation).relation;
}

/** A relation without calls in expressions, and how many columns for results there are in it. */
interface Lifted {
  readonly relation: Relation;
  readonly columns: number;
}

function lift(relation: Relation): Lifted {
  const inputs = inputsOf(relation).map(lift);
  const node = withInputs(
    relation,
    inputs.map(input => input.relation),
  );
  const columns = Math.max(0, ...inputs.map(input => input.columns));
  if (!('input' in node) || !expressionsOf(node).some(callsModel)) return { relation: node, columns };
  const lifter = new Lifter(columns);
  let changed: Relation & { readonly input: Relation } = node;
  // Innermost calls first: each round lifts the calls whose arguments hold none.
  while (expressionsOf(changed).some(callsModel)) changed = lifter.round(changed);
  return { relation: withoutHelpers(node, changed), columns: lifter.columns };
}

/** Gives names to the results of one node's calls. */
class Lifter {
  #next: number;

  constructor(next: number) {
    this.#next = next;
  }

  get columns(): number {
    return this.#next;
  }

  round(node: Relation & { readonly input: Relation }): Relation & { readonly input: Relation } {
    const { input } = node;
    const found = new Map<string, ScoreCall>();
    const rewritten = mapExpressions(node, expr => this.#replace(expr, input.schema, found));
    const calls = [...found.values()];
    const schema = new Schema([
      ...input.schema.fields,
      ...calls.map(({ column, call }) => ({ name: column, type: call.type })),
    ]);
    return { ...node, ...rewritten, input: { kind: 'score', schema, input, calls } } as typeof node;
  }

  #replace(expr: Expr, schema: Schema, found: Map<string, ScoreCall>): Expr {
    if (!callsModel(expr)) return expr;
    if (expr.kind !== 'modelCall' || expr.call.args.some(callsModel)) {
      return mapChildren(expr, part => this.#replace(part, schema, found));
    }
    // Two calls on two draws of random() are two calls.
    const key = isVolatile(expr) ? `volatile ${found.size}` : callKey(expr.call);
    const existing = found.get(key);
    if (existing !== undefined) return { kind: 'column', name: existing.column };
    const column = this.#fresh(schema);
    found.set(key, { column, call: expr.call });
    return { kind: 'column', name: column };
  }

  #fresh(schema: Schema): string {
    let name: string;
    do name = `__inframe_${this.#next++}`;
    while (schema.has(name));
    return name;
  }
}

/** Some nodes hand their input's columns on, and now the lifted ones too: a projection takes those off again. */
function withoutHelpers(before: Relation, after: Relation & { readonly input: Relation }): Relation {
  if (after.kind !== 'filter' && after.kind !== 'sort' && after.kind !== 'window') return after;
  const made = after.kind === 'window' ? after.schema.fields.slice(-after.columns.length) : [];
  const wide: Relation = { ...after, schema: new Schema([...after.input.schema.fields, ...made]) };
  return { kind: 'project', schema: before.schema, input: wide, columns: passThrough(before.schema) };
}
