import type { Expr, Named } from '../../../frame/expr.js';
import type { ModelArguments } from '../../../frame/model.js';
import type { Plan } from '../../../frame/plan.js';
import { checkCall } from './fragment.js';
import { type LeafColumns, Needs } from './leaves.js';
import { selectOf } from './parser.js';
import { type Cte, tableRefs } from './places.js';
import type { QueryContext } from './query-context.js';
import { tableRef } from './sources.js';
import { columnNames, columnRef, nodeIn, nodesIn, replaceNodes, type SyntaxNode } from './syntax.js';
import { excludeFromStars, joinWhere, replaceCalls, setWhere, subqueryRef, uniqueCalls } from './tree-edits.js';

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
}

/**
 * Scores the rows of a FROM clause that is more than one table, or of arguments that are more than row by row: DuckDB gives
 * the rows and the arguments (one statement), the models run over them, and the SELECT reads the result as the same tables
 * under the same names, side by side (POSITIONAL JOIN), so that every name in it means what it meant.
 */
export async function wideStage(stage: WideStage): Promise<void> {
  const { select, from, leaves, calls, local, rest, ctes, context } = stage;
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
      const reference = role === 'first' ? columnRef(name) : columnRef(leaf.alias, name);
      list.push({ ...reference, alias: stored });
      if (role !== 'again') columns.push({ name, stored });
      else {
        const hidden = context.inputs.fresh('again');
        columns.push({ name: hidden, stored });
        referTo(select, leaf.alias, name, hidden);
        excludeFromStars(select, [hidden], leaf.alias);
      }
    }
    kept.push({ leaf, columns });
  }
  const args: Named[] = [];
  const models = unique.map(
    (call, index): Named => ({ name: results[index]!, expr: modelExpr(call, args, list, context) }),
  );
  const rows = selectOf(list.length > 0 ? list : [columnless()], from);
  rows['where_clause'] = joinWhere(local);
  const input = await context.statement(rows, ctes);
  const passed = kept.flatMap(({ columns }) => columns.map(({ stored }) => stored));
  const plan: Plan = {
    kind: 'select',
    input,
    columns: [...passed.map((name): Named => ({ name, expr: { kind: 'column', name } })), ...models],
  };
  const name = context.inputs.add(plan, 'scored');
  const scored = selectOf(
    results.map(result => columnRef(result)),
    tableRef(name, name),
  );
  const tables = kept
    .filter(({ columns }) => columns.length > 0)
    .map(({ leaf, columns }) =>
      subqueryRef(
        selectOf(
          columns.map(column => ({ ...columnRef(column.stored), alias: column.name })),
          tableRef(name, name),
        ),
        leaf.alias,
      ),
    );
  select['from_table'] = [...tables, subqueryRef(scored, table)].reduce(positionalJoin);
  excludeFromStars(select, results, table);
}

/** A call over columns of the statement that holds its arguments. */
function modelExpr(call: SyntaxNode, args: Named[], list: SyntaxNode[], context: QueryContext): Expr {
  const name = String(call['function_name']);
  checkCall(name, call);
  const positional: Expr[] = [];
  const named: Record<string, readonly Expr[]> = {};
  for (const child of nodesIn(call, 'children')) {
    const stored = context.inputs.fresh('argument');
    list.push({ ...child, alias: stored });
    const expr: Expr = { kind: 'column', name: stored };
    args.push({ name: stored, expr });
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

/** `table.name` becomes `table.hidden` everywhere in a SELECT. */
function referTo(select: SyntaxNode, alias: string, name: string, hidden: string): void {
  replaceNodes(
    select,
    node => {
      const [first, second, ...rest] = columnNames(node);
      if (first?.toLowerCase() !== alias.toLowerCase() || second?.toLowerCase() !== name.toLowerCase())
        return undefined;
      return { ...columnRef(first, hidden, ...rest), alias: node.alias || (rest.length === 0 ? second! : '') };
    },
    true,
  );
}

function positionalJoin(left: SyntaxNode, right: SyntaxNode): SyntaxNode {
  return {
    type: 'JOIN',
    alias: '',
    sample: null,
    query_location: 0,
    left,
    right,
    condition: null,
    join_type: 'INNER',
    ref_type: 'POSITIONAL',
    using_columns: [],
    delim_flipped: false,
    duplicate_eliminated_columns: [],
  };
}

/** A column for rows of which nothing is read. */
function columnless(): SyntaxNode {
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '__inframe_row',
    query_location: 0,
    value: { type: { id: 'INTEGER', type_info: null }, is_null: false, value: 0 },
  };
}
