import { type Data, type DataType, type Decimal, type FixedSizeList, type Table, TimeUnit, Type } from 'apache-arrow';

/*
 * The values of an Arrow table in the form in which types.ts writes them. They are read from the buffers, since the
 * library's own getters make numbers of times and so lose digits.
 */

/** The values of each column, by row. */
export function arrowValues(table: Table): readonly (readonly unknown[])[] {
  return table.schema.fields.map((_, at) => {
    const chunks: readonly Data[] = table.getChildAt(at)?.data ?? [];
    return chunks.flatMap(data => Array.from({ length: data.length }, (__, row) => valueAt(data, row)));
  });
}

/** What the buffers of a chunk hold, which depends on its type: the library types them by it. */
interface Buffers {
  readonly values: Int32Array;
  readonly words: Uint32Array;
  readonly bytes: Uint8Array;
  readonly bigints: BigInt64Array;
  readonly valueOffsets: Int32Array;
}

function buffersOf(data: Data): Buffers {
  const { values, valueOffsets } = data as unknown as Pick<Buffers, 'values' | 'valueOffsets'>;
  // The same array under the type that the case at hand knows it to have.
  const same = values as unknown;
  return {
    values,
    words: same as Uint32Array,
    bytes: same as Uint8Array,
    bigints: same as BigInt64Array,
    valueOffsets,
  };
}

function valueAt(data: Data, row: number): unknown {
  if (data.typeId === Type.Null || !data.getValid(row)) return null;
  const { values, words, bytes, bigints, valueOffsets } = buffersOf(data);
  switch (data.typeId) {
    case Type.Bool: {
      const bit = data.offset + row;
      return ((bytes[bit >> 3]! >> (bit & 7)) & 1) === 1;
    }
    case Type.Int:
    case Type.Float:
      return values[row];
    case Type.Decimal:
      return decimalText(words.subarray(4 * row, 4 * row + 4), (data.type as Decimal).scale);
    case Type.Utf8:
      return new TextDecoder().decode(bytes.subarray(valueOffsets[row], valueOffsets[row + 1]));
    case Type.Binary:
      return Buffer.from(bytes.subarray(valueOffsets[row], valueOffsets[row + 1])).toString('hex');
    case Type.Date:
      return new Date(values[row]! * 86_400_000).toISOString().slice(0, 10);
    case Type.Time:
      return momentText(bigints[row]!, TimeUnit.MICROSECOND).slice(11);
    case Type.Timestamp:
      return momentText(bigints[row]!, (data.type as DataType & { unit: TimeUnit }).unit);
    case Type.Interval: {
      const [months, days] = values.subarray(4 * row, 4 * row + 2);
      const nanoseconds = new BigInt64Array(values.slice(4 * row + 2, 4 * row + 4).buffer)[0]!;
      return `${months} months ${days} days ${nanoseconds / 1000n} us`;
    }
    case Type.Dictionary:
      return data.dictionary!.get(values[row]!);
    case Type.List:
      return between(data.children[0]!, valueOffsets[row]!, valueOffsets[row + 1]!);
    case Type.FixedSizeList: {
      const { listSize } = data.type as FixedSizeList;
      return between(data.children[0]!, row * listSize, (row + 1) * listSize);
    }
    case Type.Struct:
      return members(data, row);
    case Type.Map: {
      const [key, value] = data.children[0]!.children;
      return Array.from({ length: valueOffsets[row + 1]! - valueOffsets[row]! }, (_, at) => {
        const entry = valueOffsets[row]! + at;
        return [valueAt(key!, entry), valueAt(value!, entry)];
      });
    }
    default:
      throw new Error(`values of the Arrow type ${String(data.type)} cannot be compared`);
  }
}

function between(data: Data, from: number, to: number): readonly unknown[] {
  return Array.from({ length: to - from }, (_, at) => valueAt(data, from + at));
}

function members(data: Data, row: number): Readonly<Record<string, unknown>> {
  const fields = (data.type as DataType & { children: readonly { name: string }[] }).children;
  return Object.fromEntries(fields.map(({ name }, at) => [name, valueAt(data.children[at]!, row)]));
}

/** A whole number of 128 bits, its lowest word first, with a point in it. */
function decimalText(words: Uint32Array, scale: number): string {
  const bits = words.reduceRight((high, word) => (high << 32n) | BigInt(word), 0n);
  const whole = BigInt.asIntN(128, bits);
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, '0');
  const sign = whole < 0n ? '-' : '';
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const DIGITS: Readonly<Record<TimeUnit, number>> = {
  [TimeUnit.SECOND]: 0,
  [TimeUnit.MILLISECOND]: 3,
  [TimeUnit.MICROSECOND]: 6,
  [TimeUnit.NANOSECOND]: 9,
};

function momentText(value: bigint, unit: TimeUnit): string {
  const digits = DIGITS[unit];
  const perSecond = 10n ** BigInt(digits);
  const fraction = ((value % perSecond) + perSecond) % perSecond;
  const seconds = new Date(Number((value - fraction) / perSecond) * 1000).toISOString();
  const text = `${seconds.slice(0, 10)} ${seconds.slice(11, 19)}`;
  return fraction === 0n ? text : `${text}.${String(fraction).padStart(digits, '0').replace(/0+$/, '')}`;
}
