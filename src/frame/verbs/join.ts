import { InframeError, listNames, nearest, shown } from '../errors.js';
import { Column } from '../expr.js';
import { col } from '../functions.js';
import type { JoinCondition, JoinKind, Plan } from '../plan.js';
import { columnName, notEmpty } from './arguments.js';

/** A column of one of the two tables, by name. */
export type SideColumns = (name: string) => Column;

/**
 * What makes rows belong together: a name or names that both tables have (each column then comes out once), or a condition,
 * written by a function of both sides: `(left, right) => left('id').eq(right('flight_id'))`.
 */
export type JoinOn = string | readonly string[] | Column | ((left: SideColumns, right: SideColumns) => Column);

/** How two tables are joined, in the words of Spark and SQL. */
export type JoinHow = JoinKind | keyof typeof OTHER_NAMES;

/** What is said of a join beside its condition. */
export interface JoinOptions {
  /** Put behind the name of a right column that the left table has too: `'_right'`. */
  readonly suffix?: string;
}

const KINDS: readonly JoinKind[] = ['inner', 'left', 'right', 'full', 'semi', 'anti', 'cross'];

const OTHER_NAMES = {
  outer: 'full',
  full_outer: 'full',
  fullouter: 'full',
  left_outer: 'left',
  leftouter: 'left',
  right_outer: 'right',
  rightouter: 'right',
  left_semi: 'semi',
  leftsemi: 'semi',
  left_anti: 'anti',
  leftanti: 'anti',
} as const satisfies Readonly<Record<string, JoinKind>>;

/** Two tables side by side: columns of the left, then those of the right. */
export function join(
  left: Plan,
  right: Plan | undefined,
  on: JoinOn | undefined,
  how: JoinHow = 'inner',
  options: JoinOptions = {},
): Plan {
  if (right === undefined) throw notATable('join');
  const kind = kindOf(how);
  const suffix = suffixOf(options);
  if (kind === 'cross' && on === undefined) {
    return { kind: 'join', left, right, how: kind, on: { kind: 'none' }, suffix };
  }
  // A cross join with a condition is an inner one.
  return { kind: 'join', left, right, how: kind === 'cross' ? 'inner' : kind, on: conditionOf(on), suffix };
}

/** Every row of the left table with every row of the right. */
export function crossJoin(left: Plan, right: Plan | undefined, options: JoinOptions = {}): Plan {
  if (right === undefined) throw notATable('crossJoin');
  return { kind: 'join', left, right, how: 'cross', on: { kind: 'none' }, suffix: suffixOf(options) };
}

export function notATable(verb: string): InframeError {
  return new InframeError('ARGUMENT_INVALID', `argument of ${verb} is not a table; give another DataFrame`);
}

function kindOf(how: string): JoinKind {
  const folded = typeof how === 'string' ? how.toLowerCase() : '';
  const kind = KINDS.find(name => name === folded) ?? (OTHER_NAMES as Readonly<Record<string, JoinKind>>)[folded];
  if (kind !== undefined) return kind;
  const known = [...KINDS, ...Object.keys(OTHER_NAMES)];
  const guess = nearest(folded, known);
  throw new InframeError(
    'ARGUMENT_INVALID',
    `kind ${shown(how)} of join is not known; there are: ${listNames(KINDS)}${guess === undefined ? '' : ` (did you mean '${guess}'?)`}`,
  );
}

function conditionOf(on: JoinOn | undefined): JoinCondition {
  if (typeof on === 'string') return { kind: 'using', names: [columnName('join', on)] };
  if (Array.isArray(on)) {
    const names = notEmpty('join', on as readonly string[]).map(name => columnName('join', name));
    const folded = names.map(name => name.toLowerCase());
    const twice = names.find((_, at) => folded.indexOf(folded[at]!) < at);
    if (twice === undefined) return { kind: 'using', names };
    throw new InframeError('ARGUMENT_INVALID', `column '${twice}' is named twice in join; name it once`);
  }
  const condition = typeof on === 'function' ? on(col, rightColumn) : on;
  if (condition instanceof Column) return { kind: 'on', condition: condition.expr };
  const what = typeof on === 'function' ? 'what the function of join gives' : 'condition of join';
  throw new InframeError(
    'ARGUMENT_INVALID',
    `${what} ${shown(condition)} is no condition; give a column's name, a list of names, or (left, right) => left('a').eq(right('b')); all pairs of rows are crossJoin(other)`,
  );
}

function rightColumn(name: string): Column {
  return new Column({ kind: 'column', name: columnName('join', name), side: 'right' }, name);
}

export function suffixOf({ suffix }: JoinOptions): string | undefined {
  if (suffix === undefined || (typeof suffix === 'string' && suffix !== '')) return suffix;
  throw new InframeError('ARGUMENT_INVALID', `suffix ${shown(suffix)} is not one; give a text such as '_right'`);
}
