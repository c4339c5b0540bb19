import type { Plan } from '../plan.js';
import { columnName, notEmpty, record } from './arguments.js';

/** The same columns, some under other names: `{ old: 'new' }`. */
export function rename(input: Plan, names: Readonly<Record<string, string>>): Plan {
  const pairs = notEmpty('rename', Object.entries(record('rename', names)));
  return { kind: 'rename', input, names: pairs.map(([from, to]) => [from, columnName('rename', to)] as const) };
}
