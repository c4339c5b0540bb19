import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chunksToBatch } from '../../../src/connectors/arrow/from-duckdb.js';
import { Schema } from '../../../src/frame/schema.js';
import { Bench, inframe } from './helpers.js';

let bench: Bench;

before(async () => {
  bench = await Bench.open();
});

after(() => bench.close());

test("values read through apache-arrow's own accessors", async () => {
  const { batches } = await bench.batches(`
    SELECT * FROM (VALUES
      (1::TINYINT, 2.5::FLOAT, 'héllo', 'a text beyond twelve bytes', true, [1, NULL, 3], {'a': 1, 'b': 'x'}, DATE '1970-01-02', 'b'::ENUM('a', 'b')),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
      (-1, -0.5, '', 'another text of some length', false, [], {'a': NULL, 'b': 'a text beyond twelve bytes'}, DATE '1969-12-31', 'a')
    ) t(i, f, s, l, b, li, st, d, e)`);
  assert.equal(batches.length, 1);
  const batch = batches[0]!;
  assert.equal(batch.numRows, 3);
  const column = (name: string) => JSON.parse(JSON.stringify(batch.getChild(name)!.toJSON()));
  assert.deepEqual(column('i'), [1, null, -1]);
  assert.deepEqual(column('f'), [2.5, null, -0.5]);
  assert.deepEqual(column('s'), ['héllo', null, '']);
  assert.deepEqual(column('l'), ['a text beyond twelve bytes', null, 'another text of some length']);
  assert.deepEqual(column('b'), [true, null, false]);
  assert.deepEqual(column('li'), [[1, null, 3], null, []]);
  assert.deepEqual(column('st'), [{ a: 1, b: 'x' }, null, { a: null, b: 'a text beyond twelve bytes' }]);
  assert.deepEqual(column('d'), [86_400_000, null, -86_400_000]);
  assert.deepEqual(column('e'), ['b', null, 'a']);
});

test('the batch outlives its chunks', async () => {
  const { batches } = await bench.batches(`SELECT 'string number ' || i AS s, i FROM range(20000) t(i)`);
  // Give DuckDB the occasion to use the memory again.
  for (let n = 0; n < 3; n++)
    await bench.connection.run(`SELECT sum(length(repeat('x', i % 100))) FROM range(100000) t(i)`);
  let row = 0;
  for (const batch of batches) {
    for (const text of batch.getChild('s')!) assert.equal(text, `string number ${row++}`);
  }
  assert.equal(row, 20000);
});

test('no chunks give an empty batch of the schema', () => {
  const schema = new Schema([
    { name: 'a', type: { kind: 'list', element: { kind: 'string' } } },
    { name: 'b', type: { kind: 'enum', values: ['x'] } },
    { name: 'c', type: { kind: 'null' } },
  ]);
  const batch = chunksToBatch(schema, []);
  assert.equal(batch.numRows, 0);
  assert.deepEqual(
    batch.schema.fields.map(field => field.name),
    ['a', 'b', 'c'],
  );
});

test('an integer of 39 digits is an error, one of 38 is exact', async () => {
  const limit = 10n ** 38n;
  const { batches } = await bench.batches(
    `SELECT ${limit - 1n}::HUGEINT AS x UNION ALL SELECT -${limit - 1n}::HUGEINT`,
  );
  assert.equal(
    batches.reduce((rows, batch) => rows + batch.numRows, 0),
    2,
  );
  await assert.rejects(bench.batches(`SELECT ${limit}::HUGEINT AS x`), inframe('TYPE_MISMATCH', /39 digits.*CAST/));
  await assert.rejects(bench.batches(`SELECT -${limit}::HUGEINT AS x`), inframe('TYPE_MISMATCH'));
});

test('an interval beyond 292 years of microseconds is an error', async () => {
  const most = 2n ** 63n - 1n;
  await bench.batches(`SELECT to_microseconds(${most / 1000n}) AS x`);
  await assert.rejects(
    bench.batches(`SELECT to_microseconds(${most / 1000n + 1n}) AS x`),
    inframe('TYPE_MISMATCH', /interval/),
  );
});

test('a chunk that is not of the schema is refused before its memory is read', async () => {
  const result = await bench.connection.run(
    `SELECT 1::INTEGER AS a, {'x': 1, 'y': 2} AS s, [1, 2, 3]::INTEGER[3] AS f, 1::DECIMAL(4, 1) AS d`,
  );
  const chunk = (await result.fetchChunk())!;
  const int32 = { kind: 'int32' } as const;
  const good = [
    { name: 'a', type: int32 },
    {
      name: 's',
      type: {
        kind: 'struct',
        fields: [
          { name: 'x', type: int32 },
          { name: 'y', type: int32 },
        ],
      },
    },
    { name: 'f', type: { kind: 'array', element: int32, length: 3 } },
    { name: 'd', type: { kind: 'decimal', precision: 4, scale: 1 } },
  ] as const;
  assert.equal(chunksToBatch(new Schema(good), [chunk]).numRows, 1);
  const refused = (index: number, type: (typeof good)[number]['type'] | { kind: 'string' } | { kind: 'int64' }) =>
    assert.throws(
      () =>
        chunksToBatch(new Schema(good.map((field, i) => (i === index ? { name: field.name, type } : field))), [chunk]),
      inframe('INTERNAL'),
    );
  refused(0, { kind: 'int64' });
  refused(0, { kind: 'string' });
  refused(1, { kind: 'struct', fields: [{ name: 'x', type: int32 }] } as never);
  refused(1, {
    kind: 'struct',
    fields: [
      { name: 'x', type: int32 },
      { name: 'y', type: { kind: 'string' } },
    ],
  } as never);
  refused(2, { kind: 'array', element: int32, length: 4 } as never);
  refused(3, { kind: 'decimal', precision: 18, scale: 1 } as never);
  assert.throws(() => chunksToBatch(new Schema(good.slice(1)), [chunk]), inframe('INTERNAL'));
});
