import type { Named } from '../../../frame/expr.js';
import type { Plan } from '../../../frame/plan.js';
import { isModelCall } from './fragment.js';
import { isRowWise, isVolatileTree } from './functions.js';
import { type LeafColumns, leavesOf, Needs, Scope } from './leaves.js';
import { leafPlan, tableReader } from './native.js';
import { canJoinByNumbers, joinByNumbers } from './outer-join.js';
import { type Cte, misplaced, tableRefs } from './places.js';
import type { QueryContext } from './query-context.js';
import { tableRef } from './sources.js';
import {
  columnNames,
  columnRef,
  keyOf,
  nodeIn,
  replaceNodes,
  type SyntaxNode,
  someNode,
  walk,
  walkColumns,
} from './syntax.js';
import { conjuncts, excludeFromStars, joinWhere, setWhere, uniqueCalls } from './tree-edits.js';

/** A table of FROM whose plan is known, so that models can be called on it before the join. */
interface PlannedLeaf extends LeafColumns {
  readonly plan: Plan;
}

/**
 * Model calls in the conditions of joins. One that reads a single table is scored on that table, before the join. A
 * condition of an inner join with a call that reads several is one of WHERE.
 *
 * @throws InframeError MODEL_CALL_MISPLACED for a call over several tables of an outer join
 */
export async function scoreJoinSides(
  select: SyntaxNode,
  ctes: readonly Cte[],
  context: QueryContext,
  rewrite: (select: SyntaxNode) => Promise<SyntaxNode>,
): Promise<void> {
  const from = nodeIn(select, 'from_table');
  const isCall = (node: SyntaxNode): boolean => isModelCall(node, context.names);
  // Lateral subqueries hold calls on the tables before them.
  const joins = tableRefs(from).filter(ref =>
    ref.type === 'JOIN'
      ? someNode(ref['condition'], isCall)
      : ref.type === 'SUBQUERY' && someNode(ref['subquery'], isCall, true),
  );
  if (from === undefined || joins.length === 0) return;
  const deepestFirst = [...joins].reverse();
  for (const join of deepestFirst.filter(ref => ref.type === 'JOIN')) {
    const planned = await plannedLeaves(from, ctes, context);
    const wide = wideConditions(join, planned, isCall);
    if (wide.length > 0 && !isInnerToTheTop(from, join) && canJoinByNumbers(join, planned)) {
      await joinByNumbers(select, join, planned, ctes, context, rewrite);
      continue;
    }
    if (wide.length > 0) moveToWhere(select, join, wide, planned, isCall, context);
    await scoreSides(select, [join], planned, isCall, context);
  }
  const lateral = joins.filter(ref => ref.type === 'SUBQUERY');
  if (lateral.length > 0) await scoreSides(select, lateral, await plannedLeaves(from, ctes, context), isCall, context);
}

/** Scores the calls that stand in joins or lateral subqueries on the tables they read. */
async function scoreSides(
  select: SyntaxNode,
  holders: readonly SyntaxNode[],
  planned: Map<string, PlannedLeaf>,
  isCall: (node: SyntaxNode) => boolean,
  context: QueryContext,
): Promise<void> {
  for (let calls = ripeCalls(holders, isCall); calls.length > 0; calls = ripeCalls(holders, isCall)) {
    for (const leaf of planned.values()) {
      const scope = new Scope([leaf]);
      const own = calls.filter(call => readsOnly(call, scope) && (readsColumns(call) || isPartner(holders, leaf)));
      if (own.length > 0) planned.set(leaf.alias, await scoreLeaf(select, holders, leaf, own, context));
    }
    const left = ripeCalls(holders, isCall).find(call => calls.includes(call));
    if (left !== undefined) {
      throw misplaced(
        context.text,
        left,
        'FROM',
        'reads a table that cannot be scored before it is joined',
        'call the model in a subquery of that table',
      );
    }
  }
}

async function plannedLeaves(
  from: SyntaxNode,
  ctes: readonly Cte[],
  context: QueryContext,
): Promise<Map<string, PlannedLeaf>> {
  const planned = new Map<string, PlannedLeaf>();
  for (const leaf of leavesOf(from, () => context.inputs.fresh('table'), true)) {
    if (someNode(leaf.node['subquery'], node => isModelCall(node, context.names), true)) continue;
    const plan = await leafPlan(leaf.node, ctes, context);
    // A lateral subquery is no table of its own. What else is wrong with one is found when the whole is bound.
    const schema = plan && (await context.schemaOf(plan).catch(() => undefined));
    if (plan && schema) planned.set(leaf.alias, { ...leaf, plan, columns: schema.names });
  }
  return planned;
}

