import { columnNotFound, InframeError } from '../../../frame/errors.js';
import type { Named } from '../../../frame/expr.js';
import type { Plan } from '../../../frame/plan.js';
import { fillArguments } from './fill-arguments.js';
import { isModelCall } from './fragment.js';
import { isRowWise, isVolatileTree } from './functions.js';
import { GROUPS } from './grouping.js';
import { type Leaf, type LeafColumns, leavesOf, Needs, Scope } from './leaves.js';
import { mayCallModel } from './models.js';
import { leafPlan, tableReader } from './native.js';
import { selectOf } from './parser.js';
import { type Cte, clauseOf, clauseRoots, misplaced } from './places.js';
import type { QueryContext } from './query-context.js';
import { tableRef } from './sources.js';
import {
  columnNames,
  columnRef,
  keyOf,
  nodeIn,
  nodesIn,
  replaceNodes,
  type SyntaxNode,
  someNode,
  walk,
  walkColumns,
} from './syntax.js';
import { conjuncts, constant, excludeFromStars, replaceCalls, setWhere, star, uniqueCalls } from './tree-edits.js';
import { wideStage } from './wide-stage.js';

const MARKER = '__inframe_end_of_table';

/** The model stages of SELECTs: one at a time, each an input that the SELECT then reads instead of its own tables. */
export class Stages {
  readonly #context: QueryContext;
  /** Calls whose arguments belong to a query outside: they are scored there. */
  readonly #outer = new WeakSet<SyntaxNode>();

  constructor(context: QueryContext) {
    this.#context = context;
  }

  readonly #isCall = (node: SyntaxNode): boolean => isModelCall(node, this.#context.names);

