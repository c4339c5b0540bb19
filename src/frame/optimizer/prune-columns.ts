import type { Named } from '../expr.js';
import {
  type JoinRelation,
  mapInputs,
  type NearestRelation,
  type Relation,
  type SetOperationRelation,
  withInputs,
} from '../relation.js';
import { Schema } from '../schema.js';
import { joinSchema } from './join-sides.js';
import { isOneRow } from './one-row.js';
import { reads } from './reads.js';

/** Nobody reads what nobody needs: columns and model calls whose results are not used above are left out. */
export function pruneColumns(relation: Relation): Relation {
  return whole(relation);
}

/** With all the columns it has, and nothing in it that those do not need. */
function whole(relation: Relation): Relation {
  return prune(relation, new Set(relation.schema.names));
}

/** The relation with these columns at least, and as few others as it can do without. */
function prune(relation: Relation, needed: ReadonlySet<string>): Relation {
  switch (relation.kind) {
    case 'scan':
      return { ...relation, schema: keep(relation.schema, needed) };
    case 'project': {
      const columns = relation.columns.filter(column => needed.has(column.name));
      const kept = columns.length > 0 ? columns : relation.columns.slice(0, 1);
      const schema = named(relation.schema, kept);
      return { ...relation, schema, columns: kept, input: prune(relation.input, reads(kept.map(c => c.expr))) };
    }
    case 'filter': {
      const input = prune(relation.input, union(needed, reads([relation.predicate])));
      return { ...relation, schema: input.schema, input };
    }
    case 'sort':
      return over(relation, union(needed, reads(relation.keys.map(key => key.expr))));
    case 'limit':
    case 'sample':
      return over(relation, needed);
    case 'aggregate':
      return pruneAggregate(relation, needed);
    case 'window':
      return pruneWindow(relation, needed);
    case 'explode':
      return pruneExplode(relation, needed);
    case 'score':
      return pruneScore(relation, needed);
    case 'join':
      return pruneJoin(relation, needed);
    case 'nearest':
      return pruneNearest(relation, needed);
    case 'setOperation':
      return pruneSetOperation(relation, needed);
    case 'distinct':
    case 'cache':
    case 'query':
    case 'local':
      // Rows are told apart by all their columns, a cache has other readers, and what a statement reads the engine knows.
      return mapInputs(relation, whole);
  }
}

/** A node that hands the columns of its input on. */
function over(relation: Relation & { readonly input: Relation }, needed: ReadonlySet<string>): Relation {
  const input = handed(relation.input, needed);
  return { ...withInputs(relation, [input]), schema: input.schema };
}

/** The input of a node before which models have run: of what they read, nothing is stored that is not needed. */
function handed(relation: Relation, needed: ReadonlySet<string>): Relation {
  const input = prune(relation, needed);
  return endsInModels(input) ? exactly(input, keep(input.schema, needed)) : input;
}

/** True if rows come out of models with nothing but filters above. */
function endsInModels(relation: Relation): boolean {
  return relation.kind === 'score' || (relation.kind === 'filter' && endsInModels(relation.input));
}

function pruneAggregate(relation: Relation & { readonly kind: 'aggregate' }, needed: ReadonlySet<string>): Relation {
  const aggregates = relation.aggregates.filter(column => needed.has(column.name));
  const kept = aggregates.length > 0 || relation.keys.length > 0 ? aggregates : relation.aggregates.slice(0, 1);
  const columns = [...relation.keys, ...kept];
  const input = handed(relation.input, reads(columns.map(({ expr }) => expr)));
  return { ...relation, schema: named(relation.schema, columns), aggregates: kept, input };
}

function pruneWindow(relation: Relation & { readonly kind: 'window' }, needed: ReadonlySet<string>): Relation {
  const columns = relation.columns.filter(({ name }) => needed.has(name));
  const own = new Set(relation.columns.map(({ name }) => name));
  if (columns.length === 0) return prune(relation.input, without(needed, own));
  const input = handed(relation.input, union(without(needed, own), reads(columns.map(({ expr }) => expr))));
  const made = named(relation.schema, columns);
  return { ...relation, schema: new Schema([...input.schema.fields, ...made.fields]), columns, input };
}

