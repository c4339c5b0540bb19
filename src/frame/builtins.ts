import { InframeError } from './errors.js';
import { Column, type Expr } from './expr.js';
import type { ModelCall, ModelReference } from './model.js';
import type { Names } from './names.js';

/*
 * Functions that every session has, and that run in the worker pool. `frame/` knows their names alone; what they are is
 * found among the session's names when a call is checked.
 */

/** Stands for a built-in function in an expression until analysis puts the function itself in its place. */
class BuiltinName implements ModelReference {
  readonly deterministic = true;
  readonly inputColumns = Object.freeze({});

  constructor(readonly name: string) {
    Object.freeze(this);
  }

  bind(): ModelCall {
    throw new InframeError('INTERNAL', `function '${this.name}' is not bound by its name`);
  }
}

/** A call of a built-in function. */
export function builtinCall(name: string, ...args: readonly Expr[]): Column {
  return new Column({ kind: 'model', model: new BuiltinName(name), args: { positional: args, named: {} } });
}

/** The function that an expression calls: itself, or the built-in one that it only names. */
export function resolveBuiltin(model: ModelReference, names: Names): ModelReference {
  if (!(model instanceof BuiltinName)) return model;
  const found = names.model(model.name);
  if (found !== undefined) return found;
  throw new InframeError('FUNCTION_NOT_FOUND', `function '${model.name}' does not exist on this engine`, {
    function: model.name,
  });
}
