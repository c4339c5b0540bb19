import type { Expr, Named, SortKey } from '../../src/frame/expr.js';
import type { ModelCall, ModelReference } from '../../src/frame/model.js';
import type { JoinKind, SetOperation } from '../../src/frame/plan.js';
import { type CacheStore, inputsOf, type Relation } from '../../src/frame/relation.js';
import { Schema } from '../../src/frame/schema.js';
import type { DataType, Field } from '../../src/frame/types.js';

/*
 * Relations written by hand, for the tests of the optimizer: no engine, no files, and models that are only names.
 */

const FLOAT: DataType = { kind: 'float64' };
const BOOLEAN: DataType = { kind: 'boolean' };

export function column(name: string): Expr {
  return { kind: 'column', name };
}

export function value(literal: number): Expr {
  return { kind: 'literal', value: literal };
}

export function plus(...operands: readonly Expr[]): Expr {
  return { kind: 'operator', name: 'add', operands };
}

export function greater(left: Expr, right: Expr | number): Expr {
  return { kind: 'operator', name: 'gt', operands: [left, typeof right === 'number' ? value(right) : right] };
}

export function both(...operands: readonly Expr[]): Expr {
  return { kind: 'operator', name: 'and', operands };
}

export function either(...operands: readonly Expr[]): Expr {
  return { kind: 'operator', name: 'or', operands };
}

export function equal(left: Expr, right: Expr): Expr {
  return { kind: 'operator', name: 'eq', operands: [left, right] };
}

export const random: Expr = { kind: 'call', name: 'random', args: [], distinct: false };

/** SQL text over columns, as it is after parsing: cut where the columns stand. */
export function sqlText(text: string, ...columns: readonly string[]): Expr {
  const pieces = columns.length === 0 ? [text] : text.split(new RegExp(`\\b(${columns.join('|')})\\b`));
  return {
    kind: 'fragment',
    parts: pieces.filter((_, index) => index % 2 === 0),
    operands: pieces.filter((_, index) => index % 2 === 1).map(column),
  };
}

/** A checked call of a model that gives one number. */
export function calls(model: string, ...args: readonly Expr[]): Expr & { readonly kind: 'modelCall' } {
  const call: ModelCall = {
    modelName: model,
    args,
    argTypes: args.map(() => FLOAT),
    descriptor: { kind: 'model', key: `key of ${model}` },
    deterministic: true,
    outputs: [{ name: 'y', type: FLOAT }],
    type: FLOAT,
  };
  return { kind: 'modelCall', call };
}

/** A call of a function that may give something else each time. */
export function draws(name: string, ...args: readonly Expr[]): Expr & { readonly kind: 'modelCall' } {
  const { call } = calls(name, ...args);
  return { kind: 'modelCall', call: { ...call, deterministic: false } };
}

/** A model whose calls are not looked at. */
export function modelNamed(name: string): ModelReference {
  return {
    name,
    deterministic: true,
    inputColumns: {},
    bind: args => (calls(name, ...args.positional, ...Object.values(args.named).flat()) as { call: ModelCall }).call,
  };
}

export function scan(...names: readonly string[]): Relation {
  const fields: Field[] = names.map(name => ({ name, type: FLOAT }));
  return {
    kind: 'scan',
    schema: new Schema(fields),
    format: 'parquet',
    files: [{ path: '/t.parquet', bytes: 1, modified: 0 }],
    csv: {},
    partitions: [],
    splittable: true,
    identity: undefined,
  };
}

function typeOf(expr: Expr, schema: Schema): DataType {
  if (expr.kind === 'column') return schema.type(expr.name);
  return expr.kind === 'operator' && expr.name === 'gt' ? BOOLEAN : FLOAT;
}

/** A projection: `{ x: column('a') }`; a name alone is passed through. */
export function project(input: Relation, ...columns: readonly (string | Readonly<Record<string, Expr>>)[]): Relation {
  const named: Named[] = columns.flatMap(each =>
    typeof each === 'string'
      ? [{ name: each, expr: column(each) }]
      : Object.entries(each).map(([name, expr]) => ({ name, expr })),
  );
  const schema = new Schema(named.map(({ name, expr }) => ({ name, type: typeOf(expr, input.schema) })));
  return { kind: 'project', schema, input, columns: named };
}

export function filter(input: Relation, predicate: Expr): Relation {
  return { kind: 'filter', schema: input.schema, input, predicate };
}

export function limit(input: Relation, count: number, offset = 0): Relation {
  return { kind: 'limit', schema: input.schema, input, count, offset };
}

export function sample(input: Relation, fraction = 0.5): Relation {
  return { kind: 'sample', schema: input.schema, input, from: 0, to: fraction, seed: 0 };
}

export function sort(input: Relation, ...exprs: readonly Expr[]): Relation {
  const keys: SortKey[] = exprs.map(expr => ({ expr, descending: false, nullsFirst: false }));
  return { kind: 'sort', schema: input.schema, input, keys };
}

