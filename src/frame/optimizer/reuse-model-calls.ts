import { columnOf, freshName } from '../analysis/columns.js';
import type { Named } from '../expr.js';
import type { ModelCall } from '../model.js';
import { inputsOf, type JoinRelation, mapInputs, type Relation, withInputs } from '../relation.js';
import { Schema } from '../schema.js';
import { callKey } from './call-key.js';
import { joinSchema, KEPT_SIDES } from './join-sides.js';
import { reads, readsOnly } from './reads.js';
import { substitute } from './substitute.js';
import { isVolatile } from './volatile.js';

/**
 * A call that has been made further down is not made again: its column is handed up instead, so that a model in WHERE,
 * SELECT and ORDER BY runs once a row.
 *
 * Comes after `liftModelCalls`, when every call stands in a `score` node.
 */
export function reuseModelCalls(relation: Relation): Relation {
  const times = new Map<string, number>();
  countModels(relation, times);
  return reuse(relation, call => times.get(call.descriptor.key)! > 1);
}

/** How many calls of each model there are: of one that is called once, no other call has to be looked for. */
function countModels(relation: Relation, times: Map<string, number>): void {
  for (const input of inputsOf(relation)) countModels(input, times);
  if (relation.kind !== 'score') return;
  for (const { call } of relation.calls) {
    times.set(call.descriptor.key, (times.get(call.descriptor.key) ?? 0) + 1);
  }
}

function reuse(relation: Relation, mayBeMade: (call: ModelCall) => boolean): Relation {
  const node = mapInputs(relation, input => reuse(input, mayBeMade));
  if (node.kind !== 'score') return node;
  const made = new Map<string, string>();
  let { input } = node;
  for (const { column, call } of node.calls) {
    const held = mayBeMade(call) ? hold(call, input) : undefined;
    if (held === undefined) continue;
    input = held.relation;
    made.set(column, held.column);
  }
  if (made.size === 0) return node;
  const calls = node.calls.filter(({ column }) => !made.has(column));
  const own = calls.map(({ column, call }) => ({ name: column, type: call.type }));
  const columns = node.schema.names.map(
    (name): Named => ({
      name,
      expr: { kind: 'column', name: made.get(name) ?? name },
    }),
  );
  const schema = new Schema([...input.schema.fields, ...own]);
  const rest: Relation = calls.length === 0 ? input : { ...node, schema, calls, input };
  return { kind: 'project', schema: node.schema, input: rest, columns };
}

/** A relation with the result of a call among its columns. */
interface Held {
  readonly relation: Relation;
  readonly column: string;
}

/** The relation with the result of an equal call below it handed up as a column; undefined if there is none. */
function hold(call: ModelCall, relation: Relation): Held | undefined {
  if (isVolatile({ kind: 'modelCall', call })) return undefined;
  switch (relation.kind) {
    case 'score':
      return holdInScore(call, relation);
    case 'project':
      return holdInProject(call, relation);
    case 'filter':
    case 'sort':
    case 'limit':
    case 'sample':
      return handedUp(relation, hold(call, relation.input));
    case 'distinct':
    case 'cache': {
      // Another column would make other rows distinct; and what is computed for several readers stays as it is.
      const held = hold(call, relation.input);
      return held?.relation.schema.length === relation.schema.length ? { relation, column: held.column } : undefined;
    }
    case 'window':
    case 'explode': {
      const made = relation.kind === 'window' ? relation.columns.map(({ name }) => name) : explodedColumns(relation);
      return readsSome(call, made) ? undefined : handedUp(relation, hold(call, relation.input));
    }
    case 'join':
      return holdInJoin(call, relation);
    default:
      return undefined;
  }
}

function holdInScore(call: ModelCall, relation: Relation & { readonly kind: 'score' }): Held | undefined {
  const key = callKey(call);
  const same = relation.calls.find(each => callKey(each.call) === key && !isVolatile({ kind: 'modelCall', ...each }));
  if (same !== undefined) return { relation, column: same.column };
  const own = relation.calls.map(({ column }) => column);
  return readsSome(call, own) ? undefined : handedUp(relation, hold(call, relation.input));
}

function holdInProject(call: ModelCall, relation: Relation & { readonly kind: 'project' }): Held | undefined {
  const moved = substitute({ kind: 'modelCall', call }, relation.columns);
  const held = moved?.kind === 'modelCall' ? hold(moved.call, relation.input) : undefined;
  if (held === undefined) return undefined;
  const there = relation.columns.find(({ expr }) => expr.kind === 'column' && expr.name === held.column);
  if (there !== undefined) return { relation: { ...relation, input: held.relation }, column: there.name };
  if (relation.schema.has(held.column)) return undefined;
  const field = held.relation.schema.field(held.column);
  const column: Named = { name: field.name, expr: { kind: 'column', name: field.name } };
  const schema = new Schema([...relation.schema.fields, field]);
  return {
    relation: { ...relation, schema, input: held.relation, columns: [...relation.columns, column] },
    column: field.name,
  };
}

function holdInJoin(call: ModelCall, relation: JoinRelation): Held | undefined {
  const side = KEPT_SIDES[relation.how].find(each =>
    readsOnly({ kind: 'modelCall', call }, relation.inputs[each].schema),
  );
  const held = side === undefined ? undefined : hold(call, relation.inputs[side]);
  if (side === undefined || held === undefined) return undefined;
  const other = relation.inputs[side === 0 ? 1 : 0].schema;
  const { relation: input, column } = other.has(held.column) ? renamed(held, other) : held;
  const inputs: JoinRelation['inputs'] = side === 0 ? [input, relation.inputs[1]] : [relation.inputs[0], input];
  return { relation: { ...relation, inputs, schema: joinSchema(relation.how, inputs) }, column };
}

/** The result under a name that the other table of a join does not have (R4). */
function renamed({ relation, column }: Held, other: Schema): Held {
  const name = freshName('result', taken => relation.schema.has(taken) || other.has(taken));
  const to = (each: string): string => (each === column ? name : each);
  const schema = new Schema(relation.schema.fields.map(field => ({ ...field, name: to(field.name) })));
  const columns = relation.schema.names.map((each): Named => ({ name: to(each), expr: columnOf(each) }));
  return { relation: { kind: 'project', schema, input: relation, columns }, column: name };
}

/** A node of one input over the input that holds the result; what the node makes itself stands behind. */
function handedUp(relation: Relation & { readonly input: Relation }, held: Held | undefined): Held | undefined {
  if (held === undefined) return undefined;
  const before = relation.input.schema;
  const after = held.relation.schema.fields;
  const { schema } = relation;
  if (after.some(({ name }) => !before.has(name) && schema.has(name))) return undefined;
  const own = schema.fields.filter(({ name }) => !before.has(name));
  const fields = [...after.map(field => schema.find(field.name) ?? field), ...own];
  return { relation: { ...withInputs(relation, [held.relation]), schema: new Schema(fields) }, column: held.column };
}

function explodedColumns({ column, position }: Relation & { readonly kind: 'explode' }): readonly string[] {
  return position === undefined ? [column] : [column, position];
}

function readsSome(call: ModelCall, names: readonly string[]): boolean {
  const read = reads(call.args);
  return names.some(name => read.has(name));
}
