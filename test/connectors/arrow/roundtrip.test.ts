import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { toSql } from '../../../src/connectors/duckdb/types.js';
import type { DataType } from '../../../src/frame/types.js';
import { Bench } from './helpers.js';

let bench: Bench;

before(async () => {
  bench = await Bench.open();
});

after(() => bench.close());

/** A column type and SQL expressions for values of it. */
interface Column {
  readonly type: DataType;
  readonly values: readonly string[];
}

const text = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .map(s => `'${s.replaceAll('\0', '').replaceAll("'", "''")}'`);
const integer = (min: bigint, max: bigint) => fc.bigInt({ min, max }).map(String);
const stamp = (min: string, max: string) =>
  fc.date({ min: new Date(min), max: new Date(max), noInvalidDate: true }).map(date => `'${date.toISOString()}'`);
const wide = stamp('0001-01-01', '9999-01-01');
const near = stamp('1700-01-01', '2200-01-01');

const LEAVES: readonly (readonly [DataType, fc.Arbitrary<string>])[] = [
  [{ kind: 'boolean' }, fc.boolean().map(String)],
  [{ kind: 'int8' }, integer(-128n, 127n)],
  [{ kind: 'uint16' }, integer(0n, 65535n)],
  [{ kind: 'int32' }, integer(-(2n ** 31n), 2n ** 31n - 1n)],
  [{ kind: 'int64' }, integer(-(2n ** 63n), 2n ** 63n - 1n)],
  [{ kind: 'uint64' }, integer(0n, 2n ** 64n - 1n)],
  [{ kind: 'int128' }, integer(-(10n ** 38n) + 1n, 10n ** 38n - 1n)],
  [{ kind: 'uint128' }, integer(0n, 2n ** 128n - 1n)],
  [{ kind: 'float32' }, fc.float({ noNaN: true, noDefaultInfinity: true }).map(value => `'${value}'`)],
  [{ kind: 'float64' }, fc.double().map(value => `'${value}'`)],
  [{ kind: 'decimal', precision: 4, scale: 1 }, integer(-9999n, 9999n).map(value => `${value}::DECIMAL(38, 1) / 10`)],
  [{ kind: 'decimal', precision: 9, scale: 0 }, integer(-(10n ** 9n) + 1n, 10n ** 9n - 1n)],
  [{ kind: 'decimal', precision: 18, scale: 0 }, integer(-(10n ** 18n) + 1n, 10n ** 18n - 1n)],
  [{ kind: 'decimal', precision: 38, scale: 0 }, integer(-(10n ** 38n) + 1n, 10n ** 38n - 1n)],
  [{ kind: 'string' }, text],
  [
    { kind: 'binary' },
    fc.uint8Array({ maxLength: 30 }).map(bytes => `from_hex('${Buffer.from(bytes).toString('hex')}')`),
  ],
  [{ kind: 'uuid' }, fc.uuid().map(value => `'${value}'`)],
  [
    { kind: 'enum', values: ['x', 'a longer word than twelve', "it's"] },
    fc.constantFrom("'x'", "'it''s'", "'a longer word than twelve'"),
  ],
  [{ kind: 'date' }, wide],
  [{ kind: 'time' }, wide.map(value => `CAST(${value} AS TIMESTAMP)`)],
  [{ kind: 'timestamp', unit: 's', zone: false }, wide],
  [{ kind: 'timestamp', unit: 'ms', zone: false }, wide],
  [{ kind: 'timestamp', unit: 'us', zone: false }, wide],
  [{ kind: 'timestamp', unit: 'ns', zone: false }, near],
  [{ kind: 'timestamp', unit: 'us', zone: true }, wide],
  [
    { kind: 'interval' },
    fc
      .tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -999, max: 999 }), fc.integer())
      .map(([m, d, us]) => `to_months(${m}) + to_days(${d}) + to_microseconds(${us})`),
  ],
  [{ kind: 'other', name: 'BIT' }, fc.string({ unit: fc.constantFrom('0', '1'), minLength: 1 }).map(s => `'${s}'`)],
];

interface Maker {
  readonly type: DataType;
  readonly value: fc.Arbitrary<string>;
}

const orNull = (value: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant('NULL') });

const leaf: fc.Arbitrary<Maker> = fc
  .constantFrom(...LEAVES)
  .map(([type, value]) => ({ type, value: cast(value, type) }));

function cast(value: fc.Arbitrary<string>, type: DataType): fc.Arbitrary<string> {
  return value.map(sql => `CAST(${sql} AS ${toSql(type)})`);
}

