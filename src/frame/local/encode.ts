import { InframeError, shown } from '../errors.js';
import type { LocalValue } from '../plan.js';
import { type DataType, isInteger, typeName } from '../types.js';
import { elementType, isPlainObject, type Place } from './infer.js';

const DAY = 86_400_000;

/**
 * A value of a user as one of the storage type (see `storageType`) of a column type: a copy, so that changing the original
 * later changes nothing.
 *
 * @param place where the value of a row stands, for errors
 * @throws InframeError TYPE_MISMATCH if it is not of the type
 */
export function encode(value: unknown, type: DataType, place: Place, row: number): LocalValue {
  if (value === null || value === undefined) return null;
  const encoded = isInteger(type) ? encodeInteger(value, type.kind) : encodeOther(value, type, place, row);
  if (encoded !== undefined) return encoded;
  throw new InframeError(
    'TYPE_MISMATCH',
    `value ${shown(value)} of ${place(row)} does not fit its type ${typeName(type)}; ${REMEDIES[type.kind] ?? 'give another value, or another type'}`,
  );
}

const REMEDIES: Partial<Record<DataType['kind'], string>> = {
  date: 'give a Date at midnight UTC',
  timestamp: 'give a valid Date',
  decimal: 'give a number, bigint or text of as few digits',
  time: "give a text such as '12:30:00'",
  interval: "give a text such as '2 days'",
  uuid: 'give its text',
  enum: 'give one of its values',
};

function encodeInteger(value: unknown, kind: string): LocalValue | undefined {
  if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isSafeInteger(value))) return undefined;
  const whole = BigInt(value);
  const bits = BigInt(/\d+$/.exec(kind)![0]);
  const [least, greatest] = kind.startsWith('u')
    ? [0n, (1n << bits) - 1n]
    : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
  if (whole < least || whole > greatest) return undefined;
  if (bits === 128n) return String(whole);
  return bits === 64n ? whole : Number(whole);
}

function encodeOther(value: unknown, type: DataType, place: Place, row: number): LocalValue | undefined {
  switch (type.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'float64':
    case 'float32':
      return encodeFloat(value, type.kind);
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'binary':
      return value instanceof Uint8Array ? Uint8Array.from(value) : undefined;
    case 'date':
    case 'timestamp': {
      const time = value instanceof Date ? value.getTime() : Number.NaN;
      return Number.isNaN(time) || (type.kind === 'date' && time % DAY !== 0) ? undefined : new Date(time);
    }
    case 'decimal':
      return encodeDecimal(value, type.precision, type.scale);
    case 'uuid':
      return typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value) ? value : undefined;
    case 'enum':
      return typeof value === 'string' && type.values.includes(value) ? value : undefined;
    case 'time':
    case 'interval':
      return typeof value === 'string' ? value : undefined;
    case 'list':
    case 'array': {
      if (!Array.isArray(value) && elementType(value) === undefined) return undefined;
      const elements = Array.from(value as ArrayLike<unknown>);
      if (type.kind === 'array' && elements.length !== type.length) return undefined;
      return elements.map((element, at) => encode(element, type.element, own => `${place(row)}[${own}]`, at));
    }
    case 'struct': {
      if (!isPlainObject(value)) return undefined;
      const unknown = Object.keys(value).find(name => !type.fields.some(field => field.name === name));
      if (unknown !== undefined) return undefined;
      return Object.fromEntries(
        type.fields.map(field => [
          field.name,
          encode(value[field.name], field.type, at => `${place(at)}.${field.name}`, row),
        ]),
      );
    }
    default:
      return undefined;
  }
}

function encodeFloat(value: unknown, kind: 'float32' | 'float64'): LocalValue | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || (typeof value === 'bigint' && BigInt(number) !== value)) return undefined;
  if (kind === 'float64') return number;
  // A number beyond the range of float32 would become an infinity.
  return Number.isFinite(number) && !Number.isFinite(Math.fround(number)) ? undefined : Math.fround(number);
}

function encodeDecimal(value: unknown, precision: number, scale: number): LocalValue | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'string') return undefined;
  const text = String(value).trim();
  const digits = /^[+-]?0*(\d*)(?:\.(\d*?)0*)?$/.exec(text);
  if (digits === null || !/\d/.test(text)) return undefined;
  const [, whole = '', fraction = ''] = digits;
  return whole.length <= precision - scale && fraction.length <= scale ? text : undefined;
}
