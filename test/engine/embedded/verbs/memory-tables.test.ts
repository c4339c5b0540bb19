import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  Field,
  Int32,
  List,
  makeTable,
  type RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromArrays,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';
import { col, connect, type DataFrame, type DataType, type InframeSession } from '../../../../src/index.js';
import { LINEAR, linear } from '../../../support/models.js';
import { inframeError } from '../../../support/onnx.js';
import { temporaryFolder } from '../../../support/sessions.js';
import { duck, makeFile, saveModel } from '../../../support/tables.js';
import { valuesOf } from './frames.js';

let session: InframeSession;
before(async () => {
  session = await connect({ workers: 2, threads: 1 });
});
after(() => session.close());

const text = fc.string({ unit: 'binary' });
const scalar: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  // Without -0: Parquet files, as DuckDB writes them, keep one of 0 and -0 where a column has both.
  number: fc.oneof(
    fc.double().map(value => value + 0),
    fc.maxSafeInteger(),
    fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY),
  ),
  bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  text,
  boolean: fc.boolean(),
  date: fc.date({ noInvalidDate: true }),
  bytes: fc.uint8Array({ maxLength: 8 }).map(bytes => Buffer.from(bytes)),
};

/** A value of some shape, the same shape for a whole column; nulls at every level. */
const shape: fc.Arbitrary<fc.Arbitrary<unknown>> = fc.letrec<{ shape: fc.Arbitrary<unknown> }>(tie => ({
  shape: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...Object.values(scalar)),
    tie('shape').map(element => fc.array(orNull(element), { maxLength: 4 })),
    fc
      .uniqueArray(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }), tie('shape')), {
        minLength: 1,
        maxLength: 3,
        selector: ([name]) => name.toLowerCase(),
      })
      .filter(members => members.every(([name]) => name !== '__proto__'))
      .map(members =>
        fc.record(Object.fromEntries(members.map(([name, member]) => [name, orNull(member)])), {
          noNullPrototype: true,
        }),
      ),
  ),
})).shape;

function orNull(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.option(values, { nil: null, freq: 4 });
}

test('collect gives back what fromRows and fromColumns were given, few rows and many', async () => {
  const names = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 3,
    selector: name => name.toLowerCase(),
  });
  const table = names
    .filter(list => !list.includes('__proto__'))
    .chain(list =>
      fc.tuple(...list.map(() => shape)).chain(shapes =>
        fc.record({
          names: fc.constant(list),
          rows: fc.array(fc.tuple(...shapes.map(orNull)), { maxLength: 6 }),
        }),
      ),
    );
  await fc.assert(
    fc.asyncProperty(table, fc.boolean(), async ({ names: list, rows }, many) => {
      const given = rows.map(row => Object.fromEntries(list.map((name, at) => [name, row[at]])));
      // Many rows are stored, and few are not.
      const repeated = many ? Array.from({ length: 700 }, () => given).flat() : given;
      if (repeated.length === 0) return;
      assert.deepEqual(await session.fromRows(repeated).collect(), repeated);
      const columns = Object.fromEntries(list.map(name => [name, repeated.map(row => row[name])]));
      assert.deepEqual(await session.fromColumns(columns).collect(), repeated);
    }),
    { numRuns: 60, seed: 21 },
  );
});

test('values have the types that are documented', async () => {
  const table = session.fromRows([
    {
      number: 1,
      bigint: 1n,
      text: 'x',
      boolean: true,
      date: new Date(0),
      bytes: new Uint8Array([1]),
      list: [1],
      floats: new Float32Array([0.5]),
      object: { a: 1, b: ['x'] },
      nothing: null,
      undefined: undefined,
    },
  ]);
  assert.deepEqual(
    (await table.schema()).toJSON().map(({ name, type }) => `${name} ${type}`),
    [
      'number float64',
      'bigint int64',
      'text string',
      'boolean boolean',
      'date timestamp[us]',
      'bytes binary',
      'list list<float64>',
      'floats list<float32>',
      'object struct<a: float64, b: list<string>>',
      'nothing null',
      'undefined null',
    ],
  );
  assert.deepEqual(await session.fromRows([{ zero: -0, in: [-0, 0] }]).collect(), [{ zero: -0, in: [-0, 0] }]);
  const [row] = await table.collect();
  assert.deepEqual([row!['floats'], row!['undefined']], [[0.5], null]);
});

