import { InframeError, listNames } from '../errors.js';
import { describe, type Expr, mapChildren } from '../expr.js';
import type { JoinCondition } from '../plan.js';
import { typesOfRows } from '../row-wise.js';
import type { Schema } from '../schema.js';
import { typeName } from '../types.js';
import { columnOf } from './columns.js';
import type { AnalysisContext } from './context.js';
import { resolveAll } from './resolve.js';
import { refuseWindows } from './windows.js';

/** The columns of the two tables, and what those of the right are called inside the join. */
export interface JoinSides {
  readonly left: Schema;
  readonly right: Schema;
  readonly hidden: ReadonlyMap<string, string>;
}

/**
 * What makes rows belong together, checked, as an expression over both tables side by side; undefined of a cross join.
 *
 * @param both the columns inside the join
 * @throws InframeError COLUMN_NOT_FOUND, TYPE_MISMATCH, EXPRESSION_INVALID
 */
export async function conditionOf(
  on: JoinCondition,
  sides: JoinSides,
  both: Schema,
  context: AnalysisContext,
): Promise<Expr | undefined> {
  if (on.kind === 'none') return undefined;
  if (on.kind === 'using') return equalColumns(on.names, sides, both, context);
  refuseWindows([on.condition], 'the condition of a join');
  const [condition] = await resolveAll([placed(on.condition, sides)], both, context);
  const [type] = await typesOfRows([condition!], both, context.engine);
  if (type!.kind !== 'boolean' && type!.kind !== 'null') {
    throw new InframeError(
      'TYPE_MISMATCH',
      `join condition '${describe(on.condition)}' is ${typeName(type!)}, not boolean; compare columns, for example with .eq(...)`,
    );
  }
  return condition;
}

async function equalColumns(
  names: readonly string[],
  { left, right, hidden }: JoinSides,
  both: Schema,
  context: AnalysisContext,
): Promise<Expr> {
  const equal: Expr[] = [];
  for (const name of names) {
    const own = left.field(name);
    const other = right.field(name);
    const operands = [columnOf(own.name), columnOf(hidden.get(other.name)!)];
    const condition: Expr = { kind: 'operator', name: 'eq', operands };
    try {
      await typesOfRows([condition], both, context.engine);
    } catch (cause) {
      throw new InframeError(
        'TYPE_MISMATCH',
        `column '${name}' is ${typeName(own.type)} in the left table and ${typeName(other.type)} in the right; cast one of them`,
        { column: name },
        cause,
      );
    }
    equal.push(condition);
  }
  return equal.length === 1 ? equal[0]! : { kind: 'operator', name: 'and', operands: equal };
}

/** Columns as they are called inside the join; one whose side nobody said is the left table's if it has it. */
function placed(expr: Expr, sides: JoinSides): Expr {
  if (expr.kind !== 'column') return mapChildren(expr, part => placed(part, sides));
  const { left, right, hidden } = sides;
  if (expr.side === 'right') return columnOf(hidden.get(right.field(expr.name).name)!);
  const own = left.find(expr.name);
  if (own !== undefined) return columnOf(own.name);
  const other = right.find(expr.name);
  if (other !== undefined) return columnOf(hidden.get(other.name)!);
  throw new InframeError(
    'COLUMN_NOT_FOUND',
    `column '${expr.name}' is in neither table; the left has: ${listNames(left.names)}; the right has: ${listNames(right.names)}`,
    { column: expr.name },
  );
}
