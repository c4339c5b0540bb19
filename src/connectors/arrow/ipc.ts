import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import {
  type Schema as ArrowSchema,
  type DataType as ArrowType,
  type CompressionType,
  makeData,
  RecordBatch,
  Struct,
  Vector,
} from 'apache-arrow';
import { Footer } from 'apache-arrow/ipc/metadata/file';
import {
  type RecordBatch as BatchHeader,
  BufferRegion,
  type DictionaryBatch as DictionaryHeader,
  Message,
} from 'apache-arrow/ipc/metadata/message';
import { VectorLoader } from 'apache-arrow/visitor/vectorloader';
import { InframeError, messageOf } from '../../frame/errors.js';
import type { Schema } from '../../frame/schema.js';
import { checkBatch } from './check.js';
import { decompressBuffer } from './compression.js';
import { guardFooter, guardMessage } from './guard.js';
import { fromArrowSchema } from './types.js';

const MAGIC = 'ARROW1';
/** Footer length (i32) and magic at the end of a file. */
const TAIL = 10;

/**
 * An Arrow IPC file or stream on disk, read batch by batch: memory is one record batch and the dictionaries.
 *
 * Reading is synchronous because DuckDB asks for rows in synchronous callbacks. The framing is ours and not
 * apache-arrow's so that each length is compared with the file before anything is allocated (Invariant I1), and so that
 * compressed buffers can be read; the metadata and the vectors are the library's.
 *
 * Formats: https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
 */
export class IpcSource {
  readonly path: string;
  readonly schema: ArrowSchema;
  /** The schema in inframe's types. */
  readonly columns: Schema;
  readonly #fd: number;
  readonly #size: number;
  readonly #footer: Footer | null;
  /** Where the first message after a stream's schema begins. */
  readonly #start: number;
  #open = true;

  private constructor(path: string, fd: number, size: number) {
    this.path = path;
    this.#fd = fd;
    this.#size = size;
    const head = this.#read(0, Math.min(size, 8));
    if (size >= 8 + TAIL && latin(head, 0, 6) === MAGIC) {
      this.#footer = this.#readFooter();
      this.schema = this.#footer.schema;
      this.#start = 8;
    } else {
      this.#footer = null;
      const first = this.#messageAt(0);
      if (first === null || !first.message.isSchema()) throw new RangeError('it does not begin with a schema');
      this.schema = first.message.header() as ArrowSchema;
      this.#start = first.body + first.message.bodyLength;
    }
    if (this.schema.fields.length === 0) throw new RangeError('it has no columns');
    this.columns = fromArrowSchema(this.schema);
  }

