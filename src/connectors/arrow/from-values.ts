import { type DataType as ArrowType, Data, RecordBatch, Struct } from 'apache-arrow';
import { InframeError } from '../../frame/errors.js';
import type { LocalValue } from '../../frame/plan.js';
import type { TypedColumn, ValueColumn } from '../../frame/plan-verbs.js';
import type { Schema } from '../../frame/schema.js';
import { type DataType, typeName } from '../../frame/types.js';
import { allValid, bitmapBytes, clearBit } from './bits.js';
import { toArrowSchema } from './types.js';

/** Rows a batch: enough that a batch costs little, few enough that its copy does. */
const BATCH_ROWS = 65_536;

/**
 * Columns of JavaScript values as Arrow record batches. Values must be of their column's type: numbers for floats and for
 * integers of up to 32 bits, `bigint` for 64, texts, booleans, `Uint8Array`, `Date` for timestamps in microseconds, arrays
 * for lists, objects for structs; null for all.
 *
 * @throws InframeError INTERNAL for a type that has no such values
 */
export function* valuesToBatches(schema: Schema, columns: readonly ValueColumn[]): Generator<RecordBatch> {
  const arrow = toArrowSchema(schema);
  const rows = columns[0]?.length ?? 0;
  for (let from = 0; from < rows; from += BATCH_ROWS) {
    const to = Math.min(from + BATCH_ROWS, rows);
    const children = schema.fields.map(({ type }, at) => {
      const values = columns[at]!;
      const arrowType = arrow.fields[at]!.type;
      return isTyped(values)
        ? columnData(arrowType, to - from, { values: values.subarray(from, to) })
        : toData(type, arrowType, values.slice(from, to));
    });
    yield new RecordBatch(arrow, new Data(new Struct(arrow.fields), 0, to - from, 0, undefined, children));
  }
}

function isTyped(values: ValueColumn): values is TypedColumn {
  return ArrayBuffer.isView(values);
}

interface Buffers {
  readonly validity?: Uint8Array | undefined;
  readonly offsets?: Int32Array;
  readonly values?: ArrayBufferView;
  readonly children?: readonly Data[];
}

function columnData(type: ArrowType, count: number, { validity, offsets, values, children = [] }: Buffers): Data {
  // apache-arrow types the buffers by the Arrow type, which is only known at run time here.
  const buffers = [offsets, values, validity] as unknown as ConstructorParameters<typeof Data>[4];
  return new Data(type, 0, count, validity === undefined ? 0 : -1, buffers, [...children]);
}

const NUMBERS = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

const BIG_NUMBERS = { int64: BigInt64Array, uint64: BigUint64Array } as const;

function toData(type: DataType, arrow: ArrowType, values: readonly LocalValue[]): Data {
  const count = values.length;
  if (type.kind === 'null') return columnData(arrow, count, {});
  const validity = validityOf(values);
  switch (type.kind) {
    case 'boolean': {
      const bits = new Uint8Array(bitmapBytes(count));
      for (let row = 0; row < count; row++) if (values[row] === true) bits[row >>> 3]! |= 1 << (row & 7);
      return columnData(arrow, count, { validity, values: bits });
    }
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'float32':
    case 'float64': {
      const numbers = new NUMBERS[type.kind](count);
      for (let row = 0; row < count; row++) numbers[row] = Number(values[row] ?? 0);
      return columnData(arrow, count, { validity, values: numbers });
    }
    case 'int64':
    case 'uint64': {
      const numbers = new BIG_NUMBERS[type.kind](count);
      for (let row = 0; row < count; row++) numbers[row] = BigInt((values[row] as bigint | null) ?? 0n);
      return columnData(arrow, count, { validity, values: numbers });
    }
    case 'timestamp': {
      const instants = new BigInt64Array(count);
      for (let row = 0; row < count; row++) {
        const value = values[row];
        if (value instanceof Date) instants[row] = BigInt(value.getTime()) * 1000n;
      }
      return columnData(arrow, count, { validity, values: instants });
    }
    case 'string':
    case 'binary':
      return columnData(arrow, count, { validity, ...spans(values) });
    case 'list': {
      const offsets = new Int32Array(count + 1);
      const elements: LocalValue[] = [];
      values.forEach((value, row) => {
        if (Array.isArray(value)) for (const element of value) elements.push(element);
        offsets[row + 1] = elements.length;
      });
      const children = [toData(type.element, arrow.children[0]!.type, elements)];
      return columnData(arrow, count, { validity, offsets, children });
    }
    case 'struct': {
      const children = type.fields.map(({ name, type: member }, at) =>
        toData(
          member,
          arrow.children[at]!.type,
          values.map(value => (value as Readonly<Record<string, LocalValue>> | null)?.[name] ?? null),
        ),
      );
      return columnData(arrow, count, { validity, children });
    }
    default:
      throw new InframeError('INTERNAL', `type ${typeName(type)} has no plain values`);
  }
}

/** One bit a value, or undefined where there is no null. */
function validityOf(values: readonly LocalValue[]): Uint8Array | undefined {
  let bits: Uint8Array | undefined;
  for (let row = 0; row < values.length; row++) {
    if (values[row] !== null) continue;
    bits ??= allValid(values.length);
    clearBit(bits, row);
  }
  return bits;
}

/** Texts or bytes end to end. */
function spans(values: readonly LocalValue[]): { readonly offsets: Int32Array; readonly values: Uint8Array } {
  const offsets = new Int32Array(values.length + 1);
  let size = 0;
  values.forEach((value, row) => {
    size += typeof value === 'string' ? Buffer.byteLength(value) : value instanceof Uint8Array ? value.length : 0;
    offsets[row + 1] = size;
  });
  const bytes = Buffer.allocUnsafe(size);
  values.forEach((value, row) => {
    if (typeof value === 'string') bytes.write(value, offsets[row]!);
    else if (value instanceof Uint8Array) bytes.set(value, offsets[row]!);
  });
  return { offsets, values: bytes };
}
