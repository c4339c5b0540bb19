import { InframeError, listNames } from '../errors.js';
import type { Expr, Named } from '../expr.js';
import type { UnpivotNode } from '../plan-verbs.js';
import type { Relation } from '../relation.js';
import { Schema } from '../schema.js';
import { type DataType, typeName } from '../types.js';
import { columnOf, freshName } from './columns.js';
import type { AnalysisContext } from './context.js';
import { exploded } from './explode.js';
import { givenTwice } from './project.js';
import { commonType } from './set-operation.js';

/** One row for each of the value columns of a row, in the order they are named: the ids, the column's name, its value. */
export async function analyzeUnpivot(plan: UnpivotNode, context: AnalysisContext): Promise<Relation> {
  const input = await context.analyze(plan.input);
  const { schema } = input;
  const ids = plan.ids.map(name => schema.field(name));
  const values =
    plan.values === undefined
      ? schema.fields.filter(field => !ids.includes(field))
      : plan.values.map(name => schema.field(name));
  const twice = values.find((field, at) => values.indexOf(field) < at);
  if (twice !== undefined) throw givenTwice('unpivot', twice.name);
  if (values.length === 0) {
    throw new InframeError('ARGUMENT_INVALID', 'unpivot has no column of values left; name fewer ids');
  }
  const type = await commonType(
    values.map(field => field.type),
    context,
  );
  if (type === undefined) {
    const words = values.map(field => `${field.name} ${typeName(field.type)}`);
    throw new InframeError(
      'TYPE_MISMATCH',
      `columns of unpivot have no type together: ${listNames(words)}; cast them, or name other values`,
    );
  }
  const pair: DataType = {
    kind: 'struct',
    fields: [
      { name: 'name', type: { kind: 'string' } },
      { name: 'value', type },
    ],
  };
  const pairs = values.map(({ name }): Expr => {
    const value: Expr = { kind: 'cast', input: columnOf(name), type, safe: false };
    return pack({ name: { kind: 'literal', value: name }, value });
  });
  return rowsOf(
    input,
    ids.map(({ name }) => name),
    pairs,
    pair,
    [plan.nameColumn, plan.valueColumn],
  );
}

/** A struct of members under their names. */
export function pack(members: Readonly<Record<string, Expr>>): Expr {
  return {
    kind: 'call',
    name: 'struct_pack',
    args: Object.values(members),
    argNames: Object.keys(members),
    distinct: false,
  };
}

/**
 * Several rows for each row: some of its columns, and the members of one of the structs.
 *
 * @param type of the structs
 * @param names what their members are called as columns
 */
export function rowsOf(
  input: Relation,
  kept: readonly string[],
  structs: readonly Expr[],
  type: DataType & { readonly kind: 'struct' },
  names: readonly string[],
): Relation {
  const { schema } = input;
  const rows = freshName('rows', name => schema.has(name));
  const fields = kept.map(name => schema.field(name));
  const listed: Relation = {
    kind: 'project',
    schema: new Schema([...fields, { name: rows, type: { kind: 'list', element: type } }]),
    input,
    columns: [
      ...kept.map((name): Named => ({ name, expr: columnOf(name) })),
      { name: rows, expr: { kind: 'call', name: 'list_value', args: structs, distinct: false } },
    ],
  };
  const members = type.fields.map(
    (member, at): Named => ({
      name: names[at]!,
      expr: { kind: 'member', input: columnOf(rows), name: member.name },
    }),
  );
  return {
    kind: 'project',
    schema: new Schema([...fields, ...type.fields.map((member, at) => ({ name: names[at]!, type: member.type }))]),
    input: exploded(listed, { column: rows, outer: false, position: undefined }),
    columns: [...kept.map((name): Named => ({ name, expr: columnOf(name) })), ...members],
  };
}