  /**
   * The calls to be scored next: those of the first condition of WHERE that has some, so that the next sees fewer rows;
   * then all others. Calls in the arguments of calls come first.
   */
  next(select: SyntaxNode): readonly SyntaxNode[] {
    const found = (roots: readonly unknown[]): readonly SyntaxNode[] => {
      const calls: SyntaxNode[] = [];
      for (const root of roots) {
        walk(root, node => {
          if (!this.#isCall(node)) return true;
          if (!someNode(node['children'], this.#isCall, true) && !this.#outer.has(node)) calls.push(node);
          return true;
        });
      }
      return calls;
    };
    for (const part of conjuncts(nodeIn(select, 'where_clause'))) {
      const calls = found([part]);
      if (calls.length > 0) return calls;
    }
    return found(clauseRoots(select));
  }

  /** Scores calls that stand in a SELECT, and has it read the results. */
  async score(select: SyntaxNode, calls: readonly SyntaxNode[], ctes: readonly Cte[], depth: number): Promise<void> {
    const context = this.#context;
    const from = nodeIn(select, 'from_table')!;
    const leaves = leavesOf(from, () => context.inputs.fresh('table'));
    const first = leaves[0];
    const table = leaves.length === 1 && first!.node === from ? await this.#tableOf(from, ctes, depth) : undefined;
    const columns = table
      ? [{ ...first!, columns: (await context.schemaOf(table)).names }]
      : await this.#columnsOf(select, from, leaves, ctes, calls[0]!, depth);
    const scope = new Scope(columns);
    if (depth === 0) checkNames(select, columns, scope);
    const own = this.#sortOut(select, calls, scope, depth);
    if (own.length === 0) return;
    const constant = own.filter(call => isConstant(call, context));
    for (const call of constant) await this.#constantCall(select, call);
    const perRow = own.filter(call => !constant.includes(call));
    if (perRow.length === 0) return;
    // What is computed of windows sees the rows that all of WHERE has left.
    const windows = someNode(perRow, node => node.class === 'WINDOW');
    if (windows && depth > 0) this.#refuseOutward(select, perRow[0]!, scope);
    const { local, rest } = windows
      ? { local: conjuncts(nodeIn(select, 'where_clause')), rest: [] }
      : this.#conditions(select, scope, depth);
    const plain =
      [...perRow, ...local].every(node => isRowWise(node, context.aggregates)) &&
      // The row as a whole would have the results in it.
      !(new Needs(select).rowOf(first?.alias ?? '') && !scope.hasColumn(first?.alias ?? ''));
    if (table !== undefined && plain) await this.#narrowStage(select, table, first!, perRow, local, rest);
    else {
      fillArguments(select, scope, context.names);
      await wideStage({ select, from, leaves: columns, calls: perRow, local, rest, ctes, context, depth });
    }
    if (windows) qualifyByWhere(select);
  }

  /** A table of FROM as a plan. One that refers to a query outside of its own is none. */
  async #tableOf(from: SyntaxNode, ctes: readonly Cte[], depth: number): Promise<Plan | undefined> {
    const table = await leafPlan(from, ctes, this.#context);
    if (table === undefined || depth === 0) return table;
    const schema = await this.#context.schemaOf(table).catch(() => undefined);
    return schema && table;
  }

  /** Tells which names are columns of a SELECT's tables. */
  async columnTest(select: SyntaxNode, ctes: readonly Cte[], depth: number): Promise<(name: string) => boolean> {
    const from = nodeIn(select, 'from_table')!;
    const leaves = leavesOf(from, () => this.#context.inputs.fresh('table'));
    const [call] = this.next(select);
    const scope = new Scope(await this.#columnsOf(select, from, leaves, ctes, call!, depth));
    return name => scope.hasColumn(name);
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
    const list = leaves.flatMap(({ alias }) => [
      { ...star(), relation_name: alias },
      { ...constant(0), alias: MARKER },
    ]);
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
      let foreign = '';
      walkColumns(call['children'], node => {
        if (scope.has(columnNames(node))) inside += 1;
        else {
          outside += 1;
          foreign = columnNames(node).join('.');
        }
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
        `stands in a subquery and reads '${foreign}', which the tables of the subquery do not have, beside columns that they have`,
        'join the tables first, and call the model on the result',
      );
    });
  }

  /** Conditions of WHERE that can go below the model, and the others. */
  #conditions(
    select: SyntaxNode,
    scope: Scope,
    depth: number,
  ): { readonly local: readonly SyntaxNode[]; readonly rest: readonly SyntaxNode[] } {
    const parts = conjuncts(nodeIn(select, 'where_clause'));
    if (parts.some(part => isVolatileTree(part, this.#context.names))) return { local: [], rest: parts };
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

  /** Windows are computed with the rows of their query alone: one that refers outwards has none of its own. */
  #refuseOutward(select: SyntaxNode, call: SyntaxNode, scope: Scope): void {
    for (const part of conjuncts(nodeIn(select, 'where_clause'))) {
      let outside = someNode(part, node => node.class === 'SUBQUERY');
      walkColumns(part, node => {
        outside ||= !scope.has(columnNames(node));
      });
      if (!outside) continue;
      throw misplaced(
        this.#context.text,
        call,
        'a correlated subquery',
        'is over a window, and the subquery refers to the query around it',
        'compute the window in a subquery that is joined, and call the model on the result',
      );
    }
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
    const unique = uniqueCalls(calls, context.names);
    const results = unique.map(() => context.inputs.fresh('call'));
    const exprs = await context.expressions([...local, ...unique.map(call => ({ ...call, alias: '' }))], read);
    setWhere(select, rest);
    replaceCalls(
      select,
      unique.map((call, index) => [call, columnRef(leaf.alias, results[index]!)]),
      context.names,
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
    const name = context.inputs.add(
      { kind: 'select', input: row, columns: [{ name: result, expr: expr! }] },
      'scored',
      `constant ${keyOf(call)}`,
    );
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
    replaceCalls(select, [[call, value]], context.names);
  }

  /** A scored table that is only filtered and counted: conditions and column lists go below its models. */
  async pushIntoScored(select: SyntaxNode, ctes: readonly Cte[], depth: number): Promise<void> {
    const context = this.#context;
    const from = nodeIn(select, 'from_table');
    if ((from?.type !== 'BASE_TABLE' && from?.type !== 'SUBQUERY') || from['sample']) return;
    const table = await this.#tableOf(from, ctes, depth);
    if (table === undefined || !mayCallModel(table, context.names)) return;
    const schema = await context.schemaOf(table);
    const [leaf] = leavesOf(from, () => context.inputs.fresh('table'));
    const columns = [{ ...leaf!, columns: schema.names }];
    const scope = new Scope(columns);
    if (depth === 0) checkNames(select, columns, scope);
    const { local, rest } = this.#conditions(select, scope, depth);
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
    plan = {
      kind: 'select',
      input: plan,
      columns: names.map((name): Named => ({ name, expr: { kind: 'column', name } })),
    };
    select['from_table'] = tableRef(context.inputs.add(plan, 'table'), leaf!.alias);
  }
}

/** A QUALIFY whose windows have all been computed is a condition like any other. */
function qualifyByWhere(select: SyntaxNode): void {
  const qualify = nodeIn(select, 'qualify');
  const isWindow = (node: SyntaxNode): boolean => node.class === 'WINDOW';
  if (qualify === undefined || someNode([qualify, select['select_list']], isWindow)) return;
  select['qualify'] = null;
  setWhere(select, [...conjuncts(nodeIn(select, 'where_clause')), qualify]);
}

function isConstant(call: SyntaxNode, context: QueryContext): boolean {
  const given = nodesIn(call, 'children');
  const inputs = Object.keys(context.names.model(String(call['function_name']))?.inputColumns ?? {});
  // What a call by name leaves out is fed by columns.
  if (given.some(child => child.alias) && given.length < inputs.length) return false;
  let columns = 0;
  walkColumns(
    call['children'],
    () => {
      columns += 1;
    },
    true,
  );
  return (
    columns === 0 && given.length > 0 && isRowWise(call, context.aggregates) && !isVolatileTree(call, context.names)
  );
}

/** A name that is neither a column nor an item of the list is found here, before the helpers of a stage stand among them. */
function checkNames(select: SyntaxNode, leaves: readonly LeafColumns[], scope: Scope): void {
  if (leaves.length === 0) return;
  const items = new Set(nodesIn(select, 'select_list').map(({ alias }) => alias?.toLowerCase() ?? ''));
  for (const root of clauseRoots(select)) {
    walkColumns(root, node => {
      const path = columnNames(node);
      if (scope.has(path) || items.has(path[0]!.toLowerCase())) return;
      if (leaves.some(({ alias }) => alias.startsWith(GROUPS))) {
        throw new InframeError(
          'EXPRESSION_INVALID',
          `column '${path.join('.')}' is neither a key of GROUP BY nor inside an aggregate; add it to GROUP BY, or aggregate it`,
          { column: path.join('.') },
        );
      }
      throw columnNotFound(
        path.join('.'),
        leaves.flatMap(({ columns }) => columns),
      );
    });
  }
}
