import assert from 'node:assert/strict';
import { test } from 'node:test';
import { col, type DataFrame, fn, type InframeSession, lit, type Row, sql, when } from '../../src/index.js';
import { row, same } from './same.js';

/*
 * The rows that verbs give, as the compiler works them out. Nothing here runs: `row<Expected>()(frame, true)` does not
 * compile unless the row is exactly the expected one.
 */

interface Flight {
  id: bigint;
  origin: string;
  distance: number | null;
  stops: readonly string[] | null;
  day: Date;
}

interface Airport {
  code: string;
  origin: string;
  city: string | null;
}

/** What is common to the rows of most joins below. */
interface Kept {
  id: bigint;
  distance: number | null;
  stops: readonly string[] | null;
  day: Date;
}

type Flat<T> = { [K in keyof T]: T[K] };

export function columns(flights: DataFrame<Flight>): void {
  row<{ origin: string; id: bigint }>()(flights.select('origin', 'id'), true);
  row<{ origin: string; far: boolean | null }>()(flights.select('origin', col('distance').gt(500).as('far')), true);
  row<{ origin: string; km: number | null }>()(flights.select(col('origin'), col('distance').mul(1.6).as('km')), true);
  row<Flat<Flight & { next: bigint }>>()(flights.select('*', col('id').add(1).as('next')), true);
  row<Flat<Flight & { half: number | null }>>()(flights.withColumn('half', col('distance').div(2)), true);
  row<Flat<Omit<Flight, 'day'> & { day: string }>>()(flights.withColumn('day', fn.dayName(col('day'))), true);
  row<Flat<Flight & { a: number; b: string }>>()(flights.withColumns({ a: 1, b: lit('x') }), true);
  row<{ id: bigint; origin: string; distance: number | null }>()(flights.drop('stops', 'day'), true);
  row<Flat<Omit<Flight, 'id' | 'day'> & { key: bigint; date: Date }>>()(
    flights.rename({ id: 'key', day: 'date' }),
    true,
  );
  row<Flat<Omit<Flight, 'id'> & { key: bigint }>>()(flights.withColumnRenamed('id', 'key'), true);
  row<{ size: 'big' | 'small' | string }>()(
    flights.select(when(col('distance').gt(1000), 'big').otherwise('small').as('size')),
    true,
  );
  row<{ ratio: number; anything: unknown }>()(
    flights.select(sql<number>('distance / 2').as('ratio'), sql('distance').as('anything')),
    true,
  );
}

export function rows(flights: DataFrame<Flight>): void {
  row<Flight>()(flights.filter(col('distance').gt(500).and(col('origin').like('A%'))), true);
  row<Flight>()(flights.filter('distance > 500'), true);
  row<Flight>()(flights.limit(5).offset(1).sample(0.5).orderBy('id', col('day').desc()), true);
  row<Flight>()(flights.distinct().dropDuplicates(['origin', 'day']).cache().unpersist(), true);
  row<Flight>()(flights.randomSplit([1, 2])[0]!, true);
  row<{ id: bigint }>()(
    flights.transform(frame => frame.select('id')),
    true,
  );
  row<{ [K in keyof Flight]: Exclude<Flight[K], null> }>()(flights.dropNulls(), true);
  row<Flat<Omit<Flight, 'distance'> & { distance: number }>>()(flights.dropNulls({ subset: 'distance' }), true);
  row<Flight>()(flights.dropNulls({ how: 'all' }), true);
  row<Flight>()(flights.dropNulls({ threshold: 2 }), true);
  row<Flat<Omit<Flight, 'distance'> & { distance: number }>>()(flights.fillNulls({ distance: 0 }), true);
  row<Flat<Omit<Flight, 'distance'> & { distance: number }>>()(flights.fillNulls(0, ['distance']), true);
  row<Flight>()(flights.fillNulls(0), true);
  row<{ [K in keyof Flight]: Flight[K] | null }>()(flights.replaceValues([['N/A', null]]), true);
  row<Flight>()(flights.replaceValues([['NY', 'JFK']]), true);
}

export function groups(flights: DataFrame<Flight>): void {
  row<{ origin: string; n: bigint; far: number | null; last: Date | null; all: readonly string[] }>()(
    flights
      .groupBy('origin')
      .agg(
        fn.count().as('n'),
        fn.avg(col('distance')).as('far'),
        fn.max(col('day')).as('last'),
        fn.collectList(col('origin')).as('all'),
      ),
    true,
  );
  row<{ year: number; total: number | bigint | null; ids: bigint | null }>()(
    flights
      .groupBy(fn.year(col('day')).as('year'))
      .agg(fn.sum(col('distance')).as('total'), fn.sum(col('id')).as('ids')),
    true,
  );
  row<{ n: bigint }>()(flights.agg(fn.count().as('n')), true);
  row<{ origin: string; count: bigint }>()(flights.groupBy('origin').count(), true);
  row<{ count: bigint }>()(flights.agg(fn.count()), true);
  row<{ origin: string; 'sum(distance)': number | bigint | null; 'sum(id)': bigint | null }>()(
    flights.groupBy('origin').sum('distance', 'id'),
    true,
  );
  row<{ origin: string; 'avg(distance)': number | null }>()(flights.groupBy('origin').mean('distance'), true);
  row<{ origin: string; 'max(day)': Date | null }>()(flights.groupBy('origin').max('day'), true);
  row<{ origin: string | null; day: Date | null; n: bigint }>()(
    flights.rollup('origin', 'day').agg(fn.count().as('n')),
    true,
  );
  row<{ origin: string | null; count: bigint }>()(flights.cube('origin').count(), true);
  row<{ origin: string | null; day: Date | null; count: bigint }>()(
    flights.groupingSets([['origin'], ['day'], []]).count(),
    true,
  );
  row<{ summary: string; id: string | null }>()(flights.describe('id'), true);
}

