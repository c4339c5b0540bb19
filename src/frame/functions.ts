import { InframeError, shown } from './errors.js';
import { Column, type ColumnOrValue, type Expr, type LiteralValue, nameOf, toExpr } from './expr.js';

/** The column of that name. */
export function col(name: string): Column {
  if (typeof name !== 'string' || name === '') {
    throw new InframeError('ARGUMENT_INVALID', `column name ${shown(name)} is not a name; give a non-empty string`);
  }
  return new Column({ kind: 'column', name }, name);
}

/** A value that is the same in every row. */
export function lit(value: LiteralValue): Column {
  return new Column(toExpr(value));
}

/**
 * One expression in SQL: `sql('price / carat')`. The engine parses it as an expression, so a second statement, a subquery
 * or a semicolon inside is refused; names are checked against the table when the frame runs.
 */
export function sql(text: string): Column {
  if (typeof text !== 'string' || text.trim() === '') {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `expression ${shown(text)} is not SQL text; give one such as 'price > 1000'`,
    );
  }
  return new Column({ kind: 'sql', text, columns: undefined });
}

/** The function of that name in the engine, whatever it is: `call('levenshtein', col('a'), col('b'))`. */
export function call(name: string, ...args: readonly ColumnOrValue[]): Column {
  if (typeof name !== 'string' || name === '') {
    throw new InframeError('ARGUMENT_INVALID', `function name ${shown(name)} is not a name; give a non-empty string`);
  }
  return new Column({ kind: 'call', name, args: args.map(toExpr), distinct: false });
}

/** `when(condition, value).when(...).otherwise(value)`; without `otherwise` the rest is null. */
export function when(condition: Column, value: ColumnOrValue): WhenColumn {
  return new WhenColumn([[condition, value]]);
}

/** A CASE that may still grow; a {@link Column} at every moment. */
export class WhenColumn extends Column {
  readonly #branches: readonly (readonly [Column, ColumnOrValue])[];

  constructor(branches: readonly (readonly [Column, ColumnOrValue])[]) {
    super({
      kind: 'case',
      branches: branches.map(([condition, value]) => [conditionOf(condition), toExpr(value)] as const),
      otherwise: undefined,
    });
    this.#branches = branches;
  }

  when(condition: Column, value: ColumnOrValue): WhenColumn {
    return new WhenColumn([...this.#branches, [condition, value]]);
  }

  otherwise(value: ColumnOrValue): Column {
    return new Column({
      kind: 'case',
      branches: this.#branches.map(([condition, result]) => [condition.expr, toExpr(result)] as const),
      otherwise: toExpr(value),
    });
  }
}

function conditionOf(condition: Column): Expr {
  if (condition instanceof Column) return condition.expr;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `condition ${shown(condition)} of when() is not a column; use one such as col('x').gt(0)`,
  );
}

/** An aggregate over a value named by a string would be one over that text. */
function aggregated(name: string, column: Column): Column {
  if (column instanceof Column) return column;
  const hint = typeof column === 'string' ? `use col(${shown(column)})` : "use col('name')";
  throw new InframeError('ARGUMENT_INVALID', `argument ${shown(column)} of ${name}() is not a column; ${hint}`);
}

const aggregate =
  (name: string) =>
  (column: Column): Column =>
    call(name, aggregated(name, column)).as(`${name}(${nameOf(column)})`);

const unary =
  (name: string) =>
  (column: ColumnOrValue): Column =>
    call(name, column);

/**
 * Functions by name. Whatever is not here is reached with {@link call}.
 *
 * @example
 * flights.groupBy('origin').agg(fn.count().as('n'), fn.avg(col('delay')).as('delay'))
 */
export const fn = Object.freeze({
  // Aggregates.
  /** The number of rows, or of values of a column that are not null. */
  count: (column?: Column): Column =>
    column === undefined
      ? new Column({ kind: 'call', name: 'count_star', args: [], distinct: false }, 'count')
      : call('count', aggregated('count', column)),
  countDistinct: (column: Column): Column =>
    new Column({ kind: 'call', name: 'count', args: [aggregated('count', column).expr], distinct: true }),
  sum: aggregate('sum'),
  avg: aggregate('avg'),
  min: aggregate('min'),
  max: aggregate('max'),
  stddev: aggregate('stddev_samp'),
  median: aggregate('median'),
  first: aggregate('first'),
  /** All values of the group as one list. */
  collectList: aggregate('list'),
  // Numbers.
  abs: unary('abs'),
  sqrt: unary('sqrt'),
  exp: unary('exp'),
  /** Natural logarithm. */
  log: unary('ln'),
  floor: unary('floor'),
  ceil: unary('ceil'),
  round: (column: ColumnOrValue, digits = 0): Column => call('round', column, digits),
  // Strings.
  lower: unary('lower'),
  upper: unary('upper'),
  length: unary('length'),
  trim: unary('trim'),
  // Dates.
  year: unary('year'),
  month: unary('month'),
  day: unary('day'),
  /** 0 to 23. */
  hour: unary('hour'),
  minute: unary('minute'),
  /** 0 is Sunday, 6 is Saturday. */
  weekday: unary('dayofweek'),
  // Lists and nulls.
  /** One list of the values of several columns. */
  array: (...columns: readonly ColumnOrValue[]): Column => call('list_value', ...columns),
  /** The first value that is not null. */
  coalesce: (...columns: readonly ColumnOrValue[]): Column => call('coalesce', ...columns),
});