/** Calls in the conditions that hold no other call. */
function ripeCalls(joins: readonly SyntaxNode[], isCall: (node: SyntaxNode) => boolean): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (const join of joins) {
    walk(join.type === 'JOIN' ? join['condition'] : join['subquery'], node => {
      if (isCall(node) && !someNode(node['children'], isCall)) found.push(node);
      return true;
    });
  }
  return found;
}

function readsOnly(call: SyntaxNode, scope: Scope): boolean {
  let outside = false;
  walkColumns(call['children'], node => {
    outside ||= !scope.has(columnNames(node));
  });
  return !outside;
}

/** A call of constants is scored on a table that the join itself reads: one further away may have been joined to nothing. */
function isPartner(holders: readonly SyntaxNode[], leaf: PlannedLeaf): boolean {
  return holders.some(join => nodeIn(join, 'right') === leaf.node || nodeIn(join, 'left') === leaf.node);
}

function readsColumns(call: SyntaxNode): boolean {
  let columns = 0;
  walkColumns(call['children'], () => {
    columns += 1;
  });
  return columns > 0;
}

/** Conditions of a join with a call over several tables. */
function wideConditions(
  join: SyntaxNode,
  planned: ReadonlyMap<string, PlannedLeaf>,
  isCall: (node: SyntaxNode) => boolean,
): readonly SyntaxNode[] {
  const scopes = [...planned.values()].map(leaf => new Scope([leaf]));
  return conjuncts(nodeIn(join, 'condition')).filter(part =>
    someNode(part, node => isCall(node) && !scopes.some(scope => readsOnly(node, scope))),
  );
}

/** They go to WHERE, where all joins around them are inner ones. */
function moveToWhere(
  select: SyntaxNode,
  join: SyntaxNode,
  wide: readonly SyntaxNode[],
  planned: ReadonlyMap<string, PlannedLeaf>,
  isCall: (node: SyntaxNode) => boolean,
  context: QueryContext,
): void {
  if (!isInnerToTheTop(nodeIn(select, 'from_table')!, join)) {
    let call = wide[0]!;
    walk(wide[0], node => {
      if (isCall(node)) call = node;
      return true;
    });
    const kind = String(join['join_type']).toLowerCase();
    throw misplaced(
      context.text,
      call,
      `the ON of ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} join`,
      'reads both tables, and which rows belong together is not known before it',
      'call the model on one table, or make the join an inner one',
    );
  }
  const kept = conjuncts(nodeIn(join, 'condition')).filter(part => !wide.includes(part));
  // In WHERE, tables joined later are seen too: a name has to say whose it is.
  const own = tableRefs(join).flatMap(ref => planned.get(ref.alias ?? '') ?? []);
  const holder = { wide: [...wide] };
  const free = new Set<SyntaxNode>();
  walkColumns(holder.wide, node => free.add(node));
  replaceNodes(holder, node => {
    const [name, ...rest] = free.has(node) ? columnNames(node) : [];
    if (name === undefined || own.some(leaf => leaf.alias.toLowerCase() === name.toLowerCase())) return undefined;
    const leaf = own.find(({ columns }) => columns.some(column => column.toLowerCase() === name.toLowerCase()));
    return leaf && { ...columnRef(leaf.alias, name, ...rest), alias: node.alias ?? '' };
  });
  join['condition'] = joinWhere(kept);
  if (kept.length === 0) join['ref_type'] = 'CROSS';
  setWhere(select, [...conjuncts(nodeIn(select, 'where_clause')), ...holder.wide]);
}

function isInnerToTheTop(from: SyntaxNode, join: SyntaxNode): boolean {
  if (from.type !== 'JOIN' || !tableRefs(from).includes(join)) return false;
  if (from['join_type'] !== 'INNER' || !['REGULAR', 'CROSS'].includes(String(from['ref_type']))) return false;
  if (from === join) return true;
  return [nodeIn(from, 'left')!, nodeIn(from, 'right')!].some(side => isInnerToTheTop(side, join));
}

