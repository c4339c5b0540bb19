/*
 * DuckDB's syntax trees, as `json_serialize_sql` gives them. Only the members that are looked at have names here; the rest
 * is passed through as it came.
 */

/** A node of a tree: an expression, a table reference, or a query. */
export interface SyntaxNode {
  class?: string;
  type?: string;
  alias?: string;
  [member: string]: unknown;
}

/** A member of a tree that is a node itself, or undefined. */
export function nodeIn(node: SyntaxNode, member: string): SyntaxNode | undefined {
  const value = node[member];
  return isNode(value) ? value : undefined;
}

/** A member that is a list of nodes; empty where it is not there. */
export function nodesIn(node: SyntaxNode, member: string): SyntaxNode[] {
  const value = node[member];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Texts and numbers of JSON, each whole. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** A whole number of more digits than a JavaScript number keeps. */
const LONG = /^-?\d{16,}$/;

/** A tree from its text; whole numbers that JavaScript would round become tagged texts. */
export function fromJson(text: string): SyntaxNode {
  const tagged = text.replace(TOKEN, token => (LONG.test(token) ? `"\\u0001number:${token}"` : token));
  return JSON.parse(tagged) as SyntaxNode;
}

/** A tree as text again. */
export function toJson(node: unknown): string {
  return JSON.stringify(node).replace(/"\\u0001number:(-?\d+)"/g, '$1');
}

/** A copy whose parts can be changed. */
export function copyOf<T>(node: T): T {
  return structuredClone(node);
}

/** Two trees are the same but for where they stand in the text and what they are called. */
export function sameTree(a: SyntaxNode, b: SyntaxNode): boolean {
  return keyOf(a) === keyOf(b);
}

/** A text that is the same for trees that are the same. */
export function keyOf(node: SyntaxNode): string {
  return JSON.stringify({ ...node, alias: '' }, (name, value: unknown) =>
    name === 'query_location' ? undefined : name === 'function_name' ? String(value).toLowerCase() : value,
  );
}

/** Calls `visit` on every node below (and with) a value, outermost first; what it returns false for is not entered. */
export function walk(value: unknown, visit: (node: SyntaxNode) => boolean): void {
  if (Array.isArray(value)) {
    for (const part of value) walk(part, visit);
    return;
  }
  if (!isNode(value) || !visit(value)) return;
  for (const member of Object.values(value)) if (typeof member === 'object') walk(member, visit);
}

/** True if `test` holds for some node; subqueries are entered only if asked for. */
export function someNode(value: unknown, test: (node: SyntaxNode) => boolean, intoSubqueries = false): boolean {
  let found = false;
  walk(value, node => {
    if (found) return false;
    if (test(node)) found = true;
    return !found && (intoSubqueries || !isQuery(node));
  });
  return found;
}

/**
 * Replaces nodes in place: `change` gives another node, or undefined to have the node's own parts looked at. Queries
 * inside are not entered unless asked for.
 */
export function replaceNodes(
  value: unknown,
  change: (node: SyntaxNode) => SyntaxNode | undefined,
  intoSubqueries = false,
): void {
  const parts: [key: string | number, part: unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : isNode(value)
      ? Object.entries(value)
      : [];
  for (const [key, part] of parts) {
    if (typeof part !== 'object' || part === null) continue;
    if (!Array.isArray(part)) {
      const node = part as SyntaxNode;
      const changed = change(node);
      if (changed !== undefined) {
        (value as Record<string | number, unknown>)[key] = changed;
        continue;
      }
      if (isQuery(node) && !intoSubqueries) continue;
    }
    replaceNodes(part, change, intoSubqueries);
  }
}

const QUERIES: ReadonlySet<string> = new Set(['SELECT_NODE', 'SET_OPERATION_NODE', 'RECURSIVE_CTE_NODE', 'CTE_NODE']);

export function isQuery(node: SyntaxNode): boolean {
  return node.class === undefined && QUERIES.has(String(node.type));
}

/** A reference to a column, by its path. */
export function columnRef(...names: readonly string[]): SyntaxNode {
  return { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', query_location: 0, column_names: [...names] };
}

/** A call of a function of DuckDB. */
export function functionCall(name: string, children: readonly SyntaxNode[]): SyntaxNode {
  return {
    class: 'FUNCTION',
    type: 'FUNCTION',
    alias: '',
    query_location: 0,
    function_name: name,
    schema: '',
    children: [...children],
    filter: null,
    order_bys: { type: 'ORDER_MODIFIER', orders: [] },
    distinct: false,
    is_operator: false,
    export_state: false,
    catalog: '',
  };
}

export function columnNames(node: SyntaxNode): readonly string[] {
  return node.class === 'COLUMN_REF' ? (node['column_names'] as readonly string[]) : [];
}

export function functionName(node: SyntaxNode): string | undefined {
  return node.class === 'FUNCTION' ? String(node['function_name']).toLowerCase() : undefined;
}

/** Names bound by lambdas inside a tree are no columns: calls `visit` on every column reference that is one. */
export function walkColumns(
  value: unknown,
  visit: (node: SyntaxNode) => void,
  intoSubqueries = false,
  bound: ReadonlySet<string> = new Set(),
): void {
  if (Array.isArray(value)) {
    for (const part of value) walkColumns(part, visit, intoSubqueries, bound);
    return;
  }
  if (!isNode(value) || (isQuery(value) && !intoSubqueries)) return;
  if (value.class === 'COLUMN_REF') {
    if (!bound.has((columnNames(value)[0] ?? '').toLowerCase())) visit(value);
    return;
  }
  if (value.class === 'LAMBDA') {
    const inner = new Set(bound);
    walk(value['lhs'], node => {
      for (const name of columnNames(node).slice(0, 1)) inner.add(name.toLowerCase());
      return true;
    });
    walkColumns(value['expr'], visit, intoSubqueries, inner);
    return;
  }
  for (const member of Object.values(value)) {
    if (typeof member === 'object') walkColumns(member, visit, intoSubqueries, bound);
  }
}
