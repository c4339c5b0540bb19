import { InframeError } from '../errors.js';
import type { Named } from '../expr.js';
import type { Relation } from '../relation.js';
import { typesOfRows } from '../row-wise.js';
import { Schema } from '../schema.js';
import type { AnalysisContext } from './context.js';
import { resolveNamed } from './resolve.js';

/** A table of these columns, each computed row by row. */
export async function project(input: Relation, columns: readonly Named[], context: AnalysisContext): Promise<Relation> {
  const resolved = await resolveNamed(columns, input.schema, context);
  const types = await typesOfRows(
    resolved.map(column => column.expr),
    input.schema,
    context.engine,
  );
  const schema = new Schema(resolved.map(({ name }, index) => ({ name, type: types[index]! })));
  return { kind: 'project', schema, input, columns: resolved };
}

/** Every column of the table as itself. */
export function passThrough(schema: Schema): readonly Named[] {
  return schema.fields.map(({ name }) => ({ name, expr: { kind: 'column', name } }));
}

/** Spark's withColumn: a column of that name is replaced where it stands, a new one goes last. */
export function replaceOrAppend(schema: Schema, columns: readonly Named[]): readonly Named[] {
  const result = [...passThrough(schema)];
  const given = new Set<string>();
  for (const column of columns) {
    if (given.size === given.add(column.name.toLowerCase()).size) throw givenTwice('withColumns', column.name);
    const existing = schema.find(column.name);
    const at = existing === undefined ? -1 : schema.fields.indexOf(existing);
    if (at >= 0) result[at] = column;
    else result.push(column);
  }
  return result;
}

export function givenTwice(verb: string, name: string): InframeError {
  return new InframeError(
    'COLUMN_DUPLICATE',
    `column '${name}' is given to ${verb} twice (case does not count in names); give it once`,
    { column: name },
  );
}
