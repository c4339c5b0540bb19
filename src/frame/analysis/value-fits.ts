import type { Expr, LiteralValue } from '../expr.js';
import { type DataType, isInteger } from '../types.js';

/** The least and the greatest value of an integer type. */
function rangeOf(kind: string): readonly [bigint, bigint] {
  const bits = BigInt(/\d+$/.exec(kind)![0]);
  return kind.startsWith('u') ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

/**
 * A plain value as a value of a column type, or undefined where the type has no such value: numbers for columns of
 * numbers (whole ones for whole ones, within their range), texts for texts, booleans for booleans, dates for dates and
 * timestamps.
 */
export function valueIn(value: LiteralValue, type: DataType): Expr | undefined {
  return fits(value, type) ? { kind: 'cast', input: { kind: 'literal', value }, type, safe: false } : undefined;
}

function fits(value: LiteralValue, type: DataType): boolean {
  switch (typeof value) {
    case 'boolean':
      return type.kind === 'boolean';
    case 'string':
      return type.kind === 'string' || (type.kind === 'enum' && type.values.includes(value));
    case 'number':
    case 'bigint':
      return fitsNumber(value, type);
    default:
      if (value instanceof Date) return type.kind === 'date' || type.kind === 'timestamp';
      return value instanceof Uint8Array && type.kind === 'binary';
  }
}

function fitsNumber(value: number | bigint, type: DataType): boolean {
  if (isInteger(type)) {
    if (typeof value === 'number' && !Number.isInteger(value)) return false;
    const [least, greatest] = rangeOf(type.kind);
    return least <= BigInt(value) && BigInt(value) <= greatest;
  }
  if (type.kind === 'decimal') {
    return Number.isFinite(Number(value)) && Math.abs(Number(value)) < 10 ** (type.precision - type.scale);
  }
  return type.kind === 'float32' || type.kind === 'float64';
}
