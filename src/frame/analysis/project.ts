import { InframeError } from '../errors.js';
import type { Named } from '../expr.js';
import type { Relation } from '../relation.js';
import { typesOfRows } from '../row-wise.js';
import { Schema } from '../schema.js';
import { passThrough } from './columns.js';
import type { AnalysisContext } from './context.js';
import { resolveNamed } from './resolve.js';
import { liftWindows } from './windows.js';

export { passThrough } from './columns.js';

/** A table of these columns, each computed row by row, or of the rows around each row. */
export async function project(input: Relation, columns: readonly Named[], context: AnalysisContext): Promise<Relation> {
  return projectResolved(input, await resolveNamed(columns, input.schema, context), context);
}

/** The same for expressions that are resolved already. */
export async function projectResolved(
  input: Relation,
  columns: readonly Named[],
  context: AnalysisContext,
): Promise<Relation> {
  const exprs = columns.map(column => column.expr);
  const lifted = await liftWindows(exprs, input, context);
  const types = await typesOfRows(lifted.exprs, lifted.input.schema, context.engine);
  const schema = new Schema(columns.map(({ name }, index) => ({ name, type: types[index]! })));
  const over = columns.map(({ name }, index) => ({ name, expr: lifted.exprs[index]! }));
  return { kind: 'project', schema, input: lifted.input, columns: over };
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
