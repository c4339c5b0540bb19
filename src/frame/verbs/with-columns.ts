import type { ColumnOrValue } from '../expr.js';
import type { Plan } from '../plan.js';
import { notEmpty, toNamedAll } from './arguments.js';

/** The input's columns and these; one of the same name is replaced where it stands. All see the input's columns only. */
export function withColumns(input: Plan, columns: Readonly<Record<string, ColumnOrValue>>): Plan {
  return { kind: 'withColumns', input, columns: notEmpty('withColumns', toNamedAll(columns)) };
}
