import type { Column, ColumnOrValue, LiteralValue, SortColumn } from './expr.js';
import { FrameActions } from './frame-actions.js';
import { GroupedDataFrame } from './grouped.js';
import type { Plan } from './plan.js';
import type { Beside, CheckedOn, Joined, NamesIn, On } from './typed/joins.js';
import type { CheckedNearest, Near, SaidOfNearest } from './typed/nearest.js';
import type {
  Chosen,
  Described,
  Explodable,
  Exploded,
  Filled,
  Fills,
  NameLists,
  NullableRow,
  NullsDropped,
  OneOrMore,
  Replaced,
  Unpivoted,
  WithSubset,
} from './typed/reshape.js';
import type { Nothing, Suggested, Unchecked } from './typed/row.js';
import type { Combined, CombinedByName, SameNames } from './typed/sets.js';
import type {
  Condition,
  Dropped,
  Keys,
  Name,
  Names,
  Renamed,
  Renaming,
  Selected,
  Selection,
  Value,
  Values,
  WithColumn,
  WithColumns,
} from './typed/verbs.js';
import { aggregate } from './verbs/aggregate.js';
import { cache, unpersist } from './verbs/cache.js';
import { distinct, dropDuplicates } from './verbs/distinct.js';
import { drop } from './verbs/drop.js';
import { type DropNullsOptions, dropNulls } from './verbs/drop-nulls.js';
import { type ExplodeOptions, explode } from './verbs/explode.js';
import { fillNulls } from './verbs/fill-nulls.js';
import { filter } from './verbs/filter.js';
import { cubeSets, namedSets, rollupSets } from './verbs/grouping-sets.js';
import { crossJoin, type JoinHow, type JoinOn, type JoinOptions, join } from './verbs/join.js';
import { limit, offset } from './verbs/limit.js';
import { type NearestOptions, nearest } from './verbs/nearest.js';
import { orderBy } from './verbs/order-by.js';
import { rename } from './verbs/rename.js';
import { replaceValues } from './verbs/replace-values.js';
import { randomSplit, type Seed, sample } from './verbs/sample.js';
import { select } from './verbs/select.js';
import { selectExpr } from './verbs/select-expr.js';
import { combined, type UnionByNameOptions, union, unionByName } from './verbs/set-operations.js';
import { describe, summary } from './verbs/summary.js';
import { transformed } from './verbs/transform.js';
import { unpivot } from './verbs/unpivot.js';
import { withColumns } from './verbs/with-columns.js';

export { GroupedDataFrame } from './grouped.js';

/**
 * A table that is computed when somebody asks for it. Immutable: every verb gives a new frame, and nothing is read before
 * an action (`show`, `collect`, `count`, `toArrow`, `batches`, `write`).
 *
 * `S` is the type of a row, where somebody has declared it: verbs are then checked by the compiler, and give frames of the
 * rows they make. See docs/types.md.
 *
 * @example
 * const big = session.read.csv('diamonds.csv').filter(col('carat').gt(2)).select('carat', 'cut', 'price');
 * await big.orderBy(col('price').desc()).limit(3).collect();
 */
export class DataFrame<out S = Unchecked> extends FrameActions<S> {
  protected override with(plan: Plan): DataFrame {
    return new DataFrame(this.session, plan);
  }

  /** Only these columns, in this order; `'*'` stands for all there are. */
  select<const C extends readonly (Suggested<S> | Column)[]>(...columns: Selection<C, S>): DataFrame<Selected<C, S>> {
    return this.with(select(this.plan, columns));
  }

  /** All columns and one more; a column of that name is replaced where it stands. */
  withColumn<const N extends string, const V extends ColumnOrValue>(
    name: N,
    value: Value<V, S>,
  ): DataFrame<WithColumn<S, N, V>> {
    return this.with(withColumns(this.plan, { [name]: value }));
  }

  /** Several at once; none of them sees another. */
  withColumns<const C extends Readonly<Record<string, ColumnOrValue>>>(
    columns: Values<C, S>,
  ): DataFrame<WithColumns<S, C>> {
    return this.with(withColumns(this.plan, columns));
  }

  /** All columns but these. */
  drop<const C extends readonly Suggested<S>[]>(...names: Names<C, S>): DataFrame<Dropped<S, C[number]>> {
    return this.with(drop(this.plan, names));
  }

