import { analyze } from '../analyze.js';
import type { Catalog, CatalogTable } from '../catalog.js';
import { DataFrame } from '../dataframe.js';
import type { Engine, RunOptions } from '../engine.js';
import { InframeError } from '../errors.js';
import { referenceOf } from '../model.js';
import { optimize } from '../optimizer/optimize.js';
import type { LocalNode, Parameters, Plan } from '../plan.js';
import type { AnySession } from '../session.js';
import { integer, localTable, real, status, text } from './local.js';
import { describeModel, describeSchema, explainedPlan, showModels, showTables } from './show.js';
import type { Copy, CreateModel, CreateRelation, Statement } from './statement.js';

/** A statement that is carried out at once: all but queries. */
export type CommandStatement = Exclude<Statement, { readonly kind: 'query' }>;

/** What commands work on. */
export interface CommandContext {
  readonly engine: Engine;
  readonly catalog: Catalog;
  /** Gives what `session.model()` gives. */
  readonly loadModel: (path: string, options: object) => Promise<unknown>;
}

/**
 * Carries out a command.
 *
 * @param params values for the parameters of the query in it
 * @returns what it answers, as a table
 * @throws InframeError whatever is wrong with it; nothing has changed then
 */
export async function carryOut(
  statement: CommandStatement,
  params: Parameters,
  context: CommandContext,
  options: RunOptions,
): Promise<LocalNode> {
  if (options.signal?.aborted) throw new InframeError('JOB_ABORTED', 'command was stopped before it began');
  const { catalog } = context;
  switch (statement.kind) {
    case 'createModel':
      return createModel(statement, context);
    case 'dropModel': {
      const { name, ifExists } = statement;
      return status(dropped('model', name, catalog.removeModel(name, ifExists)));
    }
    case 'showModels':
      return showModels(catalog.read());
    case 'describeModel':
      return describeModel(catalog.getModel(statement.name));
    case 'createTable':
      return createTable(statement, params, context, options);
    case 'createView': {
      const { name, query } = statement;
      const made = await createView(name, { kind: 'query', text: query, params }, context, statement);
      return status(made ? `view '${name}' was created` : `view '${name}' exists already and was left as it is`);
    }
    case 'dropTable':
    case 'dropView': {
      const kind = statement.kind === 'dropTable' ? 'table' : 'view';
      const { name, ifExists } = statement;
      return status(dropped(kind, name, catalog.removeTable(kind, name, ifExists)));
    }
    case 'showTables':
      return showTables(catalog.read());
    case 'describe':
      return describeSchema(await frameOf(statement.query, params, context).schema());
    case 'explain':
      return explainedPlan(await frameOf(queryOf(statement.statement), params, context).explain());
    case 'copy':
      return copy(statement, params, context, options);
  }
}

/** The query that a statement carries; undefined where it carries none. */
export function queryIn(statement: Statement): string | undefined {
  if (statement.kind === 'query') return statement.text;
  if (statement.kind === 'explain') return queryIn(statement.statement);
  return 'query' in statement ? statement.query : undefined;
}

function queryOf(statement: Statement): string {
  return queryIn(statement) ?? '';
}

function dropped(what: string, name: string, done: boolean): string {
  return done ? `${what} '${name}' was dropped` : `${what} '${name}' does not exist, so nothing was dropped`;
}

/** A frame that does not wait for the commands before: they have ended. */
function frameOf(query: string, params: Parameters, context: CommandContext): DataFrame {
  return new DataFrame(sessionOf(context), { kind: 'query', text: query, params });
}

function sessionOf({ engine, catalog }: CommandContext): AnySession {
  return {
    engine,
    names: async () => catalog.read(),
    createView: () => Promise.reject(new InframeError('INTERNAL', 'command cannot create a view beside its own')),
  };
}

async function createModel(statement: CreateModel, { catalog, loadModel }: CommandContext): Promise<LocalNode> {
  const { name, path } = statement;
  if (!catalog.checkModel(name, statement)) return status(`model '${name}' exists already and was left as it is`);
  const reference = referenceOf(await loadModel(path, { ...statement.options, name }));
  if (reference === undefined) {
    throw new InframeError('INTERNAL', `model '${name}' of file '${path}' cannot be called from SQL`);
  }
  catalog.addModel({ name, reference });
  return status(`model '${name}' was created from '${path}'`);
}

async function createTable(
  statement: CreateRelation,
  params: Parameters,
  context: CommandContext,
  options: RunOptions,
): Promise<LocalNode> {
  const { name, query } = statement;
  const { engine, catalog } = context;
  if (!catalog.checkTable('table', name, statement)) {
    return status(`table '${name}' exists already and was left as it is`);
  }
  const asked = await withColumnNames({ kind: 'query', text: query, params }, context, statement);
  const checked = optimize(await analyze(asked, engine, catalog.read()));
  const { relation, report } = await engine.materialize(checked, options);
  catalog.addTable({ name, kind: 'table', plan: { kind: 'stored', relation }, schema: relation.schema });
  return status(`table '${name}' was created with ${report.rows} row${report.rows === 1 ? '' : 's'}`);
}

/**
 * Makes a view of a plan, which is checked.
 *
 * @returns false if there is one of that name, which stays
 */
export async function createView(
  name: string,
  asked: Plan,
  context: CommandContext,
  options: Partial<Pick<CreateRelation, 'replace' | 'ifNotExists' | 'columns'>>,
): Promise<boolean> {
  const { engine, catalog } = context;
  if (!catalog.checkTable('view', name, options)) return false;
  const plan = await withColumnNames(asked, context, options);
  const { schema } = await analyze(plan, engine, catalog.read());
  const view: CatalogTable = { name, kind: 'view', plan, schema };
  // Once more in its place: a view that replaces another may read itself by way of others.
  await analyze({ kind: 'named', name }, engine, catalog.read().withTable(view));
  catalog.addTable(view);
  return true;
}

/** The plan with its first columns under the names that the statement lists. */
async function withColumnNames(
  plan: Plan,
  { engine, catalog }: CommandContext,
  { columns }: Partial<Pick<CreateRelation, 'columns'>>,
): Promise<Plan> {
  if (columns === undefined) return plan;
  const { names } = (await analyze(plan, engine, catalog.read())).schema;
  if (columns.length > names.length) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `column list (${columns.join(', ')}) has ${columns.length} names and the query gives ${names.length}: ${names.join(', ')}; name at most as many`,
    );
  }
  return { kind: 'rename', input: plan, names: columns.map((column, index) => [names[index]!, column] as const) };
}

async function copy(
  { query, path, format, options: target }: Copy,
  params: Parameters,
  context: CommandContext,
  options: RunOptions,
): Promise<LocalNode> {
  const report = await frameOf(query, params, context).write[format](path, { ...target, ...options });
  const fields = [integer('rows'), integer('failed_rows'), real('seconds'), text('path')];
  return localTable(fields, [[BigInt(report.rows), BigInt(report.failedRows), report.seconds, path]]);
}
