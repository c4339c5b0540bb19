import { InframeError } from '../errors.js';
import type { Expr, Named } from '../expr.js';
import type { JoinKind, Plan } from '../plan.js';
import type { JoinRelation, Relation } from '../relation.js';
import { typesOfRows } from '../row-wise.js';
import { Schema } from '../schema.js';
import { columnOf } from './columns.js';
import type { AnalysisContext } from './context.js';
import { joinByNumbers } from './join-by-numbers.js';
import { conditionOf, type JoinSides } from './join-condition.js';
import { type ScoredSides, scoreBeforeJoin } from './join-models.js';

/** Two tables side by side. Right columns whose names the left table has too stand under hidden names inside (R4). */
export async function analyzeJoin(plan: Plan & { readonly kind: 'join' }, context: AnalysisContext): Promise<Relation> {
  const left = await context.analyze(plan.left);
  const original = await context.analyze(plan.right);
  const hidden = hiddenNames(left.schema, original.schema);
  const sides: JoinSides = { left: left.schema, right: original.schema, hidden };
  const right = renamed(original, hidden);
  const oneSided = plan.how === 'semi' || plan.how === 'anti';
  const condition = await conditionOf(plan.on, sides, new Schema([...left.schema, ...right.schema]), context);
  const columns = oneSided ? undefined : outputColumns(plan, sides);
  const scored = scoreBeforeJoin(condition, left, right);
  const both = new Schema([...scored.left.schema, ...scored.right.schema]);
  const joined = joinOf(plan.how, scored);
  if (columns === undefined) return onlyColumns(joined, left.schema);
  const types = await typesOfRows(
    columns.map(({ expr }) => expr),
    both,
    context.engine,
  );
  const schema = new Schema(columns.map(({ name }, index) => ({ name, type: types[index]! })));
  return { kind: 'project', schema, input: joined, columns };
}

function joinOf(how: JoinKind, { left, right, condition, after }: ScoredSides): Relation {
  if (after !== undefined && how !== 'inner') return joinByNumbers(how, left, right, condition, after);
  const oneSided = how === 'semi' || how === 'anti';
  const join: JoinRelation = {
    kind: 'join',
    schema: oneSided ? left.schema : new Schema([...left.schema.fields, ...right.schema.fields]),
    inputs: [left, right],
    how: condition === undefined && how === 'inner' ? 'cross' : how,
    condition,
  };
  return after === undefined ? join : { kind: 'filter', schema: join.schema, input: join, predicate: after };
}

function onlyColumns(relation: Relation, schema: Schema): Relation {
  if (relation.schema.length === schema.length) return relation;
  const columns = schema.names.map((name): Named => ({ name, expr: columnOf(name) }));
  return { kind: 'project', schema, input: relation, columns };
}

/** What the right columns are called inside, where the left table has columns of their names (R4). */
export function hiddenNames(left: Schema, right: Schema): ReadonlyMap<string, string> {
  return new Map(right.names.map(name => [name, hiddenName(name, left, right)]));
}

function hiddenName(name: string, left: Schema, right: Schema): string {
  let hidden = name;
  for (let round = 1; left.has(hidden) || (hidden !== name && right.has(hidden)); round += 1) {
    hidden = `__inframe_right${round}_${name}`;
  }
  return hidden;
}

/** The table with its columns under other names. */
export function renamed(relation: Relation, names: ReadonlyMap<string, string>): Relation {
  if ([...names].every(([from, to]) => from === to)) return relation;
  const schema = new Schema(relation.schema.fields.map(({ name, type }) => ({ name: names.get(name)!, type })));
  const columns = relation.schema.names.map((name): Named => ({ name: names.get(name)!, expr: columnOf(name) }));
  return { kind: 'project', schema, input: relation, columns };
}

const NULLED_LEFT: ReadonlySet<JoinKind> = new Set<JoinKind>(['right', 'full']);

/** Left columns, then right ones; columns of USING once, with the value of the side that has one. */
export function outputColumns(
  plan: Pick<Plan & { readonly kind: 'join' }, 'how' | 'on' | 'suffix'>,
  { left, right, hidden }: JoinSides,
): readonly Named[] {
  const using = new Set(plan.on.kind === 'using' ? plan.on.names.map(name => left.field(name).name) : []);
  const columns = left.names.map((name): Named => {
    const own = columnOf(name);
    if (!using.has(name) || !NULLED_LEFT.has(plan.how)) return { name, expr: own };
    const other = columnOf(hidden.get(right.field(name).name)!);
    const coalesce: Expr = { kind: 'call', name: 'coalesce', args: [own, other], distinct: false };
    return { name, expr: coalesce };
  });
  for (const name of right.names) {
    if (using.has(left.find(name)?.name ?? '')) continue;
    const expr = columnOf(hidden.get(name)!);
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
