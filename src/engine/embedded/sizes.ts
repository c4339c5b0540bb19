import type { DataType } from '../../frame/types.js';
import type { ScoreRequestCall } from './messages.js';
import { sum } from './sum.js';

/** Bytes a row of the calls' arguments takes in a worker. */
export function argumentBytes(calls: readonly ScoreRequestCall[]): number {
  return sum(calls.flatMap(call => call.types.map(typeBytes)));
}

/**
 * The same, where bytes of unknown length are most of a source's row.
 *
 * @param sourceBytes a row of the source, on average
 */
export function rowBytesOf(calls: readonly ScoreRequestCall[], sourceBytes: number): number {
  const wide = calls.some(call => call.types.some(({ kind }) => kind === 'binary'));
  return wide ? Math.max(argumentBytes(calls), sourceBytes) : argumentBytes(calls);
}

/** Bytes a value takes in a worker; values of unknown length count as 2 KiB. */
export function typeBytes(type: DataType): number {
  switch (type.kind) {
    case 'array':
      return type.length * typeBytes(type.element);
    case 'struct':
      return sum(type.fields.map(field => typeBytes(field.type)));
    case 'list':
    case 'binary':
      return 2048;
    case 'string':
      return 32;
    case 'boolean':
    case 'int8':
    case 'uint8':
      return 1;
    case 'int16':
    case 'uint16':
      return 2;
    case 'float32':
    case 'int32':
    case 'uint32':
      return 4;
    default:
      return 8;
  }
}

const ROW_GROUP_BYTES = 64 * 1024 * 1024;
/** DuckDB works in vectors of this many rows. */
const VECTOR = 2048;

/** Rows in a row group of a part: at most so many, and fewer where they are wide. */
export function rowGroupRows(rowBytes: number, most: number): number {
  const fitting = Math.floor(ROW_GROUP_BYTES / Math.max(1, rowBytes) / VECTOR) * VECTOR;
  return Math.max(VECTOR, Math.min(most, fitting));
}
