import { tableNotFound } from '../../../frame/analysis/named.js';
import { InframeError } from '../../../frame/errors.js';
import type { Names } from '../../../frame/names.js';
import type { Plan } from '../../../frame/plan.js';
import { formatOf } from '../../../frame/reader.js';
import { type NearestOptions, nearest } from '../../../frame/verbs/nearest.js';
import { columnNames, functionName, nodeIn, nodesIn, type SyntaxNode } from './syntax.js';

/**
 * `nearest(queries, items, k := 5, by := 'embedding', ...)` in FROM, as the verb of that name: two tables of the session or
 * files, and the options of the verb by their names.
 *
 * @param node a table function
 * @param ctes names of WITH around it, in lower case: what they stand for is no table of the session
 * @returns undefined if it is another function
 * @throws InframeError ARGUMENT_INVALID, TABLE_NOT_FOUND
 */
export function nearestSource(node: SyntaxNode, ctes: ReadonlySet<string>, names: Names): Plan | undefined {
  const call = nodeIn(node, 'function');
  if (call === undefined || functionName(call) !== 'nearest' || call['schema'] !== '') return undefined;
  const args = nodesIn(call, 'children');
  const [left, right] = args.filter(({ alias }) => !alias);
  if (left === undefined || right === undefined || args.filter(({ alias }) => !alias).length > 2) {
    throw wrong("function 'nearest' takes two tables, and the rest by name");
  }
  const options = args.filter(({ alias }) => alias).map(arg => [String(arg.alias).toLowerCase(), constantOf(arg)]);
  // The verb checks what is in it, for callers without a compiler; these are such a caller.
  return nearest(
    tableOf(left, ctes, names),
    tableOf(right, ctes, names),
    Object.fromEntries(options) as Partial<NearestOptions> as NearestOptions,
  );
}

function tableOf(node: SyntaxNode, ctes: ReadonlySet<string>, names: Names): Plan {
  const text = node.class === 'COLUMN_REF' ? columnNames(node).join('.') : constantOf(node);
  if (typeof text !== 'string') throw wrong("table of function 'nearest' is no name");
  if (ctes.has(text.toLowerCase())) {
    throw wrong(`table '${text}' of function 'nearest' is a query of WITH; make it a view: CREATE VIEW ${text} AS ...`);
  }
  if (names.table(text) !== undefined) return { kind: 'named', name: text };
  const format = formatOf(text);
  if (format === undefined) throw tableNotFound(text, names.tableNames);
  return { kind: 'scan', format, paths: [text], csv: {} };
}

/** A constant, or a list of constants. @throws InframeError ARGUMENT_INVALID */
function constantOf(node: SyntaxNode): unknown {
  if (node.class === 'CONSTANT') return nodeIn(node, 'value')?.['value'] ?? null;
  if (functionName(node) === 'list_value') return nodesIn(node, 'children').map(constantOf);
  // TRUE and FALSE are casts to the parser.
  const child = nodeIn(node, 'child');
  if (node.class === 'CAST' && child?.class === 'CONSTANT' && nodeIn(node, 'cast_type')?.['id'] === 'BOOLEAN') {
    return constantOf(child) === 't';
  }
  throw wrong(`argument${node.alias ? ` '${node.alias}'` : ''} of function 'nearest' is not a constant`);
}

function wrong(what: string): InframeError {
  const example = "nearest(queries, items, k := 5, by := 'embedding')";
  return new InframeError('ARGUMENT_INVALID', `${what}; write ${example}`, { function: 'nearest' });
}
