import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Column, type ColumnOrValue, call, col, type DataFrame, fn, lit, sql, when } from '../../src/index.js';
import { row } from './same.js';

/*
 * Where no row is declared everything compiles, and nothing is known. Nothing here runs.
 */

export function unchecked(frame: DataFrame, names: readonly string[]): void {
  row<Any>()(frame.select('whatever', col('there').gt(5)).drop('is').rename({ no: 'way' }), true);
  row<Any>()(frame.filter(col('a').gt(5).and(col('a').like('x'))), true);
  row<Any>()(frame.groupBy('a', ...names).agg(fn.sum(col('b'))), true);
  row<Any>()(frame.withColumn('x', col('a').add(1)).withColumns({ y: fn.upper(col('x')) }), true);
  row<Any>()(
    frame.join(frame, 'id').join(frame, (left, right) => left('a').eq(right('b')), 'left'),
    true,
  );
  row<Any>()(frame.union(frame).unionByName(frame).explode('a').dropNulls().fillNulls({ b: 0 }), true);
  row<Any>()(frame.groupBy('a').pivot('b', [1, 2]).sum('c'), true);
  row<Any>()(frame.selectExpr('a + b AS c'), true);
}

/** A variable takes one expression after another. */
export function reassigned(words: readonly string[]): readonly Column[] {
  let condition = col('a').gt(5);
  for (const word of words) condition = condition.or(col('b').eq(word));
  let value: Column = lit(1);
  value = value.add(col('c')).as('sum');
  let step = col('a');
  step = step.mul(2);
  const chosen = words.length > 0 ? col('a').isNull() : col('b').like('x');
  const all = words.map(word => col(word).isNotNull()).reduce((both, each) => both.and(each));
  const mixed: ColumnOrValue[] = [col('a'), 1, 'x', null, new Date()];
  const branches = when(all, 1).when(chosen, 'x').otherwise(null);
  return [condition, value, step, chosen, all, fn.coalesce(...mixed), call('concat', ...mixed), branches];
}

interface Flight {
  id: bigint;
  origin: string;
}

/** What is known only when the program runs is not checked, and of what comes out nothing is known. */
export function dynamic(flights: DataFrame<Flight>, names: readonly string[], name: string, any: Column): void {
  row<Any>()(flights.select(...names), true);
  row<Any>()(flights.drop(name), true);
  row<Any>()(flights.select('id', any), true);
  row<Any>()(flights.select(col('id').as(name)), true);
  row<Any>()(flights.withColumn(name, 1), true);
  row<Any>()(flights.rename({ [name]: 'x' }), true);
  row<Any>()(flights.groupBy(name).count(), true);
  row<Any>()(flights.selectExpr('id'), true);
  row<Any>()(flights.explode(fn.split(col('origin'), ',')), true);
  row<Any>()(flights.groupBy('origin').pivot('id', [1n]).count(), true);
  row<{ id: bigint; origin: string; x: unknown }>()(flights.withColumn('x', any), true);
  row<{ id: bigint; origin: string; x: unknown }>()(flights.withColumn('x', col(name)), true);
  row<{ id: bigint; origin: string; x: unknown }>()(flights.withColumn('x', sql('anything')), true);
  row<Flight>()(flights.filter(any).orderBy(name, any, col(name).desc()), true);
  // A value of no known type may be anything.
  flights.withColumn('x', any).filter(col('x').gt(1).and(col('x').like('y')));
}

/** The row of a table of which nothing is known. */
type Any = DataFrame extends DataFrame<infer S> ? S : never;

test('what is not declared is not checked', () => {
  assert.equal(typeof unchecked, 'function');
});
