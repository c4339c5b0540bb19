/** A column of a Parquet file, or a group of columns. */
export interface ParquetColumn {
  readonly name: string;
  readonly required: boolean;
  /** Of a struct; a column without them is of 32-bit integers. */
  readonly children?: readonly ParquetColumn[];
}

/**
 * A Parquet file without rows, whose columns are required or optional as they are said to be: DuckDB writes optional ones
 * only. Layout: https://parquet.apache.org/docs/file-format/metadata/, in Thrift's compact protocol.
 */
export function emptyParquet(columns: readonly ParquetColumn[]): Uint8Array {
  const elements = [root(columns), ...columns.flatMap(elementsOf)];
  const metadata = Buffer.from([
    ...i32(1, 1),
    ...[0x19, (elements.length << 4) | STRUCT, ...elements.flat()],
    ...[0x16, 0x00],
    ...[0x19, STRUCT],
    0x00,
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(metadata.length);
  return Buffer.concat([Buffer.from('PAR1'), metadata, length, Buffer.from('PAR1')]);
}

const [I32, BINARY, STRUCT] = [5, 8, 12];

/** A field by how far its number lies behind that of the field before. */
function i32(delta: number, value: number): number[] {
  return [(delta << 4) | I32, ...varint(value * 2)];
}

function text(delta: number, value: string): number[] {
  return [(delta << 4) | BINARY, ...varint(Buffer.byteLength(value)), ...Buffer.from(value)];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}

function root(columns: readonly ParquetColumn[]): number[] {
  return [...text(4, 'root'), ...i32(1, columns.length), 0x00];
}

/** The fields are: 1 type (1 is INT32), 3 repetition (0 is required, 1 optional), 4 name, 5 number of children. */
function elementsOf({ name, required, children }: ParquetColumn): number[][] {
  const repetition = required ? 0 : 1;
  if (children === undefined) return [[...i32(1, 1), ...i32(2, repetition), ...text(1, name), 0x00]];
  const own = [...i32(3, repetition), ...text(1, name), ...i32(1, children.length), 0x00];
  return [own, ...children.flatMap(elementsOf)];
}
