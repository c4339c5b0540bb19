import {
  Schema as ArrowSchema,
  TimeUnit as ArrowTimeUnit,
  type DataType as ArrowType,
  DataType as ArrowTypes,
  Binary,
  Bool,
  DateDay,
  Decimal,
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  IntervalMonthDayNano,
  List,
  Map_,
  Null,
  Precision,
  Struct,
  TimeMicrosecond,
  TimeNanosecond,
  Timestamp,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { InframeError } from '../../frame/errors.js';
import { Schema } from '../../frame/schema.js';
import type { DataType, TimeUnit } from '../../frame/types.js';

/*
 * inframe -> Arrow. Decided here:
 *
 * - int128 is Decimal128(38, 0), as in DuckDB's own export, because sums of integers are HUGEINT and readers want numbers;
 *   a value of 39 digits is an error, never a wrong number. uint128 (hashes use all its bits) is its decimal text.
 * - uuid is its text; enum is a dictionary of its words with indices as wide as DuckDB's.
 * - interval is MonthDayNano; a zoned timestamp is in 'UTC'.
 * - TIME_NS is Time64(ns); GEOMETRY is its well-known binary; every other `other` is its text.
 *
 * Arrow's types: https://github.com/apache/arrow/blob/main/format/Schema.fbs
 */

const ARROW_UNIT: Readonly<Record<TimeUnit, ArrowTimeUnit>> = {
  s: ArrowTimeUnit.SECOND,
  ms: ArrowTimeUnit.MILLISECOND,
  us: ArrowTimeUnit.MICROSECOND,
  ns: ArrowTimeUnit.NANOSECOND,
};

const UNITS: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns'];

/** GEOMETRY is stored as well-known binary, which is what Arrow's readers of geometries expect too. */
export function isGeometry(type: DataType): boolean {
  return type.kind === 'other' && type.name === 'GEOMETRY';
}

/** Time of day in nanoseconds: a type of Arrow's and of DuckDB's, but not a kind of ours. */
export function isTimeNs(type: DataType): boolean {
  return type.kind === 'other' && type.name === 'TIME_NS';
}

/**
 * The Arrow type a column is written as. Enum types are cached by identity: one schema must give one dictionary id, or
 * each batch would replace the dictionary, which the file format forbids.
 */
export function toArrowType(type: DataType): ArrowType {
  switch (type.kind) {
    case 'boolean':
      return new Bool();
    case 'int8':
      return new Int8();
    case 'int16':
      return new Int16();
    case 'int32':
      return new Int32();
    case 'int64':
      return new Int64();
    case 'uint8':
      return new Uint8();
    case 'uint16':
      return new Uint16();
    case 'uint32':
      return new Uint32();
    case 'uint64':
      return new Uint64();
    case 'int128':
      return new Decimal(0, 38, 128);
    case 'float32':
      return new Float32();
    case 'float64':
      return new Float64();
    case 'decimal':
      return new Decimal(type.scale, type.precision, 128);
    case 'string':
    case 'uuid':
    case 'uint128':
      return new Utf8();
    case 'binary':
      return new Binary();
    case 'enum':
      return new Dictionary(new Utf8(), enumIndex(type.values.length));
    case 'date':
      return new DateDay();
    case 'time':
      return new TimeMicrosecond();
    case 'timestamp':
      return new Timestamp(ARROW_UNIT[type.unit], type.zone ? 'UTC' : null);
    case 'interval':
      return new IntervalMonthDayNano();
    case 'list':
      return new List(new Field('item', toArrowType(type.element), true));
    case 'array':
      return new FixedSizeList(type.length, new Field('item', toArrowType(type.element), true));
    case 'struct':
      return new Struct(type.fields.map(field => new Field(field.name, toArrowType(field.type), true)));
    case 'map': {
      const key = new Field('key', toArrowType(type.key), false);
      const value = new Field('value', toArrowType(type.value), true);
      // Map_ types its entries as a struct of `key` and `value`, which only a type written by hand could satisfy.
      return new Map_(new Field('entries', new Struct([key, value] as Field[]), false) as never);
    }
    case 'null':
      return new Null();
    case 'other':
      if (isTimeNs(type)) return new TimeNanosecond();
      return isGeometry(type) ? new Binary() : new Utf8();
  }
}

/** DuckDB's rule for the physical type of an enum: https://duckdb.org/docs/stable/sql/data_types/enum */
function enumIndex(size: number): Uint8 | Uint16 | Uint32 {
  if (size <= 0xff) return new Uint8();
  return size <= 0xffff ? new Uint16() : new Uint32();
}

const schemas = new WeakMap<Schema, ArrowSchema>();

/** The Arrow schema of a table. The same Schema object gives the same Arrow schema, dictionary ids included. */
export function toArrowSchema(schema: Schema): ArrowSchema {
  let made = schemas.get(schema);
  if (made === undefined) {
    made = new ArrowSchema(schema.fields.map(field => new Field(field.name, toArrowType(field.type), true)));
    schemas.set(schema, made);
  }
  return made;
}

const dictionaries = new WeakMap<ArrowType, Vector>();

/** The words of an enum as an Arrow vector; the same vector for the same Arrow type. */
export function enumDictionary(type: ArrowType, values: readonly string[]): Vector {
  let made = dictionaries.get(type);
  if (made === undefined) {
    made = vectorFromArray(values, new Utf8());
    dictionaries.set(type, made);
  }
  return made;
}

/**
 * The column type of an Arrow type. Dictionaries are read as their values, half floats as float32, date64 as date,
 * durations and all intervals as interval, fixed-size binary as binary, views and large variants as the plain type.
 * A zoned timestamp is an instant: its zone's name is not kept, and its unit becomes microseconds, DuckDB's only one.
 *
 * @param name the column, for the error's sentence
 * @throws InframeError TYPE_MISMATCH for unions, decimals of more than 38 digits or of a negative scale, empty structs
 * and fixed-size lists of no or more than 100 000 elements, which DuckDB cannot hold
 */
export function fromArrowType(type: ArrowType, name: string): DataType {
  if (ArrowTypes.isNull(type)) return { kind: 'null' };
  if (ArrowTypes.isBool(type)) return { kind: 'boolean' };
  if (ArrowTypes.isInt(type)) {
    if (![8, 16, 32, 64].includes(type.bitWidth)) throw unsupported(name, type, 'integers of 8, 16, 32 and 64 bits');
    return { kind: `${type.isSigned ? 'int' : 'uint'}${type.bitWidth}` };
  }
  if (ArrowTypes.isFloat(type)) return { kind: type.precision === Precision.DOUBLE ? 'float64' : 'float32' };
  if (ArrowTypes.isDecimal(type)) {
    const { precision, scale } = type;
    if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
      throw unsupported(name, type, 'decimals of 1 to 38 digits');
    }
    return { kind: 'decimal', precision, scale };
  }
  if (ArrowTypes.isUtf8(type) || ArrowTypes.isLargeUtf8(type) || ArrowTypes.isUtf8View(type)) return { kind: 'string' };
  if (
    ArrowTypes.isBinary(type) ||
    ArrowTypes.isLargeBinary(type) ||
    ArrowTypes.isBinaryView(type) ||
    ArrowTypes.isFixedSizeBinary(type)
  ) {
    return { kind: 'binary' };
  }
  if (ArrowTypes.isDate(type)) return { kind: 'date' };
  if (ArrowTypes.isTime(type)) {
    return type.unit === ArrowTimeUnit.NANOSECOND ? { kind: 'other', name: 'TIME_NS' } : { kind: 'time' };
  }
  if (ArrowTypes.isTimestamp(type)) {
    const zone = type.timezone != null && type.timezone !== '';
    const unit = UNITS[type.unit];
    if (unit === undefined) throw unsupported(name, type, 'timestamps in s, ms, us and ns');
    return { kind: 'timestamp', unit: zone ? 'us' : unit, zone };
  }
  if (ArrowTypes.isInterval(type) || ArrowTypes.isDuration(type)) return { kind: 'interval' };
  if (ArrowTypes.isDictionary(type)) {
    const values = type.dictionary as ArrowType;
    // Leaf types have null for children when decoded from a file, whatever the declarations say.
    if (
      (values.children as readonly Field[] | null)?.length ||
      ArrowTypes.isBool(values) ||
      ArrowTypes.isNull(values)
    ) {
      throw unsupported(name, type, 'dictionaries of strings, bytes, numbers and times');
    }
    return fromArrowType(values, name);
  }
  if (ArrowTypes.isList(type) || ArrowTypes.isLargeList(type)) {
    return { kind: 'list', element: fromArrowType(type.children[0]!.type, name) };
  }
  if (ArrowTypes.isFixedSizeList(type)) {
    if (type.listSize < 1 || type.listSize > LONGEST_ARRAY) {
      throw unsupported(name, type, `fixed-size lists of length 1 to ${LONGEST_ARRAY}`);
    }
    return { kind: 'array', element: fromArrowType(type.children[0]!.type, name), length: type.listSize };
  }
  if (ArrowTypes.isMap(type)) {
    const [key, value] = type.children[0]!.type.children as readonly Field[];
    return { kind: 'map', key: fromArrowType(key!.type, name), value: fromArrowType(value!.type, name) };
  }
  if (ArrowTypes.isStruct(type)) {
    const fields = type.children.map(field => ({ name: field.name, type: fromArrowType(field.type, name) }));
    const distinct = new Set(fields.map(field => field.name.toLowerCase()));
    if (fields.length === 0 || distinct.size !== fields.length || fields.some(field => !isName(field.name))) {
      throw unsupported(name, type, 'structs with at least one member, each with a name of its own');
    }
    return { kind: 'struct', fields };
  }
  throw unsupported(name, type, 'every Arrow type but unions and run-end encoded columns');
}

