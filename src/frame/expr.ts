import { filterWhere, orderedBy, over } from './aggregate-calls.js';
import { InframeError, shown } from './errors.js';
import type { ModelArguments, ModelCall, ModelReference } from './model.js';
import type { CastTo, HasMember, KeyNeeds, LabelOf, NeedsOf, Unnamed, ValuesOf } from './typed/column.js';
import type { Fits } from './typed/needs.js';
import type {
  Add,
  Between,
  Compare,
  CompareMany,
  Concatenate,
  Divide,
  Logic,
  Modulo,
  Multiply,
  Negate,
  Subtract,
} from './typed/operators.js';
import type { Unchecked } from './typed/row.js';
import type { Element, Member, NullsIn } from './typed/terms.js';
import { type DataType, isDataType } from './types.js';
import type { WindowSpec } from './window.js';

export { describe, nameOf } from './describe.js';
export { callsModel, children, columnsOf, mapChildren, some } from './expr-tree.js';

/** A value that may stand in an expression as it is. */
export type LiteralValue = null | boolean | number | bigint | string | Date | Uint8Array | readonly LiteralValue[];

/** Operators an engine must know; what each is called in SQL is the engine's business. */
export type OperatorName =
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'modulo'
  | 'negate'
  | 'and'
  | 'or'
  | 'not'
  | 'isNull'
  | 'isNotNull'
  | 'like'
  | 'in'
  | 'between'
  | 'concat'
  /**
   * True if what is drawn for some values, `operands[3]` and so on, lies from `operands[1]` to `operands[2]`, not included:
   * a whole number from 0 to 2^32, which depends on the values and the seed `operands[0]` alone.
   */
  | 'isDrawn'
  /** Of a list of lists: true unless it has `operands[1]` lists of `operands[2]` elements each. */
  | 'isRagged';

/**
 * What is asked of a row, as frozen plain data. Users make these through {@link Column}, `col`, `lit` and `fn`.
 *
 * `sql` holds a single scalar expression in the engine's dialect, as a user wrote it; the engine parses it before anything
 * else is done with it, so text can never become a second statement. What comes out is a `fragment`: the engine's own
 * text, cut at every column and model call; `operands[i]` stands between `parts[i]` and `parts[i + 1]`.
 */
export type Expr =
  /** In the condition of a join, columns of the right table carry their side. */
  | { readonly kind: 'column'; readonly name: string; readonly side?: 'right' }
  | { readonly kind: 'literal'; readonly value: LiteralValue }
  | { readonly kind: 'operator'; readonly name: OperatorName; readonly operands: readonly Expr[] }
  | CallExpr
  | WindowExpr
  /** A function of the elements of a list, as an argument of a call; its parameters are bound in the body alone. */
  | { readonly kind: 'lambda'; readonly parameters: readonly string[]; readonly body: Expr }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'cast'; readonly input: Expr; readonly type: DataType; readonly safe: boolean }
  | {
      readonly kind: 'case';
      readonly branches: readonly (readonly [condition: Expr, value: Expr])[];
      readonly otherwise: Expr | undefined;
    }
  | { readonly kind: 'member'; readonly input: Expr; readonly name: string }
  /** The element at a position counted from 0. */
  | { readonly kind: 'element'; readonly input: Expr; readonly index: number }
  | { readonly kind: 'sql'; readonly text: string }
  | { readonly kind: 'fragment'; readonly parts: readonly string[]; readonly operands: readonly Expr[] }
  | { readonly kind: 'model'; readonly model: ModelReference; readonly args: ModelArguments }
  /** A model call that analysis has checked; users never make one. */
  | { readonly kind: 'modelCall'; readonly call: ModelCall };

/** A function by the engine's name for it. */
export interface CallExpr {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
  readonly distinct: boolean;
  /** Names of the last arguments, where these are given by name. */
  readonly argNames?: readonly string[];
  /** True of a call that is known to make one value of many rows; `filter` and `orderBy` make sense for these alone. */
  readonly aggregate?: true;
  /** Only rows for which this is true are aggregated. */
  readonly filter?: Expr;
  /** The order in which rows are aggregated. */
  readonly orderBy?: readonly SortKey[];
  /** True of a function of windows that passes over nulls. */
  readonly ignoreNulls?: true;
}

/** A call over the rows around each row. Without a frame: the partition, up to the row's equals if there is an order. */
export interface WindowExpr extends WindowDefinition {
  readonly kind: 'window';
  /** A `call`. */
  readonly call: Expr;
}

