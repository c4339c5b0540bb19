import type { Expr, SortKey } from './expr.js';

/** Direct operands of an expression, in order. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'operator':
    case 'fragment':
      return expr.operands;
    case 'call':
      return [...expr.args, ...(expr.orderBy ?? []).map(key => key.expr), ...(expr.filter ? [expr.filter] : [])];
    case 'window':
      return [expr.call, ...expr.partitionBy, ...expr.orderBy.map(key => key.expr)];
    case 'lambda':
      return [expr.body];
    case 'cast':
    case 'member':
    case 'element':
      return [expr.input];
    case 'case':
      return [...expr.branches.flat(), ...(expr.otherwise ? [expr.otherwise] : [])];
    case 'modelCall':
      return expr.call.args;
    case 'model':
      return [...expr.args.positional, ...Object.values(expr.args.named).flat()];
    default:
      return [];
  }
}

/** The expression with each direct operand replaced by `change(operand)`. */
export function mapChildren(expr: Expr, change: (operand: Expr) => Expr): Expr {
  switch (expr.kind) {
    case 'operator':
    case 'fragment':
      return { ...expr, operands: expr.operands.map(change) };
    case 'call':
      return {
        ...expr,
        args: expr.args.map(change),
        ...(expr.orderBy && { orderBy: mapKeys(expr.orderBy, change) }),
        ...(expr.filter && { filter: change(expr.filter) }),
      };
    case 'window':
      return {
        ...expr,
        call: change(expr.call),
        partitionBy: expr.partitionBy.map(change),
        orderBy: mapKeys(expr.orderBy, change),
      };
    case 'lambda':
      return { ...expr, body: change(expr.body) };
    case 'cast':
    case 'member':
    case 'element':
      return { ...expr, input: change(expr.input) };
    case 'case':
      return {
        ...expr,
        branches: expr.branches.map(([when, then]) => [change(when), change(then)] as const),
        otherwise: expr.otherwise && change(expr.otherwise),
      };
    case 'modelCall':
      return { ...expr, call: { ...expr.call, args: expr.call.args.map(change) } };
    case 'model':
      return {
        ...expr,
        args: {
          positional: expr.args.positional.map(change),
          named: Object.fromEntries(
            Object.entries(expr.args.named).map(([name, values]) => [name, values.map(change)]),
          ),
        },
      };
    default:
      return expr;
  }
}

function mapKeys(keys: readonly SortKey[], change: (operand: Expr) => Expr): readonly SortKey[] {
  return keys.map(key => ({ ...key, expr: change(key.expr) }));
}

/** True if `test` holds for the expression or anything inside it. */
export function some(expr: Expr, test: (part: Expr) => boolean): boolean {
  return test(expr) || children(expr).some(child => some(child, test));
}

/** The names of all columns an expression reads, each once. */
export function columnsOf(expr: Expr, into: Set<string> = new Set()): Set<string> {
  if (expr.kind === 'column') into.add(expr.name);
  for (const child of children(expr)) columnsOf(child, into);
  return into;
}

/** True if a model is called somewhere in the expression. */
export function callsModel(expr: Expr): boolean {
  return some(expr, part => part.kind === 'model' || part.kind === 'modelCall');
}
