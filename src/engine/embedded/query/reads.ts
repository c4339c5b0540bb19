import { randomUUID } from 'node:crypto';
import { listFiles } from '../../../connectors/files.js';
import type { Format, StatementReads } from '../../../frame/plan.js';
import type { SourceFile } from '../../../frame/relation.js';
import { constantTexts } from './sources.js';
import { functionName, nodeIn, nodesIn, type SyntaxNode, walk } from './syntax.js';

/** Table functions that read nothing outside of the statement. */
const PURE: ReadonlySet<string> = new Set([
  'range',
  'generate_series',
  'unnest',
  'repeat',
  'repeat_row',
  'json_each',
  'json_tree',
]);

/** The files that table functions of a statement read. */
export function findReads(root: SyntaxNode): StatementReads {
  const paths: string[] = [];
  let known = true;
  walk(root, node => {
    if (node.type !== 'TABLE_FUNCTION') return true;
    const call = nodeIn(node, 'function');
    const name = call === undefined ? '' : (functionName(call) ?? '');
    if (PURE.has(name)) return true;
    const [first] = call === undefined ? [] : nodesIn(call, 'children');
    const texts = first === undefined ? undefined : constantTexts(first);
    if (/^read_|_scan$/.test(name) && texts !== undefined) paths.push(...texts);
    else known = false;
    return true;
  });
  return { paths, known };
}

/** Those files as they are now. What cannot be told, or found, makes the statement unlike every other. */
export async function readsOf(
  reads: StatementReads,
): Promise<{ readonly files: readonly SourceFile[]; readonly identity: string }> {
  const unlike = { files: [], identity: randomUUID() };
  if (!reads.known) return unlike;
  if (reads.paths.length === 0) return { files: [], identity: '' };
  const format: Format = 'csv';
  // What is wrong with a path is DuckDB's to say, which reads it.
  const listed = await listFiles(reads.paths, format).catch(() => undefined);
  return listed === undefined ? unlike : { files: listed.files, identity: '' };
}
