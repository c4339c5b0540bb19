import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Schema } from '../../src/frame/schema.js';
import type { DataType } from '../../src/frame/types.js';
import { interfaceName, isInterfaceName, rowTypescript, valueTypescript } from '../../src/frame/typescript.js';
import { compile, valueLiteral } from '../support/compiler.js';
import { openSession } from '../support/sessions.js';

const OPTIONS = { name: 'T', comment: 'A row.', notNull: new Set<string>() };

test('a table is an interface of its columns, with what JavaScript does not know of them', () => {
  const schema = new Schema([
    { name: 'id', type: { kind: 'int64' } },
    { name: 'count', type: { kind: 'uint8' } },
    { name: 'price', type: { kind: 'decimal', precision: 9, scale: 2 } },
    { name: 'when', type: { kind: 'timestamp', unit: 'us', zone: true } },
    { name: 'cut', type: { kind: 'enum', values: ['Fair', "king's"] } },
    { name: 'tags', type: { kind: 'list', element: { kind: 'string' } } },
    { name: 'vector', type: { kind: 'array', element: { kind: 'float32' }, length: 512 } },
    { name: 'strange name', type: { kind: 'other', name: 'BIT' } },
  ]);
  assert.equal(
    rowTypescript(schema, { name: 'Diamond', comment: 'A row of diamonds.parquet.', notNull: new Set(['id', 'cut']) }),
    `/** A row of diamonds.parquet. */
export interface Diamond {
  id: bigint;
  /** uint8 */
  count: number | null;
  /** decimal(9, 2) */
  price: number | null;
  /** timestamp[us, UTC] */
  when: Date | null;
  cut: 'Fair' | "king's";
  tags: readonly (string | null)[] | null;
  /** float32[512] */
  vector: readonly (number | null)[] | null;
  /** BIT */
  'strange name': unknown;
}
`,
  );
});

test('an enum of many values is any text', () => {
  const values = Array.from({ length: 25 }, (_, at) => `v${at}`);
  assert.equal(valueTypescript({ kind: 'enum', values }), 'string');
  assert.equal(valueTypescript({ kind: 'enum', values: values.slice(0, 24) }).split(' | ').length, 24);
});

test('what stands in a comment does not end it', () => {
  const schema = new Schema([{ name: 'a', type: { kind: 'other', name: 'X*/ evil\n//' } }]);
  const text = rowTypescript(schema, { ...OPTIONS, comment: 'of */ a\nfile' });
  assert.deepEqual(compile(text).errors, []);
});

/** A value of every kind, in SQL; lists, structs and maps hold nulls. */
const VALUES: Readonly<Record<DataType['kind'], readonly string[]>> = {
  boolean: ['true'],
  int8: ['1::TINYINT'],
  int16: ['1::SMALLINT'],
  int32: ['1::INTEGER'],
  int64: ['1::BIGINT'],
  int128: ['1::HUGEINT'],
  uint8: ['1::UTINYINT'],
  uint16: ['1::USMALLINT'],
  uint32: ['1::UINTEGER'],
  uint64: ['1::UBIGINT'],
  uint128: ['1::UHUGEINT'],
  float32: ['0.5::FLOAT', "'nan'::FLOAT"],
  float64: ['0.5::DOUBLE', "'inf'::DOUBLE"],
  decimal: ['1.5::DECIMAL(5, 2)', '1::DECIMAL(38, 0)'],
  string: ["'x'"],
  binary: ["'ab'::BLOB"],
  uuid: ["'123e4567-e89b-12d3-a456-426614174000'::UUID"],
  enum: ["'b'::ENUM('a', 'b')"],
  date: ["DATE '2024-02-29'"],
  time: ["TIME '10:30:15.5'"],
  timestamp: [
    "TIMESTAMP '2024-02-29 10:30:15.5'",
    "'2024-02-29 10:30:15'::TIMESTAMP_S",
    "'2024-02-29 10:30:15'::TIMESTAMP_NS",
    "'2024-02-29 10:30:15+00'::TIMESTAMPTZ",
  ],
  interval: ["INTERVAL '1 month 2 days 3 seconds'"],
  list: ['[1, NULL]', '[[1], NULL]', "[DATE '2024-02-29']"],
  array: ['[1.5, NULL]::FLOAT[2]'],
  struct: ["{'a': 1, 'b c': NULL::VARCHAR}", "{'s': {'t': [1]}}"],
  map: ["MAP {'k': 1, 'l': NULL}", "MAP {1: [{'a': 1}]}"],
  null: ['NULL'],
  other: ["'101'::BIT", "TIMETZ '10:00:00+01'"],
};

