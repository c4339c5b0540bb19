import type { DataType } from '../../frame/types.js';
import { type ColumnView, isValid, type NumericColumn } from '../columns.js';

/*
 * What is to be known of a row before it is given to a function.
 */

/** True if any value of the column, at any depth, may be null. */
export function mayHoldNull(view: ColumnView): boolean {
  if (view.validity !== undefined) return true;
  if (view.kind === 'list') return mayHoldNull(view.child);
  return view.kind === 'struct' && view.fields.some(mayHoldNull);
}

/** True if a row's value is null, or holds a null at any depth. */
export function holdsNull(view: ColumnView, row: number): boolean {
  if (!isValid(view.validity, row)) return true;
  if (view.kind === 'struct') return view.fields.some(field => holdsNull(field, row));
  if (view.kind !== 'list' || !mayHoldNull(view.child)) return false;
  const from = Number(view.entries[row * 2]);
  const to = from + Number(view.entries[row * 2 + 1]);
  for (let index = from; index < to; index++) if (holdsNull(view.child, index)) return true;
  return false;
}

/** True of types that not every value of a column fits: lists of one length, and dates, which reach further in tables. */
export function mayMisfit(type: DataType): boolean {
  switch (type.kind) {
    case 'array':
    case 'date':
    case 'timestamp':
      return true;
    case 'list':
      return mayMisfit(type.element);
    case 'struct':
      return type.fields.some(field => mayMisfit(field.type));
    default:
      return false;
  }
}

/** Milliseconds around 1970 that a Date can tell: ECMAScript, "Time Values and Time Range". */
const MOST_MILLISECONDS = 8_640_000_000_000_000;
const DAY_MILLISECONDS = 86_400_000;

/** Why a row's value does not fit its declared type, or undefined if it does; nulls fit. */
export function misfitOf(type: DataType, view: ColumnView, row: number): string | undefined {
  if (!mayMisfit(type) || !isValid(view.validity, row)) return undefined;
  switch (type.kind) {
    case 'date':
    case 'timestamp': {
      const value = (view as NumericColumn).values[row]!;
      const milliseconds = type.kind === 'date' ? Number(value) * DAY_MILLISECONDS : Number(value) / 1000;
      return Math.abs(milliseconds) > MOST_MILLISECONDS
        ? `a ${type.kind} lies outside what a Date can hold`
        : undefined;
    }
    case 'struct':
      if (view.kind !== 'struct') return undefined;
      return type.fields.map((field, at) => misfitOf(field.type, view.fields[at]!, row)).find(each => each);
    case 'list':
    case 'array': {
      if (view.kind !== 'list') return undefined;
      const from = Number(view.entries[row * 2]);
      const length = Number(view.entries[row * 2 + 1]);
      if (type.kind === 'array' && length !== type.length) {
        return `a list of ${length} values stands where ${type.length} are declared`;
      }
      if (!mayMisfit(type.element)) return undefined;
      for (let index = from; index < from + length; index++) {
        const reason = misfitOf(type.element, view.child, index);
        if (reason !== undefined) return reason;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}
