import { quote, quoteText } from '../../connectors/duckdb/quote.js';
import { toSql } from '../../connectors/duckdb/types.js';
import { InframeError } from '../../frame/errors.js';
import type { Expr, LiteralValue, OperatorName } from '../../frame/expr.js';
import type { LocalValue } from '../../frame/plan.js';
import { callSql, windowSql } from './call-sql.js';

/*
 * Expressions as DuckDB SQL. Every identifier is quoted and every value is written by `literal`, so that nothing a user
 * gives becomes syntax.
 */

/** A value as SQL of the type it has in JavaScript: whole numbers are integers, others doubles, dates timestamps in UTC. */
export function literal(value: LiteralValue): string {
  if (value === null || value === undefined) return 'NULL';
  switch (typeof value) {
    case 'boolean':
      return value ? 'TRUE' : 'FALSE';
    case 'number':
      if (Object.is(value, -0)) return '(-0e0)';
      if (Number.isSafeInteger(value)) return value < 0 ? `(${value})` : String(value);
      // An exponent makes it a double: DuckDB reads 0.5 as a decimal.
      return Number.isFinite(value) ? `(${value.toExponential()})` : `'${value}'::DOUBLE`;
    case 'bigint':
      return value < 0n ? `(${value})` : String(value);
    case 'string':
      return quoteText(value);
    default:
      break;
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) {
      throw new InframeError('ARGUMENT_INVALID', 'date is not a valid date; check how it was made');
    }
    return `make_timestamp(${BigInt(value.getTime()) * 1000n}::BIGINT)`;
  }
  if (value instanceof Uint8Array) return `from_hex('${Buffer.from(value).toString('hex')}')`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  throw new InframeError(
    'ARGUMENT_INVALID',
    `value ${String(value)} cannot be used in an expression; use a plain value`,
  );
}

/** A value of a row in memory. */
export function localLiteral(value: LocalValue): string {
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) {
    return literal(value);
  }
  if (Array.isArray(value)) return `[${value.map(localLiteral).join(', ')}]`;
  const members = Object.entries(value).map(([name, member]) => `${quoteText(name)}: ${localLiteral(member)}`);
  return `{${members.join(', ')}}`;
}

const INFIX: Partial<Record<OperatorName, string>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  add: '+',
  subtract: '-',
  multiply: '*',
  modulo: '%',
  and: 'AND',
  or: 'OR',
  like: 'LIKE',
  concat: '||',
};

/** How a column is written; hidden columns of a stage stand behind aliases. */
export type ColumnWriter = (name: string) => string;

/** An expression that holds no model call, as SQL in parentheses where needed. */
export function expressionSql(
  expr: Expr,
  column: ColumnWriter = quote,
  bound: ReadonlySet<string> = new Set(),
): string {
  const write = (part: Expr): string => expressionSql(part, column, bound);
  switch (expr.kind) {
    case 'column':
      return column(expr.name);
    case 'literal':
      return literal(expr.value);
    case 'operator':
      return operatorSql(expr.name, expr.operands.map(write));
    case 'call':
      return callSql(expr, write);
    case 'window':
      return windowSql(expr, write);
    case 'lambda':
      return `lambda ${expr.parameters.map(parameterSql).join(', ')}: ${expressionSql(expr.body, column, new Set([...bound, ...expr.parameters]))}`;
    case 'parameter':
      if (bound.has(expr.name)) return parameterSql(expr.name);
      throw new InframeError(
        'EXPRESSION_INVALID',
        `element '${expr.name}' of a list stands outside the callback it was given to; compute with it inside`,
      );
    case 'cast':
      return `${expr.safe ? 'TRY_CAST' : 'CAST'}(${write(expr.input)} AS ${toSql(expr.type)})`;
    case 'case': {
      const branches = expr.branches.map(([when, then]) => `WHEN ${write(when)} THEN ${write(then)}`).join(' ');
      return `CASE ${branches}${expr.otherwise ? ` ELSE ${write(expr.otherwise)}` : ''} END`;
    }
    case 'member':
      return `struct_extract(${write(expr.input)}, ${quoteText(expr.name)})`;
    case 'element':
      // Positions are counted from 0 here and from 1 there.
      return `${write(expr.input)}[${expr.index + 1}]`;
    case 'fragment':
      return fragmentSql(expr.parts, expr.operands.map(write));
    case 'sql':
    case 'model':
    case 'modelCall':
      throw new InframeError('INTERNAL', `${expr.kind} expression has not been taken apart before it is written`);
  }
}

export function operatorSql(name: OperatorName, operands: readonly string[]): string {
  const symbol = INFIX[name];
  if (symbol !== undefined) return `(${operands.join(` ${symbol} `)})`;
  const [first, second, third] = operands;
  switch (name) {
    case 'divide':
      return `(CAST(${first} AS DOUBLE) / ${second})`;
    case 'negate':
      return `(- ${first})`;
    case 'not':
      return `(NOT ${first})`;
    case 'isNull':
      return `(${first} IS NULL)`;
    case 'isNotNull':
      return `(${first} IS NOT NULL)`;
    case 'in':
      return operands.length === 1 ? 'FALSE' : `(${first} IN (${operands.slice(1).join(', ')}))`;
    case 'between':
      return `(${first} BETWEEN ${second} AND ${third})`;
    case 'isDrawn': {
      // Hashed twice: one hash of several values puts the seed on the rest with XOR, so that half of all seeds would draw
      // the same rows, and the others those that are left.
      const draw = `hash(hash(${[...operands.slice(3), first].join(', ')})) % 4294967296`;
      return `(${draw} >= ${second} AND ${draw} < ${third})`;
    }
    case 'isRagged':
      return `(len(${first}) <> ${second} OR len(list_filter(${first}, lambda e: e IS NULL OR len(e) <> ${third})) > 0)`;
    default:
      throw new InframeError('INTERNAL', `operator '${name}' is not known to this engine`);
  }
}

/** The text of a fragment with its operands put in: each is a name or stands in parentheses already. */
function fragmentSql(parts: readonly string[], operands: readonly string[]): string {
  return `(${parts.map((part, at) => (at === 0 ? part : `${operands[at - 1]}${part}`)).join('')})`;
}

/** Named so that no column of the table is hidden by it. */
function parameterSql(name: string): string {
  return quote(`__inframe_${name}`);
}
