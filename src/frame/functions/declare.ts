import { InframeError, shown } from '../errors.js';
import { type CallExpr, Column, type ColumnOrValue, type Expr, nameOf, toExpr } from '../expr.js';
import type { AggregateOf, FunctionOf, Like } from '../typed/functions.js';

export type { Like, OnlyColumn, Plain } from '../typed/functions.js';
export type { List, Numeric } from '../typed/values.js';

/*
 * What the functions of `fn` are declared with. Type parameters are the JavaScript types of values, as `collect()` gives
 * them: what goes in and what comes out. A null goes in and comes out of every one of them.
 */

export const INT32 = Object.freeze({ kind: 'int32' } as const);
export const INT64 = Object.freeze({ kind: 'int64' } as const);
export const FLOAT64 = Object.freeze({ kind: 'float64' } as const);
export const NAN = Number.NaN;

/** A column, or a value as a column. */
export function toColumn(value: ColumnOrValue): Column {
  return value instanceof Column ? value : new Column(toExpr(value));
}

/** The engine's function of that name. */
export function callOf(name: string, ...args: readonly ColumnOrValue[]): Column {
  return new Column({ kind: 'call', name, args: args.map(toExpr), distinct: false });
}

/** The engine's function of that name, where it counts in 64 bits and Spark in 32. */
export function countOf(name: string): (...args: readonly ColumnOrValue[]) => Column {
  return (...args) => callOf(name, ...args).cast(INT32);
}

/** One value or another; without a condition that is true, and without `otherwise`, null. */
export function choose(condition: Column, value: ColumnOrValue, otherwise?: ColumnOrValue): Column {
  return new Column({
    kind: 'case',
    branches: [Object.freeze([condition.expr, toExpr(value)] as const)],
    otherwise: otherwise === undefined ? undefined : toExpr(otherwise),
  });
}

/** Null where any of these is null, else the value. */
export function unlessNull(arguments_: readonly Column[], value: ColumnOrValue): Column {
  return choose(
    arguments_.map(column => column.isNotNull()).reduce((all, each) => all.and(each)),
    value,
  );
}

/** A function and its arguments as they were written: the name of its column where nobody gives another. */
export function labelled(name: string, args: readonly unknown[], column: Column): Column {
  const texts = args.filter(arg => arg !== undefined).map(textOf);
  return column.as(`${name}(${texts.join(', ')})`);
}

function textOf(value: unknown): string {
  if (value instanceof Column) return nameOf(value);
  return typeof value === 'string' ? `'${value}'` : shown(value);
}

/** A function as it is written, with the type it is declared with. */
export function declared<F>(written: F): F {
  return written;
}

/** A function of values, with the types of what goes in and comes out. */
export function typed<In extends readonly unknown[], Out>(written: FunctionOf<In, Out>): FunctionOf<In, Out> {
  return written;
}

/** The same of one that gives null only if its type says so, as aggregates do. */
export function typedAggregate<In extends readonly unknown[], Out>(
  written: AggregateOf<In, Out>,
): AggregateOf<In, Out> {
  return written;
}

/** The engine's name for a function, or how it is computed. */
type How<Args extends readonly Column[]> = string | ((...args: Args) => Column);

function compute<Args extends readonly Column[]>(how: How<Args>, args: Args): Column {
  return typeof how === 'string' ? callOf(how, ...args) : how(...args);
}

/** A function of one value. @param how the engine's name for it where that is another, or how it is computed */
export function unary<In, Out>(
  name: string,
  how: How<[Column]> = name,
): FunctionOf<[value: In], Out, [value: ColumnOrValue]> {
  return value => labelled(name, [value], compute(how, [toColumn(value)]));
}

/** A function of one value that gives a value of the same type. */
export function keeping<In>(
  name: string,
  how: How<[Column]> = name,
): FunctionOf<[value: In], Like<'first'>, [value: ColumnOrValue]> {
  return value => labelled(name, [value], compute(how, [toColumn(value)]));
}

/** A function of two values. */
export function binary<A, B, Out>(
  name: string,
  how: How<[Column, Column]> = name,
): FunctionOf<[first: A, second: B], Out, [first: ColumnOrValue, second: ColumnOrValue]> {
  return (first, second) => labelled(name, [first, second], compute(how, [toColumn(first), toColumn(second)]));
}

