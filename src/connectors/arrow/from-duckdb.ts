import { type DuckDBDataChunk, DuckDBTypeId, DuckDBVector } from '@duckdb/node-api';
import { type DataType as ArrowType, Data, RecordBatch, Struct, type Vector } from 'apache-arrow';
import { InframeError } from '../../frame/errors.js';
import type { Schema } from '../../frame/schema.js';
import type { DataType } from '../../frame/types.js';
import { toDuckDBType, toSql } from '../duckdb/types.js';
import { andBits, bitAt, repeatBits } from './bits.js';
import { gatherStrings } from './gather-strings.js';
import { type NativeVector, native } from './native.js';
import { countItems, gatherFixed, gatherValidity, type Part } from './parts.js';
import { enumDictionary, isGeometry, isTimeNs, toArrowSchema } from './types.js';
import {
  check38Digits,
  decimalWidth,
  packBooleans,
  textsOf,
  uint128Texts,
  uuidTexts,
  widenDecimals,
  widenIntervals,
} from './widen.js';

/**
 * DuckDB chunks as one Arrow record batch, column by column and buffer by buffer: a fixed-width column is one copy a
 * chunk. Everything is copied, so the chunks may be dropped afterwards.
 *
 * In: the schema of the chunks (names, and types that must be the chunks' own), and chunks in row order; none gives an
 * empty batch, and columns behind the schema's are passed over. Out: a batch whose schema equals `toArrowSchema(schema)`, dictionary ids included.
 *
 * Invariant A1: a null struct or fixed-size list has null children, so that no reader meets what DuckDB left there.
 *
 * @throws InframeError TYPE_MISMATCH where a value has no room in its Arrow type (integers of 39 digits, intervals beyond
 * 292 years); INTERNAL where a chunk is not of the schema; RangeError where the strings of one column exceed 2 GiB
 * @see https://arrow.apache.org/docs/format/Columnar.html
 */
export function chunksToBatch(schema: Schema, chunks: readonly DuckDBDataChunk[]): RecordBatch {
  const arrow = toArrowSchema(schema);
  const sizes = chunks.map(chunk => {
    if (chunk.columnCount < schema.length) throw notOfSchema(`${chunk.columnCount} columns`, `${schema.length}`);
    return chunk.rowCount;
  });
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const columns = schema.fields.map((field, column) => {
    const parts = chunks.map((chunk, index) => ({
      vector: native.data_chunk_get_vector(chunk.chunk, column),
      size: sizes[index]!,
      ranges: [0, sizes[index]!],
    }));
    return convert(field.type, arrow.fields[column]!.type, parts, null);
  });
  return new RecordBatch(arrow, new Data(new Struct(arrow.fields), 0, rows, 0, undefined, columns));
}

/** The buffers a column may have; absent ones stay undefined. */
interface Buffers {
  readonly validity?: Uint8Array | null;
  readonly offsets?: Int32Array;
  readonly values?: ArrayBufferView;
  readonly children?: readonly Data[];
  readonly dictionary?: Vector;
}

function column(type: ArrowType, count: number, buffers: Buffers): Data {
  const { validity = null, offsets, values, children = [], dictionary } = buffers;
  // apache-arrow types the buffers by the Arrow type, which is only known at run time here.
  const native = [offsets, values, validity ?? undefined] as unknown as ConstructorParameters<typeof Data>[4];
  return new Data(type, 0, count, validity === null ? 0 : -1, native, [...children], dictionary);
}

/**
 * One column, or one level of a nested one.
 *
 * @param parent validity that the level above imposes (Invariant A1), `count` bits, or null
 */