test('typed arrays keep their types, in small tables and large ones', async () => {
  for (const length of [3, 70_000]) {
    const typed = {
      i8: new Int8Array(length).fill(-128),
      i16: new Int16Array(length).fill(-32_768),
      i32: Int32Array.from({ length }, (_, at) => at),
      i64: BigInt64Array.from({ length }, (_, at) => -BigInt(at)),
      u8: new Uint8Array(length).fill(255),
      u16: new Uint16Array(length).fill(65_535),
      u32: new Uint32Array(length).fill(2 ** 32 - 1),
      u64: new BigUint64Array(length).fill(2n ** 64n - 1n),
      f32: new Float32Array(length).fill(0.1),
      f64: Float64Array.from({ length }, (_, at) => at / 3),
    };
    const table = session.fromColumns(typed);
    const kinds = 'int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64'.split(' ');
    assert.deepEqual(
      (await table.schema()).toJSON().map(({ type }) => type),
      kinds,
    );
    // A copy was taken.
    const last = Object.values(typed).map(array => array[length - 1]);
    for (const array of Object.values(typed))
      array.fill(array instanceof BigInt64Array || array instanceof BigUint64Array ? (1n as never) : (1 as never));
    assert.deepEqual((await valuesOf(table.offset(length - 1)))[0], last);
    assert.equal(await table.count(), length);
  }
});

test('a schema says what values are, and what does not fit it is refused by row and column', async () => {
  const types: Readonly<Record<string, readonly [DataType, unknown, unknown]>> = {
    tiny: [{ kind: 'int8' }, -5, -5],
    whole: [{ kind: 'int64' }, 5, 5n],
    huge: [{ kind: 'int128' }, 2n ** 100n, 2n ** 100n],
    unsigned: [{ kind: 'uint64' }, 2n ** 63n, 2n ** 63n],
    single: [{ kind: 'float32' }, 0.1, Math.fround(0.1)],
    double: [{ kind: 'float64' }, 3n, 3],
    money: [{ kind: 'decimal', precision: 5, scale: 2 }, '123.45', 123.45],
    date: [{ kind: 'date' }, new Date('2024-02-29'), new Date('2024-02-29')],
    second: [{ kind: 'timestamp', unit: 's', zone: false }, new Date(5000), new Date(5000)],
    zoned: [{ kind: 'timestamp', unit: 'us', zone: true }, new Date(1234), new Date(1234)],
    id: [{ kind: 'uuid' }, '01234567-89ab-cdef-0123-456789abcdef', '01234567-89ab-cdef-0123-456789abcdef'],
    word: [{ kind: 'enum', values: ['a', 'b'] }, 'b', 'b'],
    time: [{ kind: 'time' }, '01:02:03', 3_723_000_000n],
    pair: [{ kind: 'array', element: { kind: 'float32' }, length: 2 }, [1, 2], [1, 2]],
    list: [{ kind: 'list', element: { kind: 'int16' } }, [1, null], [1, null]],
    object: [
      { kind: 'struct', fields: [{ name: 'a', type: { kind: 'date' } }] },
      { a: new Date(0) },
      { a: new Date(0) },
    ],
  };
  const schema = Object.fromEntries(Object.entries(types).map(([name, [type]]) => [name, type]));
  const row = Object.fromEntries(Object.entries(types).map(([name, [, value]]) => [name, value]));
  for (const rows of [[row], Array.from({ length: 500 }, () => row)]) {
    const table = session.fromRows([...rows, {}], schema);
    assert.deepEqual(
      (await table.schema()).fields.map(({ type }) => type),
      Object.values(schema),
    );
    const [first, ...rest] = await valuesOf(table);
    assert.deepEqual(
      first,
      Object.values(types).map(([, , value]) => value),
    );
    assert.deepEqual(
      rest.at(-1),
      Object.keys(types).map(() => null),
    );
  }
  assert.deepEqual(await session.fromRows([], schema).columns(), Object.keys(schema));
  assert.deepEqual(await session.fromRows([], schema).collect(), []);
});

test('a table without rows and an Arrow table without batches have columns', async () => {
  const schema = new Schema([new Field('a', new Int32(), true)]);
  for (const table of [new Table(schema), new Table(schema, [])]) {
    const frame = session.fromArrow(table);
    assert.deepEqual(await frame.columns(), ['a']);
    assert.deepEqual(await frame.collect(), []);
  }
  assert.equal(await session.fromColumns({ a: new Float32Array() }).count(), 0);
});

