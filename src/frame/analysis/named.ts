import { InframeError, listNames, nearest } from '../errors.js';
import type { Plan } from '../plan.js';
import type { Relation } from '../relation.js';
import type { AnalysisContext } from './context.js';

/** The view or table of a name, looked into. @throws InframeError TABLE_NOT_FOUND, VIEW_RECURSIVE */
export async function analyzeNamed(
  name: string,
  context: AnalysisContext,
  analyze: (plan: Plan, open: readonly string[]) => Promise<Relation>,
): Promise<Relation> {
  const { names, open } = context;
  const folded = name.toLowerCase();
  if (open.includes(folded)) {
    throw new InframeError(
      'VIEW_RECURSIVE',
      `view '${name}' reads itself (${[...open, folded].join(' -> ')}); use WITH RECURSIVE for that`,
      { view: name },
    );
  }
  const plan = names.table(name);
  if (plan === undefined) throw tableNotFound(name, names.tableNames);
  try {
    return await analyze(plan, [...open, folded]);
  } catch (error) {
    throw inView(name, error);
  }
}

/** What is wrong with a view that was right when it was made: the innermost one is named. */
function inView(name: string, error: unknown): unknown {
  if (!(error instanceof InframeError) || error.details['view'] !== undefined) return error;
  const message = `view '${name}' cannot be read: ${error.message}`;
  return new InframeError(error.code, message, { ...error.details, view: name }, error);
}

/** The error for a table that the session does not have. */
export function tableNotFound(name: string, existing: readonly string[]): InframeError {
  const guess = nearest(name, existing);
  const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
  return new InframeError(
    'TABLE_NOT_FOUND',
    `table '${name}' does not exist; there are: ${listNames(existing)}${hint}; create a view, or read a file with read_parquet('file')`,
    { table: name, existing },
  );
}
