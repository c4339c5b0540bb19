import { InframeError } from '../../../frame/errors.js';
import { expandColumns } from './expand-columns.js';
import { isModelCall } from './fragment.js';
import { isVolatileTree } from './functions.js';
import { hasNamedGroups, isGrouped, nameGroups, needsGroupSplit, splitGroups } from './grouping.js';
import { scoreJoinSides } from './join-conditions.js';
import { expressionTexts, selectOf } from './parser.js';
import { type Cte, clauseRoots, cteEntries, misplaced, tableRefs } from './places.js';
import type { QueryContext } from './query-context.js';
import { refuseCalls } from './refusals.js';
import { tableRef } from './sources.js';
import { Stages } from './stages.js';
import { copyOf, nodeIn, nodesIn, type SyntaxNode, someNode, walk } from './syntax.js';
import { constant, star, subqueryRef } from './tree-edits.js';

/** Takes model calls out of a query, query by query from the inside out, until DuckDB can carry out what is left. */
export class Rewriter {
  readonly #context: QueryContext;
  readonly #stages: Stages;

  constructor(context: QueryContext) {
    this.#context = context;
    this.#stages = new Stages(context);
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
      cte.value.query.node = await this.rewrite(
        node,
        node.type === 'RECURSIVE_CTE_NODE' ? [...visible, cte] : visible,
        depth,
      );
      await this.#keepOnce(cte, visible);
      visible.push(cte);
    }
    switch (query.type) {
      case 'SET_OPERATION_NODE':
        return this.#setOperation(query, visible, ctes, depth);
      case 'RECURSIVE_CTE_NODE':
        query['left'] = await this.rewrite(nodeIn(query, 'left')!, ctes.slice(0, -1), depth);
        this.#refuse(
          query['right'],
          'the recursive part of WITH RECURSIVE',
          'where it would see rows of earlier steps',
          'call the model on what the recursion gives',
        );
        return query;
      case 'SELECT_NODE':
        return this.#select(query, visible, depth);
      default:
        this.#refuse(
          query,
          'this kind of query',
          'where it cannot be taken out',
          'put the part with the model into a subquery',
        );
        return query;
    }
  }

  /** A query of WITH that is to be computed once, or that would not give the same rows twice, becomes a cached input. */
  async #keepOnce(cte: Cte, visible: readonly Cte[]): Promise<void> {
    const { node } = cte.value.query;
    const once = cte.value['materialized'] === 'CTE_MATERIALIZE_ALWAYS' || isVolatileTree(node, this.#context.names);
    if (!once || node.type === 'RECURSIVE_CTE_NODE') return;
    const input = await this.#context.plan(node, visible);
    const name = this.#context.inputs.add({ kind: 'cache', input, store: { result: undefined } }, 'with');
    cte.value.query.node = selectOf([star()], tableRef(name, name));
  }

  async #setOperation(
    query: SyntaxNode,
    visible: readonly Cte[],
    ctes: readonly Cte[],
    depth: number,
  ): Promise<SyntaxNode> {
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
    await this.#inside(select, ctes, depth);
    if (distinct(select) && someNode(orders(select), this.#isCall)) {
      select = this.#orderOutside(select);
      select['from_table'] = subqueryRef(
        await this.#select(innerOf(select), ctes, depth),
        String(nodeIn(select, 'from_table')!.alias),
      );
    }
    refuseCalls(select, this.#context);
    await expandColumns(select, ctes, this.#context);
    await this.#nameItems(select, item => someNode(item, this.#isCall, true));
    await scoreJoinSides(select, ctes, this.#context, inner => this.#select(inner, ctes, depth));
    const calls = clauseRoots(select).some(root => someNode(root, this.#isCall));
    if (calls && isGrouped(select, this.#context)) {
      if (hasNamedGroups(select)) nameGroups(select, await this.#stages.columnTest(select, ctes, depth));
    }
    if (calls && isGrouped(select, this.#context) && needsGroupSplit(select, this.#context)) {
      await this.#nameItems(select, () => true);
      const [call] = this.#stages.next(select);
      select = splitGroups(select, this.#context);
      if (depth > 0) await this.#checkGroups(select, call!, ctes);
      select['from_table'] = subqueryRef(
        await this.#select(innerOf(select), ctes, depth),
        String(nodeIn(select, 'from_table')!.alias),
      );
    }
    for (let calls = this.#stages.next(select); calls.length > 0; calls = this.#stages.next(select)) {
      await this.#stages.score(select, calls, ctes, depth);
    }
    await this.#stages.pushIntoScored(select, ctes, depth);
    return select;
  }

  /** Groups in a subquery become a subquery of that: one that refers outwards cannot be there. */
  async #checkGroups(select: SyntaxNode, call: SyntaxNode, ctes: readonly Cte[]): Promise<void> {
    const inner = copyOf(innerOf(select));
    inner['having'] = null;
    inner['select_list'] = [constant(0)];
    if (someNode(inner['where_clause'], this.#isCall, true)) inner['where_clause'] = null;
    const statement = await this.#context.statement(inner, ctes);
    await this.#context.schemaOf(statement).catch((error: unknown) => {
      if (!(error instanceof InframeError)) throw error;
      throw misplaced(
        this.#context.text,
        call,
        'a correlated subquery',
        'is over its groups, and the subquery refers to the query around it',
        'group in a subquery that is joined, and call the model on the result',
      );
    });
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
    let tables = 0;
    for (const ref of tableRefs(nodeIn(select, 'from_table'))) {
      if (ref.type !== 'JOIN') tables += 1;
      if (ref.type === 'SUBQUERY') {
        const holder = ref['subquery'] as { node: SyntaxNode };
        // One that is not the first may be lateral: it sees the tables before it.
        holder.node = await this.rewrite(holder.node, ctes, tables > 1 ? depth + 1 : depth);
      }
      if (ref.type === 'SHOW_REF' && nodeIn(ref, 'query') !== undefined) {
        ref['query'] = await this.rewrite(nodeIn(ref, 'query')!, ctes, depth);
      }
      if (ref.type === 'TABLE_FUNCTION') {
        this.#refuse(
          ref,
          'the arguments of a table function',
          'where there are no rows yet',
          'call the model in a subquery, and the function on its result',
        );
      }
      if (ref.type === 'EXPRESSION_LIST') {
        this.#refuse(ref, 'VALUES', 'in a table of constants', 'select from it and call the model there');
      }
      if (ref.type === 'PIVOT') {
        this.#refuse(
          [ref['aggregates'], ref['pivots'], ref['unpivot_names']],
          'PIVOT',
          'where columns are made of it',
          'call the model in a subquery that PIVOT reads',
        );
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
}

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
