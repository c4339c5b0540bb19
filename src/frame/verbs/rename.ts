import type { Plan } from '../plan.js';
import { notEmpty } from './arguments.js';

/** The same columns, some under other names: `{ old: 'new' }`. */
export function rename(input: Plan, names: Readonly<Record<string, string>>): Plan {
  return { kind: 'rename', input, names: notEmpty('rename', Object.entries(names)) };
}