/** Which rows a window function sees. */
export interface WindowDefinition {
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly SortKey[];
  readonly frame: WindowFrame | undefined;
}

/** Part of a partition, relative to the row: counted in rows, or by the distance of the values they are ordered by. */
export interface WindowFrame {
  readonly unit: 'rows' | 'range';
  readonly start: FrameBound;
  readonly end: FrameBound;
}

/** A number is a distance, negative for what comes before. */
export type FrameBound = 'unboundedPreceding' | 'currentRow' | 'unboundedFollowing' | number;

/** An expression and the name its result has in the table. */
export interface Named {
  readonly name: string;
  readonly expr: Expr;
}

/** An expression to order by. */
export interface SortKey {
  readonly expr: Expr;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** What a verb accepts where a value of a row is meant: a column, or a plain value that stands for itself. */
export type ColumnOrValue = Column | LiteralValue;

/**
 * A value of each row: a column, or something computed from columns. Immutable; every method gives a new one.
 *
 * Its type parameters say what its values are, what it asks of a table, and its name. They are for the verbs to read,
 * which refuse what does not fit a table with a declared row: see typed/. To the compiler all columns are one type, so
 * that a variable may take one expression after another.
 *
 * @example
 * col('price').div(col('carat')).gt(4000).and(col('cut').isIn('Ideal', 'Premium'))
 */
export class Column<T = Unchecked, R = Unchecked, N extends string = Unchecked> {
  readonly expr: Expr;
  /** The name given with {@link Column.as}, if any. */
  readonly label: LabelOf<N>;

  constructor(expr: Expr, label?: string) {
    this.expr = freeze(expr);
    this.label = label;
    Object.freeze(this);
  }

  /** The same value under another name. */
  as<const M extends string>(name: M): Column<T, R, M> {
    if (typeof name !== 'string' || name === '') {
      throw new InframeError('ARGUMENT_INVALID', `column name ${shown(name)} is not a name; give a non-empty string`);
    }
    return new Column(this.expr, name);
  }

  eq: Compare<T, R> = other => operator('eq', this, other);
  ne: Compare<T, R> = other => operator('ne', this, other);
  lt: Compare<T, R> = other => operator('lt', this, other);
  le: Compare<T, R> = other => operator('le', this, other);
  gt: Compare<T, R> = other => operator('gt', this, other);
  ge: Compare<T, R> = other => operator('ge', this, other);
  add: Add<T, R> = other => operator('add', this, other);
  sub: Subtract<T, R> = other => operator('subtract', this, other);
  mul: Multiply<T, R> = other => operator('multiply', this, other);
  /** Division of real numbers: `col('a').div(2)` of an integer 1 is 0.5. */
  div: Divide<T, R> = other => operator('divide', this, other);
  mod: Modulo<T, R> = other => operator('modulo', this, other);
  neg: Negate<T, R> = () => operator('negate', this);
  and: Logic<T, R> = other => operator('and', this, other);
  or: Logic<T, R> = other => operator('or', this, other);
  not = (): Column<boolean | NullsIn<T>, R | Fits<T, boolean>, Unnamed> => operator('not', this);
  isNull = (): Column<boolean, R, Unnamed> => operator('isNull', this);
  isNotNull = (): Column<boolean, R, Unnamed> => operator('isNotNull', this);
  /** SQL LIKE: `%` stands for any text, `_` for one character. */
  like = (pattern: string): Column<boolean | NullsIn<T>, R | Fits<T, string>, Unnamed> =>
    operator('like', this, pattern);
  isIn: CompareMany<T, R> = (...values) => operator('in', this, ...values);
  /** Both ends included. */
  between: Between<T, R> = (low, high) => operator('between', this, low, high);
  concat: Concatenate<T, R> = other => operator('concat', this, other);

  /** Another type; a value that does not fit fails the job. `tryCast` gives null instead. */
  cast<const D extends DataType>(type: D): Column<CastTo<D, T>, R, Unnamed> {
    return new Column({ kind: 'cast', input: this.expr, type: checkedType(type), safe: false });
  }

  tryCast<const D extends DataType>(type: D): Column<CastTo<D, T> | null, R, Unnamed> {
    return new Column({ kind: 'cast', input: this.expr, type: checkedType(type), safe: true });
  }

  /** A member of a struct: `model(...).field('label')`. */
  field<const M extends string>(name: M): Column<Member<T, M>, R | HasMember<T, M>, M> {
    return new Column({ kind: 'member', input: this.expr, name }, name);
  }