/** A function of three values. */
export function ternary<A, B, C, Out>(
  name: string,
  how: How<[Column, Column, Column]> = name,
): FunctionOf<
  [first: A, second: B, third: C],
  Out,
  [first: ColumnOrValue, second: ColumnOrValue, third: ColumnOrValue]
> {
  return (...args) => labelled(name, args, compute(how, [toColumn(args[0]), toColumn(args[1]), toColumn(args[2])]));
}

/** A function of any number of values of one type, but of one at least. */
export function variadic<In, Out>(
  name: string,
  how: How<readonly Column[]> = name,
): FunctionOf<readonly In[], Out, readonly ColumnOrValue[]> {
  return (...values) => labelled(name, values, compute(how, some(name, values).map(toColumn)));
}

/** A function of any number of values of one type that gives one of them. */
export function keepingOne<Which extends 'any' | 'anyPresent'>(
  name: string,
): FunctionOf<readonly unknown[], Like<Which>> {
  return (...values) => labelled(name, values, callOf(name, ...some(name, values)));
}

/** A function of a window: one that has a value for each row only `.over(...)` a window. */
export function ofWindow<Out>(name: string, engineName: string): FunctionOf<[], Out> {
  return () => labelled(name, [], callOf(engineName));
}

/** One value of many rows; nulls are passed over, and of nothing else there comes null, unless another is said. */
export function aggregate<In, Out, OfNothing = null>(
  name: string,
  how: How<[Column]> = name,
): AggregateOf<[column: In], Out | OfNothing, [column: Column]> {
  return column => labelled(name, [column], computeAggregate(name, how, [column]));
}

/** One value of many rows, of the type of the values. */
export function aggregateKeeping<In>(
  name: string,
  how: How<[Column]> = name,
): AggregateOf<[column: In], Like<'firstOrNull'>, [column: Column]> {
  return column => labelled(name, [column], computeAggregate(name, how, [column]));
}

/** One value of many pairs of values; pairs with a null are passed over. */
export function aggregateOfTwo<A, B, Out>(
  name: string,
  how: How<[Column, Column]> = name,
): AggregateOf<[first: A, second: B], Out | null, [first: Column, second: Column]> {
  return (first, second) => labelled(name, [first, second], computeAggregate(name, how, [first, second]));
}

function computeAggregate<Args extends readonly Column[]>(name: string, how: How<Args>, args: Args): Column {
  for (const arg of args) aggregated(name, arg);
  return typeof how === 'string' ? aggregateOf(how, args) : how(...args);
}

/** The engine's aggregate of that name. */
export function aggregateOf(
  name: string,
  args: readonly ColumnOrValue[],
  more: Partial<Pick<CallExpr, 'distinct' | 'filter' | 'ignoreNulls'>> = {},
): Column {
  return new Column({ kind: 'call', name, args: args.map(toExpr), distinct: false, aggregate: true, ...more });
}

/** A struct of members under their names. */
export function structOf(engineName: string, first: readonly Expr[], members: Readonly<Record<string, Expr>>): Column {
  const args = [...first, ...Object.values(members)];
  return new Column({ kind: 'call', name: engineName, args, distinct: false, argNames: Object.keys(members) });
}

/** A column; an aggregate over a value named by a string would be one over that text. @throws InframeError ARGUMENT_INVALID */
export function aggregated(name: string, column: Column): Column {
  if (column instanceof Column) return column;
  const hint = typeof column === 'string' ? `use col(${shown(column)})` : "use col('name')";
  throw new InframeError('ARGUMENT_INVALID', `argument ${shown(column)} of ${name}() is not a column; ${hint}`);
}

/** A text that is the same in every row, such as a pattern. @throws InframeError ARGUMENT_INVALID */
export function text(name: string, what: string, value: string): string {
  if (typeof value === 'string') return value;
  throw new InframeError('ARGUMENT_INVALID', `${what} ${shown(value)} of ${name}() is not a text; give a string`);
}

/** A whole number that is the same in every row. @throws InframeError ARGUMENT_INVALID */
export function whole(name: string, what: string, value: number, least = Number.MIN_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  const from = least === Number.MIN_SAFE_INTEGER ? '' : ` from ${least}`;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `${what} ${shown(value)} of ${name}() is not possible; give a whole number${from}`,
  );
}

function some(name: string, values: readonly ColumnOrValue[]): readonly ColumnOrValue[] {
  if (values.length > 0) return values;
  throw new InframeError('ARGUMENT_INVALID', `${name}() has no arguments; give at least one`);
}
