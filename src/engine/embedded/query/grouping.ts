import { HIDDEN } from '../../../frame/errors.js';
import { isModelCall } from './fragment.js';
import { isAggregate } from './functions.js';
import { selectOf } from './parser.js';
import type { QueryContext } from './query-context.js';
import { columnNames, columnRef, keyOf, nodeIn, nodesIn, type SyntaxNode, someNode, walk } from './syntax.js';
import { constant, subqueryRef } from './tree-edits.js';

/*
 * Model calls on what a GROUP BY gives: `m(avg(x))`, or `m(k)` of a key. The groups become a query of their own, and the
 * calls stand in a query around it.
 */

/** How the names of queries of groups begin. */
export const GROUPS = `${HIDDEN}groups`;

/** True if a SELECT groups its rows. */
export function isGrouped(select: SyntaxNode, context: QueryContext): boolean {
  return (
    nodesIn(select, 'group_expressions').length > 0 ||
    (select['group_sets'] as readonly unknown[]).length > 0 ||
    select['aggregate_handling'] === 'FORCE_AGGREGATES' ||
    [select['select_list'], select['having'], select['qualify'], select['modifiers']].some(root =>
      someNode(root, node => isAggregate(node, context.aggregates)),
    )
  );
}

/** True if some call is one of groups, not of rows. Names in GROUP BY have been looked at: see {@link nameGroups}. */
export function needsGroupSplit(select: SyntaxNode, context: QueryContext): boolean {
  const keys = groupKeys(select, context);
  const ofGroups = (root: unknown): boolean => {
    let found = false;
    walk(root, node => {
      if (found || isAggregate(node, context.aggregates) || keys.has(groupKeyOf(node)) || node.class === 'SUBQUERY')
        return false;
      if (isModelCall(node, context.names)) found = true;
      return !found;
    });
    return found;
  };
  const items = nodesIn(select, 'select_list').filter(item => !isGroupItem(item, select, context));
  return [items, select['having'], select['qualify'], select['modifiers']].some(ofGroups);
}

/** An item of the list that is a key of GROUP BY as a whole: by its name, its position, or under GROUP BY ALL. */
function isGroupItem(item: SyntaxNode, select: SyntaxNode, context: QueryContext): boolean {
  if (select['aggregate_handling'] === 'FORCE_AGGREGATES') {
    return !someNode(item, node => isAggregate(node, context.aggregates));
  }
  const position = nodesIn(select, 'select_list').indexOf(item) + 1;
  return nodesIn(select, 'group_expressions').some(group => isPosition(group, position));
}

function isPosition(group: SyntaxNode, position: number): boolean {
  return group.class === 'CONSTANT' && nodeIn(group, 'value')?.['value'] === position;
}

/** The keys of the groups, as trees: positions and names of items are put as what they stand for. */
function keyNodes(select: SyntaxNode, context: QueryContext): readonly SyntaxNode[] {
  const items = nodesIn(select, 'select_list');
  const whole = items.filter(item => isGroupItem(item, select, context));
  const named = nodesIn(select, 'group_expressions').filter(group => !whole.some(item => stands(group, item, items)));
  return [...named, ...whole];
}

function stands(group: SyntaxNode, item: SyntaxNode, items: readonly SyntaxNode[]): boolean {
  return isPosition(group, items.indexOf(item) + 1);
}

function groupKeys(select: SyntaxNode, context: QueryContext): ReadonlySet<string> {
  return new Set(keyNodes(select, context).map(groupKeyOf));
}

/** Columns are the same with and without their table's name. */
function groupKeyOf(node: SyntaxNode): string {
  const path = columnNames(node);
  return path.length > 0 ? `column ${path.at(-1)!.toLowerCase()}` : keyOf(node);
}

/**
 * Puts names of GROUP BY that are items of the list as positions. A column of that name goes before an item.
 *
 * @param isColumn of the tables that are read
 */
export function nameGroups(select: SyntaxNode, isColumn: (name: string) => boolean): void {
  const items = nodesIn(select, 'select_list');
  select['group_expressions'] = nodesIn(select, 'group_expressions').map(group => {
    const [name, more] = columnNames(group);
    if (name === undefined || more !== undefined || isColumn(name)) return group;
    const at = items.findIndex(item => item.alias?.toLowerCase() === name.toLowerCase());
    return at < 0 ? group : constant(at + 1);
  });
}

