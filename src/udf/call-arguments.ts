import { InframeError, shown } from '../frame/errors.js';
import { Column, type Expr } from '../frame/expr.js';
import { col } from '../frame/functions.js';
import type { ModelArguments } from '../frame/model.js';

/** A column, or the name of one. */
export type ColumnOrName = Column | string;

/** Arguments by input name; a list of columns fills an input of several values a row. */
export type NamedArguments = Readonly<Record<string, ColumnOrName | readonly ColumnOrName[]>>;

/**
 * What a model or function was called with, as expressions.
 *
 * @param label what is called, for messages: `model 'delay'`
 * @throws InframeError ARGUMENT_INVALID
 */
export function toArguments(label: string, args: readonly (ColumnOrName | NamedArguments)[]): ModelArguments {
  const toExpr = (value: unknown): Expr => {
    if (value instanceof Column) return value.expr;
    if (typeof value === 'string') return col(value).expr;
    throw new InframeError(
      'ARGUMENT_INVALID',
      `argument ${shown(value)} of ${label} is not a column; use a name, col('name') or lit(value)`,
    );
  };
  const [first] = args;
  if (Array.isArray(first)) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `argument ${shown(first)} of ${label} is a list; give the columns one by one, or name the input: { x: [...] }`,
    );
  }
  const named = args.length === 1 && typeof first === 'object' && !(first instanceof Column) && first !== null;
  if (!named) return { positional: args.map(toExpr), named: {} };
  const entries = Object.entries(first as NamedArguments).map(
    ([name, value]) => [name, (Array.isArray(value) ? value : [value]).map(toExpr)] as const,
  );
  return { positional: [], named: Object.fromEntries(entries) };
}
