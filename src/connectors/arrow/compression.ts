import * as zlib from 'node:zlib';
import { CompressionType } from 'apache-arrow';
import { InframeError } from '../../frame/errors.js';
import { decompressLz4 } from './lz4.js';

/** Node has it from 22.15; the types of Node 20 do not know it. */
type ZstdDecompress = (data: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;
const zstd = (zlib as { readonly zstdDecompressSync?: ZstdDecompress }).zstdDecompressSync;

/** Zstandard compresses constant data to almost nothing; this only keeps a damaged length from asking for terabytes. */
const MOST = 0x1_0000_0000;

/**
 * One compressed IPC buffer: its uncompressed length (i64), then a frame; a length of -1 means stored as it is.
 *
 * apache-arrow has a registry of codecs but ships none, and its registry is global to the process: ours stays here.
 *
 * @throws InframeError SOURCE_UNREADABLE for ZSTD on a Node without it (before 22.15); RangeError for damaged data
 * @see https://arrow.apache.org/docs/format/Columnar.html#buffer-compression (`BodyCompression` in Message.fbs)
 */
export function decompressBuffer(codec: CompressionType, bytes: Uint8Array, path: string): Uint8Array {
  if (bytes.length === 0) return bytes;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigInt64(0, true));
  const frame = bytes.subarray(8);
  if (length === -1) return frame;
  if (length < 0 || length > MOST) throw new RangeError(`buffer of ${length} bytes`);
  if (codec === CompressionType.LZ4_FRAME) return decompressLz4(frame, length);
  if (codec !== CompressionType.ZSTD) throw new RangeError(`compression codec ${codec}`);
  if (zstd === undefined) {
    throw new InframeError(
      'SOURCE_UNREADABLE',
      `file '${path}' is compressed with ZSTD, which Node ${process.versions.node} cannot decompress; use Node 22.15 or later, or write the file with LZ4 or without compression`,
      { path, codec: 'ZSTD' },
    );
  }
  const out = zstd(frame, { maxOutputLength: Math.max(length, 1) });
  if (out.length !== length) throw new RangeError(`ZSTD frame of ${out.length} bytes, not ${length}`);
  return out;
}
