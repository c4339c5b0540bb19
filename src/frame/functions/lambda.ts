import { InframeError, shown } from '../errors.js';
import { Column, type ColumnOrValue, callsModel, toExpr } from '../expr.js';

const NAMES = ['x', 'y', 'z', 'u', 'v', 'w'] as const;

/** How many parameters are bound where a callback is being called: those inside get names of their own. */
let bound = 0;

/**
 * A callback on the elements of a list as an expression: it is called once, with columns that stand for the elements.
 *
 * @param parameters how many it is given
 * @throws InframeError ARGUMENT_INVALID if it is no function, or gives something else than a column or value
 */
export function lambda(
  name: string,
  callback: (...elements: readonly Column[]) => ColumnOrValue,
  parameters: number,
): Column {
  if (typeof callback !== 'function') {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `callback ${shown(callback)} of ${name}() is not a function; write one such as x => x.mul(2)`,
    );
  }
  const names = Array.from({ length: parameters }, (_, at) => NAMES[bound + at] ?? `x${bound + at}`);
  bound += parameters;
  try {
    const result = callback(...names.map(each => new Column({ kind: 'parameter', name: each }, each)));
    const body = toExpr(returned(name, result));
    if (callsModel(body)) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `callback of ${name}() calls a model, which runs on rows and not on elements of a list; call it on a column`,
      );
    }
    return new Column({ kind: 'lambda', parameters: names, body });
  } finally {
    bound -= parameters;
  }
}

function returned(name: string, result: ColumnOrValue): ColumnOrValue {
  if (result !== undefined) return result;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `callback of ${name}() returns nothing; let it return a column, such as x.mul(2)`,
  );
}
