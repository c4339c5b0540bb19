import { children, type Expr, mapChildren, type Named } from '../expr.js';
import { typesOfRows } from '../row-wise.js';
import type { Schema } from '../schema.js';
import type { DataType } from '../types.js';
import type { AnalysisContext } from './context.js';

/** Expressions over a table, checked: columns are spelt as the schema does (R1), SQL is parsed, model calls are bound (R2). */
export async function resolveAll(
  exprs: readonly Expr[],
  schema: Schema,
  context: AnalysisContext,
): Promise<readonly Expr[]> {
  const resolved: Expr[] = [];
  for (const expr of exprs) resolved.push(await resolve(expr, schema, context));
  return resolved;
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

/** From the inside out, so that a call sees the types of its arguments. */
async function resolve(expr: Expr, schema: Schema, context: AnalysisContext): Promise<Expr> {
  if (expr.kind === 'column') return { kind: 'column', name: schema.field(expr.name).name };
  if (expr.kind === 'sql') {
    return resolve(await context.engine.parseExpression(expr.text, context.names), schema, context);
  }
  const operands = children(expr);
  if (operands.length === 0 && expr.kind !== 'model') return expr;
  const resolved = new Map<Expr, Expr>();
  for (const operand of operands) resolved.set(operand, await resolve(operand, schema, context));
  const rebuilt = mapChildren(expr, operand => resolved.get(operand)!);
  if (rebuilt.kind !== 'model') return rebuilt;
  const args = children(rebuilt);
  const types = await typesOfRows(args, schema, context.engine);
  const typeOf = (arg: Expr): DataType => (arg.kind === 'column' ? schema.type(arg.name) : types[args.indexOf(arg)]!);
  return { kind: 'modelCall', call: rebuilt.model.bind(rebuilt.args, typeOf, schema) };
}
