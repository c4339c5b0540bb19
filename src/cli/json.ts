import type { DataType, Row, Schema } from '../index.js';

/**
 * A row as JSON: 64-bit integers as numbers while those are exact and as strings beyond, dates and timestamps in ISO 8601,
 * blobs in base64, NaN and infinities as strings (JSON has no word for them, and null means something else).
 */
export function jsonRow(row: Row, schema: Schema): Readonly<Record<string, unknown>> {
  return Object.fromEntries(schema.fields.map(({ name, type }) => [name, jsonValue(row[name], type)]));
}

export function jsonValue(value: unknown, type: DataType): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Date) return jsonDate(value, type);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) {
    const element = elementType(type);
    return value.map(item => jsonValue(item, element));
  }
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, jsonValue(item, memberType(type, name))]),
    );
  }
  return value;
}

function jsonDate(value: Date, type: DataType): string | null {
  if (Number.isNaN(value.getTime())) return null;
  const text = value.toISOString();
  if (type.kind === 'date') return text.slice(0, 10);
  // A time without a zone is nobody's UTC.
  return type.kind === 'timestamp' && !type.zone ? text.slice(0, -1) : text;
}

function elementType(type: DataType): DataType {
  if (type.kind === 'list' || type.kind === 'array') return type.element;
  if (type.kind !== 'map') return { kind: 'null' };
  const fields = [
    { name: 'key', type: type.key },
    { name: 'value', type: type.value },
  ];
  return { kind: 'struct', fields };
}

function memberType(type: DataType, name: string): DataType {
  const found = type.kind === 'struct' ? type.fields.find(field => field.name === name) : undefined;
  return found?.type ?? { kind: 'null' };
}
