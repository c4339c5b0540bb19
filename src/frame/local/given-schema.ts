import { InframeError, listNames, nearest, shown } from '../errors.js';
import { Schema } from '../schema.js';
import { type DataType, type Field, isDataType } from '../types.js';

/** Columns by name, in order. */
export type GivenSchema = Schema | Readonly<Record<string, DataType>>;

/** The columns a user has given a table, or undefined where they are to be found out. @throws InframeError ARGUMENT_INVALID */
export function givenFields(schema: GivenSchema | undefined): readonly Field[] | undefined {
  if (schema === undefined || schema instanceof Schema) return schema?.fields;
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `schema ${shown(schema)} is not one; write { name: { kind: 'string' }, ... }`,
    );
  }
  const fields = Object.entries(schema).map(([name, type]) => {
    if (isDataType(type)) return { name: tableColumn(name), type };
    throw new InframeError(
      'ARGUMENT_INVALID',
      `type ${shown(type)} of column '${name}' is not a column type; write it as an object such as { kind: 'float32' }`,
    );
  });
  if (fields.length === 0) throw new InframeError('ARGUMENT_INVALID', 'schema names no column; name at least one');
  return fields;
}

/** @throws InframeError ARGUMENT_INVALID if no column can be called so */
export function tableColumn(name: string): string {
  if (name !== '' && !name.includes('\0')) return name;
  throw new InframeError('ARGUMENT_INVALID', `column name ${shown(name)} is not a name; give a non-empty string`);
}

/** @throws InframeError COLUMN_NOT_FOUND if there is no column of exactly that name */
export function checkKnown(name: string, fields: readonly Field[], place: string): void {
  const names = fields.map(field => field.name);
  if (names.includes(name)) return;
  const guess = nearest(name, names);
  const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
  throw new InframeError(
    'COLUMN_NOT_FOUND',
    `column '${name}' of ${place} is not in the schema; it has: ${listNames(names)}${hint}`,
    { column: name, existing: names },
  );
}