  /** Other names: `rename({ old: 'new' })`. */
  rename<const M extends Readonly<Record<string, string>>>(names: Renaming<M, S>): DataFrame<Renamed<S, M>> {
    return this.with(rename(this.plan, names));
  }

  /** Only the rows for which a condition is true: a column, or SQL text such as `'price > 1000'`. */
  filter<C extends Column | string>(condition: Condition<C, S>): DataFrame<S> {
    return this.with(filter(this.plan, condition));
  }

  /** The first rows, in the order of the source. */
  limit(count: number, offset = 0): DataFrame<S> {
    return this.with(limit(this.plan, count, offset));
  }

  /** About this fraction (0 to 1) of the rows; the same seed gives the same rows on the same table. */
  sample(fraction: number, seed: Seed = 0): DataFrame<S> {
    return this.with(sample(this.plan, fraction, seed));
  }

  /** Sorted; nulls last. */
  orderBy<const C extends readonly (Suggested<S> | Column | SortColumn)[]>(...keys: Keys<C, S>): DataFrame<S> {
    return this.with(orderBy(this.plan, keys));
  }

  /** Groups of equal keys, to be aggregated with `.agg(...)`; without keys the whole table is one group. */
  groupBy<const C extends readonly (Suggested<S> | Column)[]>(
    ...keys: Selection<C, S>
  ): GroupedDataFrame<S, Selected<C, S>> {
    return new GroupedDataFrame({ input: this.plan, keys }, plan => this.with(plan));
  }

  /** The whole table as one row. */
  agg<const A extends readonly Column[]>(...aggregates: Selection<A, S>): DataFrame<Selected<A, S>> {
    return this.with(aggregate(this.plan, [], aggregates));
  }

  /**
   * Two tables side by side, in no fixed order: the columns of this one, then those of the other. A name both have is an
   * error unless rows are joined by it, or `suffix` says what is put behind the other's.
   *
   * @param on a name or names that both have (each comes out once), or a condition over both:
   *   `(left, right) => left('id').eq(right('flight_id'))`
   * @throws InframeError ARGUMENT_INVALID; when the frame runs COLUMN_NOT_FOUND, COLUMN_DUPLICATE, TYPE_MISMATCH
   * @example
   * flights.join(airports, (flight, airport) => flight('origin').eq(airport('code')), 'left');
   */
  join<T, const C extends On<S, T>, const H extends JoinHow = 'inner', const O extends JoinOptions = Nothing>(
    other: DataFrame<T>,
    on: CheckedOn<C, S, T, H, O>,
    how?: H,
    options?: O,
  ): DataFrame<Joined<S, T, NamesIn<C>, H, O>>;
  join(other: DataFrame, on: JoinOn, how: JoinHow = 'inner', options: JoinOptions = {}): DataFrame {
    return this.with(join(this.plan, other?.plan, on, how, options));
  }

  /** Every row with every row of the other table, in no fixed order. */
  crossJoin<T, const O extends JoinOptions = Nothing>(
    other: Beside<DataFrame<T>, T, S, O>,
    options?: O,
  ): DataFrame<Joined<S, T, never, 'cross', O>>;
  crossJoin(other: DataFrame, options: JoinOptions = {}): DataFrame {
    return this.with(crossJoin(this.plan, other?.plan, options));
  }

  /**
   * For each row the `k` rows of another table whose vectors are nearest, in order: the columns of this one, those of the
   * other, `rank` from 1, and `score` (`distance` for `l2`). Exact: every vector is compared with every other. Of rows that
   * are equally near, the one that comes first in the other table goes first; a vector that cannot be compared, such as
   * null, is near to none.
   *
   * @throws InframeError ARGUMENT_INVALID; when the frame runs COLUMN_NOT_FOUND, COLUMN_DUPLICATE, TYPE_MISMATCH,
   *   SHAPE_MISMATCH
   * @example
   * queries.nearest(articles, { k: 5, by: 'embedding', metric: 'cosine', suffix: '_article' });
   */
  nearest<T, const O extends SaidOfNearest<S, T>>(
    other: DataFrame<T>,
    options: CheckedNearest<O, S, T>,
  ): DataFrame<Near<S, T, O>>;
  nearest(other: DataFrame, options: NearestOptions): DataFrame {
    return this.with(nearest(this.plan, other?.plan, options));
  }

