import { InframeError } from '../../../frame/errors.js';
import type { Named } from '../../../frame/expr.js';
import type { Plan } from '../../../frame/plan.js';
import { isModelCall } from './fragment.js';
import { isRowWise, isVolatileTree } from './functions.js';
import { needsGroupSplit, splitGroups } from './grouping.js';
import { scoreJoinSides } from './join-conditions.js';
import { type Leaf, type LeafColumns, leavesOf, Needs, Scope } from './leaves.js';
import { mayCallModel } from './models.js';
import { leafPlan, tableReader } from './native.js';
import { expressionTexts, selectOf } from './parser.js';
import { type Cte, clauseOf, clauseRoots, cteEntries, misplaced, tableRefs } from './places.js';
import type { QueryContext } from './query-context.js';
import { tableRef } from './sources.js';
import { columnNames, columnRef, keyOf, nodeIn, nodesIn, replaceNodes, type SyntaxNode, someNode, walk, walkColumns } from './syntax.js';
import { conjuncts, excludeFromStars, replaceCalls, setWhere, star, subqueryRef, uniqueCalls } from './tree-edits.js';
import { wideStage } from './wide-stage.js';

/** Takes model calls out of a query, query by query from the inside out, until DuckDB can carry out what is left. */
export class Rewriter {
  readonly #context: QueryContext;

  constructor(context: QueryContext) {
    this.#context = context;
  }

  /**
   * The query without model calls. Its tree is changed.
   *
   * @param ctes the queries of WITH that can be seen here, done already
   * @param depth how many queries this one stands in as an expression
   */
  async rewrite(query: SyntaxNode, ctes: readonly Cte[], depth: number): Promise<SyntaxNode> {
    const visible = [...ctes];
    for (const cte of cteEntries(query)) {
      const { node } = cte.value.query;
      cte.value.query.node = await this.rewrite(node, node.type === 'RECURSIVE_CTE_NODE' ? [...visible, cte] : visible, depth);
      await this.#keepOnce(cte, visible);
      visible.push(cte);
    }
    switch (query.type) {
      case 'SET_OPERATION_NODE':
        return this.#setOperation(query, visible, ctes, depth);
      case 'RECURSIVE_CTE_NODE':
        query['left'] = await this.rewrite(nodeIn(query, 'left')!, ctes.slice(0, -1), depth);
        this.#refuse(query['right'], 'the recursive part of WITH RECURSIVE', 'where it would see rows of earlier steps', 'call the model on what the recursion gives');
        return query;
      case 'SELECT_NODE':
        return this.#select(query, visible, depth);
      default:
        this.#refuse(query, 'this kind of query', 'which cannot be taken apart', 'put the part with the model into a subquery');
        return query;
    }
  }

