import { isModelCall } from './fragment.js';
import { selectOf } from './parser.js';
import type { Cte } from './places.js';
import type { QueryContext } from './query-context.js';
import { columnRef, nodeIn, nodesIn, replaceNodes, type SyntaxNode, someNode } from './syntax.js';

/**
 * `m(COLUMNS('x|y'), 1)` is one item a column: it is written out, since the model is called before DuckDB would do that.
 * A `*` that is the only argument stays: the parser has dropped it, and inputs are matched by name.
 */
export async function expandColumns(select: SyntaxNode, ctes: readonly Cte[], context: QueryContext): Promise<void> {
  const from = nodeIn(select, 'from_table');
  const items = nodesIn(select, 'select_list');
  const starred = (item: SyntaxNode): boolean =>
    someNode(item, node => isModelCall(node, context.names) && someNode(node['children'], isColumns));
  if (from === undefined || !items.some(starred)) return;
  const list: SyntaxNode[] = [];
  for (const item of items) {
    if (!starred(item)) {
      list.push(item);
      continue;
    }
    let columns: SyntaxNode | undefined;
    someNode(item, node => {
      if (isColumns(node)) columns ??= node;
      return columns !== undefined;
    });
    const names = await context.rawNames(await context.statement(selectOf([columns!], from), ctes));
    for (const name of names) {
      const holder = { item: structuredClone(item) };
      replaceNodes(holder, node => (isColumns(node) ? { ...columnRef(name), alias: node.alias ?? '' } : undefined));
      list.push(holder.item.alias ? holder.item : { ...holder.item, alias: name });
    }
  }
  select['select_list'] = list;
}

function isColumns(node: SyntaxNode): boolean {
  return node.class === 'STAR' && node['columns'] === true;
}