  /** An element of a list, counted from 0; null past its end. */
  at(index: number): Column<Element<T> | null, R | Fits<T, readonly unknown[]>, Unnamed> {
    if (!Number.isInteger(index) || index < 0) {
      throw new InframeError('ARGUMENT_INVALID', `index ${index} is not a position; it is a whole number from 0`);
    }
    return new Column({ kind: 'element', input: this.expr, index });
  }

  /**
   * An aggregate, or a function of windows, over the rows around each row, instead of one value for all.
   *
   * @example
   * fn.sum(col('amount')).over(Window.partitionBy('shop').orderBy('date'))
   * @throws InframeError ARGUMENT_INVALID if there is nothing that can be over a window, or not over this one
   */
  over<W = never>(window: WindowSpec<W>): Column<T, R | W, Unnamed> {
    if (!Array.isArray(window?.definition?.partitionBy)) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `window ${shown(window)} of over() is not a window; make one with Window.partitionBy('column')`,
      );
    }
    return new Column(over(this.expr, window.definition));
  }

  /**
   * An aggregate of only those rows for which a condition is true.
   *
   * @example
   * fn.count().filterWhere(col('price').gt(1000))
   * @throws InframeError ARGUMENT_INVALID if this is no aggregate
   */
  filterWhere<C extends Column>(condition: C): Column<T, R | NeedsOf<C> | Fits<ValuesOf<C>, boolean>, Unnamed> {
    if (!(condition instanceof Column)) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `condition ${shown(condition)} of filterWhere() is not a column; use one such as col('x').gt(0)`,
      );
    }
    return new Column(filterWhere(this.expr, condition.expr));
  }

  /**
   * An aggregate that takes its rows in this order: `fn.collectList(col('name')).orderBy(col('date').desc())`.
   *
   * @throws InframeError ARGUMENT_INVALID if this is no aggregate
   */
  orderBy<K extends readonly (Column | SortColumn)[]>(...keys: K): Column<T, R | KeyNeeds<K[number]>, Unnamed> {
    const sorted = keys.map(key => (key instanceof Column ? key.asc() : key));
    const wrong = sorted.find(key => !(key instanceof SortColumn));
    if (sorted.length === 0 || wrong !== undefined) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `order ${shown(wrong)} of an aggregate is not a column; use one such as col('x').desc()`,
      );
    }
    return new Column(orderedBy(this.expr, sorted.map(toSortKey)));
  }

  asc(): SortColumn<R> {
    return new SortColumn(this, false, false);
  }

  desc(): SortColumn<R> {
    return new SortColumn(this, true, false);
  }
}

/** A column with a direction, for `orderBy`. Nulls come last unless asked for first. */
export class SortColumn<R = Unchecked> {
  constructor(
    readonly column: Column<Unchecked, R>,
    readonly descending: boolean,
    readonly nullsFirst: boolean,
  ) {
    Object.freeze(this);
  }

  withNullsFirst(): SortColumn<R> {
    return new SortColumn(this.column, this.descending, true);
  }
}

/** A column with a direction, as plain data. */
export function toSortKey({ column, descending, nullsFirst }: SortColumn): SortKey {
  return Object.freeze({ expr: column.expr, descending, nullsFirst });
}

function operator(name: OperatorName, ...operands: readonly ColumnOrValue[]): Column {
  return new Column({ kind: 'operator', name, operands: operands.map(toExpr) });
}

/**
 * A column or a plain value as an expression.
 *
 * @throws InframeError ARGUMENT_INVALID for anything else, such as a model that has not been called
 */
export function toExpr(value: ColumnOrValue): Expr {
  return value instanceof Column ? value.expr : Object.freeze({ kind: 'literal', value: copyOf(value) });
}

/** A literal of its own: the caller may change a list, date or bytes later. */
function copyOf(value: LiteralValue): LiteralValue {
  if (value === null || ['boolean', 'number', 'bigint', 'string'].includes(typeof value)) return value;
  if (value instanceof Date) return new Date(value);
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return Object.freeze(value.map(copyOf));
  const hint = typeof value === 'function' ? 'call it' : "use col('name'), or a number, text, date, list or null";
  throw new InframeError('ARGUMENT_INVALID', `value ${shown(value)} is neither a column nor a plain value; ${hint}`);
}

function checkedType(type: DataType): DataType {
  if (isDataType(type)) return type;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `type ${shown(type)} is not a column type; write it as an object such as { kind: 'float32' }`,
  );
}

/** Frozen with the lists it is made of; expressions inside them have been frozen before. */
function freeze(expr: Expr): Expr {
  for (const part of Object.values(expr)) if (Array.isArray(part)) Object.freeze(part);
  return Object.freeze(expr);
}
