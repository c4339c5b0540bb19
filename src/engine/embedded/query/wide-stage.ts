import type { Expr, Named } from '../../../frame/expr.js';
import type { ModelArguments } from '../../../frame/model.js';
import type { Plan } from '../../../frame/plan.js';
import { checkCall, givenTwice } from './fragment.js';
import { type LeafColumns, Needs } from './leaves.js';
import { selectOf } from './parser.js';
import { type Cte, clauseRoots, tableRefs } from './places.js';
import type { QueryContext } from './query-context.js';
import { type Side, sideBySide } from './side-by-side.js';
import { columnNames, columnRef, isQuery, nodeIn, nodesIn, replaceNodes, type SyntaxNode, walk } from './syntax.js';
import { constant, excludeFromStars, joinWhere, replaceCalls, setWhere, uniqueCalls } from './tree-edits.js';

/** What a stage over several tables is made of. */
export interface WideStage {
  readonly select: SyntaxNode;
  readonly from: SyntaxNode;
  readonly leaves: readonly LeafColumns[];
  readonly calls: readonly SyntaxNode[];
  /** Conditions that go below the model. */
  readonly local: readonly SyntaxNode[];
  /** Conditions that stay above it. */
  readonly rest: readonly SyntaxNode[];
  readonly ctes: readonly Cte[];
  readonly context: QueryContext;
  /** How many queries the SELECT stands in as an expression. */
  readonly depth: number;
}

/**
 * Scores the rows of a FROM clause that is more than one table, or of arguments that are more than row by row: DuckDB gives
 * the rows and the arguments (one statement), the models run over them, and the SELECT reads the result as the same tables
 * under the same names, side by side (POSITIONAL JOIN), so that every name in it means what it meant.
 */
export async function wideStage(stage: WideStage): Promise<void> {
  const { select, from, leaves, calls, local, rest, ctes, context, depth } = stage;
  const unique = uniqueCalls(calls, context.names);
  const results = unique.map(() => context.inputs.fresh('call'));
  const table = context.inputs.fresh('calls');
  setWhere(select, rest);
  replaceCalls(
    select,
    unique.map((call, index) => [call, columnRef(table, results[index]!)]),
    context.names,
  );
  const needs = new Needs(select);
  const merged = mergedColumns(from, leaves);
  const list: SyntaxNode[] = [];
  const kept: { readonly leaf: LeafColumns; readonly columns: { readonly name: string; readonly stored: string }[] }[] =
    [];
  for (const leaf of leaves) {
    const columns: { name: string; stored: string }[] = [];
    for (const name of leaf.columns) {
      if (!needs.column(leaf.alias, name)) continue;
      const role = merged.get(`${leaf.alias.toLowerCase()} ${name.toLowerCase()}`);
      const stored = context.inputs.fresh('column');
      // Columns of USING stand once, with the value they have without a table's name before them.
      if (role === 'first') {
        const whole = context.inputs.fresh('column');
        list.push({ ...columnRef(name), alias: whole });
        columns.push({ name, stored: whole });
      }
      list.push({ ...columnRef(leaf.alias, name), alias: stored });
      if (role === undefined) columns.push({ name, stored });
      else {
        const hidden = context.inputs.fresh('again');
        columns.push({ name: hidden, stored });
        referTo(select, leaf.alias, name, hidden);
        hideInStars(select, hidden, leaf.alias, name, role === 'first');
      }
    }
    kept.push({ leaf, columns });
  }
  const models = unique.map((call, index): Named => ({ name: results[index]!, expr: modelExpr(call, list, context) }));
  // DuckDB has no positional join in a subquery that refers outwards: there the rows are joined by their numbers.
  const number = depth > 0 ? context.inputs.fresh('number') : undefined;
  if (number !== undefined) list.push({ ...(await context.rowNumber()), alias: number });
  const rows = selectOf(list.length > 0 ? list : [{ ...constant(0), alias: '__inframe_row' }], from);
  rows['where_clause'] = joinWhere(local);
  const input = await context.statement(rows, ctes);
  const passed = kept.flatMap(({ columns }) => columns.map(({ stored }) => stored));
  const plan: Plan = {
    kind: 'select',
    input,
    columns: [
      ...[...passed, ...(number === undefined ? [] : [number])].map(
        (name): Named => ({ name, expr: { kind: 'column', name } }),
      ),
      ...models,
    ],
  };
  const name = context.inputs.add(plan, 'scored');
  const tables = kept
    .filter(({ columns }) => columns.length > 0)
    .map(
      ({ leaf, columns }): Side => ({
        alias: leaf.alias,
        list: columns.map(column => ({ ...columnRef(column.stored), alias: column.name })),
      }),
    );
  const sides = [...tables, { alias: table, list: results.map(result => columnRef(result)) }];
  select['from_table'] = sideBySide(select, sides, name, number, context);
  excludeFromStars(select, results, table);
}

