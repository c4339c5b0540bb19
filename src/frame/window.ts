import { InframeError, shown } from './errors.js';
import type { Column, FrameBound, SortColumn, WindowDefinition, WindowFrame } from './expr.js';
import type { KeyNeeds } from './typed/column.js';
import type { Unchecked } from './typed/row.js';
import { toNamed } from './verbs/arguments.js';
import { toKey } from './verbs/order-by.js';

/**
 * The rows a window function sees: those with the same values as the row in some columns, in some order, and of these a
 * frame around the row. Immutable; every method gives a new one and replaces what was said before of the same thing.
 *
 * Without a frame a window with an order reaches from its first row to the row's equals, one without is the partition.
 */
export class WindowSpec<R = Unchecked> {
  readonly definition: WindowDefinition;

  constructor(definition: WindowDefinition) {
    const { partitionBy, orderBy, frame } = definition;
    this.definition = Object.freeze({
      partitionBy: Object.freeze([...partitionBy]),
      orderBy: Object.freeze(orderBy.map(key => Object.freeze({ ...key }))),
      frame: frame && Object.freeze({ ...frame }),
    });
    Object.freeze(this);
  }

  /** Rows that are equal in these stand in one partition: names or expressions. */
  partitionBy<const C extends readonly (string | Column)[]>(...columns: C): WindowSpec<R | KeyNeeds<C[number]>> {
    return new WindowSpec({ ...this.definition, partitionBy: columns.map(column => toNamed(column).expr) });
  }

  /** The order of the rows in a partition; nulls come last unless asked for first. */
  orderBy<const K extends readonly (string | Column | SortColumn)[]>(...keys: K): WindowSpec<R | KeyNeeds<K[number]>> {
    return new WindowSpec({ ...this.definition, orderBy: keys.map(toKey) });
  }

  /**
   * The rows from `start` to `end`, both included, counted from the row: -1 is the row before, 0 the row itself.
   *
   * @throws InframeError ARGUMENT_INVALID if a bound is no whole number, or the end lies before the start
   */
  rowsBetween(start: number, end: number): WindowSpec<R> {
    return this.#framed('rows', start, end);
  }

  /**
   * The rows whose value in the column of order lies from `start` to `end` (both included) of this row's: with
   * `rangeBetween(-7, 0)` those at most 7 less.
   *
   * @throws InframeError ARGUMENT_INVALID if a bound is no number, or the end lies before the start
   */
  rangeBetween(start: number, end: number): WindowSpec<R> {
    return this.#framed('range', start, end);
  }

  #framed(unit: WindowFrame['unit'], start: number, end: number): WindowSpec<R> {
    const method = `${unit}Between`;
    for (const bound of [start, end]) {
      const fits = unit === 'rows' ? Number.isSafeInteger(bound) : Number.isFinite(bound);
      if (fits || bound === Number.NEGATIVE_INFINITY || bound === Number.POSITIVE_INFINITY) continue;
      const what = unit === 'rows' ? 'a whole number of rows' : 'a number';
      throw new InframeError(
        'ARGUMENT_INVALID',
        `bound ${shown(bound)} of ${method}() is not ${what}; give one, or Window.unboundedPreceding`,
      );
    }
    if (start > end || start === Number.POSITIVE_INFINITY || end === Number.NEGATIVE_INFINITY) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `frame ${start} to ${end} of ${method}() holds no row; the start comes before the end`,
      );
    }
    return new WindowSpec({ ...this.definition, frame: { unit, start: toBound(start), end: toBound(end) } });
  }
}

function toBound(bound: number): FrameBound {
  if (bound === 0) return 'currentRow';
  if (Number.isFinite(bound)) return bound;
  return bound < 0 ? 'unboundedPreceding' : 'unboundedFollowing';
}

const whole = new WindowSpec<never>({ partitionBy: [], orderBy: [], frame: undefined });

/**
 * Where the description of a window begins.
 *
 * @example
 * const best = Window.partitionBy('cut').orderBy(col('price').desc());
 * diamonds.withColumn('rank', fn.rank().over(best));
 * const soFar = Window.orderBy('date').rowsBetween(Window.unboundedPreceding, Window.currentRow);
 * sales.withColumn('total', fn.sum(col('amount')).over(soFar));
 */
export const Window = Object.freeze({
  /** Before the first row of the partition. */
  unboundedPreceding: Number.NEGATIVE_INFINITY,
  currentRow: 0,
  /** After the last row of the partition. */
  unboundedFollowing: Number.POSITIVE_INFINITY,
  partitionBy: <const C extends readonly (string | Column)[]>(...columns: C): WindowSpec<KeyNeeds<C[number]>> =>
    whole.partitionBy(...columns),
  orderBy: <const K extends readonly (string | Column | SortColumn)[]>(...keys: K): WindowSpec<KeyNeeds<K[number]>> =>
    whole.orderBy(...keys),
  rowsBetween: (start: number, end: number): WindowSpec<never> => whole.rowsBetween(start, end),
  rangeBetween: (start: number, end: number): WindowSpec<never> => whole.rangeBetween(start, end),
});
