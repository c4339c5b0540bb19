import { type FileHandle, open, unlink } from 'node:fs/promises';
import { type RecordBatch, RecordBatchFileWriter, util } from 'apache-arrow';
import { InframeError, messageOf } from '../../frame/errors.js';
import type { Schema } from '../../frame/schema.js';
import { toArrowSchema } from './types.js';

/** Small pieces (padding, prefixes) are joined to blocks of this size, so that a batch is a few system calls. */
const BLOCK = 1 << 20;

/**
 * Writes an Arrow IPC *file* (`.arrow`, Feather v2, uncompressed), batch by batch. Each `write` returns when its batch is
 * with the operating system, so memory is one batch and back-pressure is `await`.
 *
 * The file is complete after `close`; after a failure or `abort` it is gone and its handle is released.
 *
 * Format: https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format
 *
 * @example
 * const writer = await ArrowFileWriter.open('flights.arrow', schema);
 * try { for await (const chunks of source) await writer.write(chunksToBatch(schema, chunks)); await writer.close(); }
 * catch (error) { await writer.abort(); throw error; }
 */
export class ArrowFileWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #encoder: Encoder;
  #rows = 0;
  #bytes = 0;
  #open = true;

  readonly #removable: boolean;

  private constructor(path: string, file: FileHandle, removable: boolean, schema: Schema) {
    this.#path = path;
    this.#file = file;
    this.#removable = removable;
    this.#encoder = new Encoder();
    this.#encoder.reset(undefined, toArrowSchema(schema));
  }

  /**
   * Creates (or empties) the file.
   *
   * @throws InframeError TARGET_NOT_WRITABLE, DISK_FULL
   */
  static async open(path: string, schema: Schema): Promise<ArrowFileWriter> {
    const file = await open(path, 'w').catch(error => {
      throw writeError(path, error);
    });
    try {
      // A pipe or a device may be written to but must not be removed after a failure.
      return new ArrowFileWriter(path, file, (await file.stat()).isFile(), schema);
    } catch (error) {
      await file.close().catch(() => {});
      throw error;
    }
  }

  /**
   * Appends one batch. Calls must not overlap.
   *
   * @param batch of the schema given to {@link ArrowFileWriter.open}: `chunksToBatch` with the same Schema object
   * @throws InframeError DISK_FULL, TARGET_NOT_WRITABLE (the system's code in `details.systemCode`; the file is removed);
   * INTERNAL after close or for a batch of another schema
   */
  async write(batch: RecordBatch): Promise<void> {
    if (!this.#open) throw new InframeError('INTERNAL', `file '${this.#path}' is closed; nothing can be written to it`);
    if (batch.numRows === 0) return;
    try {
      this.#encoder.add(batch);
      await this.#flush();
    } catch (error) {
      await this.abort();
      throw error;
    }
    this.#rows += batch.numRows;
  }

  /**
   * Writes the footer and closes the file.
   *
   * @returns rows written and the size of the file
   * @throws InframeError as {@link ArrowFileWriter.write}
   */
  async close(): Promise<{ readonly rows: number; readonly bytes: number }> {
    if (this.#open) {
      try {
        this.#encoder.finish();
        await this.#flush();
        this.#open = false;
        await this.#file.close();
      } catch (error) {
        this.#open = true;
        await this.abort();
        throw error instanceof InframeError ? error : writeError(this.#path, error);
      }
    }
    return { rows: this.#rows, bytes: this.#bytes };
  }

  /** Gives up: closes the handle and removes the file. Safe to call twice and after a failure; never throws. */
  async abort(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#file.close().catch(() => {});
    if (this.#removable) await unlink(this.#path).catch(() => {});
  }

  async #flush(): Promise<void> {
    for (const block of blocks(this.#encoder.take())) {
      try {
        for (let at = 0; at < block.length; ) {
          const { bytesWritten } = await this.#file.write(block, at, block.length - at);
          at += bytesWritten;
        }
      } catch (error) {
        throw writeError(this.#path, error);
      }
      this.#bytes += block.length;
    }
  }
}

/**
 * apache-arrow's file writer with its outlet turned into a list: the library would queue bytes without bound or need a
 * stream whose errors arrive detached from the batch that caused them.
 */
class Encoder extends RecordBatchFileWriter {
  #pending: Uint8Array[] = [];

  /** @throws InframeError INTERNAL for a batch of another schema, for which the library would silently end the file. */
  add(batch: RecordBatch): void {
    if (!util.compareSchemas(batch.schema, this._schema)) {
      throw new InframeError('INTERNAL', 'batch has another schema than its file; this is a bug in inframe');
    }
    this.write(batch);
  }

  take(): readonly Uint8Array[] {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }

  protected override _write(chunk: ArrayBufferView): this {
    if (this._started && chunk.byteLength > 0) {
      this.#pending.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      this._position += chunk.byteLength;
    }
    return this;
  }
}

/** Joins neighbouring small pieces; large ones pass as they are, uncopied. */
function* blocks(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    if (size + piece.length > BLOCK && size > 0) {
      yield Buffer.concat(held, size);
      held = [];
      size = 0;
    }
    if (piece.length >= BLOCK) yield piece;
    else {
      held.push(piece);
      size += piece.length;
    }
  }
  if (size > 0) yield Buffer.concat(held, size);
}

function writeError(path: string, error: unknown): InframeError {
  const systemCode = (error as NodeJS.ErrnoException | null)?.code ?? null;
  const full = systemCode === 'ENOSPC' || systemCode === 'EDQUOT';
  return new InframeError(
    full ? 'DISK_FULL' : 'TARGET_NOT_WRITABLE',
    full
      ? `disk of '${path}' is full; free some space or write to another disk`
      : `file '${path}' cannot be written: ${messageOf(error)}`,
    { path, systemCode },
    error,
  );
}
