import { InframeError } from '../errors.js';
import { type DataType, typeName } from '../types.js';

const TEXT: DataType = { kind: 'string' };
const INSTANT: DataType = { kind: 'timestamp', unit: 'us', zone: false };

/**
 * The type that values of a type are handed over in: types without a JavaScript value of their own go as texts or instants,
 * and are cast where they arrive.
 *
 * @throws InframeError TYPE_MISMATCH for types that cannot be made of JavaScript values
 */
export function storageType(type: DataType, column: string): DataType {
  switch (type.kind) {
    case 'int128':
    case 'uint128':
    case 'decimal':
    case 'uuid':
    case 'enum':
    case 'time':
    case 'interval':
      return TEXT;
    case 'date':
    case 'timestamp':
      return INSTANT;
    case 'list':
    case 'array':
      return { kind: 'list', element: storageType(type.element, column) };
    case 'struct':
      return {
        kind: 'struct',
        fields: type.fields.map(field => ({ name: field.name, type: storageType(field.type, column) })),
      };
    case 'map':
    case 'other':
      throw new InframeError(
        'TYPE_MISMATCH',
        `column '${column}' cannot be made as ${typeName(type)}; make it a list or text, and convert it in the frame`,
        { column },
      );
    default:
      return type;
  }
}