test('what collect() gives is of the type that is written, for values of every kind and for nulls', async t => {
  const session = await openSession(t, { workers: 1 });
  const columns = Object.entries(VALUES).flatMap(([kind, values]) =>
    values.map((value, at) => ({ kind, name: `${kind}_${at}`, value })),
  );
  const query = columns.map(({ name, value }) => `${value} AS ${name}`).join(', ');
  const frame = session.sql(`SELECT ${query} UNION ALL SELECT ${columns.map(() => 'NULL').join(', ')}`);
  const schema = await frame.schema();
  const kinds = schema.fields.map(({ name, type }) => `${name} ${type.kind}`);
  assert.deepEqual(
    kinds.filter(text => !text.includes('null')),
    columns.map(({ kind, name }) => `${name} ${kind}`).filter(text => !text.includes('null')),
    'the table has a column of every kind',
  );
  const [values, nulls] = await frame.collect();
  const program = [
    rowTypescript(schema, { ...OPTIONS, name: 'Values', notNull: new Set(schema.names.filter(n => n !== 'null_0')) }),
    rowTypescript(schema, { ...OPTIONS, name: 'Nulls' }),
    `export const values: Values = ${valueLiteral(values)};`,
    `export const nulls: Nulls = ${valueLiteral(nulls)};`,
  ];
  assert.deepEqual(compile(program.join('\n')).errors, []);
});

const simple = fc.constantFrom<DataType>(
  { kind: 'boolean' },
  { kind: 'int16' },
  { kind: 'int64' },
  { kind: 'uint128' },
  { kind: 'float32' },
  { kind: 'string' },
  { kind: 'binary' },
  { kind: 'uuid' },
  { kind: 'date' },
  { kind: 'time' },
  { kind: 'timestamp', unit: 'ns', zone: false },
  { kind: 'interval' },
  { kind: 'decimal', precision: 4, scale: 1 },
  { kind: 'other', name: 'BIT' },
);

const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });

const { type } = fc.letrec<{ readonly type: DataType }>(tie => ({
  type: fc.oneof(
    { maxDepth: 3 },
    simple,
    fc.record({ kind: fc.constant('enum' as const), values: fc.uniqueArray(name, { minLength: 1, maxLength: 5 }) }),
    fc.record({ kind: fc.constant('list' as const), element: tie('type') }),
    fc.record({ kind: fc.constant('array' as const), element: tie('type'), length: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constant('map' as const), key: simple, value: tie('type') }),
    fc.record({
      kind: fc.constant('struct' as const),
      fields: fc.uniqueArray(fc.record({ name, type: tie('type') }), {
        minLength: 1,
        maxLength: 4,
        selector: field => field.name,
      }),
    }),
  ),
}));

test('the type that is written is the one the compiler works out itself, whatever names there are', () => {
  const types = fc.sample(type, 150);
  const names = fc.sample(name, types.length);
  const lines = types.map((each, at) => {
    const comparison = `same<{ ${JSON.stringify(names[at])}: ValueOfType<${JSON.stringify(each)}> }, `;
    const schema = new Schema([{ name: names[at]!, type: each }]);
    const text = rowTypescript(schema, { ...OPTIONS, name: `T${at}`, notNull: new Set([names[at]!]) });
    return `${text}${comparison}T${at}>(true);`;
  });
  const imports =
    "import { same } from 'test/types/same';\nimport type { ValueOfType } from 'src/frame/typed/values';\n";
  const { errors } = compile(`${imports}${lines.join('\n')}`);
  assert.deepEqual(errors, [], `of these types: ${JSON.stringify(types)}`);
});

test('a file gives its type a name', () => {
  for (const [path, expected] of [
    ['flights.parquet', 'Flights'],
    ['data/my-flights 2024.csv.gz', 'MyFlights2024'],
    ['/data/scored/', 'Scored'],
    ['2024.parquet', 'Row2024'],
    ['a.b/c_d.jsonl', 'CD'],
    ['データ.csv', 'Row'],
    ['.parquet', 'Parquet'],
    ['class.csv', 'Class'],
  ] as const) {
    assert.equal(interfaceName(path, 'Row'), expected, path);
    assert.ok(isInterfaceName(interfaceName(path, 'Row')));
  }
  for (const wrong of ['', '1a', 'a-b', 'a b', 'string', 'class', 'null']) assert.ok(!isInterfaceName(wrong), wrong);
});
