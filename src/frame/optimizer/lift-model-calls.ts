import { passThrough } from '../analysis/project.js';
import { callsModel, children, type Expr, type LiteralValue, mapChildren } from '../expr.js';
import type { ModelCall } from '../model.js';
import { expressionsOf, mapExpressions, mapInputs, type Relation, type ScoreCall } from '../relation.js';
import { Schema } from '../schema.js';
import { isVolatile } from './volatile.js';

/**
 * Takes every model call out of its expression into a `score` node below, so that what is left is relational (R2). Equal
 * calls of one node become one; calls inside the arguments of calls become score nodes of their own, further down.
 */
export function liftModelCalls(relation: Relation): Relation {
  return new Lifter().lift(relation);
}

class Lifter {
  #next = 0;

  lift(relation: Relation): Relation {
    const node = mapInputs(relation, input => this.lift(input));
    if (!('input' in node) || !expressionsOf(node).some(callsModel)) return node;
    const found = new Map<string, ScoreCall>();
    let changed: Relation & { readonly input: Relation } = node;
    // Innermost calls first: each round lifts the calls whose arguments hold none.
    while (expressionsOf(changed).some(callsModel)) {
      found.clear();
      const input: Relation = changed.input;
      const replace = (expr: Expr): Expr => this.#replace(expr, input.schema, found);
      const rewritten: Relation = mapExpressions(changed, replace);
      const calls = [...found.values()];
      const schema = new Schema([
        ...input.schema.fields,
        ...calls.map(({ column, call }) => ({ name: column, type: call.type })),
      ]);
      changed = { ...changed, ...rewritten, input: { kind: 'score', schema, input, calls } } as typeof changed;
    }
    return withoutHelpers(node, changed);
  }

  #replace(expr: Expr, schema: Schema, found: Map<string, ScoreCall>): Expr {
    if (expr.kind !== 'modelCall') return mapChildren(expr, part => this.#replace(part, schema, found));
    if (expr.call.args.some(callsModel)) return mapChildren(expr, part => this.#replace(part, schema, found));
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

/** Two calls with the same key give the same result on the same row, unless their arguments are volatile. */
export function callKey(call: ModelCall): string {
  const plain = (expr: Expr): unknown => {
    if (expr.kind === 'literal') return { literal: literalKey(expr.value) };
    if (expr.kind === 'modelCall') return { call: callKey(expr.call) };
    const { own, parts } = withoutChildren(expr);
    return { own, parts: parts.map(plain) };
  };
  return JSON.stringify([call.descriptor.key, call.args.map(plain)]);
}

/** An expression's own members, and its operands apart. */
function withoutChildren(expr: Expr): { readonly own: Expr; readonly parts: readonly Expr[] } {
  const nothing: Expr = { kind: 'literal', value: null };
  return { own: mapChildren(expr, () => nothing), parts: children(expr) };
}

/** JSON writes NaN, infinities and null alike, and dates as text. */
function literalKey(value: LiteralValue): unknown {
  if (value instanceof Date) return ['date', value.getTime()];
  if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('hex')];
  if (Array.isArray(value)) return ['list', value.map(literalKey)];
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  return [typeof value, Object.is(value, -0) ? '-0' : String(value)];
}

/** A filter or sort hands its input's columns on, and now the lifted ones too: a projection takes those off again. */
function withoutHelpers(before: Relation, after: Relation): Relation {
  if (after.kind !== 'filter' && after.kind !== 'sort') return after;
  const wide: Relation = { ...after, schema: after.input.schema };
  return { kind: 'project', schema: before.schema, input: wide, columns: passThrough(before.schema) };
}
