import { InframeError, shown } from '../errors.js';
import { type DataType, sameType } from '../types.js';

/** Where a value stands, as a program would write it: `rows[3].price`. */
export type Place = (row: number) => string;

interface Found {
  readonly type: DataType;
  /** A row that has it, for errors. */
  readonly row: number;
}

/**
 * The column type of JavaScript values: numbers are float64 (whole ones too, so that the type does not depend on the values
 * there happen to be), bigints int64, texts string, booleans boolean, dates timestamps in microseconds, bytes binary, arrays
 * and typed arrays lists, plain objects structs. Null and undefined fit everything; of nothing else the type is null.
 *
 * @throws InframeError TYPE_MISMATCH for values of several types, naming two of them; ARGUMENT_INVALID for what is no value
 */
export function inferType(values: readonly unknown[], place: Place): DataType {
  let found: Found = { type: { kind: 'null' }, row: 0 };
  values.forEach((value, row) => {
    const type = typeOf(value, place(row));
    if (type.kind === 'null') return;
    const both = merged(found.type, type);
    if (both === undefined) {
      throw new InframeError(
        'TYPE_MISMATCH',
        `value ${shown(value)} of ${place(row)} is ${wordOf(type)}, and ${place(found.row)} is ${wordOf(found.type)}; a column has values of one type: make them one, or give a schema`,
        { row },
      );
    }
    if (!sameType(both, found.type)) found = { type: both, row };
  });
  return found.type;
}

const TYPED: readonly (readonly [abstract new () => unknown, DataType])[] = [
  [Int8Array, { kind: 'int8' }],
  [Int16Array, { kind: 'int16' }],
  [Int32Array, { kind: 'int32' }],
  [BigInt64Array, { kind: 'int64' }],
  [Uint8Array, { kind: 'uint8' }],
  [Uint16Array, { kind: 'uint16' }],
  [Uint32Array, { kind: 'uint32' }],
  [BigUint64Array, { kind: 'uint64' }],
  [Float32Array, { kind: 'float32' }],
  [Float64Array, { kind: 'float64' }],
];

/** The type of the numbers in a typed array; undefined for other values. */
export function elementType(value: unknown): DataType | undefined {
  return TYPED.find(([array]) => value instanceof array)?.[1];
}

function typeOf(value: unknown, place: string): DataType {
  if (value === null || value === undefined) return { kind: 'null' };
  switch (typeof value) {
    case 'boolean':
      return { kind: 'boolean' };
    case 'number':
      return { kind: 'float64' };
    case 'bigint':
      return { kind: 'int64' };
    case 'string':
      return { kind: 'string' };
    default:
      break;
  }
  if (value instanceof Date) return { kind: 'timestamp', unit: 'us', zone: false };
  if (value instanceof Uint8Array) return { kind: 'binary' };
  const element = elementType(value);
  if (element !== undefined) return { kind: 'list', element };
  if (Array.isArray(value)) return { kind: 'list', element: inferType(value, at => `${place}[${at}]`) };
  if (isPlainObject(value)) {
    const fields = Object.entries(value).map(([name, member]) => ({
      name: memberName(name, place),
      type: typeOf(member, `${place}.${name}`),
    }));
    const folded = new Set(fields.map(({ name }) => name.toLowerCase()));
    if (fields.length > 0 && folded.size === fields.length) return { kind: 'struct', fields };
    const what = fields.length === 0 ? 'no member' : 'members whose names differ in case only';
    throw new InframeError('ARGUMENT_INVALID', `object of ${place} has ${what}, which no column can hold; change it`);
  }
  throw notAValue(value, place);
}

/** An object that is no instance of a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function memberName(name: string, place: string): string {
  if (name !== '' && !name.includes('\0')) return name;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `member name ${shown(name)} of ${place} is not a name; give a non-empty string`,
  );
}

export function notAValue(value: unknown, place: string): InframeError {
  return new InframeError(
    'ARGUMENT_INVALID',
    `value ${shown(value)} of ${place} cannot stand in a column; give a number, bigint, text, boolean, date, Uint8Array, list, plain object or null`,
  );
}

/** The type that takes values of both, or undefined. */
function merged(a: DataType, b: DataType): DataType | undefined {
  if (a.kind === 'null') return b;
  if (b.kind === 'null' || sameType(a, b)) return a;
  if (a.kind === 'list' && b.kind === 'list') {
    const element = merged(a.element, b.element);
    return element && { kind: 'list', element };
  }
  if (a.kind !== 'struct' || b.kind !== 'struct') return undefined;
  const fields = [...a.fields];
  for (const field of b.fields) {
    const at = fields.findIndex(({ name }) => name === field.name);
    const both = at < 0 ? field.type : merged(fields[at]!.type, field.type);
    if (both === undefined) return undefined;
    if (at >= 0) fields[at] = { name: field.name, type: both };
    else if (fields.some(({ name }) => name.toLowerCase() === field.name.toLowerCase())) return undefined;
    else fields.push(field);
  }
  return { kind: 'struct', fields };
}

/** A type as the JavaScript value it is made of. */
function wordOf(type: DataType): string {
  switch (type.kind) {
    case 'float64':
      return 'a number';
    case 'int64':
      return 'a bigint';
    case 'string':
      return 'a text';
    case 'timestamp':
      return 'a date';
    case 'binary':
      return 'bytes';
    case 'list':
      return 'a list of other values';
    case 'struct':
      return 'an object with members of other types';
    default:
      return `a ${type.kind}`;
  }
}
