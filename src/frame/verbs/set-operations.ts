import type { Plan, SetOperation } from '../plan.js';
import { notATable } from './join.js';

/** What is said of `unionByName`. */
export interface UnionByNameOptions {
  /** True if a column that one of the tables does not have is null in its rows. */
  readonly allowMissingColumns?: boolean;
}

/** The rows of the one and then those of the other, columns matched by position. */
export function union(left: Plan, right: Plan | undefined): Plan {
  return combined('union', 'union', true, left, right);
}

/** The same, columns matched by name. */
export function unionByName(left: Plan, right: Plan | undefined, options: UnionByNameOptions = {}): Plan {
  const allowMissing = options.allowMissingColumns === true;
  if (right === undefined) throw notATable('unionByName');
  return { kind: 'setOperation', operation: 'union', all: true, byName: true, allowMissing, inputs: [left, right] };
}

/** Columns are matched by position. @param verb what the user called */
export function combined(
  verb: string,
  operation: SetOperation,
  all: boolean,
  left: Plan,
  right: Plan | undefined,
): Plan {
  if (right === undefined) throw notATable(verb);
  // A union of many tables is one node, however long the chain of calls was.
  const flat = operation === 'union' && left.kind === 'setOperation' && left.operation === 'union' && left.all;
  const inputs = flat && !left.byName ? [...left.inputs, right] : [left, right];
  return { kind: 'setOperation', operation, all, byName: false, inputs };
}