/** A call over columns of the statement that holds its arguments. */
function modelExpr(call: SyntaxNode, list: SyntaxNode[], context: QueryContext): Expr {
  const name = String(call['function_name']);
  checkCall(name, call);
  const positional: Expr[] = [];
  const named: Record<string, readonly Expr[]> = {};
  for (const child of nodesIn(call, 'children')) {
    const stored = context.inputs.fresh('argument');
    list.push({ ...child, alias: stored });
    const expr: Expr = { kind: 'column', name: stored };
    if (child.alias && Object.hasOwn(named, child.alias)) throw givenTwice(name, child.alias);
    if (child.alias) named[child.alias] = [expr];
    else positional.push(expr);
  }
  const given: ModelArguments = { positional, named };
  return { kind: 'model', model: context.names.model(name)!, args: given };
}

/** Columns that USING or NATURAL makes one: where they stand first, and where they stand again. */
function mergedColumns(from: SyntaxNode, leaves: readonly LeafColumns[]): ReadonlyMap<string, 'first' | 'again'> {
  const merged = new Map<string, 'first' | 'again'>();
  for (const join of tableRefs(from)) {
    if (join.type !== 'JOIN') continue;
    const right = aliasesIn(nodeIn(join, 'right'));
    const left = aliasesIn(nodeIn(join, 'left'));
    const has = (aliases: ReadonlySet<string>, name: string): readonly string[] =>
      leaves
        .filter(leaf => aliases.has(leaf.alias) && leaf.columns.some(own => own.toLowerCase() === name))
        .map(leaf => leaf.alias.toLowerCase());
    const using = (join['using_columns'] as readonly string[] | undefined) ?? [];
    const natural = join['ref_type'] === 'NATURAL' ? leaves.flatMap(leaf => leaf.columns) : [];
    for (const name of [...using, ...natural].map(column => column.toLowerCase())) {
      const [first] = has(left, name);
      const again = has(right, name);
      if (first === undefined || again.length === 0) continue;
      if (merged.get(`${first} ${name}`) === undefined) merged.set(`${first} ${name}`, 'first');
      for (const alias of again) merged.set(`${alias} ${name}`, 'again');
    }
  }
  return merged;
}

function aliasesIn(from: SyntaxNode | undefined): ReadonlySet<string> {
  return new Set(tableRefs(from).flatMap(ref => ref.alias ?? []));
}

/** `table.name` becomes `table.hidden` everywhere in a SELECT, but in queries inside that call another table so. */
function referTo(select: SyntaxNode, alias: string, name: string, hidden: string): void {
  const own = (node: SyntaxNode): boolean =>
    isQuery(node) &&
    tableRefs(nodeIn(node, 'from_table')).some(ref => ref.alias?.toLowerCase() === alias.toLowerCase());
  const items = new Set(nodesIn(select, 'select_list'));
  for (const root of clauseRoots(select)) {
    replaceNodes(
      root,
      node => {
        if (own(node)) return node;
        const [first, second, ...rest] = columnNames(node);
        if (first?.toLowerCase() !== alias.toLowerCase() || second?.toLowerCase() !== name.toLowerCase())
          return undefined;
        // An item of the list keeps the name it had; elsewhere an alias would be an argument's name.
        const named = items.has(node) && rest.length === 0 ? second! : '';
        return { ...columnRef(first, hidden, ...rest), alias: node.alias || named };
      },
      true,
    );
  }
}

/** A column of USING stands once in `*`; in `table.*` it stands under its own name. */
function hideInStars(select: SyntaxNode, hidden: string, alias: string, name: string, merged: boolean): void {
  for (const item of nodesIn(select, 'select_list')) {
    walk(item, node => {
      if (node.class !== 'STAR') return node.class !== 'SUBQUERY';
      const table = String(node['relation_name']);
      if (table === '') node['exclude_list'] = [...(node['exclude_list'] as string[]), hidden];
      if (table.toLowerCase() === alias.toLowerCase()) {
        if (merged) node['exclude_list'] = [...(node['exclude_list'] as string[]), name];
        const key = { catalog: '', schema: '', table: '', column: hidden };
        node['rename_list'] = [...nodesIn(node, 'rename_list'), { key, value: name }];
      }
      return true;
    });
  }
}