  /** A query of WITH that is to be computed once, or that would not give the same rows twice, becomes a cached input. */
  async #keepOnce(cte: Cte, visible: readonly Cte[]): Promise<void> {
    const { node } = cte.value.query;
    const once = cte.value['materialized'] === 'CTE_MATERIALIZE_ALWAYS' || isVolatileTree(node);
    if (!once || node.type === 'RECURSIVE_CTE_NODE') return;
    const input = await this.#context.plan(node, visible);
    const name = this.#context.inputs.add({ kind: 'cache', input, store: { result: undefined } }, 'with');
    cte.value.query.node = selectOf([star()], tableRef(name, name));
  }

  async #setOperation(query: SyntaxNode, visible: readonly Cte[], ctes: readonly Cte[], depth: number): Promise<SyntaxNode> {
    query['left'] = await this.rewrite(nodeIn(query, 'left')!, visible, depth);
    query['right'] = await this.rewrite(nodeIn(query, 'right')!, visible, depth);
    if (!someNode(query['modifiers'], this.#isCall)) return query;
    // The order is one of the result's rows: they become a table first.
    const outer = selectOf([star()], subqueryRef(query, this.#context.inputs.fresh('table')));
    outer['modifiers'] = query['modifiers'];
    query['modifiers'] = [];
    return this.#select(outer, ctes, depth);
  }

  async #select(given: SyntaxNode, ctes: readonly Cte[], depth: number): Promise<SyntaxNode> {
    let select = given;
    await this.#nameItems(select, item => someNode(item, this.#isCall, true));
    await this.#inside(select, ctes, depth);
    if (distinct(select) && someNode(orders(select), this.#isCall)) {
      select = this.#orderOutside(select);
      select['from_table'] = subqueryRef(await this.#select(innerOf(select), ctes, depth), String(nodeIn(select, 'from_table')!.alias));
    }
    await scoreJoinSides(select, ctes, this.#context);
    if (needsGroupSplit(select, this.#context)) {
      await this.#nameItems(select, () => true);
      select = splitGroups(select, this.#context);
      select['from_table'] = subqueryRef(await this.#select(innerOf(select), ctes, depth), String(nodeIn(select, 'from_table')!.alias));
    }
    for (let calls = this.#ripe(select, depth); calls.length > 0; calls = this.#ripe(select, depth)) {
      await this.#stage(select, calls, ctes, depth);
    }
    await this.#pushIntoScored(select, ctes, depth);
    return select;
  }

  readonly #isCall = (node: SyntaxNode): boolean => isModelCall(node, this.#context.names);

  /** What an item is called does not change when parts of it are replaced. */
  async #nameItems(select: SyntaxNode, which: (item: SyntaxNode) => boolean): Promise<void> {
    const unnamed = nodesIn(select, 'select_list').filter(
      item => !item.alias && item.class !== 'STAR' && item.class !== 'COLUMN_REF' && which(item),
    );
    const texts = await expressionTexts(this.#context.connection, unnamed);
    for (const [index, item] of unnamed.entries()) item.alias = texts[index]!;
  }

  /** The queries inside: tables of FROM, and subqueries of expressions. */
  async #inside(select: SyntaxNode, ctes: readonly Cte[], depth: number): Promise<void> {
    for (const ref of tableRefs(nodeIn(select, 'from_table'))) {
      if (ref.type === 'SUBQUERY') {
        const holder = ref['subquery'] as { node: SyntaxNode };
        holder.node = await this.rewrite(holder.node, ctes, depth);
      }
      if (ref.type === 'SHOW_REF' && nodeIn(ref, 'query') !== undefined) {
        ref['query'] = await this.rewrite(nodeIn(ref, 'query')!, ctes, depth);
      }
      if (ref.type === 'TABLE_FUNCTION') {
        this.#refuse(ref, 'the arguments of a table function', 'which are computed before there are rows', 'call the model in a subquery, and the function on its result');
      }
      if (ref.type === 'EXPRESSION_LIST') {
        this.#refuse(ref, 'VALUES', 'which is a table of constants', 'select from it and call the model there');
      }
      if (ref.type === 'PIVOT') {
        this.#refuse([ref['aggregates'], ref['pivots'], ref['unpivot_names']], 'PIVOT', 'whose columns are made of it', 'call the model in a subquery that PIVOT reads');
      }
    }
    const holders: { node: SyntaxNode }[] = [];
    for (const root of clauseRoots(select)) {
      walk(root, node => {
        if (node.class !== 'SUBQUERY') return true;
        holders.push(node['subquery'] as { node: SyntaxNode });
        return nodeIn(node, 'child') !== undefined;
      });
    }
    for (const holder of holders) holder.node = await this.rewrite(holder.node, ctes, depth + 1);
  }

  #refuse(root: unknown, clause: string, reason: string, remedy: string): void {
    walk(root, node => {
      if (this.#isCall(node)) throw misplaced(this.#context.text, node, clause, `stands ${reason}`, remedy);
      return true;
    });
  }

  /** `SELECT DISTINCT ... ORDER BY call`: the order is one of the distinct rows. */
  #orderOutside(select: SyntaxNode): SyntaxNode {
    const outer = selectOf([star()], subqueryRef(select, this.#context.inputs.fresh('table')));
    const modifiers = nodesIn(select, 'modifiers');
    select['modifiers'] = modifiers.filter(({ type }) => type === 'DISTINCT_MODIFIER');
    outer['modifiers'] = modifiers.filter(({ type }) => type !== 'DISTINCT_MODIFIER');
    return outer;
  }

  /**
   * The calls to be scored next: those of the first condition of WHERE that has some, so that the next sees fewer rows;
   * then all others. Calls in the arguments of calls come first.
   */
  #ripe(select: SyntaxNode, depth: number): readonly SyntaxNode[] {
    const waiting = conjuncts(nodeIn(select, 'where_clause')).find(part => someNode(part, this.#isCall, true));
    const roots = waiting !== undefined ? [waiting] : clauseRoots(select);
    const found: SyntaxNode[] = [];
    for (const root of roots) {
      walk(root, node => {
        if (!this.#isCall(node)) return true;
        if (!someNode(node['children'], this.#isCall, true)) found.push(node);
        return true;
      });
    }
    return depth === 0 ? found : found.filter(call => !this.#outer.has(call));
  }

  /** Calls whose arguments belong to a query outside: they are scored there. */
  readonly #outer = new WeakSet<SyntaxNode>();

  async #stage(select: SyntaxNode, calls: readonly SyntaxNode[], ctes: readonly Cte[], depth: number): Promise<void> {
    const context = this.#context;
    const from = nodeIn(select, 'from_table')!;
    const leaves = leavesOf(from, () => context.inputs.fresh('table'));
    const first = leaves[0];
    const table = leaves.length === 1 && first!.node === from ? await leafPlan(from, ctes, context) : undefined;
    const columns = table
      ? [{ ...first!, columns: (await context.schemaOf(table)).names }]
      : await this.#columnsOf(select, from, leaves, ctes, calls[0]!, depth);
    const scope = new Scope(columns);
    const own = this.#sortOut(select, calls, scope, depth);
    if (own.length === 0) return;
    const constant = own.filter(call => isConstant(call));
    for (const call of constant) await this.#constantCall(select, call);
    const perRow = own.filter(call => !constant.includes(call));
    if (perRow.length === 0) return;
    const { local, rest } = this.#conditions(select, scope, depth);
    const plain =
      [...perRow, ...local].every(node => isRowWise(node, context.aggregates)) &&
      // The row as a whole would have the results in it.
      !(new Needs(select).rowOf(first?.alias ?? '') && !scope.hasColumn(first?.alias ?? ''));
    if (table !== undefined && plain) await this.#narrowStage(select, table, first!, perRow, local, rest);
    else await wideStage({ select, from, leaves: columns, calls: perRow, local, rest, ctes, context });
  }

  /** What each table of FROM has: DuckDB is asked for all of them in one statement. */
  async #columnsOf(
    select: SyntaxNode,
    from: SyntaxNode,
    leaves: readonly Leaf[],
    ctes: readonly Cte[],
    call: SyntaxNode,
    depth: number,
  ): Promise<readonly LeafColumns[]> {
    if (leaves.length === 0) return [];
    const marker = { class: 'CONSTANT', type: 'VALUE_CONSTANT', query_location: 0, value: { type: { id: 'INTEGER', type_info: null }, is_null: false, value: 0 } };
    const list = leaves.flatMap(({ alias }) => [{ ...star(), relation_name: alias }, { ...marker, alias: MARKER }]);
    const statement = await this.#context.statement(selectOf(list, from), ctes);
    const names = await this.#context.rawNames(statement).catch((error: unknown) => {
      if (depth === 0 || !(error instanceof InframeError)) throw error;
      throw misplaced(
        this.#context.text,
        call,
        clauseOf(select, call),
        `stands in a subquery whose tables depend on the query around it (${error.message})`,
        'join the tables first, and call the model on the result',
      );
    });
    const result: LeafColumns[] = [];
    let columns: string[] = [];
    for (const name of names) {
      if (name !== MARKER) {
        columns.push(name);
        continue;
      }
      result.push({ ...leaves[result.length]!, columns });
      columns = [];
    }
    return result;
  }

  /** Puts names of the list in arguments as what they stand for, and leaves calls on columns of outer queries to those. */
  #sortOut(select: SyntaxNode, calls: readonly SyntaxNode[], scope: Scope, depth: number): readonly SyntaxNode[] {
    const items = nodesIn(select, 'select_list');
    return calls.filter(call => {
      const holder = { call };
      replaceNodes(holder.call['children'], node => {
        const path = columnNames(node);
        if (path.length !== 1 || scope.has(path)) return undefined;
        const item = items.find(({ alias }) => alias?.toLowerCase() === path[0]!.toLowerCase());
        if (item === undefined || someNode(item, part => part === call, true)) return undefined;
        return { ...structuredClone(item), alias: node.alias ?? '' };
      });
      if (someNode(call['children'], this.#isCall, true)) return false;
      let inside = 0;
      let outside = 0;
      walkColumns(call['children'], node => {
        if (scope.has(columnNames(node))) inside += 1;
        else outside += 1;
      });
      if (depth === 0 || outside === 0) return true;
      if (inside === 0) {
        this.#outer.add(call);
        return false;
      }
      throw misplaced(
        this.#context.text,
        call,
        clauseOf(select, call),
        'stands in a correlated subquery and reads columns of it and of the query around it',
        'join the tables first, and call the model on the result',
      );
    });
  }

  /** Conditions of WHERE that can go below the model, and the others. */
  #conditions(select: SyntaxNode, scope: Scope, depth: number): { readonly local: readonly SyntaxNode[]; readonly rest: readonly SyntaxNode[] } {
    const parts = conjuncts(nodeIn(select, 'where_clause'));
    if (parts.some(isVolatileTree)) return { local: [], rest: parts };
    const local = parts.filter(part => {
      if (someNode(part, this.#isCall, true)) return false;
      let outside = false;
      walkColumns(part, node => {
        outside ||= !scope.has(columnNames(node));
      });
      // A subquery inside a subquery may read what is outside of both.
      return !outside && (depth === 0 || !someNode(part, node => node.class === 'SUBQUERY'));
    });
    return { local, rest: parts.filter(part => !local.includes(part)) };
  }

  /** One table, whose rows are scored one by one: the model stands in a plan of its own that the SELECT reads. */
  async #narrowStage(
    select: SyntaxNode,
    table: Plan,
    leaf: Leaf,
    calls: readonly SyntaxNode[],
    local: readonly SyntaxNode[],
    rest: readonly SyntaxNode[],
  ): Promise<void> {
    const context = this.#context;
    const schema = await context.schemaOf(table);
    const read = tableReader(schema, leaf.alias);
    const unique = uniqueCalls(calls);
    const results = unique.map(() => context.inputs.fresh('call'));
    const exprs = await context.expressions([...local, ...unique.map(call => ({ ...call, alias: '' }))], read);
    setWhere(select, rest);
    replaceCalls(
      select,
      unique.map((call, index) => [call, columnRef(leaf.alias, results[index]!)]),
    );
    const needs = new Needs(select);
    let plan = table;
    for (const predicate of exprs.slice(0, local.length)) plan = { kind: 'filter', input: plan, predicate };
    const columns: Named[] = [
      ...schema.names
        .filter(name => needs.column(leaf.alias, name))
        .map((name): Named => ({ name, expr: { kind: 'column', name } })),
      ...results.map((name, index): Named => ({ name, expr: exprs[local.length + index]! })),
    ];
    plan = { kind: 'select', input: plan, columns };
    const name = context.inputs.add(plan, 'scored');
    excludeFromStars(select, results, leaf.alias);
    select['from_table'] = tableRef(name, leaf.alias);
  }

  /** A call that reads no column gives one value: it is computed once, on a table of one row. */
  async #constantCall(select: SyntaxNode, call: SyntaxNode): Promise<void> {
    const context = this.#context;
    const [expr] = await context.expressions([{ ...call, alias: '' }], () => undefined);
    const result = context.inputs.fresh('call');
    const row: Plan = context.oneRow();
    const name = context.inputs.add({ kind: 'select', input: row, columns: [{ name: result, expr: expr! }] }, 'scored', `constant ${keyOf(call)}`);
    const plan = context.inputs.get(name) as Plan & { readonly kind: 'select' };
    const column = (plan.columns[0] as Named).name;
    const query = selectOf([columnRef(column)], tableRef(name, name));
    const value: SyntaxNode = {
      class: 'SUBQUERY',
      type: 'SUBQUERY',
      alias: '',
      query_location: 0,
      subquery_type: 'SCALAR',
      subquery: { node: query, named_param_map: [] },
      child: null,
      comparison_type: 'INVALID',
    };
    replaceCalls(select, [[call, value]]);
  }

  /** A scored table that is only filtered and counted: conditions and column lists go below its models. */
  async #pushIntoScored(select: SyntaxNode, ctes: readonly Cte[], depth: number): Promise<void> {
    const context = this.#context;
    const from = nodeIn(select, 'from_table');
    if (from?.type !== 'BASE_TABLE' || from['sample']) return;
    const input = context.inputs.get(String(from['table_name']));
    if (input === undefined || !mayCallModel(input, context.names)) return;
    const table = await leafPlan(from, ctes, context);
    if (table === undefined) return;
    const schema = await context.schemaOf(table);
    const [leaf] = leavesOf(from, () => context.inputs.fresh('table'));
    const { local, rest } = this.#conditions(select, new Scope([{ ...leaf!, columns: schema.names }]), depth);
    const plain = local.filter(part => isRowWise(part, context.aggregates));
    const kept = [...rest, ...local.filter(part => !plain.includes(part))];
    setWhere(select, kept);
    const needs = new Needs(select);
    const passed = schema.names.filter(name => needs.column(leaf!.alias, name));
    if (plain.length === 0 && passed.length === schema.length) return;
    const read = tableReader(schema, leaf!.alias);
    let plan = table;
    for (const predicate of await context.expressions(plain, read)) plan = { kind: 'filter', input: plan, predicate };
    const names = passed.length > 0 ? passed : schema.names.slice(0, 1);
    plan = { kind: 'select', input: plan, columns: names.map((name): Named => ({ name, expr: { kind: 'column', name } })) };
    select['from_table'] = tableRef(context.inputs.add(plan, 'table'), leaf!.alias);
  }
}

const MARKER = '__inframe_end_of_table';

function innerOf(select: SyntaxNode): SyntaxNode {
  return (nodeIn(select, 'from_table')!['subquery'] as { readonly node: SyntaxNode }).node;
}

function distinct(select: SyntaxNode): boolean {
  return nodesIn(select, 'modifiers').some(
    modifier => modifier.type === 'DISTINCT_MODIFIER' && nodesIn(modifier, 'distinct_on_targets').length === 0,
  );
}

function orders(select: SyntaxNode): readonly SyntaxNode[] {
  return nodesIn(select, 'modifiers').flatMap(modifier => nodesIn(modifier, 'orders'));
}

function isConstant(call: SyntaxNode): boolean {
  let columns = 0;
  walkColumns(call['children'], () => {
    columns += 1;
  }, true);
  return columns === 0 && nodesIn(call, 'children').length > 0 && !isVolatileTree(call);
}
