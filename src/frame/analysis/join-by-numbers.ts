import { callsModel, type Expr } from '../expr.js';
import { isVolatile } from '../optimizer/volatile.js';
import type { JoinKind } from '../plan.js';
import { anyRelation, expressionsOf, type JoinRelation, type Relation } from '../relation.js';
import { Schema } from '../schema.js';
import { columnOf, freshName } from './columns.js';
import { ascending, identifyRows, isInOrder, withRowNumber } from './row-identity.js';

/**
 * A join whose condition is only known of rows that have been joined already, as that of a model over both tables: the
 * pairs for which it is true are found by an inner join, as pairs of row numbers, and the tables are joined by these.
 *
 * @param condition what can be asked before
 * @param after what can be asked of joined rows
 * @returns the columns of the left table, and behind them, but for semi and anti joins, those of the right
 */
export function joinByNumbers(
  how: JoinKind,
  left: Relation,
  right: Relation,
  condition: Expr | undefined,
  after: Expr,
): Relation {
  const taken = new Set([...left.schema.names, ...right.schema.names]);
  const [leftRow, rightRow, ofLeft, ofRight] = ['left', 'right', 'of_left', 'of_right'].map(stem => {
    const name = freshName(stem, other => taken.has(other));
    taken.add(name);
    return name;
  }) as [string, string, string, string];
  const [l, r] = [numbered(left, leftRow), numbered(right, rightRow)];
  const joined = joinOf(condition === undefined ? 'cross' : 'inner', l, r, condition);
  const matched: Relation = { kind: 'filter', schema: joined.schema, input: joined, predicate: after };
  const pairs = renamedTo(matched, { [ofLeft]: leftRow, [ofRight]: rightRow });
  const byLeft = equal(leftRow, ofLeft);
  const byRight = equal(rightRow, ofRight);
  if (how === 'semi' || how === 'anti') return onlyColumns(joinOf(how, l, pairs, byLeft), left.schema.names);
  const names = [...left.schema.names, ...right.schema.names];
  if (how === 'right') return onlyColumns(joinOf('left', joinOf('left', r, pairs, byRight), l, byLeft), names);
  return onlyColumns(joinOf(how, joinOf('left', l, pairs, byLeft), r, byRight), names);
}

/**
 * The table and, behind its columns, numbers of its rows: in their order where they have one, and else in that of what tells
 * them apart.
 */
export function numberedRows(input: Relation, name: string): Relation {
  if (isInOrder(input)) return numbered(input, name);
  const { relation, key } = identifyRows(input);
  const wide = withRowNumber(relation, name, [], key.map(ascending));
  const rows = onlyColumns(wide, [...input.schema.names, name]);
  return { kind: 'cache', schema: rows.schema, input: rows, store: { result: undefined } };
}

/** Numbers have to be the same each time the table is read: rows that might come in another order are stored first. */
function numbered(input: Relation, name: string): Relation {
  const rows = withRowNumber(input, name, [], []);
  const differs = (part: Relation): boolean =>
    expressionsOf(part).some(expr => callsModel(expr) || isVolatile(expr)) || part.kind === 'query';
  if (isInOrder(input) && !anyRelation(input, differs)) return rows;
  return { kind: 'cache', schema: rows.schema, input: rows, store: { result: undefined } };
}

function joinOf(how: JoinKind, left: Relation, right: Relation, condition: Expr | undefined): JoinRelation {
  const oneSided = how === 'semi' || how === 'anti';
  const schema = oneSided ? left.schema : new Schema([...left.schema.fields, ...right.schema.fields]);
  return { kind: 'join', schema, inputs: [left, right], how, condition };
}

function equal(one: string, other: string): Expr {
  return { kind: 'operator', name: 'eq', operands: [columnOf(one), columnOf(other)] };
}

function onlyColumns(input: Relation, names: readonly string[]): Relation {
  return renamedTo(input, Object.fromEntries(names.map(name => [name, name])));
}

/** Some columns of a table, under the names that stand before them. */
function renamedTo(input: Relation, names: Readonly<Record<string, string>>): Relation {
  const entries = Object.entries(names);
  const schema = new Schema(entries.map(([name, from]) => ({ name, type: input.schema.type(from) })));
  return { kind: 'project', schema, input, columns: entries.map(([name, from]) => ({ name, expr: columnOf(from) })) };
}
