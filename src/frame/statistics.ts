import type { DataFrame } from './dataframe.js';
import type { Row } from './engine.js';
import { InframeError, shown } from './errors.js';
import type { Column } from './expr.js';
import { call, col, fn } from './functions.js';
import { isNumeric, typeName } from './types.js';
import { columnName } from './verbs/arguments.js';
import { Window } from './window.js';

const FLOAT = Object.freeze({ kind: 'float64' } as const);

/**
 * For each probability (0 to 1) the least value of a column that is not below that part of its values. Nulls and
 * not-a-number count for nothing; of no values the result is empty.
 */
export async function approxQuantile(
  frame: DataFrame,
  column: string,
  probabilities: readonly number[],
  error: number,
): Promise<number[]> {
  const wrong = probabilities.find(p => typeof p !== 'number' || !(p >= 0 && p <= 1));
  if (wrong !== undefined || probabilities.length === 0) {
    throw new InframeError('ARGUMENT_INVALID', `probability ${shown(wrong)} is not possible; give numbers from 0 to 1`);
  }
  if (typeof error !== 'number' || !(error >= 0 && error <= 1)) {
    throw new InframeError('ARGUMENT_INVALID', `error ${shown(error)} is not possible; give a number from 0 to 1`);
  }
  const value = await numeric(frame, column);
  const ranked: DataFrame = frame
    .select(value.cast(FLOAT).as('value'))
    .dropNulls()
    .withColumns({ rank: fn.rowNumber().over(Window.orderBy('value')), rows: fn.count().over(Window.partitionBy()) });
  const wanted = probabilities.map(p => col('rank').eq(call('greatest', call('ceil', col('rows').mul(p)), 1)));
  const found = await ranked.filter(wanted.reduce((any, each) => any.or(each))).collect();
  const values = new Map(found.map((row: Row) => [Number(row['rank']), row['value'] as number]));
  if (found.length === 0) return [];
  const rows = Number(found[0]!['rows']);
  return probabilities.map(p => values.get(Math.max(1, Math.ceil(rows * p)))!);
}

/** Pearson's correlation of two columns; null where one of them does not vary. */
export function corr(frame: DataFrame, first: string, second: string): Promise<number | null> {
  return ofPairs(frame, first, second, fn.corr);
}

/** The covariance of a sample of two columns; null of fewer than two rows. */
export function cov(frame: DataFrame, first: string, second: string): Promise<number | null> {
  return ofPairs(frame, first, second, fn.covarSamp);
}

/** A number computed of the rows that have both values; not-a-number where one of the values is that or infinite. */
async function ofPairs(
  frame: DataFrame,
  first: string,
  second: string,
  compute: (x: Column, y: Column) => Column,
): Promise<number | null> {
  const [x, y] = [await numeric(frame, first), await numeric(frame, second)];
  const both = x.isNotNull().and(y.isNotNull());
  const finite = call('isfinite', x.cast(FLOAT)).and(call('isfinite', y.cast(FLOAT)));
  const row = await frame
    .filter(both)
    .agg(compute(x, y).filterWhere(finite).as('value'), fn.countIf(finite.not()).as('others'))
    .first();
  if (Number(row!['others']) > 0) return Number.NaN;
  const value: unknown = row!['value'];
  return typeof value === 'number' ? value : null;
}

async function numeric(frame: DataFrame, name: string): Promise<Column> {
  const { name: own, type } = (await frame.schema()).field(columnName('statistics', name));
  if (isNumeric(type)) return col(own);
  throw new InframeError('TYPE_MISMATCH', `column '${own}' is ${typeName(type)}, not a number; cast it first`, {
    column: own,
  });
}
