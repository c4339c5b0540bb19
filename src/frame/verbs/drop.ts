import type { Plan } from '../plan.js';
import { columnName, notEmpty } from './arguments.js';

/** All columns but these. */
export function drop(input: Plan, names: readonly string[]): Plan {
  return { kind: 'drop', input, names: notEmpty('drop', names).map(name => columnName('drop', name)) };
}
