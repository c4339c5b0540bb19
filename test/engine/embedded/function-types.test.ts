import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after as afterAll, before as beforeAll, test } from 'node:test';
import fc from 'fast-check';
import { col, connect, type DataType, type InframeSession, type TypeOrName, udf } from '../../../src/index.js';
import { temporaryFolder } from '../../support/sessions.js';
import { makeFile, numbersSql, readResult } from '../../support/tables.js';

/* Every type in and out, compared by DuckDB; and Rule 9: the same answer whatever the batch, the workers and the layout. */

const sessions = new Map<number, InframeSession>();
beforeAll(async () => {
  for (const workers of [1, 2, 3]) sessions.set(workers, await connect({ workers, threads: 1 }));
});
afterAll(async () => {
  for (const session of sessions.values()) await session.close();
});

const list = (element: DataType): DataType => ({ kind: 'list', element });
const struct = (...fields: readonly (readonly [string, DataType])[]): DataType => ({
  kind: 'struct',
  fields: fields.map(([name, type]) => ({ name, type })),
});
const INT32: DataType = { kind: 'int32' };
const STRING: DataType = { kind: 'string' };

/** What is declared, a value in terms of a row number `i`, and the type it has in the table. */
const TYPES: readonly (readonly [TypeOrName, string, string])[] = [
  ['boolean', 'i % 3 = 0', 'BOOLEAN'],
  ['int8', 'i % 256 - 128', 'TINYINT'],
  ['int16', 'i * 7 - 32768', 'SMALLINT'],
  ['int32', 'i * 800000 - 2000000000', 'INTEGER'],
  ['int64', '9223372036854775807 - i', 'BIGINT'],
  ['uint8', 'i % 256', 'UTINYINT'],
  ['uint16', '65535 - i', 'USMALLINT'],
  ['uint32', '4294967295 - i', 'UINTEGER'],
  ['uint64', '18446744073709551615 - i', 'UBIGINT'],
  ['float32', "CASE i % 5 WHEN 0 THEN 'nan'::FLOAT WHEN 1 THEN '-inf'::FLOAT ELSE i / 3 END", 'FLOAT'],
  ['float64', "CASE i % 5 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN -0.0 ELSE i / 3 END", 'DOUBLE'],
  ['string', "CASE i % 4 WHEN 0 THEN '' WHEN 1 THEN 'ü' || chr(0) || i ELSE repeat('añ😀', i % 40) END", 'VARCHAR'],
  ['binary', "CASE i % 4 WHEN 0 THEN ''::BLOB ELSE encode(repeat(chr(0) || i, i % 9)) END", 'BLOB'],
  ['date', "DATE '1900-01-01' + i::INTEGER * 11", 'DATE'],
  ['timestamp', "TIMESTAMP '1969-06-01' + to_milliseconds(i * 7654321)", 'TIMESTAMP'],
  [list(INT32), 'range(i % 9)', 'INTEGER[]'],
  [list({ kind: 'float32' }), 'list_transform(range(i % 70), lambda e: e / 7)', 'FLOAT[]'],
  [list({ kind: 'boolean' }), 'list_transform(range(i % 5), lambda e: e % 2 = 0)', 'BOOLEAN[]'],
  [list(STRING), "list_transform(range(i % 4), lambda e: 'text number ' || e)", 'VARCHAR[]'],
  [list({ kind: 'date' }), "list_transform(range(i % 3), lambda e: DATE '2020-01-01' + e::INTEGER)", 'DATE[]'],
  [
    list(list(STRING)),
    "list_transform(range(i % 4), lambda e: list_transform(range(e), lambda f: f || 'x'))",
    'VARCHAR[][]',
  ],
  [{ kind: 'array', element: { kind: 'float64' }, length: 3 }, '[i, -i, i / 2]', 'DOUBLE[3]'],
  [
    { kind: 'array', element: { kind: 'array', element: INT32, length: 2 }, length: 2 },
    '[[i, 1], [2, i]]',
    'INTEGER[2][2]',
  ],
  [struct(['n', INT32], ['text', STRING]), "{'n': i, 'text': 'row ' || i}", 'STRUCT(n INTEGER, "text" VARCHAR)'],
  [
    list(struct(['n', { kind: 'int64' }], ['l', list(INT32)])),
    "list_transform(range(i % 3), lambda e: {'n': e, 'l': range(e)})",
    'STRUCT(n BIGINT, l INTEGER[])[]',
  ],
];