function pruneExplode(relation: Relation & { readonly kind: 'explode' }, needed: ReadonlySet<string>): Relation {
  const { column, schema } = relation;
  const position = relation.position !== undefined && needed.has(relation.position) ? relation.position : undefined;
  const own = new Set(relation.position === undefined ? [] : [relation.position]);
  const input = handed(relation.input, union(without(needed, own), new Set([column])));
  const fields = input.schema.fields.map(field => (field.name === column ? schema.field(column) : field));
  const made = position === undefined ? [] : [schema.field(position)];
  return { ...relation, schema: new Schema([...fields, ...made]), position, input };
}

function pruneScore(relation: Relation & { readonly kind: 'score' }, needed: ReadonlySet<string>): Relation {
  const calls = relation.calls.filter(({ column }) => needed.has(column));
  const own = new Set(relation.calls.map(({ column }) => column));
  if (calls.length === 0) return prune(relation.input, without(needed, own));
  const input = handed(relation.input, union(without(needed, own), reads(calls.flatMap(({ call }) => call.args))));
  const made = calls.map(({ column, call }) => ({ name: column, type: call.type }));
  return { ...relation, schema: new Schema([...input.schema.fields, ...made]), calls, input };
}

function pruneJoin(relation: JoinRelation, needed: ReadonlySet<string>): Relation {
  const { condition, how } = relation;
  const all = condition === undefined ? needed : union(needed, reads([condition]));
  const [left, right] = relation.inputs;
  const unread = ![...all].some(name => right.schema.has(name));
  if (how === 'cross' && unread && isOneRow(right)) return prune(left, needed);
  const inputs: JoinRelation['inputs'] = [handed(left, all), handed(right, all)];
  return { ...relation, schema: joinSchema(how, inputs), inputs };
}

function pruneNearest(relation: NearestRelation, needed: ReadonlySet<string>): Relation {
  const { vectors, numbers, rank, score, schema } = relation;
  const all = union(needed, new Set([...vectors, ...numbers]));
  const inputs: NearestRelation['inputs'] = [handed(relation.inputs[0], all), handed(relation.inputs[1], all)];
  const own = [schema.field(rank), schema.field(score)];
  const fields = [...inputs[0].schema.fields, ...inputs[1].schema.fields, ...own];
  return { ...relation, schema: new Schema(fields), inputs };
}

function pruneSetOperation(relation: SetOperationRelation, needed: ReadonlySet<string>): Relation {
  // Rows are told apart by every column where equal ones are counted or left out.
  if (relation.operation !== 'union' || !relation.all) return mapInputs(relation, whole);
  const schema = keep(relation.schema, needed);
  const names = new Set(schema.names);
  return { ...relation, schema, inputs: relation.inputs.map(input => exactly(prune(input, names), schema)) };
}

/** These columns in this order, and no others. */
function exactly(input: Relation, schema: Schema): Relation {
  const { names } = input.schema;
  if (names.length === schema.length && names.every((name, at) => name === schema.names[at])) return input;
  const columns = schema.names.map((name): Named => ({ name, expr: { kind: 'column', name } }));
  return { kind: 'project', schema, input, columns };
}

/** A table keeps at least one column: `count(*)` needs rows. The first costs least to say. */
function keep(schema: Schema, needed: ReadonlySet<string>): Schema {
  const fields = schema.fields.filter(field => needed.has(field.name));
  return new Schema(fields.length > 0 ? fields : schema.fields.slice(0, 1));
}

function named(schema: Schema, columns: readonly Named[]): Schema {
  const names = new Set(columns.map(({ name }) => name));
  return new Schema(schema.fields.filter(field => names.has(field.name)));
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a, ...b]);
}

function without(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter(name => !b.has(name)));
}