/** DuckDB's limit: https://duckdb.org/docs/stable/sql/data_types/array */
const LONGEST_ARRAY = 100_000;

/** SQL can quote any name but these two. */
function isName(name: string): boolean {
  return name !== '' && !name.includes('\0');
}

function unsupported(name: string, type: ArrowType, what: string): InframeError {
  return new InframeError(
    'TYPE_MISMATCH',
    `column '${name}' has the Arrow type ${String(type)}; inframe reads ${what}: cast the column in the program that writes the file`,
    { column: name, type: String(type) },
  );
}

const ours = new WeakMap<ArrowSchema, Schema>();

/**
 * The table schema of an Arrow schema.
 *
 * @throws InframeError TYPE_MISMATCH as {@link fromArrowType}; COLUMN_DUPLICATE where two columns share a name;
 * SOURCE_UNREADABLE where one has none
 */
export function fromArrowSchema(schema: ArrowSchema): Schema {
  let made = ours.get(schema);
  if (made === undefined) {
    const nameless = schema.fields.findIndex(field => !isName(field.name));
    if (nameless >= 0) {
      throw new InframeError(
        'SOURCE_UNREADABLE',
        `column ${nameless + 1} has no name (or one with a NUL in it), so that no query can speak of it; name it in the program that writes the file`,
        { position: nameless + 1 },
      );
    }
    made = new Schema(schema.fields.map(field => ({ name: field.name, type: fromArrowType(field.type, field.name) })));
    ours.set(schema, made);
  }
  return made;
}
