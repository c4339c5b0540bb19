import { InframeError, shown } from './errors.js';
import { Column, type ColumnOrValue, type Expr, type LiteralValue, toExpr } from './expr.js';
import { aggregates } from './functions/aggregates.js';
import { conditionals } from './functions/conditionals.js';
import { dates } from './functions/dates.js';
import { callOf } from './functions/declare.js';
import { lists } from './functions/lists.js';
import { maps } from './functions/maps.js';
import { numbers } from './functions/numbers.js';
import { strings } from './functions/strings.js';
import { structs } from './functions/structs.js';
import { windows } from './functions/windows.js';

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
  return new Column({ kind: 'sql', text });
}

/** The function of that name in the engine, whatever it is: `call('levenshtein', col('a'), col('b'))`. */
export function call(name: string, ...args: readonly ColumnOrValue[]): Column {
  if (typeof name !== 'string' || name === '') {
    throw new InframeError('ARGUMENT_INVALID', `function name ${shown(name)} is not a name; give a non-empty string`);
  }
  return callOf(name, ...args);
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

/**
 * Functions by name, with Spark's names and meanings; they are listed in docs/functions.md. Whatever is not here is
 * reached with {@link call}.
 *
 * @example
 * flights.groupBy('origin').agg(fn.count().as('n'), fn.avg(col('delay')).as('delay'))
 */
export const fn = Object.freeze({
  ...aggregates,
  ...numbers,
  ...strings,
  ...dates,
  ...lists,
  ...structs,
  ...maps,
  ...conditionals,
  ...windows,
});
