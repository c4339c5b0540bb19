import { analyze } from '../analyze.js';
import type { RunOptions } from '../engine.js';
import { InframeError, messageOf } from '../errors.js';
import type { Plan } from '../plan.js';
import { type CommandContext, carryOut } from './carry-out.js';
import type { ScriptStatement, Statement } from './statement.js';

/**
 * Carries out the statements of a script, one after the other.
 *
 * @returns the plan of the last
 * @throws InframeError with the number and line of the statement that failed
 */
export async function runScript(
  statements: readonly ScriptStatement[],
  context: CommandContext,
  options: RunOptions,
): Promise<Plan> {
  let last: Plan | undefined;
  for (const [index, { statement, line }] of statements.entries()) {
    try {
      last = await runStatement(statement, context, options);
    } catch (error) {
      throw inStatement(error, index + 1, line);
    }
  }
  if (last === undefined) {
    throw new InframeError('STATEMENT_INVALID', 'script is empty; write statements with ; between them');
  }
  return last;
}

async function runStatement(statement: Statement, context: CommandContext, options: RunOptions): Promise<Plan> {
  if (statement.kind !== 'query') return carryOut(statement, [], context, options);
  const plan: Plan = { kind: 'query', text: statement.text, params: [] };
  await analyze(plan, context.engine, context.catalog.read());
  return plan;
}

/** The error of a statement in a script, with its place. */
export function inStatement(error: unknown, number: number, line: number): InframeError {
  const sentence = `statement ${number} (line ${line}) failed: ${messageOf(error)}`;
  const place = { statement: number, line };
  if (!(error instanceof InframeError)) return new InframeError('INTERNAL', sentence, place, error);
  return new InframeError(error.code, sentence, { ...error.details, ...place }, error);
}
