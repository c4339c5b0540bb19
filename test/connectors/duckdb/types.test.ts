import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { fromDuckDBType, toDuckDBType, toSql } from '../../../src/connectors/duckdb/types.js';
import { InframeError } from '../../../src/frame/errors.js';
import type { DataType } from '../../../src/frame/types.js';

let connection: DuckDBConnection;
let instance: DuckDBInstance;

before(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  connection = await instance.connect();
});

after(() => {
  connection.closeSync();
  instance.closeSync();
});

/** DuckDB's own description of each type is the judge. */
const TYPES: readonly (readonly [DataType, string])[] = [
  [{ kind: 'boolean' }, 'BOOLEAN'],
  [{ kind: 'int8' }, 'TINYINT'],
  [{ kind: 'int16' }, 'SMALLINT'],
  [{ kind: 'int32' }, 'INTEGER'],
  [{ kind: 'int64' }, 'BIGINT'],
  [{ kind: 'int128' }, 'HUGEINT'],
  [{ kind: 'uint8' }, 'UTINYINT'],
  [{ kind: 'uint16' }, 'USMALLINT'],
  [{ kind: 'uint32' }, 'UINTEGER'],
  [{ kind: 'uint64' }, 'UBIGINT'],
  [{ kind: 'uint128' }, 'UHUGEINT'],
  [{ kind: 'float32' }, 'FLOAT'],
  [{ kind: 'float64' }, 'DOUBLE'],
  [{ kind: 'decimal', precision: 18, scale: 3 }, 'DECIMAL(18,3)'],
  [{ kind: 'string' }, 'VARCHAR'],
  [{ kind: 'binary' }, 'BLOB'],
  [{ kind: 'uuid' }, 'UUID'],
  [{ kind: 'enum', values: ["it's", 'b'] }, "ENUM('it''s', 'b')"],
  [{ kind: 'date' }, 'DATE'],
  [{ kind: 'time' }, 'TIME'],
  [{ kind: 'timestamp', unit: 's', zone: false }, 'TIMESTAMP_S'],
  [{ kind: 'timestamp', unit: 'ms', zone: false }, 'TIMESTAMP_MS'],
  [{ kind: 'timestamp', unit: 'us', zone: false }, 'TIMESTAMP'],
  [{ kind: 'timestamp', unit: 'ns', zone: false }, 'TIMESTAMP_NS'],
  [{ kind: 'timestamp', unit: 'us', zone: true }, 'TIMESTAMP WITH TIME ZONE'],
  [{ kind: 'interval' }, 'INTERVAL'],
  [{ kind: 'list', element: { kind: 'list', element: { kind: 'int32' } } }, 'INTEGER[][]'],
  [{ kind: 'array', element: { kind: 'float32' }, length: 3 }, 'FLOAT[3]'],
  [
    {
      kind: 'struct',
      fields: [
        { name: '2', type: { kind: 'int32' } },
        { name: 'a "b"', type: { kind: 'string' } },
        { name: '1', type: { kind: 'date' } },
      ],
    },
    'STRUCT("2" INTEGER, "a ""b""" VARCHAR, "1" DATE)',
  ],
  [{ kind: 'map', key: { kind: 'string' }, value: { kind: 'int64' } }, 'MAP(VARCHAR, BIGINT)'],
  [{ kind: 'other', name: 'BIT' }, 'BIT'],
  [{ kind: 'other', name: 'BIGNUM' }, 'BIGNUM'],
  [{ kind: 'other', name: 'TIMETZ' }, 'TIME WITH TIME ZONE'],
  [{ kind: 'other', name: 'TIME_NS' }, 'TIME_NS'],
  [{ kind: 'other', name: 'UNION("a b" INTEGER, "s" VARCHAR)' }, 'UNION("a b" INTEGER, s VARCHAR)'],
];

for (const [type, name] of TYPES) {
  test(`${name} is read and named`, async () => {
    const result = await connection.runAndReadAll(
      `SELECT typeof(x), x FROM (SELECT CAST(NULL AS ${toSql(type)}) AS x)`,
    );
    assert.equal(result.value(0, 0), name);
    assert.deepEqual(fromDuckDBType(result.columnType(1)), type);
  });
}

test('type objects are those DuckDB makes', async () => {
  for (const [type] of TYPES) {
    if (type.kind === 'other' && type.name.startsWith('UNION')) continue;
    assert.deepEqual(fromDuckDBType(toDuckDBType(type)), type);
  }
});

test('a null is named so that SQL accepts it', async () => {
  const result = await connection.runAndReadAll(`SELECT typeof(CAST(NULL AS ${toSql({ kind: 'null' })}))`);
  assert.equal(result.value(0, 0), '"NULL"');
});

test('a type with parameters that only SQL can name is refused with the remedy', () => {
  assert.throws(
    () => toDuckDBType({ kind: 'other', name: 'UNION("a" INTEGER)' }),
    (error: unknown) => error instanceof InframeError && error.code === 'TYPE_MISMATCH' && /CAST/.test(error.message),
  );
});

test('a zoned timestamp of any unit is TIMESTAMPTZ', () => {
  assert.equal(toSql({ kind: 'timestamp', unit: 'ns', zone: true }), 'TIMESTAMPTZ');
});
