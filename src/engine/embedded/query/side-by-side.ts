import { selectOf } from './parser.js';
import type { QueryContext } from './query-context.js';
import { tableRef } from './sources.js';
import { columnRef, type SyntaxNode } from './syntax.js';
import { equal, excludeFromStars, joinOf, subqueryRef } from './tree-edits.js';

/** Some columns of a stage's result, as a table of a FROM clause. */
export interface Side {
  readonly alias: string;
  readonly list: readonly SyntaxNode[];
}

/** The tables of a scored FROM clause, row by row: by position, or by the numbers of the rows. */
export function sideBySide(
  select: SyntaxNode,
  sides: readonly Side[],
  result: string,
  number: string | undefined,
  context: QueryContext,
): SyntaxNode {
  const first = context.inputs.fresh('number');
  return sides
    .map(({ alias, list }, index): { readonly table: SyntaxNode; readonly key: SyntaxNode } => {
      const own = index === 0 ? first : context.inputs.fresh('number');
      const columns = number === undefined ? list : [...list, { ...columnRef(number), alias: own }];
      if (number !== undefined) excludeFromStars(select, [own], alias);
      return { table: subqueryRef(selectOf(columns, tableRef(result, result)), alias), key: columnRef(alias, own) };
    })
    .reduce((left, right) => ({
      table: joinOf(left.table, right.table, 'INNER', number === undefined ? null : equal(left.key, right.key)),
      key: left.key,
    })).table;
}
