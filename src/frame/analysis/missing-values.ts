import type { Expr } from '../expr.js';
import type { Schema } from '../schema.js';
import type { Field } from '../types.js';
import { columnOf } from './columns.js';

/** True where a column has a value: neither null nor, of floats, not-a-number, which Spark's `na` functions take for missing too. */
export function isPresent({ name, type }: Field): Expr {
  const column = columnOf(name);
  const notNull: Expr = { kind: 'operator', name: 'isNotNull', operands: [column] };
  if (type.kind !== 'float32' && type.kind !== 'float64') return notNull;
  const nan: Expr = { kind: 'call', name: 'isnan', args: [column], distinct: false };
  const notNaN: Expr = { kind: 'operator', name: 'not', operands: [nan] };
  return { kind: 'operator', name: 'and', operands: [notNull, notNaN] };
}

/** The columns that are named, each once, or all of them. @throws InframeError COLUMN_NOT_FOUND */
export function subsetOf(schema: Schema, names: readonly string[] | undefined): readonly Field[] {
  return names === undefined ? schema.fields : [...new Set(names.map(name => schema.field(name)))];
}
