import type { RecordBatch } from 'apache-arrow';
import type { Schema } from '../../frame/schema.js';
import { IpcSource } from './ipc.js';

/** An open Arrow file: its columns, and its rows batch by batch. */
export interface ArrowSource {
  readonly schema: Schema;
  /**
   * The record batches in the order of the file; each call reads from the start.
   *
   * @throws InframeError SOURCE_UNREADABLE where the file is damaged, or closed meanwhile
   */
  batches(): AsyncIterable<RecordBatch>;
  /** Releases the file handle; safe to call twice. */
  close(): void;
}

/**
 * Opens an Arrow IPC file (`.arrow`, Feather version 2) or stream (`.arrows`), told apart by their first bytes. Memory is
 * one record batch and the dictionaries. LZ4 is decompressed here; ZSTD by Node from 22.15.
 *
 * @throws InframeError SOURCE_NOT_FOUND; SOURCE_UNREADABLE; TYPE_MISMATCH or COLUMN_DUPLICATE for columns that
 * `fromArrowSchema` refuses
 * @see https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
 */
export async function openArrow(path: string): Promise<ArrowSource> {
  const source = IpcSource.open(path);
  return {
    schema: source.columns,
    async *batches() {
      yield* source.batches();
    },
    close: () => source.close(),
  };
}
