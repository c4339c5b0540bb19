import {
  type DataType as ArrowType,
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
  Struct,
  TimeMicrosecond,
  Timestamp,
  TimeUnit,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
} from 'apache-arrow';
import { quoteText } from '../../src/connectors/duckdb/quote.js';

/*
 * Tables written by hand: `table({ id: int64(1, 2), name: string('a', null) })`. They are what operations read, and what
 * they have to give.
 *
 * A value is compared in a form that is exact and can be read in a message: 64-bit integers are bigints, float32 numbers
 * the float64 of the same value, decimals, dates and times texts, bytes hexadecimal digits, maps lists of pairs.
 */

/** What of a type is written in a test. */
export interface Values<W> {
  readonly arrow: ArrowType;
  /** DuckDB's name of the type, for the files that operations read. */
  readonly sql: string;
  /** The form in which a value is compared. */
  readonly compared: (written: W) => unknown;
  /** The value, in that form, as DuckDB's SQL. */
  readonly literal: (value: unknown) => string;
}

/** A type: called with the values of a column it makes the column. */
export interface Type<W> extends Values<W> {
  (...values: readonly (W | null)[]): ColumnData;
}

export interface ColumnData {
  readonly type: Pick<Values<never>, 'arrow' | 'sql' | 'literal'>;
  readonly values: readonly unknown[];
}

export interface TableData {
  readonly columns: Readonly<Record<string, ColumnData>>;
  readonly rows: number;
}

export function table(columns: Readonly<Record<string, ColumnData>>): TableData {
  const lengths = new Set(Object.values(columns).map(column => column.values.length));
  if (lengths.size !== 1) {
    throw new Error(`columns ${Object.keys(columns).join(', ')} have lengths ${[...lengths].join(', ')}`);
  }
  const [rows] = lengths;
  return Object.freeze({ columns: Object.freeze(columns), rows: rows! });
}

type Init<W> = Pick<Values<W>, 'arrow' | 'sql'> & Partial<Values<W>>;

function type<W>({ arrow, sql, compared = written => written, literal }: Init<W>): Type<W> {
  const members: Values<W> = {
    arrow,
    sql,
    compared,
    literal: value =>
      value === null ? `CAST(NULL AS ${sql})` : (literal ?? (each => `CAST(${textOf(each)} AS ${sql})`))(value),
  };
  const column = (...values: readonly (W | null)[]): ColumnData => ({
    type: members,
    values: values.map(value => (value === null ? null : compared(value))),
  });
  return Object.assign(column, members);
}

function textOf(value: unknown): string {
  return quoteText(Object.is(value, -0) ? '-0.0' : String(value));
}

/** A text of a fixed form, so that equal values are equal texts. */
function formed(pattern: RegExp): (written: string) => string {
  return written => {
    if (!pattern.test(written)) throw new Error(`'${written}' is not written as ${pattern}`);
    return written;
  };
}

export const boolean = type<boolean>({ arrow: new Bool(), sql: 'BOOLEAN' });
export const int8 = type<number>({ arrow: new Int8(), sql: 'TINYINT' });
export const int16 = type<number>({ arrow: new Int16(), sql: 'SMALLINT' });
export const int32 = type<number>({ arrow: new Int32(), sql: 'INTEGER' });
export const int64 = type<number | bigint>({ arrow: new Int64(), sql: 'BIGINT', compared: BigInt });
export const uint8 = type<number>({ arrow: new Uint8(), sql: 'UTINYINT' });
export const uint16 = type<number>({ arrow: new Uint16(), sql: 'USMALLINT' });
export const uint32 = type<number>({ arrow: new Uint32(), sql: 'UINTEGER' });
export const uint64 = type<number | bigint>({ arrow: new Uint64(), sql: 'UBIGINT', compared: BigInt });
/** 128-bit integers are decimals of 38 digits in Arrow. */
export const int128 = type<number | bigint>({
  arrow: new Decimal(0, 38, 128),
  sql: 'HUGEINT',
  compared: written => String(BigInt(written)),
});
export const uint128 = type<string>({ arrow: new Utf8(), sql: 'UHUGEINT', compared: formed(/^\d+$/) });
export const float32 = type<number>({ arrow: new Float32(), sql: 'FLOAT', compared: Math.fround });
export const float64 = type<number>({ arrow: new Float64(), sql: 'DOUBLE' });
export const string = type<string>({ arrow: new Utf8(), sql: 'VARCHAR', literal: value => quoteText(String(value)) });
/** Bytes, written in hexadecimal digits. */
export const binary = type<string>({
  arrow: new Binary(),
  sql: 'BLOB',
  compared: formed(/^([0-9a-f]{2})*$/),
  literal: value => `from_hex(${quoteText(String(value))})`,
});
export const uuid = type<string>({ arrow: new Utf8(), sql: 'UUID' });
export const date = type<string>({ arrow: new DateDay(), sql: 'DATE', compared: formed(/^\d{4}-\d\d-\d\d$/) });
export const time = type<string>({
  arrow: new TimeMicrosecond(),
  sql: 'TIME',
  compared: formed(/^\d\d:\d\d:\d\d(\.\d{0,5}[1-9])?$/),
});

