import { InframeError, shown } from '../../frame/errors.js';
import { type DataType, typeName } from '../../frame/types.js';
import type { NumericArray } from '../dtypes.js';
import type { FunctionCallDescriptor } from './descriptor.js';

/*
 * What a function gave back, looked at before it is kept. An answer of the wrong form is a fault of the function, and
 * ends the job; a value of the wrong type is that row's failure (Rule 5).
 */

/** The values of one output. */
export type ResultColumn = readonly unknown[] | NumericArray;

/**
 * One column an output, each of as many values as there were rows.
 *
 * @throws InframeError FUNCTION_FAILED
 */
export function resultColumns(call: FunctionCallDescriptor, answer: unknown, rows: number): readonly ResultColumn[] {
  if (call.result === 'column') return [checkColumn(call, '', answer, rows)];
  if (typeof answer !== 'object' || answer === null || isSequence(answer)) {
    const form = call.outputs.map(({ name }) => `${name}: [...]`).join(', ');
    throw broken(call, `gave ${what(answer)}; return an object with an array an output: { ${form} }`);
  }
  return call.outputs.map(({ name }) => {
    // An object the user made; its members are looked at before they are used.
    const column = (answer as Readonly<Record<string, unknown>>)[name];
    return checkColumn(call, ` for output '${name}'`, column, rows);
  });
}

function checkColumn(call: FunctionCallDescriptor, where: string, column: unknown, rows: number): ResultColumn {
  if (!isSequence(column)) {
    throw broken(call, `gave ${what(column)}${where}; return one value a row, as an array or typed array`);
  }
  if (column.length !== rows) {
    throw broken(call, `gave ${column.length} values${where} for ${rows} rows; return one value a row, null for none`);
  }
  return column;
}

function broken(call: FunctionCallDescriptor, message: string): InframeError {
  return new InframeError('FUNCTION_FAILED', `function '${call.name}' ${message}`, { function: call.name });
}

function what(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value instanceof Map || value instanceof Set) return `a ${value.constructor.name}`;
  return `${shown(value)}, which is no array`;
}

/** True of arrays and typed arrays. */
function isSequence(value: unknown): value is ResultColumn {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** Why a value is not one of a type, or undefined if it is; null is one of every type. */
export function faultOf(type: DataType, value: unknown): string | undefined {
  if (value === null || isOne(type, value)) return undefined;
  if ((type.kind === 'list' || type.kind === 'array') && isSequence(value)) {
    if (type.kind === 'array' && value.length !== type.length) {
      return `a list of ${value.length} values was given for ${typeName(type)}`;
    }
    if (fitsWhole(type.element, value)) return undefined;
    for (const element of value as Iterable<unknown>) {
      const reason = faultOf(type.element, element);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }
  if (type.kind === 'struct' && typeof value === 'object' && !isSequence(value)) {
    for (const field of type.fields) {
      const reason = faultOf(field.type, (value as Readonly<Record<string, unknown>>)[field.name]);
      if (reason !== undefined) return `${reason} (${field.name})`;
    }
    return undefined;
  }
  const hint = value === undefined ? '; give null for no value' : '';
  return `${shown(value)} was given for ${typeName(type)}${hint}`;
}

/** Bits of an integer kind, and whether it has a sign. */
const INTEGERS: Readonly<Record<string, readonly [bits: number, signed: boolean]>> = {
  int8: [8, true],
  int16: [16, true],
  int32: [32, true],
  int64: [64, true],
  uint8: [8, false],
  uint16: [16, false],
  uint32: [32, false],
  uint64: [64, false],
};

function isOne(type: DataType, value: unknown): boolean {
  switch (type.kind) {
    case 'boolean':
      return typeof value === 'boolean' || value === 0 || value === 1;
    case 'float32':
    case 'float64':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'binary':
      return value instanceof Uint8Array;
    case 'date':
    case 'timestamp':
      return value instanceof Date && !Number.isNaN(value.getTime());
    default: {
      const integer = INTEGERS[type.kind];
      return integer !== undefined && isInteger(value, ...integer);
    }
  }
}

function isInteger(value: unknown, bits: number, signed: boolean): boolean {
  const least = signed ? -(2 ** (bits - 1)) : 0;
  const end = 2 ** (signed ? bits - 1 : bits);
  // A number beyond 2^53 may not be the integer that was meant.
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= least && value < end;
  return bits === 64 && typeof value === 'bigint' && value >= least && value < end;
}

/** Arrays whose every value is one of the type, so that none has to be looked at. */
export function fitsWhole(type: DataType, column: ResultColumn): boolean {
  if (Array.isArray(column)) return false;
  if (type.kind === 'float32' || type.kind === 'float64') {
    return !(column instanceof BigInt64Array || column instanceof BigUint64Array);
  }
  switch (type.kind) {
    case 'int8':
      return column instanceof Int8Array;
    case 'int16':
      return column instanceof Int16Array;
    case 'int32':
      return column instanceof Int32Array;
    case 'int64':
      return column instanceof BigInt64Array;
    case 'uint8':
      return column instanceof Uint8Array || column instanceof Uint8ClampedArray;
    case 'uint16':
      return column instanceof Uint16Array;
    case 'uint32':
      return column instanceof Uint32Array;
    case 'uint64':
      return column instanceof BigUint64Array;
    default:
      return false;
  }
}