const ROWS = 5000;
/** DuckDB holds NaN equal to NaN, and -0 to 0; their texts tell these apart. */
const DIFFERENT = 'count(*) FILTER (x IS DISTINCT FROM y OR x::VARCHAR IS DISTINCT FROM y::VARCHAR)';

test('every type comes out as it went in, nulls too', async t => {
  const folder = temporaryFolder(t);
  const session = sessions.get(2)!;
  for (const [index, [type, value, sql]] of TYPES.entries()) {
    const select = `SELECT CASE WHEN i % 11 = 3 THEN NULL ELSE (${value}) END::${sql} AS x FROM range(${ROWS}) r(i)`;
    const source = await makeFile(join(folder, `${index}.parquet`), select);
    for (const nulls of ['skip', 'pass'] as const) {
      const same = udf({ inputs: [type], output: type, nulls, batchSize: 777 }, ([x]) => x as never);
      const out = join(folder, `${index}-${nulls}`);
      const report = await session.read.parquet(source).withColumn('y', same('x')).write.parquet(out);
      assert.deepEqual([report.failures, report.failedRows], [[], 0], `${sql} ${nulls}`);
      const [row] = await readResult(
        out,
        `${DIFFERENT}, count(*), count(x), any_value(typeof(x)), any_value(typeof(y))`,
      );
      const [different, rows, there, before, after] = row!;
      assert.deepEqual([different, rows], [0n, BigInt(ROWS)], `${sql} ${nulls}`);
      assert.ok(Number(there) > ROWS / 2 && Number(there) < ROWS);
      // Parquet has no lists of fixed length.
      assert.equal(after, before);
    }
  }
});

test('nulls inside lists and structs are passed on, or make the row null', async t => {
  const folder = temporaryFolder(t);
  const session = sessions.get(1)!;
  const cases: readonly (readonly [TypeOrName, string, string])[] = [
    [
      list(INT32),
      'list_transform(range(i % 6), lambda e: CASE WHEN e = 3 THEN NULL ELSE e END)::INTEGER[]',
      'list_contains(range(i % 6), 3)',
    ],
    [list(list(STRING)), "CASE WHEN i % 5 = 0 THEN [['a', NULL], NULL] ELSE [['b'], []] END", 'i % 5 = 0'],
    [
      struct(['a', INT32], ['b', STRING]),
      "{'a': CASE WHEN i % 5 = 0 THEN NULL ELSE i END::INTEGER, 'b': 'x'}",
      'i % 5 = 0',
    ],
  ];
  for (const [index, [type, value, holdsNull]] of cases.entries()) {
    const source = await makeFile(
      join(folder, `${index}.parquet`),
      `SELECT ${value} AS x, ${holdsNull} AS holds_null FROM range(${ROWS}) r(i)`,
    );
    const table = session.read.parquet(source);
    const passed = udf({ inputs: [type], output: type, nulls: 'pass' }, ([x]) => x as never);
    const skipped = udf({ inputs: [type], output: type }, ([x]) => x as never);
    const out = join(folder, `out${index}`);
    await table.withColumn('y', passed('x')).withColumn('z', skipped('x')).write.parquet(out);
    const [row] = await readResult(
      out,
      `${DIFFERENT}, count(*) FILTER ((z IS NULL) <> holds_null OR (z IS NOT NULL AND z IS DISTINCT FROM x)), count(z)`,
    );
    assert.deepEqual(row!.slice(0, 2), [0n, 0n]);
    assert.ok(Number(row![2]) > 0);
  }
});

