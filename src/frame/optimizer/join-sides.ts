import type { JoinKind } from '../plan.js';
import type { JoinRelation } from '../relation.js';
import { Schema } from '../schema.js';

/** The left table of a join, or the right one. */
export type Side = 0 | 1;

/** The tables whose rows are in the result as they are, once or oftener or not at all, but never as nulls. */
export const KEPT_SIDES: Readonly<Record<JoinKind, readonly Side[]>> = {
  inner: [0, 1],
  cross: [0, 1],
  left: [0],
  right: [1],
  full: [],
  semi: [0],
  anti: [0],
};

/** The tables whose rows take no part in the result unless they meet the condition. */
export const FILTERED_SIDES: Readonly<Record<JoinKind, readonly Side[]>> = {
  inner: [0, 1],
  cross: [0, 1],
  left: [1],
  right: [0],
  full: [],
  semi: [0, 1],
  anti: [1],
};

/** The columns of a join: of both tables, but of the left alone where the right one only chooses its rows. */
export function joinSchema(how: JoinKind, [left, right]: JoinRelation['inputs']): Schema {
  return how === 'semi' || how === 'anti' ? left.schema : new Schema([...left.schema.fields, ...right.schema.fields]);
}
