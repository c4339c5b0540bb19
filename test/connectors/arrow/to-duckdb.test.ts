import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  Schema as ArrowSchema,
  type DataType as ArrowType,
  Binary,
  Bool,
  type Data,
  DateMillisecond,
  Decimal,
  Dictionary,
  DurationMillisecond,
  Field,
  Float16,
  Int32,
  IntervalYearMonth,
  LargeUtf8,
  List,
  makeData,
  RecordBatch,
  Struct,
  TimeMillisecond,
  TimestampNanosecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { arrowTable, arrowToParquet } from '../../../src/connectors/arrow/to-duckdb.js';
import { fromArrowSchema } from '../../../src/connectors/arrow/types.js';
import { Bench, inframe } from './helpers.js';

let bench: Bench;

before(async () => {
  bench = await Bench.open();
});

after(() => bench.close());

function batchOf(columns: Readonly<Record<string, Data>>): RecordBatch {
  const fields = Object.entries(columns).map(([name, data]) => new Field(name, data.type, true));
  const children = Object.values(columns);
  const type = new Struct(fields);
  return new RecordBatch(
    new ArrowSchema(fields),
    makeData({ type, length: children[0]!.length, nullCount: 0, children }),
  );
}

const dataOf = (values: readonly unknown[], type: ArrowType): Data => vectorFromArray(values, type).data[0]!;

/** The texts DuckDB gives for the columns of a batch. */
async function textsOf(batch: RecordBatch, batches: readonly RecordBatch[] = [batch]) {
  const schema = fromArrowSchema(batch.schema);
  const table = await arrowTable(bench.connection, 'a "t"', schema, batches);
  try {
    return await bench.texts(table.sql, schema.names);
  } catch (error) {
    throw table.failure() ?? error;
  } finally {
    await table.drop();
  }
}

test("columns made by apache-arrow's builders", async () => {
  const batch = batchOf({
    half: makeData({ type: new Float16(), data: Uint16Array.of(0x3c00, 0xc000, 0x7c00, 0x0001), length: 4 }),
    large: dataOf(['a', null, 'long enough to be kept outside', ''], new LargeUtf8()),
    day: dataOf(
      [new Date('1969-12-31T23:00:00Z'), null, new Date('2024-02-29T12:00:00Z'), new Date(0)],
      new DateMillisecond(),
    ),
    time: dataOf([0, 1, 86_399_999, null], new TimeMillisecond()),
    bool: dataOf([true, false, null, true], new Bool()),
    bytes: dataOf([Uint8Array.of(0, 255), null, new Uint8Array(0), Uint8Array.of(1)], new Binary()),
    word: dataOf(['x', 'y', null, 'x'], new Dictionary(new Utf8(), new Int32())),
    months: makeData({ type: new IntervalYearMonth(), data: Int32Array.of(1, 14, -1, 0), length: 4 }),
    lasts: makeData({ type: new DurationMillisecond(), data: BigInt64Array.of(1n, 61_000n, -1n, 0n), length: 4 }),
    instant: makeData({
      type: new TimestampNanosecond('Europe/Berlin'),
      data: BigInt64Array.of(0n, -1n, 1_001n, 1_000_000_000n),
      length: 4,
    }),
    money: makeData({
      type: new Decimal(2, 9, 128),
      data: Uint32Array.of(
        150,
        0,
        0,
        0,
        0xffffffff,
        0xffffffff,
        0xffffffff,
        0xffffffff,
        0,
        0,
        0,
        0,
        999_999_999,
        0,
        0,
        0,
      ),
      length: 4,
    }),
  });
  assert.deepEqual(await textsOf(batch), [
    [
      '1.0',
      'a',
      '1969-12-31',
      '00:00:00',
      'true',
      '\\x00\\xFF',
      'x',
      '1 month',
      '00:00:00.001',
      '1970-01-01 00:00:00+00',
      '1.50',
    ],
    [
      '-2.0',
      null,
      null,
      '00:00:00.001',
      'false',
      null,
      'y',
      '1 year 2 months',
      '00:01:01',
      '1969-12-31 23:59:59.999999+00',
      '-0.01',
    ],
    [
      'inf',
      'long enough to be kept outside',
      '2024-02-29',
      '23:59:59.999',
      null,
      '',
      null,
      '-1 month',
      '-00:00:00.001',
      '1970-01-01 00:00:00.000001+00',
      '0.00',
    ],
    [
      '5.9604645e-08',
      '',
      '1970-01-01',
      null,
      'true',
      '\\x01',
      'x',
      '00:00:00',
      '00:00:00',
      '1970-01-01 00:00:01+00',
      '9999999.99',
    ],
  ]);
});

test('sliced batches: offsets that begin in the middle of a byte', async () => {
  const values = Array.from({ length: 5000 }, (_, i) => (i % 7 === 3 ? null : i));
  const whole = batchOf({
    i: dataOf(values, new Int32()),
    b: dataOf(
      values.map(i => (i === null ? null : i % 3 === 0)),
      new Bool(),
    ),
    s: dataOf(
      values.map(i => (i === null ? null : `value number ${i}`)),
      new Utf8(),
    ),
    l: dataOf(
      values.map(i => (i === null ? null : [i, null])),
      new List(new Field('item', new Int32(), true)),
    ),
  });
  const all = await textsOf(whole);
  for (const [start, end] of [
    [0, 5000],
    [3, 4100],
    [2049, 2050],
    [13, 13],
  ] as const) {
    assert.deepEqual(await textsOf(whole.slice(start, end)), all.slice(start, end));
  }
  const pieces = [whole.slice(0, 9), whole.slice(9, 9), whole.slice(9, 3001), whole.slice(3001, 5000)];
  assert.deepEqual(await textsOf(whole, pieces), all);
  assert.deepEqual(all[4], ['4', 'false', 'value number 4', '[4, NULL]']);
});

