import { InframeError, shown } from '../errors.js';
import { type Column, type Expr, type LiteralValue, type Named, toExpr } from '../expr.js';
import type { Plan } from '../plan.js';
import { notEmpty, toNamed } from './arguments.js';

/** The column whose values become columns. */
export interface Pivot {
  readonly column: Named;
  readonly values: readonly LiteralValue[];
}

/** @throws InframeError ARGUMENT_INVALID if no values are given: columns have to be known before anything is read */
export function pivotOf(column: string | Column, values: readonly LiteralValue[] | undefined): Pivot {
  const named = toNamed(column);
  if (!Array.isArray(values) || values.length === 0) {
    const wrong = values === undefined ? 'has no values' : `has the values ${shown(values)}`;
    throw new InframeError(
      'ARGUMENT_INVALID',
      `pivot of '${named.name}' ${wrong}, and what columns there are must be known before rows are read; list them: pivot('${named.name}', ['a', 'b']); they are the rows of frame.select('${named.name}').distinct().collect()`,
      { column: named.name },
    );
  }
  const names = values.map(nameOfValue);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) {
    throw new InframeError('ARGUMENT_INVALID', `value '${twice}' is given to pivot twice; give it once`);
  }
  return { column: named, values: [...values] };
}

/**
 * A row for each group, and a column for each value and aggregate: `value`, or `value_aggregate` of several. Null where a
 * group has no row with the value.
 */
export function pivot(
  input: Plan,
  keys: readonly Named[],
  { column, values }: Pivot,
  aggregates: readonly Named[],
): Plan {
  notEmpty('agg', aggregates);
  // First one row a group and value, then the rows of a group side by side.
  const key = { name: '__inframe_pivot', expr: column.expr };
  const cells = aggregates.map(({ expr }, at) => ({ name: `__inframe_cell_${at}`, expr }));
  const first: Plan = { kind: 'aggregate', input, keys: [...keys, key], aggregates: cells };
  const columns = values.flatMap(value =>
    aggregates.map(({ name }, at): Named => {
      const only = nameOfValue(value);
      const cell: Expr = { kind: 'column', name: cells[at]!.name };
      return { name: aggregates.length === 1 ? only : `${only}_${name}`, expr: firstWhere(cell, key.name, value) };
    }),
  );
  const again = keys.map(({ name }): Named => ({ name, expr: { kind: 'column', name } }));
  return { kind: 'aggregate', input: first, keys: again, aggregates: columns };
}

/** The value of the only row of the group in which the pivot column has that value. */
function firstWhere(cell: Expr, column: string, value: LiteralValue): Expr {
  const own: Expr = { kind: 'column', name: column };
  const filter: Expr =
    value === null
      ? { kind: 'operator', name: 'isNull', operands: [own] }
      : { kind: 'operator', name: 'eq', operands: [own, toExpr(value)] };
  return { kind: 'call', name: 'first', args: [cell], distinct: false, aggregate: true, filter };
}

function nameOfValue(value: LiteralValue): string {
  if (value instanceof Date) return value.toISOString();
  if (value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return String(value);
  throw new InframeError(
    'ARGUMENT_INVALID',
    `value ${shown(value)} cannot be one of pivot; give texts, numbers, booleans, dates or null`,
  );
}
