import type { Expr, SortKey } from '../expr.js';
import { inputsOf, type JoinRelation, type Relation, withInputs } from '../relation.js';
import { Schema } from '../schema.js';
import type { DataType, Field } from '../types.js';
import { columnOf, freshName, passThrough } from './columns.js';

/** A table and those of its columns that tell its rows apart. */
export interface IdentifiedRows {
  /** The table with, where needed, columns of our own behind the others. */
  readonly relation: Relation;
  /** Two runs of the plan give a row the same values in these, whatever the threads, and no two rows have the same. */
  readonly key: readonly string[];
}

/**
 * Finds what tells the rows of a table apart in every run (Rule 9). Rows of a source are known by their number, the rows of
 * a join by those of both sides, groups by their keys. Where the engine gives rows in no order of its own, and nothing
 * else is known, it is all of their content, and a number among those that are equal.
 */
export function identifyRows(relation: Relation): IdentifiedRows {
  const names = new Set<string>();
  const collect = (part: Relation): void => {
    for (const name of part.schema.names) names.add(name.toLowerCase());
    inputsOf(part).forEach(collect);
  };
  collect(relation);
  return identify(relation, stem => {
    const name = freshName(stem, taken => names.has(taken.toLowerCase()));
    names.add(name.toLowerCase());
    return name;
  });
}

type Fresh = (stem: string) => string;

const INT64: DataType = { kind: 'int64' };

function identify(relation: Relation, fresh: Fresh): IdentifiedRows {
  if (isInOrder(relation)) return numbered(relation, [], [], fresh);
  switch (relation.kind) {
    case 'project': {
      const { relation: input, key } = identify(relation.input, fresh);
      const own = key.map(name => ({ name: fresh('row'), expr: columnOf(name) }));
      const fields = own.map(({ name }, at) => ({ name, type: input.schema.type(key[at]!) }));
      const schema = new Schema([...relation.schema.fields, ...fields]);
      return {
        relation: { ...relation, schema, input, columns: [...relation.columns, ...own] },
        key: own.map(({ name }) => name),
      };
    }
    case 'filter':
    case 'sort': {
      const { relation: input, key } = identify(relation.input, fresh);
      return { relation: { ...relation, schema: input.schema, input }, key };
    }
    case 'limit':
      // A window put below it could change the order in which it counts rows.
      return byContent(relation, relation.schema.fields, false, fresh);
    case 'window': {
      const { relation: input, key } = identify(relation.input, fresh);
      const own = relation.schema.fields.slice(relation.input.schema.length);
      return { relation: { ...relation, schema: new Schema([...input.schema.fields, ...own]), input }, key };
    }
    case 'explode': {
      const { relation: input, key } = keptFrom(identify(relation.input, fresh), relation.column, fresh);
      const position = relation.position ?? fresh('position');
      const elements = input.schema.fields.map(({ name, type }) => ({
        name,
        type: name === relation.column ? relation.schema.type(name) : type,
      }));
      const schema = new Schema([...elements, { name: position, type: INT64 }]);
      return { relation: { ...relation, schema, input, position }, key: [...key, position] };
    }
    case 'join':
      return identifyJoin(relation, fresh);
    case 'aggregate':
      return relation.sets === undefined
        ? byContent(relation, relation.schema.fields.slice(0, relation.keys.length), true, fresh)
        : byContent(relation, relation.schema.fields, false, fresh);
    case 'distinct':
      return byContent(relation, relation.schema.fields, true, fresh);
    case 'setOperation':
      return byContent(relation, relation.schema.fields, !relation.all, fresh);
    default:
      return byContent(relation, relation.schema.fields, false, fresh);
  }
}

/** The same rows, known by another column than this one, whose values are about to change. */
function keptFrom({ relation, key }: IdentifiedRows, column: string, fresh: Fresh): IdentifiedRows {
  if (!key.includes(column)) return { relation, key };
  const name = fresh('row');
  const schema = new Schema([...relation.schema.fields, { name, type: relation.schema.type(column) }]);
  const columns = [...passThrough(relation.schema), { name, expr: columnOf(column) }];
  return {
    relation: { kind: 'project', schema, input: relation, columns },
    key: key.map(part => (part === column ? name : part)),
  };
}

