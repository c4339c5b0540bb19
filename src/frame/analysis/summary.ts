import { InframeError } from '../errors.js';
import type { Expr, Named } from '../expr.js';
import type { NamedStatistic, SummaryNode } from '../plan-verbs.js';
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
  const named = new Set(statistics.flatMap(statistic => (statistic.kind === 'named' ? [statistic.name] : [])));
  const fractions = statistics.flatMap(statistic => (statistic.kind === 'percentile' ? [statistic.fraction] : []));
  const aggregates = fields.flatMap((field, column): readonly Named[] => [
    ...[...named].map(name => ({ name: `${name}_${column}`, expr: statisticOf(name, field) })),
    // All percentiles of a column at once: each would sort the column again.
    ...(fractions.length === 0 ? [] : [{ name: `percentiles_${column}`, expr: percentilesOf(fractions, field) }]),
  ]);
  const computed = await aggregated(input, [], aggregates, context);
  const structs = statistics.map(statistic => {
    const values = fields.map((_, column) => {
      const value: Expr =
        statistic.kind === 'named'
          ? columnOf(`${statistic.name}_${column}`)
          : {
              kind: 'element',
              input: columnOf(`percentiles_${column}`),
              index: fractions.indexOf(statistic.fraction),
            };
      return [`c${column}`, asText(value)] as const;
    });
    return pack({ summary: { kind: 'literal', value: statistic.name }, ...Object.fromEntries(values) });
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

/** Texts that are numbers have a mean; others count as null there. */
function numberOf({ name, type }: Field): Expr {
  const column = columnOf(name);
  return isNumeric(type) ? column : { kind: 'cast', input: column, type: { kind: 'float64' }, safe: true };
}

function percentilesOf(fractions: readonly number[], field: Field): Expr {
  return aggregate('quantile_disc', [numberOf(field), { kind: 'literal', value: fractions }]);
}

function statisticOf(statistic: NamedStatistic, field: Field): Expr {
  const column = columnOf(field.name);
  const number = numberOf(field);
  switch (statistic) {
    case 'count':
      return aggregate('count', [column]);
    case 'count_distinct':
      return { ...aggregate('count', [column]), distinct: true };
    case 'mean':
      return aggregate('avg', [number]);
    case 'stddev':
      return deviation(number);
    default:
      return aggregate(statistic, [column]);
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
