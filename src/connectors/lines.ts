import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { InframeError, messageOf } from '../frame/errors.js';
import type { InvalidTextPolicy } from '../frame/file-formats.js';

/** Bytes asked of a file at once. */
const READ_BYTES = 1024 * 1024;
/** Lines come in blocks of about so many bytes. */
const BLOCK_BYTES = 2 * 1024 * 1024;
/** A longer line is no line of a text. */
const MOST_LINE_BYTES = 256 * 1024 * 1024;

const LINE_FEED = 10;
const RETURN = 13;

/**
 * The lines of a text file, in blocks. A line ends at a line feed, a carriage return, or both; the last one needs no end.
 * `.gz` and `.zst` are unpacked. A byte order mark at the beginning is left out.
 *
 * @param policy of lines that are not UTF-8: U+FFFD as `TextDecoder` puts it, a null, or an error
 * @throws InframeError SOURCE_UNREADABLE
 */
export async function* readLines(path: string, policy: InvalidTextPolicy): AsyncGenerator<(string | null)[]> {
  let rest: Buffer = Buffer.alloc(0);
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let line = 1;
  let first = true;
  const decode = (bytes: Buffer): (string | null)[] => {
    const lines = linesOf(first ? withoutMark(bytes) : bytes, policy, path, line);
    first = false;
    line += lines.length;
    return lines;
  };
  try {
    for await (const piece of unpacked(path)) {
      pending.push(piece as Buffer);
      pendingBytes += (piece as Buffer).length;
      if (pendingBytes < BLOCK_BYTES) continue;
      const bytes = Buffer.concat([rest, ...pending]);
      pending = [];
      pendingBytes = 0;
      const end = endOfLines(bytes);
      if (end > 0) yield decode(bytes.subarray(0, end));
      rest = bytes.subarray(end);
      if (rest.length > MOST_LINE_BYTES) throw tooLong(path, line);
    }
    const bytes = Buffer.concat([rest, ...pending]);
    if (bytes.length > 0) yield decode(bytes);
  } catch (error) {
    throw error instanceof InframeError ? error : unreadable(path, messageOf(error));
  }
}

function unpacked(path: string): Readable {
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  const through = (unpack: zlib.Gunzip): Readable => {
    file.on('error', error => unpack.destroy(error));
    return file.pipe(unpack);
  };
  if (/\.gz$/i.test(path)) return through(zlib.createGunzip({ chunkSize: READ_BYTES }));
  if (!/\.zst$/i.test(path)) return file;
  // Node has it from 22.15 on, and its types of version 20 do not.
  const { createZstdDecompress } = zlib as typeof zlib & { createZstdDecompress?: () => zlib.Gunzip };
  if (createZstdDecompress !== undefined) return through(createZstdDecompress());
  file.destroy();
  throw unreadable(
    path,
    `Node ${process.versions.node} cannot unpack zstd; unpack it first, or use Node 22.15 or later`,
  );
}

/** Behind the last end of a line. A carriage return at the very end may be half of one. */
function endOfLines(bytes: Buffer): number {
  const last = bytes.lastIndexOf(LINE_FEED);
  const returned = bytes.lastIndexOf(RETURN, bytes.length - 2);
  return Math.max(last, returned === bytes.length - 1 ? -1 : returned) + 1;
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

const replacing = new TextDecoder('utf-8', { ignoreBOM: true });

function linesOf(bytes: Buffer, policy: InvalidTextPolicy, path: string, from: number): (string | null)[] {
  const valid = isUtf8(bytes);
  // What is no character has no line feed in it: the text falls into lines as the bytes do.
  const lines: (string | null)[] = split(valid ? bytes.toString('utf8') : replacing.decode(bytes));
  if (valid || policy === 'replace') return lines;
  // Byte by byte as characters, so that the bytes of a line come back.
  for (const [at, raw] of split(bytes.toString('latin1')).entries()) {
    if (isUtf8(Buffer.from(raw, 'latin1'))) continue;
    if (policy === 'fail')
      throw unreadable(path, `line ${from + at} is not UTF-8; put U+FFFD for it with onInvalid: 'replace'`);
    lines[at] = null;
  }
  return lines;
}

function split(text: string): string[] {
  const lines = text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n');
  // Behind the last end of a line there is none.
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function unreadable(path: string, reason: string): InframeError {
  return new InframeError('SOURCE_UNREADABLE', `file '${path}' cannot be read: ${reason}`, { file: path });
}

function tooLong(path: string, line: number): InframeError {
  return unreadable(
    path,
    `line ${line} has more than ${MOST_LINE_BYTES} bytes; read the file as a whole, or as binary`,
  );
}