test('columns are cast to what is declared, and a value that does not fit is a failed row', async t => {
  const folder = temporaryFolder(t);
  const session = sessions.get(1)!;
  const same = (type: TypeOrName) => udf({ inputs: [type], output: type }, ([x]) => x as never);
  const cases: readonly (readonly [string, TypeOrName, string])[] = [
    ['(i - 100)::BIGINT', 'int8', 'TRY_CAST(x AS TINYINT)'],
    ['i::UBIGINT', 'int64', 'x::BIGINT'],
    ['(i / 7)::DECIMAL(18, 4)', 'float64', 'x::DOUBLE'],
    ['i::HUGEINT', 'float32', 'x::FLOAT'],
    ['i % 2 = 0', 'int32', 'x::INTEGER'],
    ["(CASE WHEN i % 2 = 0 THEN 'yes' ELSE 'no' END)::ENUM('yes', 'no')", 'string', 'x::VARCHAR'],
    ["DATE '2020-01-01' + i::INTEGER", 'timestamp', 'x::TIMESTAMP'],
    ['make_timestamp_ns(i * 1234567891)', 'timestamp', "date_trunc('millisecond', x::TIMESTAMP)"],
    ["TIMESTAMPTZ '2020-01-01' + INTERVAL 1 MINUTE * i", 'timestamp', 'x::TIMESTAMP'],
    [
      '[i, 5]::BIGINT[]',
      list({ kind: 'uint8' }),
      'CASE WHEN list_count(x) = list_count(TRY_CAST(x AS UTINYINT[])) THEN TRY_CAST(x AS UTINYINT[]) END',
    ],
    ['[i, 5]::FLOAT[2]', list({ kind: 'float64' }), 'x::DOUBLE[]'],
    ["{'b': i::SMALLINT, 'a': 'x'}", struct(['a', STRING], ['b', { kind: 'int64' }]), "{'a': x.a, 'b': x.b::BIGINT}"],
  ];
  for (const [index, [value, type, wanted]] of cases.entries()) {
    const source = await makeFile(join(folder, `${index}.parquet`), `SELECT ${value} AS x FROM range(${ROWS}) r(i)`);
    const out = join(folder, `out${index}`);
    const report = await session.read.parquet(source).withColumn('y', same(type)('x')).write.parquet(out);
    const [row] = await readResult(out, `count(*) FILTER (y IS DISTINCT FROM ${wanted}), count(*) - count(y)`);
    assert.deepEqual(row, [0n, BigInt(report.failedRows)], `${value} as ${JSON.stringify(type)}`);
  }
});

test('numbers and order do not depend on batch size, workers, files, row groups or filters', async t => {
  const folder = temporaryFolder(t);
  let number = 0;
  const layout = fc.record({
    workers: fc.constantFrom(1, 2, 3),
    batchSize: fc.option(fc.constantFrom(1, 3, 64, 2048, 5000, 100_000), { nil: undefined }),
    files: fc.array(fc.constantFrom(0, 1, 2, 100, 2047, 2048, 2049, 5000, 40_000), { minLength: 1, maxLength: 4 }),
    rowGroup: fc.constantFrom(2048, 4096, 122_880),
    atLeast: fc.option(fc.nat(3000), { nil: undefined }),
    answer: fc.option(fc.nat(3000), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(layout, async ({ workers, batchSize, files, rowGroup, atLeast, answer }) => {
      const own = join(folder, String(number++));
      mkdirSync(own);
      let from = 0;
      for (const [index, rows] of files.entries()) {
        const select = numbersSql(rows, from);
        await makeFile(join(own, `${index}.parquet`), select, `FORMAT parquet, ROW_GROUP_SIZE ${rowGroup}`);
        from += rows;
      }
      const score = udf(
        {
          inputs: { x: 'float64', z: 'float64', name: 'string' },
          output: { y: 'float64', text: 'string' },
          ...(batchSize === undefined ? {} : { batchSize }),
        },
        ({ x, z, name }) => ({
          y: x.map((value, row) => value * 8 + z[row]!),
          text: name.map((text, row) => {
            if (z[row] === 6) throw new Error('a six');
            return `${text}!`;
          }),
        }),
      );
      let frame = sessions.get(workers)!.read.parquet(own);
      if (atLeast !== undefined) frame = frame.filter(col('id').ge(atLeast));
      frame = frame
        .withColumn('s', score())
        .select('id', col('s').field('y').as('y'), col('s').field('text').as('text'));
      if (answer !== undefined) frame = frame.filter(col('y').gt(answer));
      const report = await frame.write.parquet(join(own, 'out'));
      const expected = Array.from({ length: from }, (_, id) => id)
        .filter(id => id >= (atLeast ?? 0))
        .map(id => (id % 7 === 6 ? [BigInt(id), null, null] : [BigInt(id), id + (id % 7), `name ${id}!`]))
        .filter(([, y]) => answer === undefined || (y !== null && Number(y) > answer));
      const rows = await readResult(join(own, 'out'));
      assert.equal(report.rows, expected.length);
      assert.equal(rows.length, expected.length);
      rows.forEach((row, index) => {
        const wanted = expected[index]!;
        if (row.some((value, at) => value !== wanted[at])) assert.deepEqual(row, wanted);
      });
    }),
    { numRuns: 20, seed: 3 },
  );
});