function convert(type: DataType, arrow: ArrowType, parts: readonly Part[], parent: Uint8Array | null): Data {
  const count = countItems(parts);
  for (const part of parts) checkVector(part.vector, type);
  if (type.kind === 'null') return column(arrow, count, {});
  const validity = andBits(gatherValidity(parts, count), parent);
  const fixed = (width: number) => gatherFixed(parts, count, width);
  switch (type.kind) {
    case 'boolean':
      return column(arrow, count, { validity, values: packBooleans(fixed(1), count) });
    case 'int128': {
      const values = new Uint32Array(fixed(16).buffer);
      check38Digits(values, validity, count);
      return column(arrow, count, { validity, values });
    }
    case 'decimal': {
      const width = decimalWidth(type.precision);
      return column(arrow, count, { validity, values: widenDecimals(fixed(width), width, count) });
    }
    case 'interval':
      return column(arrow, count, { validity, values: widenIntervals(fixed(16), validity, count) });
    case 'string':
    case 'binary': {
      const { offsets, bytes } = gatherStrings(parts, count, validity);
      return column(arrow, count, { validity, offsets, values: bytes });
    }
    case 'uuid': {
      const { offsets, bytes } = uuidTexts(fixed(16), validity, count);
      return column(arrow, count, { validity, offsets, values: bytes });
    }
    case 'uint128': {
      const { offsets, bytes } = uint128Texts(new Uint32Array(fixed(16).buffer), validity, count);
      return column(arrow, count, { validity, offsets, values: bytes });
    }
    case 'enum': {
      const Indices =
        type.values.length <= 0xff ? Uint8Array : type.values.length <= 0xffff ? Uint16Array : Uint32Array;
      const values = new Indices(fixed(Indices.BYTES_PER_ELEMENT).buffer);
      return column(arrow, count, { validity, values, dictionary: enumDictionary(arrow, type.values) });
    }
    case 'list':
      return list(type.element, arrow, parts, count, validity);
    case 'map':
      return list(
        {
          kind: 'struct',
          fields: [
            { name: 'key', type: type.key },
            { name: 'value', type: type.value },
          ],
        },
        arrow,
        parts,
        count,
        validity,
      );
    case 'array': {
      const { length } = type;
      const below = parts.map(part => ({
        vector: native.array_vector_get_child(part.vector),
        size: part.size * length,
        ranges: part.ranges.map(at => at * length),
      }));
      const child = convert(type.element, arrow.children[0]!.type, below, repeatBits(validity, count, length));
      return column(arrow, count, { validity, children: [child] });
    }
    case 'struct': {
      const children = type.fields.map((field, index) => {
        const below = parts.map(part => ({ ...part, vector: native.struct_vector_get_child(part.vector, index) }));
        return convert(field.type, arrow.children[index]!.type, below, validity);
      });
      return column(arrow, count, { validity, children });
    }
    case 'other':
      if (isTimeNs(type)) return column(arrow, count, { validity, values: new BigInt64Array(fixed(8).buffer) });
      if (isGeometry(type)) {
        const { offsets, bytes } = gatherStrings(parts, count, validity);
        return column(arrow, count, { validity, offsets, values: bytes });
      }
      return texts(arrow, parts, count, parent);
    default: {
      const Values = FIXED[type.kind === 'timestamp' ? 'int64' : type.kind];
      return column(arrow, count, { validity, values: new Values(fixed(Values.BYTES_PER_ELEMENT).buffer) });
    }
  }
}

/** Types whose values have one layout in DuckDB and in Arrow. */
const FIXED = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
  date: Int32Array,
  time: BigInt64Array,
} as const;

/**
 * Lists and maps. A DuckDB list is (offset u64, length u64) into its child vector; after a filter or an unnest these need
 * be neither contiguous nor ascending, so the child is gathered range by range in the order of the rows. Neighbouring
 * ranges are joined: a freshly read chunk is a single one.
 */
function list(
  element: DataType,
  arrow: ArrowType,
  parts: readonly Part[],
  count: number,
  validity: Uint8Array | null,
): Data {
  const offsets = new Int32Array(count + 1);
  let row = 0;
  let total = 0;
  const below = parts.map((part): Part => {
    const ranges: number[] = [];
    if (part.size > 0) {
      const data = native.vector_get_data(part.vector, part.size * 16);
      // The high words are always 0: a child vector has fewer than 2^32 items.
      const entries = new Uint32Array(data.buffer, data.byteOffset, part.size * 4);
      for (let r = 0; r < part.ranges.length; r += 2) {
        const end = part.ranges[r]! + part.ranges[r + 1]!;
        for (let item = part.ranges[r]!; item < end; item++) {
          const length = validity === null || bitAt(validity, row) ? entries[item * 4 + 2]! : 0;
          if (length > 0) {
            const start = entries[item * 4]!;
            const last = ranges.length - 2;
            if (last >= 0 && ranges[last]! + ranges[last + 1]! === start) ranges[last + 1]! += length;
            else ranges.push(start, length);
            total += length;
          }
          offsets[++row] = total;
        }
      }
    }
    return {
      vector: native.list_vector_get_child(part.vector),
      size: part.size === 0 ? 0 : native.list_vector_get_size(part.vector),
      ranges,
    };
  });
  if (total > 0x7fffffff) throw new RangeError(`lists of one batch hold ${total} elements, more than 2^31`);
  const child = convert(element, arrow.children[0]!.type, below, null);
  return column(arrow, count, { validity, offsets, children: [child] });
}

