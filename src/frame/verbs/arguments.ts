import { InframeError, shown } from '../errors.js';
import { Column, type ColumnOrValue, type Named, nameOf, toExpr } from '../expr.js';
import { col } from '../functions.js';

/** A column given by name or as an expression, with the name it will have. */
export function toNamed(column: string | Column): Named {
  const value = typeof column === 'string' ? col(column) : column;
  if (!(value instanceof Column)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `column ${shown(column)} is neither a name nor an expression; use 'name' or col('name')`,
    );
  }
  return { name: nameOf(value), expr: value.expr };
}

/** Values under given names. */
export function toNamedAll(columns: Readonly<Record<string, ColumnOrValue>>): readonly Named[] {
  return Object.entries(record('withColumns', columns)).map(([name, value]) => {
    if (name === '') throw new InframeError('ARGUMENT_INVALID', "column name '' is empty; give it a name");
    return { name, expr: toExpr(value) };
  });
}

/** A whole number from `least`. @throws InframeError ARGUMENT_INVALID */
export function wholeNumber(what: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `${what} ${shown(value)} is not possible; give a whole number from ${least}`,
    );
  }
  return value;
}

/** A name of a column, or to be one. @throws InframeError ARGUMENT_INVALID */
export function columnName(verb: string, name: string): string {
  if (typeof name === 'string' && name !== '') return name;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `column name ${shown(name)} in ${verb} is not a name; give a non-empty string`,
  );
}

/** An object whose keys are names of columns. @throws InframeError ARGUMENT_INVALID */
export function record<T extends object>(verb: string, value: T): T {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Column)) return value;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `argument ${shown(value)} of ${verb} is not an object of names; write ${verb}({ name: ... })`,
  );
}

/** @throws InframeError ARGUMENT_INVALID if the list is empty */
export function notEmpty<T>(verb: string, values: readonly T[]): readonly T[] {
  if (values.length === 0) throw new InframeError('ARGUMENT_INVALID', `${verb} names no column; name at least one`);
  return values;
}

/** A name or a list of names as a list; undefined where nothing is given. @throws InframeError ARGUMENT_INVALID */
export function nameList(verb: string, names: string | readonly string[] | undefined): readonly string[] | undefined {
  if (names === undefined) return undefined;
  if (typeof names === 'string') return [columnName(verb, names)];
  if (Array.isArray(names)) return names.map((name: string) => columnName(verb, name));
  throw new InframeError(
    'ARGUMENT_INVALID',
    `columns ${shown(names)} of ${verb} are not names; give a name or a list of names`,
  );
}
