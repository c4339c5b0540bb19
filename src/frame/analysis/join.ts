import { InframeError, listNames } from '../errors.js';
import { describe, type Expr, mapChildren, type Named } from '../expr.js';
import type { JoinCondition, JoinKind, Plan } from '../plan.js';
import type { JoinRelation, Relation } from '../relation.js';
import { typesOfRows } from '../row-wise.js';
import { Schema } from '../schema.js';
import { typeName } from '../types.js';
import type { AnalysisContext } from './context.js';
import { resolveAll } from './resolve.js';

/** Two tables side by side. Right columns whose names the left table has too stand under hidden names inside (R4). */
export async function analyzeJoin(plan: Plan & { readonly kind: 'join' }, context: AnalysisContext): Promise<Relation> {
  const left = await context.analyze(plan.left);
  const original = await context.analyze(plan.right);
  const inner = new Map(original.schema.names.map(name => [name, hiddenName(name, left.schema, original.schema)]));
  const right = renamed(original, inner);
  const both = new Schema([...left.schema.fields, ...right.schema.fields]);
  const condition = await conditionOf(plan.on, left.schema, original.schema, inner, both, context);
  const oneSided = plan.how === 'semi' || plan.how === 'anti';
  const join: JoinRelation = {
    kind: 'join',
    schema: oneSided ? left.schema : both,
    inputs: [left, right],
    how: plan.how,
    condition,
  };
  if (oneSided) return join;
  const columns = outputColumns(plan, left.schema, original.schema, inner);
  const types = await typesOfRows(
    columns.map(({ expr }) => expr),
    both,
    context.engine,
  );
  const schema = new Schema(columns.map(({ name }, index) => ({ name, type: types[index]! })));
  return { kind: 'project', schema, input: join, columns };
}

function hiddenName(name: string, left: Schema, right: Schema): string {
  let hidden = name;
  for (let round = 1; left.has(hidden) || (hidden !== name && right.has(hidden)); round += 1) {
    hidden = `__inframe_right${round}_${name}`;
  }
  return hidden;
}

function renamed(relation: Relation, names: ReadonlyMap<string, string>): Relation {
  if ([...names].every(([from, to]) => from === to)) return relation;
  const schema = new Schema(relation.schema.fields.map(({ name, type }) => ({ name: names.get(name)!, type })));
  const columns = relation.schema.names.map(
    (name): Named => ({ name: names.get(name)!, expr: { kind: 'column', name } }),
  );
  return { kind: 'project', schema, input: relation, columns };
}

async function conditionOf(
  on: JoinCondition,
  left: Schema,
  right: Schema,
  inner: ReadonlyMap<string, string>,
  both: Schema,
  context: AnalysisContext,
): Promise<Expr | undefined> {
  if (on.kind === 'none') return undefined;
  if (on.kind === 'using') {
    const equal = on.names.map(
      (name): Expr => ({
        kind: 'operator',
        name: 'eq',
        operands: [
          { kind: 'column', name: left.field(name).name },
          { kind: 'column', name: inner.get(right.field(name).name)! },
        ],
      }),
    );
    await typesOfRows(equal, both, context.engine);
    return equal.length === 1 ? equal[0] : { kind: 'operator', name: 'and', operands: equal };
  }
  const place = (expr: Expr): Expr => {
    if (expr.kind === 'column' && expr.side === 'right') {
      return { kind: 'column', name: inner.get(right.field(expr.name).name)! };
    }
    if (expr.kind === 'column')
      return { kind: 'column', name: (left.find(expr.name) ?? sideless(expr.name, left, right)).name };
    return mapChildren(expr, place);
  };
  const [condition] = await resolveAll([place(on.condition)], both, context);
  const [type] = await typesOfRows([condition!], both, context.engine);
  if (type!.kind !== 'boolean' && type!.kind !== 'null') {
    throw new InframeError(
      'TYPE_MISMATCH',
      `join condition '${describe(on.condition)}' is ${typeName(type!)}, not boolean; compare columns, for example with .eq(...)`,
    );
  }
  return condition;
}

/** A column whose side nobody said, and which the left table does not have. */
function sideless(name: string, left: Schema, right: Schema): { readonly name: string } {
  const found = right.find(name);
  if (found !== undefined) return found;
  throw new InframeError(
    'COLUMN_NOT_FOUND',
    `column '${name}' is in neither table; the left has: ${listNames(left.names)}; the right has: ${listNames(right.names)}`,
    { column: name },
  );
}

const NULLED_LEFT: ReadonlySet<JoinKind> = new Set<JoinKind>(['right', 'full']);

/** Left columns, then right ones; columns of USING once, with the value of the side that has one. */
function outputColumns(
  plan: Plan & { readonly kind: 'join' },
  left: Schema,
  right: Schema,
  inner: ReadonlyMap<string, string>,
): readonly Named[] {
  const using = new Set(plan.on.kind === 'using' ? plan.on.names.map(name => left.field(name).name) : []);
  const columns = left.names.map((name): Named => {
    const own: Expr = { kind: 'column', name };
    if (!using.has(name) || !NULLED_LEFT.has(plan.how)) return { name, expr: own };
    const other: Expr = { kind: 'column', name: inner.get(right.field(name).name)! };
    return { name, expr: { kind: 'call', name: 'coalesce', args: [own, other], distinct: false } };
  });
  for (const name of right.names) {
    if (using.has(left.find(name)?.name ?? '')) continue;
    const expr: Expr = { kind: 'column', name: inner.get(name)! };
    if (!left.has(name)) columns.push({ name, expr });
    else if (plan.suffix !== undefined) columns.push({ name: `${name}${plan.suffix}`, expr });
    else {
      throw new InframeError(
        'COLUMN_DUPLICATE',
        `column '${name}' is in both tables; join by it (on: '${name}'), rename one, or give a suffix: { suffix: '_right' }`,
        { column: name },
      );
    }
  }
  return columns;
}
