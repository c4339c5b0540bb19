import { InframeError } from '../errors.js';
import type { Expr, Named } from '../expr.js';
import type { Statistic, SummaryNode } from '../plan-verbs.js';
import type { Relation } from '../relation.js';
import type { Schema } from '../schema.js';
import { type DataType, type Field, isNumeric, typeName } from '../types.js';
import { aggregated } from './aggregate.js';
import { columnOf } from './columns.js';
import type { AnalysisContext } from './context.js';
import { pack, rowsOf } from './unpivot.js';

const TEXT: DataType = { kind: 'string' };

/** A row for each statistic: its name, and its value for each column, as text. */
export async function analyzeSummary(plan: SummaryNode, context: AnalysisContext): Promise<Relation> {
  const input = await context.analyze(plan.input);
  const fields = fieldsOf(plan, input.schema);
  const { statistics } = plan;
  const cell = (row: number, column: number): string => `s${row}_${column}`;
  const aggregates = statistics.flatMap((statistic, row) =>
    fields.map((field, column): Named => ({ name: cell(row, column), expr: asText(statisticOf(statistic, field)) })),
  );
  const computed = await aggregated(input, [], aggregates, context);
  const structs = statistics.map(({ name }, row) => {
    const values = fields.map((_, column) => [`c${column}`, columnOf(cell(row, column))] as const);
    return pack({ summary: { kind: 'literal', value: name }, ...Object.fromEntries(values) });
  });
  const members = [{ name: 'summary', type: TEXT }, ...fields.map((_, column) => ({ name: `c${column}`, type: TEXT }))];
  return rowsOf(computed, [], structs, { kind: 'struct', fields: members }, ['summary', ...fields.map(f => f.name)]);
}

function fieldsOf({ columns }: SummaryNode, schema: Schema): readonly Field[] {
  const able = ({ type }: Field): boolean => isNumeric(type) || type.kind === 'string' || type.kind === 'null';
  if (columns === undefined) {
    const fields = schema.fields.filter(able);
    if (fields.length > 0) return fields;
    throw new InframeError('TYPE_MISMATCH', 'table has no column of numbers or texts to describe; cast one first');
  }
  return columns.map(name => {
    const field = schema.field(name);
    if (able(field)) return field;
    throw new InframeError(
      'TYPE_MISMATCH',
      `column '${field.name}' is ${typeName(field.type)}; describe and summary take numbers and texts: cast it first`,
      { column: field.name },
    );
  });
}

function statisticOf(statistic: Statistic, { name, type }: Field): Expr {
  const column = columnOf(name);
  // Texts that are numbers have a mean; others count as null there.
  const number: Expr = isNumeric(type)
    ? column
    : { kind: 'cast', input: column, type: { kind: 'float64' }, safe: true };
  if (statistic.kind === 'percentile') {
    return aggregate('quantile_disc', [number, { kind: 'literal', value: statistic.fraction }]);
  }
  switch (statistic.name) {
    case 'count':
      return aggregate('count', [column]);
    case 'count_distinct':
      return { ...aggregate('count', [column]), distinct: true };
    case 'mean':
      return aggregate('avg', [number]);
    case 'stddev':
      return deviation(number);
    default:
      return aggregate(statistic.name, [column]);
  }
}

/** Not-a-number where a value is that or infinite, which engines may refuse instead. */
function deviation(number: Expr): Expr {
  const float: Expr = { kind: 'cast', input: number, type: { kind: 'float64' }, safe: false };
  const finite: Expr = { kind: 'call', name: 'isfinite', args: [float], distinct: false };
  const others = {
    ...aggregate('count_star', []),
    filter: { kind: 'operator', name: 'not', operands: [finite] } as Expr,
  };
  const none: Expr = { kind: 'operator', name: 'eq', operands: [others, { kind: 'literal', value: 0 }] };
  const value: Expr = { ...aggregate('stddev_samp', [float]), filter: finite };
  return { kind: 'case', branches: [[none, value]], otherwise: { kind: 'literal', value: Number.NaN } };
}

function aggregate(name: string, args: readonly Expr[]): Expr & { readonly kind: 'call' } {
  return { kind: 'call', name, args, distinct: false, aggregate: true };
}

function asText(input: Expr): Expr {
  return { kind: 'cast', input, type: TEXT, safe: false };
}