/** Types Arrow has no type for: the client's own text of each value. */
function texts(arrow: ArrowType, parts: readonly Part[], count: number, parent: Uint8Array | null): Data {
  const items: (string | null)[] = [];
  for (const part of parts) {
    if (part.size === 0) continue;
    // The client declares its handle type in a package that is not a dependency of ours; it is the same object.
    const vector = DuckDBVector.create(part.vector as Parameters<typeof DuckDBVector.create>[0], part.size);
    for (let r = 0; r < part.ranges.length; r += 2) {
      for (let i = part.ranges[r]!; i < part.ranges[r]! + part.ranges[r + 1]!; i++) {
        const hidden = parent !== null && !bitAt(parent, items.length);
        const value = hidden ? null : vector.getItem(i);
        items.push(value === null ? null : String(value));
      }
    }
  }
  const validity = new Uint8Array(((count + 63) >>> 6) << 3);
  items.forEach((item, i) => {
    if (item !== null) validity[i >>> 3]! |= 1 << (i & 7);
  });
  const { offsets, bytes } = textsOf(count, i => items[i] ?? null);
  return column(arrow, count, { validity, offsets, values: bytes });
}

/**
 * Compares a vector with the type it is about to be read as: reading memory by a wrong width would be undefined
 * behaviour, not an exception. One level only; the recursion of {@link convert} does the rest.
 */
function checkVector(vector: NativeVector, type: DataType): void {
  if (type.kind === 'null') return;
  const actual = native.vector_get_column_type(vector);
  const id = native.get_type_id(actual);
  // Most `other` types are read by the client, from the vector's own type, and need not be compared.
  const expected = type.kind === 'other' ? (OTHER_IDS.get(type.name) ?? id) : idOf(type);
  let same = id === expected;
  if (same) {
    if (type.kind === 'decimal') same = decimalWidth(native.decimal_width(actual)) === decimalWidth(type.precision);
    if (type.kind === 'enum') same = native.enum_dictionary_size(actual) === type.values.length;
    if (type.kind === 'array') same = native.array_type_array_size(actual) === type.length;
    if (type.kind === 'struct') same = native.struct_type_child_count(actual) === type.fields.length;
  }
  if (!same) throw notOfSchema(DuckDBTypeId[id] ?? String(id), toSql(type));
}

/** The `other` types whose memory is read here. */
const OTHER_IDS: ReadonlyMap<string, DuckDBTypeId> = new Map([
  ['TIME_NS', DuckDBTypeId.TIME_NS],
  ['GEOMETRY', DuckDBTypeId.GEOMETRY],
]);

const ids = new Map<string, DuckDBTypeId>();

function idOf(type: DataType): DuckDBTypeId {
  switch (type.kind) {
    case 'list':
      return DuckDBTypeId.LIST;
    case 'array':
      return DuckDBTypeId.ARRAY;
    case 'struct':
      return DuckDBTypeId.STRUCT;
    case 'map':
      return DuckDBTypeId.MAP;
    case 'enum':
      return DuckDBTypeId.ENUM;
    default: {
      const key = type.kind === 'timestamp' ? `${type.unit}${type.zone}` : type.kind;
      let id = ids.get(key);
      if (id === undefined) {
        id = toDuckDBType(type).typeId;
        ids.set(key, id);
      }
      return id;
    }
  }
}

function notOfSchema(actual: string, expected: string): InframeError {
  return new InframeError(
    'INTERNAL',
    `chunk has ${actual} where its schema says ${expected}; this is a bug in inframe`,
    {
      actual,
      expected,
    },
  );
}