  /** These rows and then those of the other table, columns matched by position; equal rows stay. In order. */
  union<T>(other: DataFrame<T>): DataFrame<Combined<S, T>> {
    return this.with(union(this.plan, other?.plan));
  }

  /** Another word for {@link DataFrame.union}. */
  unionAll<T>(other: DataFrame<T>): DataFrame<Combined<S, T>> {
    return this.with(union(this.plan, other?.plan));
  }

  /** As `union`, with columns matched by name. */
  unionByName<T, const O extends UnionByNameOptions = Nothing>(
    other: SameNames<DataFrame<T>, S, T, O>,
    options?: O,
  ): DataFrame<CombinedByName<S, T>>;
  unionByName(other: DataFrame, options: UnionByNameOptions = {}): DataFrame {
    return this.with(unionByName(this.plan, other?.plan, options));
  }

  /** The rows that the other table has too, each once, in no fixed order; nulls are equal to each other. */
  intersect<T>(other: DataFrame<T>): DataFrame<Combined<S, T>> {
    return this.with(combined('intersect', 'intersect', false, this.plan, other?.plan));
  }

  /** As `intersect`, each row as often as both have it. */
  intersectAll<T>(other: DataFrame<T>): DataFrame<Combined<S, T>> {
    return this.with(combined('intersectAll', 'intersect', true, this.plan, other?.plan));
  }

  /** The rows that the other table does not have, each once, in no fixed order; nulls are equal to each other. */
  except<T>(other: DataFrame<T>): DataFrame<Combined<S, T>> {
    return this.with(combined('except', 'except', false, this.plan, other?.plan));
  }

  /** Another word for {@link DataFrame.except}. */
  subtract<T>(other: DataFrame<T>): DataFrame<Combined<S, T>> {
    return this.with(combined('subtract', 'except', false, this.plan, other?.plan));
  }

  /** As `except`, each row as often as this table has it more than the other. */
  exceptAll<T>(other: DataFrame<T>): DataFrame<Combined<S, T>> {
    return this.with(combined('exceptAll', 'except', true, this.plan, other?.plan));
  }

  /** Each row once, in no fixed order. */
  distinct(): DataFrame<S> {
    return this.with(distinct(this.plan));
  }

  /** Of the rows that are equal in some columns (in all, if none is named) the first in the source's order; in no fixed order. */
  dropDuplicates<const C extends Suggested<S> | readonly Suggested<S>[]>(subset?: OneOrMore<C, S>): DataFrame<S> {
    return this.with(dropDuplicates(this.plan, subset));
  }

  /** Only the rows without a missing value (null, or not-a-number in columns of floats), or without too many. In order. */
  dropNulls<const O extends DropNullsOptions = Nothing>(options?: WithSubset<O, S>): DataFrame<NullsDropped<S, O>>;
  dropNulls(options: DropNullsOptions = {}): DataFrame {
    return this.with(dropNulls(this.plan, options));
  }

  /**
   * Missing values filled in: with one value wherever a column can take it (or in the columns of the subset, which must),
   * or with one a column: `fillNulls({ price: 0, cut: 'none' })`. In order.
   */
  fillNulls<
    const V extends LiteralValue | Readonly<Record<string, LiteralValue>>,
    const C extends Suggested<S> | readonly Suggested<S>[] = never,
  >(value: Fills<V, S>, subset?: OneOrMore<C, S>): DataFrame<Filled<S, V, C>> {
    return this.with(fillNulls(this.plan, value, subset));
  }

  /** Some values in the place of others: `replaceValues([['N/A', null]])`; columns that cannot hold them are passed over. In order. */
  replaceValues<
    const P extends readonly (readonly [from: LiteralValue, to: LiteralValue])[],
    const C extends Suggested<S> | readonly Suggested<S>[],
  >(pairs: P, subset?: OneOrMore<C, S>): DataFrame<Replaced<S, P>> {
    return this.with(replaceValues(this.plan, pairs, subset));
  }

  /** One row for each element of a list, in order; the other columns are repeated. */
  explode<const C extends Suggested<S> | Column, const O extends ExplodeOptions = Nothing>(
    column: Explodable<C, S>,
    options?: O,
  ): DataFrame<Exploded<S, C, O>> {
    return this.with(explode(this.plan, column, options ?? {}));
  }