test('a table may be scanned again, joined with itself, cut short and dropped', async () => {
  const batch = batchOf({
    i: dataOf(
      Array.from({ length: 5000 }, (_, i) => i),
      new Int32(),
    ),
  });
  let open = 0;
  const batches: Iterable<RecordBatch> = {
    *[Symbol.iterator]() {
      open++;
      try {
        yield batch;
        yield batch;
      } finally {
        open--;
      }
    },
  };
  const table = await arrowTable(bench.connection, 't', fromArrowSchema(batch.schema), batches);
  const one = async (sql: string) => Number((await bench.connection.runAndReadAll(sql)).value(0, 0));
  assert.equal(await one('SELECT count(*) FROM t'), 10000);
  assert.equal(await one('SELECT sum(a.i) FROM t a JOIN t b USING (i)'), 4 * 12_497_500);
  assert.equal(await one('SELECT i FROM t LIMIT 1'), 0);
  await table.drop();
  assert.equal(open, 0, 'iterators are ended');
  await assert.rejects(bench.connection.run('SELECT * FROM t'));
});

test('what the iterator throws is what the caller gets', async () => {
  const batch = batchOf({ i: dataOf([1], new Int32()) });
  function* failing() {
    yield batch;
    throw new Error('the network is down');
  }
  const table = await arrowTable(bench.connection, 't', fromArrowSchema(batch.schema), failing());
  await assert.rejects(bench.connection.run('CREATE TEMP TABLE copy AS FROM t'), /the network is down/);
  assert.throws(
    () => {
      throw table.failure();
    },
    inframe('SOURCE_UNREADABLE', /the network is down/),
  );
  await table.drop();
});

test('batches that do not keep their promises are refused', async () => {
  const good = batchOf({ s: dataOf(['a', 'b'], new Utf8()) });
  const other = batchOf({ s: dataOf([1, 2], new Int32()) });
  await assert.rejects(textsOf(good, [other]), inframe('TYPE_MISMATCH'));
  const utf8 = (offsets: Int32Array, bytes: Uint8Array) =>
    batchOf({ s: makeData({ type: new Utf8(), length: 2, valueOffsets: offsets, data: bytes }) });
  await assert.rejects(
    textsOf(utf8(Int32Array.of(0, 1, 9), Uint8Array.of(65))),
    inframe('SOURCE_UNREADABLE', /offsets/),
  );
  await assert.rejects(
    textsOf(utf8(Int32Array.of(0, 1, 0), Uint8Array.of(65))),
    inframe('SOURCE_UNREADABLE', /offsets/),
  );
  await assert.rejects(textsOf(utf8(Int32Array.of(0, 1), Uint8Array.of(65))), inframe('SOURCE_UNREADABLE', /offsets/));
  const split = Uint8Array.of(0xc3, 0xa9);
  await assert.rejects(textsOf(utf8(Int32Array.of(0, 1, 2), split)), inframe('SOURCE_UNREADABLE', /UTF-8/));
  assert.deepEqual(await textsOf(utf8(Int32Array.of(0, 2, 2), split)), [['é'], ['']]);
  const money = makeData({ type: new Decimal(0, 4, 128), data: Uint32Array.of(0x8000, 0, 0, 0), length: 1 });
  await assert.rejects(textsOf(batchOf({ money })), inframe('TYPE_MISMATCH', /4 digits/));
});

test('an Arrow file becomes a Parquet file with the same rows', async () => {
  const sql = `SELECT i, random() AS x, 'row ' || i AS s, CASE WHEN i % 2 = 0 THEN [i] END AS l FROM range(250000) t(i)`;
  await bench.connection.run(`CREATE TEMP TABLE big AS ${sql}`);
  const from = bench.path('big.arrow');
  const to = bench.path(`it's.parquet`);
  await bench.write('FROM big', from, 40);
  assert.deepEqual(await arrowToParquet(from, to, bench.connection), { rows: 250000 });
  const quoted = to.replaceAll("'", "''");
  const differ = await bench.connection.runAndReadAll(`SELECT count(*) FROM (FROM big EXCEPT ALL FROM '${quoted}')`);
  assert.equal(Number(differ.value(0, 0)), 0);
  const groups = await bench.connection.runAndReadAll(
    `SELECT DISTINCT row_group_num_rows FROM parquet_metadata('${quoted}') ORDER BY ALL DESC`,
  );
  assert.deepEqual(
    groups.getRows().map(([rows]) => Number(rows)),
    [122_880, 4240],
  );
  await assert.rejects(
    arrowToParquet(from, bench.path('no/such/folder.parquet'), bench.connection),
    inframe('QUERY_FAILED'),
  );
  await assert.rejects(arrowToParquet(bench.path('none.arrow'), to, bench.connection), inframe('SOURCE_NOT_FOUND'));
});
