import type { DataFrame } from './dataframe.js';
import { InframeError } from './errors.js';
import type { Column, LiteralValue } from './expr.js';
import { col, fn } from './functions.js';
import type { GroupingSets, Plan } from './plan.js';
import type { Aggregated, NamesOfKind, Summarized } from './typed/reshape.js';
import type { Suggested, Unchecked } from './typed/row.js';
import type { Numeric } from './typed/values.js';
import type { Key, Names, Selected, Selection } from './typed/verbs.js';
import { aggregate } from './verbs/aggregate.js';
import { columnName, notEmpty, toNamed } from './verbs/arguments.js';
import { type Pivot, pivot, pivotOf } from './verbs/pivot.js';

/** What rows are grouped by. */
interface Grouping {
  readonly input: Plan;
  readonly keys: readonly (string | Column)[];
  readonly sets?: GroupingSets | undefined;
  readonly pivot?: Pivot;
}

/**
 * Groups waiting for what is to be computed of them. A row comes out for each group, in no fixed order: the keys, and what
 * is computed.
 *
 * @example
 * sales.groupBy('shop').agg(fn.sum(col('amount')).as('total'), fn.count().as('n'));
 * sales.groupBy('shop').pivot('quarter', [1, 2, 3, 4]).sum('amount');
 *
 * @typeParam S the row of what is grouped
 * @typeParam K the row of the keys
 */
export class GroupedDataFrame<S = Unchecked, K = Unchecked> {
  readonly #grouping: Grouping;
  readonly #make: (plan: Plan) => DataFrame;

  constructor(grouping: Grouping, make: (plan: Plan) => DataFrame) {
    this.#grouping = grouping;
    this.#make = make;
    Object.freeze(this);
  }

  /** @throws InframeError ARGUMENT_INVALID if there is no aggregate */
  agg<const A extends readonly Column[]>(...aggregates: Selection<A, S>): DataFrame<Aggregated<K, Selected<A, S>>> {
    return this.#aggregated(aggregates);
  }

  /** The number of rows of each group, as column `count`. */
  count(): DataFrame<Aggregated<K, { readonly count: bigint }>> {
    return this.#aggregated([fn.count().as('count')]);
  }

  /** Sums of columns, called `sum(name)`. */
  sum<const C extends readonly Suggested<S>[]>(
    ...names: NamesOfKind<C, Numeric, S>
  ): DataFrame<Aggregated<K, Summarized<S, C, 'sum'>>> {
    return this.#each('sum', names, fn.sum);
  }

  /** Means of columns, called `avg(name)`. */
  avg<const C extends readonly Suggested<S>[]>(
    ...names: NamesOfKind<C, Numeric, S>
  ): DataFrame<Aggregated<K, Summarized<S, C, 'avg'>>> {
    return this.#each('avg', names, fn.avg);
  }

  /** Another word for {@link GroupedDataFrame.avg}. */
  mean<const C extends readonly Suggested<S>[]>(
    ...names: NamesOfKind<C, Numeric, S>
  ): DataFrame<Aggregated<K, Summarized<S, C, 'avg'>>> {
    return this.#each('mean', names, fn.avg);
  }

  /** The least value of columns, called `min(name)`. */
  min<const C extends readonly Suggested<S>[]>(
    ...names: Names<C, S>
  ): DataFrame<Aggregated<K, Summarized<S, C, 'min'>>> {
    return this.#each('min', names, fn.min);
  }

  /** The greatest value of columns, called `max(name)`. */
  max<const C extends readonly Suggested<S>[]>(
    ...names: Names<C, S>
  ): DataFrame<Aggregated<K, Summarized<S, C, 'max'>>> {
    return this.#each('max', names, fn.max);
  }

  /**
   * A column for each of these values of a column: what is computed of the rows that have the value, null where a group has
   * none. With several aggregates the columns are called `value_aggregate`.
   *
   * @param values which there are must be known before rows are read: see the message of the error for how to get them
   * @throws InframeError ARGUMENT_INVALID if there are no values, or what is grouped is pivoted already
   */
  pivot<const C extends Suggested<S> | Column>(column: Key<C, S>, values: readonly LiteralValue[]): GroupedDataFrame {
    const { sets, pivot: before } = this.#grouping;
    if (sets !== undefined || before !== undefined) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `pivot of '${toNamed(column).name}' goes with groupBy(...) alone; call it once, right after it`,
      );
    }
    return new GroupedDataFrame({ ...this.#grouping, pivot: pivotOf(column, values) }, this.#make);
  }

  #each(verb: string, names: readonly string[], compute: (column: Column) => Column): DataFrame {
    return this.#aggregated(notEmpty(verb, names).map(name => compute(col(columnName(verb, name)))));
  }

  #aggregated(aggregates: readonly (string | Column)[]): DataFrame {
    const { input, keys, sets, pivot: pivoted } = this.#grouping;
    if (pivoted === undefined) return this.#make(aggregate(input, keys, aggregates, sets));
    return this.#make(pivot(input, keys.map(toNamed), pivoted, aggregates.map(toNamed)));
  }
}