export function joins(flights: DataFrame<Flight>, airports: DataFrame<Airport>): void {
  row<Flat<Kept & { origin: string; code: string; city: string | null }>>()(flights.join(airports, 'origin'), true);
  row<Flat<Kept & { origin: string; code: string | null; city: string | null }>>()(
    flights.join(airports, ['origin'], 'left'),
    true,
  );
  row<Flat<{ [K in keyof Kept]: Kept[K] | null } & { origin: string; code: string; city: string | null }>>()(
    flights.join(airports, 'origin', 'right'),
    true,
  );
  row<Flat<{ [K in keyof Kept]: Kept[K] | null } & { origin: string; code: string | null; city: string | null }>>()(
    flights.join(airports, 'origin', 'full_outer'),
    true,
  );
  row<Flight>()(flights.join(airports, 'origin', 'semi'), true);
  row<Flight>()(
    flights.join(airports, (flight, airport) => flight('origin').eq(airport('code')), 'leftanti'),
    true,
  );
  row<Flat<Flight & { code: string | null; origin_b: string | null; city: string | null }>>()(
    flights.join(airports, (flight, airport) => flight('origin').eq(airport('code')), 'left', { suffix: '_b' }),
    true,
  );
  row<Flat<Flight & { code: string; origin_b: string; city: string | null }>>()(
    flights.crossJoin(airports, { suffix: '_b' }),
    true,
  );
  row<Flat<Flight & { code: string; city: string | null }>>()(flights.crossJoin(airports.drop('origin')), true);
  // Of keys that may be null, those without a partner stay so.
  type Key = { k: number | null };
  const [left, right] = [flights.select(col('distance').as('k')), flights.select(col('distance').as('k'))];
  row<{ k: number }>()(left.join(right, 'k'), true);
  row<Key>()(left.join(right, 'k', 'left'), true);
  row<Key>()(left.join(right, 'k', 'right'), true);
  row<Key>()(left.join(right, 'k', 'full'), true);
}

export function sets(
  flights: DataFrame<Flight>,
  numbers: DataFrame<{ a: number; b: string }>,
  longs: DataFrame<{ a: bigint; b: string | null }>,
): void {
  row<Flight>()(flights.union(flights).unionAll(flights).intersect(flights).except(flights), true);
  row<{ a: number | bigint; b: string | null }>()(numbers.union(longs), true);
  row<{ a: number | bigint; b: string | null }>()(numbers.unionByName(longs), true);
  row<{ a: number | null; b: string | null; id: bigint | null }>()(
    numbers.unionByName(flights.select('id'), { allowMissingColumns: true }),
    true,
  );
}

export function reshaped(flights: DataFrame<Flight>): void {
  row<Flat<Omit<Flight, 'stops'> & { stops: string }>>()(flights.explode('stops'), true);
  row<Flat<Omit<Flight, 'stops'> & { stop: string | null; place: bigint | null }>>()(
    flights.explode('stops', { as: 'stop', outer: true, position: 'place' }),
    true,
  );
  row<Flat<Omit<Flight, 'stops'> & { stops: string }>>()(flights.explode(col('stops')), true);
  row<Flat<Flight & { letter: string }>>()(flights.explode(fn.split(col('origin'), ''), { as: 'letter' }), true);
  row<{ id: bigint; variable: string; value: string | number | null }>()(
    flights.unpivot('id', ['origin', 'distance']),
    true,
  );
  row<{ id: bigint; name: string; was: string | number | null }>()(
    flights.drop('stops', 'day').unpivot(['id'], undefined, 'name', 'was'),
    true,
  );
}

export async function results(flights: DataFrame<Flight>, other: DataFrame, session: InframeSession): Promise<void> {
  const collected = await flights.collect();
  const first = await flights.first();
  const unknown = await other.collect();
  same<typeof collected, readonly Flight[]>(true);
  same<typeof first, Flight | undefined>(true);
  same<typeof unknown, readonly Row[]>(true);
  for await (const each of flights.rows()) same<typeof each, Flight>(true);
  for (const { id, distance } of collected) void [id + 1n, distance?.toFixed()];
  // @ts-expect-error the rows are others
  const wrong: readonly { carrier: string }[] = await flights.collect();
  void wrong;
  row<Flight>()(session.read.parquet<Flight>('flights.parquet'), true);
  row<Flight>()(session.read.csv<Flight>('flights.csv'), true);
  row<Flight>()(session.sql<Flight>('SELECT * FROM flights'), true);
  row<Flight>()(session.table<Flight>('flights'), true);
  row<{ a: number; b: string | null }>()(session.fromRows<{ a: number; b: string | null }>([{ a: 1, b: null }]), true);
}

/** A table may be passed on where fewer columns, or columns that may be null, are asked for. */
export function wider(flights: DataFrame<Flight>, unknown: DataFrame): readonly unknown[] {
  const fewer: DataFrame<{ readonly origin: string }> = flights;
  const nullable: DataFrame<{ readonly origin: string | null }> = flights;
  const forgotten: DataFrame = flights;
  const believed: DataFrame<Flight> = unknown;
  // @ts-expect-error there is no such column
  const missing: DataFrame<{ readonly carrier: string }> = flights;
  // @ts-expect-error its values are others
  const other: DataFrame<{ readonly origin: number }> = flights;
  return [fewer, nullable, forgotten, believed, missing, other];
}

test('the rows that verbs give compile', () => {
  assert.equal(typeof columns, 'function');
});
