import assert from 'node:assert/strict';
import { test } from 'node:test';
import { col, type DataFrame, fn, lit, sql, Window, when } from '../../src/index.js';

/*
 * What must not compile of a table whose row is declared. Nothing here runs; what the compiler says is in messages.test.ts.
 */

interface Flight {
  readonly id: bigint;
  readonly origin: string;
  readonly distance: number | null;
  readonly stops: readonly string[] | null;
  readonly day: Date;
}

export function names(flights: DataFrame<Flight>): void {
  // @ts-expect-error there is no such column
  flights.select('orign');
  // @ts-expect-error nor this one
  flights.select('id', col('orign'));
  // @ts-expect-error case counts
  flights.select('Origin');
  // @ts-expect-error an expression has no name
  flights.select(col('distance').add(1));
  // @ts-expect-error nor has an aggregate
  flights.groupBy('origin').agg(fn.avg(col('distance')));
  // @ts-expect-error there is no such column
  flights.drop('orign');
  // @ts-expect-error there is no such column
  flights.rename({ orign: 'from' });
  // @ts-expect-error there is no such column
  flights.withColumnRenamed('orign', 'from');
  // @ts-expect-error there is no such column
  flights.orderBy('orign');
  // @ts-expect-error there is no such column
  flights.orderBy(col('orign').desc());
  // @ts-expect-error there is no such column
  flights.groupBy('orign');
  // @ts-expect-error there is no such column
  flights.groupBy('origin').agg(fn.max(col('dist')).as('most'));
  // @ts-expect-error it is gone
  flights.drop('day').select('day');
  // @ts-expect-error it has another name
  flights.rename({ day: 'date' }).select('day');
  // @ts-expect-error it was not selected
  flights.select('id').filter(col('origin').eq('ABQ'));
  // @ts-expect-error there is no such column
  flights.dropDuplicates(['origin', 'days']);
  // @ts-expect-error there is no such column
  flights.dropNulls({ subset: 'dist' });
  // @ts-expect-error there is no such column
  flights.fillNulls({ dist: 0 });
  // @ts-expect-error there is no such column
  flights.write.parquet('out', { partitionBy: ['orign'] });
  // @ts-expect-error there is no such column
  flights.withColumn('n', fn.rowNumber().over(Window.partitionBy('orign').orderBy('day')));
  // @ts-expect-error there is no such column
  flights.agg(fn.count().filterWhere(col('dist').gt(1)).as('n'));
}

export function types(flights: DataFrame<Flight>): void {
  // @ts-expect-error a text is no number
  flights.filter(col('origin').gt(5));
  // @ts-expect-error a number is no text
  flights.filter(col('distance').eq('far'));
  // @ts-expect-error nor is it one when it was computed
  flights.filter(col('distance').mul(2).eq('far'));
  // @ts-expect-error two columns of different types
  flights.filter(col('origin').eq(col('distance')));
  // @ts-expect-error a date is no number
  flights.filter(col('day').between(1, 5));
  // @ts-expect-error one of the values is no text
  flights.filter(col('origin').isIn('ABQ', 5));
  // @ts-expect-error a text is no condition
  flights.filter(col('origin'));
  // @ts-expect-error nor is a number
  flights.filter(col('distance').and(true));
  // @ts-expect-error a condition is a boolean
  flights.withColumn('x', when(col('distance'), 1).otherwise(2));
  // @ts-expect-error texts are not added
  flights.withColumn('x', col('origin').add(1));
  // @ts-expect-error a number has no pattern
  flights.withColumn('x', col('id').like('1%'));
  // @ts-expect-error a number is not in capital letters
  flights.withColumn('x', fn.upper(col('distance')));
  // @ts-expect-error a text has no year
  flights.withColumn('x', fn.year(col('origin')));
  // @ts-expect-error a text has no sum
  flights.agg(fn.sum(col('origin')).as('x'));
  // @ts-expect-error nor have texts
  flights.groupBy('id').sum('origin');
  // @ts-expect-error elements are texts
  flights.agg(fn.transform(col('stops'), stop => stop.mul(2)).as('x'));
  // @ts-expect-error a text is no list
  flights.withColumn('x', fn.size(col('origin')));
  // @ts-expect-error nor can it be taken apart
  flights.explode('origin');
  // @ts-expect-error a text has no members
  flights.withColumn('x', col('origin').field('a'));
  // @ts-expect-error a text does not fill a column of numbers
  flights.fillNulls({ distance: 'none' });
  // @ts-expect-error it has become a boolean
  flights.withColumn('origin', col('origin').isNull()).filter(col('origin').like('A%'));
  // @ts-expect-error what was declared of SQL holds
  flights.withColumn('x', sql<string>('origin').add(1));
  // @ts-expect-error so does what a value is
  flights.withColumn('x', lit('a').mul(2));
}

export function tables(flights: DataFrame<Flight>, airports: DataFrame<{ code: string; origin: string }>): void {
  // @ts-expect-error the right table has no such column
  flights.join(airports, 'id');
  // @ts-expect-error nor has the left
  flights.join(airports, ['code']);
  // @ts-expect-error of two columns of the same name one has to be renamed
  flights.join(airports, (flight, airport) => flight('origin').eq(airport('code')));
  // @ts-expect-error there is no such column
  flights.join(airports, (flight, airport) => flight('orign').eq(airport('code')), 'semi');
  // @ts-expect-error the columns cannot be compared
  flights.join(airports, (flight, airport) => flight('id').eq(airport('code')), 'semi');
  // @ts-expect-error there is no such way to join
  flights.join(airports, 'origin', 'outside');
  // @ts-expect-error both have a column of this name
  flights.crossJoin(airports);
  // @ts-expect-error a text is no vector
  flights.nearest(airports, { k: 1, by: 'origin', suffix: '_b' });
  // @ts-expect-error the right table has no such column
  flights.select('id', fn.array(col('id')).as('v')).nearest(airports, { k: 1, by: 'v' });
  // @ts-expect-error both have a column of this name
  flights.nearest(airports, { k: 1, by: ['origin', 'code'] });
  // @ts-expect-error there is no such option
  flights.select('id').nearest(airports, { k: 1, by: ['id', 'code'], metrc: 'l2' });
  // @ts-expect-error the tables have other columns
  flights.unionByName(airports);
}

test('wrong use of declared rows does not compile', () => {
  assert.equal(typeof names, 'function');
});
