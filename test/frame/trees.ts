import fc from 'fast-check';
import type { Expr, Named } from '../../src/frame/expr.js';
import { callsModel } from '../../src/frame/expr.js';
import type { JoinKind, SetOperation } from '../../src/frame/plan.js';
import type { Relation } from '../../src/frame/relation.js';
import { Schema } from '../../src/frame/schema.js';
import type { DataType } from '../../src/frame/types.js';
import { both, column, either, equal, filter, greater, join, plus, setOperation, value } from './relations.js';

/*
 * Random trees of relations over small tables of numbers, for the question whether the optimizer keeps what they mean.
 * Whatever is computed is taken modulo 97, so that sums are exact in any order and models see small whole numbers.
 */

/** What is computed of a row. Columns are told by any number: the remainder of dividing it by how many there are. */
export type Value =
  | { readonly kind: 'column'; readonly at: number }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'sum'; readonly left: Value; readonly right: Value }
  | { readonly kind: 'call'; readonly model: number; readonly left: Value; readonly right: Value };

/** Parts of a condition, each `value > bound`; with `any` one of them is enough. */
export interface Condition {
  readonly any: boolean;
  readonly parts: readonly { readonly value: Value; readonly bound: number }[];
}

/** A tree; what it has for columns follows from how it is built. */
export type Tree =
  | { readonly kind: 'table'; readonly table: number }
  | {
      readonly kind: 'project';
      readonly input: Tree;
      readonly kept: readonly number[];
      readonly made: readonly Value[];
    }
  | { readonly kind: 'filter'; readonly input: Tree; readonly condition: Condition }
  | {
      readonly kind: 'first';
      readonly input: Tree;
      readonly count: number;
      readonly offset: number;
      readonly by: Value;
    }
  | { readonly kind: 'group'; readonly input: Tree; readonly key: Value; readonly of: Value }
  | { readonly kind: 'window'; readonly input: Tree; readonly by: readonly number[]; readonly of: Value }
  | { readonly kind: 'distinct'; readonly input: Tree }
  | { readonly kind: 'explode'; readonly input: Tree; readonly values: readonly Value[]; readonly outer: boolean }
  | { readonly kind: 'cache'; readonly input: Tree }
  | {
      readonly kind: 'set';
      readonly operation: SetOperation;
      readonly all: boolean;
      readonly inputs: readonly [Tree, Tree];
      readonly width: number;
    }
  | {
      readonly kind: 'join';
      readonly how: JoinKind;
      readonly inputs: readonly [Tree, Tree];
      /** Columns of both tables that have to be equal; without them the other conditions are all there are. */
      readonly keys: readonly [number, number] | undefined;
      /** Conditions on the left table alone, the right one alone, and (of inner joins) on both. */
      readonly more: readonly [Condition | undefined, Condition | undefined, Condition | undefined];
    };

const at = fc.nat({ max: 20 });

const plain: fc.Arbitrary<Value> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('column' as const), at }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('constant' as const), value: fc.integer({ min: -3, max: 9 }) }),
  },
);

const { value: anyValue } = fc.letrec<{ value: Value }>(tie => ({
  value: fc.oneof(
    { maxDepth: 2 },
    { weight: 5, arbitrary: plain },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('sum' as const), left: tie('value'), right: tie('value') }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('call' as const),
        model: fc.nat({ max: 1 }),
        left: tie('value'),
        right: tie('value'),
      }),
    },
  ),
}));

const condition: fc.Arbitrary<Condition> = fc.record({
  any: fc.boolean(),
  parts: fc.array(fc.record({ value: anyValue, bound: fc.integer({ min: -4, max: 12 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
});

function over<T extends object>(input: fc.Arbitrary<Tree>, kind: string, rest: fc.Arbitrary<T>): fc.Arbitrary<Tree> {
  return fc
    .record({ kind: fc.constant(kind), input, rest })
    .map(({ rest: own, ...node }) => ({ ...node, ...own }) as Tree);
}

function unary(input: fc.Arbitrary<Tree>): readonly { weight: number; arbitrary: fc.Arbitrary<Tree> }[] {
  const count = fc.nat({ max: 12 });
  const kept = fc.array(at, { maxLength: 3 });
  const made = fc.array(anyValue, { maxLength: 3 });
  const values = fc.array(anyValue, { minLength: 1, maxLength: 2 });
  return [
    { weight: 3, arbitrary: over(input, 'project', fc.record({ kept, made })) },
    { weight: 5, arbitrary: over(input, 'filter', fc.record({ condition })) },
    { weight: 2, arbitrary: over(input, 'first', fc.record({ count, offset: fc.nat({ max: 3 }), by: anyValue })) },
    { weight: 1, arbitrary: over(input, 'group', fc.record({ key: anyValue, of: anyValue })) },
    { weight: 2, arbitrary: over(input, 'window', fc.record({ by: fc.array(at, { maxLength: 2 }), of: anyValue })) },
    { weight: 1, arbitrary: over(input, 'distinct', fc.constant({})) },
    { weight: 2, arbitrary: over(input, 'explode', fc.record({ values, outer: fc.boolean() })) },
    { weight: 1, arbitrary: over(input, 'cache', fc.constant({})) },
  ];
}

const table: fc.Arbitrary<Tree> = fc.record({ kind: fc.constant('table' as const), table: fc.nat({ max: 2 }) });

/** What stands on the right of a join: little, so that joins of joins stay small. */
const small: fc.Arbitrary<Tree> = fc.oneof({ weight: 10, arbitrary: table }, ...unary(table));

const setOperations = fc.constantFrom<SetOperation[]>('union', 'union', 'intersect', 'except');
const joins = fc.constantFrom<JoinKind[]>('inner', 'left', 'right', 'full', 'semi', 'anti', 'cross');
const more = fc.option(condition, { nil: undefined, freq: 2 });

export const { tree } = fc.letrec<{ tree: Tree }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    { weight: 2, arbitrary: table },
    ...unary(tie('tree')),
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('set' as const),
        operation: setOperations,
        all: fc.boolean(),
        inputs: fc.tuple(tie('tree'), small),
        width: fc.integer({ min: 1, max: 3 }),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('join' as const),
        how: joins,
        inputs: fc.tuple(tie('tree'), small),
        keys: fc.option(fc.tuple(at, at), { nil: undefined, freq: 5 }),
        more: fc.tuple(more, more, more),
      }),
    },
  ),
}));

