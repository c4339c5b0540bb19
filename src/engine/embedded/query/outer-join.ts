import type { LeafColumns } from './leaves.js';
import { selectOf } from './parser.js';
import { type Cte, tableRefs } from './places.js';
import type { QueryContext } from './query-context.js';
import { type Side, sideBySide } from './side-by-side.js';
import { tableRef } from './sources.js';
import { columnRef, nodeIn, type SyntaxNode } from './syntax.js';
import { equal, excludeFromStars, joinOf, star } from './tree-edits.js';

/** How the numbers of pairs are joined to the rows of the left table, and the right table to those. */
const BY_NUMBERS: Readonly<Record<string, readonly [pairs: string, right: string | undefined]>> = {
  INNER: ['INNER', 'INNER'],
  LEFT: ['LEFT', 'LEFT'],
  RIGHT: ['INNER', 'RIGHT'],
  FULL: ['LEFT', 'FULL'],
  SEMI: ['SEMI', undefined],
  ANTI: ['ANTI', undefined],
};

/** True if a join can be carried out by the numbers of its rows. */
export function canJoinByNumbers(join: SyntaxNode, leaves: ReadonlyMap<string, LeafColumns>): boolean {
  const refs = tableRefs(join);
  return (
    BY_NUMBERS[String(join['join_type'])] !== undefined &&
    refs.every(ref =>
      ref.type === 'JOIN'
        ? ['REGULAR', 'CROSS'].includes(String(ref['ref_type'])) &&
          (ref['using_columns'] as readonly string[]).length === 0
        : leaves.has(ref.alias ?? ''),
    )
  );
}

/**
 * A join with models in its condition over both tables, which is not one of WHERE. The rows of both tables are numbered;
 * which numbers belong together is an inner join of its own, where the models are called; and the tables are joined by
 * those pairs of numbers.
 *
 * @param rewrite takes the models out of a SELECT
 */
export async function joinByNumbers(
  select: SyntaxNode,
  join: SyntaxNode,
  leaves: ReadonlyMap<string, LeafColumns>,
  ctes: readonly Cte[],
  context: QueryContext,
  rewrite: (select: SyntaxNode) => Promise<SyntaxNode>,
): Promise<void> {
  const left = await numbered(nodeIn(join, 'left')!, leaves, ctes, context);
  const right = await numbered(nodeIn(join, 'right')!, leaves, ctes, context);
  const ofLeft = context.inputs.fresh('left');
  const ofRight = context.inputs.fresh('right');
  const inner = selectOf(
    [
      { ...left.number, alias: ofLeft },
      { ...right.number, alias: ofRight },
    ],
    joinOf(left.table(), right.table(), 'INNER', structuredClone(nodeIn(join, 'condition')!)),
  );
  // Both joins below read the pairs: they are computed once.
  const input = await context.statement(await rewrite(inner), ctes);
  const pairs = context.inputs.add({ kind: 'cache', input, store: { result: undefined } }, 'pairs');
  const [how, then] = BY_NUMBERS[String(join['join_type'])]!;
  const first = joinOf(left.table(), tableRef(pairs, pairs), how, equal(left.number, columnRef(pairs, ofLeft)));
  const whole =
    then === undefined ? first : joinOf(first, right.table(), then, equal(columnRef(pairs, ofRight), right.number));
  for (const member of Object.keys(join)) delete join[member];
  Object.assign(join, whole);
  const hidden: readonly (readonly [names: readonly string[], alias: string])[] = [
    [[left.name], left.alias],
    ...(then === undefined
      ? []
      : ([
          [[right.name], right.alias],
          [[ofLeft, ofRight], pairs],
        ] as const)),
  ];
  for (const [names, alias] of hidden) excludeFromStars(select, names, alias);
}

/** A table or join with a number for each row, as often as it is asked for. */
interface Numbered {
  readonly table: () => SyntaxNode;
  /** The column of the numbers, and its parts. */
  readonly number: SyntaxNode;
  readonly alias: string;
  readonly name: string;
}

async function numbered(
  tree: SyntaxNode,
  leaves: ReadonlyMap<string, LeafColumns>,
  ctes: readonly Cte[],
  context: QueryContext,
): Promise<Numbered> {
  const name = context.inputs.fresh('number');
  const number = { ...(await context.rowNumber()), alias: name };
  const keep = async (list: readonly SyntaxNode[]): Promise<string> =>
    context.inputs.add(
      { kind: 'cache', input: await context.statement(selectOf(list, tree), ctes), store: { result: undefined } },
      'numbered',
    );
  if (tree.type !== 'JOIN') {
    const alias = tree.alias!;
    const input = await keep([star(), number]);
    return { table: () => tableRef(input, alias), number: columnRef(alias, name), alias, name };
  }
  const list: SyntaxNode[] = [];
  const sides: Side[] = [];
  for (const ref of tableRefs(tree)) {
    const leaf = ref.type === 'JOIN' ? undefined : leaves.get(ref.alias!);
    if (leaf === undefined) continue;
    const columns = leaf.columns.map(column => {
      const stored = context.inputs.fresh('column');
      list.push({ ...columnRef(leaf.alias, column), alias: stored });
      return { ...columnRef(stored), alias: column };
    });
    sides.push({ alias: leaf.alias, list: columns });
  }
  const alias = context.inputs.fresh('numbers');
  const input = await keep([...list, number]);
  const all = [...sides, { alias, list: [columnRef(name)] }];
  const table = (): SyntaxNode => sideBySide({ select_list: [] }, structuredClone(all), input, undefined, context);
  return { table, number: columnRef(alias, name), alias, name };
}
