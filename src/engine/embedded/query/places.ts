import { InframeError } from '../../../frame/errors.js';
import { nodeIn, nodesIn, type SyntaxNode, walk } from './syntax.js';

/** The clauses of a SELECT in which an expression may stand, as people call them. */
const CLAUSES: readonly (readonly [member: string, name: string])[] = [
  ['select_list', 'the SELECT list'],
  ['where_clause', 'WHERE'],
  ['group_expressions', 'GROUP BY'],
  ['having', 'HAVING'],
  ['qualify', 'QUALIFY'],
  ['modifiers', 'ORDER BY, DISTINCT ON or LIMIT'],
  ['from_table', 'FROM'],
];

/** The clause of a SELECT that an expression stands in. */
export function clauseOf(select: SyntaxNode, expression: SyntaxNode): string {
  for (const [member, name] of CLAUSES) {
    let found = false;
    walk(select[member], node => {
      found ||= node === expression;
      return !found;
    });
    if (found) return name;
  }
  return 'the statement';
}

/** Line and column of a place in a text, both counted from 1. */
export function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** A model call that cannot be taken out of where it stands. */
export function misplaced(
  text: string,
  call: SyntaxNode,
  clause: string,
  reason: string,
  remedy: string,
): InframeError {
  const name = String(call['function_name']);
  const at = Number(call['query_location']);
  const place = Number.isSafeInteger(at) && at > 0 && at < text.length ? ` (${lineAndColumn(text, at)})` : '';
  return new InframeError('MODEL_CALL_MISPLACED', `call of model '${name}' in ${clause}${place} ${reason}; ${remedy}`, {
    model: name,
    place: clause,
  });
}

/** What is below a SELECT's FROM: its joins and their tables, each once; queries inside are not entered. */
export function tableRefs(from: SyntaxNode | undefined): readonly SyntaxNode[] {
  if (from === undefined) return [];
  const inner = from.type === 'JOIN' ? [nodeIn(from, 'left'), nodeIn(from, 'right')] : [nodeIn(from, 'source')];
  return [from, ...inner.flatMap(tableRefs)];
}

/** The expressions of a SELECT's own clauses, FROM left out. */
export function clauseRoots(select: SyntaxNode): readonly unknown[] {
  return CLAUSES.filter(([member]) => member !== 'from_table').map(([member]) => select[member]);
}

/** The queries of WITH, in order. */
export function cteEntries(query: SyntaxNode): readonly Cte[] {
  const map = nodeIn(query, 'cte_map');
  return map === undefined ? [] : (nodesIn(map, 'map') as unknown as readonly Cte[]);
}

/** One query of WITH. */
export interface Cte {
  readonly key: string;
  readonly value: SyntaxNode & { readonly query: { node: SyntaxNode } };
}
