import { InframeError } from '../errors.js';
import { Column, type ColumnOrValue, type Named, nameOf, toExpr } from '../expr.js';
import { col } from '../functions.js';

/** A column given by name or as an expression, with the name it will have. */
export function toNamed(column: string | Column): Named {
  const value = typeof column === 'string' ? col(column) : column;
  if (!(value instanceof Column)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `column ${JSON.stringify(column)} is neither a name nor an expression; use 'name' or col('name')`,
    );
  }
  return { name: nameOf(value), expr: value.expr };
}

/** Values under given names. */
export function toNamedAll(columns: Readonly<Record<string, ColumnOrValue>>): readonly Named[] {
  return Object.entries(columns).map(([name, value]) => {
    if (name === '') throw new InframeError('ARGUMENT_INVALID', "column name '' is empty; give it a name");
    return { name, expr: toExpr(value) };
  });
}

/** A whole number from `least`. @throws InframeError ARGUMENT_INVALID */
export function wholeNumber(what: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new InframeError('ARGUMENT_INVALID', `${what} ${value} is not possible; give a whole number from ${least}`);
  }
  return value;
}

/** @throws InframeError ARGUMENT_INVALID if the list is empty */
export function notEmpty<T>(verb: string, values: readonly T[]): readonly T[] {
  if (values.length === 0) throw new InframeError('ARGUMENT_INVALID', `${verb} names no column; name at least one`);
  return values;
}
