import {
  ARRAY,
  BIGINT,
  BIGNUM,
  BIT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  type DuckDBArrayType,
  type DuckDBDecimalType,
  type DuckDBEnumType,
  type DuckDBListType,
  type DuckDBMapType,
  DuckDBStructType as DuckDBStruct,
  type DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBUnionType,
  ENUM,
  FLOAT,
  HUGEINT,
  INTEGER,
  INTERVAL,
  LIST,
  MAP,
  SMALLINT,
  SQLNULL,
  TIME,
  TIME_NS,
  TIMESTAMP,
  TIMESTAMP_MS,
  TIMESTAMP_NS,
  TIMESTAMP_S,
  TIMESTAMPTZ,
  TIMETZ,
  TINYINT,
  UBIGINT,
  UHUGEINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  UUID,
  VARCHAR,
  VARIANT,
} from '@duckdb/node-api';
import { InframeError } from '../../frame/errors.js';
import type { DataType, TimeUnit } from '../../frame/types.js';

/** The kinds that need no parameter: their SQL word and the client's type, one line each, read in both directions. */
const PLAIN = {
  boolean: ['BOOLEAN', BOOLEAN],
  int8: ['TINYINT', TINYINT],
  int16: ['SMALLINT', SMALLINT],
  int32: ['INTEGER', INTEGER],
  int64: ['BIGINT', BIGINT],
  int128: ['HUGEINT', HUGEINT],
  uint8: ['UTINYINT', UTINYINT],
  uint16: ['USMALLINT', USMALLINT],
  uint32: ['UINTEGER', UINTEGER],
  uint64: ['UBIGINT', UBIGINT],
  uint128: ['UHUGEINT', UHUGEINT],
  float32: ['FLOAT', FLOAT],
  float64: ['DOUBLE', DOUBLE],
  string: ['VARCHAR', VARCHAR],
  binary: ['BLOB', BLOB],
  uuid: ['UUID', UUID],
  date: ['DATE', DATE],
  time: ['TIME', TIME],
  interval: ['INTERVAL', INTERVAL],
  null: ['"NULL"', SQLNULL],
} as const satisfies { readonly [kind: string]: readonly [string, DuckDBType] };

type PlainKind = keyof typeof PLAIN;

const PLAIN_BY_ID: ReadonlyMap<DuckDBTypeId, PlainKind> = new Map(
  (Object.keys(PLAIN) as PlainKind[]).map(kind => [PLAIN[kind][1].typeId, kind]),
);

const TIMESTAMPS: Readonly<Record<TimeUnit, readonly [string, DuckDBType]>> = {
  s: ['TIMESTAMP_S', TIMESTAMP_S],
  ms: ['TIMESTAMP_MS', TIMESTAMP_MS],
  us: ['TIMESTAMP', TIMESTAMP],
  ns: ['TIMESTAMP_NS', TIMESTAMP_NS],
};

/** DuckDB types without a kind of their own that can be named without parameters. */
const OTHERS: ReadonlyMap<string, DuckDBType> = new Map<string, DuckDBType>([
  ['BIGNUM', BIGNUM],
  ['BIT', BIT],
  ['TIMETZ', TIMETZ],
  ['TIME WITH TIME ZONE', TIMETZ],
  ['TIME_NS', TIME_NS],
  ['VARIANT', VARIANT],
]);

/**
 * The column type of a DuckDB type. Total: a type inframe has no kind for becomes `other` with DuckDB's own name, which
 * {@link toSql} gives back. Aliases (`JSON`, user types) are read through to what they stand for.
 *
 * Types: https://duckdb.org/docs/stable/sql/data_types/overview
 */
