import { InframeError, shown } from './errors.js';
import { Column, type ColumnOrValue, type Expr, type LiteralValue, toExpr } from './expr.js';
import { aggregates } from './functions/aggregates.js';
import { conditionals } from './functions/conditionals.js';
import { dates } from './functions/dates.js';
import { callOf } from './functions/declare.js';
import { lists } from './functions/lists.js';
import { maps } from './functions/maps.js';
import { numbers } from './functions/numbers.js';
import { pictures } from './functions/pictures.js';
import { strings } from './functions/strings.js';
import { structs } from './functions/structs.js';
import { vectors } from './functions/vectors.js';
import { windows } from './functions/windows.js';
import type { NeedsOf, Unnamed, ValuesOf } from './typed/column.js';
import type { Fits } from './typed/needs.js';
import type { Unchecked } from './typed/row.js';
import type { Ref } from './typed/terms.js';

/** The column of that name. */
export function col<const N extends string>(name: N): Column<Ref<N>, N, N> {
  if (typeof name !== 'string' || name === '') {
    throw new InframeError('ARGUMENT_INVALID', `column name ${shown(name)} is not a name; give a non-empty string`);
  }
  return new Column({ kind: 'column', name }, name);
}

/** A value that is the same in every row. */
export function lit<const V extends LiteralValue>(value: V): Column<ValuesOf<V>, never, Unnamed> {
  return new Column(toExpr(value));
}

/**
 * One expression in SQL: `sql('price / carat')`. The engine parses it as an expression, so a second statement, a subquery
 * or a semicolon inside is refused; names are checked against the table when the frame runs. The compiler does not look
 * into the text; `sql<number>('price / carat')` tells it what the values are.
 */
export function sql<T = Unchecked>(text: string): Column<T, never, Unnamed> {
  if (typeof text !== 'string' || text.trim() === '') {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `expression ${shown(text)} is not SQL text; give one such as 'price > 1000'`,
    );
  }
  return new Column({ kind: 'sql', text });
}

/** The function of that name in the engine, whatever it is: `call('levenshtein', col('a'), col('b'))`. */
export function call<const A extends readonly ColumnOrValue[]>(
  name: string,
  ...args: A
): Column<Unchecked, NeedsOf<A[number]>, Unnamed> {
  if (typeof name !== 'string' || name === '') {
    throw new InframeError('ARGUMENT_INVALID', `function name ${shown(name)} is not a name; give a non-empty string`);
  }
  return callOf(name, ...args);
}

/** `when(condition, value).when(...).otherwise(value)`; without `otherwise` the rest is null. */
export function when<C extends Column, const V extends ColumnOrValue>(
  condition: C,
  value: V,
): WhenColumn<ValuesOf<V>, NeedsOf<C | V> | Fits<ValuesOf<C>, boolean>> {
  return new WhenColumn([[condition, value]]);
}

/** A CASE that may still grow; a {@link Column} at every moment, null where no condition is true. */
export class WhenColumn<T = Unchecked, R = Unchecked> extends Column<T | null, R, Unnamed> {
  readonly #branches: readonly (readonly [Column, ColumnOrValue])[];

  constructor(branches: readonly (readonly [Column, ColumnOrValue])[]) {
    super({
      kind: 'case',
      branches: branches.map(([condition, value]) => [conditionOf(condition), toExpr(value)] as const),
      otherwise: undefined,
    });
    this.#branches = branches;
  }

  when<C extends Column, const V extends ColumnOrValue>(
    condition: C,
    value: V,
  ): WhenColumn<T | ValuesOf<V>, R | NeedsOf<C | V> | Fits<ValuesOf<C>, boolean>> {
    return new WhenColumn([...this.#branches, [condition, value]]);
  }

  otherwise<const V extends ColumnOrValue>(value: V): Column<T | ValuesOf<V>, R | NeedsOf<V>, Unnamed> {
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
  ...pictures,
  ...vectors,
});
