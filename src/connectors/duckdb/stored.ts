import type { Schema } from '../../frame/schema.js';
import type { DataType } from '../../frame/types.js';
import { toSql } from './types.js';

/** Parquet has no integers of 128 bits, and DuckDB would write doubles: as decimals of 38 digits they keep every digit. */
const WIDE_INTEGER: DataType = { kind: 'decimal', precision: 38, scale: 0 };

/**
 * The columns of a table that go into Parquet as another type, and which: SQL types by name of the column.
 *
 * A reader that knows the table's own types casts them back.
 */
export function storedTypes(schema: Schema): Readonly<Record<string, string>> {
  const changed = schema.fields.flatMap(({ name, type }) => {
    const stored = storedType(type);
    return stored === type ? [] : [[name, toSql(stored)] as const];
  });
  return Object.fromEntries(changed);
}

function storedType(type: DataType): DataType {
  switch (type.kind) {
    case 'int128':
    case 'uint128':
      return WIDE_INTEGER;
    case 'list':
    case 'array': {
      const element = storedType(type.element);
      return element === type.element ? type : { ...type, element };
    }
    case 'struct': {
      const fields = type.fields.map(field => ({ ...field, type: storedType(field.type) }));
      return fields.every((field, at) => field.type === type.fields[at]!.type) ? type : { ...type, fields };
    }
    case 'map': {
      const [key, value] = [storedType(type.key), storedType(type.value)];
      return key === type.key && value === type.value ? type : { ...type, key, value };
    }
    default:
      return type;
  }
}
