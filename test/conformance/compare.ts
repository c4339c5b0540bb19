import type { Table } from 'apache-arrow';
import { arrowValues } from './arrow-values.js';
import type { TableData } from './types.js';

/** How far a float may lie from what is expected, as a part of it. Rows are then compared in order. */
export interface Tolerance {
  readonly relative: number;
  readonly reason: string;
}

/**
 * What is different in a table, as a sentence; undefined if nothing is: names and Arrow types of the columns, and the values,
 * floats bit for bit. Whether a column may hold nulls is not compared.
 */
export function difference(
  actual: Table,
  expected: TableData,
  ordered: boolean,
  tolerance?: Tolerance,
): string | undefined {
  const has = actual.schema.fields.map(field => `${field.name}: ${field.type}`);
  const wants = Object.entries(expected.columns).map(([name, { type }]) => `${name}: ${type.arrow}`);
  if (has.join() !== wants.join()) return `columns are ${has.join(', ')}; expected ${wants.join(', ')}`;
  const columns = arrowValues(actual);
  const got = rowsOf(columns, actual.numRows);
  const wanted = rowsOf(
    Object.values(expected.columns).map(({ values }) => values),
    expected.rows,
  );
  if (got.length !== wanted.length) {
    return `${got.length} rows, expected ${wanted.length}; they are ${listed(got)}; expected ${listed(wanted)}`;
  }
  const [rows, others] = ordered ? [got, wanted] : [sorted(got), sorted(wanted)];
  const at = rows.findIndex((row, index) => !same(row, others[index]!, tolerance?.relative ?? 0));
  if (at < 0) return undefined;
  const where = ordered ? `row ${at}` : 'a row';
  return `${where} is ${written(rows[at])}, expected ${written(others[at])}; all rows are ${listed(got)}`;
}

type Row = readonly unknown[];

function rowsOf(columns: readonly (readonly unknown[])[], count: number): readonly Row[] {
  return Array.from({ length: count }, (_, row) => columns.map(values => values[row]));
}

/** In an order that depends on what is in the rows alone. */
function sorted(rows: readonly Row[]): readonly Row[] {
  return rows
    .map(row => [written(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, row]) => row);
}

function same(value: unknown, other: unknown, relative: number): boolean {
  if (typeof value === 'number' && typeof other === 'number') {
    return Object.is(value, other) || (relative > 0 && Math.abs(value - other) <= relative * Math.abs(other));
  }
  if (typeof value !== 'object' || typeof other !== 'object' || value === null || other === null)
    return value === other;
  const [members, others] = [Object.entries(value), Object.entries(other)];
  return (
    members.length === others.length &&
    members.every(([name, member], at) => name === others[at]![0] && same(member, others[at]![1], relative))
  );
}

/** A value as text that is the same for the same value alone. */
export function written(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} ${String(value)}`;
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  const members = Object.entries(value).map(([name, member]) => `${name}: ${written(member)}`);
  return `{${members.join(', ')}}`;
}

function listed(rows: readonly Row[]): string {
  const shown = rows.slice(0, 12).map(written).join(' ');
  return rows.length > 12 ? `${shown} ...` : shown || 'none';
}