  /** Columns as rows, in order: the ids, the name of a value column and its value. All but the ids are values if none is named. */
  unpivot<
    const I extends Suggested<S> | readonly Suggested<S>[],
    const V extends Suggested<S> | readonly Suggested<S>[] | undefined,
    const N extends string = 'variable',
    const M extends string = 'value',
  >(
    ids: OneOrMore<I, S>,
    values: OneOrMore<V, S>,
    nameColumn?: N,
    valueColumn?: M,
  ): DataFrame<Unpivoted<S, I, V, N, M>> {
    return this.with(unpivot(this.plan, ids, values, nameColumn ?? 'variable', valueColumn ?? 'value'));
  }

  /** Groups by all keys, by all but the last, and so on, to the whole table; keys that do not take part are null. */
  rollup<const C extends readonly (Suggested<S> | Column)[]>(
    ...keys: Selection<C, S>
  ): GroupedDataFrame<S, NullableRow<Selected<C, S>>> {
    return new GroupedDataFrame({ input: this.plan, keys, sets: rollupSets(keys) }, plan => this.with(plan));
  }

  /** Groups by every choice of the keys; keys that do not take part are null. */
  cube<const C extends readonly (Suggested<S> | Column)[]>(
    ...keys: Selection<C, S>
  ): GroupedDataFrame<S, NullableRow<Selected<C, S>>> {
    return new GroupedDataFrame({ input: this.plan, keys, sets: cubeSets(keys) }, plan => this.with(plan));
  }

  /** Groups by each of these choices of columns: `groupingSets([['shop', 'day'], ['shop'], []])`. */
  groupingSets<const G extends readonly (readonly Suggested<S>[])[]>(
    sets: NameLists<G, S>,
  ): GroupedDataFrame<S, NullableRow<Chosen<S, G[number][number]>>> {
    return new GroupedDataFrame({ input: this.plan, ...namedSets(sets) }, plan => this.with(plan));
  }

  /** Another name for a column. */
  withColumnRenamed<const N extends Suggested<S>, const M extends string>(
    existing: Name<N, S>,
    name: M,
  ): DataFrame<Renamed<S, Readonly<Record<N, M>>>> {
    return this.with(rename(this.plan, { [existing]: name }));
  }

  /** Columns written in SQL: `selectExpr('*', 'price / carat AS ratio')`. */
  selectExpr(...texts: readonly string[]): DataFrame {
    return this.with(selectExpr(this.plan, texts));
  }

  /** Count, mean, standard deviation, least and greatest value of columns of numbers and texts, as rows of texts. */
  describe<const C extends readonly Suggested<S>[]>(...columns: Names<C, S>): DataFrame<Described<S, C>> {
    return this.with(describe(this.plan, columns));
  }

  /** Statistics as `describe` gives them, and quartiles; or those that are named: `summary('count', '90%')`. */
  summary(...statistics: readonly string[]): DataFrame<Described<S, []>> {
    return this.with(summary(this.plan, statistics));
  }

  /** Every row in exactly one of several frames, whose sizes are about as the weights; the same seed splits alike. In order. */
  randomSplit(weights: readonly number[], seed: Seed = 0): readonly DataFrame<S>[] {
    return randomSplit(this.plan, weights, seed).map(plan => this.with(plan));
  }

  /** All but the first rows, in order. */
  offset(count: number): DataFrame<S> {
    return this.with(offset(this.plan, count));
  }

  /** The frame whose rows are computed when they are first needed, and kept until the session closes. */
  cache(): DataFrame<S> {
    return this.with(cache(this.plan));
  }

  /** Another word for {@link DataFrame.cache}. */
  persist(): DataFrame<S> {
    return this.with(cache(this.plan));
  }

  /** The frame without its cache: what was kept is forgotten. */
  unpersist(): DataFrame<S> {
    return this.with(unpersist(this.plan));
  }

  /** What a function makes of the frame: `frame.transform(cleaned)` reads better in a chain than `cleaned(frame)`. */
  transform<T>(make: (frame: this) => DataFrame<T>): DataFrame<T> {
    return transformed(this, make);
  }
}
