import type { LocalNode, LocalValue } from '../plan.js';
import { Schema } from '../schema.js';
import type { Field } from '../types.js';

/** A small table in memory: what a command answers. */
export function localTable(fields: readonly Field[], rows: readonly (readonly LocalValue[])[]): LocalNode {
  return Object.freeze({ kind: 'local', schema: new Schema(fields), rows: Object.freeze(rows) });
}

export function text(name: string): Field {
  return { name, type: { kind: 'string' } };
}

export function integer(name: string): Field {
  return { name, type: { kind: 'int64' } };
}

export function real(name: string): Field {
  return { name, type: { kind: 'float64' } };
}

/** What a command answers that has no rows to give. */
export function status(sentence: string): LocalNode {
  return localTable([text('status')], [[sentence]]);
}
