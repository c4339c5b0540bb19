import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from '../../../connectors/duckdb/quote.js';
import type { Relation } from '../../../frame/relation.js';
import { Schema } from '../../../frame/schema.js';
import { translate } from '../duckdb.js';
import { constantFields, nullOf, preparedFields } from '../prepared.js';

/**
 * The columns a statement gives over inputs of which only the schemas are known. Columns that it names twice are told apart
 * as DuckDB does when it stores a table: `id`, `id_1`.
 *
 * @param constant true if the statement reads nothing but its inputs
 * @throws InframeError EXPRESSION_INVALID, COLUMN_NOT_FOUND and whatever else DuckDB finds wrong with it
 */
export async function statementSchema(
  connection: DuckDBConnection,
  text: string,
  names: readonly string[],
  inputs: readonly Relation[],
  constant: boolean,
): Promise<Schema> {
  const given = inputs.map(({ schema }) => schema);
  try {
    const sql = `${emptyInputs(names, given)}SELECT * FROM (${text})`;
    return new Schema(await (constant ? constantFields(connection, sql) : preparedFields(connection, sql)));
  } catch (error) {
    throw translate(
      error,
      given.flatMap(schema => schema.names),
    );
  }
}

/** The names a statement's columns have before they are told apart. */
export async function rawStatementNames(
  connection: DuckDBConnection,
  text: string,
  names: readonly string[],
  schemas: readonly Schema[],
): Promise<readonly string[]> {
  const own = /^WITH (?:RECURSIVE )?/.exec(text)?.[0];
  const given = emptyInputs(names, schemas);
  const whole =
    own === undefined
      ? `${given}${text}`
      : `${given.replace(/^WITH /, own).replace(/ $/, ', ')}${text.slice(own.length)}`;
  try {
    return (await preparedFields(connection, given === '' ? text : whole)).map(({ name }) => name);
  } catch (error) {
    throw translate(error);
  }
}

/** Inputs of which only the columns are known, as queries of WITH. */
function emptyInputs(names: readonly string[], schemas: readonly Schema[]): string {
  const given = schemas.map((schema, at) => {
    const columns = schema.fields.map(({ name, type }) => `${nullOf(type)} AS ${quote(name)}`);
    return `${quote(names[at]!)} AS (SELECT ${columns.join(', ')})`;
  });
  return given.length === 0 ? '' : `WITH ${given.join(', ')} `;
}
