import { describe } from './describe.js';
import { InframeError } from './errors.js';
import type { CallExpr, Expr, SortKey, WindowDefinition } from './expr.js';
import { children, mapChildren } from './expr-tree.js';

/*
 * What is said of an aggregate after it has been written: the window it is over, the rows it takes, their order. A
 * function may be made of several aggregates (`corr`) or of one and something around it (`collectList`): what is said of
 * it is said of each aggregate inside.
 */

/** Functions of windows that make no sense without an order, and see the whole partition whatever the frame. */
const ORDERED: ReadonlySet<string> = new Set([
  'row_number',
  'rank',
  'dense_rank',
  'percent_rank',
  'cume_dist',
  'ntile',
  'lag',
  'lead',
]);

/** Functions that are the first or last value of a window, not aggregates over it. */
const VALUES_OF_FRAME: ReadonlySet<string> = new Set(['first', 'last', 'first_value', 'last_value', 'nth_value']);

/** @throws InframeError ARGUMENT_INVALID where there is nothing that can be over a window, or not over this one */
export function over(expr: Expr, window: WindowDefinition): Expr {
  return changeCalls('over', expr, call => {
    checkWindow(call, window);
    return Object.freeze({ kind: 'window', call, ...window });
  });
}

/** @throws InframeError ARGUMENT_INVALID where there is no aggregate */
export function filterWhere(expr: Expr, condition: Expr): Expr {
  return changeCalls('filterWhere', expr, call => {
    const { filter } = call;
    const both: Expr =
      filter === undefined
        ? condition
        : { kind: 'operator', name: 'and', operands: Object.freeze([filter, condition]) };
    return Object.freeze({ ...call, filter: Object.freeze(both) });
  });
}

/** @throws InframeError ARGUMENT_INVALID where there is no aggregate */
export function orderedBy(expr: Expr, orderBy: readonly SortKey[]): Expr {
  return changeCalls('orderBy', expr, call => Object.freeze({ ...call, orderBy: Object.freeze([...orderBy]) }));
}

/** Every aggregate in the expression changed; where none is known to be one, the call that it is. */
function changeCalls(method: string, expr: Expr, change: (call: CallExpr) => Expr): Expr {
  if (!holdsAggregate(expr)) {
    if (expr.kind === 'call') return change(expr);
    const remedy =
      expr.kind === 'window'
        ? `call ${method}() before over()`
        : `call it on an aggregate such as fn.sum(col('x'))${method === 'over' ? ' or a function of windows such as fn.rank()' : ''}`;
    throw new InframeError('ARGUMENT_INVALID', `expression '${describe(expr)}' has no ${method}(); ${remedy}`);
  }
  const visit = (part: Expr): Expr => {
    if (part.kind === 'call' && part.aggregate) return change(part);
    return holdsAggregate(part) ? Object.freeze(mapChildren(part, visit)) : part;
  };
  return visit(expr);
}

/** True of an aggregate that is not over a window yet, or of anything made of one. */
export function holdsAggregate(expr: Expr): boolean {
  if (expr.kind === 'call' && expr.aggregate) return true;
  return expr.kind !== 'window' && children(expr).some(holdsAggregate);
}

function checkWindow(call: CallExpr, { orderBy, frame }: WindowDefinition): void {
  const refuse = (text: string): never => {
    throw new InframeError('ARGUMENT_INVALID', text);
  };
  const name = call.name.toLowerCase();
  if (ORDERED.has(name) && orderBy.length === 0) {
    refuse(`window of '${describe(call)}' has no order; add one with .orderBy('column')`);
  }
  if (ORDERED.has(name) && frame !== undefined) {
    refuse(`window of '${describe(call)}' has a frame, which it does not use; leave out ${frame.unit}Between()`);
  }
  if (VALUES_OF_FRAME.has(name) && call.filter !== undefined) {
    refuse(`aggregate '${describe(call)}' has a filter, which cannot be over a window; use when() inside it`);
  }
  const distance = frame?.unit === 'range' && [frame.start, frame.end].some(bound => typeof bound === 'number');
  if (distance && orderBy.length !== 1) {
    refuse(
      `window with rangeBetween() has ${orderBy.length} columns of order; a distance needs one, as in .orderBy('column')`,
    );
  }
}
