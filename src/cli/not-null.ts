import { listFiles } from '../connectors/files.js';
import type { InframeSession, Schema } from '../index.js';

/**
 * The columns of Parquet files that hold no null: those that the files declare as required and, if the files' statistics
 * are believed, those in which they count no null.
 */
export async function notNullColumns(
  session: InframeSession,
  path: string,
  schema: Schema,
  statistics: boolean,
): Promise<readonly string[]> {
  const files = (await listFiles([path], 'parquet')).files.map(file => file.path);
  const required = await requiredColumns(session, files);
  const withoutNulls = statistics ? await columnsWithoutNulls(session, files, schema) : [];
  return schema.names.filter(name => required.has(name) || withoutNulls.includes(name));
}

interface SchemaElement {
  readonly file_name: string;
  readonly name: string;
  readonly repetition_type: string | null;
  readonly num_children: bigint | null;
}

/** Of files, the columns that are required in all of them. */
async function requiredColumns(session: InframeSession, files: readonly string[]): Promise<ReadonlySet<string>> {
  const elements = await session
    .sql<SchemaElement>('SELECT file_name, name, repetition_type, num_children FROM parquet_schema($1)', [[...files]])
    .collect();
  const counts = new Map<string, number>();
  for (const file of files) {
    const own = elements.filter(element => element.file_name === file);
    for (const name of requiredOf(own)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count === files.length).map(([name]) => name));
}

/** A file's schema is a tree, listed from its root on, every element before its children. */
function requiredOf([root, ...elements]: readonly SchemaElement[]): readonly string[] {
  const required: string[] = [];
  let at = 0;
  const pass = (): SchemaElement | undefined => {
    const element = elements[at];
    at += 1;
    for (let child = 0; child < Number(element?.num_children ?? 0); child += 1) pass();
    return element;
  };
  for (let column = 0; column < Number(root?.num_children ?? 0); column += 1) {
    const element = pass();
    if (element?.repetition_type === 'REQUIRED') required.push(element.name);
  }
  return required;
}

interface NullCount {
  readonly path: string;
  readonly none: boolean;
}

/** Columns of which every part of every row group counts no null. */
async function columnsWithoutNulls(
  session: InframeSession,
  files: readonly string[],
  schema: Schema,
): Promise<readonly string[]> {
  const counts = await session
    .sql<NullCount>(
      `SELECT path_in_schema AS path, bool_and(coalesce(stats_null_count = 0, false)) AND count(DISTINCT file_name) = $2 AS none
       FROM parquet_metadata($1) GROUP BY path_in_schema`,
      [[...files], files.length],
    )
    .collect();
  return schema.names.filter(name => {
    const parts = counts.filter(({ path }) => path === name || path.startsWith(`${name}, `));
    return parts.length > 0 && parts.every(({ none }) => none);
  });
}
