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
    const sql = `SELECT * FROM (${inlineInputs(text, names, given.map(emptyTable))})`;
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
  try {
    return (await preparedFields(connection, inlineInputs(text, names, schemas.map(emptyTable)))).map(
      ({ name }) => name,
    );
  } catch (error) {
    throw translate(error);
  }
}

/** A table of which only the columns are known. */
function emptyTable(schema: Schema): string {
  return `SELECT ${schema.fields.map(({ name, type }) => `${nullOf(type)} AS ${quote(name)}`).join(', ')}`;
}

/**
 * A statement with its inputs put in as subqueries. Queries of WITH would do, but DuckDB cannot join them in every way inside
 * a subquery that refers outwards.
 *
 * Invariant T1: the names of inputs stand in the text as tables with an alias, and nowhere else: planning gives them names
 * that the statement does not hold (see `Inputs`).
 */
export function inlineInputs(text: string, names: readonly string[], inputs: readonly string[]): string {
  if (names.length === 0) return text;
  const byName = new Map(names.map((name, at) => [name, inputs[at]!]));
  return text.replace(/(?<![\w."])(__inframe_\w+) AS /g, (found, name: string) => {
    const input = byName.get(name);
    return input === undefined ? found : `(${input}) AS `;
  });
}
