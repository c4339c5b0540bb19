import type { Names } from '../../../frame/names.js';
import { isVolatileTree } from './functions.js';
import { keyOf, nodesIn, replaceNodes, type SyntaxNode, walk } from './syntax.js';

/* Small changes to the tree of a SELECT, in place. */

/** A whole number. */
export function constant(value: number): SyntaxNode {
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location: 0,
    value: { type: { id: 'INTEGER', type_info: null }, is_null: false, value },
  };
}

/** `*` */
export function star(): SyntaxNode {
  return {
    class: 'STAR',
    type: 'STAR',
    alias: '',
    query_location: 0,
    relation_name: '',
    exclude_list: [],
    replace_list: [],
    columns: false,
    expr: null,
    qualified_exclude_list: [],
    rename_list: [],
  };
}

/** A query as a table. */
export function subqueryRef(node: SyntaxNode, alias: string): SyntaxNode {
  return {
    type: 'SUBQUERY',
    alias,
    sample: null,
    query_location: 0,
    subquery: { node, named_param_map: [] },
    column_name_alias: [],
  };
}

/** `left = right` */
export function equal(left: SyntaxNode, right: SyntaxNode): SyntaxNode {
  return { class: 'COMPARISON', type: 'COMPARE_EQUAL', alias: '', query_location: 0, left, right };
}

/** Two tables joined on a condition; without one, row by row as they come. */
export function joinOf(left: SyntaxNode, right: SyntaxNode, how: string, condition: SyntaxNode | null): SyntaxNode {
  return {
    type: 'JOIN',
    alias: '',
    sample: null,
    query_location: 0,
    left,
    right,
    condition,
    join_type: how,
    ref_type: condition === null ? 'POSITIONAL' : 'REGULAR',
    using_columns: [],
    delim_flipped: false,
    duplicate_eliminated_columns: [],
  };
}

/** `a AND b AND c` as its parts. */
export function conjuncts(node: SyntaxNode | undefined): readonly SyntaxNode[] {
  if (node === undefined) return [];
  return node.class === 'CONJUNCTION' && node.type === 'CONJUNCTION_AND'
    ? nodesIn(node, 'children').flatMap(conjuncts)
    : [node];
}

export function setWhere(select: SyntaxNode, parts: readonly SyntaxNode[]): void {
  select['where_clause'] = joinWhere(parts);
}

/** Parts as one condition; null where there is none. */
export function joinWhere(parts: readonly SyntaxNode[]): SyntaxNode | null {
  if (parts.length < 2) return parts[0] ?? null;
  return { class: 'CONJUNCTION', type: 'CONJUNCTION_AND', alias: '', query_location: 0, children: [...parts] };
}

/** Each different call once. Calls that are drawn anew each time, or whose arguments are, are all different. */
export function uniqueCalls(calls: readonly SyntaxNode[], names: Names): readonly SyntaxNode[] {
  const keys = new Set<string>();
  return calls.filter(call => isVolatileTree(call, names) || keys.size < keys.add(keyOf(call)).size);
}

/** Puts what stands for a call into every place where it is written, also in queries inside. */
export function replaceCalls(
  select: SyntaxNode,
  results: readonly (readonly [call: SyntaxNode, result: SyntaxNode])[],
  names: Names,
): void {
  const byNode = new Map(results);
  const byKey = new Map(
    results.filter(([call]) => !isVolatileTree(call, names)).map(([call, result]) => [keyOf(call), result]),
  );
  for (const member of ['select_list', 'where_clause', 'group_expressions', 'having', 'qualify', 'modifiers']) {
    const holder: { part: unknown } = { part: select[member] };
    replaceNodes(
      holder,
      node => {
        if (node.class !== 'FUNCTION') return undefined;
        const result = byNode.get(node) ?? byKey.get(keyOf(node));
        return result === undefined ? undefined : { ...structuredClone(result), alias: node.alias ?? '' };
      },
      true,
    );
    select[member] = holder.part;
  }
}

/** Stars of the list do not give the columns that were put in; nor do those that name their table. */
export function excludeFromStars(select: SyntaxNode, columns: readonly string[], alias: string | undefined): void {
  for (const item of nodesIn(select, 'select_list')) {
    walk(item, node => {
      const own = node['relation_name'] === '' || String(node['relation_name']).toLowerCase() === alias?.toLowerCase();
      if (node.class === 'STAR' && own) node['exclude_list'] = [...(node['exclude_list'] as string[]), ...columns];
      return node.class !== 'SUBQUERY';
    });
  }
}
