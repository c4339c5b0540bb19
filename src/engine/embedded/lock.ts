import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { InframeError, messageOf } from '../../frame/errors.js';
import { writeError } from './part.js';

/** Folders this process holds: the operating system's lock does not stop a process from itself. */
const HELD = new Set<string>();

/**
 * The right to write to a folder. It is the lock that DuckDB takes on a database file, which the operating system gives
 * back whatever way a process ends; so a killed job leaves nothing behind that would have to be judged stale.
 */
export class FolderLock {
  readonly #instance: DuckDBInstance;
  readonly #path: string;

  private constructor(instance: DuckDBInstance, path: string) {
    this.#instance = instance;
    this.#path = path;
  }

  /**
   * @param folder an existing folder
   * @param target what the user calls it
   * @throws InframeError TARGET_BUSY, TARGET_NOT_WRITABLE
   */
  static async acquire(folder: string, target: string): Promise<FolderLock> {
    const path = join(await realpath(folder), 'lock');
    if (HELD.has(path)) throw busy(target, String(process.pid));
    HELD.add(path);
    try {
      return new FolderLock(await DuckDBInstance.create(path, { threads: '1' }), path);
    } catch (error) {
      HELD.delete(path);
      const holder = /Conflicting lock is held in .*?\(PID (\d+)\)/.exec(messageOf(error))?.[1];
      if (holder !== undefined || /lock/i.test(messageOf(error))) throw busy(target, holder);
      throw writeError(error, target);
    }
  }

  /** The file stays: another job may already be waiting to lock that very file. */
  release(): void {
    this.#instance.closeSync();
    HELD.delete(this.#path);
  }
}

function busy(target: string, pid: string | undefined): InframeError {
  return new InframeError(
    'TARGET_BUSY',
    `target '${target}' is being written to by another job${pid === undefined ? '' : ` (process ${pid})`}; wait until it has ended, or choose another target`,
    { target, process: pid ?? null },
  );
}