/** True if the engine gives the rows in the same order in every run. */
export function isInOrder(relation: Relation): boolean {
  switch (relation.kind) {
    case 'scan':
    case 'local':
      return true;
    case 'project':
    case 'filter':
    case 'limit':
    case 'explode':
      return isInOrder(relation.input);
    case 'cache':
      // Stored rows have an order, but in the next session it may be another.
      return relation.store.inOrder ?? isInOrder(relation.input);
    case 'setOperation':
      return relation.operation === 'union' && relation.all && relation.inputs.every(isInOrder);
    default:
      return false;
  }
}

function identifyJoin(relation: JoinRelation, fresh: Fresh): IdentifiedRows {
  const left = identify(relation.inputs[0], fresh);
  if (relation.how === 'semi' || relation.how === 'anti') {
    const inputs = [left.relation, relation.inputs[1]] as const;
    return { relation: { ...relation, schema: left.relation.schema, inputs }, key: left.key };
  }
  const right = identify(relation.inputs[1], fresh);
  const schema = new Schema([...left.relation.schema.fields, ...right.relation.schema.fields]);
  const joined = withInputs({ ...relation, schema }, [left.relation, right.relation]);
  return { relation: joined, key: [...left.key, ...right.key] };
}

/**
 * Rows known by columns of theirs. Sums of floats differ in their last digits from run to run, so such columns only give
 * the order among rows that are otherwise equal.
 *
 * @param unique true if no two rows have the same values in these columns
 */
function byContent(relation: Relation, fields: readonly Field[], unique: boolean, fresh: Fresh): IdentifiedRows {
  const exact = fields.filter(({ type }) => isExact(type)).map(({ name }) => name);
  const inexact = fields.filter(({ type }) => !isExact(type)).map(({ name }) => name);
  if (unique && inexact.length === 0) return { relation, key: exact };
  const among = numbered(relation, exact, inexact, fresh);
  return { relation: among.relation, key: [...exact, ...among.key] };
}

function isExact(type: DataType): boolean {
  switch (type.kind) {
    case 'float32':
    case 'float64':
    case 'other':
      return false;
    case 'list':
    case 'array':
      return isExact(type.element);
    case 'struct':
      return type.fields.every(field => isExact(field.type));
    case 'map':
      return isExact(type.key) && isExact(type.value);
    default:
      return true;
  }
}

/** The table with a number for each row: of those that are equal in some columns, in the order of others. */
function numbered(
  relation: Relation,
  equal: readonly string[],
  order: readonly string[],
  fresh: Fresh,
): IdentifiedRows {
  const name = fresh('row');
  return { relation: withRowNumber(relation, name, equal, order.map(ascending)), key: [name] };
}

export function ascending(name: string): SortKey {
  return { expr: columnOf(name), descending: false, nullsFirst: false };
}

/** The table and, behind its columns, a number from 1 for each row of those that are equal in some columns. */
export function withRowNumber(
  input: Relation,
  name: string,
  partitionBy: readonly string[],
  orderBy: readonly SortKey[],
): Relation {
  const call: Expr = { kind: 'call', name: 'row_number', args: [], distinct: false };
  const expr: Expr = { kind: 'window', call, partitionBy: partitionBy.map(columnOf), orderBy, frame: undefined };
  const schema = new Schema([...input.schema.fields, { name, type: INT64 }]);
  return { kind: 'window', schema, input, columns: [{ name, expr }] };
}

/** The table without the columns that were put behind its own. */
export function withoutKey(relation: Relation, schema: Schema): Relation {
  if (relation.schema.length === schema.length) return relation;
  return { kind: 'project', schema, input: relation, columns: passThrough(schema) };
}