/** True if GROUP BY names something that may be a column or an item. */
export function hasNamedGroups(select: SyntaxNode): boolean {
  const aliases = new Set(nodesIn(select, 'select_list').map(({ alias }) => alias?.toLowerCase()));
  return nodesIn(select, 'group_expressions').some(group => {
    const [name, more] = columnNames(group);
    return name !== undefined && more === undefined && aliases.has(name.toLowerCase());
  });
}

/** The groups as a query inside, what is done with them as a query around it: its `from_table` is that subquery. */
export function splitGroups(select: SyntaxNode, context: QueryContext): SyntaxNode {
  const table = context.inputs.fresh(GROUPS.slice(HIDDEN.length));
  const keys = keyNodes(select, context);
  const names = new Map<string, string>();
  const list: SyntaxNode[] = [];
  const column = (node: SyntaxNode, key: string): SyntaxNode => {
    let name = names.get(key);
    if (name === undefined) {
      name = context.inputs.fresh('group');
      names.set(key, name);
      list.push({ ...structuredClone(node), alias: name });
    }
    return { ...columnRef(table, name), alias: node.alias ?? '' };
  };
  const keySet = new Set(keys.map(groupKeyOf));
  const above = (node: SyntaxNode): SyntaxNode | undefined => {
    if (isAggregate(node, context.aggregates)) return column(node, keyOf(node));
    return keySet.has(groupKeyOf(node)) ? column(node, groupKeyOf(node)) : undefined;
  };
  const outer = selectOf(nodesIn(select, 'select_list').map(item => lifted(item, above)));
  const having = nodeIn(select, 'having');
  const withCall = having !== undefined && someNode(having, node => isModelCall(node, context.names));
  outer['where_clause'] = withCall ? lifted(having, above) : null;
  const qualify = nodeIn(select, 'qualify');
  outer['qualify'] = qualify ? lifted(qualify, above) : null;
  outer['modifiers'] = nodesIn(select, 'modifiers').map(modifier => lifted(modifier, above));
  const inner: SyntaxNode = { ...select, modifiers: [], qualify: null };
  if (withCall) inner['having'] = null;
  inner['group_expressions'] = explicitKeys(select);
  // GROUP BY ALL goes by the list, which now has other items.
  if (select['aggregate_handling'] === 'FORCE_AGGREGATES') for (const key of keys) column(key, groupKeyOf(key));
  inner['select_list'] = list.length > 0 ? list : [constant(0)];
  outer['from_table'] = subqueryRef(inner, table);
  return outer;
}

/** A tree with its aggregates and keys as columns of the groups. */
function lifted(node: SyntaxNode, above: (node: SyntaxNode) => SyntaxNode | undefined): SyntaxNode {
  const column = above(node);
  if (column !== undefined) {
    const own = columnNames(node).at(-1);
    return own !== undefined && !node.alias ? { ...column, alias: own } : column;
  }
  if (node.class === 'LAMBDA') {
    // Its parameters hide keys of the same name.
    const bound = new Set<string>();
    walk(node['lhs'], part => {
      for (const name of columnNames(part).slice(0, 1)) bound.add(name.toLowerCase());
      return true;
    });
    const free = (part: SyntaxNode): SyntaxNode | undefined =>
      bound.has(columnNames(part)[0]?.toLowerCase() ?? '') ? undefined : above(part);
    return { ...node, expr: liftedPart(nodeIn(node, 'expr')!, free) };
  }
  const copy: SyntaxNode = { ...node };
  for (const [member, part] of Object.entries(node)) {
    if (Array.isArray(part)) {
      copy[member] = part.map((each: unknown) =>
        typeof each === 'object' && each !== null && !Array.isArray(each)
          ? liftedPart(each as SyntaxNode, above)
          : each,
      );
    } else if (typeof part === 'object' && part !== null) copy[member] = liftedPart(part as SyntaxNode, above);
  }
  return copy;
}

/** Parts of an expression have no names of their own, but those of arguments given by name. */
function liftedPart(node: SyntaxNode, above: (node: SyntaxNode) => SyntaxNode | undefined): SyntaxNode {
  const result = lifted(node, above);
  return node.class === 'COLUMN_REF' ? { ...result, alias: node.alias ?? '' } : result;
}

/** Positions and names of items are written out: the list inside is another. */
function explicitKeys(select: SyntaxNode): readonly SyntaxNode[] {
  const items = nodesIn(select, 'select_list');
  return nodesIn(select, 'group_expressions').map(group => {
    const item = items.find(candidate => stands(group, candidate, items));
    return item === undefined ? group : { ...structuredClone(item), alias: '' };
  });
}