export function aggregate(
  input: Relation,
  keys: Readonly<Record<string, Expr>>,
  aggregates: Readonly<Record<string, Expr>>,
): Relation {
  const named = (columns: Readonly<Record<string, Expr>>): Named[] =>
    Object.entries(columns).map(([name, expr]) => ({ name, expr }));
  const all = [...named(keys), ...named(aggregates)];
  const schema = new Schema(all.map(({ name, expr }) => ({ name, type: typeOf(expr, input.schema) })));
  return { kind: 'aggregate', schema, input, keys: named(keys), aggregates: named(aggregates) };
}

export function sum(expr: Expr): Expr {
  return { kind: 'call', name: 'sum', args: [expr], distinct: false };
}

export function join(left: Relation, right: Relation, how: JoinKind, condition?: Expr): Relation {
  const oneSided = how === 'semi' || how === 'anti';
  const schema = oneSided ? left.schema : new Schema([...left.schema.fields, ...right.schema.fields]);
  return { kind: 'join', schema, inputs: [left, right], how, condition };
}

/** The nearest rows by `a` and `x`, which are numbered by `b` and `y`; behind them stand `rank` and `score`. */
export function nearest(left: Relation, right: Relation): Relation {
  const own = ['rank', 'score'].map(name => ({ name, type: FLOAT }));
  const schema = new Schema([...left.schema.fields, ...right.schema.fields, ...own]);
  return {
    kind: 'nearest',
    schema,
    inputs: [left, right],
    vectors: ['a', 'x'],
    numbers: ['b', 'y'],
    metric: 'dot',
    k: 1,
    outer: false,
    rank: 'rank',
    score: 'score',
  };
}

export function setOperation(operation: SetOperation, all: boolean, ...inputs: readonly Relation[]): Relation {
  return { kind: 'setOperation', schema: inputs[0]!.schema, inputs, operation, all };
}

export function unionAll(...inputs: readonly Relation[]): Relation {
  return setOperation('union', true, ...inputs);
}

/** Sums over windows: for each name, what is summed and what divides the rows. */
export function sums(
  input: Relation,
  columns: Readonly<Record<string, readonly [of: Expr, by: readonly Expr[]]>>,
): Relation {
  const named = Object.entries(columns).map(
    ([name, [of, partitionBy]]): Named => ({
      name,
      expr: { kind: 'window', call: sum(of), partitionBy, orderBy: [], frame: undefined },
    }),
  );
  const made = named.map(({ name }) => ({ name, type: FLOAT }));
  return { kind: 'window', schema: new Schema([...input.schema.fields, ...made]), input, columns: named };
}

export function distinct(input: Relation): Relation {
  return { kind: 'distinct', schema: input.schema, input };
}

/** A row for each element of a column; what type the column has is of no matter here. */
export function explode(
  input: Relation,
  name: string,
  { outer = false, position }: { readonly outer?: boolean; readonly position?: string } = {},
): Relation {
  const made = position === undefined ? [] : [{ name: position, type: { kind: 'int64' } as const }];
  const schema = new Schema([...input.schema.fields, ...made]);
  return { kind: 'explode', schema, input, column: name, outer, position };
}

export function cache(input: Relation, store: CacheStore = { result: undefined }): Relation {
  return { kind: 'cache', schema: input.schema, input, store };
}

/** A statement over inputs called `t0`, `t1` and so on. */
export function query(text: string, columns: readonly string[], ...inputs: readonly Relation[]): Relation {
  const schema = new Schema(columns.map(name => ({ name, type: FLOAT })));
  return { kind: 'query', schema, inputs, names: inputs.map((_, at) => `t${at}`), text, files: [], identity: '' };
}

/** The kinds of a relation's nodes, from top to leaf: `project filter scan`. */
export function shape(relation: Relation): string {
  return [relation.kind, ...inputsOf(relation).map(shape)].join(' ');
}

/** The node at a depth, counted from 0 at the top, which must be of that kind. */
export function nodeAt<K extends Relation['kind']>(
  relation: Relation,
  depth: number,
  kind: K,
): Extract<Relation, { kind: K }> {
  let node = relation;
  for (let step = 0; step < depth; step++) {
    if (!('input' in node)) throw new Error(`there is no node at depth ${depth}`);
    node = node.input;
  }
  if (node.kind !== kind) throw new Error(`the node at depth ${depth} is ${node.kind}, not ${kind}`);
  return node as Extract<Relation, { kind: K }>;
}

/** All nodes of a kind, those above first. */
export function nodesOf<K extends Relation['kind']>(
  relation: Relation,
  kind: K,
): readonly Extract<Relation, { kind: K }>[] {
  const below = inputsOf(relation).flatMap(input => nodesOf(input, kind));
  return relation.kind === kind ? [relation as Extract<Relation, { kind: K }>, ...below] : below;
}
