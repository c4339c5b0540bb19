import type { Expr, Named } from '../expr.js';
import type { LocalValue, Plan } from '../plan.js';
import type { ValueColumn } from '../plan-verbs.js';
import { Schema } from '../schema.js';
import { type DataType, sameType } from '../types.js';
import { encode } from './encode.js';
import { elementType, inferType } from './infer.js';
import { storageType } from './storage.js';

/** A column of a table that a user has given in memory. */
export interface GivenColumn {
  readonly name: string;
  /** Undefined where it is to be found out. */
  readonly type: DataType | undefined;
  readonly values: ArrayLike<unknown>;
  /** Where the value of a row stands, for errors. */
  readonly place: (row: number) => string;
}

/** What is written into the text of a statement, as rows, may be as large as this; the rest is stored. */
const MOST_WEIGHT = 2000;

/**
 * A table of JavaScript values as a plan. Everything is checked and copied now.
 *
 * @throws InframeError TYPE_MISMATCH, ARGUMENT_INVALID, COLUMN_DUPLICATE
 */
export function localPlan(columns: readonly GivenColumn[]): Plan {
  const made = columns.map(toColumn);
  const schema = new Schema(made.map(({ name, storage }) => ({ name, type: storage })));
  const plan = leaf(
    schema,
    made.map(({ values }) => values),
  );
  if (made.every(({ type, storage }) => sameType(type, storage))) return plan;
  const casts = made.map(({ name, type, storage }): Named => {
    const column: Expr = { kind: 'column', name };
    return { name, expr: sameType(type, storage) ? column : { kind: 'cast', input: column, type, safe: false } };
  });
  return { kind: 'select', input: plan, columns: casts };
}

interface MadeColumn {
  readonly name: string;
  readonly type: DataType;
  readonly storage: DataType;
  readonly values: ValueColumn;
}

function toColumn({ name, type: given, values, place }: GivenColumn): MadeColumn {
  const element = elementType(values);
  if (element !== undefined && (given === undefined || sameType(given, element))) {
    // A typed array, and a copy of it.
    return { name, type: element, storage: element, values: (values as Float64Array).slice() };
  }
  const listed = Array.from(values);
  const type = given ?? inferType(listed, place);
  const encoded = listed.map((value, row) => encode(value, type, place, row));
  return { name, type, storage: storageType(type, name), values: encoded };
}

function leaf(schema: Schema, columns: readonly ValueColumn[]): Plan {
  if (!isLight(columns)) {
    return { kind: 'memory', table: { kind: 'values', schema, columns }, store: { result: undefined } };
  }
  const lists = columns.map((column): readonly LocalValue[] => Array.from(column as readonly LocalValue[]));
  const rows = (lists[0] ?? []).map((_, row) => Object.freeze(lists.map(list => list[row]!)));
  return { kind: 'local', schema, rows: Object.freeze(rows) };
}

/** True of values that are few, short, and can all be written in a statement. */
function isLight(columns: readonly ValueColumn[]): boolean {
  let weight = columns.reduce((total, column) => total + column.length, 0);
  const visit = (value: LocalValue): void => {
    if (weight > MOST_WEIGHT || value === null || typeof value === 'number' || value instanceof Date) return;
    if (typeof value === 'string') weight += value.includes('\0') ? Number.POSITIVE_INFINITY : value.length / 16;
    else if (value instanceof Uint8Array) weight += value.length / 8;
    else if (typeof value === 'object') {
      const parts: readonly LocalValue[] = Array.isArray(value) ? value : Object.values(value);
      weight += parts.length;
      parts.forEach(visit);
    }
  };
  if (weight > MOST_WEIGHT) return false;
  for (const column of columns) if (!ArrayBuffer.isView(column)) (column as readonly LocalValue[]).forEach(visit);
  return weight <= MOST_WEIGHT;
}