const NUMBER: DataType = { kind: 'float64' };

/** A call of one of the models, over two numbers of a table. */
export type Call = (model: number, left: Expr, right: Expr, schema: Schema) => Expr;

/**
 * Builds trees. With `apart`, models in the conditions of joins are called on the tables, or above the join, by hand:
 * the tree then means the same without a rule for them.
 */
export class TreeBuilder {
  readonly #tables: readonly Relation[];
  readonly #call: Call;
  readonly #apart: boolean;
  #next = 0;

  constructor(tables: readonly Relation[], call: Call, apart: boolean) {
    this.#tables = tables;
    this.#call = call;
    this.#apart = apart;
  }

  build(node: Tree): Relation {
    switch (node.kind) {
      case 'table':
        return this.#renamed(this.#tables[node.table % this.#tables.length]!);
      case 'project': {
        const input = this.build(node.input);
        const kept = [...new Set(node.kept.map(index => nameAt(input, index)))];
        const made = node.made.map((each): Named => ({ name: this.#fresh(), expr: this.#number(each, input.schema) }));
        return projected(
          input,
          kept.length + made.length > 0 ? [...kept.map(pass), ...made] : [pass(nameAt(input, 0))],
        );
      }
      case 'filter': {
        const input = this.build(node.input);
        return filter(input, this.#condition(node.condition, input.schema));
      }
      case 'first': {
        const input = this.build(node.input);
        // By every column, so that rows which compare alike are alike.
        const exprs = [this.#number(node.by, input.schema), ...input.schema.names.map(column)];
        const keys = exprs.map(expr => ({ expr, descending: false, nullsFirst: false }));
        const sorted: Relation = { kind: 'sort', schema: input.schema, input, keys };
        return { kind: 'limit', schema: input.schema, input: sorted, count: node.count, offset: node.offset };
      }
      case 'group': {
        const input = this.build(node.input);
        const key: Named = { name: this.#fresh(), expr: this.#number(node.key, input.schema) };
        const sum: Named = { name: this.#fresh(), expr: small97(sumOf(this.#number(node.of, input.schema))) };
        return { kind: 'aggregate', schema: numbers([key, sum]), input, keys: [key], aggregates: [sum] };
      }
      case 'window': {
        const input = this.build(node.input);
        const partitionBy = [...new Set(node.by.map(index => nameAt(input, index)))].map(column);
        const call = sumOf(this.#number(node.of, input.schema));
        const made: Named = {
          name: this.#fresh(),
          expr: { kind: 'window', call, partitionBy, orderBy: [], frame: undefined },
        };
        const schema = new Schema([...input.schema.fields, ...numbers([made]).fields]);
        const windowed: Relation = { kind: 'window', schema, input, columns: [made] };
        const own: Named = { name: this.#fresh(), expr: small97(column(made.name)) };
        return projected(windowed, [...input.schema.names.map(pass), own]);
      }
      case 'distinct': {
        const input = this.build(node.input);
        return { kind: 'distinct', schema: input.schema, input };
      }
      case 'explode':
        return this.#explode(node);
      case 'cache': {
        const input = this.build(node.input);
        return { kind: 'cache', schema: input.schema, input, store: { result: undefined } };
      }
      case 'set': {
        const [left, right] = node.inputs.map(input => this.build(input));
        const width = Math.min(node.width, left!.schema.length, right!.schema.length);
        const names = Array.from({ length: width }, () => this.#fresh());
        const [one, other] = [left!, right!].map(input =>
          projected(
            input,
            names.map((name, index) => ({ name, expr: column(input.schema.names[index]!) })),
          ),
        );
        return setOperation(node.operation, node.all, one!, other!);
      }
      case 'join':
        return this.#join(node);
    }
  }

  #explode(node: Tree & { readonly kind: 'explode' }): Relation {
    const input = this.build(node.input);
    const name = this.#fresh();
    const list: Expr = {
      kind: 'call',
      name: 'list_value',
      args: node.values.map(each => this.#number(each, input.schema)),
      distinct: false,
    };
    // Rows without a list: those whose first column is not above 2.
    const some: Expr = {
      kind: 'case',
      branches: [[greater(column(input.schema.names[0]!), 2), list]],
      otherwise: undefined,
    };
    const rest = numbers(input.schema.names.map(pass)).fields;
    const lists: Relation = {
      kind: 'project',
      schema: new Schema([...rest, { name, type: { kind: 'list', element: NUMBER } }]),
      input,
      columns: [...input.schema.names.map(pass), { name, expr: some }],
    };
    const schema = new Schema([...rest, { name, type: NUMBER }]);
    return { kind: 'explode', schema, input: lists, column: name, outer: node.outer, position: undefined };
  }

  #join(node: Tree & { readonly kind: 'join' }): Relation {
    const [left, right] = node.inputs.map(input => this.build(input)) as [Relation, Relation];
    if (node.how === 'cross') return join(left, right, 'cross');
    const schema = new Schema([...left.schema.fields, ...right.schema.fields]);
    const [onLeft, onRight, onBoth] = node.more;
    const wide = node.how === 'inner' && onBoth !== undefined ? [this.#condition(onBoth, schema)] : [];
    const parts = [
      ...(onLeft === undefined ? [] : [this.#condition(onLeft, left.schema)]),
      ...(onRight === undefined ? [] : [this.#condition(onRight, right.schema)]),
    ];
    const keys = node.keys ?? (parts.length === 0 ? ([0, 0] as const) : undefined);
    const equalKeys = keys ? [equal(column(nameAt(left, keys[0])), column(nameAt(right, keys[1])))] : [];
    if (!this.#apart) return join(left, right, node.how, both(...equalKeys, ...parts, ...wide));
    const inputs: [Relation, Relation] = [left, right];
    const asked = parts.map(part => {
      if (!callsModel(part)) return part;
      const side = part === parts[0] && onLeft !== undefined ? 0 : 1;
      const made: Named = { name: this.#fresh(), expr: part };
      const own = new Schema([...inputs[side].schema.fields, { name: made.name, type: { kind: 'boolean' } }]);
      const columns = [...inputs[side].schema.names.map(pass), made];
      inputs[side] = { kind: 'project', schema: own, input: inputs[side], columns };
      return column(made.name);
    });
    const joined = join(inputs[0], inputs[1], node.how, both(...equalKeys, ...asked));
    const result = wide.reduce<Relation>((input, part) => filter(input, part), joined);
    const names = node.how === 'semi' || node.how === 'anti' ? left.schema.names : schema.names;
    return projected(result, names.map(pass));
  }

  /** The same table twice would share its names with itself (R4). */
  #renamed(input: Relation): Relation {
    return projected(
      input,
      input.schema.names.map((name): Named => ({ name: this.#fresh(), expr: column(name) })),
    );
  }

  #fresh(): string {
    return `c${this.#next++}`;
  }

  #number(each: Value, schema: Schema): Expr {
    const name = (index: number): string => schema.names[index % schema.length]!;
    switch (each.kind) {
      case 'column':
        return column(name(each.at));
      case 'constant':
        return { kind: 'cast', input: value(each.value), type: NUMBER, safe: false };
      case 'sum':
        return small97(plus(this.#number(each.left, schema), this.#number(each.right, schema)));
      case 'call': {
        const called = this.#call(
          each.model,
          this.#number(each.left, schema),
          this.#number(each.right, schema),
          schema,
        );
        return small97({ kind: 'cast', input: called, type: NUMBER, safe: false });
      }
    }
  }

  #condition({ any, parts }: Condition, schema: Schema): Expr {
    const each = parts.map(part => greater(this.#number(part.value, schema), part.bound));
    if (each.length === 1) return each[0]!;
    return any ? either(...each) : both(...each);
  }
}

function small97(expr: Expr): Expr {
  return { kind: 'operator', name: 'modulo', operands: [expr, value(97)] };
}

function sumOf(expr: Expr): Expr {
  return { kind: 'call', name: 'sum', args: [expr], distinct: false };
}

function nameAt({ schema }: Relation, index: number): string {
  return schema.names[index % schema.length]!;
}

function pass(name: string): Named {
  return { name, expr: column(name) };
}

function numbers(columns: readonly Named[]): Schema {
  return new Schema(columns.map(({ name }) => ({ name, type: NUMBER })));
}

function projected(input: Relation, columns: readonly Named[]): Relation {
  return { kind: 'project', schema: numbers(columns), input, columns };
}
