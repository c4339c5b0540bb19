import type { Relation } from '../../../frame/relation.js';
import { columnList } from './columns.js';

/** Groups. Keys are named by their places in the list, so that none is computed twice. @param input what is grouped */
export function aggregateSql(relation: Relation & { readonly kind: 'aggregate' }, input: string): string {
  const { keys, aggregates, sets } = relation;
  const select = `SELECT ${columnList([...keys, ...aggregates])} FROM (${input})`;
  if (sets !== undefined) {
    return `${select} GROUP BY GROUPING SETS (${sets.map(set => `(${set.map(key => key + 1).join(', ')})`).join(', ')})`;
  }
  return keys.length === 0 ? select : `${select} GROUP BY ${keys.map((_, index) => index + 1).join(', ')}`;
}
