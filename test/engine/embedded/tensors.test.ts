import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type DataFrame, type ModelOptions, sql, typeName } from '../../../src/index.js';
import { graph } from '../../../src/udf/onnx/build.js';
import type { ModelProto } from '../../../src/udf/onnx/onnx_pb.js';
import type { Dtype } from '../../../src/udf/signature.js';
import { unary } from '../../support/models.js';
import { inframeError } from '../../support/onnx.js';
import { openSession, temporaryFolder } from '../../support/sessions.js';
import { makeFile, saveModel } from '../../support/tables.js';

/* Columns of every type into tensors of every type and shape, and back. */

async function setUp(t: TestContext) {
  const folder = temporaryFolder(t);
  const session = await openSession(t, { workers: 1, threads: 1 });
  let next = 0;
  return {
    table: async (select: string) => session.read.parquet(await makeFile(join(folder, `${next++}.parquet`), select)),
    model: async (model: ModelProto, options: ModelOptions = {}) =>
      session.model(await saveModel(folder, `m${next++}.onnx`, model), options),
  };
}

async function valuesOf(frame: DataFrame, column = 'y'): Promise<readonly unknown[]> {
  return (await frame.collect()).map(row => row[column]);
}

/** Tensor type, column type in SQL, values that reach both ends of it, the column type that comes back. */
const TYPES: readonly (readonly [Dtype, string, readonly unknown[], string])[] = [
  ['bool', 'BOOLEAN', [true, false, true], 'boolean'],
  ['int8', 'TINYINT', [-128, 0, 127], 'int8'],
  ['int16', 'SMALLINT', [-32768, 0, 32767], 'int16'],
  ['int32', 'INTEGER', [-2147483648, 0, 2147483647], 'int32'],
  ['int64', 'BIGINT', [-9223372036854775808n, 0n, 9223372036854775807n], 'int64'],
  ['uint8', 'UTINYINT', [0, 1, 255], 'uint8'],
  ['uint16', 'USMALLINT', [0, 1, 65535], 'uint16'],
  ['uint32', 'UINTEGER', [0, 1, 4294967295], 'uint32'],
  ['uint64', 'UBIGINT', [0n, 1n, 18446744073709551615n], 'uint64'],
  ['float16', 'FLOAT', [-65504, 0.5, 65504], 'float32'],
  ['float32', 'FLOAT', [-1.5, 0, 3.4028234663852886e38], 'float32'],
  ['float64', 'DOUBLE', [-1.5, 5e-324, Number.MAX_VALUE], 'float64'],
  ['string', 'VARCHAR', ['', 'abc', 'a longer text, ünïcode ☃ and more'], 'string'],
];

function sqlValue(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

for (const [dtype, sqlType, values, back] of TYPES) {
  test(`${dtype} tensors of every shape`, async t => {
    const { table, model } = await setUp(t);
    const [a, b, c] = values.map(sqlValue);
    const rows = await table(
      `SELECT unnest([${a}, ${b}, NULL, ${c}])::${sqlType} AS x, (${a})::${sqlType} AS z,
              unnest([[${a}, ${b}], [${b}, ${c}], NULL, [${c}, ${a}]])::${sqlType}[] AS l,
              unnest([[${a}, ${b}], [${b}, ${c}], NULL, [${c}, ${a}]])::${sqlType}[2] AS f,
              unnest([[[${a}], [${b}]], [[${b}], [${c}]], NULL, [[${c}], [${a}]]])::${sqlType}[][] AS nested`,
    );
    const [first, second, third] = values;
    const scalars = [first, second, null, third];
    const pairs = [[first, second], [second, third], null, [third, first]];
    const check = async (dims: readonly (string | number)[], column: string, expected: unknown, type: string) => {
      const frame = rows.withColumn('y', (await model(unary('Identity', dtype, dims)))(column));
      assert.equal(typeName((await frame.schema()).type('y')), type);
      assert.deepEqual(await valuesOf(frame), expected);
    };
    await check(['N'], 'x', scalars, back);
    await check(['N', 1], 'x', scalars, back);
    await check(['N', 2], 'l', pairs, `${back}[2]`);
    await check(['N', 2], 'f', pairs, `${back}[2]`);
    await check(['N', 'k'], 'l', pairs, `list<${back}>`);
    await check(['N', 2, 1], 'nested', pairs, `${back}[2]`);
    await check([1, 2], 'l', pairs, `${back}[2]`);
    const two = rows.withColumn('y', (await model(unary('Identity', dtype, ['N', 2])))('x', 'z'));
    assert.deepEqual(
      await valuesOf(two),
      scalars.map(value => (value === null ? null : [value, first])),
    );
  });
}

test('columns of other number types feed float inputs; decimals, booleans and wide integers too', async t => {
  const { table, model } = await setUp(t);
  const score = await model(unary('Neg', 'float32'));
  for (const type of [
    'TINYINT',
    'SMALLINT',
    'INTEGER',
    'BIGINT',
    'UTINYINT',
    'UBIGINT',
    'HUGEINT',
    'DECIMAL(9,2)',
    'DOUBLE',
  ]) {
    assert.deepEqual(await valuesOf((await table(`SELECT 3::${type} AS x`)).withColumn('y', score())), [-3], type);
  }
  assert.deepEqual(
    await valuesOf((await table('SELECT unnest([true, false]) AS x')).withColumn('y', score())),
    [-1, -0],
  );
});

test('a column of the wrong kind is refused before anything runs', async t => {
  const { table, model } = await setUp(t);
  const score = await model(unary('Neg', 'float32', ['N', 2]), { name: 'neg' });
  const rows = await table(
    "SELECT 1.0 AS a, 'x' AS s, DATE '2024-01-01' AS d, [1.0, 2.0, 3.0]::FLOAT[3] AS f, {'k': 1} AS r",
  );
  const reject = (run: () => DataFrame, ...expected: Parameters<typeof inframeError>) =>
    assert.rejects(async () => run().schema(), inframeError(...expected));
  await reject(() => rows.withColumn('y', score('a', 's')), 'TYPE_MISMATCH', "column 's' is string", 'numbers');
  await reject(() => rows.withColumn('y', score('a', 'd')), 'TYPE_MISMATCH', "column 'd' is date");
  await reject(() => rows.withColumn('y', score('a', 'r')), 'TYPE_MISMATCH', "column 'r' is struct");
  await reject(() => rows.withColumn('y', score('a')), 'SHAPE_MISMATCH', 'takes 2 values a row, but is given 1');
  await reject(
    () => rows.withColumn('y', score(sql('f::FLOAT[3]'))),
    'SHAPE_MISMATCH',
    'float32[3]',
    'lists of 2 values',
  );
  await reject(() => rows.withColumn('y', score('a', 'nope')), 'COLUMN_NOT_FOUND', "column 'nope'");
  await reject(() => rows.withColumn('y', score()), 'COLUMN_NOT_FOUND', "input 'x'", 'the table has: a, s, d, f, r');
  await reject(
    () => rows.withColumn('y', score({ z: 'a' })),
    'ARGUMENT_INVALID',
    "input 'z' is not one of model 'neg'",
  );
});

test('ragged lists are grouped by their length', async t => {
  const { table, model } = await setUp(t);
  const sum = graph({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 'k'] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N'] }],
    nodes: [{ op: 'ReduceSum', inputs: ['x', 'axis'], outputs: ['y'], attributes: { keepdims: 0 } }],
    initializers: [{ name: 'axis', dtype: 'int64', dims: [1], data: [1n] }],
  });
  const rows = await table(
    'SELECT list_transform(range(i % 5 + 1), lambda v: v + i)::FLOAT[] AS x FROM range(5000) r(i)',
  );
  const expected = Array.from({ length: 5000 }, (_, i) => {
    const length = (i % 5) + 1;
    return length * i + (length * (length - 1)) / 2;
  });
  assert.deepEqual(await valuesOf(rows.withColumn('y', (await model(sum))())), expected);
  const doubled = await model(unary('Neg', 'float32', ['N', 'k']), { batchSize: 3 });
  const lists = await valuesOf(rows.withColumn('y', doubled()).limit(10));
  assert.deepEqual(
    lists,
    Array.from({ length: 10 }, (_, i) => Array.from({ length: (i % 5) + 1 }, (_, v) => -(v + i))),
  );
  const empties = await table('SELECT unnest([[1], [], [2, NULL], NULL, [3]])::FLOAT[] AS x');
  assert.deepEqual(await valuesOf(empties.withColumn('y', doubled())), [[-1], null, null, null, [-3]]);
});

