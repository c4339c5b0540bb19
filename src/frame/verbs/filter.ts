import { InframeError, shown } from '../errors.js';
import { Column } from '../expr.js';
import { sql } from '../functions.js';
import type { Plan } from '../plan.js';

/** Only the rows for which the condition is true; a null condition drops the row. */
export function filter(input: Plan, condition: Column | string): Plan {
  const column = typeof condition === 'string' ? sql(condition) : condition;
  if (!(column instanceof Column)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `filter condition ${shown(condition)} is not a condition; use col('x').gt(0) or 'x > 0'`,
    );
  }
  return { kind: 'filter', input, predicate: column.expr };
}