  /**
   * Opens the file and reads its schema.
   *
   * @throws InframeError SOURCE_NOT_FOUND, SOURCE_UNREADABLE; TYPE_MISMATCH and COLUMN_DUPLICATE as `fromArrowSchema`
   */
  static open(path: string): IpcSource {
    let fd: number;
    try {
      fd = openSync(path, 'r');
    } catch (error) {
      throw openError(path, error);
    }
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) throw new RangeError('it is not a regular file');
      if (stat.size === 0) throw new RangeError('it is empty');
      return new IpcSource(path, fd, stat.size);
    } catch (error) {
      closeSync(fd);
      throw unreadable(path, error);
    }
  }

  /**
   * The record batches in order. May be called again: each call reads from the start.
   *
   * @throws InframeError SOURCE_UNREADABLE, and nothing else, whatever the bytes are
   */
  *batches(): Generator<RecordBatch, void, undefined> {
    const dictionaries = new Map<number, Vector>();
    try {
      for (const { message, body } of this.#footer === null ? this.#streamed() : this.#listed(this.#footer)) {
        if (message.isDictionaryBatch()) {
          this.#addDictionary(message.header() as DictionaryHeader, message, body, dictionaries);
        } else if (message.isRecordBatch()) {
          const batch = this.#loadBatch(message.header() as BatchHeader, message, body, dictionaries);
          checkBatch(batch);
          yield batch;
        } else throw new RangeError('a message is neither a batch nor a dictionary');
      }
    } catch (error) {
      throw unreadable(this.path, error);
    }
  }

  /** Releases the handle; safe to call twice. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#fd);
  }

  /** A file's messages: dictionaries first, wherever they lie, as the format allows record batches before them. */
  *#listed(footer: Footer): Generator<Located> {
    for (const blocks of [footer.dictionaryBatches(), footer.recordBatches()]) {
      for (const block of blocks) {
        const located = this.#messageAt(block.offset);
        if (located === null) throw new RangeError('a block of the footer is empty');
        yield located;
      }
    }
  }

  *#streamed(): Generator<Located> {
    for (let at = this.#start; at < this.#size; ) {
      const located = this.#messageAt(at);
      if (located === null) return;
      yield located;
      at = located.body + located.message.bodyLength;
    }
  }

  /** The message at an offset, or null for the end-of-stream mark. The metadata is read, the body is not. */
  #messageAt(offset: number): Located | null {
    const prefix = this.#read(offset, Math.min(8, Math.max(4, this.#size - offset)));
    const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
    let length = view.getInt32(0, true);
    let at = offset + 4;
    // Before 0.15 the length stood alone; since then a continuation mark comes first.
    if (length === -1) {
      length = view.getInt32(4, true);
      at += 4;
    }
    if (length === 0) return null;
    const bytes = this.#read(at, length);
    guardMessage(bytes);
    const message = Message.decode(bytes);
    const body = at + length;
    if (message.bodyLength < 0 || body + message.bodyLength > this.#size) throw new RangeError('it ends too early');
    return { message, body };
  }

  #readFooter(): Footer {
    const tail = this.#read(this.#size - TAIL, TAIL);
    if (latin(tail, 4, 10) !== MAGIC) throw new RangeError('it has no footer: it was not written to its end');
    const length = new DataView(tail.buffer, tail.byteOffset, TAIL).getInt32(0, true);
    const bytes = this.#read(this.#size - TAIL - length, length);
    guardFooter(bytes);
    return Footer.decode(bytes);
  }

  #addDictionary(header: DictionaryHeader, message: Message, body: number, known: Map<number, Vector>): void {
    const type = this.schema.dictionaries.get(header.id) as ArrowType | undefined;
    if (type === undefined) throw new RangeError(`dictionary ${header.id} belongs to no column`);
    const [data] = this.#load(header.data, message, body, [type], known);
    const before = known.get(header.id);
    const vector = new Vector([data!]);
    known.set(header.id, before !== undefined && header.isDelta ? before.concat(vector) : vector);
  }

  #loadBatch(header: BatchHeader, message: Message, body: number, dictionaries: Map<number, Vector>): RecordBatch {
    const { fields } = this.schema;
    const children = this.#load(header, message, body, fields, dictionaries);
    // RecordBatch would pad shorter columns with nulls, to whatever length a damaged header asks for.
    if (children.some(child => child.length !== header.length)) throw new RangeError('columns differ in length');
    const data = makeData({ type: new Struct(fields), length: header.length, nullCount: 0, children });
    return new RecordBatch(this.schema, data);
  }

  #load(
    header: BatchHeader,
    message: Message,
    body: number,
    types: ConstructorParameters<typeof Struct>[0] | ArrowType[],
    dictionaries: Map<number, Vector>,
  ) {
    let bytes = this.#read(body, message.bodyLength);
    let regions = header.buffers;
    for (const { offset, length } of regions) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) throw new RangeError('a buffer ends too late');
    }
    for (const { length } of header.nodes) if (length < 0) throw new RangeError('a column has a negative length');
    const compression = header.compression as { readonly type: CompressionType } | null;
    if (compression !== null) ({ bytes, regions } = inflate(compression.type, bytes, regions, this.path));
    const counts = header.variadicBufferCounts.map(Number);
    const loader = new VectorLoader(bytes, header.nodes, regions, dictionaries, message.version, counts);
    // visitMany takes fields and types alike; its declaration has types only.
    return loader.visitMany(types as ArrowType[]);
  }

  /** Invariant I1: nothing is allocated for bytes that the file does not have. */
  #read(offset: number, length: number): Uint8Array {
    if (!this.#open) throw new RangeError('it was closed while it was read');
    if (!(offset >= 0 && length >= 0 && offset + length <= this.#size)) throw new RangeError('it ends too early');
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      // One read call moves at most 2 GiB.
      const read = readSync(this.#fd, bytes, at, Math.min(length - at, 0x40000000), offset + at);
      if (read === 0) throw new RangeError('it became shorter while it was read');
      at += read;
    }
    return bytes;
  }
}

interface Located {
  readonly message: Message;
  /** Where the message's body begins in the file. */
  readonly body: number;
}

/** All buffers of a body, decompressed into one new body, each on an 8-byte boundary. */
function inflate(codec: CompressionType, body: Uint8Array, regions: readonly BufferRegion[], path: string) {
  const buffers = regions.map(({ offset, length }) =>
    decompressBuffer(codec, body.subarray(offset, offset + length), path),
  );
  const bytes = new Uint8Array(buffers.reduce((sum, buffer) => sum + ((buffer.length + 7) & ~7), 0));
  let at = 0;
  const moved = buffers.map(buffer => {
    bytes.set(buffer, at);
    const region = new BufferRegion(BigInt(at), BigInt(buffer.length));
    at += (buffer.length + 7) & ~7;
    return region;
  });
  return { bytes, regions: moved };
}

function latin(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

function openError(path: string, error: unknown): InframeError {
  const systemCode = (error as NodeJS.ErrnoException).code ?? null;
  if (systemCode === 'ENOENT' || systemCode === 'ENOTDIR') {
    return new InframeError('SOURCE_NOT_FOUND', `file '${path}' does not exist; check the path`, { path }, error);
  }
  return new InframeError(
    'SOURCE_UNREADABLE',
    `file '${path}' cannot be read: ${messageOf(error)}`,
    { path, systemCode },
    error,
  );
}

function unreadable(path: string, error: unknown): InframeError {
  if (error instanceof InframeError) return error;
  // What apache-arrow trips over in damaged metadata says nothing to a person; it stays the cause.
  const why = error instanceof TypeError ? 'its metadata are damaged' : messageOf(error);
  return new InframeError(
    'SOURCE_UNREADABLE',
    `file '${path}' is not an Arrow IPC file or is damaged: ${why}; write it again as Arrow IPC (Feather version 2)`,
    { path },
    error,
  );
}