test('an Arrow table comes back as it was', async () => {
  const struct = new Struct([
    new Field('x', new Int32(), true),
    new Field('y', new List(new Field('item', new Utf8(), true)), true),
  ]);
  const table = new Table({
    s: vectorFromArray([{ x: 1, y: ['a', null] }, null, { x: null, y: [] }], struct),
    t: vectorFromArray(['p', 'q', 'p']),
  });
  const frame = session.fromArrow(table);
  assert.deepEqual(await frame.collect(), [
    { s: { x: 1, y: ['a', null] }, t: 'p' },
    { s: null, t: 'q' },
    { s: { x: null, y: [] }, t: 'p' },
  ]);
  const numbers = tableFromArrays({ id: Int32Array.from({ length: 5000 }, (_, at) => at) });
  const again = await session.fromArrow(numbers).filter('id >= 10').toArrow();
  assert.deepEqual([...(again.getChild('id') ?? [])].slice(0, 3), [10, 11, 12]);
  const batches: readonly RecordBatch[] = again.batches;
  assert.equal(await session.fromArrow(batches).count(), 4990);
  assert.equal(await session.fromArrow(makeTable({ v: new Float64Array(3) })).count(), 3);
});

test('a large table in memory is read in slices, and a job over it goes on as over files', async t => {
  const folder = temporaryFolder(t);
  const length = 300_000;
  const make = (from: InframeSession): DataFrame =>
    from.fromColumns({
      id: Int32Array.from({ length }, (_, id) => id),
      x: Float32Array.from({ length }, (_, id) => id / 8),
      z: Float32Array.from({ length }, (_, id) => id % 7),
      name: Array.from({ length }, (_, id) => (id % 3 === 0 ? null : `name ${id}`)),
    });
  const file = await saveModel(folder, 'm.onnx', linear());
  const model = await session.model(file);
  const out = join(folder, 'out');
  const frame = make(session).withColumn('p', model('x', 'z'));
  const report = await frame.write.parquet(out);
  assert.ok(report.tasks > 1, `${report.tasks} tasks`);
  const [[wrong, rows]] = (await duck(
    `SELECT count(*) FILTER (p <> ${LINEAR.a} * id / 8 + ${LINEAR.c} * (id % 7) + ${LINEAR.b}
       OR name IS DISTINCT FROM CASE WHEN id % 3 > 0 THEN 'name ' || id END), count(*)
     FROM read_parquet('${out}/*.parquet')`,
  )) as [[bigint, bigint]];
  assert.deepEqual([wrong, rows], [0n, BigInt(length)]);
  // The same rows in another session are the same source.
  const other = await connect({ workers: 1 });
  try {
    const again = await make(other)
      .withColumn('p', (await other.model(file))('x', 'z'))
      .write.parquet(out);
    assert.equal(again.reusedTasks, again.tasks);
  } finally {
    await other.close();
  }
});

test('tables in memory stand beside files, in joins and unions, many times over', async t => {
  const folder = temporaryFolder(t);
  const source = await makeFile(join(folder, 'a.parquet'), 'SELECT i::INTEGER AS id FROM range(5000) r(i)');
  const large = session.fromColumns({ id: Int32Array.from({ length: 5000 }, (_, id) => id * 2) });
  const small = session.fromRows([{ id: 4, word: 'four' }]);
  for (let run = 0; run < 3; run++) {
    const joined = session.read.parquet(source).join(large, 'id').join(small, 'id', 'left');
    assert.equal(await joined.filter(col('word').isNotNull()).count(), 1);
    assert.equal(await joined.count(), 2500);
    // Each use of a table registers it anew, on a connection that has just served another.
    assert.equal(
      await session
        .fromColumns({ id: new Int32Array(3000).fill(run) })
        .union(large)
        .count(),
      8000,
    );
  }
});

test('what cannot be a table is refused at once', async () => {
  const closed = await connect({ workers: 1 });
  await closed.close();
  assert.throws(() => closed.fromRows([{ a: 1 }]), inframeError('SESSION_CLOSED'));
  await assert.rejects(
    session.fromRows([{ t: 'soon' }], { t: { kind: 'time' } }).collect(),
    inframeError('QUERY_FAILED', 'soon'),
  );
});
