import assert from 'node:assert/strict';
import { test } from 'node:test';
import { col, type DataFrame, fn, type InframeSession, lit, type Model, type Row, when } from '../../src/index.js';

/*
 * What must not compile. Nothing here runs: the compiler itself is the test, because an `@ts-expect-error` above a line
 * that does compile is an error.
 */

export function verbs(df: DataFrame): void {
  // @ts-expect-error a limit is a number
  df.limit('x');
  // @ts-expect-error a limit is given
  df.limit();
  // @ts-expect-error columns are names or expressions
  df.select(5);
  // @ts-expect-error an order is not a value
  df.select(col('a').desc());
  // @ts-expect-error a condition is a column or SQL
  df.filter(true);
  // @ts-expect-error a new column has a value
  df.withColumn('x');
  // @ts-expect-error a value is plain
  df.withColumn('x', { a: 1 });
  // @ts-expect-error undefined is no value; null is
  df.withColumn('x', undefined);
  // @ts-expect-error names are texts
  df.rename({ a: 1 });
  // @ts-expect-error a seed is a number
  df.sample(0.5, '7');
  // @ts-expect-error aggregates are expressions
  df.groupBy('a').agg('b');
  // @ts-expect-error a group is not a table
  df.groupBy('a').collect();
  // @ts-expect-error a plan is not for changing
  df.plan = df.limit(1).plan;
}

export async function actions(df: DataFrame): Promise<void> {
  // @ts-expect-error a target is named
  await df.write.parquet();
  // @ts-expect-error there are two modes
  await df.write.parquet('out', { mode: 'append' });
  // @ts-expect-error partitions are a list
  await df.write.parquet('out', { partitionBy: 'year' });
  // @ts-expect-error there is no such format
  await df.write.xlsx('out');
  const rows: readonly Row[] = await df.collect();
  // @ts-expect-error a value of a row has no known type
  rows[0]!['a'].toFixed();
  // @ts-expect-error rows are not for changing
  rows[0]!['a'] = 1;
}

export async function models(session: InframeSession): Promise<void> {
  // @ts-expect-error a model is a file
  await session.model(1);
  // @ts-expect-error there are two policies
  await session.model('m.onnx', { onError: 'ignore' });
  // @ts-expect-error no such option
  await session.model('m.onnx', { batch: 3 });
  const model: Model = await session.model('m.onnx');
  // @ts-expect-error an argument is a column
  model(1);
  // @ts-expect-error so is a named one
  model({ x: 1 });
  // @ts-expect-error a model that is not called is no value
  session.read.parquet('t').withColumn('p', model);
  // @ts-expect-error the signature is not for changing
  model.signature.inputs.length = 0;
}

export function expressions(): void {
  // @ts-expect-error a column has a name
  col();
  // @ts-expect-error a symbol is no value
  lit(Symbol('x'));
  // @ts-expect-error an aggregate is over a column
  fn.sum('a');
  // @ts-expect-error a pattern is text
  col('a').like(1);
  // @ts-expect-error a type is an object
  col('a').cast('float32');
  // @ts-expect-error there is no such type
  col('a').cast({ kind: 'float' });
  // @ts-expect-error a decimal has a precision
  col('a').cast({ kind: 'decimal' });
  // @ts-expect-error a condition is a column
  when(true, 1);
}

test('wrong use does not compile', () => {
  assert.equal(typeof verbs, 'function');
});
