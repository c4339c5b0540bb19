import { type DataType, type Field, sameType } from '../../frame/types.js';
import { acceptedTypes, type Transport, transportOf } from '../dtypes.js';
import type { Dtype } from '../signature.js';

/**
 * How values of a column type reach a function that declares another, or undefined where they cannot without a person's
 * decision. Numbers go by the rules of models (`transportOf`); lists and structs by those of their parts.
 */
export function readAs(type: DataType, declared: DataType): Transport | undefined {
  if (type.kind === 'null') return { type: declared, narrowing: false };
  switch (declared.kind) {
    case 'binary':
    case 'date':
      return type.kind === declared.kind ? { type, narrowing: false } : undefined;
    case 'timestamp':
      if (type.kind === 'timestamp' && type.unit === 'us') return { type, narrowing: false };
      // Seconds, milliseconds and dates reach further than microseconds do.
      return type.kind === 'timestamp' || type.kind === 'date' ? { type: declared, narrowing: true } : undefined;
    case 'list':
    case 'array': {
      if (type.kind !== 'list' && type.kind !== 'array') return undefined;
      const element = readAs(type.element, declared.element);
      // A value lost inside a list inside a list could not be told from a null.
      if (element === undefined || (element.narrowing && isNested(declared.element))) return undefined;
      return { type: { kind: 'list', element: element.type }, narrowing: element.narrowing };
    }
    case 'struct': {
      if (type.kind !== 'struct') return undefined;
      const fields: Field[] = [];
      for (const { name, type: wanted } of declared.fields) {
        const own = type.fields.find(field => field.name === name);
        const read = own && readAs(own.type, wanted);
        if (read === undefined || read.narrowing) return undefined;
        fields.push({ name, type: read.type });
      }
      return { type: { kind: 'struct', fields }, narrowing: false };
    }
    default:
      return transportOf(type, dtypeOf(declared));
  }
}

/** True where a column has to be cast to be read so. */
export function needsCast(type: DataType, read: DataType): boolean {
  return !sameType(type, read);
}

function isNested(type: DataType): boolean {
  return type.kind === 'list' || type.kind === 'array' || type.kind === 'struct';
}

/** The tensor type with the same values as a declared number, boolean or string. */
export function dtypeOf(type: DataType): Dtype {
  // Only kinds that a signature lets through come here, and their names are those of tensor types but for this one.
  return type.kind === 'boolean' ? 'bool' : (type.kind as Dtype);
}

/** What a declared type takes, as a phrase for messages. */
export function acceptedBy(declared: DataType): string {
  switch (declared.kind) {
    case 'binary':
      return 'binary values';
    case 'date':
      return 'dates';
    case 'timestamp':
      return 'timestamps and dates';
    case 'list':
    case 'array':
      return `lists of ${acceptedBy(declared.element)}`;
    case 'struct':
      return `structs with ${declared.fields.map(field => field.name).join(', ')}`;
    default:
      return acceptedTypes(dtypeOf(declared));
  }
}
