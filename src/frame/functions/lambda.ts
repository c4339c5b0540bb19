import { holdsAggregate } from '../aggregate-calls.js';
import { InframeError, shown } from '../errors.js';
import { Column, type ColumnOrValue, callsModel, type Expr, some, toExpr } from '../expr.js';

const NAMES = ['x', 'y', 'z', 'u', 'v', 'w'] as const;

/** How many parameters are bound where a callback is being called: those inside get names of their own. */
let bound = 0;

/** @throws InframeError ARGUMENT_INVALID if the callback is no function */
export function checkCallback(name: string, callback: unknown): void {
  if (typeof callback === 'function') return;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `callback ${shown(callback)} of ${name}() is not a function; write one such as x => x.mul(2)`,
  );
}

/**
 * A callback on the elements of a list as an expression: it is called once, with columns that stand for the elements.
 *
 * @param parameters how many it is given
 * @throws InframeError ARGUMENT_INVALID if it gives something else than a column or value of the elements
 */
export function lambda(
  name: string,
  callback: (...elements: readonly Column[]) => ColumnOrValue,
  parameters: number,
): Column {
  const names = Array.from({ length: parameters }, (_, at) => NAMES[bound + at] ?? `x${bound + at}`);
  bound += parameters;
  try {
    const result = callback(...names.map(each => new Column({ kind: 'parameter', name: each }, each)));
    const body = ofElements(name, toExpr(returned(name, result)));
    return new Column({ kind: 'lambda', parameters: names, body });
  } finally {
    bound -= parameters;
  }
}

/** What is computed of rows, or of many rows, cannot be computed of elements. */
function ofElements(name: string, body: Expr): Expr {
  const refuse = (what: string, remedy: string): never => {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `callback of ${name}() ${what}, which is for rows and not for elements of a list; ${remedy}`,
    );
  };
  if (callsModel(body)) refuse('calls a model', 'call it on a column');
  if (holdsAggregate(body)) refuse('holds an aggregate', 'use fn.reduce(), or a list function such as fn.arrayMax()');
  if (some(body, part => part.kind === 'window')) refuse('holds a function of windows', 'compute it in a column first');
  return body;
}

function returned(name: string, result: ColumnOrValue): ColumnOrValue {
  if (result !== undefined) return result;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `callback of ${name}() returns nothing; let it return a column, such as x.mul(2)`,
  );
}
