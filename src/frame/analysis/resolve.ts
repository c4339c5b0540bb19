import { resolveBuiltin } from '../builtins.js';
import { children, type Expr, mapChildren, type Named } from '../expr.js';
import { typesOfRows } from '../row-wise.js';
import type { Schema } from '../schema.js';
import type { DataType } from '../types.js';
import type { AnalysisContext } from './context.js';
import { checkVectorLengths } from './vector-lengths.js';
import { holdsWindow, liftWindows } from './windows.js';

/**
 * Expressions over a table, checked: columns are spelt as the schema does (R1), SQL is parsed, model calls are bound (R2).
 * Calls are bound from the inside out, those of one depth together: types are asked for once a depth, not once a call.
 */
export async function resolveAll(
  exprs: readonly Expr[],
  schema: Schema,
  context: AnalysisContext,
): Promise<readonly Expr[]> {
  let resolved: Expr[] = [];
  for (const expr of exprs) resolved.push(await resolveNames(expr, schema, context));
  for (let ripe = ripeCalls(resolved); ripe.length > 0; ripe = ripeCalls(resolved)) {
    const args = ripe.flatMap(children);
    const types = await typesOfArguments(args, schema, context);
    const typed = new Map(args.map((arg, index) => [arg, types[index]!]));
    const typeOf = (arg: Expr): DataType => (arg.kind === 'column' ? schema.type(arg.name) : typed.get(arg)!);
    const bound = new Map(
      ripe.map(call => [call as Expr, resolveBuiltin(call.model, context.names).bind(call.args, typeOf, schema)]),
    );
    const replace = (expr: Expr): Expr => {
      const call = bound.get(expr);
      return call === undefined ? mapChildren(expr, replace) : { kind: 'modelCall', call };
    };
    resolved = resolved.map(replace);
  }
  checkVectorLengths(resolved, schema);
  return resolved;
}

type ModelExpr = Expr & { readonly kind: 'model' };

/** Model calls that hold no other one that is still to be bound. */
function ripeCalls(exprs: readonly Expr[]): readonly ModelExpr[] {
  const found = new Set<ModelExpr>();
  const visit = (expr: Expr): boolean => {
    const below = children(expr).map(visit);
    if (expr.kind !== 'model') return below.includes(true);
    if (!below.includes(true)) found.add(expr);
    return true;
  };
  for (const expr of exprs) visit(expr);
  return [...found];
}

export async function resolveNamed(
  columns: readonly Named[],
  schema: Schema,
  context: AnalysisContext,
): Promise<readonly Named[]> {
  const exprs = await resolveAll(
    columns.map(column => column.expr),
    schema,
    context,
  );
  return columns.map(({ name }, index) => ({ name, expr: exprs[index]! }));
}

/** Columns spelt as in the schema, SQL text parsed; calls are left to be bound. */
async function resolveNames(expr: Expr, schema: Schema, context: AnalysisContext): Promise<Expr> {
  if (expr.kind === 'column') return { kind: 'column', name: schema.field(expr.name).name };
  if (expr.kind === 'sql') {
    return resolveNames(await context.engine.parseExpression(expr.text, context.names), schema, context);
  }
  const operands = children(expr);
  if (operands.length === 0) return expr;
  const resolved = new Map<Expr, Expr>();
  for (const operand of operands) resolved.set(operand, await resolveNames(operand, schema, context));
  return mapChildren(expr, operand => resolved.get(operand)!);
}

/** Arguments may hold windows, which themselves may stand in each other. */
async function typesOfArguments(
  args: readonly Expr[],
  schema: Schema,
  context: AnalysisContext,
): Promise<readonly DataType[]> {
  if (!args.some(holdsWindow)) return typesOfRows(args, schema, context.engine);
  const { input, exprs } = await liftWindows(args, { kind: 'local', schema, rows: [] }, context);
  return typesOfRows(exprs, input.schema, context.engine);
}
