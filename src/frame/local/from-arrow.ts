import { Data, RecordBatch, Struct, type Table } from 'apache-arrow';
import { InframeError, shown } from '../errors.js';
import type { Plan } from '../plan.js';

/**
 * An Arrow table. Its buffers are not copied, and must not be changed before they have been stored, which the first use of
 * the frame does.
 */
export function fromArrow(table: Table | readonly RecordBatch[]): Plan {
  const batches = batchesOf(table);
  if (batches === undefined) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `value ${shown(table)} is not an Arrow table; give a Table of the package apache-arrow, or a list of its batches`,
    );
  }
  return { kind: 'memory', table: { kind: 'arrow', batches }, store: { result: undefined } };
}

/** Told by what they have, not by their class: a program may have loaded apache-arrow twice. */
function batchesOf(value: unknown): readonly RecordBatch[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return value.length > 0 && value.every(isBatch) ? [...value] : undefined;
  if (isBatch(value)) return [value];
  const { batches, schema } = value as Partial<Table>;
  if (!Array.isArray(batches) || !batches.every(isBatch) || schema === undefined) return undefined;
  if (batches.length > 0) return [...batches];
  return [new RecordBatch(schema, new Data(new Struct(schema.fields), 0, 0, 0))];
}

function isBatch(value: unknown): value is RecordBatch {
  return (
    typeof value === 'object' &&
    value !== null &&
    'numRows' in value &&
    'schema' in value &&
    'data' in value &&
    !('batches' in value)
  );
}
