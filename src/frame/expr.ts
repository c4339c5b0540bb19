import { InframeError, shown } from './errors.js';
import type { ModelArguments, ModelCall, ModelReference } from './model.js';
import { type DataType, isDataType } from './types.js';

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
  /** Of a list of lists: true unless it has `operands[1]` lists of `operands[2]` elements each. */
  | 'isRagged';

/**
 * What is asked of a row, as frozen plain data. Users make these through {@link Column}, `col`, `lit` and `fn`.
 *
 * `sql` holds a single scalar expression in the engine's dialect; the engine parses it before anything else is done with
 * it, so text can never become a second statement.
 */
export type Expr =
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: LiteralValue }
  | { readonly kind: 'operator'; readonly name: OperatorName; readonly operands: readonly Expr[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[]; readonly distinct: boolean }
  | { readonly kind: 'cast'; readonly input: Expr; readonly type: DataType; readonly safe: boolean }
  | {
      readonly kind: 'case';
      readonly branches: readonly (readonly [condition: Expr, value: Expr])[];
      readonly otherwise: Expr | undefined;
    }
  | { readonly kind: 'member'; readonly input: Expr; readonly name: string }
  /** The element at a position counted from 0. */
  | { readonly kind: 'element'; readonly input: Expr; readonly index: number }
  | { readonly kind: 'sql'; readonly text: string; readonly columns: readonly string[] | undefined }
  | { readonly kind: 'model'; readonly model: ModelReference; readonly args: ModelArguments }
  /** A model call that analysis has checked; users never make one. */
  | { readonly kind: 'modelCall'; readonly call: ModelCall };

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
 * @example
 * col('price').div(col('carat')).gt(4000).and(col('cut').isIn('Ideal', 'Premium'))
 */
export class Column {
  readonly expr: Expr;
  /** The name given with {@link Column.as}, if any. */
  readonly label: string | undefined;

  constructor(expr: Expr, label?: string) {
    this.expr = freeze(expr);
    this.label = label;
    Object.freeze(this);
  }

  /** The same value under another name. */
  as(name: string): Column {
    if (typeof name !== 'string' || name === '') {
      throw new InframeError('ARGUMENT_INVALID', `column name ${shown(name)} is not a name; give a non-empty string`);
    }
    return new Column(this.expr, name);
  }

  eq = (other: ColumnOrValue): Column => operator('eq', this, other);
  ne = (other: ColumnOrValue): Column => operator('ne', this, other);
  lt = (other: ColumnOrValue): Column => operator('lt', this, other);
  le = (other: ColumnOrValue): Column => operator('le', this, other);
  gt = (other: ColumnOrValue): Column => operator('gt', this, other);
  ge = (other: ColumnOrValue): Column => operator('ge', this, other);
  add = (other: ColumnOrValue): Column => operator('add', this, other);
  sub = (other: ColumnOrValue): Column => operator('subtract', this, other);
  mul = (other: ColumnOrValue): Column => operator('multiply', this, other);
  /** Division of real numbers: `col('a').div(2)` of an integer 1 is 0.5. */
  div = (other: ColumnOrValue): Column => operator('divide', this, other);
  mod = (other: ColumnOrValue): Column => operator('modulo', this, other);
  neg = (): Column => operator('negate', this);
  and = (other: ColumnOrValue): Column => operator('and', this, other);
  or = (other: ColumnOrValue): Column => operator('or', this, other);
  not = (): Column => operator('not', this);
  isNull = (): Column => operator('isNull', this);
  isNotNull = (): Column => operator('isNotNull', this);
  /** SQL LIKE: `%` stands for any text, `_` for one character. */
  like = (pattern: string): Column => operator('like', this, pattern);
  isIn = (...values: readonly ColumnOrValue[]): Column => operator('in', this, ...values);
  /** Both ends included. */
  between = (low: ColumnOrValue, high: ColumnOrValue): Column => operator('between', this, low, high);
  concat = (other: ColumnOrValue): Column => operator('concat', this, other);

  /** Another type; a value that does not fit fails the job. `tryCast` gives null instead. */
  cast(type: DataType): Column {
    return new Column({ kind: 'cast', input: this.expr, type: checkedType(type), safe: false });
  }

  tryCast(type: DataType): Column {
    return new Column({ kind: 'cast', input: this.expr, type: checkedType(type), safe: true });
  }

  /** A member of a struct: `model(...).field('label')`. */
  field(name: string): Column {
    return new Column({ kind: 'member', input: this.expr, name }, name);
  }

  /** An element of a list, counted from 0; null past its end. */
  at(index: number): Column {
    if (!Number.isInteger(index) || index < 0) {
      throw new InframeError('ARGUMENT_INVALID', `index ${index} is not a position; it is a whole number from 0`);
    }
    return new Column({ kind: 'element', input: this.expr, index });
  }

  asc(): SortColumn {
    return new SortColumn(this, false, false);
  }

  desc(): SortColumn {
    return new SortColumn(this, true, false);
  }
}

/** A column with a direction, for `orderBy`. Nulls come last unless asked for first. */
export class SortColumn {
  constructor(
    readonly column: Column,
    readonly descending: boolean,
    readonly nullsFirst: boolean,
  ) {
    Object.freeze(this);
  }

  withNullsFirst(): SortColumn {
    return new SortColumn(this.column, this.descending, true);
  }
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

/** The name a value has in a table when nobody named it: the column's own, else how it is written. */
export function nameOf(column: Column): string {
  return column.label ?? describe(column.expr);
}

const SYMBOLS: Partial<Record<OperatorName, string>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  modulo: '%',
  and: 'and',
  or: 'or',
  concat: '||',
};

/** An expression as a person would write it; for names, `explain()` and messages, never for execution. */
export function describe(expr: Expr): string {
  switch (expr.kind) {
    case 'column':
      return expr.name;
    case 'literal':
      return describeLiteral(expr.value);
    case 'operator': {
      const parts = expr.operands.map(describe);
      const symbol = SYMBOLS[expr.name];
      if (symbol !== undefined && parts.length === 2) return `(${parts[0]} ${symbol} ${parts[1]})`;
      switch (expr.name) {
        case 'isNull':
          return `(${parts[0]} is null)`;
        case 'isNotNull':
          return `(${parts[0]} is not null)`;
        case 'like':
          return `(${parts[0]} like ${parts[1]})`;
        case 'in':
          return `(${parts[0]} in (${parts.slice(1).join(', ')}))`;
        case 'between':
          return `(${parts[0]} between ${parts[1]} and ${parts[2]})`;
        case 'negate':
          return `(-${parts[0]})`;
        default:
          return `(${expr.name} ${parts.join(', ')})`;
      }
    }
    case 'call':
      return `${expr.name}(${expr.distinct ? 'distinct ' : ''}${expr.args.map(describe).join(', ')})`;
    case 'cast':
      return `${expr.safe ? 'try_cast' : 'cast'}(${describe(expr.input)} as ${expr.type.kind})`;
    case 'case':
      return `case ${expr.branches.map(([when, then]) => `when ${describe(when)} then ${describe(then)}`).join(' ')}${
        expr.otherwise ? ` else ${describe(expr.otherwise)}` : ''
      } end`;
    case 'member':
      return `${describe(expr.input)}.${expr.name}`;
    case 'element':
      return `${describe(expr.input)}[${expr.index}]`;
    case 'sql':
      return expr.text;
    case 'modelCall':
      return `${expr.call.modelName}(${expr.call.args.map(describe).join(', ')})`;
    case 'model':
      return `${expr.model.name}(${expr.args.positional
        .map(describe)
        .concat(
          Object.entries(expr.args.named).map(
            ([name, values]) =>
              `${name}: ${values.length === 1 ? describe(values[0]!) : `[${values.map(describe).join(', ')}]`}`,
          ),
        )
        .join(', ')})`;
  }
}

function describeLiteral(value: LiteralValue): string {
  if (typeof value === 'string') return `'${value}'`;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  if (Array.isArray(value)) return `[${value.map(describeLiteral).join(', ')}]`;
  return String(value);
}

/** Direct operands of an expression, in order. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'operator':
      return expr.operands;
    case 'call':
      return expr.args;
    case 'cast':
    case 'member':
    case 'element':
      return [expr.input];
    case 'case':
      return [...expr.branches.flat(), ...(expr.otherwise ? [expr.otherwise] : [])];
    case 'modelCall':
      return expr.call.args;
    case 'model':
      return [...expr.args.positional, ...Object.values(expr.args.named).flat()];
    default:
      return [];
  }
}

/** The expression with each direct operand replaced by `change(operand)`. */
export function mapChildren(expr: Expr, change: (operand: Expr) => Expr): Expr {
  switch (expr.kind) {
    case 'operator':
      return { ...expr, operands: expr.operands.map(change) };
    case 'call':
      return { ...expr, args: expr.args.map(change) };
    case 'cast':
    case 'member':
    case 'element':
      return { ...expr, input: change(expr.input) };
    case 'case':
      return {
        ...expr,
        branches: expr.branches.map(([when, then]) => [change(when), change(then)] as const),
        otherwise: expr.otherwise && change(expr.otherwise),
      };
    case 'modelCall':
      return { ...expr, call: { ...expr.call, args: expr.call.args.map(change) } };
    case 'model':
      return {
        ...expr,
        args: {
          positional: expr.args.positional.map(change),
          named: Object.fromEntries(
            Object.entries(expr.args.named).map(([name, values]) => [name, values.map(change)]),
          ),
        },
      };
    default:
      return expr;
  }
}

/** True if `test` holds for the expression or anything inside it. */
export function some(expr: Expr, test: (part: Expr) => boolean): boolean {
  return test(expr) || children(expr).some(child => some(child, test));
}

/** The names of all columns an expression reads, each once. */
export function columnsOf(expr: Expr, into: Set<string> = new Set()): Set<string> {
  if (expr.kind === 'column') into.add(expr.name);
  if (expr.kind === 'sql') for (const name of expr.columns ?? []) into.add(name);
  for (const child of children(expr)) columnsOf(child, into);
  return into;
}

/** True if a model is called somewhere in the expression. */
export function callsModel(expr: Expr): boolean {
  return some(expr, part => part.kind === 'model' || part.kind === 'modelCall');
}