const maker: fc.Arbitrary<Maker> = fc.letrec<{ node: Maker }>(tie => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    tie('node').map(({ type, value }) => ({
      type: { kind: 'list', element: type } as DataType,
      value: fc.array(orNull(value), { maxLength: 5 }).map(items => `[${items.join(', ')}]`),
    })),
    fc.tuple(tie('node'), fc.integer({ min: 1, max: 3 })).map(([{ type, value }, length]) => ({
      type: { kind: 'array', element: type, length } as DataType,
      value: fc
        .array(orNull(value), { minLength: length, maxLength: length })
        .map(items => `array_value(${items.join(', ')})`),
    })),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map(members => ({
      type: { kind: 'struct', fields: members.map(({ type }, i) => ({ name: `m ${i}"`, type })) } as DataType,
      value: fc.tuple(...members.map(({ value }) => orNull(value))).map(values => `row(${values.join(', ')})`),
    })),
    tie('node').map(({ type, value }) => ({
      type: { kind: 'map', key: { kind: 'int32' }, value: type } as DataType,
      value: fc
        .array(orNull(value), { maxLength: 4 })
        .map(values => `map([${values.map((_, i) => i)}]::INTEGER[], [${values.join(', ')}])`),
    })),
  ),
})).node;

const column: fc.Arbitrary<Column> = maker.chain(({ type, value }) =>
  fc
    .array(orNull(cast(value, type)), { minLength: 1, maxLength: 12 })
    .map(values => ({ type, values: values.map(sql => `CAST(${sql} AS ${toSql(type)})`) })),
);

test('random nested columns: DuckDB -> Arrow -> file -> DuckDB gives the same rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(column, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 700 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      async (columns, times, group, filtered) => {
        const rows = Math.max(...columns.map(({ values }) => values.length));
        const lines = Array.from(
          { length: rows },
          (_, r) => `(${columns.map(({ values }) => values[r % values.length]).join(', ')})`,
        );
        const names = columns.map((_, i) => `c${i}`);
        await bench.connection.run(
          `CREATE OR REPLACE TEMP TABLE seed AS SELECT * FROM (VALUES ${lines.join(', ')}) t(${names})`,
        );
        // A filter leaves lists that neither start at 0 nor lie side by side; times makes several chunks.
        const where = filtered ? 'WHERE hash(seed.rowid, r.range) % 3 <> 0' : '';
        const query = `SELECT ${names} FROM seed, range(${times}) r ${where}`;
        await bench.connection.run(`CREATE OR REPLACE TEMP TABLE data AS ${query}`);
        const path = bench.path('random.arrow');
        await bench.write(filtered ? `SELECT * FROM data WHERE hash(rowid) % 2 = 0` : 'FROM data', path, group);
        const expected = await bench.texts(filtered ? '(SELECT * FROM data WHERE hash(rowid) % 2 = 0)' : 'data', names);
        assert.deepEqual(await bench.readBack(path), expected);
      },
    ),
    { numRuns: 40 },
  );
});

test("every type of DuckDB's own type zoo", async () => {
  // Left out: values beyond the range of their Arrow type (39 digits, an interval of 83 years in microseconds is fine),
  // BIGNUM, whose text the client does not make, and GEOMETRY, which comes back as its well-known binary.
  const sql = `SELECT * EXCLUDE (bignum, geometry) REPLACE (hugeint // 10 AS hugeint) FROM test_all_types()`;
  const path = bench.path('zoo.arrow');
  const schema = await bench.write(sql, path);
  const expected = await bench.texts(`(${sql})`, schema.names);
  const actual = await bench.readBack(path);
  for (const [row, values] of expected.entries()) {
    for (const [i, name] of schema.names.entries()) assert.equal(actual[row]![i], values[i], `${name}, row ${row}`);
  }
  assert.equal(actual.length, expected.length);
});

test('dictionary pages: strings whose pointers do not ascend', async () => {
  const parquet = bench.path('words.parquet');
  await bench.connection.run(
    `COPY (SELECT 'a word of some length ' || (i * 7919 % 13) AS w, i FROM range(10000) t(i)) TO '${parquet}' (FORMAT parquet)`,
  );
  const path = bench.path('words.arrow');
  await bench.write(`FROM '${parquet}' WHERE i % 3 <> 1`, path, 3);
  assert.deepEqual(await bench.readBack(path), await bench.texts(`(FROM '${parquet}' WHERE i % 3 <> 1)`, ['w', 'i']));
});

test('lists longer than a chunk, with nulls, and a chunk without nulls after one with', async () => {
  const sql = `SELECT [CASE WHEN j % 5 = 0 AND i < 2 THEN NULL ELSE 'value ' || j END FOR j IN range(3000)] AS l,
                      CASE WHEN i % 2 = 0 THEN {'a': i, 'b': [i]} END AS s
               FROM range(6) t(i) UNION ALL SELECT ['x'], {'a': 1, 'b': NULL} FROM range(5000)`;
  const path = bench.path('long.arrow');
  await bench.write(sql, path, 2);
  assert.deepEqual(await bench.readBack(path), await bench.texts(`(${sql})`, ['l', 's']));
});
