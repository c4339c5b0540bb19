import { InframeError } from '../errors.js';
import { callsModel, children, describe, type Expr, mapChildren, type Named, some } from '../expr.js';
import type { Relation } from '../relation.js';
import { typesOfRows } from '../row-wise.js';
import { Schema } from '../schema.js';
import { columnOf, freshName, passThrough } from './columns.js';
import type { AnalysisContext } from './context.js';
import { exprKey } from './expr-key.js';

type ModelCallExpr = Expr & { readonly kind: 'modelCall' };

/** Expressions and the table they are over. */
export interface Lifted {
  readonly input: Relation;
  readonly exprs: readonly Expr[];
}

/**
 * Takes every window expression out of expressions over a table, into `window` nodes below them (R3), innermost first.
 * Equal ones become one. Model calls inside a window go into a projection below it, so that a window node holds none.
 */
export async function liftWindows(exprs: readonly Expr[], input: Relation, context: AnalysisContext): Promise<Lifted> {
  let lifted: Lifted = { input, exprs };
  while (lifted.exprs.some(holdsWindow)) lifted = await liftInnermost(lifted, context);
  return lifted;
}

async function liftInnermost(before: Lifted, context: AnalysisContext): Promise<Lifted> {
  const { input, exprs } = liftCallsInWindows(before);
  const found = new Map<string | Expr, Named>();
  const names = new Set<string>();
  const replaced = exprs.map(expr =>
    replace(expr, isInnermost, window => {
      const key = exprKey(window);
      const name = found.get(key)?.name ?? freshName('window', taken => input.schema.has(taken) || names.has(taken));
      names.add(name);
      found.set(key, { name, expr: window });
      return columnOf(name);
    }),
  );
  const columns = [...found.values()];
  const types = await typesOfRows(
    columns.map(({ expr }) => expr),
    input.schema,
    context.engine,
  );
  const added = columns.map(({ name }, at) => ({ name, type: types[at]! }));
  const schema = new Schema([...input.schema.fields, ...added]);
  return { input: { kind: 'window', schema, input, columns }, exprs: replaced };
}

/** Model calls in the windows that are to be lifted next, in a projection; the same calls outside read it as well. */
function liftCallsInWindows({ input, exprs }: Lifted): Lifted {
  const calls = new Map<string | Expr, Named & { readonly expr: ModelCallExpr }>();
  const names = new Set<string>();
  for (const window of exprs.flatMap(innermostWindows)) {
    for (const expr of outermostCalls(window)) {
      if (calls.has(exprKey(expr))) continue;
      const name = freshName('scored', taken => input.schema.has(taken) || names.has(taken));
      names.add(name);
      calls.set(exprKey(expr), { name, expr });
    }
  }
  if (calls.size === 0) return { input, exprs };
  const columns = [...calls.values()];
  const added = columns.map(({ name, expr }) => ({ name, type: expr.call.type }));
  const schema = new Schema([...input.schema.fields, ...added]);
  const isLifted = (part: Expr): boolean => part.kind === 'modelCall' && calls.has(exprKey(part));
  return {
    input: { kind: 'project', schema, input, columns: [...passThrough(input.schema), ...columns] },
    exprs: exprs.map(expr => replace(expr, isLifted, part => columnOf(calls.get(exprKey(part))!.name))),
  };
}

/** The expression with its outermost parts of a kind replaced. */
function replace(expr: Expr, test: (part: Expr) => boolean, by: (part: Expr) => Expr): Expr {
  return test(expr) ? by(expr) : mapChildren(expr, part => replace(part, test, by));
}

export function holdsWindow(expr: Expr): boolean {
  return some(expr, ({ kind }) => kind === 'window');
}

function isInnermost(expr: Expr): boolean {
  return expr.kind === 'window' && !children(expr).some(holdsWindow);
}

function innermostWindows(expr: Expr): readonly Expr[] {
  return isInnermost(expr) ? [expr] : children(expr).flatMap(innermostWindows);
}

function outermostCalls(expr: Expr): readonly ModelCallExpr[] {
  if (expr.kind === 'modelCall') return [expr];
  return callsModel(expr) ? children(expr).flatMap(outermostCalls) : [];
}

/**
 * Refuses window functions where rows are still being chosen.
 *
 * @param place what the expressions stand in: `filter`
 */
export function refuseWindows(exprs: readonly Expr[], place: string): void {
  for (const expr of exprs) {
    const [window] = innermostWindows(expr);
    if (window === undefined) continue;
    throw new InframeError(
      'EXPRESSION_INVALID',
      `window function '${describe(window)}' cannot stand in ${place}, which comes before windows; give it a name with withColumn first and use that`,
      { expression: describe(window) },
    );
  }
}