export function fromDuckDBType(type: DuckDBType): DataType {
  const plain = PLAIN_BY_ID.get(type.typeId);
  if (plain !== undefined) return { kind: plain };
  // The client's union of types is discriminated by `typeId` in fact but not in its declarations, hence the casts.
  switch (type.typeId) {
    case DuckDBTypeId.DECIMAL: {
      const { width, scale } = type as DuckDBDecimalType;
      return { kind: 'decimal', precision: width, scale };
    }
    case DuckDBTypeId.ENUM:
      return { kind: 'enum', values: [...(type as DuckDBEnumType).values] };
    case DuckDBTypeId.TIMESTAMP_S:
      return { kind: 'timestamp', unit: 's', zone: false };
    case DuckDBTypeId.TIMESTAMP_MS:
      return { kind: 'timestamp', unit: 'ms', zone: false };
    case DuckDBTypeId.TIMESTAMP:
      return { kind: 'timestamp', unit: 'us', zone: false };
    case DuckDBTypeId.TIMESTAMP_NS:
      return { kind: 'timestamp', unit: 'ns', zone: false };
    case DuckDBTypeId.TIMESTAMP_TZ:
      return { kind: 'timestamp', unit: 'us', zone: true };
    case DuckDBTypeId.LIST:
      return { kind: 'list', element: fromDuckDBType((type as DuckDBListType).valueType) };
    case DuckDBTypeId.ARRAY: {
      const { valueType, length } = type as DuckDBArrayType;
      return { kind: 'array', element: fromDuckDBType(valueType), length };
    }
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type as DuckDBStructType;
      return {
        kind: 'struct',
        fields: entryNames.map((name, index) => ({ name, type: fromDuckDBType(entryTypes[index]!) })),
      };
    }
    case DuckDBTypeId.MAP: {
      const { keyType, valueType } = type as DuckDBMapType;
      return { kind: 'map', key: fromDuckDBType(keyType), value: fromDuckDBType(valueType) };
    }
    case DuckDBTypeId.UNION: {
      const { memberTags, memberTypes } = type as DuckDBUnionType;
      const members = memberTags.map((tag, index) => `${quoteName(tag)} ${toSql(fromDuckDBType(memberTypes[index]!))}`);
      return { kind: 'other', name: `UNION(${members.join(', ')})` };
    }
    case DuckDBTypeId.TIME_TZ:
      return { kind: 'other', name: 'TIMETZ' };
    default:
      return { kind: 'other', name: DuckDBTypeId[type.typeId] ?? type.toString() };
  }
}

/**
 * The type as DuckDB SQL text, fit for `CAST(x AS ...)` and `CREATE TABLE`.
 *
 * @example
 * toSql({ kind: 'struct', fields: [{ name: 'a "b"', type: { kind: 'int32' } }] }); // STRUCT("a ""b""" INTEGER)
 */
export function toSql(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'enum':
      return `ENUM(${type.values.map(value => `'${value.replaceAll("'", "''")}'`).join(', ')})`;
    case 'timestamp':
      return type.zone ? 'TIMESTAMPTZ' : TIMESTAMPS[type.unit][0];
    case 'list':
      return `${toSql(type.element)}[]`;
    case 'array':
      return `${toSql(type.element)}[${type.length}]`;
    case 'struct':
      return `STRUCT(${type.fields.map(field => `${quoteName(field.name)} ${toSql(field.type)}`).join(', ')})`;
    case 'map':
      return `MAP(${toSql(type.key)}, ${toSql(type.value)})`;
    case 'other':
      return type.name;
    default:
      return PLAIN[type.kind][0];
  }
}

/**
 * The client's type object, for table functions, appenders and prepared parameters. A zoned timestamp is TIMESTAMPTZ
 * whatever its unit: DuckDB has microseconds only.
 *
 * @throws InframeError TYPE_MISMATCH for an `other` type that carries parameters (UNION, GEOMETRY, user types): such a
 * type can be named in SQL but not built here.
 */
export function toDuckDBType(type: DataType): DuckDBType {
  switch (type.kind) {
    case 'decimal':
      return DECIMAL(type.precision, type.scale);
    case 'enum':
      return ENUM(type.values);
    case 'timestamp':
      return type.zone ? TIMESTAMPTZ : TIMESTAMPS[type.unit][1];
    case 'list':
      return LIST(toDuckDBType(type.element));
    case 'array':
      return ARRAY(toDuckDBType(type.element), type.length);
    case 'struct':
      // Not STRUCT({...}): an object would reorder members whose names look like numbers.
      return new DuckDBStruct(
        type.fields.map(field => field.name),
        type.fields.map(field => toDuckDBType(field.type)),
      );
    case 'map':
      return MAP(toDuckDBType(type.key), toDuckDBType(type.value));
    case 'other': {
      const known = OTHERS.get(type.name.toUpperCase());
      if (known === undefined) {
        throw new InframeError(
          'TYPE_MISMATCH',
          `type '${type.name}' can only pass through the engine; cast the column to a type inframe can hold, for example CAST(column AS VARCHAR)`,
          { type: type.name },
        );
      }
      return known;
    }
    default:
      return PLAIN[type.kind][1];
  }
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
