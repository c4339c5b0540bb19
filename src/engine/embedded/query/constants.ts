import type { DuckDBConnection } from '@duckdb/node-api';
import { InframeError, listNames } from '../../../frame/errors.js';
import type { LiteralValue } from '../../../frame/expr.js';
import type { Parameters } from '../../../frame/plan.js';
import { literal } from '../sql.js';
import { parse } from './parser.js';
import { nodesIn, replaceNodes, type SyntaxNode, walk } from './syntax.js';

/**
 * Puts the values of parameters into a tree as constants. They never are text of the statement: each is read by the parser
 * on its own, as one constant.
 *
 * @throws InframeError ARGUMENT_INVALID where a value is missing or not used
 */
export async function bindParameters(
  connection: DuckDBConnection,
  root: { node: SyntaxNode },
  params: Parameters,
): Promise<void> {
  const used = new Set<string>();
  walk(root.node, node => {
    if (node.class === 'PARAMETER') used.add(String(node['identifier']));
    return true;
  });
  const given = new Map<string, LiteralValue>(
    Array.isArray(params)
      ? params.map((value: LiteralValue, index) => [String(index + 1), value])
      : Object.entries(params as Readonly<Record<string, LiteralValue>>),
  );
  if (used.size === 0 && given.size === 0) return;
  const missing = [...used].find(name => !given.has(name));
  if (missing !== undefined) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `parameter $${missing} has no value; given are: ${listNames([...given.keys()].map(name => `$${name}`))}`,
    );
  }
  const unused = [...given.keys()].find(name => !used.has(name));
  if (unused !== undefined) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `parameter $${unused} is given, but the statement has ${used.size === 0 ? 'no parameters' : `only: ${listNames([...used].map(name => `$${name}`))}`}`,
    );
  }
  const names = [...used];
  const parsed = await parse(connection, `SELECT ${names.map(name => literal(given.get(name)!)).join(', ')}`);
  if ('error' in parsed) throw new InframeError('INTERNAL', `constants cannot be read: ${parsed.error}`);
  const values = new Map(nodesIn(parsed.nodes[0]!, 'select_list').map((node, index) => [names[index]!, node]));
  replaceNodes(
    root,
    node =>
      node.class === 'PARAMETER' ? { ...values.get(String(node['identifier']))!, alias: node.alias ?? '' } : undefined,
    true,
  );
}
