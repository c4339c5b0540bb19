import type { Engine } from './engine.js';
import { InframeError } from './errors.js';
import { describe, type Expr, some } from './expr.js';
import type { Schema } from './schema.js';
import type { DataType } from './types.js';

/** Functions that give several rows for one. */
const ROW_MAKERS: ReadonlySet<string> = new Set([
  'unnest',
  'unlist',
  'generate_subscripts',
  'regexp_split_to_table',
  'regexp_split_to_rows',
]);

const CALLED = /[a-z_][a-z0-9_]*(?=\s*\()/gi;

/**
 * The types of expressions that must give one value for each row. Every rule of the optimizer, and reading a table slice
 * by slice, rests on it: a sum under a limit would be another sum.
 *
 * @throws InframeError EXPRESSION_INVALID for aggregates and for functions that make rows
 */
export async function typesOfRows(
  exprs: readonly Expr[],
  schema: Schema,
  engine: Engine,
): Promise<readonly DataType[]> {
  const computed = exprs.filter(expr => expr.kind !== 'column');
  for (const expr of computed) {
    if (some(expr, makesRows)) {
      throw notRowWise(expr, 'gives several rows for one', 'keep the list, or compute on it with list functions');
    }
  }
  const types = computed.length === 0 ? [] : [...(await besideColumn(computed, schema, engine))];
  return exprs.map(expr => (expr.kind === 'column' ? schema.type(expr.name) : types.shift()!));
}

/**
 * The types of expressions that must give one value for each group.
 *
 * @throws InframeError EXPRESSION_INVALID for what gives a value for each row
 */
export async function typesOfGroups(
  exprs: readonly Expr[],
  schema: Schema,
  engine: Engine,
): Promise<readonly DataType[]> {
  const types = await engine.typesOf(schema, exprs);
  for (const expr of exprs) {
    if (expr.kind !== 'column' && (await isAggregate(expr, schema, engine))) continue;
    throw notRowWise(expr, 'is not an aggregate', 'wrap it in one, such as fn.max(...), or add it to groupBy()');
  }
  return types;
}

/** An engine refuses to put an aggregate beside a plain column: that tells the two apart without knowing their names. */
async function besideColumn(exprs: readonly Expr[], schema: Schema, engine: Engine): Promise<readonly DataType[]> {
  const column: Expr = { kind: 'column', name: schema.names[0]! };
  try {
    return (await engine.typesOf(schema, [...exprs, column])).slice(0, -1);
  } catch (error) {
    for (const expr of exprs) {
      if (await isAggregate(expr, schema, engine)) {
        throw notRowWise(expr, 'is an aggregate', 'use .agg(...) or .groupBy(...).agg(...)');
      }
    }
    throw error;
  }
}

async function isAggregate(expr: Expr, schema: Schema, engine: Engine): Promise<boolean> {
  const column: Expr = { kind: 'column', name: schema.names[0]! };
  const works = async (exprs: readonly Expr[]): Promise<boolean> =>
    engine.typesOf(schema, exprs).then(
      () => true,
      () => false,
    );
  return (await works([expr])) && !(await works([expr, column]));
}

function makesRows(expr: Expr): boolean {
  if (expr.kind === 'call') return ROW_MAKERS.has(expr.name.toLowerCase());
  if (expr.kind !== 'fragment') return false;
  return expr.parts.some(text => (text.match(CALLED) ?? []).some(name => ROW_MAKERS.has(name.toLowerCase())));
}

function notRowWise(expr: Expr, what: string, remedy: string): InframeError {
  const text = describe(expr);
  return new InframeError('EXPRESSION_INVALID', `expression '${text}' ${what}, which cannot stand here; ${remedy}`, {
    expression: text,
  });
}
