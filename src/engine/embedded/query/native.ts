import type { Expr, Named, SortKey } from '../../../frame/expr.js';
import type { Plan } from '../../../frame/plan.js';
import type { Schema } from '../../../frame/schema.js';
import type { ColumnReader } from './fragment.js';
import { isRowWise } from './functions.js';
import { Needs } from './leaves.js';
import { expressionTexts } from './parser.js';
import { type Cte, cteEntries } from './places.js';
import type { QueryContext } from './query-context.js';
import { columnNames, nodeIn, nodesIn, type SyntaxNode } from './syntax.js';

/*
 * A SELECT that works row by row over one table, as nodes of a plan. The optimizer sees through those, and tasks read
 * their own slices of the files; in a statement it would see nothing.
 */

/** The plan of such a SELECT, or undefined if the query is not one. */
export async function nativePlan(
  node: SyntaxNode,
  ctes: readonly Cte[],
  context: QueryContext,
): Promise<Plan | undefined> {
  if (!isPlainSelect(node)) return undefined;
  const from = nodeIn(node, 'from_table')!;
  const order = orderOf(node);
  const limit = limitOf(node);
  if (order === undefined || limit === undefined) return undefined;
  const list = nodesIn(node, 'select_list');
  const where = nodeIn(node, 'where_clause');
  const rowWise = (expression: SyntaxNode): boolean => isRowWise(expression, context.aggregates);
  const items = list.filter(item => !isPlainStar(item));
  if (![...items, ...order.map(({ expression }) => expression), ...(where ? [where] : [])].every(rowWise))
    return undefined;
  const visible = [...ctes, ...cteEntries(node)];
  const table = await leafPlan(from, visible, context);
  if (table === undefined) return undefined;
  const schema = await context.schemaOf(table);
  const alias = from.alias ?? '';
  if (new Needs(node).rowOf(alias) && !schema.has(alias)) return undefined;
  return new NativeSelect(context, table, schema, tableReader(schema, alias)).build(list, where, order, limit);
}

/** A table of FROM as a plan: an input, a query of WITH, or a subquery; undefined for anything else. */
export async function leafPlan(
  from: SyntaxNode,
  ctes: readonly Cte[],
  context: QueryContext,
): Promise<Plan | undefined> {
  if (from['sample']) return undefined;
  if (from.type === 'SUBQUERY') {
    const { node } = from['subquery'] as { readonly node: SyntaxNode };
    const plan = await context.plan(node, ctes);
    return renamed(plan, from['column_name_alias'], context);
  }
  if (from.type !== 'BASE_TABLE') return undefined;
  const name = String(from['table_name']);
  const input = context.inputs.get(name);
  if (input !== undefined) return renamed(input, from['column_name_alias'], context);
  const at = ctes.findLastIndex(({ key }) => key.toLowerCase() === name.toLowerCase());
  const cte = ctes[at];
  if (cte === undefined || cte.value.query.node.type === 'RECURSIVE_CTE_NODE') return undefined;
  const plan = await context.plan(cte.value.query.node, ctes.slice(0, at));
  const named = await renamed(plan, cte.value['aliases'], context);
  return named && renamed(named, from['column_name_alias'], context);
}

/** `t(a, b)`: the first columns under other names. */
async function renamed(plan: Plan, aliases: unknown, context: QueryContext): Promise<Plan | undefined> {
  const names = Array.isArray(aliases) ? aliases.map(String) : [];
  if (names.length === 0) return plan;
  const own = (await context.schemaOf(plan)).names;
  if (names.length > own.length) return undefined;
  const columns = own.map((name, index): Named => ({ name: names[index] ?? name, expr: { kind: 'column', name } }));
  return { kind: 'select', input: plan, columns };
}

/** Columns of one table, which may stand behind its alias. */
export function tableReader(schema: Schema, alias: string): ColumnReader {
  const column = (name: string): Expr | undefined => {
    const found = schema.find(name);
    return found === undefined ? undefined : { kind: 'column', name: found.name };
  };
  return path => {
    const [first, second] = path;
    const behind = second !== undefined && first!.toLowerCase() === alias.toLowerCase() ? column(second) : undefined;
    if (behind !== undefined) return { column: behind, names: 2 };
    const plain = column(first!);
    return plain === undefined ? undefined : { column: plain, names: 1 };
  };
}

