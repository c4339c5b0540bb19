import type {
  CallExpr,
  Column,
  Expr,
  FrameBound,
  LiteralValue,
  OperatorName,
  SortKey,
  WindowDefinition,
} from './expr.js';

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
        case 'isDrawn':
          return `(draw of ${parts.slice(3).join(', ')} with seed ${parts[0]} is from ${parts[1]} to ${parts[2]})`;
        default:
          return `(${expr.name} ${parts.join(', ')})`;
      }
    }
    case 'call':
      return describeCall(expr);
    case 'window':
      return `${describe(expr.call)} over (${describeWindow(expr)})`;
    case 'lambda':
      return `${expr.parameters.length === 1 ? expr.parameters[0] : `(${expr.parameters.join(', ')})`} -> ${describe(expr.body)}`;
    case 'parameter':
      return expr.name;
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
    case 'fragment':
      return expr.parts
        .map((part, index) => (index === 0 ? part : `${describe(expr.operands[index - 1]!)}${part}`))
        .join('');
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

function describeCall({ name, args, argNames = [], distinct, orderBy = [], filter, ignoreNulls }: CallExpr): string {
  if (name === 'count_star') return `count(*)${filter ? ` filter (where ${describe(filter)})` : ''}`;
  const named = args.length - argNames.length;
  const parts = args.map((arg, index) => `${index < named ? '' : `${argNames[index - named]}: `}${describe(arg)}`);
  const order = orderBy.length === 0 ? '' : ` order by ${orderBy.map(describeKey).join(', ')}`;
  const inside = `${distinct ? 'distinct ' : ''}${parts.join(', ')}${ignoreNulls ? ' ignore nulls' : ''}${order}`;
  return `${name}(${inside})${filter ? ` filter (where ${describe(filter)})` : ''}`;
}

function describeWindow({ partitionBy, orderBy, frame }: WindowDefinition): string {
  const parts: string[] = [];
  if (partitionBy.length > 0) parts.push(`partition by ${partitionBy.map(describe).join(', ')}`);
  if (orderBy.length > 0) parts.push(`order by ${orderBy.map(describeKey).join(', ')}`);
  if (frame) parts.push(`${frame.unit} between ${describeBound(frame.start)} and ${describeBound(frame.end)}`);
  return parts.join(' ');
}

function describeKey({ expr, descending, nullsFirst }: SortKey): string {
  return `${describe(expr)}${descending ? ' desc' : ''}${nullsFirst ? ' nulls first' : ''}`;
}

function describeBound(bound: FrameBound): string {
  switch (bound) {
    case 'unboundedPreceding':
      return 'unbounded preceding';
    case 'unboundedFollowing':
      return 'unbounded following';
    case 'currentRow':
      return 'current row';
    default:
      return `${Math.abs(bound)} ${bound < 0 ? 'preceding' : 'following'}`;
  }
}

function describeLiteral(value: LiteralValue): string {
  if (typeof value === 'string') return `'${value}'`;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  if (Array.isArray(value)) return `[${value.map(describeLiteral).join(', ')}]`;
  return String(value);
}
