import type { DuckDBConnection } from '@duckdb/node-api';
import { InframeError, nearest } from '../../../frame/errors.js';
import { isFileFormat } from '../../../frame/file-formats.js';
import type { Names } from '../../../frame/names.js';
import type { Plan, QueryNode } from '../../../frame/plan.js';
import type { Schema } from '../../../frame/schema.js';
import { bindParameters } from './constants.js';
import { isModelCall } from './fragment.js';
import { checkFunctions, functionNames, visibleNames } from './functions.js';
import { mayCallModel } from './models.js';
import { expressionTexts, parse, selectOf } from './parser.js';
import { lineAndColumn, misplaced } from './places.js';
import { QueryContext } from './query-context.js';
import { Rewriter } from './rewriter.js';
import { bindSources, Inputs } from './sources.js';
import { functionName, keyOf, nodeIn, nodesIn, type SyntaxNode, someNode, toJson, walk } from './syntax.js';
import { star } from './tree-edits.js';

/**
 * A query as a plan: see `Engine.planQuery`.
 *
 * The statement is read by DuckDB's parser. Every SELECT that calls models is split: what its FROM and WHERE give becomes an
 * input of its own, a plan over which the models are called, and the SELECT reads that input instead (rewriter.ts). In the
 * end no model is called in the tree, and it goes back to DuckDB as text. A SELECT that works row by row over one table
 * does not even do that: it becomes nodes of the plan, as verbs make them, which the optimizer sees through (native.ts).
 */
export async function planQuery(
  connection: DuckDBConnection,
  query: QueryNode,
  names: Names,
  schemaOf: (plan: Plan) => Promise<Schema>,
): Promise<Plan> {
  const root = { node: await parseOne(connection, query.text) };
  await bindParameters(connection, root, query.params);
  refuseWindowCalls(root.node, names);
  const models = someNode(root.node, node => isModelCall(node, names), true);
  if (!models) await checkMisspelt(connection, root.node, names);
  await nameSubqueries(connection, root.node, names);
  const inputs = new Inputs(toJson(root.node));
  bindSources(root.node, names, inputs);
  const context = new QueryContext({
    connection,
    names,
    schemaOf,
    inputs,
    text: query.text,
  });
  if (!models && !context.inputPlans(root.node).some(plan => mayCallModel(plan, names) || readsFiles(plan))) {
    return wholeInput(root.node, inputs) ?? context.statement(root.node, []);
  }
  const functions = await functionNames(connection);
  checkFunctions(root.node, functions.all, names);
  context.aggregates = functions.aggregates;
  const rewritten = await new Rewriter(context).rewrite(root.node, [], 0);
  walk(rewritten, node => {
    if (isModelCall(node, names)) {
      throw misplaced(
        query.text,
        node,
        'a lateral join',
        'reads several tables of the query around it',
        'join the tables first, and call the model on the result',
      );
    }
    return true;
  });
  return context.plan(rewritten, []);
}

/** Files that are rows: a limit in the plan, rather than in a statement, leaves the others alone. */
function readsFiles(plan: Plan): boolean {
  return plan.kind === 'scan' && isFileFormat(plan.format);
}

/** `SELECT * FROM table`, and nothing else: the table itself. */
function wholeInput(node: SyntaxNode, inputs: Inputs): Plan | undefined {
  const from = nodeIn(node, 'from_table');
  const bare = keyOf({ ...node, from_table: null }) === keyOf({ ...selectOf([star()]), from_table: null });
  const plain =
    bare &&
    from?.type === 'BASE_TABLE' &&
    !from['sample'] &&
    (from['column_name_alias'] as readonly unknown[]).length === 0;
  return plain ? inputs.get(String(from['table_name'])) : undefined;
}

/** The functions of a statement are asked for where one is called almost like a model: that takes longer than the statement. */
async function checkMisspelt(connection: DuckDBConnection, root: SyntaxNode, names: Names): Promise<void> {
  const known = visibleNames(names);
  const near = someNode(root, node => nearest(functionName(node) ?? '', known) !== undefined, true);
  if (near) checkFunctions(root, (await functionNames(connection)).all, names);
}

/** Items that hold a query or a call are named now, while they still are what the user wrote. */
async function nameSubqueries(connection: DuckDBConnection, root: SyntaxNode, names: Names): Promise<void> {
  const unnamed: SyntaxNode[] = [];
  walk(root, node => {
    if (node.type !== 'SELECT_NODE') return true;
    for (const item of nodesIn(node, 'select_list')) {
      const plain = item.class === 'STAR' || item.class === 'COLUMN_REF';
      const columns = someNode(item, part => part.class === 'STAR');
      const changes = (part: SyntaxNode): boolean => part.class === 'SUBQUERY' || isModelCall(part, names);
      if (!item.alias && !plain && !columns && someNode(item, changes)) unnamed.push(item);
    }
    return true;
  });
  const texts = await expressionTexts(connection, unnamed);
  for (const [index, item] of unnamed.entries()) item.alias = texts[index]!;
}

async function parseOne(connection: DuckDBConnection, text: string): Promise<SyntaxNode> {
  const parsed = await parse(connection, text);
  if ('error' in parsed) {
    // The parser takes no statement whose columns depend on rows.
    if (parsed.error.startsWith('Only SELECT') && /^\s*pivot\b/i.test(text)) {
      throw new InframeError(
        'STATEMENT_INVALID',
        'PIVOT statement does not say which columns it makes; list the values: PIVOT t ON k IN (1, 2) USING sum(x)',
      );
    }
    const place = parsed.position === undefined ? '' : ` at ${lineAndColumn(text, parsed.position)}`;
    throw new InframeError('STATEMENT_INVALID', `statement cannot be read${place}: ${parsed.error}; check its syntax`, {
      statement: text,
    });
  }
  if (parsed.nodes.length !== 1) {
    throw new InframeError(
      'EXPRESSION_INVALID',
      `text holds ${parsed.nodes.length} statements; give one at a time, or use session.execute(script)`,
    );
  }
  return parsed.nodes[0]!;
}

/** `m(x) OVER (...)` is no model call to the parser, but one to its writer. */
function refuseWindowCalls(root: SyntaxNode, names: Names): void {
  walk(root, node => {
    const name = node.class === 'WINDOW' && node.type === 'WINDOW_AGGREGATE' ? String(node['function_name']) : '';
    if (name !== '' && names.model(name) !== undefined) {
      throw new InframeError(
        'MODEL_CALL_MISPLACED',
        `call of model '${name}' has OVER, but a model is a function of single rows; use it inside a window function: avg(${name}(...)) OVER (...)`,
        { model: name },
      );
    }
    return true;
  });
}