test('inner lists of a wrong length fail their row and no other', async t => {
  const { table, model } = await setUp(t);
  const score = await model(unary('Neg', 'float32', ['N', 2, 2]));
  const rows = await table(
    'SELECT unnest([[[1, 2], [3, 4]], [[1], [2, 3, 4]], [[1, 2]], [[1, 2], NULL], [[5, 6], [7, NULL]], [[5, 6], [7, 8]]])::FLOAT[][] AS x',
  );
  const values = await valuesOf(rows.withColumn('y', score()));
  assert.deepEqual(values, [
    [
      [-1, -2],
      [-3, -4],
    ],
    null,
    null,
    null,
    null,
    [
      [-5, -6],
      [-7, -8],
    ],
  ]);
});

const TWO = graph({
  inputs: [
    { name: 'a', dtype: 'float32', dims: ['N'] },
    { name: 'names', dtype: 'string', dims: ['N', 1] },
    { name: 'l', dtype: 'float32', dims: ['N', 2] },
  ],
  outputs: [
    { name: 'double', dtype: 'float32', dims: ['N'] },
    { name: 'same', dtype: 'string', dims: ['N', 1] },
    { name: 'open', dtype: 'float32' },
  ],
  nodes: [
    { op: 'Add', inputs: ['a', 'a'], outputs: ['double'] },
    { op: 'Identity', inputs: ['names'], outputs: ['same'] },
    { op: 'Neg', inputs: ['l'], outputs: ['open'] },
  ],
});

test('several inputs and outputs: a struct, or a column each, of one run', async t => {
  const { table, model } = await setUp(t);
  const rows = await table("SELECT i::FLOAT AS a, 'n' || i AS names, [i, i + 1]::FLOAT[2] AS l FROM range(3) r(i)");
  const score = await model(TWO);
  const struct = rows.withColumn('y', score());
  assert.equal(typeName((await struct.schema()).type('y')), 'struct<double: float32, same: string, open: float32[2]>');
  const expected = [0, 1, 2].map(i => ({ double: 2 * i, same: `n${i}`, open: [-i, -i - 1] }));
  const minusZero = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
  assert.deepEqual(minusZero(await valuesOf(struct)), minusZero(expected));
  const columns = await rows.withColumns(score.outputs({ a: 'a', names: 'names', l: 'l' })).collect();
  assert.deepEqual(
    columns.map(row => row['same']),
    ['n0', 'n1', 'n2'],
  );
  const [only] = await rows.withColumn('y', (await model(TWO, { outputs: ['double'] }))()).collect();
  assert.equal(only!['y'], 0);
  const withNull = await table("SELECT unnest([1, NULL])::FLOAT AS a, 'n' AS names, [1, 2]::FLOAT[2] AS l");
  assert.deepEqual(await valuesOf(withNull.withColumn('y', score())), [{ double: 2, same: 'n', open: [-1, -2] }, null]);
});
