import type { LocalNode } from '../plan.js';
import type { Relation } from '../relation.js';
import { Schema } from '../schema.js';

/** A table of one row, for what reads no table. */
export const ONE_ROW: LocalNode = Object.freeze({
  kind: 'local',
  schema: new Schema([{ name: '__inframe_row', type: { kind: 'int32' } }]),
  rows: [[0]],
});

/** True of a relation that has one row whatever is in the files. */
export function isOneRow(relation: Relation): boolean {
  switch (relation.kind) {
    case 'local':
      return relation.rows.length === 1;
    case 'project':
    case 'score':
      return isOneRow(relation.input);
    default:
      return false;
  }
}