/** `1 months -2 days 3 us`: the three parts that an interval has. */
export const interval = type<string>({
  arrow: new IntervalMonthDayNano(),
  sql: 'INTERVAL',
  compared: formed(/^-?\d+ months -?\d+ days -?\d+ us$/),
});

const nothing = type<null>({ arrow: new Null(), sql: 'INTEGER' });
/** So many nulls of no type. */
export function nulls(count: number): ColumnData {
  return nothing(...Array.from({ length: count }, () => null));
}

const MOMENT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{0,8}[1-9])?$/;

function moment(unit: TimeUnit, sql: string, zone: string | null = null): Type<string> {
  return type<string>({
    arrow: new Timestamp(unit, zone),
    sql,
    compared: formed(MOMENT),
    literal: value => `CAST(${quoteText(`${value}${zone === null ? '' : '+00'}`)} AS ${sql})`,
  });
}

/** `2024-02-29 12:30:00.5`, without zeros at the end. */
export const timestamp = moment(TimeUnit.MICROSECOND, 'TIMESTAMP');
export const timestampS = moment(TimeUnit.SECOND, 'TIMESTAMP_S');
export const timestampMs = moment(TimeUnit.MILLISECOND, 'TIMESTAMP_MS');
export const timestampNs = moment(TimeUnit.NANOSECOND, 'TIMESTAMP_NS');
/** An instant, written in UTC. */
export const timestampUtc = moment(TimeUnit.MICROSECOND, 'TIMESTAMPTZ', 'UTC');

/** Written as a text with all its digits: `decimal(5, 2)('1.50')`. */
export function decimal(precision: number, scale: number): Type<string> {
  return type<string>({
    arrow: new Decimal(scale, precision, 128),
    sql: `DECIMAL(${precision}, ${scale})`,
    compared: formed(scale === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${scale}}$`)),
  });
}

/** One of so many words. */
export function enumeration(...words: readonly string[]): Type<string> {
  return type<string>({
    arrow: new Dictionary(new Utf8(), new Uint8()),
    sql: `ENUM(${words.map(word => quoteText(word)).join(', ')})`,
  });
}

/** Fields are nullable in every type: what is said of that is not compared. */
function field(name: string, arrow: ArrowType): Field {
  return new Field(name, arrow, true);
}

function elements<W>(element: Values<W>): Pick<Values<readonly (W | null)[]>, 'compared' | 'literal'> {
  return {
    compared: written => written.map(each => (each === null ? null : element.compared(each))),
    literal: value => `[${(value as readonly unknown[]).map(each => element.literal(each)).join(', ')}]`,
  };
}

export function list<W>(element: Values<W>): Type<readonly (W | null)[]> {
  const sql = `${element.sql}[]`;
  const { compared, literal } = elements(element);
  // Of an empty list the elements do not tell the type.
  const cast = (value: unknown): string => `CAST(${literal(value)} AS ${sql})`;
  return type({ arrow: new List(field('item', element.arrow)), sql, compared, literal: cast });
}

/** A list of the same length in every row. */
export function array<W>(element: Values<W>, length: number): Type<readonly (W | null)[]> {
  const sql = `${element.sql}[${length}]`;
  const { compared, literal } = elements(element);
  const cast = (value: unknown): string => `CAST(${literal(value)} AS ${sql})`;
  return type({ arrow: new FixedSizeList(length, field('item', element.arrow)), sql, compared, literal: cast });
}

/** What is written of a struct of such members. */
type Members<M> = { readonly [name in keyof M]: (M[name] extends Values<infer W> ? W : never) | null };

export function struct<M extends Readonly<Record<string, Values<never>>>>(members: M): Type<Members<M>> {
  const entries = Object.entries(members);
  return type<Members<M>>({
    arrow: new Struct(entries.map(([name, { arrow }]) => field(name, arrow))),
    sql: `STRUCT(${entries.map(([name, { sql }]) => `"${name}" ${sql}`).join(', ')})`,
    compared: written =>
      Object.fromEntries(
        entries.map(([name, { compared }]) => {
          const value = written[name];
          return [name, value === null || value === undefined ? null : compared(value as never)];
        }),
      ),
    literal: value =>
      `{${entries.map(([name, { literal }]) => `"${name}": ${literal((value as Record<string, unknown>)[name])}`).join(', ')}}`,
  });
}

/** Written as a list of pairs, which is the order of its entries. */
export function map<K, V>(key: Values<K>, value: Values<V>): Type<readonly (readonly [K, V | null])[]> {
  const entry = new Struct([new Field('key', key.arrow, false), field('value', value.arrow)]);
  const sql = `MAP(${key.sql}, ${value.sql})`;
  return type<readonly (readonly [K, V | null])[]>({
    // The library wants a struct type written by hand here.
    arrow: new Map_(new Field('entries', entry, false) as never),
    sql,
    compared: written => written.map(([k, v]) => [key.compared(k), v === null ? null : value.compared(v)]),
    literal: pairs => {
      const entries = pairs as readonly (readonly [unknown, unknown])[];
      const texts = entries.map(([k, v]) => `${key.literal(k)}: ${value.literal(v)}`);
      return `CAST(MAP {${texts.join(', ')}} AS ${sql})`;
    },
  });
}