/** One table with what its calls give, in the place of the table. */
async function scoreLeaf(
  select: SyntaxNode,
  joins: readonly SyntaxNode[],
  leaf: PlannedLeaf,
  calls: readonly SyntaxNode[],
  context: QueryContext,
): Promise<PlannedLeaf> {
  const schema = await context.schemaOf(leaf.plan);
  const unique = uniqueCalls(calls, context.names);
  const exprs = await context.expressions(
    unique.map(call => ({ ...call, alias: '' })),
    tableReader(schema, leaf.alias),
  );
  const results = unique.map(() => context.inputs.fresh('call'));
  const resultOf = new Map(
    calls.map(call => {
      // A call that may differ each time stands for itself alone: it is among the unique ones as it is.
      const same = unique.includes(call)
        ? unique.indexOf(call)
        : unique.findIndex(other => keyOf(other) === keyOf(call));
      return [call, columnRef(leaf.alias, results[same]!)];
    }),
  );
  for (const join of joins) {
    replaceNodes(
      join,
      node => {
        const result = resultOf.get(node);
        return result && { ...result, alias: node.alias ?? '' };
      },
      true,
    );
  }
  const from = nodeIn(select, 'from_table')!;
  const all = tableRefs(from);
  const needs = new Needs(
    select,
    all.flatMap((ref): readonly SyntaxNode[] => (ref.type === 'JOIN' ? conjuncts(nodeIn(ref, 'condition')) : [])),
  );
  const using = new Set(
    all.flatMap(ref => (ref['using_columns'] as readonly string[] | undefined) ?? []).map(name => name.toLowerCase()),
  );
  const everything = all.some(
    ref => ref['ref_type'] === 'NATURAL' || ref.type === 'TABLE_FUNCTION' || ref.type === 'SUBQUERY',
  );
  const passed = schema.names.filter(
    name => everything || needs.column(leaf.alias, name) || using.has(name.toLowerCase()),
  );
  const columns: Named[] = [
    ...passed.map((name): Named => ({ name, expr: { kind: 'column', name } })),
    ...results.map((name, index): Named => ({ name, expr: exprs[index]! })),
  ];
  let input = leaf.plan;
  const cheap = ownConditions(select, joins, leaf, context);
  for (const predicate of await context.expressions(cheap, tableReader(schema, leaf.alias))) {
    input = { kind: 'filter', input, predicate };
  }
  const plan: Plan = { kind: 'select', input, columns };
  const name = context.inputs.add(plan, 'scored');
  const { node } = leaf;
  for (const member of Object.keys(node)) delete node[member];
  Object.assign(node, tableRef(name, leaf.alias));
  const visible = leavesOf(from, () => context.inputs.fresh('table')).some(({ alias }) => alias === leaf.alias);
  if (visible) excludeFromStars(select, results, leaf.alias);
  return { ...leaf, plan, columns: columns.map(column => column.name) };
}

/**
 * Conditions on one table alone that its rows may be asked before they are scored: those of the join whose partner it is,
 * and where all joins are inner ones, those of WHERE. They stay where they are, too.
 */
function ownConditions(
  select: SyntaxNode,
  joins: readonly SyntaxNode[],
  leaf: PlannedLeaf,
  context: QueryContext,
): readonly SyntaxNode[] {
  const from = nodeIn(select, 'from_table')!;
  const parts: SyntaxNode[] = [];
  for (const join of joins) {
    if (join.type !== 'JOIN') continue;
    const kind = String(join['join_type']);
    const partner = (side: string): boolean => nodeIn(join, side) === leaf.node;
    if (
      kind === 'INNER'
        ? partner('left') || partner('right')
        : partner(kind === 'RIGHT' ? 'left' : 'right') && kind !== 'FULL'
    ) {
      parts.push(...conjuncts(nodeIn(join, 'condition')));
    }
  }
  const inner = tableRefs(from).every(ref => ref.type !== 'JOIN' || isInnerToTheTop(from, ref));
  if (inner) parts.push(...conjuncts(nodeIn(select, 'where_clause')));
  const scope = new Scope([leaf]);
  const isCall = (node: SyntaxNode): boolean => isModelCall(node, context.names);
  return parts.filter(
    part =>
      !someNode(part, isCall) &&
      isRowWise(part, context.aggregates) &&
      !isVolatileTree(part, context.names) &&
      readsOnly({ children: [part] }, scope),
  );
}
