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
  let found: Found = { type: NULL, row: 0 };
  values.forEach((value, row) => {
    const type = typeOf(value, place, row);
    // Types without parts are the same objects: a million numbers are a million comparisons.
    if (type === NULL || type === found.type) return;
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

const NULL: DataType = Object.freeze({ kind: 'null' });
const BINARY: DataType = Object.freeze({ kind: 'binary' });
const INSTANT: DataType = Object.freeze({ kind: 'timestamp', unit: 'us', zone: false });

/** The types of values that have no parts, by what `typeof` says of them. */
const SIMPLE: Readonly<Partial<Record<string, DataType>>> = {
  boolean: Object.freeze({ kind: 'boolean' }),
  number: Object.freeze({ kind: 'float64' }),
  bigint: Object.freeze({ kind: 'int64' }),
  string: Object.freeze({ kind: 'string' }),
};

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

function typeOf(value: unknown, place: Place, row: number): DataType {
  if (value === null || value === undefined) return NULL;
  const simple = SIMPLE[typeof value];
  if (simple !== undefined) return simple;
  if (value instanceof Date) return INSTANT;
  if (value instanceof Uint8Array) return BINARY;
  const element = elementType(value);
  if (element !== undefined) return { kind: 'list', element };
  if (Array.isArray(value)) return { kind: 'list', element: inferType(value, at => `${place(row)}[${at}]`) };
  if (isPlainObject(value)) {
    const fields = Object.entries(value).map(([name, member]) => ({
      name: memberName(name, place, row),
      type: typeOf(member, at => `${place(at)}.${name}`, row),
    }));
    const folded = new Set(fields.map(({ name }) => name.toLowerCase()));
    if (fields.length > 0 && folded.size === fields.length) return { kind: 'struct', fields };
    const what = fields.length === 0 ? 'no member' : 'members whose names differ in case only';
    throw new InframeError(
      'ARGUMENT_INVALID',
      `object of ${place(row)} has ${what}, which no column can hold; change it`,
    );
  }
  throw new InframeError(
    'ARGUMENT_INVALID',
    `value ${shown(value)} of ${place(row)} cannot stand in a column; give a number, bigint, text, boolean, date, Uint8Array, list, plain object or null`,
  );
}

/** An object that is no instance of a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function memberName(name: string, place: Place, row: number): string {
  if (name !== '' && !name.includes('\0')) return name;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `member name ${shown(name)} of ${place(row)} is not a name; give a non-empty string`,
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