function isPlainSelect(node: SyntaxNode): boolean {
  const { type } = nodeIn(node, 'from_table') ?? {};
  return (
    node.type === 'SELECT_NODE' &&
    (type === 'BASE_TABLE' || type === 'SUBQUERY') &&
    node['aggregate_handling'] === 'STANDARD_HANDLING' &&
    nodesIn(node, 'group_expressions').length === 0 &&
    (node['group_sets'] as readonly unknown[]).length === 0 &&
    ['having', 'qualify', 'sample'].every(member => !node[member])
  );
}

/** A `*` that leaves columns out at most. */
function isPlainStar(node: SyntaxNode): boolean {
  return (
    node.class === 'STAR' &&
    node['columns'] !== true &&
    !node['expr'] &&
    ['replace_list', 'rename_list', 'qualified_exclude_list'].every(member => nodesIn(node, member).length === 0)
  );
}

interface Order {
  readonly expression: SyntaxNode;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** The keys of ORDER BY, or undefined where there is more than an order and a limit. */
function orderOf(node: SyntaxNode): readonly Order[] | undefined {
  const modifiers = nodesIn(node, 'modifiers');
  const known = modifiers.every(({ type }) => type === 'ORDER_MODIFIER' || type === 'LIMIT_MODIFIER');
  if (!known) return undefined;
  return modifiers
    .flatMap(modifier => nodesIn(modifier, 'orders'))
    .map(order => ({
      expression: nodeIn(order, 'expression')!,
      descending: order.type === 'DESCENDING',
      nullsFirst: order['null_order'] === 'NULLS_FIRST' || order['null_order'] === 'NULLS FIRST',
    }));
}

/** Constant counts of LIMIT and OFFSET, or undefined where they are computed. */
function limitOf(node: SyntaxNode): { readonly count: number | undefined; readonly offset: number } | undefined {
  const modifier = nodesIn(node, 'modifiers').find(({ type }) => type === 'LIMIT_MODIFIER');
  if (modifier === undefined) return { count: undefined, offset: 0 };
  const count = countIn(nodeIn(modifier, 'limit'));
  const offset = countIn(nodeIn(modifier, 'offset'));
  return count === undefined || offset === undefined
    ? undefined
    : { count: count ?? Number.MAX_SAFE_INTEGER, offset: offset ?? 0 };
}

/** Null where nothing is said, undefined where it is no constant. */
function countIn(node: SyntaxNode | undefined): number | null | undefined {
  if (node === undefined) return null;
  const value = node.class === 'CONSTANT' ? nodeIn(node, 'value')?.['value'] : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

class NativeSelect {
  readonly #context: QueryContext;
  readonly #table: Plan;
  readonly #schema: Schema;
  readonly #read: ColumnReader;

  constructor(context: QueryContext, table: Plan, schema: Schema, read: ColumnReader) {
    this.#context = context;
    this.#table = table;
    this.#schema = schema;
    this.#read = read;
  }

  async build(
    list: readonly SyntaxNode[],
    where: SyntaxNode | undefined,
    order: readonly Order[],
    limit: { readonly count: number | undefined; readonly offset: number },
  ): Promise<Plan | undefined> {
    // Names of the list may stand in conditions and in each other: what they stand for is put in their place.
    const reader = await this.#withAliases(list);
    if (reader === undefined) return undefined;
    const items = await this.#items(list, reader);
    if (items === undefined) return undefined;
    let plan = this.#table;
    if (where !== undefined) {
      const [predicate] = await this.#context.expressions([where], reader);
      plan = { kind: 'filter', input: plan, predicate: predicate! };
    }
    if (order.length === 0) return limited({ kind: 'select', input: plan, columns: items }, limit);
    const keys = await this.#keys(order, list, items, reader);
    const hidden = keys.map((key, index): Named => ({ name: `__inframe_key_${index}`, expr: key }));
    const sorted: Plan = {
      kind: 'sort',
      input: { kind: 'select', input: plan, columns: [...items, ...hidden] },
      keys: hidden.map(
        ({ name }, index): SortKey => ({
          expr: { kind: 'column', name },
          descending: order[index]!.descending,
          nullsFirst: order[index]!.nullsFirst,
        }),
      ),
    };
    const columns = items.map(({ name }): Named => ({ name, expr: { kind: 'column', name } }));
    return { kind: 'select', input: limited(sorted, limit), columns };
  }

  /** Columns of the table first, then what items of the list are called. */
  async #withAliases(list: readonly SyntaxNode[]): Promise<ColumnReader | undefined> {
    const aliases = new Map<string, Expr>();
    const reader: ColumnReader = path => {
      const found = this.#read(path);
      if (found !== undefined) return found;
      const expr = aliases.get(path[0]!.toLowerCase());
      return expr === undefined ? undefined : { column: expr, names: 1 };
    };
    for (const item of list) {
      if (!item.alias || this.#schema.has(item.alias)) continue;
      const [expr] = await this.#context.expressions([{ ...item, alias: '' }], reader);
      aliases.set(item.alias.toLowerCase(), expr!);
    }
    return reader;
  }

  async #items(list: readonly SyntaxNode[], reader: ColumnReader): Promise<readonly Named[] | undefined> {
    const single = list.filter(item => item.class !== 'STAR');
    const exprs = await this.#context.expressions(
      single.map(item => ({ ...item, alias: '' })),
      reader,
    );
    const unnamed = single.filter(item => !item.alias && item.class !== 'COLUMN_REF');
    const texts = await expressionTexts(this.#context.connection, unnamed);
    const nameOf = (item: SyntaxNode): string =>
      item.alias || (item.class === 'COLUMN_REF' ? columnNames(item).at(-1)! : texts[unnamed.indexOf(item)]!);
    const items: Named[] = [];
    for (const item of list) {
      if (item.class === 'STAR') items.push(...this.#star(item));
      else items.push({ name: nameOf(item), expr: exprs[single.indexOf(item)]! });
    }
    return distinctNames(items.map(({ name, expr }) => ({ name: this.#spelt(name, expr), expr })));
  }

  /** A column that is passed on keeps the spelling of its table. */
  #spelt(name: string, expr: Expr): string {
    return expr.kind === 'column' && expr.name.toLowerCase() === name.toLowerCase() ? expr.name : name;
  }

  #star(item: SyntaxNode): readonly Named[] {
    const excluded = new Set((item['exclude_list'] as readonly unknown[]).map(name => String(name).toLowerCase()));
    return this.#schema.names
      .filter(name => !excluded.has(name.toLowerCase()))
      .map(name => ({ name, expr: { kind: 'column', name } }));
  }

  async #keys(
    order: readonly Order[],
    list: readonly SyntaxNode[],
    items: readonly Named[],
    reader: ColumnReader,
  ): Promise<readonly Expr[]> {
    const exprs = await this.#context.expressions(
      order.map(({ expression }) => expression),
      reader,
    );
    return order.map(({ expression }, index) => {
      const position = expression.class === 'CONSTANT' ? countIn(expression) : undefined;
      if (typeof position === 'number' && items[position - 1] !== undefined) return items[position - 1]!.expr;
      const [name, more] = columnNames(expression);
      const named = more === undefined ? list.findIndex(item => item.alias?.toLowerCase() === name?.toLowerCase()) : -1;
      const alias = named >= 0 ? list[named]!.alias : undefined;
      return items.find(item => item.name === alias)?.expr ?? exprs[index]!;
    });
  }
}

function limited(plan: Plan, { count, offset }: { readonly count: number | undefined; readonly offset: number }): Plan {
  return count === undefined ? plan : { kind: 'limit', input: plan, count, offset };
}

/** Names that come twice are told apart as DuckDB does when it stores a table: `id`, `id_1`. */
function distinctNames(items: readonly Named[]): readonly Named[] {
  const taken = new Set<string>();
  return items.map(({ name, expr }) => {
    let own = name;
    for (let number = 1; taken.has(own.toLowerCase()); number += 1) own = `${name}_${number}`;
    taken.add(own.toLowerCase());
    return { name: own, expr };
  });
}
